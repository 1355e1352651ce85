/* SPDX-License-Identifier: BSD-3-Clause
   Published values of the mechanics against what the laws give: rows of model/mechanics_cases.def. */
#pragma once
#include "base/params.h"

struct nw_mechanics_case {
  const char *id, *quantity, *unit;
  double published; /* [unit] */
  double low, high; /* where a prediction agrees [unit] */
  double predicted; /* [unit] */
  bool inside;      /* low <= predicted <= high */
  const char *citation, *note;
};

size_t nw_mechanics_case_count(void);
/* Row i (< count) with its prediction under these parameters. */
struct nw_mechanics_case nw_mechanics_case_at(const struct nw_params *p, size_t i);
