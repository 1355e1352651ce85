/* SPDX-License-Identifier: BSD-3-Clause
   Published absorption against what the model gives: rows of model/transport_cases.def. */
#pragma once
#include "base/params.h"

enum nw_transport_case_kind {
  NW_TRANSPORT_AMOUNT, /* permeability, flux, amount, ratio or time course */
  NW_TRANSPORT_LAG,    /* must lie within a factor of two */
  NW_TRANSPORT_CONTROL /* negative control: must stay below the published value */
};

struct nw_transport_case {
  int group;      /* number of the study's case: C1 to C16 */
  const char *id; /* of the row, "C4.1" */
  const char *quantity, *unit, *citation, *note;
  enum nw_transport_case_kind kind;
  double published; /* [unit] */
  double low, high; /* published spread; both equal to published where none is given [unit] */
  double predicted; /* [unit] */
  double log_ratio; /* log10 of predicted over published; 0 for a control that holds [1] */
  bool kept;        /* lag: within two; control: below; a ratio published away from 1: same side */
};

size_t nw_transport_case_count(void);
/* Row i with its prediction under these parameters; false when there is no such row or the solver failed.
   Takes milliseconds. */
bool nw_transport_case_at(const struct nw_params *p, size_t i, struct nw_transport_case *out);
