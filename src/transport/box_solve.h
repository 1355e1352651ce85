/* SPDX-License-Identifier: BSD-3-Clause
   The linear system of the box: (M + theta S) u = b, symmetric and positive, by conjugate gradients that
   solve the lines in depth exactly in each iteration: depth holds the contrasts. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Arrays (nz, ny, nx), x fastest, with nx ny zeros before and after. A face belongs to the cell above, before
   or left of it. */
struct nw_box_system {
  size_t nx, ny, nz;
  double *capacity;             /* M [m3] */
  double *loss;                 /* to places outside the grid [m3/s] */
  double *east, *south, *below; /* conductance to the next cell, 0 at the sides [m3/s] */
  int threads;
  /* work: owned with the rest by the box */
  double *diagonal, *pivot, *residual, *image, *direction, *better;
};

/* to = S u [kg/s]. */
void nw_box_apply(const struct nw_box_system *s, const double *u, double *to);
/* Readies the solve for theta [s]. */
void nw_box_factor(struct nw_box_system *s, double theta);
/* u <- (M + theta S)^-1 right, from u as a first guess; the number of iterations, 0 where it failed. */
size_t nw_box_solve(struct nw_box_system *s, double theta, const double *right, double *u);
