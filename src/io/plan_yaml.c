/* SPDX-License-Identifier: BSD-3-Clause
   Plan files: YAML 1.2 by libfyaml, read as events into a flat plan. Every value stays text here; what
   it means is decided by our own key table, never by YAML's guesses. */
#include <libfyaml.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "plan/plan_values.h"
#include "yaml_bytes.h"

enum { LARGEST_PLAN = 1 << 20, LONGEST_PARENT = 128, LONGEST_NAME = 64 };

struct reader {
  struct nw_context *context;
  struct nw_plan *plan;
  struct fy_parser *parser;
  struct fy_diag *diag;
  struct nw_place last; /* of the last event that has one */
  bool failed;          /* the text is no YAML from here on: reported */
};

static bool is_quoted(struct fy_event *event) {
  const enum fy_node_style style = fy_event_get_node_style(event);
  return style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;
}

/* Where an event begins; what is empty stands where the text before it did. Marks of quoted text point
   behind the quote. */
static struct nw_place place_of_event(struct reader *r, struct fy_event *event) {
  const struct fy_mark *mark = fy_event_start_mark(event);
  if (mark) r->last = (struct nw_place){mark->line + 1, mark->column + 1 - is_quoted(event)};
  return r->last;
}

/* ---- events ---- */

static void report_syntax(struct reader *r) {
  void *iterator = NULL;
  bool any = false;
  for (struct fy_diag_error *error; (error = fy_diag_errors_iterate(r->diag, &iterator));) {
    if (any) continue; /* the first is the cause, the rest are echoes */
    any = true;
    const struct nw_place place = {error->line > 0 ? error->line : 1, error->column > 0 ? error->column : 1};
    nw_plan_report_at(r->context, r->plan, NW_ERROR, place, NULL, "this is not valid YAML: %s",
                      error->msg ? error->msg : "the text cannot be read");
  }
  if (!any)
    nw_plan_report_at(r->context, r->plan, NW_ERROR, (struct nw_place){1, 1}, NULL, "this is not valid YAML");
}

/* The next event, NULL once the text has failed. */
static struct fy_event *next_event(struct reader *r) {
  if (r->failed) return NULL;
  struct fy_event *event = fy_parser_parse(r->parser);
  if (event) return event;
  r->failed = true;
  report_syntax(r);
  return NULL;
}

static enum fy_event_type type_and_free(struct reader *r, struct fy_event *event) {
  const enum fy_event_type type = event->type;
  fy_parser_event_free(r->parser, event);
  return type;
}

/* Passes over the rest of a node whose first event has been read. */
static void skip_node(struct reader *r, enum fy_event_type type) {
  size_t depth = type == FYET_MAPPING_START || type == FYET_SEQUENCE_START;
  while (depth > 0) {
    struct fy_event *event = next_event(r);
    if (!event) return;
    const enum fy_event_type inner = type_and_free(r, event);
    if (inner == FYET_MAPPING_START || inner == FYET_SEQUENCE_START) depth++;
    if (inner == FYET_MAPPING_END || inner == FYET_SEQUENCE_END) depth--;
  }
}

static bool is_nothing(struct fy_event *event, const char *text, size_t length) {
  static const char *const words[] = {"", "~", "null", "Null", "NULL"};
  if (length > 0 ? fy_event_get_node_style(event) != FYNS_PLAIN : is_quoted(event)) return false;
  for (size_t i = 0; i < NW_COUNT(words); i++)
    if (strlen(words[i]) == length && !memcmp(words[i], text, length)) return true;
  return false;
}

/* Tags, anchors and aliases would let a file say one thing and mean another. */
static bool refuse_magic(struct reader *r, struct fy_event *event) {
  const struct fy_token *anchor = NULL, *tag = NULL;
  if (event->type == FYET_ALIAS) anchor = event->alias.anchor;
  if (event->type == FYET_SCALAR) anchor = event->scalar.anchor, tag = event->scalar.tag;
  if (event->type == FYET_MAPPING_START) anchor = event->mapping_start.anchor, tag = event->mapping_start.tag;
  if (event->type == FYET_SEQUENCE_START)
    anchor = event->sequence_start.anchor, tag = event->sequence_start.tag;
  if (!anchor && !tag) return false;
  nw_plan_report_at(r->context, r->plan, NW_ERROR, place_of_event(r, event), NULL,
                    anchor ? "anchors and aliases are not used in a plan: write the value out"
                           : "tags are not used in a plan: write the plain value");
  r->plan->broken = true;
  return true;
}

