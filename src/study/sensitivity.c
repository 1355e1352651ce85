/* SPDX-License-Identifier: BSD-3-Clause
   Sensitivity of a plan's outcomes to the numbers of the model. */
#include "sensitivity.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "ensemble.h"
#include "outcome/outcome.h"

/* ---- inputs ---- */

/* Whether a list "a,b" holds a word. */
static bool holds(const char *list, const char *word) {
  const size_t length = strlen(word);
  for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
    if (strcspn(at, ",") == length && !strncmp(at, word, length)) return true;
  return false;
}

/* What acts between needle and reading. Absorption has its own studies; limits of safety rules only speak. */
static const char usual[] = "skin,device,puncture,healing,surface,outcome";

static bool names_a_range(const char *word, size_t length) {
  const struct nw_param_row *row = nw_param_rows();
  for (size_t i = 0; i < nw_param_count(); i++) {
    if (!(row[i].high > row[i].low)) continue;
    if (strlen(row[i].key) == length && !strncmp(row[i].key, word, length)) return true;
    if (strlen(row[i].section) == length && !strncmp(row[i].section, word, length)) return true;
  }
  return false;
}

/* A slip in one name of several would leave out what was asked for. */
static enum nw_status check_vary(struct nw_context *context, const char *vary) {
  enum nw_status status = NW_OK;
  for (const char *word = vary; word && *word; word += strcspn(word, ","), word += *word == ',') {
    const int length = (int)strcspn(word, ",");
    if (!names_a_range(word, (size_t)length))
      status = nw_fail(context, NW_USAGE, "--vary",
                       "no parameter or section of that name has a range: %.*s; see `params`", length, word);
  }
  return status;
}

static bool is_varied(const struct nw_param_row *row, const char *vary) {
  return row->high > row->low && (holds(vary, row->section) || holds(vary, row->key));
}

static enum nw_status list_inputs(struct nw_context *context, const char *vary, struct nw_sensitivity *s) {
  const struct nw_param_row *row = nw_param_rows();
  s->input = nw_allocate(nw_param_count(), sizeof *s->input);
  if (!s->input) return nw_fail(context, NW_MEMORY, NULL, "no memory for a sensitivity study");
  for (size_t i = 0; i < nw_param_count(); i++) {
    if (!is_varied(&row[i], vary ? vary : usual)) continue;
    s->input[s->n_inputs++] = (struct nw_sensitivity_input){.row = &row[i],
                                                            .low = nw_unit_to_si(row[i].low, row[i].unit),
                                                            .high = nw_unit_to_si(row[i].high, row[i].unit),
                                                            .log = row[i].low > 0};
  }
  return NW_OK;
}

static double at(const struct nw_sensitivity_input *input, double share) {
  if (input->log) return input->low * pow(input->high / input->low, share);
  return input->low + share * (input->high - input->low);
}

static struct nw_params params_at(const struct nw_sensitivity_plane *plane, const double *x) {
  struct nw_params params = plane->s->c->params;
  for (size_t i = 0; i < plane->n; i++) {
    const struct nw_sensitivity_input *input = &plane->s->input[plane->which ? plane->which[i] : i];
    const double value = at(input, x[i]);
    memcpy((char *)&params + input->row->offset, &value, sizeof value);
  }
  return params;
}

bool nw_sensitivity_accept(const void *plane, const double *x) {
  const struct nw_params params = params_at(plane, x);
  return nw_ensemble_is_stable(&params);
}

/* ---- outputs ---- */

static const struct {
  const char *key, *unit;
} sides[] = {{"downtime_d", "d"}, {"erythema_peak", "AU"}, {"pih_risk", "1"}, {"pain_vas", "1"}};

static double side_effect(const struct nw_run *run, size_t i) {
  const double value[] = {nw_unit_from_si(run->safety.downtime, "d"), run->safety.erythema_peak,
                          run->safety.pih_risk, run->punctures.pain_vas};
  return value[i];
}

