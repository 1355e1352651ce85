/* SPDX-License-Identifier: BSD-3-Clause
   The work of a calibration, piece by piece; what is done is kept and never done twice. */
#include "calibrate.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "study/ensemble.h"

struct work {
  struct nw_context *context;
  struct nw_calibration *k;
  const struct nw_calibration_keeper *keeper;
  struct nw_fit fit;
  double threshold;
};

/* ---- pieces in parallel ---- */

/* One piece of work by its number; marks itself done. */
typedef enum nw_status (*piece)(struct work *w, size_t i);

static enum nw_status keep(struct work *w) {
  return w->keeper && w->keeper->keep ? w->keeper->keep(w->keeper->data, w->k) : NW_OK;
}

static size_t count_done(const bool *done, size_t count) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++)
    n += done[i];
  return n;
}

/* A piece that is cut short is not marked; the keeper writes after each that was finished. `done` is set by
   one thread for its own piece inside the critical section, where the keeper reads it. */
static enum nw_status do_pieces(struct work *w, const char *stage, piece one, bool *done, size_t count) {
  enum nw_status worst = NW_OK;
  nw_progress_report(w->context, stage, (double)count_done(done, count) / (double)(count + !count), 0);
#pragma omp parallel for schedule(dynamic, 1) num_threads(w->context->threads)
  for (size_t i = 0; i < count; i++) {
    if (done[i] || w->context->interrupt || worst != NW_OK) continue;
    enum nw_status status = one(w, i);
#pragma omp critical
    {
      if (status == NW_OK) {
        done[i] = true;
        status = keep(w);
        nw_progress_report(w->context, stage, (double)count_done(done, count) / (double)count, 0);
      }
      if (status != NW_OK) worst = status;
    }
  }
  return w->context->interrupt ? NW_INTERRUPTED : worst;
}

/* ---- correction by the patch ---- */

/* The patch uses all threads by itself. Without a correction, or for absorption, the offset stays 0. */
static enum nw_status correct(struct work *w, const double *theta, double *offset, bool *done,
                              const char *stage) {
  struct nw_calibration *k = w->k;
  const struct nw_problem *p = k->problem;
  double *fine = nw_allocate(2 * k->m + 1, sizeof *fine), *cheap = fine ? fine + k->m : NULL;
  enum nw_status status = fine ? NW_OK : NW_MEMORY;
  for (size_t c = 0; status == NW_OK && c < p->n_conditions; c++) {
    nw_progress_report(w->context, stage, (double)c / (double)p->n_conditions, 0);
    if (done[c]) continue;
    const nw_progress_function listener = w->context->progress;
    w->context->progress = NULL;
    status = nw_calibration_simulate(w->context, k, c, theta, NW_PATCH, fine);
    if (status == NW_OK)
      status = nw_calibration_simulate(w->context, k, c, theta, p->condition[c].fidelity, cheap);
    w->context->progress = listener;
    if (status != NW_OK) break;
    for (size_t i = 0; i < k->m; i++)
      if (p->measurement[i].condition == c) offset[i] = isfinite(fine[i] - cheap[i]) ? fine[i] - cheap[i] : 0;
    done[c] = true;
    status = keep(w);
  }
  nw_release(fine);
  return status;
}

/* ---- starts ---- */

static enum nw_status one_start(struct work *w, size_t i) {
  struct nw_calibration *k = w->k;
  double *theta = k->start_theta + i * k->n;
  if (!nw_fit_start(&w->fit, k->problem->option.seed, k->problem->option.starts, i, theta)) return NW_MEMORY;
  (void)nw_fit_reach_feasible(&w->fit, theta); /* else the descent finds nothing, and says so */
  k->start_evaluations[i] = 0;
  return nw_fit_descend(&w->fit, NULL, 0.1, theta, &k->start_objective[i], &k->start_evaluations[i]);
}

