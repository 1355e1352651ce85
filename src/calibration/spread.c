/* SPDX-License-Identifier: BSD-3-Clause
   How far populations differ: each group of measurements (a cohort of one trial) is taken as a population of
   its own, whose parameters lie around those of the fit by `share` of their ranges. With J the sensitivities
   of the predictions to the logarithms of all varied parameters and S the squares of their spreads, the
   deviations of one group are normal with covariance share^2 J S J' + P + N (or Student's, where the fit is),
   P what the fit leaves open about its own parameters, N the squared errors of its measurements; groups are
   independent. The share of the largest likelihood is taken. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "calibrate.h"
#include "study/ensemble.h"

/* LAPACK: Cholesky factor of a symmetric matrix, and the solution with it. */
void dpotrf_(const char *half, const int *n, double *a, const int *lda, int *info, size_t length);
void dpotrs_(const char *half, const int *n, const int *nrhs, const double *a, const int *lda, double *b,
             const int *ldb, int *info, size_t length);

struct spreading {
  struct nw_calibration *k;
  size_t n; /* varied parameters */
  const struct nw_param_row **row;
  double *noise;  /* (m) of the measurements; discrepancy of the model is what the share explains */
  double *effect; /* (m, n) change of each prediction by one spread of each parameter */
  double *open;   /* (m, m) covariance of the predictions by what the fit leaves open */
};

/* ---- effects ---- */

static size_t gather_rows(const struct nw_param_row **row) {
  size_t n = 0;
  for (size_t i = 0; i < nw_param_count(); i++)
    if (nw_ensemble_spread(&nw_param_rows()[i]) > 0) row[n++] = &nw_param_rows()[i];
  return n;
}

/* Predictions of all conditions with parameter j moved by so many spreads; NAN where the model refuses. */
static void predict_moved(const struct spreading *s, struct nw_context *context, size_t j, double spreads,
                          double *out) {
  const struct nw_calibration *k = s->k;
  const struct nw_param_row *row = s->row[j];
  const enum nw_calibration_act act = nw_calibration_act_of(row);
  for (size_t c = 0; c < k->problem->n_conditions; c++) {
    /* differences come off the cheap grid as well as off the patch */
    const enum nw_fidelity own = k->problem->condition[c].fidelity;
    const enum nw_fidelity fidelity = act > NW_ACT_READING && own == NW_PATCH ? NW_STUDY_GRID : own;
    struct nw_params params = nw_calibration_params(k, c, k->theta);
    const double centre = nw_param_get(&params, row);
    const double moved = centre * exp(spreads * nw_ensemble_spread(row));
    nw_param_set(&params, row, fmin(fmax(moved, fmin(row->low, centre)), fmax(row->high, centre)));
    if (nw_calibration_simulate_with(context, k, c, k->theta, &params, act, fidelity, out) == NW_OK) continue;
    for (size_t i = 0; i < k->m; i++)
      if (k->problem->measurement[i].condition == c) out[i] = NAN;
  }
}

/* Both ways by half a spread: what a draw of the ensemble would do, bounds of the row included. */
static enum nw_status find_effect(const struct spreading *s, size_t j) {
  const struct nw_calibration *k = s->k;
  struct nw_context *context = nw_context_create();
  double *up = nw_allocate(2 * k->m + 1, sizeof *up), *down = up ? up + k->m : NULL;
  const enum nw_status status = context && up ? NW_OK : NW_MEMORY;
  if (status == NW_OK) {
    predict_moved(s, context, j, 0.5, up);
    predict_moved(s, context, j, -0.5, down);
  }
  for (size_t i = 0; status == NW_OK && i < k->m; i++)
    s->effect[i * s->n + j] = isfinite(up[i] - down[i]) ? up[i] - down[i] : 0;
  nw_release(up);
  nw_context_free(&context);
  return status;
}

static enum nw_status find_effects(struct nw_context *context, const struct spreading *s) {
  enum nw_status worst = NW_OK;
  size_t done = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (size_t j = 0; j < s->n; j++) {
    const enum nw_status status = context->interrupt ? NW_INTERRUPTED : find_effect(s, j);
#pragma omp critical
    {
      if (status != NW_OK) worst = status;
      nw_progress_report(context, "spread", (double)++done / (double)s->n, 0);
    }
  }
  return worst;
}

/* ---- likelihood ---- */

/* What the fit leaves open about its parameters moves two predictions together. */
static double left_open(const struct nw_calibration *k, size_t a, size_t b) {
  double sum = 0;
  for (size_t i = 0; k->determined && i < k->n; i++)
    for (size_t j = 0; j < k->n; j++)
      sum += k->jacobian[a * k->n + i] * k->covariance[i * k->n + j] * k->jacobian[b * k->n + j];
  return sum;
}

/* Covariance of two measurements of one population. */
static double covariance(const struct spreading *s, size_t a, size_t b, double share) {
  const double sd = s->noise[a];
  double sum = s->open[a * s->k->m + b] + (a == b ? sd * sd : 0);
  for (size_t j = 0; j < s->n; j++)
    sum += share * share * s->effect[a * s->n + j] * s->effect[b * s->n + j];
  return sum;
}

/* Of squared distance q of n measurements: normal, or Student's with the tails of the fit's likelihood, so
   that one contradiction does not set the share. */
