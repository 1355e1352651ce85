/* SPDX-License-Identifier: BSD-3-Clause
   The explicit side of a step: drift and rates of every cell, and what the implicit solve starts from. */
#include <omp.h>

#include "workspace.h"

static void fill_potential(struct nw_workspace *s, real *const *u, size_t z) {
  for (int p = 0; p < s->n_potentials; p++) {
    const real *signal = u[s->potential[p].signal] + z * s->plan.plane;
    real *value = s->potential[p].value + z * s->plan.plane;
    for (size_t i = 0; i < s->plan.plane; i += LANES) {
      const vreal x = positive_part(load(signal + i));
      store(value + i, x / ((real)1 + x * s->potential[p].inverse_saturation));
    }
  }
}

/* Flux through the face between cells a and b (from a to b). Central where diffusion can hold it,
   with just enough upwinding elsewhere to keep the matrix of the combined flux monotone. */
NW_INLINE vreal face_flux(const struct drift *d, vreal ua, vreal ub, vreal pa, vreal pb,
                          vreal inverse_distance, vreal *fastest) {
  const vreal limit = broadcast(d->speed_limit);
  const vreal wanted = (pb - pa) * inverse_distance * d->sensitivity;
  const vreal speed = larger(smaller(wanted, limit), -limit);
  const vreal upwind = positive_part(magnitude(speed) - inverse_distance * ((real)2 * d->diffusivity));
  *fastest = larger(*fastest, magnitude(speed) * inverse_distance);
  return (real)0.5 * (speed * (ua + ub) - upwind * (ub - ua));
}

/* Where a row's neighbours stand; at the ends of the patch the row is its own neighbour, so no flux. */
struct neighbours {
  size_t here, south, north, above, below;
};

static struct neighbours neighbours_of(const struct diffuse_plan *p, size_t y, size_t z) {
  const size_t here = z * p->plane + y * p->nx;
  return (struct neighbours){here, y > 0 ? here - p->nx : here, y + 1 < p->ny ? here + p->nx : here,
                             z > 0 ? here - p->plane : here, z + 1 < p->nz ? here + p->plane : here};
}

/* rate -= div(u w) along one row; tells the largest speed over cell distance. The last vector may write
   beyond the row: rows are filled in order, and the buffer has room at its end. */
static real drift_row(const struct nw_workspace *s, const struct drift *d, const real *u, size_t y, size_t z,
                      real *rate) {
  const real *phi = s->potential[d->potential].value;
  const struct neighbours at = neighbours_of(&s->plan, y, z);
  const struct faces *fx = &s->faces[0], *fy = &s->faces[1], *fz = &s->faces[2];
  vreal fastest = {0};
  for (size_t x = 0; x < s->plan.nx; x += LANES) {
    const vreal u0 = load(u + at.here + x), p0 = load(phi + at.here + x);
#define FLUX_IN(place, distance) \
  face_flux(d, load(u + (place)), u0, load(phi + (place)), p0, distance, &fastest)
#define FLUX_OUT(place, distance) \
  face_flux(d, u0, load(u + (place)), p0, load(phi + (place)), distance, &fastest)
    vreal sum = load(fx->left + x) * FLUX_IN(at.here + x - 1, load(fx->left_distance + x)) -
                load(fx->right + x) * FLUX_OUT(at.here + x + 1, load(fx->right_distance + x));
    sum += fy->left[y] * FLUX_IN(at.south + x, broadcast(fy->left_distance[y])) -
           fy->right[y] * FLUX_OUT(at.north + x, broadcast(fy->right_distance[y]));
    sum += fz->left[z] * FLUX_IN(at.above + x, broadcast(fz->left_distance[z])) -
           fz->right[z] * FLUX_OUT(at.below + x, broadcast(fz->right_distance[z]));
#undef FLUX_IN
#undef FLUX_OUT
    store(rate + x, sum);
  }
  real most = 0;
  for (size_t lane = 0; lane < LANES; lane++)
    most = fastest[lane] > most ? fastest[lane] : most;
  return most;
}

