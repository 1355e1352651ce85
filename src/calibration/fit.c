/* SPDX-License-Identifier: BSD-3-Clause
   Maximum likelihood: the objective, its starts, the way down, and its curvature. */
#include "fit.h"

#include <math.h>
#include <nlopt.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

/* Stands for minus infinity of log L: finite, so that the optimiser can leave it. */
static const double infeasible = 1e9;

/* ---- scales ---- */

double nw_fit_value(const struct nw_fit_parameter *p, double share) {
  if (share <= 0) return p->low; /* the bounds themselves, to the bit */
  if (share >= 1) return p->high;
  return p->log ? p->low * pow(p->high / p->low, share) : p->low + share * (p->high - p->low);
}

double nw_fit_share(const struct nw_fit_parameter *p, double value) {
  return p->log ? log(value / p->low) / log(p->high / p->low) : (value - p->low) / (p->high - p->low);
}

/* ---- objective ---- */

double nw_fit_loss(enum nw_loss loss, double width, double r) {
  const double a = fabs(r);
  if (loss == NW_LOSS_HUBER) return a <= width ? r * r : 2 * width * a - width * width;
  if (loss == NW_LOSS_STUDENT) return (width + 1) * log1p(r * r / width);
  return r * r;
}

double nw_fit_loss_weight(enum nw_loss loss, double width, double r) {
  const double a = fabs(r);
  if (loss == NW_LOSS_HUBER) return a <= width ? 1 : width / a;
  if (loss == NW_LOSS_STUDENT) return (width + 1) / (width + r * r);
  return 1;
}

/* The density over x = tan u, which takes in all of both tails, by the midpoint rule. */
double nw_fit_loss_reach(enum nw_loss loss, double width, double level) {
  enum { PIECES = 20000 };
  const double piece = 0.5 * NW_PI / PIECES;
  double sum[PIECES + 1] = {0};
  for (int i = 0; i < PIECES; i++) {
    const double x = tan((i + 0.5) * piece);
    sum[i + 1] = sum[i] + exp(-0.5 * nw_fit_loss(loss, width, x)) * (1 + x * x);
  }
  int i = 0;
  while (sum[i + 1] < level * sum[PIECES])
    i++;
  return tan((i + (level * sum[PIECES] - sum[i]) / (sum[i + 1] - sum[i])) * piece);
}

static double weight_of(const struct nw_fit *fit, size_t i) {
  return fit->weight ? fit->weight[i] : 1;
}

static double scaled(const struct nw_fit_parameter *p, double value) {
  return p->log ? log10(value) : value;
}

static double objective_of(const struct nw_fit *fit, const double *theta, const double *value,
                           const double *sd) {
  double sum = 0;
  for (size_t i = 0; i < fit->n_data; i++) {
    const double w = weight_of(fit, i);
    if (w == 0) continue;
    if (!isfinite(value[i]) || !(sd[i] > 0)) return infeasible;
    sum += w * (nw_fit_loss(fit->loss, fit->width, (value[i] - fit->measured[i]) / sd[i]) + 2 * log(sd[i]));
  }
  for (size_t k = 0; k < fit->n_parameters; k++) {
    const struct nw_fit_parameter *p = &fit->parameter[k];
    const double off = p->prior_sd > 0 ? (scaled(p, theta[k]) - p->prior) / p->prior_sd : 0;
    sum += off * off;
  }
  return fmin(sum, infeasible);
}

static enum nw_status evaluate(const struct nw_fit *fit, const double *theta, double *room,
                               double *objective) {
  double *value = room, *sd = room + fit->n_data;
  const enum nw_status status = fit->predict(fit->model, theta, value, sd);
  *objective = status == NW_OK ? objective_of(fit, theta, value, sd) : infeasible;
  return status == NW_INTERRUPTED || status == NW_MEMORY ? status : NW_OK;
}

double nw_fit_objective(const struct nw_fit *fit, const double *theta) {
  double *room = nw_allocate(2 * fit->n_data + 1, sizeof *room), objective = infeasible;
  if (room) evaluate(fit, theta, room, &objective);
  nw_release(room);
  return objective;
}

/* ---- starts ---- */

/* Place of item `i` in a permutation of `count` items. */
static size_t permuted(uint64_t seed, uint64_t item, size_t count, size_t i, size_t *room) {
  for (size_t j = 0; j < count; j++)
    room[j] = j;
  for (size_t j = count; j-- > 1;) {
    const size_t other = (size_t)(nw_random_uniform(seed, NW_STREAM_FIT, item, j) * (double)(j + 1));
    const size_t kept = room[j];
    room[j] = room[other];
    room[other] = kept;
  }
  return room[i];
}

