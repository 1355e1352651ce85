/* SPDX-License-Identifier: BSD-3-Clause
   A pigmented lesion on the patch: melasma, lentigo or post-inflammatory spot of the plan. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "plan/case.h"

struct nw_lesion {
  bool present;
  double width;    /* of the spot, which is round and sits at the centre of the patch [as params] */
  double edge;     /* over which its border blurs [as params] */
  bool sharp;      /* its border is sharper than that of melasma and dark marks */
  double activity; /* constitutive melanocyte activity above normal skin [1] */
  double excess;   /* melanin above what that activity holds, fading with turnover [1] */
  double dermal;   /* melanin that lies in the dermis for good, relative to the epidermis at rest [1] */
  double dropped;  /* melanin that once fell into the dermis and is cleared, same scale [1] */
  double vascular; /* 1 where excess vessels feed the pigment (melasma), else 0 [1] */
};

/* The first pigmented concern of the case; not present when there is none. `p` in any coherent units. */
struct nw_lesion nw_lesion_of(const struct nw_case *c, const struct nw_params *p);
/* Share 0..1 of the lesion in each cell (ny, nx); dx, dy in the unit of p. A spot wider than the patch
   covers it: then the skin around it lies outside. */
void nw_lesion_mask(const struct nw_lesion *lesion, size_t nx, size_t ny, double dx, double dy, double *mask);
/* Epidermal melanin at the start, where normal skin with its sun has `sun` [1]. */
double nw_lesion_melanin(const struct nw_lesion *lesion, double mask, double sun);
