/* SPDX-License-Identifier: BSD-3-Clause
   Reproducible texture for pictures: a smooth random field and random cells of the plane. */
#pragma once
#include <stdint.h>

/* Smooth random field in -1..1 with features of size one; layers with other numbers are independent. */
double nw_noise_value(uint64_t seed, int layer, double x, double y);

struct nw_noise_cell {
  double nearest, second; /* distances to the two nearest seeds of the plane [cells] */
  uint64_t id;            /* of the nearest seed */
};
/* Cells around one random seed per unit square. */
struct nw_noise_cell nw_noise_cells(uint64_t seed, int layer, double x, double y);
/* Uniform number 0..1 that belongs to (layer, i, j, draw). */
double nw_noise_uniform(uint64_t seed, int layer, long i, long j, int draw);