bool nw_fit_start(const struct nw_fit *fit, uint64_t seed, size_t count, size_t i, double *theta) {
  for (size_t k = 0; k < fit->n_parameters; k++)
    theta[k] = fit->parameter[k].start;
  if (i == 0 || count < 2) return true;
  size_t *room = nw_allocate(count, sizeof *room);
  if (!room) return false;
  for (size_t k = 0; k < fit->n_parameters; k++) {
    const size_t place = permuted(seed, k, count - 1, i - 1, room);
    const double inside = nw_random_uniform(seed, NW_STREAM_FIT, fit->n_parameters + k, i);
    theta[k] = nw_fit_value(&fit->parameter[k], ((double)place + inside) / (double)(count - 1));
  }
  nw_release(room);
  return true;
}

bool nw_fit_reach_feasible(const struct nw_fit *fit, double *theta) {
  for (int halvings = 0; halvings < 20; halvings++) {
    if (nw_fit_objective(fit, theta) < infeasible) return true;
    for (size_t k = 0; k < fit->n_parameters; k++) {
      const struct nw_fit_parameter *p = &fit->parameter[k];
      theta[k] = nw_fit_value(p, 0.5 * (nw_fit_share(p, theta[k]) + nw_fit_share(p, p->start)));
    }
  }
  return false;
}

/* ---- the way down ---- */

struct descent {
  const struct nw_fit *fit;
  const bool *fixed;
  double *theta, *room; /* theta: the point being tried */
  nlopt_opt optimiser;
  size_t evaluations;
  enum nw_status status;
  double best, *best_theta;
};

static void place(const struct descent *d, const double *share) {
  for (size_t k = 0, j = 0; k < d->fit->n_parameters; k++)
    if (!d->fixed || !d->fixed[k]) d->theta[k] = nw_fit_value(&d->fit->parameter[k], share[j++]);
}

static double try_point(unsigned n, const double *share, double *gradient, void *data) {
  struct descent *d = data;
  double objective = infeasible;
  (void)n;
  (void)gradient; /* the method asks for none */
  place(d, share);
  if (d->status == NW_OK) d->status = evaluate(d->fit, d->theta, d->room, &objective);
  if (d->fit->stop && *d->fit->stop) d->status = NW_INTERRUPTED;
  if (d->status != NW_OK) nlopt_force_stop(d->optimiser);
  d->evaluations++;
  if (objective < d->best) {
    d->best = objective;
    memcpy(d->best_theta, d->theta, d->fit->n_parameters * sizeof *d->theta);
  }
  return objective;
}

static size_t count_free(const struct nw_fit *fit, const bool *fixed) {
  size_t n = 0;
  for (size_t k = 0; k < fit->n_parameters; k++)
    n += !fixed || !fixed[k];
  return n;
}

/* Quadratic models without derivatives: a simulated objective is smooth only down to its own error. The
   method wants two variables; for one a simplex serves. */
static void minimise(struct descent *d, size_t n, double reach, double *share) {
  double objective;
  if (n == 0) {
    try_point(0, share, NULL, d);
    return;
  }
  d->optimiser = nlopt_create(n > 1 ? NLOPT_LN_BOBYQA : NLOPT_LN_NELDERMEAD, (unsigned)n);
  if (!d->optimiser) {
    d->status = NW_MEMORY;
    return;
  }
  nlopt_set_lower_bounds1(d->optimiser, 0);
  nlopt_set_upper_bounds1(d->optimiser, 1);
  nlopt_set_min_objective(d->optimiser, try_point, d);
  nlopt_set_initial_step1(d->optimiser, reach);
  nlopt_set_xtol_abs1(d->optimiser, d->fit->precision);
  nlopt_set_maxeval(d->optimiser, (int)d->fit->most_evaluations);
  nlopt_optimize(d->optimiser, share, &objective); /* how it ended matters less than the best point met */
  nlopt_destroy(d->optimiser);
}

enum nw_status nw_fit_descend(const struct nw_fit *fit, const bool *fixed, double reach, double *theta,
                              double *objective, size_t *evaluations) {
  const size_t n = count_free(fit, fixed);
  double *room = nw_allocate(3 * fit->n_parameters + 2 * fit->n_data + 1, sizeof *room);
  if (!room) return NW_MEMORY;
  struct descent d = {.fit = fit, .fixed = fixed, .theta = room, .best = INFINITY, .status = NW_OK};
  double *share = room + 2 * fit->n_parameters;
  d.best_theta = room + fit->n_parameters;
  d.room = room + 3 * fit->n_parameters;
  memcpy(d.theta, theta, fit->n_parameters * sizeof *theta);
  for (size_t k = 0, j = 0; k < fit->n_parameters; k++)
    if (!fixed || !fixed[k]) share[j++] = fmin(fmax(nw_fit_share(&fit->parameter[k], theta[k]), 0), 1);
  minimise(&d, n, reach, share);
  if (d.best < INFINITY) memcpy(theta, d.best_theta, fit->n_parameters * sizeof *theta);
  *objective = d.best;
  if (evaluations) *evaluations += d.evaluations;
  nw_release(room);
  return d.status;
}
