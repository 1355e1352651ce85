/* SPDX-License-Identifier: BSD-3-Clause
   What a calibration found, as files. */
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "calibration.h"
#include "json.h"
#include "results.h"

static const char *const identified[] = {[NW_IDENTIFIABLE] = "identifiable",
                                         [NW_BOUNDED_BELOW] = "bounded_below",
                                         [NW_BOUNDED_ABOVE] = "bounded_above",
                                         [NW_TIED] = "tied",
                                         [NW_OPEN] = "open"};
static const char *const losses[] = {
    [NW_LOSS_GAUSSIAN] = "gaussian", [NW_LOSS_HUBER] = "huber", [NW_LOSS_STUDENT] = "student"};

static const char *unit_of(const struct nw_problem_parameter *p) {
  return p->kind == NW_FREE_MODEL ? p->row->unit : p->kind == NW_FREE_PRODUCT ? p->unit : "as measured";
}

static void words_of(const struct nw_calibration *k, size_t i, struct nw_text *out) {
  const struct nw_fit fit = nw_calibration_fit(k, NULL);
  nw_fit_identity_words(&fit, i, &k->identity[i], out);
}

/* ---- calibration.json ---- */

static void put_parameter(struct nw_json *json, const struct nw_calibration *k,
                          const struct nw_problem_parameter *p) {
  const size_t i = p->index;
  struct nw_text words = {0};
  words_of(k, i, &words);
  nw_json_object(json, NULL);
  nw_json_text(json, "id", p->id);
  nw_json_text(json, "unit", unit_of(p));
  nw_json_text(json, "scale", p->log ? "log10" : "lin");
  nw_json_interval(json, "bounds", p->low, p->high);
  nw_json_number(json, "nominal", p->nominal);
  nw_json_number(json, "estimate", k->theta[i]);
  nw_json_number_or_null(json, "low", nw_calibration_limit(k, i, 0));
  nw_json_number_or_null(json, "high", nw_calibration_limit(k, i, 1));
  nw_json_interval(json, "bootstrap",
                   nw_calibration_boot_quantile(k, i, 0.5 * (1 - k->problem->option.level)),
                   nw_calibration_boot_quantile(k, i, 0.5 * (1 + k->problem->option.level)));
  nw_json_text(json, "identifiable", identified[k->identity[i].kind]);
  nw_json_text(json, "words", words.data);
  if (k->identity[i].kind == NW_TIED) nw_json_text(json, "tied_to", k->free[k->identity[i].partner].name);
  nw_json_end_object(json);
  nw_text_clear(&words);
}

/* Pairs that act alike, past the index from which Brun calls them poorly told apart. */
static void put_collinearity(struct nw_json *json, const struct nw_calibration *k) {
  const struct nw_fit fit = nw_calibration_fit(k, NULL);
  const double worth_saying = 5;
  nw_json_list(json, "collinear_pairs");
  for (size_t a = 0; a < k->n; a++)
    for (size_t b = a + 1; b < k->n; b++) {
      const size_t pair[] = {a, b};
      const double index = nw_fit_collinearity(&fit, k->jacobian, k->sd, pair, 2);
      if (!(index >= worth_saying) || !isfinite(index)) continue;
      nw_json_object(json, NULL);
      nw_json_text(json, "a", k->free[a].name);
      nw_json_text(json, "b", k->free[b].name);
      nw_json_number(json, "index", nw_number_round(index, 4));
      nw_json_end_object(json);
    }
  nw_json_end_list(json);
}

static void put_starts(struct nw_json *json, const struct nw_calibration *k) {
  nw_json_object(json, "starts");
  nw_json_count(json, "count", k->problem->option.starts);
  nw_json_count(json, "agreeing", nw_calibration_agreeing(k));
  nw_json_list(json, "objectives");
  for (size_t i = 0; i < k->problem->option.starts; i++)
    nw_json_number(json, NULL, k->start_objective[i]);
  nw_json_end_list(json);
  nw_json_end_object(json);
}

static double largest_move(const struct nw_calibration *k) {
  double most = 0;
  for (size_t i = 0; i < k->m; i++)
    most = fmax(most, fabs(k->offset_end[i] - k->offset[i]) / k->sd[i]);
  return most;
}

static void put_correction(struct nw_json *json, const struct nw_calibration *k) {
  nw_json_object(json, "correction");
  nw_json_bool(json, "by_patch", k->problem->option.correct);
  if (k->problem->option.correct) nw_json_number(json, "largest_move_in_sd", largest_move(k));
  nw_json_end_object(json);
}

