/* SPDX-License-Identifier: BSD-3-Clause
   The keys of a plan file as data: rows of model/keys.def. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum nw_key_type {
  NW_KEY_TEXT,
  NW_KEY_FILE,
  NW_KEY_FLAG,
  NW_KEY_COUNT,
  NW_KEY_QUANTITY,
  NW_KEY_CHOICE,
  NW_KEY_MIXED,
  NW_KEY_CHOICES,
  NW_KEY_QUANTITIES
};
enum nw_key_section_shape { NW_SECTION_MAP, NW_SECTION_LIST };

struct nw_key {
  const char *section, *name; /* section "" is the plan itself; "products" holds the keys of an item */
  enum nw_key_type type;
  const char *unit;         /* of low and high; "1" a bare number, "-" no number at all */
  double low, high;         /* what is accepted [unit] */
  const char *fallback;     /* as a plan would write it; NULL: none, or by the kind of device */
  const char *const *words; /* NULL-terminated, in the order of the enumeration; NULL without a choice */
  const char *doc;
};

struct nw_key_section {
  const char *name;
  enum nw_key_section_shape shape;
  const char *doc;
};

/* Rows of model/keys.def, borrowed for ever, in the order of the file. */
const struct nw_key *nw_key_rows(size_t *count);
/* Sections, the plan itself ("") first, each once. */
const struct nw_key_section *nw_key_sections(size_t *count);
/* NULL when there is none. `length` bytes of `section` count, so that a part of a path can be asked for. */
const struct nw_key *nw_key_find(const char *section, size_t length, const char *name);
const struct nw_key_section *nw_key_section_find(const char *name, size_t length);
/* Index of a word, -1 when it is not on the list. */
int nw_key_word_index(const char *const *words, const char *word);
/* The word nearest to `word`, NULL when none is near enough to be meant. */
const char *nw_key_nearest(const char *const *words, const char *word);
/* Whether a misspelt `word` may have meant `candidate`: its edit distance if so, else -1. */
int nw_key_closeness(const char *word, const char *candidate);
