/* SPDX-License-Identifier: BSD-3-Clause
   The unit cell around one channel in r and z: what the 1.5-D columns approximate. Homogeneous tissue
   under an impermeable surface, no flux at the cell's boundary. */
#pragma once
#include "base/base.h"

struct unit_cell_spec {
  double channel_radius, cell_radius; /* [m] */
  double channel_depth, thickness;    /* equal depths make the problem radial [m] */
  double diffusivity;                 /* [m2/s] */
  double clearance;                   /* [1/s] */
  bool sink;                          /* u = 0 at the bottom; else no flux there */
  bool held;                          /* channel held at 1 for ever; else it starts full and is tissue */
  int core, annulus, above, below;    /* cells: inside the channel's radius, outside, beside, under it */
};

struct unit_cell;

/* Builds the grid, graded towards the channel's wall and tip, and the state at time 0. NW_MEMORY. */
enum nw_status unit_cell_create(const struct unit_cell_spec *spec, struct unit_cell **out);
void unit_cell_free(struct unit_cell **cell);
/* Jumps to the steady state. */
void unit_cell_settle(struct unit_cell *cell);
/* Steps on to `time` [s] with steps of `ratio` times the time passed, second order, the first ones
   implicit Euler of length `first` [s]. */
void unit_cell_advance(struct unit_cell *cell, double time, double first, double ratio);
/* Flux out of the held channel now over D u0: a length, per channel [m]. */
double unit_cell_flux(const struct unit_cell *cell);
/* u on the axis of the uppermost row [1]. */
double unit_cell_axis(const struct unit_cell *cell);
