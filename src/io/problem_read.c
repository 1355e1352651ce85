/* SPDX-License-Identifier: BSD-3-Clause
   A calibration problem from its files. */
#include "problem_read.h"

#include <string.h>

#include "file.h"
#include "problem_files.h"
#include "problem_tables.h"
#include "seal.h"

enum { LARGEST_PROBLEM = 64 << 20 };

struct gathering {
  struct nw_context *context;
  struct nw_problem *problem;
  struct nw_problem_files files;
  struct nw_hash hash;
  bool wrong;
};

static void add_to_identity(struct gathering *g, const char *text, size_t length) {
  nw_hash_add(&g->hash, text, length);
}

typedef enum nw_status (*take_table)(struct nw_context *context, const struct nw_csv *csv,
                                     struct nw_problem *problem, bool *wrong);

static enum nw_status parse_table(struct gathering *g, const char *path, const struct nw_text *text,
                                  take_table take) {
  struct nw_csv csv = {0};
  enum nw_status status = nw_csv_parse(g->context, path, text->data ? text->data : "", text->length, &csv);
  if (status == NW_BAD_PLAN) {
    g->wrong = true;
    return NW_OK; /* the other tables may be wrong as well */
  }
  if (status == NW_OK && take)
    status = take(g->context, &csv, g->problem, &g->wrong);
  else if (status == NW_OK)
    status = nw_problem_take_conditions(g->context, &csv, g->files.folder, g->problem, &g->wrong);
  nw_csv_clear(&csv);
  return status;
}

/* `take` NULL: conditions. */
static enum nw_status read_tables(struct gathering *g, const struct nw_problem_list *list, take_table take) {
  for (size_t i = 0; i < list->count; i++) {
    struct nw_text text = {0};
    enum nw_status status = nw_file_read_text(g->context, list->path[i], LARGEST_PROBLEM, &text);
    if (status == NW_OK) {
      add_to_identity(g, text.data ? text.data : "", text.length);
      status = parse_table(g, list->path[i], &text, take);
    }
    nw_text_clear(&text);
    NW_TRY(status);
  }
  return NW_OK;
}

static enum nw_status gather(struct gathering *g) {
  NW_TRY(read_tables(g, &g->files.parameters, nw_problem_take_parameters));
  NW_TRY(read_tables(g, &g->files.observables, nw_problem_take_observables));
  NW_TRY(read_tables(g, &g->files.conditions, NULL));
  NW_TRY(read_tables(g, &g->files.measurements, nw_problem_take_measurements));
  if (!g->wrong) nw_problem_check(g->context, g->problem, &g->wrong);
  for (size_t i = 0; i < g->problem->n_conditions && !g->wrong; i++)
    add_to_identity(g, g->problem->condition[i].c->plan_text, strlen(g->problem->condition[i].c->plan_text));
  g->problem->identity = nw_hash_value(&g->hash);
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
