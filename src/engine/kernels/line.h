/* SPDX-License-Identifier: BSD-3-Clause
   Transform of whole lines to the eigenbasis of an axis and back, LANES lines at a time. */
#pragma once
#include <stdbool.h>

#include "../basis.h"
#include "real.h"

struct line_plan {
  size_t n;
  bool cosine;
  real *eigenvalue;        /* (n) owned */
  real *forward, *inverse; /* dense: (n, n) row-major; owned */
  size_t n_factors;
  const int *factor;             /* borrowed from the basis */
  real *twiddle, *split, *shift; /* cosine; owned */
  size_t *slot;                  /* (n) place of the i-th value of a line in the working order; owned */
};

bool NW_VARIANT(line_plan_create)(struct line_plan *plan, const struct nw_basis *basis);
void NW_VARIANT(line_plan_clear)(struct line_plan *plan);

/* `a` holds n vectors, value i of each line at a[slot[i]]; on return *result points at a or b, where
   mode k stands at index k. Neither direction is normalised: forward then inverse multiplies the line
   by `n / 2` when cosine, by 1 when dense. */
void NW_VARIANT(line_forward)(const struct line_plan *plan, vreal *a, vreal *b, vreal **result);
/* `a` holds the modes in order; on return value i of each line stands at (*result)[slot_back(i)]. */
void NW_VARIANT(line_inverse)(const struct line_plan *plan, vreal *a, vreal *b, vreal **result);

/* Where the inverse leaves value i: real and imaginary parts change places in the cosine transform. */
NW_INLINE size_t slot_back(const struct line_plan *plan, size_t i) {
  return plan->cosine ? plan->slot[i] ^ 1u : plan->slot[i];
}