/* The best of all starts, gone down once more with small steps. */
static enum nw_status polish(struct work *w) {
  struct nw_calibration *k = w->k;
  if (k->polished) return NW_OK;
  size_t best = 0;
  for (size_t i = 1; i < k->problem->option.starts; i++)
    if (k->start_objective[i] < k->start_objective[best]) best = i;
  memcpy(k->theta, k->start_theta + best * k->n, k->n * sizeof *k->theta);
  NW_TRY(nw_fit_descend(&w->fit, NULL, 0.02, k->theta, &k->objective, NULL));
  k->polished = true;
  return keep(w);
}

static enum nw_status look_around(struct work *w) {
  struct nw_calibration *k = w->k;
  const double step = 0.02;
  NW_TRY(nw_fit_sensitivity(&w->fit, k->theta, step, w->context->threads, k->jacobian, k->value, k->sd));
  k->determined = nw_fit_covariance(&w->fit, k->jacobian, k->value, k->sd, k->covariance);
  return NW_OK;
}

/* ---- profiles ---- */

/* Where a quadratic misfit would have risen to the limit; none beyond the bounds. */
static void limit_by_curvature(struct work *w, size_t i, double sd) {
  const struct nw_fit_parameter *p = &w->k->free[i / 2];
  const double here = nw_fit_share(p, w->k->theta[i / 2]);
  const double limit = here + (i % 2 ? 1 : -1) * sqrt(w->threshold) * sd;
  struct nw_profile_side *side = &w->k->side[i];
  side->count = 0;
  side->least = w->k->objective;
  side->limit = limit > 0 && limit < 1 ? limit : NAN;
}

static enum nw_status one_side(struct work *w, size_t i) {
  struct nw_calibration *k = w->k;
  const size_t parameter = i / 2;
  const double sd = sqrt(k->covariance[parameter * k->n + parameter]);
  if (k->problem->option.curved) {
    limit_by_curvature(w, i, sd);
    return NW_OK;
  }
  const double step = 0.6 * sqrt(w->threshold) * sd; /* a third of the rise to the limit, were it quadratic */
  struct nw_fit fit = w->fit; /* the others need not stand as sharply as the optimum does */
  fit.precision *= 10;
  return nw_fit_profile(&fit, k->theta, k->objective, parameter, i % 2 ? 1 : -1, step, w->threshold,
                        &k->side[i]);
}

/* A profile that went below the optimum found a better one. */
static bool take_better(struct work *w) {
  struct nw_calibration *k = w->k;
  const double worth = 0.05 * w->threshold;
  const double *theta = NULL;
  double least = -worth;
  for (size_t s = 0; s < 2 * k->n; s++)
    for (size_t i = 0; i < k->side[s].count; i++) {
      if (k->side[s].rise[i] >= least) continue;
      least = k->side[s].rise[i];
      theta = k->side[s].theta + i * k->n;
    }
  if (theta) memcpy(k->theta, theta, k->n * sizeof *k->theta);
  return theta != NULL;
}

enum { ROUNDS = 4 };

static enum nw_status profile_all(struct work *w) {
  struct nw_calibration *k = w->k;
  for (;;) {
    NW_TRY(look_around(w));
    NW_TRY(do_pieces(w, "profiles", one_side, k->side_done, 2 * k->n));
    if (k->round + 1 >= ROUNDS || !take_better(w)) break;
    NW_TRY(nw_fit_descend(&w->fit, NULL, 0.02, k->theta, &k->objective, NULL));
    k->round++;
    memset(k->side_done, 0, 2 * k->n * sizeof *k->side_done);
    NW_TRY(keep(w));
  }
  for (size_t i = 0; i < k->n; i++)
    k->identity[i] = nw_fit_identify(&w->fit, k->theta, i, k->side + 2 * i, w->threshold);
  return NW_OK;
}

/* ---- bootstrap ---- */

