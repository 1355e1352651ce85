/* SPDX-License-Identifier: BSD-3-Clause
   The model as a fit sees it: parameters in, predicted measurements out. */
#include <math.h>
#include <string.h>

#include "outcome/rater.h"
#include "base/units.h"
#include "calibrate.h"
#include "study/excision.h"
#include "study/phase.h"

/* A condition under one theta: a copy of its case whose parameters and products may differ. */
struct variant {
  struct nw_case c;
  struct nw_product *products; /* owned copies, or those of the case */
};

static bool product_is_free(const struct nw_problem *p) {
  for (size_t i = 0; i < p->n_parameters; i++)
    if (p->parameter[i].kind == NW_FREE_PRODUCT) return true;
  return false;
}

static double number_of(const struct nw_problem_parameter *q, const double *theta) {
  return q->estimate ? theta[q->index] : q->nominal;
}

struct nw_params nw_calibration_params(const struct nw_calibration *k, size_t condition,
                                       const double *theta) {
  struct nw_params params = k->problem->condition[condition].c->params;
  for (size_t i = 0; i < k->problem->n_parameters; i++) {
    const struct nw_problem_parameter *q = &k->problem->parameter[i];
    if (q->kind == NW_FREE_MODEL) nw_param_set(&params, q->row, number_of(q, theta));
  }
  return params;
}

static enum nw_status vary(const struct nw_calibration *k, size_t condition, const double *theta,
                           struct variant *out) {
  const struct nw_problem *p = k->problem;
  const struct nw_case *c = p->condition[condition].c;
  *out = (struct variant){.c = *c, .products = c->products};
  out->c.params = nw_calibration_params(k, condition, theta);
  if (!product_is_free(p) || c->n_products == 0) return NW_OK;
  out->products = nw_allocate(c->n_products, sizeof *out->products);
  if (!out->products) return NW_MEMORY;
  memcpy(out->products, c->products, c->n_products * sizeof *out->products);
  for (size_t i = 0; i < p->n_parameters; i++) {
    const struct nw_problem_parameter *q = &p->parameter[i];
    if (q->kind != NW_FREE_PRODUCT || q->product >= c->n_products) continue;
    *nw_permeation_product_value(&out->products[q->product], q->key) =
        nw_unit_to_si(number_of(q, theta), q->unit);
  }
  out->c.products = out->products;
  return NW_OK;
}

static void clear_variant(const struct nw_calibration *k, size_t condition, struct variant *v) {
  if (v->products != k->problem->condition[condition].c->products) nw_release(v->products);
}

/* ---- readings ---- */

static double compared(const struct nw_problem_observable *o, double reading) {
  const double value = reading * o->scale;
  return o->log10 ? (value > 0 ? log10(value) : NAN) : value;
}

static double read_outcome(const struct nw_run *run, const struct nw_problem_observable *o, double time) {
  if (o->reading == NW_READ_OBSERVED) return nw_observe(run, &o->question);
  const double end = run->timeline.n_rows ? run->timeline.time[run->timeline.n_rows - 1] : 0;
  const double at = fmin(time, end), value = nw_trial_at(run, o->outcome, at);
  const double baseline = nw_trial_at(run, o->outcome, 0), tenth = 0.1;
  const double percent = 100 / fabs(baseline);
  switch (o->reading) {
    case NW_READ_CHANGE:
      return value - baseline;
    case NW_READ_CHANGE_PCT:
      return (value - baseline) * percent;
    case NW_READ_EFFECT:
      return value - nw_trial_untreated_at(run, o->outcome, at);
    case NW_READ_EFFECT_PCT:
      return (value - nw_trial_untreated_at(run, o->outcome, at)) * percent;
    case NW_READ_RATED:
      return value - baseline - nw_rater_hope(&run->c->params, baseline);
    case NW_READ_RATED_PCT:
      return (value - baseline - nw_rater_hope(&run->c->params, baseline)) * percent;
    case NW_READ_OF_PEAK:
      return nw_phase_of_peak(run, o->outcome, at, end);
    case NW_READ_OF_GAIN:
      return nw_phase_of_gain(run, o->outcome, at, end);
    case NW_READ_PEAK_TIME:
      return nw_phase_peak_time(run, o->outcome, at);
    case NW_READ_HALF_TIME:
      return nw_phase_half_time(run, o->outcome, at);
    case NW_READ_FADE_TIME:
      return nw_phase_fade_time(run, o->outcome, tenth, at);
    default:
      return value;
  }
}

