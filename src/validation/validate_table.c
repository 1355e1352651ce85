/* SPDX-License-Identifier: BSD-3-Clause
   Tables of somebody's own measurements of mechanics and of absorption, row by row. */
#include "validate_table.h"

#include <math.h>
#include <string.h>

#include "mechanics_rows.h"
#include "transport_rows.h"

enum { MOST_COLUMNS = 32 };

/* One answer, whoever gave it. Texts are borrowed from the answer. */
struct answer {
  bool predicted;
  double published, prediction, low, high;
  const char *quantity, *note;
  int mistake;
};

struct table {
  const char *suite;
  const char *const *column; /* (count) */
  size_t count;
  int id, study, quantity, unit;
};

static const struct table mechanics = {"mechanics",     nw_mechanics_row_columns, NW_MEASURED_COLUMNS,
                                       NW_MEASURED_id,  NW_MEASURED_study,        NW_MEASURED_quantity,
                                       NW_MEASURED_unit};
static const struct table transport = {"transport",  nw_transport_row_columns, NW_ROW_COLUMNS, NW_ROW_id,
                                       NW_ROW_study, NW_ROW_quantity,          NW_ROW_unit};

bool nw_validate_is_mechanics(const struct nw_csv *csv) {
  static const char *const telling[] = {"tip_radius_um", "base_diameter_um", "quantity"};
  return nw_csv_has(csv, telling, NW_COUNT(telling));
}

bool nw_validate_is_transport(const struct nw_csv *csv) {
  static const char *const telling[] = {"molecule", "MW_Da", "quantity"};
  return nw_csv_has(csv, telling, NW_COUNT(telling));
}

/* A copy that lives as long as the list. */
static const char *keep(struct nw_validation *out, const char *text) {
  char *copy = nw_string_copy(text);
  if (!copy || !nw_grow(&out->text, &out->text_capacity, out->n_texts + 1, sizeof *out->text)) {
    nw_release(copy);
    return NULL;
  }
  out->text[out->n_texts++] = copy;
  return copy;
}

static bool leave(struct nw_validation *out, const struct table *t, const char *const cell[],
                  const char *reason) {
  if (!nw_grow(&out->left, &out->left_capacity, out->n_left + 1, sizeof *out->left)) return false;
  struct nw_validation_left *left = &out->left[out->n_left];
  *left = (struct nw_validation_left){cell[t->id], cell[t->quantity], cell[t->study], nw_string_copy(reason)};
  out->n_left += left->reason != NULL;
  return left->reason != NULL;
}

static enum nw_status add(struct nw_context *context, struct nw_validation *out, const struct table *t,
                          const char *const cell[], const struct answer *a) {
  const char *quantity = a->predicted ? keep(out, a->quantity) : NULL;
  const char *note = a->predicted ? keep(out, a->note) : NULL;
  if (a->predicted ? !quantity || !note : !leave(out, t, cell, a->note))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the rows of a table");
  if (!a->predicted) return NW_OK;
  const struct nw_validation_case one = {.suite = t->suite,
                                         .id = cell[t->id],
                                         .quantity = quantity,
                                         .unit = cell[t->unit],
                                         .source = cell[t->study],
                                         .note = note,
                                         .published = a->published,
                                         .predicted = a->prediction,
                                         .low = a->low,
                                         .high = a->high};
  return nw_validation_add(context, out, &one);
}

/* Reports every cell of a row of absorption that cannot be read. */
static bool cells_are_sound(struct nw_context *context, const struct nw_csv *csv, size_t row,
                            const int *index, const char *const cell[]) {
  bool sound = true;
  for (int k = 0; k < NW_ROW_COLUMNS; k++) {
    const char *wanted = nw_transport_cell_wanted(cell, k);
    if (!wanted) continue;
    nw_csv_report(context, csv, row, index[k], "\"%.40s\" is not %s", cell[k], wanted);
    sound = false;
  }
  return sound;
}

static enum nw_status answer_row(struct nw_context *context, const struct nw_params *p, const struct table *t,
                                 size_t i, const int *index, struct nw_validation *out) {
  const char *cell[MOST_COLUMNS];
  for (size_t k = 0; k < t->count; k++)
    cell[k] = nw_csv_at(&out->csv, i, index[k])->text;
  if (t == &transport && !cells_are_sound(context, &out->csv, i, index, cell)) return NW_OK;
  struct answer a;
  struct nw_mechanics_answer force;
  struct nw_transport_answer uptake;
  if (t == &mechanics) {
    force = nw_mechanics_row_answer(p, cell);
    a = (struct answer){force.predicted, force.published,   force.prediction, force.low,
                        force.high,      cell[t->quantity], force.note,       force.mistake};
  } else {
    uptake = nw_transport_row_answer(p, cell);
    a = (struct answer){uptake.predicted, uptake.published, uptake.prediction, uptake.low,
                        uptake.high,      uptake.quantity,  uptake.note,       uptake.mistake};
  }
  if (a.mistake >= 0) {
    nw_csv_report(context, &out->csv, i, index[a.mistake], "%s", a.note);
    return NW_OK; /* go on: all mistakes at once */
  }
  return add(context, out, t, cell, &a);
}

static enum nw_status run(struct nw_context *context, struct nw_csv *csv, const struct nw_params *p,
                          const struct table *t, struct nw_validation *out) {
  int index[MOST_COLUMNS];
  const size_t mistakes = nw_error_count(context);
  out->csv = *csv;
  *csv = (struct nw_csv){0};
  NW_TRY(nw_csv_columns(context, &out->csv, t->column, t->count, index));
  for (size_t i = 0; i < out->csv.n_rows; i++) {
    if (context->interrupt) return NW_INTERRUPTED;
    nw_progress_report(context, t->suite, (double)i / (double)out->csv.n_rows, 0);
    NW_TRY(answer_row(context, p, t, i, index, out));
  }
  return nw_error_count(context) == mistakes ? NW_OK : NW_BAD_PLAN;
}

enum nw_status nw_validate_mechanics(struct nw_context *context, struct nw_csv *csv,
                                     const struct nw_params *p, struct nw_validation *out) {
  return run(context, csv, p, &mechanics, out);
}

enum nw_status nw_validate_transport(struct nw_context *context, struct nw_csv *csv,
                                     const struct nw_params *p, struct nw_validation *out) {
  return run(context, csv, p, &transport, out);
}
