/* SPDX-License-Identifier: BSD-3-Clause
   The exact implicit solve of diffusion and decay. */
#include "diffuse.h"

#include "base/base.h"

bool NW_VARIANT(diffuse_plan_create)(struct diffuse_plan *plan, const struct nw_grid *grid,
                                     const struct nw_basis basis[2]) {
  const struct nw_axis *x = &grid->axis[0], *y = &grid->axis[1], *z = &grid->axis[2];
  *plan = (struct diffuse_plan){.nx = x->n, .ny = y->n, .nz = z->n, .plane = PADDED(x->n * y->n)};
  /* with a single row, lines are gathered over z, and modes stand along x alone */
  const size_t mode_row = y->n == 1 ? 1 : PADDED(y->n);
  plan->modes = PADDED(x->n * mode_row);
  plan->volume_z = z->volume;
  plan->weight = nw_allocate(plan->plane, sizeof(real));
  plan->eigenvalue = nw_allocate(plan->modes, sizeof(real));
  plan->lower = nw_allocate(z->n, sizeof(double));
  plan->upper = nw_allocate(z->n, sizeof(double));
  if (!plan->eigenvalue || !plan->weight || !plan->lower || !plan->upper ||
      !NW_VARIANT(line_plan_create)(&plan->x, &basis[0]) ||
      !NW_VARIANT(line_plan_create)(&plan->y, &basis[1]))
    return false;
  for (size_t i = 0; i < x->n; i++)
    for (size_t j = 0; j < y->n; j++)
      plan->eigenvalue[i * mode_row + j] = (real)(basis[0].eigenvalue[i] + basis[1].eigenvalue[j]);
  double area = 0;
  for (size_t i = 0; i < x->n * y->n; i++)
    area += x->volume[i % x->n] * y->volume[i / x->n];
  for (size_t i = 0; i < x->n * y->n; i++)
    plan->weight[i] = (real)(x->volume[i % x->n] * y->volume[i / x->n] / area);
  for (size_t k = 0; k < z->n; k++) {
    plan->volume += z->volume[k];
    plan->lower[k] = z->face[k] * z->inverse_distance[k] / z->volume[k];
    plan->upper[k] = z->face[k + 1] * z->inverse_distance[k + 1] / z->volume[k];
  }
  return true;
}

void NW_VARIANT(diffuse_plan_clear)(struct diffuse_plan *plan) {
  NW_VARIANT(line_plan_clear)(&plan->x);
  NW_VARIANT(line_plan_clear)(&plan->y);
  nw_release(plan->eigenvalue);
  nw_release(plan->weight);
  nw_release(plan->lower);
  nw_release(plan->upper);
  *plan = (struct diffuse_plan){0};
}

bool NW_VARIANT(diffuse_scratch_create)(struct diffuse_scratch *scratch, const struct diffuse_plan *plan) {
  const size_t longest = plan->nx > plan->ny ? plan->nx : plan->ny;
  scratch->mode = nw_allocate(plan->nz * plan->modes, sizeof(real));
  scratch->pivot = nw_allocate(plan->nz * plan->modes, sizeof(real));
  scratch->middle = nw_allocate(plan->ny * PADDED(plan->nx) + LANES, sizeof(real));
  scratch->a = nw_allocate(longest + 2, sizeof(vreal));
  scratch->b = nw_allocate(longest + 2, sizeof(vreal));
  return scratch->mode && scratch->pivot && scratch->middle && scratch->a && scratch->b;
}

void NW_VARIANT(diffuse_scratch_clear)(struct diffuse_scratch *scratch) {
  nw_release(scratch->mode);
  nw_release(scratch->pivot);
  nw_release(scratch->middle);
  nw_release(scratch->a);
  nw_release(scratch->b);
  *scratch = (struct diffuse_scratch){0};
}

/* Lines across memory: LANES neighbouring values of each of n rows, the last block may be short. */
static void gather_rows(const real *from, size_t stride, size_t n, size_t count, const size_t *slot,
                        vreal *a) {
  for (size_t j = 0; j < n; j++) {
    if (count == LANES) {
      a[slot[j]] = load(from + j * stride);
    } else {
      vreal part = {0};
      memcpy(&part, from + j * stride, count * sizeof(real));
      a[slot[j]] = part;
    }
  }
}