static void put_spread(struct nw_json *json, const struct nw_calibration *k) {
  const struct nw_spread *s = &k->spread;
  if (!s->done) return;
  nw_json_object(json, "spread");
  nw_json_number(json, "share", nw_number_round(s->share, 4));
  nw_json_interval(json, "interval", nw_number_round(s->low, 4), nw_number_round(s->high, 4));
  nw_json_count(json, "groups", s->groups);
  nw_json_count(json, "parameters", s->rows);
  nw_json_number(json, "coverage_left_out", nw_number_round(s->coverage, 4));
  nw_json_end_object(json);
}

enum nw_status nw_calibration_text(struct nw_context *context, const struct nw_calibration *k,
                                   struct nw_text *text) {
  const struct nw_problem_options *o = &k->problem->option;
  struct nw_json json = {.text = text};
  nw_json_object(&json, NULL);
  nw_json_text(&json, "version", nw_version());
  nw_json_text(&json, "problem", k->problem->name);
  nw_results_identity_write(&json, nw_calibration_identity(k->problem));
  nw_json_text(&json, "fidelity", nw_problem_fidelity_word(o->fidelity));
  nw_json_text(&json, "likelihood", losses[o->loss]);
  if (o->loss != NW_LOSS_GAUSSIAN) nw_json_number(&json, "width", o->width);
  nw_json_number(&json, "level", o->level);
  nw_json_count(&json, "seed", o->seed);
  nw_json_count(&json, "measurements", k->m);
  nw_json_count(&json, "groups", k->problem->n_cohorts);
  nw_json_number(&json, "objective", k->objective);
  put_starts(&json, k);
  nw_json_list(&json, "parameters");
  for (size_t i = 0; i < k->problem->n_parameters; i++)
    if (k->problem->parameter[i].estimate) put_parameter(&json, k, &k->problem->parameter[i]);
  nw_json_end_list(&json);
  put_collinearity(&json, k);
  put_correction(&json, k);
  put_spread(&json, k);
  nw_json_end_object(&json);
  nw_text_append(text, "\n");
  return text->failed ? nw_fail(context, NW_MEMORY, NULL, "out of memory writing the calibration") : NW_OK;
}

/* ---- tables ---- */

static void put_number(struct nw_text *out, double value, char separator) {
  char number[NW_NUMBER_SIZE] = "";
  if (isfinite(value)) nw_number_write(number, value);
  nw_text_append(out, "%s%c", number, separator);
}

/* A parameter table again: the estimates stand where nominal values stood. */
static void compose_parameters(const struct nw_calibration *k, struct nw_text *out) {
  nw_text_append(out,
                 "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\tunit\t"
                 "start\tlow\thigh\tbootstrapLow\tbootstrapHigh\tidentifiability\n");
  const double level = k->problem->option.level;
  for (size_t i = 0; i < k->problem->n_parameters; i++) {
    const struct nw_problem_parameter *p = &k->problem->parameter[i];
    const size_t f = p->index;
    nw_text_append(out, "%s\t%s\t", p->id, p->log ? "log10" : "lin");
    put_number(out, p->low, '\t');
    put_number(out, p->high, '\t');
    put_number(out, p->estimate ? nw_number_round(k->theta[f], 5) : p->nominal, '\t');
    nw_text_append(out, "%d\t%s\t", p->estimate, unit_of(p));
    put_number(out, p->nominal, '\t');
    put_number(out, p->estimate ? nw_number_round(nw_calibration_limit(k, f, 0), 4) : NAN, '\t');
    put_number(out, p->estimate ? nw_number_round(nw_calibration_limit(k, f, 1), 4) : NAN, '\t');
    put_number(out, p->estimate ? nw_calibration_boot_quantile(k, f, 0.5 * (1 - level)) : NAN, '\t');
    put_number(out, p->estimate ? nw_calibration_boot_quantile(k, f, 0.5 * (1 + level)) : NAN, '\t');
    if (p->estimate)
      words_of(k, f, out);
    else
      nw_text_append(out, "not estimated");
    nw_text_append(out, "\n");
  }
}

static double shown(const struct nw_problem_observable *o, double value) {
  return o->log10 ? pow(10, value) : value;
}

