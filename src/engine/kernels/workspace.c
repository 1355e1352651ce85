/* SPDX-License-Identifier: BSD-3-Clause
   The kernels' memory: creation, access from outside, and the table that names the kernels. */
#include "workspace.h"

#include "base/base.h"

/* Distance of one field from the next: room before and after its values, and a stagger, so that the same
   cell of different fields does not fall into the same place of a cache. */
static size_t field_stride(const struct diffuse_plan *plan) {
  enum { STAGGER = 17 };
  return plan->nz * plan->plane + (2 + STAGGER) * AHEAD;
}

/* All fields and potentials lie in one block, which the system can then hold in large pages. */
static bool fields_create(struct nw_workspace *s) {
  const size_t stride = field_stride(&s->plan), n_fields = (size_t)s->system.n_fields;
  s->memory = nw_allocate((3 * n_fields + (size_t)s->n_potentials) * stride, sizeof(real));
  if (!s->memory) return false;
  real *next = s->memory + AHEAD;
  for (size_t f = 0; f < n_fields; f++, next += 3 * stride) {
    s->u[f] = next;
    s->w[f] = next + stride;
    s->r[f] = next + 2 * stride;
  }
  for (int p = 0; p < s->n_potentials; p++, next += stride)
    s->potential[p].value = next;
  return true;
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

static void drifts_create(struct nw_workspace *s) {
  for (int d = 0; d < s->system.n_drifts; d++) {
    const struct nw_drift_rule *rule = &s->system.drift[d];
    const real inverse = (real)(1 / rule->saturation);
    int p = 0;
    while (p < s->n_potentials &&
           (s->potential[p].signal != rule->signal || s->potential[p].inverse_saturation != inverse))
      p++;
    if (p == s->n_potentials) {
      s->potential[p] = (struct potential){rule->signal, inverse, NULL};
      s->n_potentials++;
    }
    s->drift[d] = (struct drift){rule->field, p, (real)rule->sensitivity, (real)rule->speed_limit,
                                 (real)s->system.field[rule->field].diffusivity};
  }
}

void NW_VARIANT(workspace_destroy)(struct nw_workspace *s) {
  if (!s) return;
  nw_release(s->memory);
  for (int t = 0; s->scratch && t < s->threads; t++)
    NW_VARIANT(diffuse_scratch_clear)(&s->scratch[t]);
  for (int t = 0; s->rates && t < s->threads; t++)
    nw_release(s->rates[t]);
  for (int a = 0; a < 3; a++)
    faces_clear(&s->faces[a]);
  nw_release(s->scratch);
  nw_release(s->rates);
  nw_release(s->speed);
  NW_VARIANT(varying_clear)(&s->varying);
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

struct nw_workspace *NW_VARIANT(workspace_create)(const struct nw_system *system,
                                                  const struct nw_basis basis[2], int threads) {
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
  drifts_create(s);
  done = done && s->speed && per_thread_create(s);
  for (int a = 0; done && a < 3; a++)
    done = faces_create(&s->faces[a], &system->grid->axis[a]);
  done = done && fields_create(s);
  if (done) return s;
  NW_VARIANT(workspace_destroy)(s);
  return NULL;
}

/* ---- access ---- */

static void workspace_accept(struct nw_workspace *s) {
  for (int f = 0; f < s->system.n_fields; f++) {
    real *old = s->u[f];
    s->u[f] = s->r[f];
    s->r[f] = old;
  }
}

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

static int workspace_solve(struct nw_workspace *s, int field, double dt) {
  const struct nw_field_rule *rule = &s->system.field[field];
  if (s->varying.levels.n > 0) {
    return NW_VARIANT(diffuse_varying)(&s->plan, &s->scratch[0], &s->varying, 0, s->u[field],
                                       rule->diffusivity, rule->decay, dt);
  }
  NW_VARIANT(diffuse)(&s->plan, &s->scratch[0], s->u[field], rule->diffusivity, rule->decay, dt);
  return 0;
}

static bool workspace_vary(struct nw_workspace *s, const double *ratio) {
  NW_VARIANT(varying_clear)(&s->varying);
  return !ratio || NW_VARIANT(varying_create)(&s->varying, s->system.grid, ratio, s->threads);
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
    .create = NW_VARIANT(workspace_create),
    .destroy = NW_VARIANT(workspace_destroy),
    .attempt = NW_VARIANT(attempt),
    .accept = workspace_accept,
    .read = workspace_read,
    .read_single = workspace_read_single,
    .read_plane = workspace_read_plane,
    .write = workspace_write,
    .solve = workspace_solve,
    .vary = workspace_vary,
    .memory = workspace_memory,
};
