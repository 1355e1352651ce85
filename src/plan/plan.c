/* SPDX-License-Identifier: BSD-3-Clause
   The plan as written: which keys there are, where each stands, and what was never a key. */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "base/params.h"
#include "plan_values.h"

enum { LONGEST_PATH = 128 };

enum meaning {
  MEANS_NOTHING,
  MEANS_SECTION,
  MEANS_ITEM,
  MEANS_KEY,
  MEANS_ELEMENT,
  MEANS_MODEL,
  MEANS_PARAMETER
};

struct resolved {
  enum meaning meaning;
  const struct nw_key *key;
  const struct nw_key_section *section;
};

struct nw_plan *nw_plan_create(const char *name, const char *text, size_t length) {
  struct nw_plan *plan = nw_allocate(1, sizeof *plan);
  if (!plan) return NULL;
  plan->name = nw_string_copy(name);
  plan->text = nw_allocate(length + 1, 1);
  if (!plan->name || !plan->text)
    nw_plan_free(&plan);
  else
    memcpy(plan->text, text, length);
  return plan;
}

static void clear_value(struct nw_plan_value *value) {
  nw_release(value->path);
  nw_release(value->text);
}

void nw_plan_free(struct nw_plan **plan) {
  if (!plan || !*plan) return;
  for (size_t i = 0; i < (*plan)->n_values; i++)
    clear_value(&(*plan)->values[i]);
  nw_release((*plan)->values);
  nw_release((*plan)->name);
  nw_release((*plan)->text);
  nw_release(*plan);
  *plan = NULL;
}

/* ---- messages ---- */

static void report_list(struct nw_context *context, const struct nw_plan *plan, enum nw_severity severity,
                        struct nw_place place, const char *path, const char *format, va_list list) {
  char text[800], key[LONGEST_PATH];
  vsnprintf(text, sizeof text, format, list);
  snprintf(key, sizeof key, "%s", path ? path : "");
  nw_diagnose(context, severity, severity == NW_ERROR ? NW_BAD_PLAN : NW_OK,
              place.line ? plan->name : "--set", place.line, place.column, *key ? key : NULL, "%s", text);
}

void nw_plan_report_at(struct nw_context *context, const struct nw_plan *plan, enum nw_severity severity,
                       struct nw_place place, const char *path, const char *format, ...) {
  va_list list;
  va_start(list, format);
  report_list(context, plan, severity, place, path, format, list);
  va_end(list);
}

/* Of the path itself, else of the section around it, else the top of the file. */
static struct nw_place place_of(const struct nw_plan *plan, const char *path) {
  char around[LONGEST_PATH];
  snprintf(around, sizeof around, "%s", path ? path : "");
  for (;;) {
    const struct nw_plan_value *value = nw_plan_find(plan, around);
    if (value) return value->place;
    char *dot = strrchr(around, '.');
    if (!dot) return (struct nw_place){1, 1};
    *dot = '\0';
  }
}

void nw_plan_report(struct nw_context *context, const struct nw_plan *plan, enum nw_severity severity,
                    const char *path, const char *format, ...) {
  va_list list;
  va_start(list, format);
  report_list(context, plan, severity, place_of(plan, path), path, format, list);
  va_end(list);
}

static int compare_places(const struct nw_diagnostic *a, const struct nw_diagnostic *b) {
  if ((a->line == 0) != (b->line == 0)) return a->line == 0 ? 1 : -1;
  if (a->line != b->line) return a->line < b->line ? -1 : 1;
  return (a->column > b->column) - (a->column < b->column);
}

/* Insertion keeps what stands at one place in the order of discovery; there are a hundred at most. */
void nw_plan_sort_messages(struct nw_context *context, size_t first) {
  for (size_t i = first + 1; i < context->n_diagnostics; i++) {
    const struct nw_diagnostic moved = context->diagnostics[i];
    size_t j = i;
    for (; j > first && compare_places(&context->diagnostics[j - 1], &moved) > 0; j--)
      context->diagnostics[j] = context->diagnostics[j - 1];
    context->diagnostics[j] = moved;
  }
}

/* ---- lookup ---- */

