/* SPDX-License-Identifier: BSD-3-Clause
   Words and numbers as HTML: escaping, sensible rounding, units with proper signs. */
#include "html.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void nw_html_escape(struct nw_text *out, const char *text) {
  for (const char *p = text ? text : ""; *p; p++) {
    const unsigned char c = (unsigned char)*p;
    if (c == '&') {
      nw_text_append(out, "&amp;");
    } else if (c == '<') {
      nw_text_append(out, "&lt;");
    } else if (c == '>') {
      nw_text_append(out, "&gt;");
    } else if (c == '"') {
      nw_text_append(out, "&quot;");
    } else if (c == '\'') {
      nw_text_append(out, "&#39;");
    } else if (c >= ' ' || c == '\n' || c == '\t') {
      nw_text_append_bytes(out, p, 1);
    }
  }
}

static int decimals_for_step(double step) {
  if (!(step > 0) || !isfinite(step)) return 0;
  const int decimals = (int)-floor(log10(step));
  return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

int nw_html_decimals(double value, double low, double high) {
  const double width = high - low;
  if (isfinite(width) && width > 0) {
    const double size = fmax(fabs(value), fmax(fabs(low), fabs(high)));
    const int most = size >= 1 ? 3 : size >= 1e-4 ? 4 : 1; /* no instrument reads further */
    const int decimals = decimals_for_step(width / 10);
    return decimals < most ? decimals : most;
  }
  return decimals_for_step(fabs(value) / 100);
}

void nw_html_fixed(struct nw_text *out, double value, int decimals) {
  if (!isfinite(value)) {
    nw_text_append(out, "–");
    return;
  }
  char digits[400];
  const int length = snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
  if (length <= 0 || (size_t)length >= sizeof digits) return;
  if (value < 0 && strspn(digits, "0.") != (size_t)length) nw_text_append(out, "−");
  const size_t whole = strcspn(digits, ".");
  for (size_t i = 0; i < (size_t)length; i++) {
    if (whole > 4 && i > 0 && i < whole && (whole - i) % 3 == 0) nw_text_append(out, "\u202f");
    nw_text_append_bytes(out, digits + i, 1);
  }
}

void nw_html_signed(struct nw_text *out, double value, int decimals) {
  if (value >= 0.5 * pow(10, -decimals)) nw_text_append(out, "+");
  nw_html_fixed(out, value, decimals);
}

void nw_html_number(struct nw_text *out, double value) {
  const double size = fabs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e7) && isfinite(value)) {
    const int power = (int)floor(log10(size));
    nw_html_fixed(out, value / pow(10, power), 1);
    nw_text_append(out, "·10<sup>%s%d</sup>", power < 0 ? "−" : "", power < 0 ? -power : power);
    return;
  }
  int decimals = nw_html_decimals(value, NAN, NAN);
  for (; decimals > 0; decimals--) { /* 8 rather than 8.00 where nothing is lost */
    const double tenths = size * pow(10, decimals - 1);
    if (fabs(tenths - round(tenths)) > 1e-9 * fmax(1, tenths)) break;
  }
  nw_html_fixed(out, value, decimals);
}

struct replacement {
  const char *from, *to;
};
static const struct replacement unit_signs[] = {
    {"degC", "°C"}, {"deg", "°"}, {"um", "µm"}, {"ug", "µg"}, {"uL", "µL"},
};

/* A run of letters: a unit sign when it is one in full, else as it stands ("number" keeps its "um"). */
static void append_unit_word(struct nw_text *out, const char *word, size_t length) {
  for (size_t i = 0; i < NW_COUNT(unit_signs); i++) {
    if (strlen(unit_signs[i].from) != length || strncmp(word, unit_signs[i].from, length) != 0) continue;
    nw_text_append(out, "%s", unit_signs[i].to);
    return;
  }
  nw_text_append_bytes(out, word, length);
}

void nw_html_unit(struct nw_text *out, const char *unit) {
  if (!unit || strcmp(unit, "1") == 0 || strcmp(unit, "-") == 0) return;
  const char *p = unit;
  while (*p) {
    size_t letters = 0;
    while (isalpha((unsigned char)p[letters]))
      letters++;
    if (letters > 0) {
      append_unit_word(out, p, letters);
      p += letters;
    } else if (p[0] == '^' && (p[1] == '2' || p[1] == '3')) {
      nw_text_append(out, p[1] == '2' ? "²" : "³");
      p += 2;
    } else {
      const char one[2] = {*p++, '\0'};
      nw_html_escape(out, one);
    }
  }
}

void nw_html_duration(struct nw_text *out, double days) {
  const double hours = days * 24 /* math: hours of a day */;
  const double two_years = 730 /* math: days */, two_days = 2;
  if (fabs(hours) < 1 && hours != 0) {
    nw_html_fixed(out, hours * 60 /* math: minutes of an hour */, 0);
    nw_text_append(out, "\u00a0min");
  } else if (fabs(days) < two_days && days != 0) {
    nw_html_fixed(out, hours, fabs(hours - round(hours)) < 0.05 ? 0 : 1);
    nw_text_append(out, "\u00a0h");
  } else if (fabs(days) < two_years) {
    nw_html_fixed(out, days, fabs(days - round(days)) < 0.05 || days >= 10 ? 0 : 1);
    nw_text_append(out, "\u00a0d");
  } else {
    nw_html_fixed(out, days / 365.25 /* math: days of a year */, 1);
    nw_text_append(out, "\u00a0years");
  }
}

void nw_html_words(struct nw_text *out, const char *key) {
  for (size_t i = 0; key && key[i]; i++) {
    const char letter = key[i] == '_' ? ' ' : i == 0 ? (char)toupper((unsigned char)key[i]) : key[i];
    const char one[2] = {letter, '\0'};
    nw_html_escape(out, one);
  }
}
