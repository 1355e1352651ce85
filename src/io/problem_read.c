/* SPDX-License-Identifier: BSD-3-Clause
   A calibration problem from its files. */
#include "problem_read.h"

#include <string.h>

#include "base/file.h"
#include "problem_files.h"
#include "problem_tables.h"
#include "seal.h"

enum { LARGEST_PROBLEM = 64 << 20 };

struct gathering {
  struct nw_context *context;
  struct nw_problem *problem;
  struct nw_problem_files files;
  struct nw_hash hash;
  bool wrong, torn;       /* a mistake was found; a whole table is missing */
  enum nw_status reading; /* of the files: NW_IO when one could not be read */
};

static void add_to_identity(struct gathering *g, const char *text, size_t length) {
  nw_hash_add(&g->hash, text, length);
}

typedef enum nw_status (*take_table)(struct nw_context *context, const struct nw_csv *csv, const char *folder,
                                     struct nw_problem *problem, bool *wrong);

/* `take` NULL: only the form of the table is looked at. */
static enum nw_status parse_table(struct gathering *g, const char *path, const struct nw_text *text,
                                  take_table take) {
  struct nw_csv csv = {0};
  enum nw_status status = nw_csv_parse(g->context, path, text->data ? text->data : "", text->length, &csv);
  if (status == NW_BAD_PLAN) {
    g->wrong = g->torn = true;
    return NW_OK; /* the other tables may be wrong as well */
  }
  if (status == NW_OK && take) status = take(g->context, &csv, g->files.folder, g->problem, &g->wrong);
  nw_csv_clear(&csv);
  return status;
}

/* Reads one table; one that is not there is told with the place that names it, and the next is looked at. */
static enum nw_status read_table(struct gathering *g, const struct nw_problem_list *list, size_t i,
                                 take_table take) {
  struct nw_text text = {0};
  const size_t before = g->context->n_diagnostics;
  enum nw_status status = nw_file_read_text(g->context, list->path[i], LARGEST_PROBLEM, &text);
  if (status == NW_IO) {
    nw_context_place(g->context, before, g->problem->name, list->line[i], list->column[i]);
    g->wrong = g->torn = true;
    g->reading = NW_IO;
    return NW_OK;
  }
  if (status == NW_OK) {
    add_to_identity(g, text.data ? text.data : "", text.length);
    status = parse_table(g, list->path[i], &text, take);
  }
  nw_text_clear(&text);
  return status;
}

/* What refers to a table that is missing as a whole cannot be judged: of it only the form is read. */
static enum nw_status read_tables(struct gathering *g, const struct nw_problem_list *list, take_table take,
                                  bool refers) {
  const bool judged = !refers || !g->torn;
  for (size_t i = 0; i < list->count; i++)
    NW_TRY(read_table(g, list, i, judged ? take : NULL));
  return NW_OK;
}

static enum nw_status gather(struct gathering *g) {
  NW_TRY(read_tables(g, &g->files.conditions, nw_problem_take_conditions, false));
  NW_TRY(read_tables(g, &g->files.parameters, nw_problem_take_parameters, false));
  NW_TRY(read_tables(g, &g->files.observables, nw_problem_take_observables, true));
  NW_TRY(read_tables(g, &g->files.measurements, nw_problem_take_measurements, true));
  if (!g->wrong) nw_problem_check(g->context, g->problem, &g->wrong);
  for (size_t i = 0; i < g->problem->n_conditions && !g->wrong; i++)
    add_to_identity(g, g->problem->condition[i].c->plan_text, strlen(g->problem->condition[i].c->plan_text));
  g->problem->identity = nw_hash_value(&g->hash);
  if (g->reading != NW_OK) return g->reading;
  return g->wrong ? NW_BAD_PLAN : NW_OK;
}

enum nw_status nw_problem_read(struct nw_context *context, const char *path, struct nw_problem *out) {
  struct nw_text text = {0};
  *out = (struct nw_problem){0};
  NW_TRY(nw_file_read_text(context, path, LARGEST_PROBLEM, &text));
  struct gathering g = {.context = context, .problem = out, .hash = nw_hash_start()};
  add_to_identity(&g, text.data ? text.data : "", text.length);
  enum nw_status status =
      nw_problem_files_read(context, path, text.data ? text.data : "", text.length, &g.files, &out->option);
  nw_text_clear(&text);
  if (status == NW_OK && !(out->name = nw_string_copy(path))) status = NW_MEMORY;
  if (status == NW_OK) status = gather(&g);
  if (status == NW_MEMORY) nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", path);
  if (status != NW_OK) nw_problem_clear(out);
  nw_problem_files_clear(&g.files);
  return status;
}
