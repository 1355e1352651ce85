/* SPDX-License-Identifier: BSD-3-Clause
   The same implicit solve where the diffusivity varies from cell to cell (scar, lesion, channel): conjugate
   gradients with one multigrid cycle as preconditioner. */
#pragma once
#include "levels.h"

/* Work of one thread. The residual and its preconditioned form are the cycle's finest fields. */
struct gradients {
  struct cycle cycle;
  real *answer, *direction, *image; /* fields of the finest level; owned */
};

struct varying {
  struct levels levels; /* n = 0: an even medium */
  double typical;       /* ratio of the even medium whose exact answer is the first guess */
  double tolerance;     /* of the residual, relative to the right side, root mean squares */
  int most;             /* iterations at most */
  int threads;
  struct gradients *work; /* (threads) owned */
};

/* Readies the solve for diffusivities times ratio (nz, ny, nx) > 0, copied. false: out of memory. */
bool NW_VARIANT(varying_create)(struct varying *varying, const struct nw_grid *grid, const double *ratio,
                                int threads);
void NW_VARIANT(varying_clear)(struct varying *varying);
/* u <- (1 + tau decay - tau div D ratio grad)^-1 u, by the work of one thread; the number of iterations.
   The integral of u comes out as exactly as `integrate` measures it. */
int NW_VARIANT(diffuse_varying)(const struct diffuse_plan *plan, struct diffuse_scratch *scratch,
                                const struct varying *varying, int thread, real *u, double diffusivity,
                                double decay, double tau);
