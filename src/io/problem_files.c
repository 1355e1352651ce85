/* SPDX-License-Identifier: BSD-3-Clause
   The YAML file of a calibration problem, by libfyaml. Every value is text with a place; the table of keys
   below says what it means. */
#include "problem_files.h"

#include <libfyaml.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/units.h"
#include "yaml_bytes.h"

enum { LONGEST_PATH = 96 };

struct reader {
  struct nw_context *context;
  const char *name;
  struct nw_problem_files *files;
  struct nw_problem_options *option;
  bool failed, has_version;
};

/* Where a node's text begins; 1:1 where libfyaml does not say. */
static void place_of(struct fy_node *node, int *line, int *column) {
  struct fy_token *token = fy_node_is_scalar(node) ? fy_node_get_scalar_token(node) : NULL;
  const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
  *line = mark ? mark->line + 1 : 1;
  *column = mark ? mark->column + 1 : 1;
}

#define REFUSE(r, node, key, ...)                                                                  \
  do {                                                                                             \
    int line_of_node, column_of_node;                                                              \
    place_of(node, &line_of_node, &column_of_node);                                                \
    nw_diagnose((r)->context, NW_ERROR, NW_BAD_PLAN, (r)->name, line_of_node, column_of_node, key, \
                __VA_ARGS__);                                                                      \
    (r)->failed = true;                                                                            \
  } while (0)

/* ---- what a value may be ---- */

static bool read_number(struct reader *r, struct fy_node *node, const char *key, const char *text, double low,
                        double high, double *out) {
  if (nw_number_read(text, strlen(text), out) && *out >= low && *out <= high) return true;
  REFUSE(r, node, key, "'%s' is no number from %g to %g", text, low, high);
  return false;
}

static void read_count(struct reader *r, struct fy_node *node, const char *key, const char *text, double low,
                       double high, size_t *out) {
  double value;
  if (!read_number(r, node, key, text, low, high, &value)) return;
  if (value != floor(value)) {
    REFUSE(r, node, key, "'%s' is no whole number", text);
    return;
  }
  *out = (size_t)value;
}

static void read_flag(struct reader *r, struct fy_node *node, const char *key, const char *text, bool *out) {
  *out = !strcmp(text, "true");
  if (!*out && strcmp(text, "false")) REFUSE(r, node, key, "'%s' is neither true nor false", text);
}

static void take_version(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  r->has_version = true;
  if (strcmp(text, "1")) REFUSE(r, node, key, "format %s is not known: 1 is", text);
}

static void take_fidelity(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  if (!nw_problem_fidelity(text, &r->option->fidelity))
    REFUSE(r, node, key, "'%s' is no fidelity: patch, depth_cell, unit_cell or point", text);
}

static void take_limits(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  r->option->curved = !strcmp(text, "curvature");
  if (!r->option->curved && strcmp(text, "profiles") != 0)
    REFUSE(r, node, key, "'%s' is no way to limits: profiles or curvature", text);
}

static void take_correct(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_flag(r, node, key, text, &r->option->correct);
}

static void take_spread(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_flag(r, node, key, text, &r->option->spread);
}

static void take_starts(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_count(r, node, key, text, 1, 10000, &r->option->starts);
}

static void take_bootstrap(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_count(r, node, key, text, 0, 10000, &r->option->bootstrap);
}

static void take_evaluations(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_count(r, node, key, text, 10, 1000000, &r->option->evaluations);
}

static void take_seed(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  size_t seed = 0;
  read_count(r, node, key, text, 0, 4294967295.0, &seed);
  r->option->seed = seed;
}

static void take_level(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_number(r, node, key, text, 0.5, 0.999, &r->option->level);
}

static void take_loss(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  static const char *const words[] = {
      [NW_LOSS_GAUSSIAN] = "gaussian", [NW_LOSS_HUBER] = "huber", [NW_LOSS_STUDENT] = "student"};
  for (size_t i = 0; i < NW_COUNT(words); i++)
    if (!strcmp(text, words[i])) {
      r->option->loss = (enum nw_loss)i;
      return;
    }
  REFUSE(r, node, key, "'%s' is no likelihood: gaussian, huber or student", text);
}

static void take_width(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  read_number(r, node, key, text, 0.1, 1000, &r->option->width);
}

static void take_time_unit(struct reader *r, struct fy_node *node, const char *key, const char *text) {
  struct nw_unit unit;
  if (nw_unit_parse(text, &unit, NULL, 0) &&
      nw_dimension_equal(unit.dimension, (struct nw_dimension){.second = 1}))
    r->option->time_unit = unit.scale;
  else
    REFUSE(r, node, key, "'%s' is no unit of time such as d or h", text);
}

