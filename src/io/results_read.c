/* SPDX-License-Identifier: BSD-3-Clause
   Results folder read back: summary flattened to paths, tables, sections. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "results.h"
#include "sections.h"

/* Far above what is ever written: deep nesting times many entries must not fill the memory. */
static const size_t largest_summary = (size_t)16 << 20, longest_path = 1000;

struct flattening {
  struct nw_results *results;
  size_t capacity;
  struct nw_text path; /* of the value at hand */
  bool failed;
};

static void add_entry(struct flattening *f, struct nw_summary_entry entry) {
  struct nw_results *r = f->results;
  entry.path = nw_string_copy(f->path.data ? f->path.data : "");
  if (f->path.failed || !entry.path || (!entry.is_number && !entry.text) ||
      !nw_grow(&r->entry, &f->capacity, r->n_entries + 1, sizeof entry)) {
    f->failed = true;
    nw_release(entry.path);
    nw_release(entry.text);
    return;
  }
  r->entry[r->n_entries++] = entry;
}

/* Shortens the path again to what it was before the last component. */
static void cut_path(struct flattening *f, size_t length) {
  f->path.length = length;
  if (f->path.data) f->path.data[length] = '\0';
}

static void flatten(struct flattening *f, json_t *value);

static void flatten_member(struct flattening *f, const char *name, json_t *member) {
  const size_t length = f->path.length;
  nw_text_append(&f->path, "%s%s", length ? "." : "", name);
  flatten(f, member);
  cut_path(f, length);
}

static void flatten_object(struct flattening *f, json_t *object) {
  const char *key;
  json_t *member;
  json_object_foreach(object, key, member) flatten_member(f, key, member);
}

static void flatten_list(struct flattening *f, json_t *list) {
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    char name[24];
    snprintf(name, sizeof name, "%zu", i);
    flatten_member(f, name, item);
  }
}

static void flatten(struct flattening *f, json_t *value) {
  f->failed |= f->path.failed || f->path.length > longest_path;
  if (f->failed) return;
  switch (json_typeof(value)) {
    case JSON_OBJECT:
      flatten_object(f, value);
      break;
    case JSON_ARRAY:
      flatten_list(f, value);
      break;
    case JSON_STRING:
      add_entry(f, (struct nw_summary_entry){.text = nw_string_copy(json_string_value(value))});
      break;
    case JSON_INTEGER:
    case JSON_REAL:
      add_entry(f, (struct nw_summary_entry){.is_number = true, .number = json_number_value(value)});
      break;
    case JSON_TRUE:
      add_entry(f, (struct nw_summary_entry){.text = nw_string_copy("true")});
      break;
    case JSON_FALSE:
      add_entry(f, (struct nw_summary_entry){.text = nw_string_copy("false")});
      break;
    case JSON_NULL:
      break; /* not meaningful is the same as absent */
  }
}

static enum nw_status parse_summary(struct nw_context *context, const char *path, const struct nw_text *text,
                                    struct nw_results *results) {
  json_error_t error;
  json_t *root = json_loadb(text->data, text->length, JSON_REJECT_DUPLICATES, &error);
  if (!root) {
    nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, path, error.line, error.column, NULL,
                "no whole JSON document: %s", error.text);
    return NW_BAD_PLAN;
  }
  struct flattening f = {.results = results};
  enum nw_status status = NW_OK;
  flatten(&f, root);
  if (!json_is_object(root)) {
    status = nw_fail(context, NW_BAD_PLAN, NULL, "%s is no summary: a JSON object was expected", path);
  } else if (f.failed || f.path.failed) {
    status = nw_fail(context, NW_MEMORY, NULL, "%s nests too deeply or does not fit into memory", path);
  }
  nw_text_clear(&f.path);
  json_decref(root);
  return status;
}

