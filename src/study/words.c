/* SPDX-License-Identifier: BSD-3-Clause
   Patterns of words over a line of free text. */
#include "words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_word(char c) {
  return isalnum((unsigned char)c);
}

static bool fits_at(const char *word, size_t length, bool begins, bool ends, const char *text,
                    const char *at) {
  if (strncasecmp(word, at, length) != 0) return false;
  if (begins && at > text && is_word(word[0]) && is_word(at[-1])) return false;
  return !(ends && is_word(word[length - 1]) && is_word(at[length]));
}

const char *nw_words_find(const char *alternative, size_t length, const char *text) {
  bool begins = true, ends = true;
  if (length > 0 && *alternative == '*') begins = false, alternative++, length--;
  if (length > 0 && alternative[length - 1] == '*') ends = false, length--;
  for (const char *at = text; length > 0 && *at; at++)
    if (fits_at(alternative, length, begins, ends, text, at)) return at;
  return NULL;
}

static bool clause_fits(const char *clause, size_t length, const char *text) {
  const bool wanted = *clause != '!';
  if (!wanted) clause++, length--;
  for (size_t i = 0; i <= length;) {
    const char *bar = memchr(clause + i, '|', length - i);
    const size_t end = bar ? (size_t)(bar - clause) : length;
    if (nw_words_find(clause + i, end - i, text)) return wanted;
    i = end + 1;
  }
  return !wanted;
}

bool nw_words_fit(const char *pattern, const char *text) {
  while (*pattern) {
    const size_t length = strcspn(pattern, "&");
    if (!clause_fits(pattern, length, text)) return false;
    pattern += length + (pattern[length] == '&');
  }
  return true;
}
