/* SPDX-License-Identifier: BSD-3-Clause
   Prediction intervals. Each member of the ensemble runs the whole course on the unit cell with its own
   parameters; the interval of what the unit cell reads with the parameters of the run is laid around the
   value that the full run gave. What is counted on one patch scatters by chance as well: a new person has
   another patch. Persons of the ensemble are also shown to raters. */
#include "interval.h"

#include <math.h>

#include "ensemble.h"
#include "outcome/outcome.h"
#include "outcome/rater.h"

/* What is read of a member: each outcome at the end, before, and at the end without treatment. */
enum reading { FINAL, BEFORE, UNTREATED, READINGS };
enum { MEMBERS = 32, VALUES = READINGS * NW_OUTCOME_COUNT, SIZE = MEMBERS * VALUES };

static void read_member(const void *unused, const struct nw_run *run, double *values) {
  (void)unused;
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    values[FINAL * NW_OUTCOME_COUNT + k] = run->timeline.value[run->timeline.n_rows - 1][k];
    values[BEFORE * NW_OUTCOME_COUNT + k] = run->timeline.value[0][k];
    values[UNTREATED * NW_OUTCOME_COUNT + k] = run->outcome[k].present ? run->outcome[k].untreated : NAN;
  }
}

static void lay_around(const double *value, double centre, double final, double *low, double *high) {
  nw_ensemble_around(value, VALUES, MEMBERS, centre, low, high);
  *low += final - centre;
  *high += final - centre;
}

/* Chance of the patch beside the spread of persons, as independent deviations. */
static void add_chance(const struct nw_run *run, int key, struct nw_outcome_value *v) {
  const struct nw_tissue_history *h = &run->tissue;
  double low, high;
  if (!nw_outcome_chance(run->c, &run->skin, &h->item[0], &h->item[h->count - 1], (enum nw_outcome)key, &low,
                         &high))
    return;
  v->low = v->final - hypot(v->final - v->low, fmax(v->final - low, 0));
  v->high = v->final + hypot(v->high - v->final, fmax(high - v->final, 0));
}

/* No member and no end of the scale lets a reading fall below `least`. */
static double least_of(const double *value, int key) {
  const struct nw_scale *scale = nw_scale_of((enum nw_outcome)key);
  if (scale) return scale->lowest;
  for (int m = 0; m < 2 * MEMBERS; m++)
    if (value[m * VALUES + key] < 0) return -INFINITY;
  return 0;
}

static double most_of(int key) {
  const struct nw_scale *scale = nw_scale_of((enum nw_outcome)key);
  return scale ? (double)scale->highest : INFINITY;
}

/* Keeps both intervals where readings can lie, and the mean of a population inside what a new person may be:
   few members of either ensemble leave their quantiles a little apart. */
static void settle(const double *value, int key, struct nw_outcome_value *v) {
  if (!isfinite(v->low) || !isfinite(v->mean_low)) return; /* most members could not be run: no interval */
  const double least = fmin(least_of(value, key), v->final), most = fmax(most_of(key), v->final);
  v->mean_low = fmax(v->mean_low, least);
  v->mean_high = fmin(v->mean_high, most);
  v->low = fmin(fmax(v->low, least), v->mean_low);
  v->high = fmax(fmin(v->high, most), v->mean_high);
}

/* Latent severities of the persons of one population: each differs from the mean of the same parameters, and
   lies as far from what the run itself says. */
static void place_persons(const double *value, enum reading reading, int key, double own,
                          double person[MEMBERS]) {
  const double *mean = value + (int)reading * NW_OUTCOME_COUNT + key, *one = mean + SIZE;
  for (int m = 0; m < MEMBERS; m++)
    person[m] = own + one[m * VALUES] - mean[m * VALUES];
}

static void rate(const struct nw_params *p, const double *value, int key, struct nw_outcome_value *v) {
  const struct nw_scale *scale = nw_scale_of((enum nw_outcome)key);
  double before[MEMBERS], after[MEMBERS], untreated[MEMBERS];
  if (!scale) return;
  place_persons(value, BEFORE, key, v->baseline, before);
  place_persons(value, FINAL, key, v->final, after);
  place_persons(value, UNTREATED, key, v->untreated, untreated);
  v->rating = nw_rating_of(p, scale, MEMBERS, before, after, untreated);
}

static enum nw_status run_kind(struct nw_context *context, const struct nw_run *run, enum nw_draw_kind kind,
                               double *value) {
  return nw_ensemble_run(context, run, kind, NW_STUDY_GRID, MEMBERS, VALUES, read_member, NULL, value);
}

static enum nw_status run_both(struct nw_context *context, struct nw_run *run, double *value) {
  struct nw_run reference = {0};
  double centre[VALUES];
  const nw_progress_function listener = context->progress;
  context->progress = NULL;
  const enum nw_status status = nw_trial_run(context, run, NULL, NW_STUDY_GRID, &reference);
  if (status == NW_OK) read_member(NULL, &reference, centre);
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
    lay_around(value + k, centre[k], v->final, &v->mean_low, &v->mean_high);
    lay_around(value + SIZE + k, centre[k], v->final, &v->low, &v->high);
    add_chance(run, k, v);
    settle(value, k, v);
    rate(&run->c->params, value, k, v);
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
