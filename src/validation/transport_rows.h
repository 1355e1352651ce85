/* SPDX-License-Identifier: BSD-3-Clause
   One published measurement of absorption, as a row of a table of texts: to an experiment, to a prediction
   in the row's own unit, or to a reason why there is none. Rows are read by rules that hold for all of them:
   what a row does not say is assumed by the rows_ parameters, and the answer says so. */
#pragma once
#include "base/params.h"

/* Columns of the table, in this order in `cell`. */
/* clang-format off */
#define NW_TRANSPORT_COLUMNS_LIST(X)                                                                          \
  X(id) X(topic) X(study) X(doi_or_pmcid) X(molecule) X(MW_Da) X(logKow) X(vehicle) X(species_site) X(device) \
  X(needle_length_um) X(density_per_cm2) X(condition) X(quantity) X(value) X(unit) X(sd) X(time_h) X(notes)
/* clang-format on */
enum nw_transport_column_name {
#define X(name) NW_ROW_##name,
  NW_TRANSPORT_COLUMNS_LIST(X)
#undef X
      NW_ROW_COLUMNS
};
/* Their titles, (NW_ROW_COLUMNS). */
extern const char *const nw_transport_row_columns[];

struct nw_transport_answer {
  bool predicted;    /* else `note` says why not */
  double published;  /* [unit of the row] */
  double prediction; /* [unit of the row] */
  double low, high;  /* where a prediction agrees: the spread between laboratories, a factor of 2 for a lag */
  bool ordered;      /* a ratio on the published side of 1, a lag within 2; true for others */
  char quantity[96]; /* "log_kp, Caffeine, human" */
  char note[240];    /* what was assumed, or why there is no prediction */
  int mistake;       /* column whose cell cannot be read, `note` says how; -1: none */
};

/* What the cell of a column must hold and does not, or NULL: every column is asked before a row is answered.
 */
const char *nw_transport_cell_wanted(const char *const cell[NW_ROW_COLUMNS], int column);
/* Texts never NULL, "" where the table is blank. Milliseconds. */
struct nw_transport_answer nw_transport_row_answer(const struct nw_params *p,
                                                   const char *const cell[NW_ROW_COLUMNS]);