/* All times of one product observable, in order; one course serves them all. */
static enum nw_status follow(struct nw_context *context, const struct nw_calibration *k, size_t condition,
                             size_t observable, const struct nw_run *run, const struct variant *v,
                             double *out) {
  const struct nw_problem *p = k->problem;
  const struct nw_problem_observable *o = &p->observable[observable];
  size_t *at = nw_allocate(p->n_measurements + 1, sizeof *at), n = 0;
  double *time = nw_allocate(2 * p->n_measurements + 1, sizeof *time);
  enum nw_status status = at && time ? NW_OK : NW_MEMORY;
  for (size_t i = 0; status == NW_OK && i < p->n_measurements; i++) {
    if (p->measurement[i].condition != condition || p->measurement[i].observable != observable) continue;
    size_t j = n++;
    for (; j > 0 && p->measurement[at[j - 1]].time > p->measurement[i].time; j--)
      at[j] = at[j - 1];
    at[j] = i;
  }
  double *value = time ? time + p->n_measurements : NULL;
  for (size_t j = 0; j < n; j++)
    time[j] = p->measurement[at[j]].time;
  if (n > 0)
    status = nw_permeation_follow(context, run, &v->c.params, &v->products[o->product], o->quantity, time, n,
                                  value);
  for (size_t j = 0; status == NW_OK && j < n; j++)
    out[at[j]] = compared(o, value[j]);
  nw_release(at);
  nw_release(time);
  return status;
}

static bool reads_outcomes(const struct nw_problem *p, size_t condition) {
  for (size_t i = 0; i < p->n_measurements; i++)
    if (p->measurement[i].condition == condition &&
        p->observable[p->measurement[i].observable].reading != NW_READ_PRODUCT)
      return true;
  return false;
}

/* Without it the punctures say all that is read. */
static bool needs_course(const struct nw_problem *p, size_t condition) {
  for (size_t i = 0; i < p->n_measurements; i++)
    if (p->measurement[i].condition == condition &&
        nw_problem_needs_course(&p->observable[p->measurement[i].observable]))
      return true;
  return false;
}

/* `v` is the case that the run was made with: what is read of the untreated twin goes by its parameters. */
static void read_run(const struct nw_calibration *k, size_t condition, const struct variant *v,
                     struct nw_run *run, double *out) {
  const struct nw_problem *p = k->problem;
  const struct nw_case *borrowed = run->c;
  run->c = &v->c;
  for (size_t i = 0; i < p->n_measurements; i++) {
    const struct nw_problem_observable *o = &p->observable[p->measurement[i].observable];
    if (p->measurement[i].condition == condition && o->reading != NW_READ_PRODUCT)
      out[i] = compared(o, read_outcome(run, o, p->measurement[i].time));
  }
  run->c = borrowed;
}

static enum nw_status read_trial(struct nw_context *context, const struct nw_calibration *k, size_t condition,
                                 const struct nw_run *base, const struct variant *v,
                                 enum nw_fidelity fidelity, double *out) {
  struct nw_run run = *base;
  if (!needs_course(k->problem, condition)) {
    read_run(k, condition, v, &run, out);
    return NW_OK;
  }
  const enum nw_status status = nw_trial_run(context, base, &v->c.params, fidelity, &run);
  if (status == NW_OK) read_run(k, condition, v, &run, out);
  nw_trial_clear(&run);
  return status;
}

