/* SPDX-License-Identifier: BSD-3-Clause
   The keys of a plan file: model/keys.def as data, and what a misspelt word may have meant. */
#include "keys.h"

#include <string.h>

#include "case.h"

#define WORDS(list, ...) static const char *const list[] = {__VA_ARGS__, NULL};
#include "../../model/keys.def"

static const char *const sites[] = {
#define SITE(key, ...) #key,
#include "../../model/sites.def"
#undef SITE
    NULL};

static const char *const conditions[] = {
#define X(name) #name,
    NW_CONDITIONS(X)
#undef X
        NULL};

/* Besides the fields themselves: both kinds of collagen I, the melanin map, and everything. */
static const char *const fields[] = {
#define FIELD(key, ...) #key,
#include "../../model/fields.def"
#undef FIELD
    "collagen_I", "melanin", "all", NULL};

static const struct nw_key keys[] = {
#define KEY(section_, name_, type_, unit_, low_, high_, fallback_, words_, doc_) \
  {section_, #name_, NW_KEY_##type_, unit_, low_, high_, fallback_, words_, doc_},
#include "../../model/keys.def"
};

static const struct nw_key_section sections[] = {
#define SECTION(name_, shape_, doc_) {name_, NW_SECTION_##shape_, doc_},
#include "../../model/keys.def"
};

const struct nw_key *nw_key_rows(size_t *count) {
  *count = sizeof keys / sizeof keys[0];
  return keys;
}

const struct nw_key_section *nw_key_sections(size_t *count) {
  *count = sizeof sections / sizeof sections[0];
  return sections;
}

static bool same(const char *name, const char *text, size_t length) {
  return strlen(name) == length && !memcmp(name, text, length);
}

const struct nw_key *nw_key_find(const char *section, size_t length, const char *name) {
  size_t count;
  const struct nw_key *row = nw_key_rows(&count);
  for (size_t i = 0; i < count; i++)
    if (same(row[i].section, section, length) && !strcmp(row[i].name, name)) return &row[i];
  return NULL;
}

const struct nw_key_section *nw_key_section_find(const char *name, size_t length) {
  size_t count;
  const struct nw_key_section *row = nw_key_sections(&count);
  for (size_t i = 0; i < count; i++)
    if (same(row[i].name, name, length)) return &row[i];
  return NULL;
}

int nw_key_word_index(const char *const *words, const char *word) {
  for (int i = 0; words[i]; i++)
    if (!strcmp(words[i], word)) return i;
  return -1;
}

int nw_key_closeness(const char *word, const char *candidate) {
  const int distance = nw_word_distance(word, candidate);
  const int length = (int)strlen(word);
  /* A third of the letters may be wrong: beyond that a suggestion confuses more than it helps. */
  return distance <= (length + 1) / 3 ? distance : -1;
}

const char *nw_key_nearest(const char *const *words, const char *word) {
  const char *nearest = NULL;
  int least = 0;
  for (size_t i = 0; words[i]; i++) {
    const int distance = nw_key_closeness(word, words[i]);
    if (distance < 0 || (nearest && distance >= least)) continue;
    nearest = words[i];
    least = distance;
  }
  return nearest;
}
