/* SPDX-License-Identifier: BSD-3-Clause
   Tensor grid of cells: one to three axes, each uniform or graded, the first with a flat or a
   cylindrical metric. Patch, r-z unit cell, radial unit cell, column and single cell differ by
   extents only. Index order (z, y, x), x fastest. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum nw_metric { NW_FLAT, NW_RADIAL };

struct nw_axis {
  size_t n;
  enum nw_metric metric;
  bool uniform;   /* equal widths and flat: cosines diagonalise it */
  double *edge;   /* (n + 1) [length unit of the caller] owned */
  double *centre; /* (n) owned */
  double *volume; /* (n) width, or (r1^2 - r0^2) / 2 for a radial axis; owned */
  double *face;   /* (n + 1) metric weight of each face: 1, or r; the outer two are 0: no flux; owned */
  double *inverse_distance; /* (n + 1) between the centres beside each inner face; owned */
};

struct nw_grid {
  struct nw_axis axis[3]; /* x, y, z */
};

/* Takes n + 1 increasing edges (copied). false: out of memory, or edges not increasing. */
bool nw_axis_create(struct nw_axis *axis, enum nw_metric metric, size_t n, const double *edge);
/* n equal cells from 0 to extent. */
bool nw_axis_create_uniform(struct nw_axis *axis, size_t n, double extent);
/* Cells from 0 to extent whose width grows from `first` by `ratio` a cell, up to `largest`. */
bool nw_axis_create_graded(struct nw_axis *axis, enum nw_metric metric, double extent, double first,
                           double ratio, double largest);
/* One cell of unit width: the axis is not there. */
bool nw_axis_create_single(struct nw_axis *axis);
void nw_axis_clear(struct nw_axis *axis);
void nw_grid_clear(struct nw_grid *grid);
/* Cells of the whole grid. */
size_t nw_grid_cells(const struct nw_grid *grid);