/* Neither injury nor grid are those of the base, and there is no fidelity to choose. */
static enum nw_status read_excision(struct nw_context *context, const struct nw_calibration *k,
                                    size_t condition, const struct variant *v, double *out) {
  struct nw_run run = {0};
  const enum nw_status status = nw_excision_run(context, &v->c.params, &run);
  if (status == NW_OK) read_run(k, condition, v, &run, out);
  nw_trial_clear(&run);
  return status;
}

static enum nw_status read_again(struct nw_context *context, const struct nw_calibration *k, size_t condition,
                                 const struct variant *v, double *out) {
  struct nw_run run;
  const enum nw_status status = nw_trial_reread(context, &k->tissue[condition], &v->c.params, &run);
  if (status == NW_OK) read_run(k, condition, v, &run, out);
  nw_trial_forget(&run);
  return status;
}

/* ---- one condition ---- */

static enum nw_status prepare(struct nw_context *context, const struct nw_case *c, bool outcomes,
                              struct nw_run *run) {
  return outcomes ? nw_trial_prepare(context, c, run) : nw_permeation_prepare(context, c, run);
}

static enum nw_status read_all(struct nw_context *context, const struct nw_calibration *k, size_t condition,
                               const struct nw_run *run, const struct variant *v, bool again,
                               enum nw_fidelity fidelity, double *out) {
  if (k->problem->condition[condition].excision) return read_excision(context, k, condition, v, out);
  if (reads_outcomes(k->problem, condition))
    NW_TRY(again ? read_again(context, k, condition, v, out)
                 : read_trial(context, k, condition, run, v, fidelity, out));
  for (size_t o = 0; o < k->problem->n_observables; o++)
    if (k->problem->observable[o].reading == NW_READ_PRODUCT)
      NW_TRY(follow(context, k, condition, o, run, v, out));
  return NW_OK;
}

/* `params` NULL: those of theta. */
static enum nw_status simulate(struct nw_context *context, const struct nw_calibration *k, size_t condition,
                               const double *theta, const struct nw_params *params,
                               enum nw_calibration_act act, enum nw_fidelity fidelity, double *out) {
  struct variant v;
  struct nw_run own = {0};
  enum nw_status status = vary(k, condition, theta, &v);
  if (params) v.c.params = *params;
  const bool rebuild = act == NW_ACT_PUNCTURE;
  const bool again = act == NW_ACT_READING && fidelity == k->problem->condition[condition].fidelity &&
                     k->tissue[condition].tissue.count > 0;
  if (status == NW_OK && rebuild)
    status = prepare(context, &v.c, reads_outcomes(k->problem, condition), &own);
  if (status == NW_OK)
    status = read_all(context, k, condition, rebuild ? &own : &k->base[condition], &v, again, fidelity, out);
  nw_run_clear(&own);
  clear_variant(k, condition, &v);
  return status;
}

enum nw_status nw_calibration_simulate(struct nw_context *context, const struct nw_calibration *k,
                                       size_t condition, const double *theta, enum nw_fidelity fidelity,
                                       double *out) {
  return simulate(context, k, condition, theta, NULL, k->act, fidelity, out);
}

enum nw_status nw_calibration_simulate_with(struct nw_context *context, const struct nw_calibration *k,
                                            size_t condition, const double *theta,
                                            const struct nw_params *params, enum nw_calibration_act act,
                                            enum nw_fidelity fidelity, double *out) {
  return simulate(context, k, condition, theta, params, act > k->act ? act : k->act, fidelity, out);
}

