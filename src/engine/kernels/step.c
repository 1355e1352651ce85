/* SPDX-License-Identifier: BSD-3-Clause
   One step of the system by a linearly implicit method of order two (ROS2 of Verwer, Spee, Blom and
   Hundsdorfer 1999, doi:10.1137/S1064827597326651). With A = diffusion, decay and damping, F = the
   whole right side, tau = gamma dt:

       (1 - tau A) k1 = F(u)
       (1 - tau A) k2 = F(u + dt k1) - 2 k1
       next = u + (3 k1 + k2) dt / 2,   error = (k1 + k2) dt / 2

   The order holds for any A, so reactions and drift may stay out of it; a state at rest stays at rest
   whatever dt is, which operator splitting cannot give. Written with v1 = u + tau k1 and likewise v2,
   no derivative of u is ever formed: (1 - tau A) v1 = u + tau N(u), where N = F - A u. */
#include <math.h>
#include <omp.h>

#include "../../base.h"
#include "../kernels.h"
#include "diffuse.h"

#define GAMMA 0.29289321881345254 /* 1 - 1 / sqrt(2): L-stable */

enum { MOST_POTENTIALS = NW_MOST_DRIFTS, AHEAD = LANES, CHUNK_CELLS = 8192 / sizeof(real) };

/* phi(s) / sensitivity of one signal; drifts that share signal and saturation share it. */
struct potential {
  int signal;
  real inverse_saturation;
  real *value; /* (nz, plane) owned */
};

struct drift {
  int field, potential;
  real sensitivity, speed_limit, diffusivity;
};

/* Geometry along one axis as the drift kernel wants it. */
struct faces {
  real *left, *right;                   /* (n) face weight over cell volume: 0 at the ends; owned */
  real *left_distance, *right_distance; /* (n) inverse distances of the centres; owned */
  double *width;                        /* (n) owned */
};

struct nw_workspace {
  struct nw_system system;
  struct diffuse_plan plan;
  struct diffuse_scratch *scratch; /* (threads) owned */
  int threads, n_potentials;
  bool check;                /* whether conservation of the solves is checked in this attempt */
  size_t chunk_rows, chunks; /* rows of a chunk, chunks of a layer */
  size_t chunk;              /* room for the cells of a chunk, in numbers */
  real *u[NW_MOST_FIELDS], *w[NW_MOST_FIELDS],
      *r[NW_MOST_FIELDS]; /* present, stage, result; owned with AHEAD before */
  struct potential potential[MOST_POTENTIALS];
  struct drift drift[NW_MOST_DRIFTS];
  struct faces faces[3];
  real **rates;       /* (threads) n_fields chunks each; owned */
  double *speed;      /* (nz * chunks) owned */
  const double *leak; /* (ny, nx) present boundary loss, or NULL; borrowed */
};

/* ---- creation ---- */

static real *field_create(const struct diffuse_plan *plan) {
  real *memory = nw_allocate(plan->nz * plan->plane + 2 * AHEAD, sizeof(real));
  return memory ? memory + AHEAD : NULL;
}

static void field_free(real *field) {
  if (field) nw_release(field - AHEAD);
}

static bool faces_create(struct faces *f, const struct nw_axis *axis) {
  const size_t n = axis->n;
  f->left = nw_allocate(PADDED(n), sizeof(real));
  f->right = nw_allocate(PADDED(n), sizeof(real));
  f->left_distance = nw_allocate(PADDED(n), sizeof(real));
  f->right_distance = nw_allocate(PADDED(n), sizeof(real));
  f->width = nw_allocate(n, sizeof(double));
  if (!f->left || !f->right || !f->left_distance || !f->right_distance || !f->width) return false;
  for (size_t i = 0; i < n; i++) {
    f->left[i] = (real)(axis->face[i] / axis->volume[i]);
    f->right[i] = (real)(axis->face[i + 1] / axis->volume[i]);
    f->left_distance[i] = (real)axis->inverse_distance[i];
    f->right_distance[i] = (real)axis->inverse_distance[i + 1];
    f->width[i] = axis->edge[i + 1] - axis->edge[i];
  }
  return true;
}

static void faces_clear(struct faces *f) {
  nw_release(f->left);
  nw_release(f->right);
  nw_release(f->left_distance);
  nw_release(f->right_distance);
  nw_release(f->width);
}

