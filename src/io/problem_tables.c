/* SPDX-License-Identifier: BSD-3-Clause
   The tables of a calibration problem. */
#include "problem_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/units.h"
#include "outcome/outcome.h"
#include "plan/keys.h"
#include "plan/plan.h"

/* One row being read. */
struct row {
  struct nw_context *context;
  const struct nw_csv *csv;
  struct nw_problem *problem;
  size_t at;
  bool *wrong;
};

#define REFUSE(r, column, ...)                                           \
  do {                                                                   \
    nw_csv_report((r)->context, (r)->csv, (r)->at, column, __VA_ARGS__); \
    *(r)->wrong = true;                                                  \
  } while (0)

/* Text of a cell; "" where there is no such column. */
static const char *text_of(const struct row *r, int column) {
  return column >= 0 ? nw_csv_at(r->csv, r->at, column)->text : "";
}

static int column(const struct row *r, const char *name) {
  return nw_csv_column(r->csv, name);
}

static bool wanted_columns(struct row *r, const char *const *name, size_t count) {
  bool all = true;
  for (size_t i = 0; i < count; i++) {
    if (column(r, name[i]) >= 0) continue;
    nw_diagnose(r->context, NW_ERROR, NW_BAD_PLAN, r->csv->name, 1, 1, name[i],
                "the table has no column of this name");
    all = false;
  }
  if (!all) *r->wrong = true;
  return all;
}

static bool read_number(struct row *r, int at, double *out) {
  const char *text = text_of(r, at);
  if (nw_number_read(text, strlen(text), out)) return true;
  REFUSE(r, at, "'%s' is no number", text);
  return false;
}

static size_t find_parameter(const struct nw_problem *p, const char *id) {
  for (size_t i = 0; i < p->n_parameters; i++)
    if (!strcmp(p->parameter[i].id, id)) return i;
  return SIZE_MAX;
}

/* A number not below zero, or the id of a parameter. */
static void read_noise(struct row *r, int at, struct nw_problem_number *out) {
  const char *text = text_of(r, at);
  *out = (struct nw_problem_number){0, SIZE_MAX};
  if (nw_number_read(text, strlen(text), &out->value)) {
    if (out->value < 0) REFUSE(r, at, "a standard deviation below zero");
    return;
  }
  out->parameter = find_parameter(r->problem, text);
  out->value = NAN; /* not zero: what uses it has nothing more to say */
  if (out->parameter == SIZE_MAX) {
    REFUSE(r, at, "'%s' is neither a number nor the id of a parameter", text);
  } else if (r->problem->parameter[out->parameter].kind != NW_FREE_NOISE) {
    REFUSE(r, at, "%s is a parameter of the model and cannot be a standard deviation as well", text);
  }
}

/* ---- parameters ---- */

/* products.0.partition_dermis */
static bool bind_product(struct row *r, int at, struct nw_problem_parameter *p) {
  char *end;
  const char *digits = p->id + strlen("products.");
  const unsigned long item = strtoul(digits, &end, 10);
  struct nw_product product;
  if (end == digits || *end != '.' || item > 99 || !nw_permeation_product_value(&product, end + 1)) {
    REFUSE(r, at, "'%s' is no number of a product; as in products.0.partition_dermis", p->id);
    return false;
  }
  const struct nw_key *key = nw_key_find("products", strlen("products"), end + 1);
  p->kind = NW_FREE_PRODUCT;
  p->product = item;
  p->key = key->name;
  p->unit = key->unit;
  p->low = key->low;
  p->high = key->high;
  return true;
}

static void bind(struct row *r, int at, struct nw_problem_parameter *p) {
  const char *key = strncmp(p->id, "model.", 6) ? p->id : p->id + 6;
  p->kind = NW_FREE_NOISE;
  p->unit = "1";
  p->low = p->high = p->nominal = NAN;
  if (!strncmp(p->id, "products.", 9)) {
    bind_product(r, at, p);
  } else if ((p->row = nw_param_find(key))) {
    p->kind = NW_FREE_MODEL;
    p->unit = p->row->unit;
    p->low = p->row->low;
    p->high = p->row->high;
    p->nominal = p->row->value;
  } else if (key != p->id) {
    REFUSE(r, at, "'%s' is no parameter of `needlework params`", key);
  }
}