static double read_output(const struct nw_run *run, const struct nw_sensitivity_output *output) {
  if (output->outcome < 0) return side_effect(run, (size_t)(-1 - output->outcome));
  const struct nw_outcome_value *v = &run->outcome[output->outcome];
  if (!v->present) return NAN;
  return output->percent ? v->change_pct : v->final - v->baseline;
}

static bool is_goal(const char *goals, const char *key) {
  return !goals || holds(goals, "all") || holds(goals, key);
}

static void add_output(struct nw_sensitivity *s, const struct nw_run *run, const char *goals,
                       struct nw_sensitivity_output output) {
  output.nominal = read_output(run, &output);
  if (is_goal(goals, output.key) && isfinite(output.nominal)) s->output[s->n_outputs++] = output;
}

static enum nw_status list_outputs(struct nw_context *context, const struct nw_run *run, const char *goals,
                                   struct nw_sensitivity *s) {
  s->output = nw_allocate(NW_OUTCOME_COUNT + NW_COUNT(sides), sizeof *s->output);
  if (!s->output) return nw_fail(context, NW_MEMORY, NULL, "no memory for a sensitivity study");
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    const struct nw_outcome_row *row = &nw_outcome_rows()[k];
    const bool percent = isfinite(run->outcome[k].change_pct);
    add_output(s, run, goals,
               (struct nw_sensitivity_output){row->key, percent ? "%" : row->unit, k, percent, 0});
  }
  for (size_t i = 0; i < NW_COUNT(sides); i++)
    add_output(s, run, goals,
               (struct nw_sensitivity_output){sides[i].key, sides[i].unit, -1 - (int)i, false, 0});
  return s->n_outputs > 0 ? NW_OK
                          : nw_fail(context, NW_BAD_PLAN, "--goal", "this plan computes none of %s", goals);
}

static bool is_known(const char *word, size_t length) {
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    if (strlen(nw_outcome_rows()[k].key) == length && !strncmp(nw_outcome_rows()[k].key, word, length))
      return true;
  for (size_t i = 0; i < NW_COUNT(sides); i++)
    if (strlen(sides[i].key) == length && !strncmp(sides[i].key, word, length)) return true;
  return length == 3 && !strncmp(word, "all", 3);
}

static enum nw_status check_goals(struct nw_context *context, const char *goals) {
  enum nw_status status = NW_OK;
  for (const char *word = goals; word && *word; word += strcspn(word, ","), word += *word == ',') {
    const int length = (int)strcspn(word, ",");
    if (!is_known(word, (size_t)length))
      status = nw_fail(context, NW_USAGE, "--goal",
                       "'%.*s' is no outcome: a KEY of summary.json, downtime_d, erythema_peak, pih_risk, "
                       "pain_vas or all",
                       length, word);
  }
  return status;
}

/* ---- one run ---- */

/* The whole plan under other parameters: punctures too. */
static enum nw_status run_case(struct nw_context *context, const struct nw_case *c, struct nw_run *base,
                               struct nw_run *run) {
  NW_TRY(nw_trial_prepare(context, c, base));
  return nw_trial_run(context, base, NULL, NW_STUDY_GRID, run);
}

void nw_sensitivity_evaluate(const struct nw_sensitivity_plane *plane, const double *x, double *value) {
  struct nw_context *context = nw_context_create();
  struct nw_case own = *plane->s->c; /* shares everything but the parameters */
  struct nw_run base = {0}, run = {0};
  own.params = params_at(plane, x);
  if (context) context->threads = 1;
  const bool done = context && run_case(context, &own, &base, &run) == NW_OK;
  for (size_t k = 0; k < plane->s->n_outputs; k++)
    value[k] = done ? read_output(&run, &plane->s->output[k]) : NAN;
  nw_trial_clear(&run);
  nw_run_clear(&base);
  nw_context_free(&context);
}