enum nw_status nw_calibration_prepare(struct nw_context *context, struct nw_calibration *k) {
  const struct nw_problem *p = k->problem;
  for (size_t c = 0; c < p->n_conditions && k->act == NW_ACT_READING; c++) {
    nw_progress_report(context, "courses", (double)c / (double)p->n_conditions, 0);
    if (p->condition[c].excision || !needs_course(p, c) || k->tissue[c].tissue.count > 0) continue;
    const struct nw_params params = nw_calibration_params(k, c, k->theta);
    const nw_progress_function listener = context->progress;
    context->progress = NULL;
    const enum nw_status status =
        nw_trial_run(context, &k->base[c], &params, p->condition[c].fidelity, &k->tissue[c]);
    context->progress = listener;
    NW_TRY(status);
  }
  return NW_OK;
}

/* ---- all conditions: what the fit calls ---- */

static double noise_of(const struct nw_problem *p, const struct nw_problem_number *number,
                       const double *theta) {
  return number->parameter == SIZE_MAX ? number->value : number_of(&p->parameter[number->parameter], theta);
}

double nw_calibration_noise(const struct nw_calibration *k, size_t i, const double *theta) {
  return noise_of(k->problem, &k->problem->measurement[i].noise, theta);
}

static enum nw_status predict(const void *model, const double *theta, double *value, double *sd) {
  const struct nw_calibration *k = model;
  const struct nw_problem *p = k->problem;
  struct nw_context *context = nw_context_create();
  enum nw_status status = context ? NW_OK : NW_MEMORY;
  for (size_t c = 0; status == NW_OK && c < p->n_conditions; c++)
    status = nw_calibration_simulate(context, k, c, theta, p->condition[c].fidelity, value);
  for (size_t i = 0; status == NW_OK && i < p->n_measurements; i++) {
    const struct nw_problem_measurement *m = &p->measurement[i];
    value[i] += k->offset[i];
    sd[i] =
        hypot(noise_of(p, &m->noise, theta), noise_of(p, &p->observable[m->observable].discrepancy, theta));
  }
  nw_context_free(&context);
  return status;
}

struct nw_fit nw_calibration_fit(const struct nw_calibration *k, const volatile int *stop) {
  const struct nw_problem_options *o = &k->problem->option;
  return (struct nw_fit){.parameter = k->free,
                         .n_parameters = k->n,
                         .measured = k->measured,
                         .n_data = k->m,
                         .loss = o->loss,
                         .width = o->width,
                         .predict = predict,
                         .model = k,
                         .most_evaluations = o->evaluations,
                         .precision = 1e-4,
                         .stop = stop};
}

/* ---- made and cleared ---- */

enum nw_calibration_act nw_calibration_act_of(const struct nw_param_row *row) {
  static const char *const late[] = {"healing", "surface", "transport", "safety", "study"};
  if (!strcmp(row->section, "outcome")) return NW_ACT_READING;
  for (size_t i = 0; i < NW_COUNT(late); i++)
    if (!strcmp(row->section, late[i])) return NW_ACT_HEALING;
  return NW_ACT_PUNCTURE;
}

static bool acts_on_products(const struct nw_problem *p) {
  for (size_t i = 0; i < p->n_parameters; i++)
    if (p->parameter[i].kind == NW_FREE_PRODUCT ||
        (p->parameter[i].kind == NW_FREE_MODEL && !strcmp(p->parameter[i].row->section, "transport")))
      return true;
  return false;
}

static void name_free(struct nw_calibration *k) {
  const struct nw_problem *p = k->problem;
  for (size_t i = 0; i < p->n_parameters; i++) {
    const struct nw_problem_parameter *q = &p->parameter[i];
    if (q->kind == NW_FREE_MODEL && nw_calibration_act_of(q->row) > k->act)
      k->act = nw_calibration_act_of(q->row);
    if (!q->estimate) continue;
    k->free[q->index] = (struct nw_fit_parameter){.name = q->id,
                                                  .low = q->low,
                                                  .high = q->high,
                                                  .start = q->nominal,
                                                  .log = q->log,
                                                  .prior = q->prior,
                                                  .prior_sd = q->prior_sd};
  }
  for (size_t i = 0; i < k->m; i++) {
    const struct nw_problem_measurement *m = &p->measurement[i];
    k->measured[i] = p->observable[m->observable].log10 ? log10(m->value) : m->value;
  }
}