static void read_scale(struct row *r, struct nw_problem_parameter *p) {
  const int at = column(r, "parameterScale");
  const char *text = text_of(r, at);
  p->log = !strcmp(text, "log10") || !strcmp(text, "log");
  if (!p->log && *text && strcmp(text, "lin")) REFUSE(r, at, "'%s' is no scale: lin, log or log10", text);
}

static void read_bounds(struct row *r, struct nw_problem_parameter *p) {
  static const char *const names[] = {"lowerBound", "upperBound", "nominalValue"};
  double *const value[] = {&p->low, &p->high, &p->nominal};
  const int id = column(r, "parameterId");
  bool fine = true;
  for (size_t i = 0; i < NW_COUNT(names); i++) {
    const int at = column(r, names[i]);
    if (*text_of(r, at))
      fine = read_number(r, at, value[i]) && fine;
    else if (isnan(*value[i])) {
      REFUSE(r, at >= 0 ? at : id, "%s is wanted here: there is no default", names[i]);
      fine = false;
    }
  }
  if (!fine) return;
  if (!(p->low < p->high)) REFUSE(r, id, "the bounds [%g, %g] are no range", p->low, p->high);
  if (p->log && p->low <= 0)
    REFUSE(r, id, "a logarithmic scale wants a lower bound above zero, not %g", p->low);
  if (p->nominal < p->low || p->nominal > p->high)
    REFUSE(r, id, "the nominal value %g is not within [%g, %g]", p->nominal, p->low, p->high);
}

/* "mean;sd", both finite. */
static bool read_pair(const char *text, double *mean, double *sd) {
  const char *semicolon = strchr(text, ';');
  return semicolon && nw_number_read(text, (size_t)(semicolon - text), mean) &&
         nw_number_read(semicolon + 1, strlen(semicolon + 1), sd);
}

/* "mean;sd" on the scale of the parameter, as PEtab's parameterScaleNormal has it. */
static void read_prior(struct row *r, struct nw_problem_parameter *p) {
  const int type = column(r, "objectivePriorType"), at = column(r, "objectivePriorParameters");
  const char *word = text_of(r, type), *text = text_of(r, at);
  if (!*word || !strcmp(word, "uniform") || !strcmp(word, "parameterScaleUniform")) return;
  if (strcmp(word, "parameterScaleNormal") != 0) {
    REFUSE(r, type, "'%s' is no prior known here: parameterScaleNormal, or nothing for none", word);
    return;
  }
  if (!read_pair(text, &p->prior, &p->prior_sd) || !(p->prior_sd > 0))
    REFUSE(r, at >= 0 ? at : type, "'%s' is no prior: wants mean;sd with sd above zero", text);
  if (!strcmp(text_of(r, column(r, "parameterScale")), "log")) {
    p->prior /= log(10); /* kept in decades */
    p->prior_sd /= log(10);
  }
}

static void take_parameter(struct row *r, struct nw_problem_parameter *p) {
  const int id = column(r, "parameterId"), estimate = column(r, "estimate");
  const char *text = text_of(r, estimate);
  if (!*p->id) REFUSE(r, id, "a parameter without an id");
  if (find_parameter(r->problem, p->id) < r->problem->n_parameters - 1)
    REFUSE(r, id, "%s stands here a second time", p->id);
  p->estimate = !strcmp(text, "1");
  if (!p->estimate && strcmp(text, "0")) REFUSE(r, estimate, "'%s' is neither 1 (estimate) nor 0", text);
  bind(r, id, p);
  read_scale(r, p);
  read_bounds(r, p);
  read_prior(r, p);
}

enum nw_status nw_problem_take_parameters(struct nw_context *context, const struct nw_csv *csv,
                                          const char *folder, struct nw_problem *problem, bool *wrong) {
  (void)folder;
  static const char *const wanted[] = {"parameterId", "estimate"};
  struct row r = {context, csv, problem, 0, wrong};
  if (!wanted_columns(&r, wanted, NW_COUNT(wanted))) return NW_OK;
  size_t free = nw_problem_free_count(problem);
  for (; r.at < csv->n_rows; r.at++) {
    if (!nw_grow(&problem->parameter, &problem->parameter_capacity, problem->n_parameters + 1,
                 sizeof *problem->parameter))
      return NW_MEMORY;
    struct nw_problem_parameter *p = &problem->parameter[problem->n_parameters++];
    if (!(p->id = nw_string_copy(text_of(&r, column(&r, "parameterId"))))) return NW_MEMORY;
    take_parameter(&r, p);
    p->index = p->estimate ? free++ : SIZE_MAX;
  }
  return NW_OK;
}

