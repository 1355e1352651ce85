/* SPDX-License-Identifier: BSD-3-Clause
   Conjugate gradients, and refinement of what they leave. */
#include "box_solve.h"

#include <math.h>
#include <string.h>

#include "box_levels.h"

enum { MOST_ITERATIONS = 2000, MOST_PASSES = 12 };

static const double missing = 1e-12;  /* math: share of what is held and passes, that a solve may lose */
static const double reduction = 1e-6; /* math: of the residual in a pass, before rounding counts */

static size_t plane_of(const struct nw_box_system *s) {
  return s->nx * s->ny;
}

static size_t count_of(const struct nw_box_system *s) {
  return s->nx * s->ny * s->nz;
}

void nw_box_factor(struct nw_box_system *s, double theta) {
  const size_t plane = plane_of(s);
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t k = 0; k < s->nz; k++)
    for (size_t c = 0; c < plane; c++) {
      const size_t i = k * plane + c;
      const double vehicle = (k == 0 ? s->top[c] : 0) + (k == s->viable ? s->polar[c] : 0);
      s->stays[i] = s->capacity[i] + theta * (s->loss[i] + vehicle);
    }
  nw_box_levels_factor(s->levels, s, theta);
}

/* Layer by layer, so that sums do not depend on threads. */
static double product(const struct nw_box_system *s, const double *a, const double *b) {
  const size_t plane = plane_of(s);
  double layer[4096], sum = 0; /* deeper grids are not made */
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t k = 0; k < s->nz; k++) {
    layer[k] = 0;
    for (size_t i = k * plane; i < (k + 1) * plane; i++)
      layer[k] += a[i] * b[i];
  }
  for (size_t k = 0; k < s->nz; k++)
    sum += layer[k];
  return sum;
}

/* image = (M + theta S) u, without the supply. Faces at the sides are 0, and so is the padding: no cell is
   special. */
static void apply_step(struct nw_box_system *s, double theta, const double *u) {
  const ptrdiff_t n = (ptrdiff_t)count_of(s), row = (ptrdiff_t)s->nx, plane = (ptrdiff_t)plane_of(s);
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (ptrdiff_t i = 0; i < n; i++) {
    const double here = u[i];
    const double in = s->east[i - 1] * (u[i - 1] - here) + s->east[i] * (u[i + 1] - here) +
                      s->south[i - row] * (u[i - row] - here) + s->south[i] * (u[i + row] - here) +
                      s->below[i - plane] * (u[i - plane] - here) + s->below[i] * (u[i + plane] - here);
    s->image[i] = s->stays[i] * here - theta * in;
  }
}

static void move(struct nw_box_system *s, double length) {
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t i = 0; i < count_of(s); i++) {
    s->step[i] += length * s->direction[i];
    s->residual[i] -= length * s->image[i];
  }
}

static void turn(struct nw_box_system *s, double share) {
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t i = 0; i < count_of(s); i++)
    s->direction[i] = s->better[i] + share * s->direction[i];
}

/* step = (M + theta S)^-1 residual, roughly; the iterations that it took. */
static size_t iterate(struct nw_box_system *s, double theta) {
  const double wanted = reduction * reduction * product(s, s->residual, s->residual);
  double before = 0;
  memset(s->step, 0, count_of(s) * sizeof(double));
  for (size_t k = 0; k < MOST_ITERATIONS; k++) {
    if (product(s, s->residual, s->residual) <= wanted) return k;
    nw_box_levels_apply(s->levels, s->residual, s->better);
    const double now = product(s, s->residual, s->better);
    turn(s, k == 0 ? 0 : now / before);
    apply_step(s, theta, s->direction);
    move(s, now / product(s, s->direction, s->image));
    before = now;
  }
  return MOST_ITERATIONS;
}

/* u + low <- u + low + step, what does not fit into u kept in low. */
static void improve(struct nw_box_system *s, double *u) {
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t i = 0; i < count_of(s); i++) {
    const double add = s->step[i] + s->low[i], sum = u[i] + add, part = sum - u[i];
    s->low[i] = (u[i] - (sum - part)) + (add - part);
    u[i] = sum;
  }
}

/* Of u + low: neighbours that are all but alike differ exactly in u, and by low. */
static inline double differ(const double *u, const double *low, ptrdiff_t a, ptrdiff_t b) {
  return (u[a] - u[b]) + (low[a] - low[b]);
}

static inline double flow_in(const struct nw_box_system *s, const double *u, ptrdiff_t i, ptrdiff_t row,
                             ptrdiff_t plane) {
  const double *const low = s->low;
  return s->east[i - 1] * differ(u, low, i - 1, i) + s->east[i] * differ(u, low, i + 1, i) +
         s->south[i - row] * differ(u, low, i - row, i) + s->south[i] * differ(u, low, i + row, i) +
         s->below[i - plane] * differ(u, low, i - plane, i) + s->below[i] * differ(u, low, i + plane, i);
}

/* From the vehicle into a column: at its top, and past the layers above `viable`. */
static double into_top(const struct nw_box_system *s, double vehicle, const double *u, size_t column) {
  return s->top[column] * ((s->share[column] * vehicle - u[column]) - s->low[column]);
}

static double past_top(const struct nw_box_system *s, double vehicle, const double *u, size_t column) {
  const size_t i = s->viable * plane_of(s) + column;
  return s->polar[column] * ((vehicle - u[i]) - s->low[i]);
}

/* residual = right + theta supply - (M + theta S)(u + low), in fluxes. Returns the mass that is missing as a
   share of what is held and of what passes. */
static double check(struct nw_box_system *s, double theta, double vehicle, const double *right,
                    const double *u) {
  const ptrdiff_t row = (ptrdiff_t)s->nx, plane = (ptrdiff_t)plane_of(s);
  double wrong = 0, all = 0;
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (ptrdiff_t i = 0; i < plane * (ptrdiff_t)s->nz; i++) {
    double in = flow_in(s, u, i, row, plane) - s->loss[i] * (u[i] + s->low[i]);
    if (i < plane) in += into_top(s, vehicle, u, (size_t)i);
    if ((size_t)(i / plane) == s->viable) in += past_top(s, vehicle, u, (size_t)(i % plane));
    s->residual[i] = ((right[i] - s->capacity[i] * u[i]) - s->capacity[i] * s->low[i]) + theta * in;
  }
  for (size_t i = 0; i < count_of(s); i++) {
    wrong += fabs(s->residual[i]);
    all += fabs(right[i]) + fabs(s->capacity[i] * u[i]);
  }
  for (size_t c = 0; c < (size_t)plane; c++)
    all += theta * (fabs(into_top(s, vehicle, u, c)) + fabs(past_top(s, vehicle, u, c)));
  return wrong > 0 ? wrong / all : 0;
}

size_t nw_box_solve(struct nw_box_system *s, double theta, double vehicle, const double *right, double *u,
                    double *supplied) {
  size_t iterations = 1;
  memset(s->low, 0, count_of(s) * sizeof(double));
  for (int pass = 0; pass < MOST_PASSES; pass++) {
    if (check(s, theta, vehicle, right, u) <= missing) {
      *supplied = 0;
      for (size_t c = 0; c < plane_of(s); c++)
        *supplied += into_top(s, vehicle, u, c) + past_top(s, vehicle, u, c);
      return iterations;
    }
    iterations += iterate(s, theta);
    improve(s, u);
  }
  return 0;
}