enum nw_status nw_sensitivity_open(struct nw_context *context, const struct nw_case *c, const char *goals,
                                   const char *vary, struct nw_sensitivity *s) {
  struct nw_run base = {0}, run = {0};
  *s = (struct nw_sensitivity){.c = c};
  const enum nw_status goals_are = check_goals(context, goals), vary_is = check_vary(context, vary);
  NW_TRY(goals_are);
  NW_TRY(vary_is);
  NW_TRY(list_inputs(context, vary, s));
  enum nw_status status = run_case(context, c, &base, &run);
  if (status == NW_OK) status = list_outputs(context, &run, goals, s);
  nw_trial_clear(&run);
  nw_run_clear(&base);
  return status;
}

void nw_sensitivity_clear(struct nw_sensitivity *s) {
  nw_release(s->input);
  nw_release(s->output);
  nw_release(s->effect);
  nw_release(s->score);
  nw_release(s->about);
  nw_release(s->first);
  nw_release(s->total);
  *s = (struct nw_sensitivity){0};
}

/* ---- screening ---- */

/* Share of each input in the effects on every output, summed over outputs. */
static void score_inputs(struct nw_sensitivity *s) {
  for (size_t k = 0; k < s->n_outputs; k++) {
    double sum = 0;
    for (size_t i = 0; i < s->n_inputs; i++)
      sum += fmax(s->effect[i * s->n_outputs + k].size, 0); /* fmax takes the number where one is NAN */
    for (size_t i = 0; i < s->n_inputs && sum > 0; i++)
      s->score[i] += fmax(s->effect[i * s->n_outputs + k].size, 0) / sum;
  }
}

static bool is_leading(const struct nw_sensitivity *s, size_t input) {
  for (size_t i = 0; i < s->n_leading; i++)
    if (s->leading[i] == input) return true;
  return false;
}

static void choose_leading(struct nw_sensitivity *s) {
  for (s->n_leading = 0; s->n_leading < NW_SENSITIVITY_LEADING; s->n_leading++) {
    size_t best = s->n_inputs;
    for (size_t i = 0; i < s->n_inputs; i++)
      if (s->score[i] > 0 && !is_leading(s, i) && (best == s->n_inputs || s->score[i] > s->score[best]))
        best = i;
    if (best == s->n_inputs) return;
    s->leading[s->n_leading] = best;
  }
}

enum nw_status nw_sensitivity_screen(struct nw_context *context, struct nw_sensitivity *s, const double *x,
                                     const double *value) {
  s->effect = nw_allocate(s->n_inputs * s->n_outputs, sizeof *s->effect);
  s->score = nw_allocate(s->n_inputs, sizeof *s->score);
  if (!s->effect || !s->score) return nw_fail(context, NW_MEMORY, NULL, "no memory for a sensitivity study");
  for (size_t i = 0; i < s->n_inputs; i++)
    for (size_t k = 0; k < s->n_outputs; k++)
      s->effect[i * s->n_outputs + k] =
          nw_screen_effect(s->n_inputs, s->rounds, i, x, value + k, s->n_outputs);
  score_inputs(s);
  choose_leading(s);
  return NW_OK;
}

/* ---- indices ---- */

enum nw_status nw_sensitivity_share(struct nw_context *context, struct nw_sensitivity *s,
                                    const double *value) {
  const size_t n = s->n_outputs * s->n_leading;
  s->about = nw_allocate(s->n_outputs, sizeof *s->about);
  s->first = nw_allocate(n + 1, sizeof *s->first);
  s->total = nw_allocate(n + 1, sizeof *s->total);
  if (!s->about || !s->first || !s->total)
    return nw_fail(context, NW_MEMORY, NULL, "no memory for a sensitivity study");
  for (size_t k = 0; k < s->n_outputs; k++)
    NW_TRY(nw_sobol_indices(context, s->c->patch.seed, s->n_leading, s->rows, value + k, s->n_outputs,
                            &s->about[k], s->first + k * s->n_leading, s->total + k * s->n_leading));
  return NW_OK;
}

const struct nw_effect *nw_sensitivity_effect(const struct nw_sensitivity *s, size_t input, size_t output) {
  return &s->effect[input * s->n_outputs + output];
}
