/* SPDX-License-Identifier: BSD-3-Clause
   Implicit diffusion in an uneven medium by preconditioned conjugate gradients.

   Times volumes V and over s = tau D the equation (1 + tau k) u - s div(c grad u) = b reads
   ((1 + tau k) / s V + K) u = V b / s with K symmetric, and one cycle of multigrid is a symmetric positive
   approximation of its inverse. Faces take the harmonic mean of the ratios beside them, so the flux
   through a layered wall is exact. */
#include "varying.h"

#include <math.h>

#include "base/base.h"

static bool make_work(const struct levels *levels, struct gradients *w) {
  const struct level *l = &levels->level[0];
  w->answer = NW_VARIANT(level_field)(l);
  w->direction = NW_VARIANT(level_field)(l);
  w->image = NW_VARIANT(level_field)(l);
  return NW_VARIANT(cycle_create)(&w->cycle, levels) && w->answer && w->direction && w->image;
}

static void free_work(const struct levels *levels, struct gradients *w) {
  const struct level *l = &levels->level[0];
  NW_VARIANT(cycle_clear)(&w->cycle, levels);
  NW_VARIANT(level_free)(l, w->answer);
  NW_VARIANT(level_free)(l, w->direction);
  NW_VARIANT(level_free)(l, w->image);
}

bool NW_VARIANT(varying_create)(struct varying *v, const struct nw_grid *grid, const double *ratio,
                                int threads) {
  const double tolerance = sizeof(real) == sizeof(float) ? 1e-5 : 1e-10;
  double low = INFINITY, high = 0;
  *v = (struct varying){.tolerance = tolerance, .most = 200, .threads = threads};
  if (!NW_VARIANT(levels_create)(&v->levels, grid, ratio)) return false;
  v->work = nw_allocate((size_t)threads, sizeof *v->work);
  for (int t = 0; v->work && t < threads; t++)
    if (!make_work(&v->levels, &v->work[t])) return false;
  for (size_t i = 0; i < nw_grid_cells(grid); i++) {
    low = fmin(low, ratio[i]);
    high = fmax(high, ratio[i]);
  }
  v->typical = sqrt(low * high);
  return v->work;
}

void NW_VARIANT(varying_clear)(struct varying *v) {
  for (int t = 0; v->work && t < v->threads; t++)
    free_work(&v->levels, &v->work[t]);
  nw_release(v->work);
  NW_VARIANT(levels_clear)(&v->levels);
  *v = (struct varying){0};
}

/* ---- sums, in double precision and a fixed order ---- */

typedef double wide __attribute__((vector_size(LANES * sizeof(double))));

NW_INLINE wide widen(vreal a) {
  return __builtin_convertvector(a, wide);
}

NW_INLINE double total(wide sum) {
  double all = 0;
  for (size_t lane = 0; lane < LANES; lane++)
    all += sum[lane];
  return all;
}

static double product(const struct level *l, const real *a, const real *b) {
  wide sum = {0};
  for (size_t i = 0; i < l->ny * l->slab; i += LANES)
    sum += widen(load(a + i)) * widen(load(b + i));
  return total(sum);
}

/* ---- the operator ---- */

/* What flows into LANES cells through both faces along one axis. */
NW_INLINE vreal flow(const real *face, const real *u, size_t i, size_t down, size_t up, vreal here) {
  return load(face + i) * (load(u + i - down) - here) + load(face + i + up) * (load(u + i + up) - here);
}

/* to = (mass V + K) u; the product of u and `to` */
static double apply(const struct level *l, const real *u, double mass, real *to) {
  wide sum = {0};
  for (size_t k = 0; k < l->ny * l->nz; k++) {
    const size_t z = k % l->nz, down = z > 0 ? l->row : 0, up = z + 1 < l->nz ? l->row : 0; /* 0: no face */
    for (size_t i = k * l->row; i < (k + 1) * l->row; i += LANES) {
      const vreal here = load(u + i);
      const vreal into = flow(l->x, u, i, 1, 1, here) + flow(l->y, u, i, l->slab, l->slab, here) +
                         flow(l->z, u, i, down, up, here);
      const vreal image = load(l->volume + i) * (real)mass * here - into;
      store(to + i, image);
      sum += widen(here) * widen(image);
    }
  }
  return total(sum);
}

/* answer += length direction, residual -= length image; the integral of the squares of the residual, which
   is one of sums over cells, taken back to means. */
