/* SPDX-License-Identifier: BSD-3-Clause
   An ensemble: the same trial under other parameters and for other people. */
#include "ensemble.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "healing/network/network.h"

enum { TRIES = 50, PERSON_DRAWS = 4 };

/* ---- draws ---- */

static bool is_varied(const struct nw_param_row *row) {
  return !strcmp(row->section, "healing") || !strcmp(row->section, "surface") ||
         !strcmp(row->section, "outcome") || !strcmp(row->section, "puncture");
}

/* Standard deviation of the logarithm whose central 90 % is the range of a row. */
static double log_spread(const struct nw_param_row *row) {
  const double ninety = 2 * 1.6449; /* math: width of the central 90 % of a normal distribution */
  return log(row->high / row->low) / ninety;
}

double nw_ensemble_spread(const struct nw_param_row *row) {
  return is_varied(row) && row->low > 0 && row->high > row->low ? log_spread(row) : 0;
}

bool nw_ensemble_is_stable(const struct nw_params *params) {
  const struct nw_network_closure closure = nw_network_close(params);
  return closure.gain < 1 && closure.fibrotic < 1;
}

/* Which draws of a member belong to a parameter: told by its key, so that a new row leaves those of
   all others where they were. Even, a normal number takes two; small ones belong to persons and directions.
 */
static uint64_t draw_of_key(const char *key) {
  return (nw_digest(NW_DIGEST_NONE, key, strlen(key)) | 0x8000000000000000u) & ~(uint64_t)1;
}

/* Rows of model/posterior.def; the last one is no row. */
static const struct posterior {
  size_t direction;
  const char *key;
  double step; /* of the logarithm */
} posterior[] = {
#define POSTERIOR(direction, key, step) {direction, #key, step},
#include "../model/posterior.def"
#undef POSTERIOR
    {0, NULL, 0}};

/* What fitting left open about a parameter: common deviations make those that were fitted together move so.
 */
static double draw_posterior(const char *key, uint64_t seed, uint64_t item) {
  double sum = 0;
  for (const struct posterior *p = posterior; p->key; p++)
    if (!strcmp(p->key, key))
      sum += p->step * nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, 2 * (PERSON_DRAWS + p->direction));
  return sum;
}

/* (nu/chi^2)^(1/2) with chi^2 of nu degrees of freedom: times normal numbers it gives Student's. */
static double draw_tail(double freedom, uint64_t seed, uint64_t item) {
  const uint64_t pairs = (uint64_t)fmax(round(0.5 * freedom), 1), first = draw_of_key("posterior_tail");
  double squares = 0;
  for (uint64_t i = 0; i < pairs; i++)
    squares -= 2 * log(nw_random_uniform(seed, NW_STREAM_ENSEMBLE, item, first + i));
  return sqrt(2 * (double)pairs / squares);
}

/* How far populations differ is told by few of them: its row holds the limits of that. Most differ a little
   and few a lot, as the likelihood has it that tells the share. */
static double draw_share(const struct nw_params *centre, uint64_t seed, uint64_t item) {
  const double spread = log_spread(nw_param_find("posterior_share"));
  return centre->posterior_share *
         exp(spread * nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, draw_of_key("posterior_share"))) *
         draw_tail(centre->posterior_tail, seed, item);
}

/* Populations differ in every number by a share of its range; what was fitted is uncertain besides. */
static void vary_parameters(struct nw_params *params, double share, uint64_t seed, uint64_t item) {
  const struct nw_param_row *row = nw_param_rows();
  for (size_t i = 0; i < nw_param_count(); i++) {
    const double sigma = share * nw_ensemble_spread(&row[i]);
    if (sigma == 0) continue;
    const double centre = nw_param_get(params, &row[i]);
    const double moved = sigma * nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, draw_of_key(row[i].key)) +
                         draw_posterior(row[i].key, seed, item);
    nw_param_set(params, &row[i],
                 fmin(fmax(centre * exp(moved), fmin(row[i].low, centre)), fmax(row[i].high, centre)));
  }
}

/* How fast a person's epidermis closes, by a draw of its own that leaves all others where they were: every
   time of the closure is `longer` times as long. Lag and front bear it alike, the width of the front stays:
   t_lag -> longer t_lag,   D_e -> D_e/longer,   r_e -> r_e/longer */
static void vary_closure(struct nw_params *params, double side, uint64_t seed, uint64_t item) {
  const double z = side * nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, draw_of_key("person_closure"));
  const double longer = exp(params->person_closure * z);
  params->t_lag *= longer;
  params->D_e /= longer;
  params->r_e /= longer;
}

/* Every second person is the opposite of the one before: shares of few persons scatter less. */
static void vary_person(struct nw_params *params, uint64_t seed, size_t member) {
  const double side = member % 2 ? -1 : 1;
  const uint64_t item = member / 2 * TRIES;
  double z[PERSON_DRAWS];
  for (uint64_t i = 0; i < NW_COUNT(z); i++)
    z[i] = side * nw_random_normal(seed, NW_STREAM_ENSEMBLE, item, 2 * i);
  const double leukocytes = exp(params->person_leukocytes * z[0]),
               synthesis = exp(params->person_synthesis * z[1]);
  params->r_N *= leukocytes;
  params->r_M *= leukocytes;
  params->eta_w *= synthesis;
  params->F_0 *= exp(params->person_fibroblasts * z[2]);
  params->k_I *= exp(params->person_pigment * z[3]);
  vary_closure(params, side, seed, item);
}