/* ---- observables ---- */

static int find_outcome(const char *key, size_t length) {
  for (int i = 0; i < NW_OUTCOME_COUNT; i++) {
    const char *name = nw_outcome_rows()[i].key;
    if (strlen(name) == length && !strncmp(name, key, length)) return i;
  }
  return -1;
}

/* products.0.cumulative, with its customary unit. */
static bool read_product_formula(struct nw_problem_observable *o, const char **own_unit, const char **unit) {
  static const char *const customary[NW_PERMEATION_COUNT] = {[NW_PERMEATION_CUMULATIVE] = "ug/cm^2",
                                                             [NW_PERMEATION_FLUX] = "ug/(cm^2 h)",
                                                             [NW_PERMEATION_LAG] = "h",
                                                             [NW_PERMEATION_STRATUM_CORNEUM] = "ug/cm^2",
                                                             [NW_PERMEATION_VIABLE_EPIDERMIS] = "ug/cm^2",
                                                             [NW_PERMEATION_DERMIS] = "ug/cm^2",
                                                             [NW_PERMEATION_BLOOD] = "ug/cm^2"};
  char *end;
  const char *digits = o->formula + strlen("products.");
  o->product = strtoul(digits, &end, 10);
  if (end == digits || *end != '.' || !nw_permeation_quantity_find(end + 1, &o->quantity)) return false;
  o->reading = NW_READ_PRODUCT;
  *own_unit = nw_permeation_quantity_unit(o->quantity);
  *unit = customary[o->quantity];
  return true;
}

/* pain_vas, redness_duration ..., or pain_by_length(3): three times as long. */
static bool read_observed_formula(struct nw_problem_observable *o, const char **own_unit, const char **unit) {
  const char *open = strchr(o->formula, '(');
  const size_t length = open ? (size_t)(open - o->formula) : strlen(o->formula);
  for (int i = NW_OBSERVE_PIH; i < NW_OBSERVABLE_COUNT; i++) {
    const enum nw_observable one = (enum nw_observable)i;
    const char *name = nw_observable_name(one);
    if (strlen(name) != length || strncmp(name, o->formula, length) != 0) continue;
    if (nw_observable_has_amount(one) != (open != NULL)) return false;
    o->question = (struct nw_question){.observable = one};
    o->reading = NW_READ_OBSERVED;
    *own_unit = nw_observable_unit(one, unit);
    return !open || (nw_number_read(open + 1, strcspn(open + 1, ")"), &o->question.amount) &&
                     !strcmp(open + 1 + strcspn(open + 1, ")"), ")") && o->question.amount > 0);
  }
  return false;
}

/* KEY or reading(KEY), with its customary unit where that is not its own. */
static bool read_outcome_formula(struct nw_problem_observable *o, const char **own_unit, const char **unit) {
  static const char *const words[] = {
      [NW_READ_CHANGE] = "change",       [NW_READ_CHANGE_PCT] = "change_pct",
      [NW_READ_EFFECT] = "effect",       [NW_READ_EFFECT_PCT] = "effect_pct",
      [NW_READ_RATED] = "rated_change",  [NW_READ_RATED_PCT] = "rated_change_pct",
      [NW_READ_OF_PEAK] = "of_peak",     [NW_READ_OF_GAIN] = "of_gain",
      [NW_READ_PEAK_TIME] = "peak_time", [NW_READ_HALF_TIME] = "half_time",
      [NW_READ_FADE_TIME] = "fade_time"};
  const char *open = strchr(o->formula, '('), *key = o->formula;
  size_t length = strlen(key);
  o->reading = NW_READ_VALUE;
  if (open) {
    const size_t word = (size_t)(open - o->formula);
    if (key[length - 1] != ')') return false;
    key = open + 1;
    length -= word + 2;
    for (size_t i = NW_READ_CHANGE; i < NW_COUNT(words); i++)
      if (strlen(words[i]) == word && !strncmp(words[i], o->formula, word))
        o->reading = (enum nw_problem_reading)i;
    if (o->reading == NW_READ_VALUE) return false;
  }
  const int outcome = find_outcome(key, length);
  if (outcome < 0) return false;
  o->outcome = (enum nw_outcome)outcome;
  *own_unit = nw_outcome_rows()[outcome].unit;
  if (o->reading == NW_READ_CHANGE_PCT || o->reading == NW_READ_EFFECT_PCT || o->reading == NW_READ_RATED_PCT)
    *own_unit = "%";
  if (o->reading == NW_READ_OF_PEAK || o->reading == NW_READ_OF_GAIN) *own_unit = "1";
  if (o->reading >= NW_READ_PEAK_TIME && o->reading <= NW_READ_FADE_TIME) *own_unit = "s", *unit = "d";
  return true;
}