static bool make_room(struct nw_calibration *k) {
  const size_t n = k->n, m = k->m, s = k->problem->option.starts, b = k->problem->option.bootstrap;
  const size_t c = k->problem->n_conditions;
  const struct {
    void *place;
    size_t count, size;
  } room[] = {{&k->free, n, sizeof *k->free},
              {&k->measured, m, sizeof(double)},
              {&k->base, c, sizeof *k->base},
              {&k->tissue, c, sizeof *k->tissue},
              {&k->offset, m, sizeof(double)},
              {&k->offset_end, m, sizeof(double)},
              {&k->corrected, c, sizeof(bool)},
              {&k->corrected_end, c, sizeof(bool)},
              {&k->start_theta, s * n, sizeof(double)},
              {&k->start_objective, s, sizeof(double)},
              {&k->start_evaluations, s, sizeof(size_t)},
              {&k->start_done, s, sizeof(bool)},
              {&k->theta, n, sizeof(double)},
              {&k->value, m, sizeof(double)},
              {&k->sd, m, sizeof(double)},
              {&k->jacobian, m * n, sizeof(double)},
              {&k->covariance, n * n, sizeof(double)},
              {&k->side, 2 * n, sizeof *k->side},
              {&k->side_done, 2 * n, sizeof(bool)},
              {&k->identity, n, sizeof *k->identity},
              {&k->boot_theta, b * n + 1, sizeof(double)},
              {&k->boot_done, b + 1, sizeof(bool)}};
  bool all = true;
  for (size_t i = 0; i < NW_COUNT(room); i++) {
    void *block = nw_allocate(room[i].count, room[i].size);
    memcpy(room[i].place, &block, sizeof block);
    all = all && block;
  }
  for (size_t i = 0; all && i < 2 * n; i++)
    all = (k->side[i].theta = nw_allocate(NW_PROFILE_MOST * n, sizeof(double))) != NULL;
  return all;
}

enum nw_status nw_calibration_create(struct nw_context *context, const struct nw_problem *problem,
                                     struct nw_calibration *out) {
  *out = (struct nw_calibration){
      .problem = problem, .n = nw_problem_free_count(problem), .m = problem->n_measurements};
  if (!make_room(out)) return nw_fail(context, NW_MEMORY, NULL, "no memory for this calibration");
  name_free(out);
  for (size_t c = 0; c < problem->n_conditions; c++) {
    const bool outcomes = reads_outcomes(problem, c);
    if (outcomes && problem->condition[c].c->n_products > 0 && acts_on_products(problem))
      out->act = NW_ACT_PUNCTURE;
    NW_TRY(prepare(context, problem->condition[c].c, outcomes, &out->base[c]));
  }
  return NW_OK;
}

void nw_calibration_clear(struct nw_calibration *k) {
  for (size_t c = 0; k->tissue && c < k->problem->n_conditions; c++)
    nw_trial_clear(&k->tissue[c]);
  for (size_t c = 0; k->base && c < k->problem->n_conditions; c++)
    nw_run_clear(&k->base[c]);
  for (size_t i = 0; k->side && i < 2 * k->n; i++)
    nw_release(k->side[i].theta);
  void *const block[] = {k->free,
                         k->tissue,
                         k->measured,
                         k->base,
                         k->offset,
                         k->offset_end,
                         k->corrected,
                         k->corrected_end,
                         k->start_theta,
                         k->start_objective,
                         k->start_evaluations,
                         k->start_done,
                         k->theta,
                         k->value,
                         k->sd,
                         k->jacobian,
                         k->covariance,
                         k->side,
                         k->side_done,
                         k->identity,
                         k->boot_theta,
                         k->boot_done};
  for (size_t i = 0; i < NW_COUNT(block); i++)
    nw_release(block[i]);
  *k = (struct nw_calibration){0};
}