static void compose_fit(const struct nw_calibration *k, struct nw_text *out) {
  const struct nw_problem *p = k->problem;
  nw_text_append(out,
                 "observableId,simulationConditionId,datasetId,time,measurement,simulation,unit,residual,"
                 "weight,offset,offset_end\n");
  for (size_t i = 0; i < k->m; i++) {
    const struct nw_problem_measurement *m = &p->measurement[i];
    const struct nw_problem_observable *o = &p->observable[m->observable];
    const double residual = (k->value[i] - k->measured[i]) / k->sd[i];
    nw_text_append(out, "%s,%s,%s,", o->id, p->condition[m->condition].id, m->group);
    if (isfinite(m->time))
      put_number(out, nw_number_round(m->time / p->option.time_unit, 12), ',');
    else
      nw_text_append(out, "inf,");
    put_number(out, m->value, ',');
    put_number(out, nw_number_round(shown(o, k->value[i]), 6), ',');
    nw_text_append(out, "%s,", o->unit);
    put_number(out, nw_number_round(residual, 5), ',');
    put_number(out, nw_number_round(nw_fit_loss_weight(p->option.loss, p->option.width, residual), 4), ',');
    put_number(out, nw_number_round(k->offset[i], 5), ',');
    put_number(out, nw_number_round(k->offset_end[i], 5), '\n');
  }
}

static void compose_profiles(const struct nw_calibration *k, struct nw_text *out) {
  nw_text_append(out, "parameterId,value,rise");
  for (size_t j = 0; j < k->n; j++)
    nw_text_append(out, ",%s", k->free[j].name);
  nw_text_append(out, "\n");
  for (size_t s = 0; s < 2 * k->n; s++)
    for (size_t i = 0; i < k->side[s].count; i++) {
      nw_text_append(out, "%s,", k->free[s / 2].name);
      put_number(out, nw_number_round(k->side[s].theta[i * k->n + s / 2], 8), ',');
      put_number(out, nw_number_round(k->side[s].rise[i], 6), k->n ? ',' : '\n');
      for (size_t j = 0; j < k->n; j++)
        put_number(out, nw_number_round(k->side[s].theta[i * k->n + j], 8), j + 1 < k->n ? ',' : '\n');
    }
}

/* The Cholesky factor of the covariance of logarithms, for model/posterior.def. */
static void compose_posterior(const struct nw_calibration *k, struct nw_text *out) {
  double *factor = nw_allocate(k->n * k->n + 1, sizeof *factor);
  for (size_t a = 0; factor && a < k->n; a++)
    for (size_t b = 0; b <= a; b++) {
      double sum = nw_calibration_log_covariance(k, a, b);
      for (size_t c = 0; c < b; c++)
        sum -= factor[a * k->n + c] * factor[b * k->n + c];
      const double diagonal = factor[b * k->n + b];
      factor[a * k->n + b] = a == b ? sqrt(fmax(sum, 0)) : diagonal > 0 ? sum / diagonal : 0;
      if (!nw_calibration_row(k, a) || factor[a * k->n + b] == 0) continue;
      nw_text_append(out, "POSTERIOR(%zu, %s, %.4g)\n", b, nw_calibration_row(k, a)->key,
                     factor[a * k->n + b]);
    }
  nw_release(factor);
}

/* ---- the folder ---- */

typedef void (*composer)(const struct nw_calibration *k, struct nw_text *out);

static enum nw_status write_one(struct nw_context *context, const char *folder, const char *name,
                                const struct nw_text *text) {
  char *path = nw_file_join(folder, name);
  const enum nw_status status = path ? nw_file_write_text(context, path, text)
                                     : nw_fail(context, NW_MEMORY, NULL, "out of memory writing %s", name);
  nw_release(path);
  return status;
}

enum nw_status nw_calibration_write(struct nw_context *context, const char *folder,
                                    const struct nw_calibration *k) {
  static const struct {
    const char *name;
    composer compose;
  } table[] = {{"parameters.tsv", compose_parameters},
               {"fit.csv", compose_fit},
               {"profiles.csv", compose_profiles},
               {"posterior.def", compose_posterior}};
  struct nw_text text = {0};
  for (size_t i = 0; i < NW_COUNT(table); i++) {
    table[i].compose(k, &text);
    const enum nw_status status = write_one(context, folder, table[i].name, &text);
    nw_text_clear(&text);
    NW_TRY(status);
  }
  enum nw_status status = nw_calibration_text(context, k, &text);
  if (status == NW_OK) status = write_one(context, folder, "calibration.json", &text);
  nw_text_clear(&text);
  char *state = status == NW_OK ? nw_file_join(folder, "calibration.state") : NULL;
  if (state) unlink(state);
  nw_release(state);
  return status;
}