static bool drifts_create(struct nw_workspace *s) {
  for (int d = 0; d < s->system.n_drifts; d++) {
    const struct nw_drift_rule *rule = &s->system.drift[d];
    const real inverse = (real)(1 / rule->saturation);
    int p = 0;
    while (p < s->n_potentials &&
           (s->potential[p].signal != rule->signal || s->potential[p].inverse_saturation != inverse))
      p++;
    if (p == s->n_potentials) {
      s->potential[p] = (struct potential){rule->signal, inverse, field_create(&s->plan)};
      s->n_potentials++;
      if (!s->potential[p].value) return false;
    }
    s->drift[d] = (struct drift){rule->field, p, (real)rule->sensitivity, (real)rule->speed_limit,
                                 (real)s->system.field[rule->field].diffusivity};
  }
  return true;
}

static void workspace_destroy(struct nw_workspace *s) {
  if (!s) return;
  for (int f = 0; f < NW_MOST_FIELDS; f++) {
    field_free(s->u[f]);
    field_free(s->w[f]);
    field_free(s->r[f]);
  }
  for (int p = 0; p < s->n_potentials; p++)
    field_free(s->potential[p].value);
  for (int t = 0; s->scratch && t < s->threads; t++)
    NW_VARIANT(diffuse_scratch_clear)(&s->scratch[t]);
  for (int t = 0; s->rates && t < s->threads; t++)
    nw_release(s->rates[t]);
  for (int a = 0; a < 3; a++)
    faces_clear(&s->faces[a]);
  nw_release(s->scratch);
  nw_release(s->rates);
  nw_release(s->speed);
  NW_VARIANT(diffuse_plan_clear)(&s->plan);
  nw_release(s);
}

static bool per_thread_create(struct nw_workspace *s) {
  const size_t threads = (size_t)s->threads;
  s->scratch = nw_allocate(threads, sizeof *s->scratch);
  s->rates = nw_allocate(threads, sizeof *s->rates);
  if (!s->scratch || !s->rates) return false;
  for (size_t t = 0; t < threads; t++) {
    s->rates[t] = nw_allocate((size_t)s->system.n_fields * s->chunk, sizeof(real));
    if (!s->rates[t] || !NW_VARIANT(diffuse_scratch_create)(&s->scratch[t], &s->plan)) return false;
  }
  return true;
}

static struct nw_workspace *workspace_create(const struct nw_system *system, const struct nw_basis basis[2],
                                             int threads) {
  struct nw_workspace *s = nw_allocate(1, sizeof *s);
  if (!s) return NULL;
  s->system = *system;
  s->threads = threads;
  bool done = NW_VARIANT(diffuse_plan_create)(&s->plan, system->grid, basis);
  const size_t ny = s->plan.ny, wanted = CHUNK_CELLS / s->plan.nx;
  s->chunk_rows = wanted < 1 ? 1 : (wanted > ny ? ny : wanted);
  s->chunks = (ny + s->chunk_rows - 1) / s->chunk_rows;
  s->chunk = PADDED(s->chunk_rows * s->plan.nx) + LANES;
  s->speed = nw_allocate(s->plan.nz * s->chunks, sizeof(double));
  done = done && s->speed && drifts_create(s) && per_thread_create(s);
  for (int a = 0; done && a < 3; a++)
    done = faces_create(&s->faces[a], &system->grid->axis[a]);
  for (int f = 0; done && f < system->n_fields; f++) {
    s->u[f] = field_create(&s->plan);
    s->w[f] = field_create(&s->plan);
    s->r[f] = field_create(&s->plan);
    done = s->u[f] && s->w[f] && s->r[f];
  }
  if (done) return s;
  workspace_destroy(s);
  return NULL;
}

/* ---- drift ---- */

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

/* ---- one stage: right side of the implicit solve ---- */

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

/* First stage: w = u + tau N(u). */
static void assemble_first(const struct nw_workspace *s, const struct chunk *c, const real *rate, real tau) {
  for (int f = 0; f < s->system.n_fields; f++) {
    const real damping = (real)s->system.field[f].damping;
    const real *restrict u = s->u[f] + c->here, *restrict n = rate + (size_t)f * s->chunk;
    real *restrict w = s->w[f] + c->here;
    for (size_t i = 0; i < c->cells; i++)
      w[i] = u[i] + tau * (n[i] + damping * u[i]);
  }
}

