/* SPDX-License-Identifier: BSD-3-Clause
   Levels of lateral cells lumped two by two: a V-cycle over lines in depth. */
#include "box_levels.h"

#include <string.h>

#include "base/base.h"

enum { MOST_LEVELS = 16 };

static const double damping = 0.8; /* math: of Jacobi's method in two dimensions */

/* Arrays (nz, ny, nx) with nx ny zeros before and after; all but pivots with theta [m3]. */
struct level {
  size_t nx, ny, nz;
  double *stays;                /* storage and losses of a cell */
  double *east, *south, *below; /* conductance to the next cell */
  double *pivot;                /* of its line, inverse [1/m3] */
  double *right, *better, *left;
};

struct nw_box_levels {
  int n, threads;
  double *memory; /* owned: all arrays */
  struct level level[MOST_LEVELS];
};

static size_t plane_of(const struct level *l) {
  return l->nx * l->ny;
}

static size_t count_of(const struct level *l) {
  return l->nx * l->ny * l->nz;
}

struct nw_box_levels *nw_box_levels_create(size_t nx, size_t ny, size_t nz, int threads) {
  struct nw_box_levels *m = nw_allocate(1, sizeof *m);
  if (!m) return NULL;
  enum { ARRAYS = 8 };
  size_t numbers = 0;
  for (m->threads = threads; m->n < MOST_LEVELS; nx = (nx + 1) / 2, ny = (ny + 1) / 2) {
    m->level[m->n++] = (struct level){.nx = nx, .ny = ny, .nz = nz};
    numbers += ARRAYS * nx * ny * (nz + 2);
    if (nx * ny == 1) break;
  }
  double *at = m->memory = nw_allocate(numbers, sizeof(double));
  if (!at) nw_box_levels_free(&m);
  for (int i = 0; m && i < m->n; i++) {
    struct level *l = &m->level[i];
    double **const array[ARRAYS] = {&l->stays, &l->east,  &l->south,  &l->below,
                                    &l->pivot, &l->right, &l->better, &l->left};
    for (size_t k = 0; k < ARRAYS; k++, at += plane_of(l) * (nz + 2))
      *array[k] = at + plane_of(l);
  }
  return m;
}

void nw_box_levels_free(struct nw_box_levels **levels) {
  if (*levels) nw_release((*levels)->memory);
  nw_release(*levels);
  *levels = NULL;
}

/* Where cell (z, y, x) of the finer level goes. */
static inline size_t lump_of(const struct level *coarse, size_t z, size_t y, size_t x) {
  return (z * coarse->ny + y / 2) * coarse->nx + x / 2;
}

/* Sums over the cells of each lump; conductances sideways halve, as the way doubles. */
static void lump(const struct level *fine, const struct level *coarse, int threads) {
  double *const sum[] = {coarse->stays, coarse->below, coarse->east, coarse->south};
  for (size_t k = 0; k < NW_COUNT(sum); k++)
    memset(sum[k], 0, count_of(coarse) * sizeof(double));
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t z = 0; z < fine->nz; z++)
    for (size_t y = 0; y < fine->ny; y++)
      for (size_t x = 0; x < fine->nx; x++) {
        const size_t i = (z * fine->ny + y) * fine->nx + x, to = lump_of(coarse, z, y, x);
        coarse->stays[to] += fine->stays[i];
        coarse->below[to] += fine->below[i];
        if (x % 2) coarse->east[to] += fine->east[i] / 2;
        if (y % 2) coarse->south[to] += fine->south[i] / 2;
      }
}

static inline double beside(const struct level *l, size_t i) {
  return l->east[i] + l->south[i] + l->east[(ptrdiff_t)i - 1] + l->south[(ptrdiff_t)i - (ptrdiff_t)l->nx];
}

/* From the top: as in column_matrix.c, what stays is carried on and no pivot is a difference. */
static void factor_lines(const struct level *l, int threads) {
  const size_t plane = plane_of(l), n = count_of(l);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t c = 0; c < plane; c++) {
    double carried = 0;
    for (size_t i = c; i < n; i += plane) {
      const double stays = l->stays[i] + beside(l, i) + carried;
      l->pivot[i] = 1 / (stays + l->below[i]);
      carried = l->below[i] * stays * l->pivot[i];
    }
  }
}

