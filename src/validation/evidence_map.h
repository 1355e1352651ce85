/* SPDX-License-Identifier: BSD-3-Clause
   What a line of the evidence is in the model: sorted by the table model/evidence_map.def. */
#pragma once
#include "evidence.h"
#include "study/observable.h"

/* How a published number and a reading of the model are the same thing. */
enum nw_evidence_scale {
  NW_SCALE_CHANGE,
  NW_SCALE_IMPROVEMENT,
  NW_SCALE_RELATIVE,
  NW_SCALE_FOLD,
  NW_SCALE_NUMBER,
  NW_SCALE_SCATTER
};

struct nw_evidence_mapping {
  bool mapped;
  enum nw_observable observable;
  int key; /* enum nw_outcome, -1: none */
  enum nw_evidence_scale scale;
  double low, high; /* responders only: change for the better that makes one, 0, 0: one that is noticed */
  const char *note; /* mapped: what is taken for what; else why it is not; static */
};

/* Whether less of it is better, so that an improvement is a fall. */
bool nw_evidence_less_is_better(const struct nw_evidence_mapping *mapping);
struct nw_evidence_mapping nw_evidence_map(const struct nw_evidence *row);
/* The text that context patterns are held against: study, population, site and outcome. Caller clears. */
void nw_evidence_context(const struct nw_evidence *row, struct nw_text *out);
/* Name for tables and JSON: the key's, or the observable's own ("pih_risk"). Static. */
const char *nw_evidence_quantity(const struct nw_evidence_mapping *mapping);