/* Some rows of one layer, long enough for the memory to stream and short enough for their rates to stay
   in the nearest cache. */
struct chunk {
  size_t z, y, rows; /* rows y .. y + rows of layer z */
  size_t here, cells;
};

static struct chunk chunk_of(const struct nw_workspace *s, size_t index) {
  const size_t z = index / s->chunks, y = index % s->chunks * s->chunk_rows;
  const size_t rows = s->plan.ny - y < s->chunk_rows ? s->plan.ny - y : s->chunk_rows;
  return (struct chunk){z, y, rows, z * s->plan.plane + y * s->plan.nx, rows * s->plan.nx};
}

static double chunk_drifts(const struct nw_workspace *s, real *const *u, const struct chunk *c, real *rate) {
  double fastest = 0;
  for (int d = 0; d < s->system.n_drifts; d++) {
    real *to = rate + (size_t)s->drift[d].field * s->chunk;
    for (size_t row = 0; row < c->rows; row++) {
      const real most =
          drift_row(s, &s->drift[d], u[s->drift[d].field], c->y + row, c->z, to + row * s->plan.nx);
      fastest = most > fastest ? most : fastest;
    }
  }
  return fastest;
}

/* First-order loss through the top of the first layer. */
static void chunk_leak(const struct nw_workspace *s, real *const *u, const struct chunk *c, real *rate) {
  const real inverse_depth = (real)(1 / s->faces[2].width[0]);
  for (int f = 0; f < s->system.n_fields; f++) {
    if (!s->system.field[f].leaks) continue;
    for (size_t i = 0; i < c->cells; i++)
      rate[(size_t)f * s->chunk + i] -= (real)s->leak[c->here + i] * inverse_depth * u[f][c->here + i];
  }
}

static double chunk_rates(const struct nw_workspace *s, real *const *u, const struct chunk *c, real *rate) {
  const struct nw_system *system = &s->system;
  const void *in[NW_MOST_FIELDS];
  void *out[NW_MOST_FIELDS];
  memset(rate, 0, (size_t)system->n_fields * s->chunk * sizeof(real));
  const double fastest = chunk_drifts(s, u, c, rate);
  for (int f = 0; f < system->n_fields; f++) {
    in[f] = u[f] + c->here;
    out[f] = rate + (size_t)f * s->chunk;
  }
  system->rates(system->constants, VECTORS(c->cells), in, out);
  if (s->leak && c->z == 0) chunk_leak(s, u, c, rate);
  return fastest;
}

static void assemble(const struct nw_workspace *s, const struct assembly *a, const struct chunk *c,
                     const real *rate) {
  for (int f = 0; f < s->system.n_fields; f++) {
    const real own = a->beta + (a->damped ? a->tau * (real)s->system.field[f].damping : 0);
    const real *restrict u = s->u[f] + c->here, *restrict from = a->from[f] + c->here;
    const real *restrict n = rate + (size_t)f * s->chunk;
    real *restrict to = a->to[f] + c->here;
    if (a->alpha == 0) {
      for (size_t i = 0; i < c->cells; i++)
        to[i] = own * from[i] + a->tau * n[i];
    } else {
      for (size_t i = 0; i < c->cells; i++)
        to[i] = a->alpha * u[i] + own * from[i] + a->tau * n[i];
    }
  }
}

void NW_VARIANT(right_side)(struct nw_workspace *s, const struct assembly *a) {
#pragma omp parallel num_threads(s->threads)
  {
    const unsigned before = tiny_is_zero();
    real *rate = s->rates[omp_get_thread_num()];
#pragma omp for schedule(static)
    for (size_t z = 0; z < s->plan.nz; z++)
      fill_potential(s, a->from, z);
#pragma omp for schedule(static)
    for (size_t k = 0; k < s->plan.nz * s->chunks; k++) {
      const struct chunk c = chunk_of(s, k);
      s->speed[k] = chunk_rates(s, a->from, &c, rate);
      assemble(s, a, &c, rate);
    }
    tiny_as_before(before);
  }
}