static void take_file(struct reader *r, struct fy_node *node, const char *key, const char *text,
                      struct nw_problem_list *list) {
  struct nw_text path = {0};
  if (!*text) {
    REFUSE(r, node, key, "the name of a table is empty");
  } else if (list->count == NW_PROBLEM_TABLES) {
    REFUSE(r, node, key, "more than %d tables of one kind", NW_PROBLEM_TABLES);
  } else {
    nw_text_append(&path, "%s%s", *text == '/' ? "" : r->files->folder, text);
    place_of(node, &list->line[list->count], &list->column[list->count]);
    list->path[list->count++] = nw_string_copy(path.data);
    nw_text_clear(&path);
  }
}

#define TABLE(name)                                                                                    \
  static void take_##name(struct reader *r, struct fy_node *node, const char *key, const char *text) { \
    take_file(r, node, key, text, &r->files->name);                                                    \
  }
TABLE(parameters)
TABLE(conditions)
TABLE(observables)
TABLE(measurements)

/* ---- keys ---- */

/* Items of lists are told by "[]". */
static const struct {
  const char *path;
  void (*take)(struct reader *r, struct fy_node *node, const char *key, const char *text); /* NULL: inner */
} keys[] = {
    {"format_version", take_version},
    {"parameter_file", take_parameters},
    {"problems", NULL},
    {"problems[]", NULL},
    {"problems[].condition_files", NULL},
    {"problems[].condition_files[]", take_conditions},
    {"problems[].observable_files", NULL},
    {"problems[].observable_files[]", take_observables},
    {"problems[].measurement_files", NULL},
    {"problems[].measurement_files[]", take_measurements},
    {"extensions", NULL},
    {"extensions.needlework", NULL},
    {"extensions.needlework.fidelity", take_fidelity},
    {"extensions.needlework.correct", take_correct},
    {"extensions.needlework.limits", take_limits},
    {"extensions.needlework.spread", take_spread},
    {"extensions.needlework.starts", take_starts},
    {"extensions.needlework.evaluations", take_evaluations},
    {"extensions.needlework.seed", take_seed},
    {"extensions.needlework.likelihood", take_loss},
    {"extensions.needlework.width", take_width},
    {"extensions.needlework.level", take_level},
    {"extensions.needlework.bootstrap", take_bootstrap},
    {"extensions.needlework.time_unit", take_time_unit},
};

static const char *last_word(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot ? dot + 1 : path;
}

static size_t find_key(const char *path) {
  size_t i = 0;
  while (i < NW_COUNT(keys) && strcmp(keys[i].path, path))
    i++;
  return i;
}

static void unknown_key(struct reader *r, struct fy_node *node, const char *path) {
  const char *near = NULL;
  int least = 4;
  for (size_t i = 0; i < NW_COUNT(keys); i++) {
    const int distance = nw_word_distance(last_word(path), last_word(keys[i].path));
    if (distance < least) least = distance, near = last_word(keys[i].path);
  }
  if (!strcmp(path, "problems[].sbml_files"))
    REFUSE(r, node, path, "the model is Needlework's own: conditions name plans in place of SBML");
  else
    REFUSE(r, node, path, "no such key of a calibration problem%s%s%s", near ? "; did you mean " : "",
           near ? near : "", near ? "?" : "");
}

/* ---- the tree ---- */

/* The text of one value; NULL, reported, where it is none: an alias says one thing and means another, and
   what stands behind a zero byte would be dropped without a word. */
static const char *text_of(struct reader *r, struct fy_node *node, struct fy_node *near, const char *path) {
  size_t length = 0;
  const char *text = node && fy_node_is_scalar(node) ? fy_node_get_scalar(node, &length) : NULL;
  if (!text || fy_node_is_alias(node))
    REFUSE(r, near, path, "one value is wanted here");
  else if (memchr(text, '\0', length))
    REFUSE(r, near, path, "a zero byte (\\0) stands in this text");
  else
    return fy_node_get_scalar0(node);
  return NULL;
}

static void read_node(struct reader *r, struct fy_node *node, struct fy_node *key_node, const char *path);

static void read_map(struct reader *r, struct fy_node *node, const char *path) {
  void *at = NULL;
  for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(node, &at));) {
    struct fy_node *key = fy_node_pair_key(pair);
    const char *name = text_of(r, key, key ? key : node, *path ? path : NULL);
    char inner[LONGEST_PATH];
    if (!name) continue;
    if (snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", name) < LONGEST_PATH) {
      read_node(r, fy_node_pair_value(pair), key, inner);
    } else {
      REFUSE(r, key ? key : node, *path ? path : NULL, "a key must be a short word");
    }
  }
}

static void read_list(struct reader *r, struct fy_node *node, struct fy_node *key, const char *path) {
  void *at = NULL;
  char inner[LONGEST_PATH + 2];
  snprintf(inner, sizeof inner, "%.*s[]", LONGEST_PATH - 1, path);
  for (struct fy_node *item; (item = fy_node_sequence_iterate(node, &at));)
    read_node(r, item, key, inner);
}

