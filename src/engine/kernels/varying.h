/* SPDX-License-Identifier: BSD-3-Clause
   The same implicit solve where the diffusivity varies from cell to cell (scar, lesion, channel): conjugate
   gradients, with the exact solve of an even medium as preconditioner. */
#pragma once
#include "diffuse.h"

/* Work of one thread: four fields. */
struct gradients {
  real *residual, *direction, *preconditioned, *image; /* (nz, plane) owned */
};

struct varying {
  real *ratio;      /* (nz, plane) diffusivity of each cell over the field's own; NULL: even; owned */
  double typical;   /* ratio of the even medium that preconditions */
  double tolerance; /* of the residual, relative to the right side */
  int most;         /* iterations at most */
  int threads;
  struct gradients *work;            /* (threads) owned */
  const double *x, *y, *z;           /* inverse distances of the cell centres along each axis, borrowed */
  const double *face_x;              /* metric weight of the faces of the first axis, borrowed */
  const double *volume_x, *volume_y; /* borrowed */
};

/* ratio (nz, ny, nx) is copied. false: out of memory. */
bool NW_VARIANT(varying_create)(struct varying *varying, const struct diffuse_plan *plan,
                                const struct nw_grid *grid, const double *ratio, int threads);
void NW_VARIANT(varying_clear)(struct varying *varying);
/* u <- (1 + tau decay - tau div D ratio grad)^-1 u, by the work of one thread; the number of iterations. */
int NW_VARIANT(diffuse_varying)(const struct diffuse_plan *plan, struct diffuse_scratch *scratch,
                                const struct varying *varying, int thread, real *u, double diffusivity,
                                double decay, double tau);
