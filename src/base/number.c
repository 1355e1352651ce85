/* SPDX-License-Identifier: BSD-3-Clause
   Numbers as text and back. */
#include "number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The host program may have set a locale whose decimal sign is a comma. */
static void mend_point(char *text) {
  for (; *text; text++)
    if (*text == ',') *text = '.';
}

size_t nw_number_write(char out[NW_NUMBER_SIZE], double value) {
  if (value == 0) value = 0; /* no minus sign on zero */
  if (fabs(value) < 1e15 && value == floor(value))
    return (size_t)snprintf(out, NW_NUMBER_SIZE, "%.0f", value);
  int length = 0;
  for (int digits = 15; digits <= 17; digits++) {
    length = snprintf(out, NW_NUMBER_SIZE, "%.*g", digits, value);
    if (strtod(out, NULL) == value) break;
  }
  mend_point(out);
  return (size_t)length;
}

double nw_number_round(double value, int digits) {
  char text[NW_NUMBER_SIZE];
  if (!isfinite(value)) return value;
  snprintf(text, sizeof text, "%.*g", digits, value);
  return strtod(text, NULL);
}

size_t nw_number_write_fixed(char out[NW_NUMBER_SIZE], double value, int decimals) {
  static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  if (!(fabs(value) < 1e9)) return nw_number_write(out, value);
  uint64_t scaled = (uint64_t)(fabs(value) * power[decimals] + 0.5);
  const bool negative = value < 0 && scaled > 0;
  while (decimals > 0 && scaled % 10 == 0) {
    scaled /= 10;
    decimals--;
  }
  char reversed[NW_NUMBER_SIZE];
  size_t n = 0;
  do {
    if (n > 0 && (int)n == decimals) reversed[n++] = '.';
    reversed[n++] = (char)('0' + scaled % 10);
    scaled /= 10;
  } while (scaled > 0);
  if (decimals > 0 && (int)n <= decimals) { /* below one: zeros up to the point, then one in front */
    while ((int)n < decimals)
      reversed[n++] = '0';
    reversed[n++] = '.';
    reversed[n++] = '0';
  }
  if (negative) reversed[n++] = '-';
  for (size_t i = 0; i < n; i++)
    out[i] = reversed[n - 1 - i];
  out[n] = '\0';
  return n;
}

/* Clinger's fast path: a mantissa below 2^53 and a power of ten up to 1e22 are both exact, so one
   multiplication or division rounds correctly. */
static bool read_fast(const char *p, const char *end, double *value) {
  static const double power[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const bool negative = p < end && *p == '-';
  if (negative) p++;
  uint64_t mantissa = 0;
  int digits = 0, after = 0;
  bool point = false;
  for (; p < end; p++) {
    if (*p == '.' && !point) {
      point = true;
    } else if (*p >= '0' && *p <= '9' && digits < 15) {
      mantissa = mantissa * 10 + (uint64_t)(*p - '0');
      digits++;
      after += point;
    } else {
      return false;
    }
  }
  if (digits == 0) return false;
  *value = (double)mantissa / power[after];
  if (negative) *value = -*value;
  return true;
}

bool nw_number_read(const char *text, size_t length, double *value) {
  char copy[64];
  if (length == 0 || read_fast(text, text + length, value)) return length > 0;
  if (length >= sizeof copy || strspn(text, "+-.0123456789eE") < length) return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  char *end;
  double number = strtod(copy, &end);
  if (*end == '.') { /* a locale whose decimal sign is a comma */
    *end = ',';
    number = strtod(copy, &end);
  }
  if (end != copy + length || !isfinite(number)) return false;
  *value = number;
  return true;
}