/* As many groups as there are, drawn with return; a group counts as often as it was drawn. */
static enum nw_status one_resample(struct work *w, size_t i) {
  struct nw_calibration *k = w->k;
  const struct nw_problem *p = k->problem;
  double *weight = nw_allocate(k->m + p->n_cohorts + 1, sizeof *weight), objective;
  if (!weight) return NW_MEMORY;
  double *drawn = weight + k->m;
  for (size_t d = 0; d < p->n_cohorts; d++) {
    const double u = nw_random_uniform(p->option.seed, NW_STREAM_FIT, 1000000 + i, d);
    drawn[(size_t)(u * (double)p->n_cohorts)] += 1;
  }
  for (size_t j = 0; j < k->m; j++)
    weight[j] = drawn[p->measurement[j].cohort];
  struct nw_fit fit = w->fit;
  fit.weight = weight;
  memcpy(k->boot_theta + i * k->n, k->theta, k->n * sizeof *k->theta);
  const enum nw_status status = nw_fit_descend(&fit, NULL, 0.05, k->boot_theta + i * k->n, &objective, NULL);
  nw_release(weight);
  return status;
}

/* ---- the whole ---- */

enum nw_status nw_calibration_run(struct nw_context *context, struct nw_calibration *k,
                                  const struct nw_calibration_keeper *keeper) {
  const struct nw_problem_options *option = &k->problem->option;
  struct work w = {.context = context, .k = k, .keeper = keeper};
  w.fit = nw_calibration_fit(k, &context->interrupt);
  w.threshold = nw_fit_threshold(option->level);
  if (!k->polished) nw_fit_start(&w.fit, option->seed, option->starts, 0, k->theta);
  NW_TRY(nw_calibration_prepare(context, k));
  if (option->correct) {
    double *nominal =
        k->theta; /* not in use yet, or the optimum of an interrupted fit whose offsets are done */
    NW_TRY(correct(&w, nominal, k->offset, k->corrected, "correction"));
  }
  NW_TRY(do_pieces(&w, "starts", one_start, k->start_done, option->starts));
  NW_TRY(polish(&w));
  if (k->objective >= 1e8)
    return nw_fail(context, NW_NUMERICAL, NULL, "the model could not be run at any start of the fit");
  NW_TRY(profile_all(&w));
  NW_TRY(do_pieces(&w, "bootstrap", one_resample, k->boot_done, option->bootstrap));
  if (option->spread) NW_TRY(nw_calibration_spread(context, k));
  if (option->correct) NW_TRY(correct(&w, k->theta, k->offset_end, k->corrected_end, "correction again"));
  return NW_OK;
}

/* ---- what came out ---- */

size_t nw_calibration_agreeing(const struct nw_calibration *k) {
  size_t n = 0;
  for (size_t i = 0; i < k->problem->option.starts; i++)
    n += k->start_done[i] && k->start_objective[i] < k->objective + 1;
  return n;
}

double nw_calibration_limit(const struct nw_calibration *k, size_t i, int side) {
  const double share = k->side[2 * i + (size_t)side].limit;
  return isfinite(share) ? nw_fit_value(&k->free[i], share) : NAN;
}

const struct nw_param_row *nw_calibration_row(const struct nw_calibration *k, size_t i) {
  for (size_t j = 0; j < k->problem->n_parameters; j++)
    if (k->problem->parameter[j].index == i) return k->problem->parameter[j].row;
  return NULL;
}

/* Change of the logarithm by the whole range of shares, at the estimate. */
static double logarithmic_range(const struct nw_calibration *k, size_t i) {
  const struct nw_fit_parameter *p = &k->free[i];
  return p->log ? log(p->high / p->low) : (p->high - p->low) / k->theta[i];
}

double nw_calibration_log_covariance(const struct nw_calibration *k, size_t a, size_t b) {
  return k->covariance[a * k->n + b] * logarithmic_range(k, a) * logarithmic_range(k, b);
}

double nw_calibration_boot_quantile(const struct nw_calibration *k, size_t i, double share) {
  const size_t n = k->problem->option.bootstrap;
  return n > 0 ? nw_ensemble_quantile(k->boot_theta + i, k->n, n, share) : NAN;
}
