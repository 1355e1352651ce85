/* SPDX-License-Identifier: BSD-3-Clause
   When things happen in a course. */
#include "phase.h"

#include <math.h>

#include "trial.h"

/* Rows up to a time. */
static size_t rows_until(const struct nw_timeline *t, double until) {
  size_t n = 0;
  while (n < t->n_rows && t->time[n] <= until)
    n++;
  return n;
}

static double rise(const struct nw_run *run, enum nw_outcome outcome, double time) {
  return nw_trial_at(run, outcome, time) - run->timeline.value[0][outcome];
}

/* Row of the highest value up to a time. */
static size_t highest(const struct nw_timeline *t, enum nw_outcome outcome, double until) {
  const size_t n = rows_until(t, until);
  size_t best = 0;
  for (size_t i = 1; i < n; i++)
    if (t->value[i][outcome] > t->value[best][outcome]) best = i;
  return best;
}

double nw_phase_peak_time(const struct nw_run *run, enum nw_outcome outcome, double until) {
  const struct nw_timeline *t = &run->timeline;
  const size_t i = highest(t, outcome, until);
  if (i == 0 || i + 1 >= rows_until(t, until)) return t->n_rows > 0 ? t->time[i] : NAN;
  const double back = t->time[i] - t->time[i - 1], on = t->time[i + 1] - t->time[i];
  const double rose = (t->value[i][outcome] - t->value[i - 1][outcome]) / back;
  const double rises = (t->value[i + 1][outcome] - t->value[i][outcome]) / on;
  if (!(rose > rises)) return t->time[i];
  /* where the slope, known in the middle of both spans and linear between, is nothing */
  return t->time[i] - 0.5 * back + 0.5 * (back + on) * rose / (rose - rises);
}

double nw_phase_of_peak(const struct nw_run *run, enum nw_outcome outcome, double time, double until) {
  const struct nw_timeline *t = &run->timeline;
  if (t->n_rows == 0) return NAN;
  const double most = t->value[highest(t, outcome, until)][outcome] - t->value[0][outcome];
  return rise(run, outcome, time) / most;
}

double nw_phase_of_gain(const struct nw_run *run, enum nw_outcome outcome, double time, double until) {
  return run->timeline.n_rows > 0 ? rise(run, outcome, time) / rise(run, outcome, until) : NAN;
}

/* Between two rows, where a quantity that is linear there meets a level. */
static double meets(const struct nw_timeline *t, enum nw_outcome outcome, size_t i, double level) {
  const double a = t->value[i][outcome], b = t->value[i + 1][outcome];
  return t->time[i] + (t->time[i + 1] - t->time[i]) * (level - a) / (b - a);
}

double nw_phase_half_time(const struct nw_run *run, enum nw_outcome outcome, double until) {
  const struct nw_timeline *t = &run->timeline;
  if (t->n_rows == 0) return NAN;
  const double level = t->value[0][outcome] + 0.5 * rise(run, outcome, until);
  for (size_t i = 0; i + 1 < t->n_rows && t->time[i] < until; i++)
    if (t->value[i][outcome] < level && t->value[i + 1][outcome] >= level) return meets(t, outcome, i, level);
  return NAN;
}

double nw_phase_fade_time(const struct nw_run *run, enum nw_outcome outcome, double share, double until) {
  const struct nw_timeline *t = &run->timeline;
  const size_t n = rows_until(t, until);
  if (n == 0) return NAN;
  const double level = share * t->value[highest(t, outcome, until)][outcome];
  for (size_t i = n - 1; i > 0; i--)
    if (t->value[i - 1][outcome] >= level)
      return t->value[i][outcome] < level ? meets(t, outcome, i - 1, level) : t->time[i];
  return NAN;
}