bool nw_ensemble_draw(const struct nw_params *centre, enum nw_draw_kind kind, uint64_t seed, size_t member,
                      struct nw_params *out) {
  const double share = draw_share(centre, seed, member * TRIES);
  for (size_t attempt = 0; attempt < TRIES; attempt++) {
    const uint64_t item = member * TRIES + attempt;
    *out = *centre;
    vary_parameters(out, share, seed, item);
    if (kind == NW_DRAW_PERSON) vary_person(out, seed, member);
    if (nw_ensemble_is_stable(out)) return true;
  }
  return false;
}

/* ---- members ---- */

struct ensemble {
  const struct nw_run *base;
  enum nw_draw_kind kind;
  enum nw_fidelity fidelity;
  size_t values;
  nw_ensemble_read read;
  const void *data;
};

/* Errors of single members stay with them: what could not be run is left out of the quantiles. */
static void run_member(const struct ensemble *e, size_t member, double *out) {
  struct nw_params params;
  struct nw_run run = {0};
  struct nw_context *context = nw_context_create();
  const struct nw_case *c = e->base->c;
  bool done = context && nw_ensemble_draw(&c->params, e->kind, c->patch.seed, member, &params);
  if (done) context->threads = 1;
  done = done && nw_trial_run(context, e->base, &params, e->fidelity, &run) == NW_OK;
  for (size_t i = 0; i < e->values; i++)
    out[i] = NAN;
  if (done) e->read(e->data, &run, out);
  nw_trial_clear(&run);
  nw_context_free(&context);
}

enum nw_status nw_ensemble_run(struct nw_context *context, const struct nw_run *base, enum nw_draw_kind kind,
                               enum nw_fidelity fidelity, size_t members, size_t values,
                               nw_ensemble_read read, const void *data, double *out) {
  const struct ensemble e = {base, kind, fidelity, values, read, data};
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (size_t m = 0; m < members; m++)
    if (!context->interrupt) run_member(&e, m, out + m * values);
  return context->interrupt ? NW_INTERRUPTED : NW_OK;
}

/* ---- quantiles ---- */

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The k-th smallest of n draws stands for the share k/(n + 1): so much of what is drawn next lies below it in
   the mean (type 6 of Hyndman and Fan 1996). With k - 1 over n - 1 instead, 90 % intervals of 32 members
   would hold 85 %. */
double nw_ensemble_quantile(const double *value, size_t stride, size_t count, double share) {
  double *sorted = nw_allocate(count > 0 ? count : 1, sizeof *sorted), result = NAN;
  size_t n = 0;
  for (size_t i = 0; sorted && i < count; i++)
    if (isfinite(value[i * stride])) sorted[n++] = value[i * stride];
  if (n > 0 && 2 * n >= count) {
    qsort(sorted, n, sizeof *sorted, by_value);
    const double at = fmin(fmax(share * (double)(n + 1) - 1, 0), (double)(n - 1));
    const size_t i = (size_t)at;
    result = i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
  }
  nw_release(sorted);
  return result;
}

/* ---- intervals ---- */

static double normal_share(double z) {
  return 0.5 * erfc(-z * M_SQRT1_2);
}

/* How many standard deviations a share of a normal distribution reaches. */
static double normal_reach(double share) {
  double low = -10, high = 10; /* math: shares below 1e-23 are none */
  for (int i = 0; i < 60; i++) {
    const double middle = 0.5 * (low + high);
    if (normal_share(middle) < share)
      low = middle;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

/* Share of the members below a value, ties halved; never 0 or 1, since few members tell no tail. */
static double share_below(const double *value, size_t stride, size_t count, double centre) {
  double n = 0, below = 0;
  for (size_t i = 0; i < count; i++) {
    const double one = value[i * stride];
    if (!isfinite(one)) continue;
    n++;
    below += one < centre ? 1 : one > centre ? 0 : 0.5;
  }
  return (below + 0.5) / (n + 1);
}

/* Numbers are fitted so that the model itself, not the middle of its draws, lies among the data. Draws move
   every number at once, and since gains saturate upwards and vanish downwards, their middle lies elsewhere.
 */
void nw_ensemble_around(const double *value, size_t stride, size_t count, double centre, double *low,
                        double *high) {
  const double z90 = 1.6449; /* math: half width of the central 90 % of a normal distribution */
  const double bias = normal_reach(share_below(value, stride, count, centre));
  *low = nw_ensemble_quantile(value, stride, count, normal_share(2 * bias - z90));
  *high = nw_ensemble_quantile(value, stride, count, normal_share(2 * bias + z90));
  if (*low > centre) *low = centre;
  if (*high < centre) *high = centre;
}