void nw_box_levels_factor(struct nw_box_levels *m, const struct nw_box_system *s, double theta) {
  const struct level *l = &m->level[0];
#pragma omp parallel for num_threads(m->threads) schedule(static)
  for (size_t i = 0; i < count_of(l); i++) {
    l->stays[i] = s->stays[i];
    l->east[i] = theta * s->east[i];
    l->south[i] = theta * s->south[i];
    l->below[i] = theta * s->below[i];
  }
  for (int i = 0; i < m->n; i++) {
    if (i > 0) lump(&m->level[i - 1], &m->level[i], m->threads);
    factor_lines(&m->level[i], m->threads);
  }
}

/* z += share * (lines)^-1 b; b is lost. */
static void lines(const struct level *l, double share, double *b, double *z, int threads) {
  const size_t plane = plane_of(l), last = count_of(l) - plane;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t y = 0; y < l->ny; y++) {
    const size_t from = y * l->nx, to = from + l->nx;
    for (size_t c = from; c < to; c++)
      b[c] *= l->pivot[c];
    for (size_t k = plane; k <= last; k += plane)
      for (size_t c = k + from; c < k + to; c++)
        b[c] = (b[c] + l->below[c - plane] * b[c - plane]) * l->pivot[c];
    for (size_t k = last; k > 0; k -= plane)
      for (size_t c = k + from; c < k + to; c++) {
        b[c - plane] += l->below[c - plane] * l->pivot[c - plane] * b[c];
        z[c] += share * b[c];
      }
    for (size_t c = from; c < to; c++)
      z[c] += share * b[c];
  }
}

/* left = right - (M + theta S) z */
static void remain(const struct level *l, const double *right, const double *z, double *left, int threads) {
  const ptrdiff_t n = (ptrdiff_t)count_of(l), row = (ptrdiff_t)l->nx, plane = (ptrdiff_t)plane_of(l);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (ptrdiff_t i = 0; i < n; i++) {
    const double here = z[i];
    left[i] = right[i] - l->stays[i] * here + l->east[i - 1] * (z[i - 1] - here) +
              l->east[i] * (z[i + 1] - here) + l->south[i - row] * (z[i - row] - here) +
              l->south[i] * (z[i + row] - here) + l->below[i - plane] * (z[i - plane] - here) +
              l->below[i] * (z[i + plane] - here);
  }
}

static void gather(const struct level *fine, const struct level *coarse, int threads) {
  memset(coarse->right, 0, count_of(coarse) * sizeof(double));
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t z = 0; z < fine->nz; z++)
    for (size_t y = 0; y < fine->ny; y++)
      for (size_t x = 0; x < fine->nx; x++)
        coarse->right[lump_of(coarse, z, y, x)] += fine->left[(z * fine->ny + y) * fine->nx + x];
}

static void spread(const struct level *coarse, const struct level *fine, double *to, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t z = 0; z < fine->nz; z++)
    for (size_t y = 0; y < fine->ny; y++)
      for (size_t x = 0; x < fine->nx; x++)
        to[(z * fine->ny + y) * fine->nx + x] += coarse->better[lump_of(coarse, z, y, x)];
}

/* Lines, what they leave solved for in lumps, lines again: symmetric. */
static void cycle(struct nw_box_levels *m, int i, const double *right, double *z) {
  const struct level *l = &m->level[i];
  const bool last = i + 1 == m->n;
  memset(z, 0, count_of(l) * sizeof(double));
  memcpy(l->left, right, count_of(l) * sizeof(double));
  lines(l, last ? 1 : damping, l->left, z, m->threads);
  if (last) return;
  const struct level *coarse = &m->level[i + 1];
  remain(l, right, z, l->left, m->threads);
  gather(l, coarse, m->threads);
  cycle(m, i + 1, coarse->right, coarse->better);
  spread(coarse, l, z, m->threads);
  remain(l, right, z, l->left, m->threads);
  lines(l, damping, l->left, z, m->threads);
}

void nw_box_levels_apply(struct nw_box_levels *m, const double *residual, double *z) {
  cycle(m, 0, residual, z);
}
