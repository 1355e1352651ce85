/* SPDX-License-Identifier: BSD-3-Clause
   The exact implicit solve of diffusion and decay: lines of x and y go to the eigenbasis, every mode is
   then a tridiagonal system along z. */
#pragma once
#include "../grid.h"
#include "line.h"

/* Shared by all threads. */
struct diffuse_plan {
  size_t nx, ny, nz;
  size_t plane; /* stride of z in the field arrays, a whole number of vectors */
  size_t modes; /* stride of z in mode space, a whole number of vectors */
  struct line_plan x, y;
  real *eigenvalue;       /* (modes) sum of those of x and y; owned */
  double *lower, *upper;  /* (nz) coupling to the layer above and below, per diffusivity and time; owned */
  const double *volume_z; /* (nz) borrowed from the grid */
  real *weight;           /* (plane) share of each cell in the area of its layer, 0 in the padding; owned */
  double volume;          /* of the whole grid, area 1 */
};

/* One for each thread. */
struct diffuse_scratch {
  real *mode, *pivot; /* (nz, modes) owned */
  real *middle;       /* one plane between the two transforms; owned */
  vreal *a, *b;       /* lines; owned */
};

bool NW_VARIANT(diffuse_plan_create)(struct diffuse_plan *plan, const struct nw_grid *grid,
                                     const struct nw_basis basis[2]);
void NW_VARIANT(diffuse_plan_clear)(struct diffuse_plan *plan);
bool NW_VARIANT(diffuse_scratch_create)(struct diffuse_scratch *scratch, const struct diffuse_plan *plan);
void NW_VARIANT(diffuse_scratch_clear)(struct diffuse_scratch *scratch);
/* u <- (1 + tau decay - tau D laplace)^-1 u; field array (nz, plane). */
void NW_VARIANT(diffuse)(const struct diffuse_plan *plan, struct diffuse_scratch *scratch, real *u,
                         double diffusivity, double decay, double tau);
/* Integral over depth of the mean over each layer. */
double NW_VARIANT(integrate)(const struct diffuse_plan *plan, const real *u);