static void read_formula(struct row *r, struct nw_problem_observable *o) {
  const int at = column(r, "observableFormula"), unit_at = column(r, "unit");
  const char *own = NULL, *unit = NULL, *given = text_of(r, unit_at);
  struct nw_unit from, to;
  const bool product = !strncmp(o->formula, "products.", 9);
  const bool known = product ? read_product_formula(o, &own, &unit)
                             : read_observed_formula(o, &own, &unit) || read_outcome_formula(o, &own, &unit);
  if (!known) {
    REFUSE(
        r, at,
        "'%s' is nothing that is read here: an outcome as in collagen_I, change(KEY), change_pct(KEY), "
        "effect(KEY), effect_pct(KEY), rated_change(KEY), rated_change_pct(KEY), of_peak(KEY), of_gain(KEY), "
        "peak_time(KEY), half_time(KEY), fade_time(KEY), products.0.cumulative, or what a trial observes, as "
        "in pain_vas or redness_duration",
        o->formula);
    return;
  }
  if (!unit) unit = own;
  if (*given) unit = given;
  o->unit = nw_string_copy(unit);
  if (!nw_unit_parse(own, &from, NULL, 0) || !nw_unit_parse(unit, &to, NULL, 0) ||
      !nw_dimension_equal(from.dimension, to.dimension)) {
    REFUSE(r, unit_at, "'%s' is no unit of this observable: it reads in %s", unit, own);
    return;
  }
  o->scale = from.scale / to.scale;
}

static void read_transformation(struct row *r, struct nw_problem_observable *o) {
  const int at = column(r, "observableTransformation");
  const char *text = text_of(r, at);
  o->log10 = !strcmp(text, "log10");
  if (!o->log10 && *text && strcmp(text, "lin"))
    REFUSE(r, at, "'%s' is no transformation: lin or log10", text);
}

/* A number, a parameter, or noiseParameter1_ID: each measurement brings its own. */
static void read_noise_formula(struct row *r, struct nw_problem_observable *o) {
  const int noise = column(r, "noiseFormula"), discrepancy = column(r, "discrepancy");
  const char *text = text_of(r, noise);
  const char *prefix = "noiseParameter1_";
  o->noise = o->discrepancy = (struct nw_problem_number){0, SIZE_MAX};
  o->noise_given = !strncmp(text, prefix, strlen(prefix)) && !strcmp(text + strlen(prefix), o->id);
  if (!o->noise_given) read_noise(r, noise, &o->noise);
  if (*text_of(r, discrepancy)) read_noise(r, discrepancy, &o->discrepancy);
}

static size_t find_observable(const struct nw_problem *p, const char *id) {
  for (size_t i = 0; i < p->n_observables; i++)
    if (!strcmp(p->observable[i].id, id)) return i;
  return SIZE_MAX;
}

enum nw_status nw_problem_take_observables(struct nw_context *context, const struct nw_csv *csv,
                                           const char *folder, struct nw_problem *problem, bool *wrong) {
  (void)folder;
  static const char *const wanted[] = {"observableId", "observableFormula", "noiseFormula"};
  struct row r = {context, csv, problem, 0, wrong};
  if (!wanted_columns(&r, wanted, NW_COUNT(wanted))) return NW_OK;
  for (; r.at < csv->n_rows; r.at++) {
    if (!nw_grow(&problem->observable, &problem->observable_capacity, problem->n_observables + 1,
                 sizeof *problem->observable))
      return NW_MEMORY;
    struct nw_problem_observable *o = &problem->observable[problem->n_observables++];
    o->id = nw_string_copy(text_of(&r, column(&r, "observableId")));
    o->formula = nw_string_copy(text_of(&r, column(&r, "observableFormula")));
    if (!o->id || !o->formula) return NW_MEMORY;
    if (find_observable(problem, o->id) < problem->n_observables - 1)
      REFUSE(&r, column(&r, "observableId"), "%s stands here a second time", o->id);
    read_formula(&r, o);
    read_transformation(&r, o);
    read_noise_formula(&r, o);
  }
  return NW_OK;
}

