/* SPDX-License-Identifier: BSD-3-Clause
   Which of many inputs drive a result: elementary effects (Morris) to screen, Sobol's indices to share out
   the variance. Knows nothing of skin: points lie in the unit cube, results come back as numbers, NAN where a
   point could not be run. Points depend only on the seed. */
#pragma once
#include "base/base.h"

/* Whether a point of the cube may be run at all. */
typedef bool (*nw_point_accept)(const void *data, const double *x);

/* ---- screening ---- */

/* Round `round` of a radial design: x (n + 1, n) holds a base point, then the same with one input moved by a
   quarter to three quarters of its range. A base or a move that is refused is drawn again; a move for which
   none is found stays at the base. false: no base was found. */
bool nw_screen_points(uint64_t seed, size_t round, size_t n, nw_point_accept accept, const void *data,
                      double *x);

/* Elementary effects of one input on one result, for a move through its whole range [unit of the result]. */
struct nw_effect {
  double mean, size, spread; /* mean, mean of the absolute value, standard deviation; NAN without any */
  size_t count;              /* effects that could be read */
};
/* Effect of input i from x (rounds, n + 1, n) and results f (rounds, n + 1) that stand `stride` apart. */
struct nw_effect nw_screen_effect(size_t n, size_t rounds, size_t i, const double *x, const double *f,
                                  size_t stride);

/* ---- shares of the variance ---- */

/* Row `row` of `rows`: x (n + 2, n) holds a point A, a point B, and A with one input from B for each input,
   from a Latin hypercube of 2 n dimensions; a row of which any point is refused is drawn again at random.
   false: none was found. */
bool nw_sobol_points(uint64_t seed, size_t row, size_t rows, size_t n, nw_point_accept accept,
                     const void *data, double *x);

struct nw_sobol_index {
  double value, low, high; /* 90 % bootstrap interval [1] */
};
struct nw_sobol {
  double mean, variance; /* of the result */
  size_t rows;           /* that could be read whole */
};
/* First-order and total indices, (n) each, of results f (rows, n + 2) that stand `stride` apart: Saltelli's
   estimator of 2010 and Jansen's; intervals by resampling rows. NAN where the result does not vary.
   NW_MEMORY. */
enum nw_status nw_sobol_indices(struct nw_context *context, uint64_t seed, size_t n, size_t rows,
                                const double *f, size_t stride, struct nw_sobol *about,
                                struct nw_sobol_index *first, struct nw_sobol_index *total);
