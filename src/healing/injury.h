/* SPDX-License-Identifier: BSD-3-Clause
   How injuries lie in the cells of a grid: exact shares of core and rim. Lengths in mm. */
#pragma once
#include "tissue.h"

/* Core and rim of the injuries of one session in a flat patch, into arrays (nz, ny, nx). Columns that
   meet count as their union. `junction` is the depth of the dermal-epidermal junction below the skin
   surface. `core` and `rim` are zeroed first. */
void nw_injury_map_patch(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                         double junction, double *core, double *rim);
/* Share of each cell (nz, ny, nx) that ablative columns vaporise; at most the `core` mapped before. */
void nw_injury_map_holes(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                         double junction, const double *core, double *hole);
/* Share of each surface cell (ny, nx) whose epidermis the columns of a session take, and of it the share
   whose horny layer is open as well. */
void nw_injury_mouths(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                      double *mouth);
void nw_injury_openings(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                        double *open);
/* A peel to `depth` below the skin surface in the layer [top, bottom], also below the surface: the share it
   destroys, and the mean harm that fades over `tail` below. A peel of no depth does nothing. */
void nw_injury_peel(double depth, double tail, double top, double bottom, double *core, double *rim);
/* The same into arrays (nz, ny, nx) of a flat patch. */
void nw_injury_map_peel(const struct nw_grid *grid, double depth, double tail, double junction, double *core,
                        double *rim);
/* How much of the skin discs cover that would take `share` of it side by side. `clumping` is 0 where they
   keep clear of each other and 1 where they fall by chance. */
double nw_injury_covered(double share, double clumping);
/* The mean column of a session on the axis of an r-z unit cell (nz, nx), as the columns reach each layer and
   overlap there; zeroed first. */
void nw_injury_map_cell(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                        double junction, double clumping, double *core, double *rim);
/* The same of what ablative columns vaporise. */
void nw_injury_map_cell_holes(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                              double junction, double clumping, double *hole);
/* One channel on the axis of a radial unit cell (nz, nx): core to `core_radius`, rim to `rim_radius`. */
void nw_injury_map_radial(const struct nw_grid *grid, double core_radius, double rim_radius, double *core,
                          double *rim);
/* Area of the part of the rectangle [x0, x1] x [y0, y1] inside the circle about the origin. */
double nw_circle_rectangle_area(double radius, double x0, double x1, double y0, double y1);
