/* SPDX-License-Identifier: BSD-3-Clause
   Sources: looks up bibliography entries and gathers those that a case used. */
#include "cite.h"

#include <string.h>

#include "base/data.h"
#include "outcome/safety.h"
#include "plan/product_effect.h"
#include "plan/product_library.h"
#include "plan/site.h"

/* The files of model/refs/ one after the other. */
static const char *references(void) {
  size_t length;
  return nw_data_find("references.bib", &length);
}

/* Finds the next "@type{" at or after `at`; sets where the key begins. */
static const char *next_entry(const char *at, const char **key) {
  for (; (at = strchr(at, '@')); at++) {
    if (at != references() && at[-1] != '\n') continue;
    const char *brace = strchr(at, '{');
    if (!brace) return NULL;
    *key = brace + 1;
    return at;
  }
  return NULL;
}

/* Length of an entry up to and with its closing brace. */
static size_t entry_length(const char *entry) {
  int depth = 0;
  for (size_t i = 0; entry[i]; i++) {
    if (entry[i] == '{') depth++;
    if (entry[i] == '}' && --depth == 0) return i + 1;
  }
  return strlen(entry);
}

const char *nw_cite_entry(const char *key, size_t *length) {
  const size_t n = strlen(key);
  const char *found;
  for (const char *at = references(); (at = next_entry(at, &found)); at++) {
    if (strncmp(found, key, n) || found[n] != ',') continue;
    *length = entry_length(at);
    return at;
  }
  return NULL;
}

/* Keys already written, each between spaces, and the text that grows. */
struct citations {
  struct nw_text seen;
  struct nw_text *out;
};

static void cite_one(struct citations *list, const char *key, size_t length) {
  char spaced[128];
  if (length + 3 > sizeof spaced) return;
  spaced[0] = ' ';
  memcpy(spaced + 1, key, length);
  memcpy(spaced + 1 + length, " ", 2);
  if (list->seen.data && strstr(list->seen.data, spaced)) return;
  nw_text_append(&list->seen, "%s", spaced);
  spaced[1 + length] = '\0';
  size_t size;
  const char *entry = nw_cite_entry(spaced + 1, &size);
  if (entry) {
    nw_text_append_bytes(list->out, entry, size);
    nw_text_append(list->out, "\n\n");
  } else {
    nw_text_append(list->out, "%% %s: no entry in the bibliography\n\n", spaced + 1);
  }
}

/* Each key of a list separated by spaces. */
static void cite(struct citations *list, const char *keys) {
  while (*keys) {
    keys += strspn(keys, " ");
    const size_t length = strcspn(keys, " ");
    if (length > 0) cite_one(list, keys, length);
    keys += length;
  }
}

static bool overridden(const struct nw_case *c, const struct nw_param_row *row) {
  for (size_t i = 0; i < c->n_overrides; i++)
    if (c->overrides[i].row == row) return true;
  return false;
}

/* Whether the case runs a stage that reads this section of the parameters. */
static bool section_used(const struct nw_case *c, const char *section) {
  const bool treated = c->device.kind != NW_DEVICE_NONE;
  if (!strcmp(section, "device") || !strcmp(section, "puncture") || !strcmp(section, "safety"))
    return treated;
  if (!strcmp(section, "transport")) return c->n_products > 0;
  if (!strcmp(section, "effects")) return false; /* cited with the products that have them */
  if (!strcmp(section, "healing") || !strcmp(section, "surface") || !strcmp(section, "outcome") ||
      !strcmp(section, "picture"))
    return !c->experiment.present;
  return true;
}

/* The row of the library that filled the device's defaults: the preset, or the one named like the kind. */
static const char *device_citation(const struct nw_device *device) {
  static const struct {
    const char *name;
    enum nw_device_kind kind;
    const char *citation;
  } library[] = {
#define DEVICE(key, kind, length, count, diameter, tip, frequency, head, glide, stroke, drum, width, rows, \
               passes, citation, note)                                                                     \
  {#key, NW_DEVICE_##kind, citation},
#include "../../model/devices.def"
#undef DEVICE
  };
  for (size_t i = 0; i < NW_COUNT(library); i++)
    if (device->preset ? !strcmp(device->preset, library[i].name) : device->kind == library[i].kind)
      return library[i].citation;
  return "";
}

static void cite_safety(struct citations *list, const struct nw_case *c) {
  struct nw_finding finding[NW_FINDINGS_MAX];
  const size_t all = nw_safety_check(c, NULL, finding, NW_FINDINGS_MAX);
  const size_t kept = all < NW_FINDINGS_MAX ? all : NW_FINDINGS_MAX;
  for (size_t i = 0; i < kept; i++)
    cite(list, finding[i].source);
  nw_findings_clear(finding, kept);
}

void nw_cite_case(const struct nw_case *c, struct nw_text *out) {
  struct citations list = {.out = out};
  cite(&list, nw_site_row(c->subject.site)->citation);
  cite(&list, device_citation(&c->device));
  for (size_t i = 0; i < c->n_products; i++) {
    const char *keys = nw_product_citation(c->products[i].name);
    if (keys) cite(&list, keys);
    const struct nw_product_effect *effect = nw_product_effect(c->products[i].name);
    if (effect && !c->experiment.present) cite(&list, effect->citation);
  }
  for (size_t i = 0; i < nw_param_count(); i++) {
    const struct nw_param_row *row = &nw_param_rows()[i];
    if (section_used(c, row->section) && !overridden(c, row)) cite(&list, row->citation);
  }
  cite_safety(&list, c);
  nw_text_clear(&list.seen);
}
