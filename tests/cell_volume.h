/* SPDX-License-Identifier: BSD-3-Clause
   Volume of one cell of a grid; a radial axis counts per radian. */
#pragma once
#include "engine/grid.h"

static inline double cell_volume(const struct nw_grid *grid, size_t x, size_t y, size_t z) {
  return grid->axis[0].volume[x] * grid->axis[1].volume[y] * grid->axis[2].volume[z];
}
