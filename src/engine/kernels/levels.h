/* SPDX-License-Identifier: BSD-3-Clause
   A hierarchy of ever coarser grids for diffusion in an uneven medium, and one cycle through it: the
   approximate inverse that conjugate gradients are preconditioned with. */
#pragma once
#include "diffuse.h"

/* Each level halves the cells of the one before along x or y; z is never coarsened. */
enum { MOST_LEVELS = 64 };

/* One level of the hierarchy, shared by all threads. Fields of a level are (ny, nz, row):
   rows of whole vectors with zeros in what pads them, the layers of one y together, as lines along z are
   solved; zeros for one y and a vector before and after. */
struct level {
  size_t nx, ny, nz;
  size_t row, slab; /* strides of z and y */
  bool smooth;      /* false: a station between two others, where nothing is done */
  bool along_y;     /* the axis that the next level halves: its cells 0, 2, 4 ... go on */
  real *x, *y, *z;  /* (ny, nz, row) conductance of the lower face of each cell along each axis; owned */
  real *volume;     /* (ny, nz, row) of each cell, 0 in the padding; owned */
  real *share; /* (ny, nz, row) of the lower neighbour in an odd cell, of the upper one the rest; owned */
};

/* What one thread holds of a level. */
struct level_work {
  real *inverse; /* of the pivots of the lines along z, coupling by coupling; owned */
  real *right;   /* right side, sums over cells; owned */
  real *answer;  /* owned */
};

/* One for each thread. */
struct cycle {
  struct level_work work[MOST_LEVELS];
  real *line; /* (nz, row) of the finest level; owned */
};

struct levels {
  size_t n; /* 0: none */
  struct level level[MOST_LEVELS];
};

/* ratio (nz, ny, nx): diffusivity of each cell over the field's own. false: out of memory. */
bool NW_VARIANT(levels_create)(struct levels *levels, const struct nw_grid *grid, const double *ratio);
void NW_VARIANT(levels_clear)(struct levels *levels);
bool NW_VARIANT(cycle_create)(struct cycle *cycle, const struct levels *levels);
void NW_VARIANT(cycle_clear)(struct cycle *cycle, const struct levels *levels);
/* A zeroed field of a level, and its end. NULL: out of memory. */
real *NW_VARIANT(level_field)(const struct level *level);
void NW_VARIANT(level_free)(const struct level *level, real *field);
/* Readies the cycle for (mass V - div ratio grad), V the volumes; the operator acts on sums over cells. */
void NW_VARIANT(cycle_factor)(struct cycle *cycle, const struct levels *levels, double mass);
/* work[0].answer <- about (mass V - div ratio grad)^-1 work[0].right, a symmetric positive map. */
void NW_VARIANT(cycle)(struct cycle *cycle, const struct levels *levels);
