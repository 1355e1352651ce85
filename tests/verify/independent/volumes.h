/* SPDX-License-Identifier: BSD-3-Clause
   Finite volumes for the second writing of the healing equations: fluxes through faces of a box of
   cells. One number for each species and cell, the species of a cell side by side. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "equations.h"

struct peer_box {
  const struct peer_model *model; /* borrowed */
  size_t n[3];                    /* cells along x, y, z */
  const double *edge[3];          /* (n + 1) of each axis [mm] borrowed */
  bool radial;                    /* x is the distance from an axis */
  const double *leak;             /* (ny, nx) loss of signals through the first z layer [mm/day] or NULL */
};

size_t peer_box_cells(const struct peer_box *box);
/* Volume of a cell; of a radial box, per unit of angle. */
double peer_box_volume(const struct peer_box *box, size_t cell);
/* Rate of change of all numbers, [unit of the species/day]. */
void peer_box_rates(const struct peer_box *box, const double *u, double *rate);