static void read_node(struct reader *r, struct fy_node *node, struct fy_node *key_node, const char *path) {
  const size_t k = find_key(path);
  const enum fy_node_type type = node ? fy_node_get_type(node) : FYNT_SCALAR;
  if (k == NW_COUNT(keys)) {
    unknown_key(r, key_node, path);
  } else if (keys[k].take) {
    const char *text = text_of(r, node, key_node, path);
    if (text) keys[k].take(r, node, path, text);
  } else if (type == FYNT_MAPPING) {
    read_map(r, node, path);
  } else if (type == FYNT_SEQUENCE && strcmp(last_word(path), "needlework")) {
    read_list(r, node, key_node, path);
  } else {
    REFUSE(r, key_node, path, "a list or a map is wanted here");
  }
}

/* ---- the document ---- */

static void report_syntax(struct reader *r, struct fy_diag *diag) {
  void *at = NULL;
  struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at); /* the first is the cause */
  nw_diagnose(r->context, NW_ERROR, NW_BAD_PLAN, r->name, error && error->line > 0 ? error->line : 1,
              error && error->column > 0 ? error->column : 1, NULL, "this is not valid YAML: %s",
              error && error->msg ? error->msg : "the text cannot be read");
  r->failed = true;
}

static void check_complete(struct reader *r) {
  const struct {
    const char *key;
    size_t count;
  } wanted[] = {{"format_version", r->has_version},
                {"parameter_file", r->files->parameters.count},
                {"condition_files", r->files->conditions.count},
                {"observable_files", r->files->observables.count},
                {"measurement_files", r->files->measurements.count}};
  for (size_t i = 0; i < NW_COUNT(wanted) && !r->failed; i++)
    if (wanted[i].count == 0)
      nw_diagnose(r->context, NW_ERROR, NW_BAD_PLAN, r->name, 1, 1, wanted[i].key,
                  "a calibration problem needs this key");
  for (size_t i = 0; i < NW_COUNT(wanted); i++)
    r->failed |= wanted[i].count == 0;
}

static void read_document(struct reader *r, const char *text, size_t length) {
  const struct nw_yaml_flaw flaw = nw_yaml_inspect(text, length);
  if (flaw.what) {
    nw_diagnose(r->context, NW_ERROR, NW_BAD_PLAN, r->name, flaw.line, flaw.column, NULL, "%s", flaw.what);
    r->failed = true;
    return;
  }
  const struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = ~0u};
  struct fy_diag *diag = fy_diag_create(&quiet);
  fy_diag_set_collect_errors(diag, true);
  const struct fy_parse_cfg config = {
      .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE | FYPCF_DISABLE_MMAP_OPT,
      .diag = diag};
  struct fy_document *document = fy_document_build_from_string(&config, text, length);
  struct fy_node *root = document ? fy_document_root(document) : NULL;
  if (!document && strspn(text, " \n\r") < length) {
    report_syntax(r, diag);
  } else if (!root || !fy_node_is_mapping(root)) {
    nw_diagnose(r->context, NW_ERROR, NW_BAD_PLAN, r->name, 1, 1, NULL,
                "a calibration problem is a list of \"key: value\" lines");
    r->failed = true;
  } else {
    read_map(r, root, "");
    check_complete(r);
  }
  fy_document_destroy(document);
  fy_diag_destroy(diag);
}

enum nw_status nw_problem_files_read(struct nw_context *context, const char *name, const char *text,
                                     size_t length, struct nw_problem_files *files,
                                     struct nw_problem_options *option) {
  const double day = nw_unit_to_si(1, "d");
  *files = (struct nw_problem_files){0};
  *option = (struct nw_problem_options){.fidelity = NW_STUDY_GRID,
                                        .starts = 8,
                                        .seed = 1,
                                        .loss = NW_LOSS_GAUSSIAN,
                                        .level = 0.90,
                                        .time_unit = day,
                                        .evaluations = 2000};
  struct nw_text folder = {0};
  const char *slash = strrchr(name, '/');
  nw_text_append(&folder, "%.*s", slash ? (int)(slash - name + 1) : 0, name);
  files->folder = folder.data;
  if (folder.failed) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", name);
  struct reader r = {.context = context, .name = name, .files = files, .option = option};
  const size_t mark = nw_yaml_mark(text, length);
  read_document(&r, text + mark, length - mark);
  if (option->width == 0) option->width = option->loss == NW_LOSS_HUBER ? 1.345 : 4;
  return r.failed ? NW_BAD_PLAN : NW_OK;
}

static void clear_list(struct nw_problem_list *list) {
  for (size_t i = 0; i < list->count; i++)
    nw_release(list->path[i]);
}

void nw_problem_files_clear(struct nw_problem_files *files) {
  clear_list(&files->parameters);
  clear_list(&files->conditions);
  clear_list(&files->observables);
  clear_list(&files->measurements);
  nw_release(files->folder);
  *files = (struct nw_problem_files){0};
}