const struct nw_plan_value *nw_plan_find(const struct nw_plan *plan, const char *path) {
  for (size_t i = 0; i < plan->n_values; i++)
    if (!strcmp(plan->values[i].path, path)) return &plan->values[i];
  return NULL;
}

size_t nw_plan_list_length(const struct nw_plan *plan, const char *path) {
  const struct nw_plan_value *value = nw_plan_find(plan, path);
  return value && value->shape == NW_SHAPE_LIST ? value->count : 0;
}

void nw_plan_remove(struct nw_plan *plan, const char *path) {
  const size_t length = strlen(path);
  size_t kept = 0;
  for (size_t i = 0; i < plan->n_values; i++) {
    struct nw_plan_value *value = &plan->values[i];
    const bool below =
        !strncmp(value->path, path, length) && (value->path[length] == '.' || !value->path[length]);
    if (below)
      clear_value(value);
    else
      plan->values[kept++] = *value;
  }
  plan->n_values = kept;
}

void nw_plan_remove_at(struct nw_plan *plan, size_t index) {
  clear_value(&plan->values[index]);
  plan->n_values--;
  memmove(&plan->values[index], &plan->values[index + 1], (plan->n_values - index) * sizeof *plan->values);
}

static bool is_index(const char *name) {
  return *name && strspn(name, "0123456789") == strlen(name);
}

/* "products.3" -> "products": the section that an item of a list belongs to. */
static size_t section_length(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot && is_index(dot + 1) ? (size_t)(dot - path) : strlen(path);
}

static bool is_list_key(const struct nw_key *key) {
  return key && (key->type == NW_KEY_CHOICES || key->type == NW_KEY_QUANTITIES);
}

static const struct nw_key *key_of_path(const char *path) {
  const char *dot = strrchr(path, '.');
  if (!dot) return nw_key_find("", 0, path);
  char parent[LONGEST_PATH];
  snprintf(parent, sizeof parent, "%.*s", (int)(dot - path), path);
  return nw_key_find(parent, section_length(parent), dot + 1);
}

static struct resolved resolve(const char *parent, const char *name) {
  struct resolved r = {MEANS_NOTHING, NULL, NULL};
  const size_t length = section_length(parent);
  const struct nw_key_section *around = nw_key_section_find(parent, length);
  const bool whole_list = around && around->shape == NW_SECTION_LIST && length == strlen(parent);
  if (strchr(name, '.') || strlen(parent) + strlen(name) + 2 > LONGEST_PATH) return r;
  if (!strcmp(parent, "model")) {
    if (nw_param_find(name)) r.meaning = MEANS_PARAMETER;
  } else if (whole_list) {
    if (is_index(name)) r = (struct resolved){MEANS_ITEM, NULL, around};
  } else if (!around) {
    r.key = key_of_path(parent);
    if (is_list_key(r.key) && is_index(name)) r.meaning = MEANS_ELEMENT;
  } else if ((r.key = nw_key_find(parent, length, name))) {
    r.meaning = MEANS_KEY;
  } else if (!*parent && !strcmp(name, "model")) {
    r.meaning = MEANS_MODEL;
  } else {
    char path[LONGEST_PATH];
    snprintf(path, sizeof path, "%s%s%s", parent, *parent ? "." : "", name);
    r.section = *name ? nw_key_section_find(path, strlen(path)) : NULL;
    if (r.section) r.meaning = MEANS_SECTION;
  }
  return r;
}

bool nw_plan_knows(const char *parent, const char *name) {
  return resolve(parent, name).meaning != MEANS_NOTHING;
}

/* ---- refusals ---- */

struct guess {
  const char *word;
  int distance;
};

static void consider(struct guess *guess, const char *word, const char *candidate) {
  const int distance = nw_key_closeness(word, candidate);
  if (distance < 0 || (guess->word && distance >= guess->distance)) return;
  *guess = (struct guess){candidate, distance};
}

/* The name of a section below `parent`, NULL when it is not below: "device.laser" gives "laser". */
static const char *name_below(const char *section, const char *parent, size_t length) {
  if (!*section || strncmp(section, parent, length)) return NULL;
  const char *rest = section + length;
  if (length > 0 && *rest++ != '.') return NULL;
  return strchr(rest, '.') ? NULL : rest;
}

