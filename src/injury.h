/* SPDX-License-Identifier: BSD-3-Clause
   How injuries lie in the cells of a grid: exact shares of core and rim. Lengths in mm. */
#pragma once
#include "tissue.h"

/* Core and rim of the injuries of one session in a flat patch, into arrays (nz, ny, nx). Columns that
   meet count as their union. `junction` is the depth of the dermal-epidermal junction below the skin
   surface. `core` and `rim` are zeroed first. */
void nw_injury_map_patch(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                         double junction, double *core, double *rim);
/* Share of each surface cell (ny, nx) that the channel mouths of a session take. */
void nw_injury_mouths(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                      double *mouth);
/* One channel on the axis of a radial unit cell (nz, nx): core to `core_radius`, rim to `rim_radius`. */
void nw_injury_map_radial(const struct nw_grid *grid, double core_radius, double rim_radius, double *core,
                          double *rim);
/* Area of the part of the rectangle [x0, x1] x [y0, y1] inside the circle about the origin. */
double nw_circle_rectangle_area(double radius, double x0, double x1, double y0, double y1);
