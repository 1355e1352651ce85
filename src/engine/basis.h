/* SPDX-License-Identifier: BSD-3-Clause
   Eigenbasis of the diffusion operator along one axis. On a uniform axis these are cosines and the
   transform is a fast one; on a graded or radial axis the basis is dense. */
#pragma once
#include "grid.h"

struct nw_basis {
  size_t n;
  bool cosine;
  double *eigenvalue; /* (n) of -d/dx (d/dx) with no-flux ends, >= 0; owned */
  /* dense only: modes = forward * values, values = inverse * modes; (n, n) row-major; owned */
  double *forward, *inverse;
  /* cosine only: plan of the fast transform; all owned */
  size_t n_factors;
  int factor[40];  /* of n / 2 */
  double *twiddle; /* (n / 2, 2) exp(-2 pi i k / (n / 2)) as (re, im) */
  double *split;   /* (n / 4 + 1, 2) exp(-2 pi i k / n) */
  double *shift;   /* (n / 2 + 1, 2) exp(-i pi k / (2 n)) */
  size_t *order;   /* (n) where the k-th input of the complex transform stands in the line */
};

/* false: out of memory or no convergence of the eigenvalue iteration. */
bool nw_basis_create(struct nw_basis *basis, const struct nw_axis *axis);
void nw_basis_clear(struct nw_basis *basis);