/* Lines along memory: `count` rows of n values, one row for each lane; whole small squares at a time. */
static void gather_columns(const real *from, size_t stride, size_t n, size_t count, const size_t *slot,
                           vreal *a) {
  real(*line)[LANES] = (real(*)[LANES])a;
  const size_t squares = count / SHORT * SHORT, whole = n / SHORT * SHORT;
  if (count < LANES) memset(a, 0, n * sizeof *a);
  for (size_t i = 0; i < whole; i += SHORT)
    for (size_t lane = 0; lane < squares; lane += SHORT) {
      real *to[SHORT];
      for (size_t k = 0; k < SHORT; k++)
        to[k] = &line[slot[i + k]][lane];
      turn_block(from + lane * stride + i, stride, to);
    }
  for (size_t lane = 0; lane < count; lane++)
    for (size_t i = lane < squares ? whole : 0; i < n; i++)
      line[slot[i]][lane] = from[lane * stride + i];
}

static void scatter_columns(real *to, size_t stride, size_t count, const struct line_plan *plan,
                            const vreal *a) {
  const real(*line)[LANES] = (const real(*)[LANES])a;
  const size_t squares = count / SHORT * SHORT, whole = plan->n / SHORT * SHORT;
  for (size_t i = 0; i < whole; i += SHORT)
    for (size_t lane = 0; lane < squares; lane += SHORT) {
      real square[SHORT][SHORT], *out[SHORT];
      for (size_t k = 0; k < SHORT; k++) {
        memcpy(square[k], &line[slot_back(plan, i + k)][lane], sizeof square[k]);
        out[k] = to + (lane + k) * stride + i;
      }
      turn_block(square[0], SHORT, out);
    }
  for (size_t lane = 0; lane < count; lane++)
    for (size_t i = lane < squares ? whole : 0; i < plan->n; i++)
      to[lane * stride + i] = line[slot_back(plan, i)][lane];
}

NW_INLINE size_t at_most(size_t n, size_t limit) {
  return n < limit ? n : limit;
}

/* One plane (ny, nx) to modes (nx, padded ny). */
static void plane_forward(const struct diffuse_plan *p, struct diffuse_scratch *s, const real *u,
                          real *mode) {
  const size_t row = PADDED(p->nx), mode_row = PADDED(p->ny);
  vreal *done;
  for (size_t x = 0; x < p->nx; x += LANES) {
    gather_rows(u + x, p->nx, p->ny, at_most(p->nx - x, LANES), p->y.slot, s->a);
    NW_VARIANT(line_forward)(&p->y, s->a, s->b, &done);
    for (size_t j = 0; j < p->ny; j++)
      store(s->middle + j * row + x, done[j]);
  }
  for (size_t y = 0; y < p->ny; y += LANES) {
    gather_columns(s->middle + y * row, row, p->nx, at_most(p->ny - y, LANES), p->x.slot, s->a);
    NW_VARIANT(line_forward)(&p->x, s->a, s->b, &done);
    for (size_t i = 0; i < p->nx; i++)
      store(mode + i * mode_row + y, done[i]);
  }
}

static void plane_inverse(const struct diffuse_plan *p, struct diffuse_scratch *s, const real *mode,
                          real *u) {
  const size_t row = PADDED(p->nx), mode_row = PADDED(p->ny);
  vreal *done;
  for (size_t y = 0; y < p->ny; y += LANES) {
    for (size_t i = 0; i < p->nx; i++)
      s->a[i] = load(mode + i * mode_row + y);
    NW_VARIANT(line_inverse)(&p->x, s->a, s->b, &done);
    scatter_columns(s->middle + y * row, row, at_most(p->ny - y, LANES), &p->x, done);
  }
  for (size_t x = 0; x < p->nx; x += LANES) {
    const size_t bytes = at_most(p->nx - x, LANES) * sizeof(real);
    for (size_t j = 0; j < p->ny; j++)
      s->a[j] = load(s->middle + j * row + x);
    NW_VARIANT(line_inverse)(&p->y, s->a, s->b, &done);
    for (size_t j = 0; j < p->ny; j++)
      memcpy(u + j * p->nx + x, &done[slot_back(&p->y, j)], bytes);
  }
}

/* A single row: LANES layers of z at a time. */
static void layers_forward(const struct diffuse_plan *p, struct diffuse_scratch *s, const real *u, size_t z) {
  const size_t count = at_most(p->nz - z, LANES);
  vreal *done;
  gather_columns(u + z * p->plane, p->plane, p->nx, count, p->x.slot, s->a);
  NW_VARIANT(line_forward)(&p->x, s->a, s->b, &done);
  const real(*line)[LANES] = (const real(*)[LANES])done;
  for (size_t lane = 0; lane < count; lane++)
    for (size_t i = 0; i < p->nx; i++)
      s->mode[(z + lane) * p->modes + i] = line[i][lane];
}

