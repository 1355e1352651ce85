/* SPDX-License-Identifier: BSD-3-Clause
   Scenarios: from rows of the table to finished courses. */
#include "scenario.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "base/data.h"
#include "study/ensemble.h"
#include "study/trial.h"

enum { LONGEST = 256 };

struct row {
  const char *key, *plan, *concern;
  enum nw_reach reach;
  const char *settings, *sweep[2];
};
static const struct row rows[] = {
#define SCENARIO(key, plan, concern, reach, settings, sweep, sweep_2) \
  {#key, plan, concern, NW_REACH_##reach, settings, {sweep, sweep_2}},
#include "../../model/scenarios.def"
#undef SCENARIO
};

/* ---- sweeps ---- */

static size_t sweep_count(const char *sweep) {
  size_t n = 1;
  for (const char *c = sweep; *c; c++)
    n += *c == '|';
  return n;
}

bool nw_scenario_value(enum nw_scenario scenario, int which, size_t i, char *text, size_t size) {
  const char *sweep = rows[scenario].sweep[which], *at = strchr(sweep, '=');
  if (!at) return false;
  for (at++; i > 0; i--) {
    at = strchr(at, '|');
    if (!at) return false;
    at++;
  }
  snprintf(text, size, "%.*s", (int)strcspn(at, "|"), at);
  return true;
}

/* Appends "; KEY=VALUE" for one value of a sweep. */
static void append_sweep(enum nw_scenario scenario, int which, size_t i, struct nw_text *text) {
  char value[LONGEST];
  const char *sweep = rows[scenario].sweep[which];
  if (!nw_scenario_value(scenario, which, i, value, sizeof value)) return;
  nw_text_append(text, "%s%.*s=%s", text->length > 0 ? "; " : "", (int)strcspn(sweep, "="), sweep, value);
}

/* ---- plans ---- */

/* The user's own feature when the plan has one of this kind, else a typical one. */
static void append_concern(const struct nw_case *own, const char *concern, struct nw_text *text) {
  char kind[LONGEST] = "", type[LONGEST] = "";
  if (sscanf(concern, "%255s %255s", kind, type) < 1) return;
  const struct nw_concern *found = NULL;
  for (size_t i = 0; i < own->n_concerns && !found; i++)
    if (!strcmp(nw_concern_kind_word(own->concerns[i].kind), kind)) found = &own->concerns[i];
  if (found == own->concerns && found) return;
  nw_text_append(text, "concerns=~; concerns.0.kind=%s", kind);
  if (found && found->type != NW_TYPE_NONE)
    snprintf(type, sizeof type, "%s", nw_concern_type_word(found->type));
  if (*type) nw_text_append(text, "; concerns.0.type=%s", type);
  if (found && found->width > 0) nw_text_append(text, "; concerns.0.width=%.9g m", found->width);
  if (found && found->depth > 0) nw_text_append(text, "; concerns.0.depth=%.9g m", found->depth);
}

static char *settings_of(const struct nw_variant *v, const struct nw_case *own) {
  const struct row *row = &rows[v->scenario];
  struct nw_text text = {0};
  if (own) append_concern(own, row->concern, &text);
  if (*row->settings) nw_text_append(&text, "%s%s", text.length > 0 ? "; " : "", row->settings);
  append_sweep(v->scenario, 0, v->i, &text);
  append_sweep(v->scenario, 1, v->j, &text);
  char *copy = text.failed ? NULL : nw_string_copy(text.data ? text.data : "");
  nw_text_clear(&text);
  return copy;
}

/* Lays "KEY=VALUE; KEY=VALUE" over a plan. */
static enum nw_status override(struct nw_context *context, struct nw_plan *plan, const char *settings) {
  char one[LONGEST];
  while (*settings) {
    const size_t length = strcspn(settings, ";");
    snprintf(one, sizeof one, "%.*s", (int)length, settings);
    if (strchr(one, '=')) NW_TRY(nw_plan_override(context, plan, one));
    settings += length + (settings[length] == ';');
  }
  return NW_OK;
}

static enum nw_status open_plan(struct nw_context *context, const struct nw_scenario_options *options,
                                const char *example, struct nw_plan **plan) {
  char name[LONGEST];
  size_t length;
  if (options->plan_path) return nw_plan_read(context, options->plan_path, plan);
  snprintf(name, sizeof name, "examples/%s.yaml", example);
  const char *text = nw_data_find(name, &length);
  if (!text) return nw_fail(context, NW_IO, NULL, "the program carries no %s", name);
  return nw_plan_parse(context, name, text, length, plan);
}

/* The plan of a row (or the user's) with the user's settings and then the scenario's laid over it. */
static enum nw_status compile(struct nw_context *context, const struct nw_scenario_options *options,
                              const char *example, const char *settings, struct nw_case **c) {
  struct nw_plan *plan = NULL;
  enum nw_status status = NW_OK;
  NW_TRY(open_plan(context, options, example, &plan));
  for (size_t i = 0; i < options->n_set; i++) {
    const enum nw_status one = nw_plan_override(context, plan, options->set[i]);
    if (one != NW_OK) status = one; /* go on: all mistakes at once */
  }
  if (status == NW_OK) status = override(context, plan, settings);
  const enum nw_status compiled = nw_case_create(context, plan, c);
  nw_plan_free(&plan);
  if (status == NW_OK) return compiled;
  nw_case_free(c);
  return status;
}

/* ---- running ---- */

static void keep_problem(struct nw_variant *v, struct nw_context *context) {
  for (size_t i = 0; i < nw_context_message_count(context) && !v->problem; i++)
    if (nw_context_message_severity(context, i) == NW_ERROR)
      v->problem = nw_string_copy(nw_context_message(context, i));
  if (!v->problem) v->problem = nw_string_copy("it could not be run");
}

/* Skin that nobody injures is the same all over: a point stands for it. */
static enum nw_fidelity grid_of(const struct nw_variant *v) {
  return v->base.injuries.count > 0 ? NW_STUDY_GRID : NW_POINT;
}

static enum nw_status run_one(struct nw_context *context, enum nw_reach farthest, struct nw_variant *v) {
  NW_TRY(nw_trial_prepare(context, v->c, &v->base));
  const size_t found = nw_safety_check(v->c, &v->base, v->finding, NW_FINDINGS_MAX);
  v->n_findings = found < NW_FINDINGS_MAX ? found : NW_FINDINGS_MAX;
  if (rows[v->scenario].reach == NW_REACH_PUNCTURES || farthest == NW_REACH_PUNCTURES) return NW_OK;
  return nw_trial_run(context, &v->base, NULL, grid_of(v), &v->run);
}

/* Each variant has a context of its own: what one of them cannot do is no trouble of the others. */
static void run_variant(enum nw_reach farthest, struct nw_variant *v) {
  struct nw_context *context = nw_context_create();
  if (!v->c || !context) {
    nw_context_free(&context);
    return;
  }
  context->threads = 1;
  if (run_one(context, farthest, v) != NW_OK) keep_problem(v, context);
  nw_context_free(&context);
}

static void read_member(const void *unused, const struct nw_run *run, double *values) {
  (void)unused;
  const struct nw_timeline *t = &run->timeline;
  double *total = values + NW_MEMBER_VALUES * NW_OUTCOME_COUNT;
  for (size_t k = 0; k < NW_OUTCOME_COUNT; k++) {
    double *of = values + k * NW_MEMBER_VALUES;
    const struct nw_outcome_value *o = &run->outcome[k];
    of[NW_MEMBER_FINAL] = o->final;
    of[NW_MEMBER_EFFECT] = o->final - o->untreated;
    of[NW_MEMBER_HIGHEST] = o->baseline;
    for (size_t i = 0; i < t->n_rows; i++)
      of[NW_MEMBER_HIGHEST] = fmax(of[NW_MEMBER_HIGHEST], t->value[i][k]);
  }
  total[NW_MEMBER_DOWNTIME] = run->safety.downtime;
  total[NW_MEMBER_ERYTHEMA] = run->safety.erythema_peak;
  total[NW_MEMBER_RISK] = run->safety.pih_risk;
}

static enum nw_status run_ensemble(struct nw_context *context, struct nw_variant *v, size_t members) {
  if (rows[v->scenario].reach != NW_REACH_INTERVALS || v->problem || !v->c || members == 0) return NW_OK;
  v->member = nw_allocate(members * NW_MEMBER_SIZE, sizeof *v->member);
  if (!v->member) return nw_fail(context, NW_MEMORY, NULL, "no memory for an ensemble");
  v->n_members = members;
  return nw_ensemble_run(context, &v->base, NW_DRAW_MEAN, grid_of(v), members, NW_MEMBER_SIZE, read_member,
                         NULL, v->member);
}

/* ---- the whole table ---- */

static bool lay_out(struct nw_scenarios *out) {
  size_t n = 0;
  for (size_t s = 0; s < NW_SCENARIO_COUNT; s++) {
    out->first[s] = n;
    out->width[s] = sweep_count(rows[s].sweep[1]);
    n += sweep_count(rows[s].sweep[0]) * out->width[s];
  }
  out->first[NW_SCENARIO_COUNT] = out->n_variants = n;
  out->variant = nw_allocate(n, sizeof *out->variant);
  for (size_t s = 0; s < NW_SCENARIO_COUNT && out->variant; s++)
    for (size_t k = out->first[s]; k < out->first[s + 1]; k++) {
      out->variant[k].scenario = (enum nw_scenario)s;
      out->variant[k].i = (k - out->first[s]) / out->width[s];
      out->variant[k].j = (k - out->first[s]) % out->width[s];
    }
  return out->variant != NULL;
}

/* Examples are ours and must compile; a user's plan need not go with every variation. */
static enum nw_status compile_all(struct nw_context *context, const struct nw_scenario_options *options,
                                  const struct nw_case *own, struct nw_scenarios *out) {
  for (size_t k = 0; k < out->n_variants; k++) {
    struct nw_variant *v = &out->variant[k];
    struct nw_context *quiet = nw_context_create();
    v->settings = settings_of(v, own);
    if (!quiet || !v->settings) return nw_fail(context, NW_MEMORY, NULL, "no memory for scenarios");
    const enum nw_status status = compile(quiet, options, rows[v->scenario].plan, v->settings, &v->c);
    if (status != NW_OK) keep_problem(v, quiet);
    nw_context_free(&quiet);
    if (status != NW_OK && !own)
      return nw_fail(context, status, rows[v->scenario].key, "%s: %s", v->settings, v->problem);
  }
  return NW_OK;
}

static enum nw_status run_all(struct nw_context *context, const struct nw_scenario_options *options,
                              struct nw_scenarios *out) {
  const bool intervals = options->farthest == NW_REACH_INTERVALS;
  size_t done = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (size_t k = 0; k < out->n_variants; k++) {
    if (context->interrupt) continue;
    run_variant(options->farthest, &out->variant[k]);
#pragma omp critical(nw_scenarios)
    nw_progress_report(context, "courses", (double)++done / (double)out->n_variants, 0);
  }
  for (size_t k = 0; intervals && k < out->n_variants && !context->interrupt; k++) {
    nw_progress_report(context, "intervals", (double)k / (double)out->n_variants, 0);
    NW_TRY(run_ensemble(context, &out->variant[k], options->members));
  }
  return context->interrupt ? NW_INTERRUPTED : NW_OK;
}

/* A plan without needles shows little of what needles are claimed to do; its reader should know why. */
static void warn_of_device(struct nw_context *context, const char *path, const struct nw_case *c) {
  const enum nw_device_kind kind = c->device.kind;
  if (kind == NW_DEVICE_ROLLER || kind == NW_DEVICE_STAMP || kind == NW_DEVICE_PEN) return;
  nw_diagnose(context, NW_WARNING, NW_OK, path, 0, 0, "device.kind",
              "claims are about needles, and here it is %s: what that cannot show counts as not shown",
              nw_device_kind_word(kind));
}

enum nw_status nw_scenarios_run(struct nw_context *context, const struct nw_scenario_options *options,
                                struct nw_scenarios *out) {
  struct nw_case *own = NULL;
  *out = (struct nw_scenarios){.own_plan = options->plan_path != NULL};
  NW_TRY(compile(context, options, rows[0].plan, "", &own)); /* the user's mistakes, once and in full */
  enum nw_status status = NW_OK;
  if (own->experiment.present)
    status = nw_fail(context, NW_BAD_PLAN, "experiment",
                     "%s: claims are about treated people: the plan must have a course, not an experiment",
                     options->plan_path ? options->plan_path : "the built-in plan");
  if (status == NW_OK && options->plan_path) warn_of_device(context, options->plan_path, own);
  if (status == NW_OK && !lay_out(out)) status = nw_fail(context, NW_MEMORY, NULL, "no memory for scenarios");
  if (status == NW_OK) status = compile_all(context, options, options->plan_path ? own : NULL, out);
  nw_case_free(&own);
  NW_TRY(status);
  return run_all(context, options, out);
}

void nw_scenarios_clear(struct nw_scenarios *scenarios) {
  for (size_t k = 0; scenarios->variant && k < scenarios->n_variants; k++) {
    struct nw_variant *v = &scenarios->variant[k];
    nw_trial_clear(&v->run);
    nw_run_clear(&v->base);
    nw_findings_clear(v->finding, v->n_findings);
    nw_case_free(&v->c);
    nw_release(v->settings);
    nw_release(v->problem);
    nw_release(v->member);
  }
  nw_release(scenarios->variant);
  *scenarios = (struct nw_scenarios){0};
}

/* ---- looking ---- */

const struct nw_variant *nw_scenario_variant(const struct nw_scenarios *scenarios, enum nw_scenario scenario,
                                             size_t i, size_t j) {
  return &scenarios->variant[scenarios->first[scenario] + i * scenarios->width[scenario] + j];
}

size_t nw_scenario_rows(const struct nw_scenarios *scenarios, enum nw_scenario scenario) {
  return (scenarios->first[scenario + 1] - scenarios->first[scenario]) / scenarios->width[scenario];
}

size_t nw_scenario_columns(const struct nw_scenarios *scenarios, enum nw_scenario scenario) {
  return scenarios->width[scenario];
}

bool nw_variant_done(const struct nw_variant *variant) {
  return variant->c && !variant->problem;
}
