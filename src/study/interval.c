/* SPDX-License-Identifier: BSD-3-Clause
   Prediction intervals. Each member of the ensemble runs the whole course on the unit cell with its own
   parameters; what it reads at the end, less what the unit cell reads with the parameters of the run, is a
   deviation. The 5 % and 95 % quantiles of the deviations are laid around the value that the full run
   gave. */
#include "interval.h"

#include <math.h>

#include "ensemble.h"

enum { MEMBERS = 32, SIZE = MEMBERS * NW_OUTCOME_COUNT };

static void read_final(const void *unused, const struct nw_run *run, double *values) {
  (void)unused;
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    values[k] = run->timeline.value[run->timeline.n_rows - 1][k];
}

static double deviation(const double *value, int key, double reference, double share) {
  return nw_ensemble_quantile(value + key, NW_OUTCOME_COUNT, MEMBERS, share) - reference;
}

static void lay_around(const double *value, int key, double reference, double final, double *low,
                       double *high) {
  *low = final + fmin(0, deviation(value, key, reference, 0.05));  /* math: 90 % interval */
  *high = final + fmax(0, deviation(value, key, reference, 0.95)); /* math: 90 % interval */
}

static enum nw_status run_kind(struct nw_context *context, const struct nw_run *run, enum nw_draw_kind kind,
                               double *value) {
  return nw_ensemble_run(context, run, kind, NW_STUDY_GRID, MEMBERS, NW_OUTCOME_COUNT, read_final, NULL,
                         value);
}

static enum nw_status run_both(struct nw_context *context, struct nw_run *run, double *value) {
  struct nw_run reference = {0};
  double centre[NW_OUTCOME_COUNT];
  const nw_progress_function listener = context->progress;
  context->progress = NULL;
  const enum nw_status status = nw_trial_run(context, run, NULL, NW_STUDY_GRID, &reference);
  if (status == NW_OK) read_final(NULL, &reference, centre);
  nw_trial_clear(&reference);
  context->progress = listener;
  NW_TRY(status);
  nw_progress_report(context, "intervals", 0, 0);
  NW_TRY(run_kind(context, run, NW_DRAW_MEAN, value));
  nw_progress_report(context, "intervals", 0.5, 0);
  NW_TRY(run_kind(context, run, NW_DRAW_PERSON, value + SIZE));
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    struct nw_outcome_value *v = &run->outcome[k];
    if (!v->present) continue;
    lay_around(value, k, centre[k], v->final, &v->mean_low, &v->mean_high);
    lay_around(value + SIZE, k, centre[k], v->final, &v->low, &v->high);
  }
  return NW_OK;
}

enum nw_status nw_interval_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  (void)c;
  double *value = nw_allocate(2 * SIZE, sizeof *value);
  if (!value) return nw_fail(context, NW_MEMORY, NULL, "no memory for prediction intervals");
  const enum nw_status status = run_both(context, run, value);
  nw_release(value);
  return status;
}