/* A text that goes on behind a zero byte ("pen\0cil") would be read as what stands before it. */
static bool refuse_zero(struct reader *r, struct nw_place place, const char *text, size_t length) {
  if (!text || !memchr(text, '\0', length)) return false;
  nw_plan_report_at(r->context, r->plan, NW_ERROR, place, NULL,
                    "a zero byte (\\0) stands in this text: a plan is plain text");
  r->plan->broken = true;
  return true;
}

static void read_node(struct reader *r, struct fy_event *event, const char *parent, const char *name,
                      struct nw_place key_place);

static void read_map(struct reader *r, const char *path) {
  for (;;) {
    struct fy_event *event = next_event(r);
    if (!event) return;
    const struct nw_place place = place_of_event(r, event);
    char name[LONGEST_NAME + 2] = "";
    const bool scalar = event->type == FYET_SCALAR;
    bool simple = scalar;
    if (scalar) {
      size_t length = 0;
      const char *text = fy_token_get_text(event->scalar.value, &length);
      simple = !refuse_zero(r, place, text, length);
      snprintf(name, sizeof name, "%.*s", (int)(length > LONGEST_NAME ? LONGEST_NAME + 1 : length),
               text ? text : "");
    }
    const enum fy_event_type type = type_and_free(r, event);
    if (type == FYET_MAPPING_END) return;
    if (!scalar) {
      nw_plan_report_at(r->context, r->plan, NW_ERROR, place, NULL, "a key must be a word");
      r->plan->broken = true;
      skip_node(r, type);
    }
    struct fy_event *value = next_event(r);
    if (!value) return;
    if (simple)
      read_node(r, value, path, name, place);
    else
      skip_node(r, type_and_free(r, value));
  }
}

static void read_list(struct reader *r, const char *path) {
  for (size_t i = 0;; i++) {
    struct fy_event *event = next_event(r);
    if (!event) return;
    if (event->type == FYET_SEQUENCE_END) {
      fy_parser_event_free(r->parser, event);
      return;
    }
    char name[24];
    snprintf(name, sizeof name, "%zu", i);
    read_node(r, event, path, name, place_of_event(r, event));
  }
}

/* Reads the node that begins with `event` (which it frees) into parent.name. Unknown keys are reported
   where the key stands, everything else where the value stands. */
static void read_node(struct reader *r, struct fy_event *event, const char *parent, const char *name,
                      struct nw_place key_place) {
  const char *text = NULL;
  size_t length = 0;
  enum nw_shape shape = NW_SHAPE_SCALAR;
  struct nw_place place = place_of_event(r, event);
  const enum fy_event_type type = event->type;
  if (type == FYET_MAPPING_START) shape = NW_SHAPE_MAP;
  if (type == FYET_SEQUENCE_START) shape = NW_SHAPE_LIST;
  if (type == FYET_SCALAR) text = fy_token_get_text(event->scalar.value, &length);
  if (!text) text = "";
  if (type == FYET_SCALAR && is_nothing(event, text, length)) shape = NW_SHAPE_NOTHING;
  if (shape != NW_SHAPE_SCALAR) place = key_place;
  bool inside = false;
  if (!refuse_magic(r, event) && !refuse_zero(r, place, text, length)) {
    const struct nw_place where = nw_plan_knows(parent, name) ? place : key_place;
    inside = nw_plan_put(r->context, r->plan, parent, name, shape, text, length, where);
  }
  fy_parser_event_free(r->parser, event);
  if (!inside) {
    skip_node(r, type);
    return;
  }
  char path[LONGEST_PARENT];
  snprintf(path, sizeof path, "%s%s%s", parent, *parent ? "." : "", name);
  if (shape == NW_SHAPE_MAP)
    read_map(r, path);
  else
    read_list(r, path);
}

static void refuse_plan(struct reader *r, struct nw_place place, const char *what) {
  nw_plan_report_at(r->context, r->plan, NW_ERROR, place, NULL, "%s", what);
  r->plan->broken = true;
  r->failed = true;
}