/* Second stage: r = w + tau N(w) - 2 gamma (w - u). */
static void assemble_second(const struct nw_workspace *s, const struct chunk *c, const real *rate, real tau) {
  const real pull = (real)(2 * GAMMA);
  for (int f = 0; f < s->system.n_fields; f++) {
    const real damping = (real)s->system.field[f].damping;
    const real *restrict u = s->u[f] + c->here, *restrict w = s->w[f] + c->here;
    const real *restrict n = rate + (size_t)f * s->chunk;
    real *restrict r = s->r[f] + c->here;
    for (size_t i = 0; i < c->cells; i++)
      r[i] = w[i] + tau * (n[i] + damping * w[i]) - pull * (w[i] - u[i]);
  }
}

static void right_side(struct nw_workspace *s, bool second, real tau) {
  real *const *from = second ? s->w : s->u;
#pragma omp parallel num_threads(s->threads)
  {
    real *rate = s->rates[omp_get_thread_num()];
#pragma omp for schedule(static)
    for (size_t z = 0; z < s->plan.nz; z++)
      fill_potential(s, from, z);
#pragma omp for schedule(static)
    for (size_t k = 0; k < s->plan.nz * s->chunks; k++) {
      const struct chunk c = chunk_of(s, k);
      s->speed[k] = chunk_rates(s, from, &c, rate);
      if (second) {
        assemble_second(s, &c, rate, tau);
      } else {
        assemble_first(s, &c, rate, tau);
      }
    }
  }
}

/* ---- implicit solves, field by field while it is near ---- */

/* After the first solve, in place: w = u + dt k1 = u + (v1 - u) / gamma. */
static void first_result(struct nw_workspace *s, int f) {
  const real inverse_gamma = (real)(1 / GAMMA);
  for (size_t i = 0; i < s->plan.nz * s->plan.plane; i += LANES) {
    const vreal u = load(s->u[f] + i);
    store(s->w[f] + i, u + (load(s->w[f] + i) - u) * inverse_gamma);
  }
}

/* Sums over one field: squares of error and values weighted by volume, and the lowest value. */
struct sums {
  double error, norm, lowest;
};

/* After the second solve: r = next values, no lower than 0, with the sums over one layer of cells. */
static void finish_layer(struct nw_workspace *s, int f, size_t z, struct sums *sums) {
  const real inverse_gamma = (real)(1 / GAMMA), half = (real)0.5, three_halves = (real)1.5;
  const size_t here = z * s->plan.plane;
  vreal error = {0}, norm = {0}, lowest = {0};
  double error_sum = 0, norm_sum = 0;
  for (size_t i = 0; i < s->plan.plane; i += LANES) {
    const vreal u = load(s->u[f] + here + i), w = load(s->w[f] + here + i), weight = load(s->plan.weight + i);
    const vreal k1 = w - u, k2 = (load(s->r[f] + here + i) - w) * inverse_gamma;
    const vreal next = u + three_halves * k1 + half * k2, wrong = half * (k1 + k2);
    error += wrong * wrong * weight;
    norm += next * next * weight;
    lowest = smaller(lowest, next);
    store(s->r[f] + here + i, positive_part(next));
  }
  for (size_t lane = 0; lane < LANES; lane++) {
    error_sum += error[lane];
    norm_sum += norm[lane];
    sums->lowest = lowest[lane] < sums->lowest ? lowest[lane] : sums->lowest;
  }
  sums->error += error_sum * s->plan.volume_z[z];
  sums->norm += norm_sum * s->plan.volume_z[z];
}

static void second_result(struct nw_workspace *s, int f, struct nw_attempt *told) {
  struct sums sums = {0};
  for (size_t z = 0; z < s->plan.nz; z++)
    finish_layer(s, f, z, &sums);
  told->error[f] = sqrt(sums.error / s->plan.volume);
  told->norm[f] = sqrt(sums.norm / s->plan.volume);
  told->lowest[f] = sums.lowest;
}

/* Implicit solve of one field in place; tells the relative error of conservation where it is checked. */
static double solve_field(struct nw_workspace *s, int f, real *u, double tau) {
  const struct nw_field_rule *rule = &s->system.field[f];
  const double loss = rule->decay + rule->damping;
  const bool check = rule->diffusivity > 0 && s->check;
  const double before = check ? NW_VARIANT(integrate)(&s->plan, u) : 0;
  NW_VARIANT(diffuse)(&s->plan, &s->scratch[omp_get_thread_num()], u, rule->diffusivity, loss, tau);
  if (!check) return 0;
  const double after = NW_VARIANT(integrate)(&s->plan, u) * (1 + tau * loss);
  return fabs(after - before) / (fabs(before) + rule->scale * s->plan.volume);
}

