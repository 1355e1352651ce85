/* SPDX-License-Identifier: BSD-3-Clause
   Words of the enumerations, as the plan file writes them: the lists of model/keys.def. */
#include "case.h"
#include "keys.h"

static const char *word_of(const char *section, const char *name, int index) {
  size_t length = 0;
  while (section[length])
    length++;
  const char *const *words = nw_key_find(section, length, name)->words;
  for (int i = 0; words[i]; i++)
    if (i == index) return words[i];
  return "?";
}

const char *nw_device_kind_word(enum nw_device_kind kind) {
  return word_of("device", "kind", (int)kind);
}

const char *nw_site_word(enum nw_site_name site) {
  return word_of("subject", "site", (int)site);
}

const char *nw_concern_kind_word(enum nw_concern_kind kind) {
  return word_of("concerns", "kind", (int)kind);
}

/* NW_TYPE_NONE has no word in a plan; the other types follow it. */
const char *nw_concern_type_word(enum nw_concern_type type) {
  return type == NW_TYPE_NONE ? "none" : word_of("concerns", "type", (int)type - 1);
}

const char *nw_condition_word(enum nw_condition condition) {
  return word_of("subject", "conditions", (int)condition);
}

const char *nw_operator_word(enum nw_operator role) {
  return word_of("", "operator", (int)role);
}

const char *nw_phototype_word(int phototype) {
  return word_of("subject", "phototype", phototype - 1);
}

const char *nw_skin_type_word(enum nw_skin_type type) {
  return word_of("subject", "skin_type", (int)type);
}

const char *nw_sun_word(enum nw_sun sun) {
  return word_of("subject", "sun_exposure", (int)sun);
}
