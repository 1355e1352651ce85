/* SPDX-License-Identifier: BSD-3-Clause
   The linear system of the box: (M + theta S) u = b, symmetric and positive, by conjugate gradients over the
   levels of box_levels.h. What they leave is measured in fluxes and solved for again until no mass is
   missing. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct nw_box_levels;

/* Arrays (nz, ny, nx), x fastest, with nx ny zeros before and after. A face belongs to the cell above, before
   or left of it. Above stands a vehicle, joined to the uppermost plane and past it to the plane `viable`. */
struct nw_box_system {
  size_t nx, ny, nz, viable;
  double *capacity;             /* M [m3] */
  double *loss;                 /* to places outside the grid, but for the vehicle [m3/s] */
  double *east, *south, *below; /* conductance to the next cell, 0 at the sides [m3/s] */
  double *top, *polar;          /* (ny, nx) from the vehicle to the plane 0, to the plane `viable` [m3/s] */
  double *share;                /* (ny, nx) u of the plane 0 at rest over the vehicle's concentration [1] */
  int threads;
  /* work: owned with the rest by the box */
  double *stays, *residual, *image, *direction, *better, *step, *low;
  struct nw_box_levels *levels;
};

/* Readies the solve for theta [s]. */
void nw_box_factor(struct nw_box_system *s, double theta);
/* u <- (M + theta S)^-1 (right + theta supply) under a vehicle of this concentration [kg/m3], from u as a
   first guess, and what the vehicle gives by then [kg/s]. Returns the number of iterations, 0 where it
   failed. */
size_t nw_box_solve(struct nw_box_system *s, double theta, double vehicle, const double *right, double *u,
                    double *supplied);
