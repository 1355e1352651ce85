/* SPDX-License-Identifier: BSD-3-Clause
   The commented plan: every row of the key table as a line, with the values a concern begins with. */
#include "template.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "case.h"
#include "device_library.h"
#include "keys.h"

enum { COMMENT_COLUMN = 32, WIDEST = 110 };

struct start {
  const char *concern, *title, *age, *site, *type, *width, *depth, *device, *needle_length, *passes,
      *sessions, *interval, *product, *when, *concentration;
};

static const struct start starts[] = {
#define TEMPLATE(...) {__VA_ARGS__},
#include "../../model/templates.def"
};

struct writer {
  struct nw_text *text;
  const struct start *start;
  struct nw_device device; /* the library's values for the kind */
  bool item_open;          /* the dash of the running list item is written */
};

/* What this concern's plan gives for a key; NULL: leave it to the key table. */
static const char *start_value(const struct start *s, const char *section, const char *name) {
  const struct {
    const char *section, *name, *value;
  } row[] = {
      {"", "title", s->title},
      {"subject", "age", s->age},
      {"subject", "site", s->site},
      {"concerns", "kind", s->concern},
      {"concerns", "type", s->type},
      {"concerns", "width", s->width},
      {"concerns", "depth", s->depth},
      {"device", "kind", s->device},
      {"device", "needle_length", s->needle_length},
      {"device", "passes", s->passes},
      {"products", "name", s->product},
      {"products", "when", s->when},
      {"products", "concentration", s->concentration},
      {"course", "sessions", s->sessions},
      {"course", "interval", s->interval},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++)
    if (!strcmp(row[i].section, section) && !strcmp(row[i].name, name)) return row[i].value;
  return NULL;
}

/* The library's value of a device key as a plan would write it; false where the kind has no such thing. */
static bool library_value(const struct nw_device *d, const struct nw_key *key, char *out, size_t size) {
  const struct {
    const char *name;
    double value;
  } row[] = {
      {"needle_length", d->needle_length},
      {"needle_count", d->needle_count},
      {"needle_diameter", d->needle_diameter},
      {"tip_radius", d->tip_radius},
      {"frequency", d->frequency},
      {"head_width", d->head_width},
      {"glide_speed", d->glide_speed},
      {"stroke", d->stroke},
      {"drum_diameter", d->drum_diameter},
      {"drum_width", d->drum_width},
      {"rows", d->rows},
      {"passes", d->passes},
  };
  if (!strcmp(key->name, "anaesthetic")) return snprintf(out, size, "%s", key->words[d->anaesthetic]) > 0;
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    if (strcmp(row[i].name, key->name) || row[i].value <= 0) continue;
    if (key->type == NW_KEY_COUNT)
      snprintf(out, size, "%.0f", row[i].value);
    else
      snprintf(out, size, "%.6g %s", nw_unit_from_si(row[i].value, key->unit), key->unit);
    return true;
  }
  return false;
}

/* "doc (0.1 mm to 4 mm)" or "doc: a | b | c" */
static void describe(const struct nw_key *key, struct nw_text *out) {
  nw_text_append(out, "%s", key->doc);
  for (size_t i = 0; key->words && key->words[i]; i++)
    nw_text_append(out, "%s%s", i ? " | " : ": ", key->words[i]);
  const char *unit = strcmp(key->unit, "1") ? key->unit : "";
  const char *space = *unit ? " " : "";
  const bool number =
      key->type == NW_KEY_QUANTITY || key->type == NW_KEY_MIXED || key->type == NW_KEY_QUANTITIES;
  if (number)
    nw_text_append(out, " (%.6g%s%s to %.6g%s%s)", key->low, space, unit, key->high, space, unit);
  else if (key->type == NW_KEY_COUNT && key->high < 1e6 /* math: a seed's range says nothing */)
    nw_text_append(out, " (%.6g to %.6g)", key->low, key->high);
}

/* Comment lines above a key whose description is too long to stand beside it. */
static void wrap_above(struct nw_text *out, const char *indent, const char *words) {
  while (*words) {
    size_t room = WIDEST - strlen(indent) - 2, length = strlen(words);
    if (length > room) {
      for (length = room; length > 0 && words[length] != ' ';)
        length--;
      if (length == 0) length = room;
    }
    nw_text_append(out, "%s# %.*s\n", indent, (int)length, words);
    words += length + (words[length] == ' ');
  }
}

