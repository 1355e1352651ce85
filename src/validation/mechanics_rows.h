/* SPDX-License-Identifier: BSD-3-Clause
   One published measurement of needles meeting skin, as a row of a table of texts: to a law of the model, to
   a prediction in the row's own unit, or to a reason why there is none. Sorted by the table
   model/mechanics_map.def. */
#pragma once
#include "base/params.h"

/* Columns of the table, in this order in `cell`. */
/* clang-format off */
#define NW_MECHANICS_COLUMNS_LIST(X)                                                                     \
  X(id) X(topic) X(study) X(doi_or_pmcid) X(subject) X(site) X(device) X(needle_length_um)               \
  X(tip_radius_um) X(base_diameter_um) X(density_per_cm2) X(quantity) X(value) X(unit) X(sd) X(time_h) X(notes)
/* clang-format on */
enum nw_mechanics_column_name {
#define X(name) NW_MEASURED_##name,
  NW_MECHANICS_COLUMNS_LIST(X)
#undef X
      NW_MEASURED_COLUMNS
};
/* Their titles, (NW_MEASURED_COLUMNS). */
extern const char *const nw_mechanics_row_columns[];

struct nw_mechanics_answer {
  bool predicted;    /* else `note` says why not */
  double published;  /* [unit of the row] */
  double prediction; /* [unit of the row] */
  double low, high;  /* where a prediction agrees: one sd, else a quarter either way; one-sided for bounds */
  char note[200];    /* which law, or why there is no prediction */
  int mistake;       /* column whose cell cannot be read, `note` says how; -1: none */
};

/* Texts never NULL, "" where the table is blank. */
struct nw_mechanics_answer nw_mechanics_row_answer(const struct nw_params *p,
                                                   const char *const cell[NW_MEASURED_COLUMNS]);
