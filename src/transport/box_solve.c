/* SPDX-License-Identifier: BSD-3-Clause
   Conjugate gradients over lines in depth. */
#include "box_solve.h"

#include <math.h>
#include <string.h>

enum { MOST = 2000 };

static const double tolerance = 1e-13; /* math: of the residual, relative to the right side */

static size_t plane_of(const struct nw_box_system *s) {
  return s->nx * s->ny;
}

static size_t count_of(const struct nw_box_system *s) {
  return s->nx * s->ny * s->nz;
}

/* Sum of all conductances of a cell. Faces at the sides are 0, and so is the padding: no cell is special. */
static inline double sum_of(const struct nw_box_system *s, ptrdiff_t i, ptrdiff_t row, ptrdiff_t plane) {
  return s->loss[i] + s->east[i] + s->south[i] + s->below[i] + s->east[i - 1] + s->south[i - row] +
         s->below[i - plane];
}

/* What the neighbours give to cell i. */
static inline double given(const struct nw_box_system *s, const double *u, ptrdiff_t i, ptrdiff_t row,
                           ptrdiff_t plane) {
  return s->east[i - 1] * u[i - 1] + s->east[i] * u[i + 1] + s->south[i - row] * u[i - row] +
         s->south[i] * u[i + row] + s->below[i - plane] * u[i - plane] + s->below[i] * u[i + plane];
}

void nw_box_apply(const struct nw_box_system *s, const double *u, double *to) {
  const ptrdiff_t n = (ptrdiff_t)count_of(s), row = (ptrdiff_t)s->nx, plane = (ptrdiff_t)plane_of(s);
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (ptrdiff_t i = 0; i < n; i++)
    to[i] = sum_of(s, i, row, plane) * u[i] - given(s, u, i, row, plane);
}

void nw_box_factor(struct nw_box_system *s, double theta) {
  const size_t plane = plane_of(s);
  const ptrdiff_t n = (ptrdiff_t)count_of(s);
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (ptrdiff_t i = 0; i < n; i++)
    s->diagonal[i] = s->capacity[i] + theta * sum_of(s, i, (ptrdiff_t)s->nx, (ptrdiff_t)plane);
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t c = 0; c < plane; c++) {
    s->pivot[c] = 1 / s->diagonal[c];
    for (size_t i = c + plane; i < count_of(s); i += plane) {
      const double coupling = theta * s->below[i - plane];
      s->pivot[i] = 1 / (s->diagonal[i] - coupling * coupling * s->pivot[i - plane]);
    }
  }
}

/* better = lines in depth solved for the residual */
static void precondition(struct nw_box_system *s, double theta) {
  const size_t plane = plane_of(s), last = count_of(s) - plane;
  double *z = s->better;
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t y = 0; y < s->ny; y++) {
    const size_t from = y * s->nx, to = from + s->nx;
    for (size_t c = from; c < to; c++)
      z[c] = s->residual[c] * s->pivot[c];
    for (size_t k = plane; k <= last; k += plane)
      for (size_t c = from; c < to; c++)
        z[k + c] =
            (s->residual[k + c] + theta * s->below[k + c - plane] * z[k + c - plane]) * s->pivot[k + c];
    for (size_t k = last; k > 0; k -= plane)
      for (size_t c = from; c < to; c++)
        z[k + c - plane] += theta * s->below[k + c - plane] * s->pivot[k + c - plane] * z[k + c];
  }
}

/* Layer by layer, so that the sum does not depend on threads. */
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

/* image = (M + theta S) u */
static void apply_step(struct nw_box_system *s, double theta, const double *u) {
  const ptrdiff_t n = (ptrdiff_t)count_of(s), row = (ptrdiff_t)s->nx, plane = (ptrdiff_t)plane_of(s);
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (ptrdiff_t i = 0; i < n; i++)
    s->image[i] = s->diagonal[i] * u[i] - theta * given(s, u, i, row, plane);
}

static void move(struct nw_box_system *s, double length, double *u) {
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t i = 0; i < count_of(s); i++) {
    u[i] += length * s->direction[i];
    s->residual[i] -= length * s->image[i];
  }
}

static void turn(struct nw_box_system *s, double share) {
#pragma omp parallel for num_threads(s->threads) schedule(static)
  for (size_t i = 0; i < count_of(s); i++)
    s->direction[i] = s->better[i] + share * s->direction[i];
}

size_t nw_box_solve(struct nw_box_system *s, double theta, const double *right, double *u) {
  const size_t n = count_of(s);
  const double wanted = tolerance * tolerance * product(s, right, right);
  double before = 0;
  apply_step(s, theta, u);
  for (size_t i = 0; i < n; i++)
    s->residual[i] = right[i] - s->image[i];
  for (size_t k = 0; k < MOST; k++) {
    if (product(s, s->residual, s->residual) <= wanted) return k + 1;
    precondition(s, theta);
    const double now = product(s, s->residual, s->better);
    turn(s, k == 0 ? 0 : now / before);
    apply_step(s, theta, s->direction);
    move(s, now / product(s, s->direction, s->image), u);
    before = now;
  }
  return 0;
}