static enum nw_status read_summary(struct nw_context *context, const char *path, struct nw_results *results) {
  struct nw_text text = {0};
  NW_TRY(nw_file_read_text(context, path, largest_summary, &text));
  const enum nw_status status = parse_summary(context, path, &text, results);
  nw_text_clear(&text);
  return status;
}

enum part { SUMMARY, TIMELINE, PUNCTURES, ABSORPTION, ABSORPTION_MAP, SECTIONS, PART_COUNT };

static enum nw_status read_part(struct nw_context *context, const char *folder, enum part part,
                                struct nw_results *results) {
  static const char *const name[PART_COUNT] = {"summary.json",   "timeline.csv",       "punctures.csv",
                                               "absorption.csv", "absorption_map.csv", "fields.h5"};
  char *path = nw_file_join(folder, name[part]);
  enum nw_status status = NW_OK;
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
  if (part == SUMMARY) {
    status = nw_file_exists(path)
                 ? read_summary(context, path, results)
                 : nw_fail(context, NW_IO, NULL, "%s holds no results: %s is missing", folder, path);
  } else if (nw_file_exists(path)) {
    switch (part) {
      case TIMELINE:
        status = nw_table_read(context, path, &results->timeline);
        break;
      case PUNCTURES:
        status = nw_table_read(context, path, &results->punctures);
        break;
      case ABSORPTION:
        status = nw_table_read(context, path, &results->absorption);
        break;
      case ABSORPTION_MAP:
        status = nw_table_read(context, path, &results->absorption_map);
        break;
      default:
        status = nw_sections_read(context, path, &results->sections);
    }
  }
  nw_release(path);
  return status;
}

enum nw_status nw_results_read(struct nw_context *context, const char *folder, struct nw_results *results) {
  enum nw_status status = NW_OK;
  *results = (struct nw_results){0};
  for (int part = 0; part < PART_COUNT && status == NW_OK; part++)
    status = read_part(context, folder, (enum part)part, results);
  if (status == NW_OK) status = nw_skin_files_read(context, folder, &results->skin);
  if (status != NW_OK) nw_results_clear(results);
  return status;
}

void nw_results_clear(struct nw_results *results) {
  for (size_t i = 0; i < results->n_entries; i++) {
    nw_release(results->entry[i].path);
    nw_release(results->entry[i].text);
  }
  nw_release(results->entry);
  nw_table_clear(&results->timeline);
  nw_table_clear(&results->punctures);
  nw_table_clear(&results->absorption);
  nw_table_clear(&results->absorption_map);
  nw_sections_clear(&results->sections);
  nw_skin_files_clear(&results->skin);
  *results = (struct nw_results){0};
}

static const struct nw_summary_entry *find(const struct nw_results *results, const char *path) {
  for (size_t i = 0; i < results->n_entries; i++)
    if (!strcmp(results->entry[i].path, path)) return &results->entry[i];
  return NULL;
}

double nw_results_number(const struct nw_results *results, const char *path) {
  const struct nw_summary_entry *entry = find(results, path);
  return entry && entry->is_number ? entry->number : NAN;
}

const char *nw_results_text(const struct nw_results *results, const char *path) {
  const struct nw_summary_entry *entry = find(results, path);
  return entry ? entry->text : NULL;
}

/* Entries of one child stand together, so a child ends where the component after the prefix changes. */
size_t nw_results_list_length(const struct nw_results *results, const char *path) {
  const size_t prefix = strlen(path);
  const char *last = "";
  size_t count = 0, last_length = 0;
  for (size_t i = 0; i < results->n_entries; i++) {
    const char *entry = results->entry[i].path;
    if (strncmp(entry, path, prefix) || (prefix && entry[prefix] != '.')) continue;
    const char *child = entry + prefix + (prefix > 0);
    const size_t length = strcspn(child, ".");
    if (count > 0 && length == last_length && !strncmp(child, last, length)) continue;
    last = child;
    last_length = length;
    count++;
  }
  return count;
}