static struct guess guess_key(const char *parent, const char *name) {
  struct guess guess = {NULL, 0};
  if (!strcmp(parent, "model")) {
    for (size_t i = 0; i < nw_param_count(); i++)
      consider(&guess, name, nw_param_rows()[i].key);
    return guess;
  }
  const size_t length = section_length(parent);
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  for (size_t i = 0; i < count; i++)
    if (strlen(key[i].section) == length && !strncmp(key[i].section, parent, length))
      consider(&guess, name, key[i].name);
  const struct nw_key_section *section = nw_key_sections(&count);
  for (size_t i = 0; i < count; i++) {
    const char *below = name_below(section[i].name, parent, length);
    if (below) consider(&guess, name, below);
  }
  return guess;
}

/* A key that is right but stands in the wrong section, mostly by a wrong indentation. */
static const char *home_of(const char *name) {
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  const char *home = NULL;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(key[i].name, name)) continue;
    if (home) return NULL;
    home = key[i].section;
  }
  return home;
}

static void refuse_unknown(struct nw_context *context, struct nw_plan *plan, const char *parent,
                           const char *name, struct nw_place place) {
  const char *what = !strcmp(parent, "model") ? "parameter" : "key";
  const char *where = *parent ? parent : "the plan";
  const struct guess guess = guess_key(parent, name);
  const struct nw_key_section *list = nw_key_section_find(parent, strlen(parent));
  const char *home = home_of(name);
  if (list && list->shape == NW_SECTION_LIST)
    nw_plan_report_at(context, plan, NW_ERROR, place, NULL,
                      "unknown key \"%.60s\" in %s, a list: its items are counted from 0, as in %s.0", name,
                      parent, parent);
  else if (guess.word)
    nw_plan_report_at(context, plan, NW_ERROR, place, NULL, "unknown %s \"%.60s\" in %s; did you mean %s?",
                      what, name, where, guess.word);
  else if (home)
    nw_plan_report_at(context, plan, NW_ERROR, place, NULL, "\"%s\" does not belong in %s but in %s", name,
                      where, *home ? home : "the plan itself, without indentation");
  else
    nw_plan_report_at(context, plan, NW_ERROR, place, NULL, "unknown %s \"%.60s\" in %s", what, name, where);
}

/* ---- taking values in ---- */

static bool keep(struct nw_context *context, struct nw_plan *plan, const char *path, enum nw_shape shape,
                 const struct nw_key *key, const char *text, size_t length, struct nw_place place) {
  struct nw_plan_value value = {.path = nw_string_copy(path), .shape = shape, .key = key, .place = place};
  bool fits = value.path != NULL;
  if (fits && shape == NW_SHAPE_SCALAR) {
    value.text = nw_allocate(length + 1, 1);
    fits = value.text != NULL;
    if (fits && length) memcpy(value.text, text, length);
  }
  if (!fits || !nw_grow(&plan->values, &plan->capacity, plan->n_values + 1, sizeof value)) {
    clear_value(&value);
    plan->no_memory = true;
    nw_fail(context, NW_MEMORY, NULL, "out of memory while reading the plan");
    return false;
  }
  plan->values[plan->n_values++] = value;
  return true;
}

static const char *shape_word(enum nw_shape shape) {
  static const char *const word[] = {"nothing", "a single value", "a list", "a section"};
  return word[shape];
}

static enum nw_shape wanted_shape(struct resolved r) {
  switch (r.meaning) {
    case MEANS_SECTION:
      return r.section->shape == NW_SECTION_LIST ? NW_SHAPE_LIST : NW_SHAPE_MAP;
    case MEANS_ITEM:
    case MEANS_MODEL:
      return NW_SHAPE_MAP;
    case MEANS_KEY:
      return is_list_key(r.key) ? NW_SHAPE_LIST : NW_SHAPE_SCALAR;
    default:
      return NW_SHAPE_SCALAR;
  }
}

