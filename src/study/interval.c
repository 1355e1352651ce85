/* SPDX-License-Identifier: BSD-3-Clause
   Prediction intervals. Each member of the ensemble runs the whole course on the radial unit cell with
   its own parameters; what it reads at the end, less what the unit cell reads with the parameters of
   the run, is a deviation. The 5 % and 95 % quantiles of the deviations are laid around the value that
   the full run gave. For the mean of a population only what we do not know about the model varies; for
   a new person the person varies as well. */
#include "interval.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "healing/healing.h"
#include "healing/network/network.h"
#include "outcome/outcome.h"
#include "base/random.h"
#include "base/units.h"

enum { MEMBERS = 32, TRIES = 50 };

/* Which draws a member takes. */
enum member_kind { MEAN, PERSON, REFERENCE };

/* Logarithmic spread such that [low, high] would be a 90 % range, shrunk by what calibration leaves. */
static double spread(const struct nw_param_row *row, double share) {
  const double ninety = 2 * 1.6449; /* math: width of the central 90 % of a normal distribution */
  if (row->low <= 0 || row->high <= row->low) return 0;
  return share * log(row->high / row->low) / ninety;
}

static bool is_varied(const struct nw_param_row *row) {
  return !strcmp(row->section, "healing") || !strcmp(row->section, "surface") ||
         !strcmp(row->section, "outcome");
}

static bool is_stable(const struct nw_params *params) {
  const struct nw_network_closure closure = nw_network_close(params);
  return closure.gain < 1 && closure.fibrotic < 1;
}

static void vary_parameters(struct nw_params *params, uint64_t seed, uint64_t item) {
  const struct nw_param_row *row = nw_param_rows();
  const double share = params->posterior_share;
  for (size_t i = 0; i < nw_param_count(); i++) {
    const double sigma = is_varied(&row[i]) ? spread(&row[i], share) : 0;
    if (sigma == 0) continue;
    const double centre = nw_param_get(params, &row[i]);
    const double value = centre * exp(sigma * nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, 2 * i));
    nw_param_set(params, &row[i], fmin(fmax(value, fmin(row[i].low, centre)), fmax(row[i].high, centre)));
  }
}

static void vary_person(struct nw_params *params, uint64_t seed, uint64_t item) {
  double z[4];
  for (uint64_t i = 0; i < NW_COUNT(z); i++)
    z[i] = nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, 2 * (nw_param_count() + i));
  const double leukocytes = exp(params->person_leukocytes * z[0]),
               synthesis = exp(params->person_synthesis * z[1]);
  params->r_N *= leukocytes;
  params->r_M *= leukocytes;
  params->eta_w *= synthesis;
  params->F_0 *= exp(params->person_fibroblasts * z[2]);
  params->k_I *= exp(params->person_pigment * z[3]);
}

/* Parameters of one member; draws that break a stability inequality are drawn again. */
static bool draw(const struct nw_case *c, enum member_kind kind, size_t member, struct nw_params *params) {
  for (size_t attempt = 0; attempt < TRIES; attempt++) {
    const uint64_t item = member * TRIES + attempt;
    *params = c->params;
    if (kind == REFERENCE) return true;
    vary_parameters(params, c->patch.seed, item);
    if (kind == PERSON) vary_person(params, c->patch.seed, item);
    if (is_stable(params)) return true;
  }
  return false;
}

/* Reads all outcomes at the end of the course of one member; false when it could not be run. */
static bool run_member(const struct nw_case *c, const struct nw_run *run, enum member_kind kind,
                       size_t member, double value[NW_OUTCOME_COUNT]) {
  struct nw_case own = *c; /* shares everything but the parameters */
  struct nw_run cell = {.c = &own, .skin = run->skin, .punctures = run->punctures, .injuries = run->injuries};
  struct nw_context *context = nw_context_create();
  bool done = context && draw(c, kind, member, &own.params) &&
              nw_healing_prepare(context, &own, &cell, NW_UNIT_CELL, false) == NW_OK &&
              nw_healing_run(context, &own, &cell, INFINITY, NULL) == NW_OK && cell.tissue.count > 0;
  if (done)
    nw_outcome_read(&own, &cell.skin, &cell.tissue.item[0], &cell.tissue.item[cell.tissue.count - 1], value);
  nw_healing_free(&cell.healing);
  nw_release(cell.tissue.item);
  nw_context_free(&context);
  return done;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorted values, linear between neighbours. */
static double quantile(const double *sorted, size_t count, double share) {
  const double at = share * (double)(count - 1);
  const size_t i = (size_t)at;
  if (i + 1 >= count) return sorted[count - 1];
  return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

struct ensemble {
  double reference[NW_OUTCOME_COUNT];
  double value[MEMBERS][NW_OUTCOME_COUNT];
  bool done[MEMBERS];
};

static void lay_around(const struct ensemble *e, int key, double final, double *low, double *high) {
  double deviation[MEMBERS];
  size_t count = 0;
  for (size_t m = 0; m < MEMBERS; m++)
    if (e->done[m] && isfinite(e->value[m][key])) deviation[count++] = e->value[m][key] - e->reference[key];
  *low = *high = NAN;
  if (count < MEMBERS / 2 || !isfinite(e->reference[key])) return;
  qsort(deviation, count, sizeof(double), by_value);
  *low = final + fmin(0, quantile(deviation, count, 0.05));  /* math: 90 % interval */
  *high = final + fmax(0, quantile(deviation, count, 0.95)); /* math: 90 % interval */
}

static void run_ensemble(struct nw_context *context, const struct nw_case *c, const struct nw_run *run,
                         enum member_kind kind, struct ensemble *e) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (size_t m = 0; m < MEMBERS; m++)
    e->done[m] = run_member(c, run, kind, m, e->value[m]);
}

enum nw_status nw_interval_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct ensemble *mean = nw_allocate(1, sizeof *mean), *person = nw_allocate(1, sizeof *person);
  enum nw_status status = NW_OK;
  if (!mean || !person || !run_member(c, run, REFERENCE, 0, mean->reference)) {
    status = nw_fail(context, NW_NUMERICAL, NULL,
                     "the unit cell behind the prediction intervals could not be run");
  } else {
    nw_progress_report(context, "intervals", 0, 0);
    memcpy(person->reference, mean->reference, sizeof person->reference);
    run_ensemble(context, c, run, MEAN, mean);
    nw_progress_report(context, "intervals", 0.5, 0);
    run_ensemble(context, c, run, PERSON, person);
    for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
      struct nw_outcome_value *v = &run->outcome[k];
      if (!v->present) continue;
      lay_around(mean, k, v->final, &v->mean_low, &v->mean_high);
      lay_around(person, k, v->final, &v->low, &v->high);
    }
  }
  nw_release(mean);
  nw_release(person);
  return status;
}