static void write_line(struct writer *w, const struct nw_key *key, const char *indent, const char *head,
                       const char *value) {
  struct nw_text doc = {0}, line = {0};
  describe(key, &doc);
  nw_text_append(&line, "%s%s: %s", head, key->name, value);
  if (doc.failed || line.failed) {
    w->text->failed = true;
  } else if (COMMENT_COLUMN + doc.length + 2 > WIDEST || line.length > COMMENT_COLUMN) {
    wrap_above(w->text, indent, doc.data);
    nw_text_append(w->text, "%s\n", line.data);
  } else {
    nw_text_append(w->text, "%-*s# %s\n", COMMENT_COLUMN, line.data, doc.data);
  }
  nw_text_clear(&doc);
  nw_text_clear(&line);
}

static void write_key(struct writer *w, const struct nw_key *key, bool whole_section_out) {
  const struct nw_key_section *section = nw_key_section_find(key->section, strlen(key->section));
  const bool list = section->shape == NW_SECTION_LIST;
  const size_t depth = *key->section ? 1 + (strchr(key->section, '.') != NULL) : 0;
  char head[24], library[64];
  const char *value = start_value(w->start, key->section, key->name);
  if (!value) value = key->fallback;
  const bool out = whole_section_out || !value;
  const bool by_kind =
      !value && !strcmp(key->section, "device") && library_value(&w->device, key, library, sizeof library);
  if (!value) value = by_kind ? library : "~";
  const char *indent = list ? "    " : depth == 2 ? "    " : depth == 1 ? "  " : "";
  snprintf(head, sizeof head, "%s%s", whole_section_out ? "" : indent, out && !whole_section_out ? "# " : "");
  if (whole_section_out) snprintf(head, sizeof head, "# %s", indent);
  if (list && !w->item_open) snprintf(head, sizeof head, "  - ");
  w->item_open = list;
  write_line(w, key, whole_section_out ? "# " : indent, head, value);
}

/* Sections that most plans do without are commented out as a whole. */
static bool is_out(const char *section) {
  return !strcmp(section, "experiment") || !strncmp(section, "device.", strlen("device."));
}

static void open_section(struct writer *w, const char *name) {
  const struct nw_key_section *section = nw_key_section_find(name, strlen(name));
  const char *dot = strchr(name, '.');
  w->item_open = false;
  if (!*name) {
    nw_text_append(w->text, "\n");
    return;
  }
  char line[64];
  snprintf(line, sizeof line, "%s%s:", dot ? "#   " : is_out(name) ? "# " : "", dot ? dot + 1 : name);
  nw_text_append(w->text, "%s%-*s# %s\n", dot ? "" : "\n", COMMENT_COLUMN, line, section->doc);
}

static const struct start *find_start(struct nw_context *context, const char *concern) {
  for (size_t i = 0; i < NW_COUNT(starts); i++)
    if (!concern || !strcmp(starts[i].concern, concern)) return &starts[i];
  const char *const *kinds = nw_key_find("concerns", strlen("concerns"), "kind")->words;
  const char *nearest = nw_key_nearest(kinds, concern);
  struct nw_text all = {0};
  for (size_t i = 0; kinds[i]; i++)
    nw_text_append(&all, "%s%s", i ? ", " : "", kinds[i]);
  if (nearest)
    nw_fail(context, NW_USAGE, NULL, "unknown concern \"%.60s\"; did you mean %s?", concern, nearest);
  else
    nw_fail(context, NW_USAGE, NULL, "unknown concern \"%.60s\"; one of %s", concern,
            all.data ? all.data : "");
  nw_text_clear(&all);
  return NULL;
}

enum nw_status nw_template_text(struct nw_context *context, const char *concern, struct nw_text *text) {
  struct writer w = {.text = text, .start = find_start(context, concern)};
  if (!w.start) return NW_USAGE;
  const char *const *kinds = nw_key_find("device", strlen("device"), "kind")->words;
  w.device = nw_device_default((enum nw_device_kind)nw_key_word_index(kinds, w.start->device));
  nw_text_append(
      text,
      "# A Needlework plan, to edit: what you leave out keeps the value shown. Quantities carry units.\n"
      "# Lines behind a # are off. For research, design and teaching; no medical advice.\n");
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  const char *section = NULL;
  for (size_t i = 0; i < count; i++) {
    if (!section || strcmp(section, key[i].section)) open_section(&w, section = key[i].section);
    write_key(&w, &key[i], is_out(section));
  }
  nw_text_append(text,
                 "\n# model:                        # any number of `needlework params`, in its own unit\n"
                 "#   delta_T: 9.1 1/day\n");
  return text->failed ? nw_fail(context, NW_MEMORY, NULL, "out of memory while writing the template") : NW_OK;
}
