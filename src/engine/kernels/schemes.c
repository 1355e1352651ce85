/* SPDX-License-Identifier: BSD-3-Clause
   One step of the system. The default is a linearly implicit method of order two (ROS2 of Verwer, Spee,
   Blom and Hundsdorfer 1999, doi:10.1137/S1064827597326651). With A = diffusion, decay and damping, F = the
   whole right side, tau = gamma dt:

       (1 - tau A) k1 = F(u)
       (1 - tau A) k2 = F(u + dt k1) - 2 k1
       next = u + (3 k1 + k2) dt / 2,   error = (k1 + k2) dt / 2

   The order holds for any A, so reactions and drift may stay out of it; a state at rest stays at rest
   whatever dt is, which operator splitting cannot give. Written with v1 = u + tau k1 and likewise v2,
   no derivative of u is ever formed: (1 - tau A) v1 = u + tau N(u), where N = F - A u. */
#include <math.h>
#include <omp.h>

#include "workspace.h"

#define GAMMA 0.29289321881345254 /* 1 - 1 / sqrt(2): L-stable */

/* What happens to one field once its implicit solve is done, while it is near. */
typedef void (*after_solve)(struct nw_workspace *s, int field, struct nw_attempt *told);

/* Implicit solve of one field in place; tells the relative error of conservation where it is checked. */
static double solve_field(struct nw_workspace *s, int f, real *u, double tau, bool damped) {
  const struct nw_field_rule *rule = &s->system.field[f];
  const double loss = rule->decay + (damped ? rule->damping : 0);
  const bool check = rule->diffusivity > 0 && s->check;
  const double before = check ? NW_VARIANT(integrate)(&s->plan, u) : 0;
  const int thread = omp_get_thread_num();
  struct diffuse_scratch *scratch = &s->scratch[thread];
  if (s->varying.levels.n > 0 && rule->diffusivity > 0) {
    NW_VARIANT(diffuse_varying)(&s->plan, scratch, &s->varying, thread, u, rule->diffusivity, loss, tau);
  } else {
    NW_VARIANT(diffuse)(&s->plan, scratch, u, rule->diffusivity, loss, tau);
  }
  if (!check) return 0;
  const double after = NW_VARIANT(integrate)(&s->plan, u) * (1 + tau * loss);
  return fabs(after - before) / (fabs(before) + rule->scale * s->plan.volume);
}

static void solve_all(struct nw_workspace *s, real *const *u, double tau, bool damped, after_solve then,
                      struct nw_attempt *told) {
  double residual[NW_MOST_FIELDS];
#pragma omp parallel num_threads(s->threads)
  {
    const unsigned before = tiny_is_zero();
#pragma omp for schedule(dynamic, 1)
    for (int f = 0; f < s->system.n_fields; f++) {
      residual[f] = solve_field(s, f, u[f], tau, damped);
      then(s, f, told);
    }
    tiny_as_before(before);
  }
  for (int f = 0; f < s->system.n_fields; f++)
    told->residual = residual[f] > told->residual ? residual[f] : told->residual;
}

/* ---- results of a step, with their sums ---- */

/* Sums over one field: squares of error and values weighted by volume, and the lowest value. */
struct sums {
  double error, norm, lowest;
};

/* Sums of one layer by lane, gathered in a fixed order. */
struct lanes {
  vreal error, norm, lowest;
};

NW_INLINE void gather(struct sums *sums, const struct lanes *l, double volume) {
  double error = 0, norm = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    error += l->error[lane];
    norm += l->norm[lane];
    sums->lowest = l->lowest[lane] < sums->lowest ? l->lowest[lane] : sums->lowest;
  }
  sums->error += error * volume;
  sums->norm += norm * volume;
}

static void tell(const struct nw_workspace *s, int f, const struct sums *sums, struct nw_attempt *told) {
  told->error[f] = sqrt(sums->error / s->plan.volume);
  told->norm[f] = sqrt(sums->norm / s->plan.volume);
  told->lowest[f] = sums->lowest;
}

/* After the first solve, in place: w = u + dt k1 = u + (v1 - u) / gamma. */
static void first_result(struct nw_workspace *s, int f, struct nw_attempt *told) {
  const real inverse_gamma = (real)(1 / GAMMA);
  (void)told;
  for (size_t i = 0; i < s->plan.nz * s->plan.plane; i += LANES) {
    const vreal u = load(s->u[f] + i);
    store(s->w[f] + i, u + (load(s->w[f] + i) - u) * inverse_gamma);
  }
}

/* After the second solve: r = next values, no lower than 0. */
static void second_result(struct nw_workspace *s, int f, struct nw_attempt *told) {
  const real inverse_gamma = (real)(1 / GAMMA), half = (real)0.5, three_halves = (real)1.5;
  struct sums sums = {0};
  for (size_t z = 0; z < s->plan.nz; z++) {
    const size_t here = z * s->plan.plane;
    struct lanes l = {0};
    for (size_t i = 0; i < s->plan.plane; i += LANES) {
      const vreal u = load(s->u[f] + here + i), w = load(s->w[f] + here + i),
                  weight = load(s->plan.weight + i);
      const vreal k1 = w - u, k2 = (load(s->r[f] + here + i) - w) * inverse_gamma;
      const vreal next = u + three_halves * k1 + half * k2, wrong = half * (k1 + k2);
      l.error += wrong * wrong * weight;
      l.norm += next * next * weight;
      l.lowest = smaller(l.lowest, next);
      store(s->r[f] + here + i, positive_part(next));
    }
    gather(&sums, &l, s->plan.volume_z[z]);
  }
  tell(s, f, &sums, told);
}