static void layers_inverse(const struct diffuse_plan *p, struct diffuse_scratch *s, real *u, size_t z) {
  const size_t count = at_most(p->nz - z, LANES);
  vreal *done;
  real(*line)[LANES] = (real(*)[LANES])s->a;
  for (size_t lane = 0; lane < count; lane++)
    for (size_t i = 0; i < p->nx; i++)
      line[i][lane] = s->mode[(z + lane) * p->modes + i];
  NW_VARIANT(line_inverse)(&p->x, s->a, s->b, &done);
  scatter_columns(u + z * p->plane, p->plane, count, &p->x, done);
}

/* What one layer of the tridiagonal systems is made of. */
struct layer {
  real lower, upper, diagonal, spread, scale;
};

static struct layer layer_of(const struct diffuse_plan *p, size_t k, double diffusivity, double decay,
                             double tau, double scale) {
  const double lower = tau * diffusivity * p->lower[k], upper = tau * diffusivity * p->upper[k];
  return (struct layer){(real)lower, (real)upper, (real)(1 + tau * decay + lower + upper),
                        (real)(tau * diffusivity), (real)scale};
}

/* Elimination downwards: mode <- reduced right side, pivot <- what couples to the layer below. */
static void eliminate(const struct diffuse_plan *p, struct diffuse_scratch *s, size_t k, struct layer l) {
  real *mode = s->mode + k * p->modes, *pivot = s->pivot + k * p->modes;
  for (size_t m = 0; m < p->modes; m += LANES) {
    vreal right = load(mode + m) * l.scale, diagonal = load(p->eigenvalue + m) * l.spread + l.diagonal;
    if (k > 0) {
      right += load(mode + m - p->modes) * l.lower;
      diagonal -= load(pivot + m - p->modes) * l.lower;
    }
    const vreal inverse = (real)1 / diagonal;
    store(mode + m, right * inverse);
    store(pivot + m, inverse * l.upper);
  }
}

static void substitute(const struct diffuse_plan *p, struct diffuse_scratch *s, size_t k) {
  real *mode = s->mode + k * p->modes;
  const real *pivot = s->pivot + k * p->modes;
  for (size_t m = 0; m < p->modes; m += LANES)
    store(mode + m, load(mode + m) + load(pivot + m) * load(mode + m + p->modes));
}

static void decay_only(const struct diffuse_plan *p, real *u, double decay, double tau) {
  const real factor = (real)(1 / (1 + tau * decay));
  for (size_t i = 0; i < p->nz * p->plane; i += LANES)
    store(u + i, load(u + i) * factor);
}

void NW_VARIANT(diffuse)(const struct diffuse_plan *p, struct diffuse_scratch *s, real *u, double diffusivity,
                         double decay, double tau) {
  if (diffusivity == 0) {
    decay_only(p, u, decay, tau);
    return;
  }
  const double scale = (p->x.cosine ? 2 / (double)p->nx : 1) * (p->y.cosine ? 2 / (double)p->ny : 1);
  const bool row = p->ny == 1;
  for (size_t k = 0; k < p->nz; k++) {
    if (!row) {
      plane_forward(p, s, u + k * p->plane, s->mode + k * p->modes);
    } else if (k % LANES == 0) {
      layers_forward(p, s, u, k);
    }
    eliminate(p, s, k, layer_of(p, k, diffusivity, decay, tau, scale));
  }
  for (size_t k = p->nz; k-- > 0;) {
    if (k + 1 < p->nz) substitute(p, s, k);
    if (!row) {
      plane_inverse(p, s, s->mode + k * p->modes, u + k * p->plane);
    } else if (k % LANES == 0) {
      layers_inverse(p, s, u, k);
    }
  }
}

/* In a fixed order: short sums by lane, gathered in double precision, lanes in turn at the end. */
double NW_VARIANT(integrate)(const struct diffuse_plan *p, const real *u) {
  enum { RUN = 8 };
  double total = 0;
  for (size_t z = 0; z < p->nz; z++) {
    const real *layer = u + z * p->plane;
    double sum[LANES] = {0};
    for (size_t i = 0; i < p->plane;) {
      vreal part = {0};
      for (int k = 0; k < RUN && i < p->plane; k++, i += LANES)
        part += load(layer + i) * load(p->weight + i);
      for (size_t lane = 0; lane < LANES; lane++)
        sum[lane] += part[lane];
    }
    double layer_sum = 0;
    for (size_t lane = 0; lane < LANES; lane++)
      layer_sum += sum[lane];
    total += layer_sum * p->volume_z[z];
  }
  return total;
}
