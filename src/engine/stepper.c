/* SPDX-License-Identifier: BSD-3-Clause
   Error-controlled stepping over the kernels. */
#include "stepper.h"

#include <math.h>

struct nw_stepper *nw_stepper_create(const struct nw_system *system, const struct nw_stepper_rule *rule,
                                     bool single_precision, int threads) {
  struct nw_stepper *s = nw_allocate(1, sizeof *s);
  if (!s) return NULL;
  s->system = *system;
  s->rule = *rule;
  s->kernels = nw_kernels_choose(single_precision);
  const bool done = nw_basis_create(&s->basis[0], &system->grid->axis[0]) &&
                    nw_basis_create(&s->basis[1], &system->grid->axis[1]);
  if (done) s->workspace = s->kernels->create(&s->system, s->basis, threads > 0 ? threads : 1);
  if (!s->workspace) nw_stepper_free(&s);
  return s;
}

void nw_stepper_free(struct nw_stepper **stepper) {
  if (!*stepper) return;
  if ((*stepper)->workspace) (*stepper)->kernels->destroy((*stepper)->workspace);
  nw_basis_clear(&(*stepper)->basis[0]);
  nw_basis_clear(&(*stepper)->basis[1]);
  nw_release(*stepper);
  *stepper = NULL;
}

void nw_stepper_event(struct nw_stepper *stepper) {
  stepper->state.rung = 0;
}

static double rung_length(const struct nw_stepper *s, int rung) {
  return fmin(s->rule.longest, s->rule.first * exp2(0.5 * rung));
}

/* The step to try: the ladder's, cut so that the limit is met without a sliver at the end. */
static double propose(const struct nw_stepper *s, double left) {
  const double length = rung_length(s, s->state.rung);
  if (length >= left) return left;
  return 2 * length > left ? 0.5 * left : length;
}

/* Largest error over all fields, as a multiple of the tolerance. */
static double relative_error(const struct nw_stepper *s, const struct nw_attempt *told) {
  double worst = 0;
  for (int f = 0; f < s->system.n_fields; f++)
    worst = fmax(worst, told->error[f] / (told->norm[f] + s->system.field[f].scale));
  return worst / s->rule.tolerance;
}

/* Rungs to climb (> 0) or to go down; no change inside the dead band. */
static int climb(double error) {
  const double safety = 0.8, dead_band = 1.3; /* math: usual margins of step control */
  const double factor = safety / sqrt(fmax(error, 1e-8));
  const double rungs = 2 * log2(factor);
  if (factor < 1) return (int)floor(rungs);
  return factor < dead_band * sqrt(2.0) ? 0 : (rungs > 3 ? 3 : (int)floor(rungs));
}

static void note(struct nw_stepper *s, const struct nw_attempt *told) {
  s->state.residual = fmax(s->state.residual, told->residual);
  for (int f = 0; f < s->system.n_fields; f++)
    s->state.lowest = fmin(s->state.lowest, told->lowest[f] / (told->norm[f] + s->system.field[f].scale));
}

enum nw_status nw_stepper_step(struct nw_context *context, struct nw_stepper *s, double time, double limit,
                               const double *boundary_loss, double *taken) {
  enum { MOST_ATTEMPTS = 60, CHECK_EVERY = 16 };
  for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const double dt = propose(s, limit - time);
    struct nw_attempt told;
    const struct nw_step_trial trial = {s->rule.scheme, dt, boundary_loss, s->state.steps % CHECK_EVERY == 0};
    s->kernels->attempt(s->workspace, &trial, &told);
    const double error = told.finite ? relative_error(s, &told) : INFINITY;
    const double crossing = told.finite ? told.speed * dt / s->rule.courant : INFINITY;
    const bool shortest = s->state.rung <= 0;
    if (told.finite && ((error <= 1 && crossing <= 1) || shortest)) {
      if (!(error < 1e3)) break; /* even the shortest step is hopeless */
      int up = climb(error);
      if (crossing > 0.5 && up > 0) up = 0;
      s->state.rung = s->state.rung + up > 0 ? s->state.rung + up : 0;
      while (s->state.rung > 0 && rung_length(s, s->state.rung - 1) >= s->rule.longest)
        s->state.rung--;
      s->state.steps++;
      note(s, &told);
      s->kernels->accept(s->workspace);
      *taken = dt;
      return NW_OK;
    }
    s->state.rejected++;
    if (shortest) break;
    const int down = isfinite(error) ? (int)ceil(2 * log2(fmax(sqrt(error) * 1.25, crossing))) : 4;
    s->state.rung = s->state.rung - (down > 1 ? down : 1);
    if (s->state.rung < 0) s->state.rung = 0;
  }
  return nw_fail(context, NW_NUMERICAL, NULL,
                 "the step from t = %.6g cannot be made short enough for the tolerance %.3g", time,
                 s->rule.tolerance);
}