/* ---- conditions ---- */

static size_t find_condition(const struct nw_problem *p, const char *id) {
  for (size_t i = 0; i < p->n_conditions; i++)
    if (!strcmp(p->condition[i].id, id)) return i;
  return SIZE_MAX;
}

/* Messages about what a cell asks for stand at that cell. */
static void place_messages(struct row *r, size_t from, int at) {
  const struct nw_csv_cell *cell = nw_csv_at(r->csv, r->at, at);
  nw_context_place(r->context, from, r->csv->name, cell->line, cell->column);
  *r->wrong = true;
}

static bool override(struct row *r, struct nw_plan *plan, int at, const char *key, const char *value) {
  struct nw_text assignment = {0};
  nw_text_append(&assignment, "%s%s%s", key, *key ? "=" : "", value);
  const size_t before = r->context->n_diagnostics;
  const bool fine = nw_plan_override(r->context, plan, assignment.data) == NW_OK;
  if (!fine) place_messages(r, before, at);
  nw_text_clear(&assignment);
  return fine;
}

/* "KEY=VALUE; KEY=VALUE" */
static bool override_list(struct row *r, struct nw_plan *plan, int at) {
  char *list = nw_string_copy(text_of(r, at)), *rest = NULL;
  bool fine = list != NULL;
  for (char *one = list ? strtok_r(list, ";", &rest) : NULL; one; one = strtok_r(NULL, ";", &rest)) {
    one += strspn(one, " ");
    if (*one) fine = override(r, plan, at, "", one) && fine;
  }
  nw_release(list);
  return fine;
}

/* Of the table, not of the plan. */
static bool is_own_column(const char *title) {
  static const char *const own[] = {"conditionId", "conditionName", "plan", "fidelity"};
  for (size_t i = 0; i < NW_COUNT(own); i++)
    if (!strcmp(title, own[i])) return true;
  return false;
}

static bool override_all(struct row *r, struct nw_plan *plan) {
  bool fine = true;
  for (size_t j = 0; j < r->csv->n_columns; j++) {
    const char *title = r->csv->title[j].text;
    if (is_own_column(title)) continue;
    if (!*text_of(r, (int)j)) continue;
    fine = (strcmp(title, "overrides") ? override(r, plan, (int)j, title, text_of(r, (int)j))
                                       : override_list(r, plan, (int)j)) &&
           fine;
  }
  return fine;
}

static void read_fidelity(struct row *r, struct nw_problem_condition *c) {
  const int at = column(r, "fidelity");
  const char *text = text_of(r, at);
  c->fidelity = r->problem->option.fidelity;
  if (*text && !nw_problem_fidelity(text, &c->fidelity))
    REFUSE(r, at, "'%s' is no fidelity: patch, depth_cell, unit_cell or point", text);
}

/* Nobody is treated where a wound is cut out: what counts of this plan are the numbers of the model. */
static const char untreated[] = "device: {kind: none}\n";

static void compile(struct row *r, const char *folder, struct nw_problem_condition *condition) {
  struct nw_text path = {0};
  struct nw_plan *plan = NULL;
  const size_t before = r->context->n_diagnostics;
  nw_text_append(&path, "%s%s", *condition->plan == '/' ? "" : folder, condition->plan);
  condition->excision = !strcmp(condition->plan, "excision");
  bool fine =
      (condition->excision ? nw_plan_parse(r->context, "excision", untreated, strlen(untreated), &plan)
                           : nw_plan_read(r->context, path.data, &plan)) == NW_OK;
  if (fine) fine = override_all(r, plan);
  if (fine) fine = nw_case_create(r->context, plan, &condition->c) == NW_OK;
  if (!fine) place_messages(r, before, column(r, "plan"));
  nw_plan_free(&plan);
  nw_text_clear(&path);
}