static void refuse_shape(struct nw_context *context, const struct nw_plan *plan, const char *path,
                         enum nw_shape wanted, enum nw_shape shape, struct nw_place place) {
  const char *hint = "";
  if (wanted == NW_SHAPE_LIST)
    hint = nw_key_section_find(path, strlen(path)) ? ": begin each item with \"- \"" : ", such as [a, b]";
  if (wanted == NW_SHAPE_MAP) hint = ": write its keys below it, indented";
  nw_plan_report_at(context, plan, NW_ERROR, place, path, "%s is wanted here, not %s%s", shape_word(wanted),
                    shape_word(shape), hint);
}

/* Counts item `name` of a list; false beyond the longest list. */
static bool count_item(struct nw_context *context, struct nw_plan *plan, const char *parent, const char *name,
                       bool section, struct nw_place place) {
  const size_t limit = section ? NW_PLAN_ITEMS_MAX : NW_PLAN_LIST_MAX;
  const size_t index = strtoul(name, NULL, 10);
  for (size_t i = 0; i < plan->n_values; i++) {
    struct nw_plan_value *list = &plan->values[i];
    if (strcmp(list->path, parent)) continue;
    if (index == limit)
      nw_plan_report_at(context, plan, NW_ERROR, place, parent, "the list is too long: at most %zu items",
                        limit);
    if (index >= limit) return false;
    if (list->count <= index) list->count = index + 1;
    return true;
  }
  return false;
}

static bool refuse(struct nw_plan *plan) {
  plan->broken = true;
  return false;
}

bool nw_plan_put(struct nw_context *context, struct nw_plan *plan, const char *parent, const char *name,
                 enum nw_shape shape, const char *text, size_t length, struct nw_place place) {
  if (nw_error_count(context) >= NW_PLAN_MISTAKES_MAX) return refuse(plan);
  const struct resolved r = resolve(parent, name);
  if (r.meaning == MEANS_NOTHING) {
    refuse_unknown(context, plan, parent, name, place);
    return refuse(plan);
  }
  char path[LONGEST_PATH];
  snprintf(path, sizeof path, "%s%s%s", parent, *parent ? "." : "", name);
  const struct nw_plan_value *before = nw_plan_find(plan, path);
  if (before) {
    nw_plan_report_at(context, plan, NW_ERROR, place, path, "is given twice; the first is in line %d",
                      before->place.line);
    return refuse(plan);
  }
  const enum nw_shape wanted = wanted_shape(r);
  if (shape != NW_SHAPE_NOTHING && shape != wanted) {
    refuse_shape(context, plan, path, wanted, shape, place);
    return refuse(plan);
  }
  const bool item = r.meaning == MEANS_ITEM || r.meaning == MEANS_ELEMENT;
  if (item && !count_item(context, plan, parent, name, r.meaning == MEANS_ITEM, place)) return refuse(plan);
  if (!keep(context, plan, path, shape, r.key, text, length, place)) return false;
  return shape == NW_SHAPE_LIST || shape == NW_SHAPE_MAP;
}

/* Of the last mistake in the file: what is said of the whole list stands behind it. */
static struct nw_place last_place(const struct nw_context *context) {
  const struct nw_diagnostic *last = NULL;
  for (size_t i = 0; i < context->n_diagnostics; i++)
    if (!last || compare_places(last, &context->diagnostics[i]) < 0) last = &context->diagnostics[i];
  return last ? (struct nw_place){last->line, last->column} : (struct nw_place){1, 1};
}

enum nw_status nw_plan_finish(struct nw_context *context, struct nw_plan *plan) {
  if (plan->no_memory) return NW_MEMORY;
  if (!plan->broken) return NW_OK;
  if (nw_error_count(context) >= NW_PLAN_MISTAKES_MAX) {
    nw_plan_report_at(context, plan, NW_ERROR, last_place(context), NULL,
                      "more than %d mistakes: the rest is not listed", NW_PLAN_MISTAKES_MAX);
    return NW_BAD_PLAN;
  }
  struct nw_case *c = NULL;
  nw_case_create(context, plan, &c);
  nw_case_free(&c);
  return NW_BAD_PLAN;
}