static double advance(const struct level *l, struct gradients *w, double length) {
  const real step = (real)length;
  real *residual = w->cycle.work[0].right;
  wide sum = {0};
  for (size_t i = 0; i < l->ny * l->slab; i += LANES) {
    const vreal r = load(residual + i) - load(w->image + i) * step, volume = load(l->volume + i);
    store(w->answer + i, load(w->answer + i) + load(w->direction + i) * step);
    store(residual + i, r);
    sum += widen(r) * widen(pick(volume > (vreal){0}, r / volume, (vreal){0}));
  }
  return total(sum);
}

/* ---- between the field's rows and those of the finest level ---- */

/* to = V u factor; the integral of u factor squared */
static double read_sums(const struct diffuse_plan *p, const struct level *l, const real *u, double factor,
                        real *to) {
  double sum = 0;
  for (size_t z = 0; z < p->nz; z++)
    for (size_t y = 0; y < p->ny; y++)
      for (size_t x = 0; x < p->nx; x++) {
        const size_t i = y * l->slab + z * l->row + x;
        const double value = (double)u[z * p->plane + y * p->nx + x] * factor;
        to[i] = (real)value * l->volume[i];
        sum += value * (double)to[i];
      }
  return sum;
}

static void read_values(const struct diffuse_plan *p, const struct level *l, const real *u, real *to) {
  for (size_t z = 0; z < p->nz; z++)
    for (size_t y = 0; y < p->ny; y++)
      memcpy(to + y * l->slab + z * l->row, u + z * p->plane + y * p->nx, p->nx * sizeof(real));
}

static void write_values(const struct diffuse_plan *p, const struct level *l, const real *from, real *u) {
  for (size_t z = 0; z < p->nz; z++)
    for (size_t y = 0; y < p->ny; y++)
      memcpy(u + z * p->plane + y * p->nx, from + y * l->slab + z * l->row, p->nx * sizeof(real));
}

/* ---- conjugate gradients ---- */

/* direction = preconditioned + turn direction */
static void turn_direction(const struct level *l, const real *preconditioned, double turn, real *direction) {
  const real t = (real)turn;
  for (size_t i = 0; i < l->ny * l->slab; i += LANES)
    store(direction + i, load(preconditioned + i) + load(direction + i) * t);
}

/* Goes on from w->answer and its residual until the integral of the residual's squares is `wanted`. */
static int iterate(const struct varying *v, struct gradients *w, double mass, double square, double wanted) {
  const struct level *l = &v->levels.level[0];
  real *residual = w->cycle.work[0].right, *preconditioned = w->cycle.work[0].answer;
  double before = 0;
  int taken = 0;
  for (; taken < v->most && square > wanted; taken++) {
    if (taken == 0) NW_VARIANT(cycle_factor)(&w->cycle, &v->levels, mass);
    NW_VARIANT(cycle)(&w->cycle, &v->levels);
    const double now = product(l, residual, preconditioned);
    if (taken == 0) {
      memcpy(w->direction, preconditioned, l->ny * l->slab * sizeof(real));
    } else {
      turn_direction(l, preconditioned, now / before, w->direction);
    }
    const double length = now / apply(l, w->direction, mass, w->image);
    square = advance(l, w, length);
    before = now;
  }
  return taken;
}

/* Levels evenly what the iteration left of the integral: an even field is an exact solution by itself. */
static void conserve(const struct diffuse_plan *p, real *u, double integral) {
  const real missing = (real)((integral - NW_VARIANT(integrate)(p, u)) / p->volume);
  for (size_t i = 0; i < p->nz * p->plane; i += LANES)
    store(u + i, load(u + i) + missing);
}

int NW_VARIANT(diffuse_varying)(const struct diffuse_plan *p, struct diffuse_scratch *s,
                                const struct varying *v, int thread, real *u, double diffusivity,
                                double decay, double tau) {
  const struct level *l = &v->levels.level[0];
  struct gradients *w = &v->work[thread];
  real *residual = w->cycle.work[0].right;
  const double own = 1 + tau * decay, spread = tau * diffusivity,
               integral = NW_VARIANT(integrate)(p, u) / own;
  if (spread == 0) {
    NW_VARIANT(diffuse)(p, s, u, diffusivity, decay, tau);
    return 0;
  }
  const double wanted = v->tolerance * v->tolerance * read_sums(p, l, u, 1 / spread, residual);
  NW_VARIANT(diffuse)(p, s, u, diffusivity * v->typical, decay, tau);
  if (!isfinite(wanted)) return 0; /* nothing that is no number may get into the work of later solves */
  read_values(p, l, u, w->direction);
  memset(w->answer, 0, l->ny * l->slab * sizeof(real));
  apply(l, w->direction, own / spread, w->image);
  const int taken = iterate(v, w, own / spread, advance(l, w, 1), wanted);
  write_values(p, l, w->answer, u);
  conserve(p, u, integral);
  return taken;
}