/* r as it stands is the result, without an estimate of its error. */
static void plain_result(struct nw_workspace *s, int f, struct nw_attempt *told) {
  struct sums sums = {0};
  for (size_t z = 0; z < s->plan.nz; z++) {
    struct lanes l = {0};
    real *r = s->r[f] + z * s->plan.plane;
    for (size_t i = 0; i < s->plan.plane; i += LANES) {
      const vreal next = load(r + i);
      l.norm += next * next * load(s->plan.weight + i);
      l.lowest = smaller(l.lowest, next);
      store(r + i, positive_part(next));
    }
    gather(&sums, &l, s->plan.volume_z[z]);
  }
  tell(s, f, &sums, told);
}

static void no_result(struct nw_workspace *s, int f, struct nw_attempt *told) {
  (void)s, (void)f, (void)told;
}

/* ---- schemes ---- */

static void ros2(struct nw_workspace *s, double dt, struct nw_attempt *told) {
  const double tau = GAMMA * dt;
  NW_VARIANT(right_side)(s, &(struct assembly){s->u, s->w, 0, 1, (real)tau, true});
  solve_all(s, s->w, tau, true, first_result, told);
  NW_VARIANT(right_side)
  (s, &(struct assembly){s->w, s->r, (real)(2 * GAMMA), (real)(1 - 2 * GAMMA), (real)tau, true});
  solve_all(s, s->r, tau, true, second_result, told);
}

/* (1 - dt A) next = u + dt N(u): order one. */
static void euler(struct nw_workspace *s, double dt, struct nw_attempt *told) {
  NW_VARIANT(right_side)(s, &(struct assembly){s->u, s->r, 0, 1, (real)dt, true});
  solve_all(s, s->r, dt, true, plain_result, told);
}

/* Reactions and drift alone by Heun's method over h, from `from` to `to` through `between`. */
static void react(struct nw_workspace *s, real *const *from, real *const *between, real *const *to,
                  double h) {
  NW_VARIANT(right_side)(s, &(struct assembly){from, between, 0, 1, (real)h, false});
  NW_VARIANT(right_side)(s, &(struct assembly){between, to, 0, (real)0.5, (real)(0.5 * h), false});
#pragma omp parallel for schedule(static) num_threads(s->threads)
  for (int f = 0; f < s->system.n_fields; f++)
    for (size_t i = 0; i < s->plan.nz * s->plan.plane; i += LANES)
      store(to[f] + i, load(to[f] + i) + load(from[f] + i) * (real)0.5);
}

/* Strang splitting: half reactions, diffusion by the two-stage L-stable method, half reactions. Order two
   where nothing is stiff. Overwrites the present values, so it cannot be taken back. */
static void strang(struct nw_workspace *s, double dt, struct nw_attempt *told) {
  const real onward = (real)((1 - GAMMA) / GAMMA);
  react(s, s->u, s->w, s->r, 0.5 * dt);
  for (int f = 0; f < s->system.n_fields; f++)
    memcpy(s->w[f], s->r[f], s->plan.nz * s->plan.plane * sizeof(real));
  solve_all(s, s->w, GAMMA * dt, false, no_result, told);
  for (int f = 0; f < s->system.n_fields; f++)
    for (size_t i = 0; i < s->plan.nz * s->plan.plane; i += LANES) {
      const vreal r = load(s->r[f] + i);
      store(s->w[f] + i, r + (load(s->w[f] + i) - r) * onward);
    }
  solve_all(s, s->w, GAMMA * dt, false, no_result, told);
  react(s, s->w, s->u, s->r, 0.5 * dt);
  for (int f = 0; f < s->system.n_fields; f++)
    plain_result(s, f, told);
}

void NW_VARIANT(attempt)(struct nw_workspace *s, const struct nw_step_trial *trial, struct nw_attempt *told) {
  *told = (struct nw_attempt){.finite = true};
  s->leak = trial->boundary_loss;
  s->check = trial->check;
  switch (trial->scheme) {
    case NW_SCHEME_ROS2:
      ros2(s, trial->dt, told);
      break;
    case NW_SCHEME_EULER:
      euler(s, trial->dt, told);
      break;
    case NW_SCHEME_STRANG:
      strang(s, trial->dt, told);
      break;
  }
  for (size_t k = 0; k < s->plan.nz * s->chunks; k++)
    told->speed = s->speed[k] > told->speed ? s->speed[k] : told->speed;
  for (int f = 0; f < s->system.n_fields; f++)
    if (!isfinite(told->error[f]) || !isfinite(told->norm[f])) told->finite = false;
}