enum nw_status nw_problem_take_conditions(struct nw_context *context, const struct nw_csv *csv,
                                          const char *folder, struct nw_problem *problem, bool *wrong) {
  static const char *const wanted[] = {"conditionId", "plan"};
  struct row r = {context, csv, problem, 0, wrong};
  if (!wanted_columns(&r, wanted, NW_COUNT(wanted))) return NW_OK;
  for (; r.at < csv->n_rows; r.at++) {
    if (!nw_grow(&problem->condition, &problem->condition_capacity, problem->n_conditions + 1,
                 sizeof *problem->condition))
      return NW_MEMORY;
    struct nw_problem_condition *c = &problem->condition[problem->n_conditions++];
    c->id = nw_string_copy(text_of(&r, column(&r, "conditionId")));
    c->plan = nw_string_copy(text_of(&r, column(&r, "plan")));
    if (!c->id || !c->plan) return NW_MEMORY;
    if (find_condition(problem, c->id) < problem->n_conditions - 1)
      REFUSE(&r, column(&r, "conditionId"), "%s stands here a second time", c->id);
    read_fidelity(&r, c);
    compile(&r, folder, c);
  }
  return NW_OK;
}

/* ---- measurements ---- */

static void read_time(struct row *r, struct nw_problem_measurement *m) {
  const int at = column(r, "time");
  if (!strcmp(text_of(r, at), "inf"))
    m->time = INFINITY;
  else if (read_number(r, at, &m->time)) {
    if (m->time < 0) REFUSE(r, at, "a time before the first session");
    m->time *= r->problem->option.time_unit;
  }
}

static void read_references(struct row *r, struct nw_problem_measurement *m) {
  const int observable = column(r, "observableId"), condition = column(r, "simulationConditionId");
  m->observable = find_observable(r->problem, text_of(r, observable));
  m->condition = find_condition(r->problem, text_of(r, condition));
  if (m->observable == SIZE_MAX) REFUSE(r, observable, "no observable '%s'", text_of(r, observable));
  if (m->condition == SIZE_MAX) REFUSE(r, condition, "no condition '%s'", text_of(r, condition));
}

static void read_own_noise(struct row *r, struct nw_problem_measurement *m) {
  const int at = column(r, "noiseParameters");
  const struct nw_problem_observable *o = &r->problem->observable[m->observable];
  m->noise = o->noise;
  if (o->noise_given && at < 0)
    REFUSE(r, column(r, "observableId"), "%s wants a column noiseParameters", o->id);
  else if (o->noise_given)
    read_noise(r, at, &m->noise);
  else if (*text_of(r, at))
    REFUSE(r, at, "%s has its noise from its own row: noiseFormula noiseParameter1_%s reads it from here",
           o->id, o->id);
}

/* Measurements of one group are drawn together; a table without groups has a group for each condition. */
static bool read_group(struct row *r, struct nw_problem_measurement *m) {
  const char *text = text_of(r, column(r, "datasetId"));
  struct nw_problem *p = r->problem;
  if (!*text) text = text_of(r, column(r, "simulationConditionId"));
  m->group = nw_string_copy(text);
  m->cohort = p->n_cohorts;
  for (size_t i = 0; i + 1 < p->n_measurements; i++)
    if (m->group && !strcmp(p->measurement[i].group, m->group)) m->cohort = p->measurement[i].cohort;
  if (m->cohort == p->n_cohorts) p->n_cohorts++;
  return m->group != NULL;
}

enum nw_status nw_problem_take_measurements(struct nw_context *context, const struct nw_csv *csv,
                                            const char *folder, struct nw_problem *problem, bool *wrong) {
  (void)folder;
  static const char *const wanted[] = {"observableId", "simulationConditionId", "measurement", "time"};
  struct row r = {context, csv, problem, 0, wrong};
  if (!wanted_columns(&r, wanted, NW_COUNT(wanted))) return NW_OK;
  for (; r.at < csv->n_rows; r.at++) {
    if (!nw_grow(&problem->measurement, &problem->measurement_capacity, problem->n_measurements + 1,
                 sizeof *problem->measurement))
      return NW_MEMORY;
    struct nw_problem_measurement *m = &problem->measurement[problem->n_measurements++];
    read_references(&r, m);
    if (!read_group(&r, m)) return NW_MEMORY;
    const bool read = read_number(&r, column(&r, "measurement"), &m->value);
    read_time(&r, m);
    if (m->observable == SIZE_MAX) continue;
    if (read && problem->observable[m->observable].log10 && !(m->value > 0))
      REFUSE(&r, column(&r, "measurement"), "a logarithmic observable wants a value above zero, not %g",
             m->value);
    read_own_noise(&r, m);
    if (m->noise.parameter == SIZE_MAX && m->noise.value == 0 &&
        problem->observable[m->observable].discrepancy.parameter == SIZE_MAX &&
        problem->observable[m->observable].discrepancy.value == 0)
      REFUSE(&r, column(&r, "measurement"), "its standard deviation is zero: then it would be known exactly");
  }
  return NW_OK;
}