static void read_root(struct reader *r, struct fy_event *event) {
  const struct nw_place place = place_of_event(r, event);
  const enum fy_event_type type = event->type;
  size_t length = 0;
  const char *text = type == FYET_SCALAR ? fy_token_get_text(event->scalar.value, &length) : NULL;
  const bool empty = type == FYET_SCALAR && is_nothing(event, text ? text : "", length);
  const bool magic = refuse_magic(r, event);
  fy_parser_event_free(r->parser, event);
  if (type == FYET_MAPPING_START && !magic) {
    read_map(r, "");
  } else if (empty) {
    refuse_plan(r, place, "the plan is empty; `needlework template` prints one to begin with");
  } else {
    refuse_plan(r, place, "a plan is a list of \"key: value\" lines; `needlework template` prints one");
  }
}

static void read_stream(struct reader *r) {
  size_t documents = 0;
  for (struct fy_event *event; (event = next_event(r));) {
    const struct nw_place place = place_of_event(r, event);
    switch (event->type) {
      case FYET_STREAM_START:
      case FYET_DOCUMENT_END:
        fy_parser_event_free(r->parser, event);
        break;
      case FYET_DOCUMENT_START:
        fy_parser_event_free(r->parser, event);
        if (++documents > 1) refuse_plan(r, place, "a second document begins here: a plan is one document");
        break;
      case FYET_STREAM_END:
        fy_parser_event_free(r->parser, event);
        if (documents == 0)
          refuse_plan(r, (struct nw_place){1, 1},
                      "the plan is empty; `needlework template` prints one to begin with");
        return;
      default:
        read_root(r, event);
    }
  }
  r->plan->broken = true;
}

static enum nw_status parse_text(struct nw_context *context, struct nw_plan *plan, const char *text,
                                 size_t length) {
  const struct fy_diag_cfg diag_config = {.level = FYET_ERROR, .module_mask = ~0u};
  struct reader r = {.context = context, .plan = plan, .diag = fy_diag_create(&diag_config), .last = {1, 1}};
  if (!r.diag) return nw_fail(context, NW_MEMORY, NULL, "out of memory while reading the plan");
  fy_diag_set_collect_errors(r.diag, true);
  const struct fy_parse_cfg config = {
      .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE | FYPCF_DISABLE_MMAP_OPT,
      .diag = r.diag};
  r.parser = fy_parser_create(&config);
  enum nw_status status = NW_OK;
  if (!r.parser || fy_parser_set_string(r.parser, text, length)) {
    status = nw_fail(context, NW_MEMORY, NULL, "out of memory while reading the plan");
  } else {
    read_stream(&r);
  }
  if (r.parser) fy_parser_destroy(r.parser);
  fy_diag_destroy(r.diag);
  return status;
}

enum nw_status nw_plan_parse(struct nw_context *context, const char *name, const char *text, size_t length,
                             struct nw_plan **out) {
  *out = NULL;
  if (length > LARGEST_PLAN)
    return nw_fail(context, NW_BAD_PLAN, NULL, "%s is too large: a plan has at most 1 MB", name);
  const size_t mark = nw_yaml_mark(text, length);
  text += mark;
  length -= mark;
  struct nw_plan *plan = nw_plan_create(name, text, length);
  if (!plan) return nw_fail(context, NW_MEMORY, NULL, "out of memory while reading the plan");
  const struct nw_yaml_flaw flaw = nw_yaml_inspect(text, length);
  const size_t first = context->n_diagnostics;
  enum nw_status status;
  if (flaw.what) {
    nw_plan_report_at(context, plan, NW_ERROR, (struct nw_place){flaw.line, flaw.column}, NULL, "%s",
                      flaw.what);
    status = NW_BAD_PLAN;
  } else {
    status = parse_text(context, plan, plan->text, length);
    if (status == NW_OK) status = nw_plan_finish(context, plan);
  }
  nw_plan_sort_messages(context, first);
  if (status != NW_OK) nw_plan_free(&plan);
  *out = plan;
  return status;
}

enum nw_status nw_plan_read(struct nw_context *context, const char *path, struct nw_plan **out) {
  *out = NULL;
  struct stat about;
  if (!stat(path, &about) && S_ISREG(about.st_mode) && about.st_size > LARGEST_PLAN)
    return nw_fail(context, NW_BAD_PLAN, NULL, "%s is too large (%lld MB): a plan has at most 1 MB", path,
                   (long long)about.st_size >> 20);
  struct nw_text text = {0};
  NW_TRY(nw_file_read_text(context, path, LARGEST_PLAN, &text));
  const enum nw_status status = nw_plan_parse(context, path, text.data ? text.data : "", text.length, out);
  nw_text_clear(&text);
  return status;
}
