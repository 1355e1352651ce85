/* SPDX-License-Identifier: BSD-3-Clause
   UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#include "utf8.h"

#include <string.h>

size_t nw_utf8_step(const char *text, size_t left) {
  const unsigned char *b = (const unsigned char *)text;
  if (left == 0) return 0;
  if (b[0] < 0x80) return 1;
  const size_t length = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
  if (b[0] < 0xc2 || b[0] > 0xf4 || left < length) return 0;
  for (size_t i = 1; i < length; i++)
    if ((b[i] & 0xc0) != 0x80) return 0;
  if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f)) return 0;
  if ((b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] > 0x8f)) return 0;
  return length;
}

void nw_utf8_scrub(char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    size_t step = nw_utf8_step(text, left);
    const unsigned char first = (unsigned char)*text;
    /* C1 controls are two bytes: 0xc2 0x80..0x9f. */
    const int control =
        first < 0x20 || first == 0x7f || (first == 0xc2 && step == 2 && (unsigned char)text[1] < 0xa0);
    if (step == 0) step = 1;
    if (control || nw_utf8_step(text, left) == 0) memset(text, '?', step);
    text += step;
    left -= step;
  }
}