static void solve_all(struct nw_workspace *s, bool second, double tau, struct nw_attempt *told) {
  double residual[NW_MOST_FIELDS];
#pragma omp parallel for schedule(dynamic, 1) num_threads(s->threads)
  for (int f = 0; f < s->system.n_fields; f++) {
    residual[f] = solve_field(s, f, second ? s->r[f] : s->w[f], tau);
    if (second) {
      second_result(s, f, told);
    } else {
      first_result(s, f);
    }
  }
  for (int f = 0; f < s->system.n_fields; f++)
    told->residual = residual[f] > told->residual ? residual[f] : told->residual;
}

static void collect(const struct nw_workspace *s, struct nw_attempt *told) {
  told->finite = true;
  told->speed = 0;
  for (size_t k = 0; k < s->plan.nz * s->chunks; k++)
    told->speed = s->speed[k] > told->speed ? s->speed[k] : told->speed;
  for (int f = 0; f < s->system.n_fields; f++)
    if (!isfinite(told->error[f]) || !isfinite(told->norm[f])) told->finite = false;
}

static void workspace_attempt(struct nw_workspace *s, double dt, const double *boundary_loss, bool check,
                              struct nw_attempt *told) {
  const double tau = GAMMA * dt;
  s->leak = boundary_loss;
  s->check = check;
  told->residual = 0;
  right_side(s, false, (real)tau);
  solve_all(s, false, tau, told);
  right_side(s, true, (real)tau);
  solve_all(s, true, tau, told);
  collect(s, told);
}

static void workspace_accept(struct nw_workspace *s) {
  for (int f = 0; f < s->system.n_fields; f++) {
    real *old = s->u[f];
    s->u[f] = s->r[f];
    s->r[f] = old;
  }
}

/* ---- access ---- */

static void workspace_read_plane(const struct nw_workspace *s, int field, size_t z, double *values) {
  const real *u = s->u[field] + z * s->plan.plane;
  for (size_t i = 0; i < s->plan.nx * s->plan.ny; i++)
    values[i] = u[i];
}

static void workspace_read(const struct nw_workspace *s, int field, double *values) {
  for (size_t z = 0; z < s->plan.nz; z++)
    workspace_read_plane(s, field, z, values + z * s->plan.nx * s->plan.ny);
}

static void workspace_read_single(const struct nw_workspace *s, int field, float *values) {
  const size_t plane = s->plan.nx * s->plan.ny;
  for (size_t z = 0; z < s->plan.nz; z++)
    for (size_t i = 0; i < plane; i++)
      values[z * plane + i] = (float)s->u[field][z * s->plan.plane + i];
}

static void workspace_write(struct nw_workspace *s, int field, const double *values) {
  const size_t plane = s->plan.nx * s->plan.ny;
  for (size_t z = 0; z < s->plan.nz; z++)
    for (size_t i = 0; i < plane; i++)
      s->u[field][z * s->plan.plane + i] = (real)values[z * plane + i];
}

static void workspace_solve(struct nw_workspace *s, int field, double dt) {
  const struct nw_field_rule *rule = &s->system.field[field];
  NW_VARIANT(diffuse)(&s->plan, &s->scratch[0], s->u[field], rule->diffusivity, rule->decay, dt);
}

static void *workspace_memory(struct nw_workspace *s, int field, size_t *bytes) {
  *bytes = s->plan.nz * s->plan.plane * sizeof(real);
  return s->u[field];
}

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const struct nw_kernels NW_VARIANT(nw_kernels) = {
    .name = TEXT(NW_PRECISION) " precision, instruction set x86-64-" TEXT(NW_ISA),
    .number_bytes = sizeof(real),
    .lanes = LANES,
    .create = workspace_create,
    .destroy = workspace_destroy,
    .attempt = workspace_attempt,
    .accept = workspace_accept,
    .read = workspace_read,
    .read_single = workspace_read_single,
    .read_plane = workspace_read_plane,
    .write = workspace_write,
    .solve = workspace_solve,
    .memory = workspace_memory,
};
