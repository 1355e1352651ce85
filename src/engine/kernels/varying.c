/* SPDX-License-Identifier: BSD-3-Clause
   Implicit diffusion in an uneven medium by preconditioned conjugate gradients.

   With volumes V the operator A u = (1 + tau k) u - tau div(D c grad u) is symmetric in the product
   <a, b> = sum V a b, and so is the solve of the even medium M. Faces take the harmonic mean of the
   ratios beside them, so the flux through a layered wall is exact. */
#include "varying.h"

#include <math.h>

#include "../../base.h"

static void free_work(struct gradients *w) {
  nw_release(w->residual);
  nw_release(w->direction);
  nw_release(w->preconditioned);
  nw_release(w->image);
}

static bool make_work(const struct diffuse_plan *p, struct gradients *w) {
  const size_t count = p->nz * p->plane;
  w->residual = nw_allocate(count, sizeof(real));
  w->direction = nw_allocate(count, sizeof(real));
  w->preconditioned = nw_allocate(count, sizeof(real));
  w->image = nw_allocate(count, sizeof(real));
  return w->residual && w->direction && w->preconditioned && w->image;
}

bool NW_VARIANT(varying_create)(struct varying *v, const struct diffuse_plan *plan,
                                const struct nw_grid *grid, const double *ratio, int threads) {
  const size_t plane = plan->nx * plan->ny;
  const double tolerance = sizeof(real) == sizeof(float) ? 1e-5 : 1e-10;
  double low = INFINITY, high = 0;
  *v = (struct varying){.tolerance = tolerance, .most = 200};
  v->x = grid->axis[0].inverse_distance;
  v->y = grid->axis[1].inverse_distance;
  v->z = grid->axis[2].inverse_distance;
  v->face_x = grid->axis[0].face;
  v->volume_x = grid->axis[0].volume;
  v->volume_y = grid->axis[1].volume;
  v->threads = threads;
  v->ratio = nw_allocate(plan->nz * plan->plane, sizeof(real));
  v->work = nw_allocate((size_t)threads, sizeof *v->work);
  if (!v->ratio || !v->work) return false;
  for (int t = 0; t < threads; t++)
    if (!make_work(plan, &v->work[t])) return false;
  for (size_t z = 0; z < plan->nz; z++)
    for (size_t i = 0; i < plane; i++) {
      v->ratio[z * plan->plane + i] = (real)ratio[z * plane + i];
      low = fmin(low, ratio[z * plane + i]);
      high = fmax(high, ratio[z * plane + i]);
    }
  v->typical = sqrt(low * high);
  return true;
}

void NW_VARIANT(varying_clear)(struct varying *v) {
  for (int t = 0; v->work && t < v->threads; t++)
    free_work(&v->work[t]);
  nw_release(v->work);
  nw_release(v->ratio);
  *v = (struct varying){0};
}

/* ---- the operator ---- */

static double face_ratio(const real *ratio, size_t a, size_t b) {
  return 2 / (1 / (double)ratio[a] + 1 / (double)ratio[b]);
}

/* Flux sum of one cell along one axis: differences to its neighbours times weight. */
static double along(const real *u, const real *ratio, size_t i, size_t stride, size_t k, size_t n,
                    const double *inverse_distance, const double *face) {
  double sum = 0;
  if (k > 0)
    sum += (face ? face[k] : 1) * inverse_distance[k] * face_ratio(ratio, i, i - stride) *
           (u[i - stride] - u[i]);
  if (k + 1 < n)
    sum += (face ? face[k + 1] : 1) * inverse_distance[k + 1] * face_ratio(ratio, i, i + stride) *
           (u[i + stride] - u[i]);
  return sum;
}

/* to = A u */
static void apply(const struct diffuse_plan *p, const struct varying *v, const real *u, double spread,
                  double own, real *to) {
  for (size_t z = 0; z < p->nz; z++)
    for (size_t y = 0; y < p->ny; y++)
      for (size_t x = 0; x < p->nx; x++) {
        const size_t i = z * p->plane + y * p->nx + x;
        const double flux = along(u, v->ratio, i, 1, x, p->nx, v->x, v->face_x) / v->volume_x[x] +
                            along(u, v->ratio, i, p->nx, y, p->ny, v->y, NULL) / v->volume_y[y] +
                            along(u, v->ratio, i, p->plane, z, p->nz, v->z, NULL) / p->volume_z[z];
        to[i] = (real)(own * u[i] - spread * flux);
      }
}

/* ---- conjugate gradients ---- */

static double product(const struct diffuse_plan *p, const real *a, const real *b) {
  double sum = 0;
  for (size_t z = 0; z < p->nz; z++) {
    double layer = 0;
    for (size_t i = 0; i < p->nx * p->ny; i++)
      layer += (double)a[z * p->plane + i] * (double)b[z * p->plane + i] * (double)p->weight[i];
    sum += layer * p->volume_z[z];
  }
  return sum;
}

/* a += factor b */
static void add(const struct diffuse_plan *p, real *a, double factor, const real *b) {
  const real f = (real)factor;
  for (size_t i = 0; i < p->nz * p->plane; i += LANES)
    store(a + i, load(a + i) + load(b + i) * f);
}

int NW_VARIANT(diffuse_varying)(const struct diffuse_plan *p, struct diffuse_scratch *s,
                                const struct varying *v, int thread, real *u, double diffusivity,
                                double decay, double tau) {
  const size_t bytes = p->nz * p->plane * sizeof(real);
  const double own = 1 + tau * decay, spread = tau * diffusivity;
  const struct gradients w = v->work[thread];
  const double wanted = v->tolerance * sqrt(product(p, u, u));
  double before = 0;
  int taken = 0;
  /* the even medium's answer is the first guess */
  memcpy(w.residual, u, bytes);
  NW_VARIANT(diffuse)(p, s, u, diffusivity * v->typical, decay, tau);
  apply(p, v, u, spread, own, w.image);
  add(p, w.residual, -1, w.image);
  for (; taken < v->most && sqrt(product(p, w.residual, w.residual)) > wanted; taken++) {
    memcpy(w.preconditioned, w.residual, bytes);
    NW_VARIANT(diffuse)(p, s, w.preconditioned, diffusivity * v->typical, decay, tau);
    const double now = product(p, w.residual, w.preconditioned);
    const real turn = (real)(taken > 0 ? now / before : 0);
    for (size_t i = 0; i < p->nz * p->plane; i += LANES)
      store(w.direction + i, load(w.preconditioned + i) + load(w.direction + i) * turn);
    apply(p, v, w.direction, spread, own, w.image);
    const double length = now / product(p, w.direction, w.image);
    add(p, u, length, w.direction);
    add(p, w.residual, -length, w.image);
    before = now;
  }
  return taken;
}