static double distance_loss(const struct nw_problem_options *o, size_t n, double q) {
  if (o->loss != NW_LOSS_STUDENT) return q;
  return (o->width + (double)n) * log1p(q / o->width);
}

/* -2 log L of one group. */
static double misfit_of_group(const struct spreading *s, size_t group, double share, double *room) {
  const struct nw_calibration *k = s->k;
  size_t *index = (size_t *)room, n = 0;
  double *a = room + k->m, *r = a + k->m * k->m, sum = 0;
  for (size_t i = 0; i < k->m; i++)
    if (k->problem->measurement[i].cohort == group) index[n++] = i;
  for (size_t p = 0; p < n; p++) {
    r[p] = k->measured[index[p]] - k->value[index[p]];
    for (size_t q = 0; q < n; q++)
      a[p * n + q] = covariance(s, index[p], index[q], share);
  }
  const int size = (int)n, one = 1;
  int info = 1;
  double *solved = r + k->m;
  memcpy(solved, r, n * sizeof *r);
  dpotrf_("U", &size, a, &size, &info, 1);
  if (info != 0) return INFINITY;
  dpotrs_("U", &size, &one, a, &size, solved, &size, &info, 1);
  double q = 0;
  for (size_t p = 0; p < n; p++) {
    sum += 2 * log(a[p * n + p]);
    q += r[p] * solved[p];
  }
  return sum + distance_loss(&k->problem->option, n, q);
}

/* Of all groups but one (SIZE_MAX: of all). */
static double misfit(const struct spreading *s, double share, size_t left_out, double *room) {
  double sum = 0;
  for (size_t g = 0; g < s->k->problem->n_cohorts; g++)
    if (g != left_out) sum += misfit_of_group(s, g, share, room);
  return sum;
}

/* Shares that are looked at: an ensemble far outside of them would be none. */
static const double least_share = 0.01, most_share = 3;
enum { STEPS = 200 };

static double share_at(int step) {
  return least_share * pow(most_share / least_share, (double)step / STEPS);
}

static int best_step(const struct spreading *s, size_t left_out, double *room) {
  int best = 0;
  double least = INFINITY;
  for (int i = 0; i <= STEPS; i++) {
    const double here = misfit(s, share_at(i), left_out, room);
    if (here < least) least = here, best = i;
  }
  return best;
}

static void find_limits(const struct spreading *s, int best, double *room, struct nw_spread *out) {
  const double allowed = misfit(s, share_at(best), SIZE_MAX, room) + nw_fit_threshold(0.90);
  int low = best, high = best;
  while (low > 0 && misfit(s, share_at(low), SIZE_MAX, room) < allowed)
    low--;
  while (high < STEPS && misfit(s, share_at(high), SIZE_MAX, room) < allowed)
    high++;
  out->low = share_at(low);
  out->high = share_at(high);
}

/* Share of a group's measurements inside their 90 % interval, which is `reach` deviations wide to each side.
 */
static double covered(const struct spreading *s, size_t group, double share, double reach) {
  const struct nw_calibration *k = s->k;
  size_t n = 0, inside = 0;
  for (size_t i = 0; i < k->m; i++) {
    if (k->problem->measurement[i].cohort != group) continue;
    n++;
    inside += fabs(k->measured[i] - k->value[i]) <= reach * sqrt(covariance(s, i, i, share));
  }
  return (double)inside / (double)n;
}

static enum nw_status estimate(const struct spreading *s, struct nw_spread *out) {
  const size_t m = s->k->m, groups = s->k->problem->n_cohorts;
  double *room = nw_allocate(m * m + 3 * m + 1, sizeof *room);
  if (!room) return NW_MEMORY;
  const int best = best_step(s, SIZE_MAX, room);
  *out = (struct nw_spread){.done = true, .share = share_at(best), .groups = groups, .rows = s->n};
  find_limits(s, best, room, out);
  const struct nw_problem_options *o = &s->k->problem->option;
  /* the tails that distance_loss has */
  const double reach =
      nw_fit_loss_reach(o->loss == NW_LOSS_STUDENT ? o->loss : NW_LOSS_GAUSSIAN, o->width, 0.90);
  for (size_t g = 0; g < groups; g++)
    out->coverage += covered(s, g, share_at(best_step(s, g, room)), reach) / (double)groups;
  nw_release(room);
  return NW_OK;
}

enum nw_status nw_calibration_spread(struct nw_context *context, struct nw_calibration *k) {
  struct spreading s = {.k = k, .row = nw_allocate(nw_param_count(), sizeof *s.row)};
  if (s.row) s.n = gather_rows(s.row);
  s.effect = nw_allocate(k->m * s.n + 1, sizeof *s.effect);
  s.noise = nw_allocate(k->m, sizeof *s.noise);
  s.open = nw_allocate(k->m * k->m, sizeof *s.open);
  for (size_t i = 0; s.noise && i < k->m; i++)
    s.noise[i] = nw_calibration_noise(k, i, k->theta);
  for (size_t i = 0; s.open && i < k->m * k->m; i++)
    s.open[i] = left_open(k, i / k->m, i % k->m);
  enum nw_status status = s.row && s.effect && s.noise && s.open ? find_effects(context, &s) : NW_MEMORY;
  if (status == NW_OK) status = estimate(&s, &k->spread);
  nw_release(s.effect);
  nw_release(s.noise);
  nw_release(s.open);
  nw_release((void *)s.row);
  return status;
}