/* ---- together ---- */

static bool read_by_noise(const struct nw_problem *p, size_t parameter) {
  for (size_t i = 0; i < p->n_observables; i++)
    if (p->observable[i].noise.parameter == parameter || p->observable[i].discrepancy.parameter == parameter)
      return true;
  for (size_t i = 0; i < p->n_measurements; i++)
    if (p->measurement[i].noise.parameter == parameter) return true;
  return false;
}

/* Reports something about the problem as a whole. */
static void refuse(struct nw_context *context, const struct nw_problem *p, bool *wrong, const char *key,
                   const char *text, const char *more) {
  nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, p->name, 1, 1, key, "%s%s", text, more);
  *wrong = true;
}

/* A mistake of an observable in a condition is told once, whatever the number of measurements. */
static bool told_before(const struct nw_problem *p, size_t at) {
  for (size_t i = 0; i < at; i++)
    if (p->measurement[i].observable == p->measurement[at].observable &&
        p->measurement[i].condition == p->measurement[at].condition)
      return true;
  return false;
}

/* What is counted in a wound that was cut out, and how: it has neither an untreated twin nor raters. */
static bool read_of_excision(const struct nw_problem_observable *o) {
  const bool counted = o->outcome == NW_OUTCOME_neutrophil || o->outcome == NW_OUTCOME_macrophage_m1 ||
                       o->outcome == NW_OUTCOME_collagen_total;
  return counted && (o->reading == NW_READ_VALUE || o->reading == NW_READ_CHANGE ||
                     (o->reading >= NW_READ_OF_PEAK && o->reading <= NW_READ_FADE_TIME));
}

static void check_measurement(struct nw_context *context, const struct nw_problem *p,
                              const struct nw_problem_measurement *m, bool *wrong) {
  const struct nw_problem_observable *o = &p->observable[m->observable];
  const struct nw_problem_condition *c = &p->condition[m->condition];
  if (o->reading == NW_READ_PRODUCT && c->c->experiment.present && isfinite(m->time) &&
      m->time > c->c->experiment.duration)
    refuse(context, p, wrong, o->id, "is measured after the end of the experiment: condition ", c->id);
  if (told_before(p, (size_t)(m - p->measurement))) return;
  if (o->reading == NW_READ_PRODUCT && o->product >= c->c->n_products)
    refuse(context, p, wrong, o->id, "reads a product that the plan lacks of condition ", c->id);
  if (o->reading == NW_READ_PRODUCT && !isfinite(m->time))
    refuse(context, p, wrong, o->id, "absorption is read at a time, not at the end: condition ", c->id);
  if (c->excision && !read_of_excision(o))
    refuse(context, p, wrong, o->id,
           "an excision has neutrophil, macrophage_m1 and collagen_total, as they are, as change, of_peak, "
           "of_gain, peak_time, half_time or fade_time: condition ",
           c->id);
  if (o->reading != NW_READ_PRODUCT && c->c->experiment.present)
    refuse(context, p, wrong, o->id, "excised skin does not heal: only products are read in condition ",
           c->id);
}

void nw_problem_check(struct nw_context *context, const struct nw_problem *p, bool *wrong) {
  size_t most = 0;
  for (size_t i = 0; i < p->n_conditions; i++)
    most = p->condition[i].c->n_products > most ? p->condition[i].c->n_products : most;
  for (size_t i = 0; i < p->n_parameters; i++) {
    const struct nw_problem_parameter *q = &p->parameter[i];
    if (q->kind == NW_FREE_PRODUCT && q->product >= most)
      refuse(context, p, wrong, q->id, "no plan has so many products", "");
    if (q->kind == NW_FREE_NOISE && strncmp(q->id, "model.", 6) && !read_by_noise(p, i))
      refuse(context, p, wrong, q->id, "is no parameter of `needlework params`, and nothing else reads it",
             "");
  }
  for (size_t i = 0; i < p->n_measurements; i++)
    check_measurement(context, p, &p->measurement[i], wrong);
  if (nw_problem_free_count(p) == 0) refuse(context, p, wrong, NULL, "no parameter has estimate 1", "");
}
