/* SPDX-License-Identifier: BSD-3-Clause
   A calibration from its files: data that the model itself made give its parameters back, and the work goes
   on from wherever it was cut. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/random.h"
#include "io/calibration.h"
#include "io/problem_read.h"
#include "study/ensemble.h"
#include "study/excision.h"
#include "study/phase.h"

static char folder[64];

static void write_file(const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

static const char yaml[] =
    "format_version: 1\n"
    "parameter_file: parameters.tsv\n"
    "problems:\n"
    "  - condition_files: [conditions.tsv]\n"
    "    observable_files: [observables.tsv]\n"
    "    measurement_files: [measurements.csv]\n"
    "extensions:\n"
    "  needlework: {starts: 2, seed: 4, fidelity: unit_cell}\n";
static const char plan[] =
    "device: {kind: roller, needle_length: 1.5 mm}\n"
    "course: {sessions: 1, follow_up: 30 d}\n"
    "patch: {width: 1 mm, height: 1 mm}\n";

/* Retained collagen and pruning of vessels against courses of both; r_N is known and held. */
static int make_folder(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/needlework-test-XXXXXX");
  if (!mkdtemp(folder)) return 1;
  write_file("problem.yaml", yaml);
  write_file("plan.yaml", plan);
  write_file("parameters.tsv",
             "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\n"
             "eta_w\tlog10\t0.1\t0.8\t0.25\t1\n"
             "model.d_E\tlog10\t\t\t\t1\n"
             "r_N\tlin\t\t\t\t0\n");
  write_file("conditions.tsv",
             "conditionId\tplan\tdevice.needle_length\n"
             "once\tplan.yaml\t\n"
             "deeper\tplan.yaml\t2 mm\n");
  write_file("observables.tsv",
             "observableId\tobservableFormula\tnoiseFormula\n"
             "collagen\tchange_pct(collagen_total)\t0.5\n"
             "vessels\tvessel_density\t0.001\n");
  write_file("measurements.csv",
             "observableId,simulationConditionId,time,measurement\n"
             "collagen,once,20,1\ncollagen,once,30,1\ncollagen,deeper,30,1\n"
             "vessels,once,5,1\nvessels,once,20,1\nvessels,once,30,1\n");
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  static const char *const names[] = {"problem.yaml",      "plan.yaml",       "parameters.tsv",
                                      "conditions.tsv",    "observables.tsv", "measurements.csv",
                                      "calibration.json",  "fit.csv",         "profiles.csv",
                                      "calibration.state", "report.html",     "posterior.def"};
  char path[128];
  for (size_t i = 0; i < NW_COUNT(names); i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    unlink(path);
  }
  return rmdir(folder);
}

static void read_problem(struct nw_context *context, struct nw_problem *problem) {
  char path[128];
  snprintf(path, sizeof path, "%s/problem.yaml", folder);
  const enum nw_status status = nw_problem_read(context, path, problem);
  for (size_t i = 0; status != NW_OK && i < nw_context_message_count(context); i++)
    fprintf(stderr, "%s\n", nw_context_message(context, i));
  assert_int_equal(status, NW_OK);
}

static const double truth[] = {0.5, 0.02};

/* What the model measures at the truth, with errors of `noise` standard deviations. */
static void measure(struct nw_context *context, struct nw_calibration *k, double noise) {
  double sd[] = {0.5, 0.001};
  for (size_t c = 0; c < k->problem->n_conditions; c++)
    assert_int_equal(nw_calibration_simulate(context, k, c, truth, NW_UNIT_CELL, k->measured), NW_OK);
  for (size_t i = 0; i < k->m; i++)
    k->measured[i] +=
        noise * sd[k->problem->measurement[i].observable] * nw_random_normal(11, NW_STREAM_FIT, 5, 2 * i);
}

static void recovers_what_made_the_data(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k;
  nw_context_threads(context, 2);
  read_problem(context, &problem);
  assert_int_equal(nw_problem_free_count(&problem), 2);
  assert_float_equal(problem.parameter[1].low, 0.01, 1e-12); /* from the table of parameters */
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  measure(context, &k, 0);
  assert_int_equal(nw_calibration_run(context, &k, NULL), NW_OK);
  assert_float_equal(k.theta[0], truth[0], 0.01 * truth[0]);
  assert_float_equal(k.theta[1], truth[1], 0.01 * truth[1]);
  assert_int_equal(nw_calibration_agreeing(&k), 2);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(k.identity[i].kind, NW_IDENTIFIABLE);
    assert_in_range((unsigned long long)(1e6 * truth[i]),
                    (unsigned long long)(1e6 * nw_calibration_limit(&k, i, 0)),
                    (unsigned long long)(1e6 * nw_calibration_limit(&k, i, 1)));
  }
  nw_calibration_clear(&k);
  nw_problem_clear(&problem);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

/* Data of the model itself with small errors: there the misfit is nearly quadratic. */
static void limits_by_curvature_are_those_of_profiles(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k[2];
  nw_context_threads(context, 2);
  read_problem(context, &problem);
  for (int curved = 0; curved < 2; curved++) {
    problem.option.curved = curved;
    assert_int_equal(nw_calibration_create(context, &problem, &k[curved]), NW_OK);
    measure(context, &k[curved], 0);
    assert_int_equal(nw_calibration_run(context, &k[curved], NULL), NW_OK);
  }
  for (size_t i = 0; i < 2; i++) {
    assert_true(k[0].side[2 * i].count > 0 && k[1].side[2 * i].count == 0);
    for (int side = 0; side < 2; side++) {
      const double by_profile = nw_calibration_limit(&k[0], i, side) - truth[i];
      const double by_curvature = nw_calibration_limit(&k[1], i, side) - truth[i];
      assert_true(by_profile * (side ? 1 : -1) > 0);
      assert_float_equal(by_curvature / by_profile, 1, 0.1);
    }
  }
  nw_calibration_clear(&k[0]);
  nw_calibration_clear(&k[1]);
  nw_problem_clear(&problem);
  nw_context_free(&context);
}

static void reads_kept_courses_as_new_ones(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k;
  double fresh[6], kept[6];
  write_file("parameters.tsv", "parameterId\testimate\nb_thk\t1\n");
  write_file("observables.tsv",
             "observableId\tobservableFormula\tnoiseFormula\n"
             "collagen\tdermal_thickness_um\t1\n"
             "vessels\teffect(dermal_thickness_um)\t1\n");
  read_problem(context, &problem);
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  assert_int_equal(k.act, NW_ACT_READING);
  const double theta = 0.45; /* far from where the courses are run */
  k.theta[0] = problem.parameter[0].nominal;
  assert_int_equal(nw_calibration_prepare(context, &k), NW_OK);
  for (size_t c = 0; c < problem.n_conditions; c++)
    assert_int_equal(nw_calibration_simulate(context, &k, c, &theta, problem.option.fidelity, kept), NW_OK);
  nw_calibration_clear(&k);
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  for (size_t c = 0; c < problem.n_conditions; c++)
    assert_int_equal(nw_calibration_simulate(context, &k, c, &theta, problem.option.fidelity, fresh), NW_OK);
  for (size_t i = 0; i < k.m; i++)
    assert_float_equal(kept[i], fresh[i], 1e-9 * fabs(fresh[i]));
  assert_true(fabs(fresh[2]) > 0);
  nw_calibration_clear(&k);
  nw_problem_clear(&problem);
  nw_context_free(&context);
  remove_folder(NULL);
  make_folder(NULL);
}

/* A condition without a plan, and readings that are no outcomes: against the same asked directly. */
static void reads_a_wound_and_what_trials_observe(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k;
  double got[6], theta[2] = {0.5, 0.02};
  write_file("conditions.tsv",
             "conditionId\tplan\tfidelity\nwound\texcision\t\nonce\tplan.yaml\tdepth_cell\n");
  write_file("observables.tsv",
             "observableId\tobservableFormula\tnoiseFormula\tunit\n"
             "early\tof_gain(collagen_total)\t1\t%\npeak\tpeak_time(neutrophil)\t1\t\n"
             "half\thalf_time(collagen_I)\t1\th\nred\tredness_duration\t1\t\n"
             "longer\tpain_by_length(3)\t1\t\npain\tpain_vas\t1\t\n");
  write_file("measurements.csv",
             "observableId,simulationConditionId,time,measurement\n"
             "early,wound,14,1\npeak,wound,inf,1\nhalf,once,inf,1\nred,once,inf,1\n"
             "longer,once,inf,1\npain,once,inf,1\n");
  read_problem(context, &problem);
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  assert_int_equal(problem.condition[0].fidelity, NW_UNIT_CELL);
  assert_int_equal(problem.condition[1].fidelity, NW_DEPTH_CELL);
  for (size_t c = 0; c < problem.n_conditions; c++)
    assert_int_equal(nw_calibration_simulate(context, &k, c, theta, NW_UNIT_CELL, got), NW_OK);
  const struct nw_params params = nw_calibration_params(&k, 1, theta);
  struct nw_run wound = {0}, once;
  const double day = 86400;
  assert_int_equal(nw_excision_run(context, &params, &wound), NW_OK);
  assert_float_equal(got[0], 100 * nw_phase_of_gain(&wound, NW_OUTCOME_collagen_total, 14 * day, 28 * day),
                     1e-9);
  assert_float_equal(got[1], nw_phase_peak_time(&wound, NW_OUTCOME_neutrophil, 28 * day) / day, 1e-9);
  assert_int_equal(nw_trial_run(context, &k.base[1], &params, NW_UNIT_CELL, &once), NW_OK);
  assert_float_equal(got[2], nw_phase_half_time(&once, NW_OUTCOME_collagen_I, 30 * day) / 3600, 1e-9);
  const struct nw_question red = {.observable = NW_OBSERVE_REDNESS},
                           longer = {.observable = NW_OBSERVE_PAIN_LONGER, .amount = 3};
  assert_float_equal(got[3], nw_observe(&once, &red) / day, 1e-9);
  assert_float_equal(got[4], nw_observe(&once, &longer), 1e-12);
  assert_float_equal(got[5], once.punctures.pain_vas, 1e-12);
  assert_true(got[3] > 0 && got[4] > 1 && got[5] > 0);
  nw_trial_clear(&wound);
  nw_trial_clear(&once);
  nw_calibration_clear(&k);
  nw_problem_clear(&problem);
  nw_context_free(&context);
  remove_folder(NULL);
  make_folder(NULL);
}

/* ---- populations ---- */

enum { POPULATIONS = 40 };

/* Parameters of a population that differs from others by a known share of all ranges. */
static void draw_population(const struct nw_params *centre, double share, uint64_t item,
                            struct nw_params *out) {
  const struct nw_param_row *row = nw_param_rows();
  uint64_t draw = 0;
  do {
    *out = *centre;
    for (size_t i = 0; i < nw_param_count(); i++, draw += 2) {
      const double old = nw_param_get(centre, &row[i]);
      const double moved = exp(share * nw_ensemble_spread(&row[i]) * nw_random_normal(3, 50, item, draw));
      nw_param_set(out, &row[i], fmin(fmax(old * moved, fmin(row[i].low, old)), fmax(row[i].high, old)));
    }
  } while (!nw_ensemble_is_stable(out));
}

/* One reading of each outcome in such populations. */
static void draw_populations(struct nw_context *context, struct nw_calibration *k, double share) {
  for (size_t g = 0; g < POPULATIONS; g++) {
    struct nw_params centre = nw_calibration_params(k, 0, k->theta), drawn;
    draw_population(&centre, share, g, &drawn);
    double all[2 * POPULATIONS];
    assert_int_equal(
        nw_calibration_simulate_with(context, k, 0, k->theta, &drawn, NW_ACT_HEALING, NW_UNIT_CELL, all),
        NW_OK);
    memcpy(k->measured + 2 * g, all + 2 * g, 2 * sizeof *all);
  }
}

/* Deviations as large as the populations made them, left open by the fit: each reading by a parameter of its
   own. */
static void leave_open(struct nw_calibration *k) {
  double squares[2] = {0};
  for (size_t i = 0; i < k->m; i++)
    squares[i % 2] += pow(k->measured[i] - k->value[i], 2) / POPULATIONS;
  for (size_t i = 0; i < k->m; i++)
    for (size_t j = 0; j < 2; j++)
      k->jacobian[2 * i + j] = i % 2 == j ? sqrt(squares[j]) : 0;
  for (size_t j = 0; j < 2; j++)
    k->covariance[3 * j] = 1;
  k->determined = true;
}

static void finds_how_far_populations_differ(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_text table = {0};
  struct nw_problem problem;
  struct nw_calibration k;
  nw_text_append(&table, "observableId,simulationConditionId,time,measurement,datasetId\n");
  for (int g = 0; g < POPULATIONS; g++)
    nw_text_append(&table, "collagen,once,30,1,g%d\nvessels,once,20,1,g%d\n", g, g);
  write_file("measurements.csv", table.data);
  nw_text_clear(&table);
  nw_context_threads(context, 2);
  read_problem(context, &problem);
  assert_int_equal(problem.n_cohorts, POPULATIONS);
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  const struct nw_fit fit = nw_calibration_fit(&k, NULL);
  nw_fit_start(&fit, 1, 1, 0, k.theta);
  assert_int_equal(fit.predict(fit.model, k.theta, k.value, k.sd), NW_OK);
  const double share = 0.3;
  draw_populations(context, &k, share);
  assert_int_equal(nw_calibration_spread(context, &k), NW_OK);
  assert_true(k.spread.share > 0.65 * share && k.spread.share < 1.5 * share);
  assert_true(k.spread.low < 1.25 * share && k.spread.high > 0.8 * share && k.spread.high < 2 * k.spread.low);
  assert_true(k.spread.coverage > 0.75 && k.spread.coverage <= 1);
  const double whole = k.spread.share;
  leave_open(&k);
  assert_int_equal(nw_calibration_spread(context, &k), NW_OK);
  assert_true(k.spread.share < 0.4 * whole); /* what is open already is not spread besides */
  nw_calibration_clear(&k);
  nw_problem_clear(&problem);
  nw_context_free(&context);
  remove_folder(NULL);
  make_folder(NULL);
}

/* Root mean square of the deviations of log p_u below its centre, which no bound of its row cuts off. */
static double drawn_spread(double share) {
  struct nw_params centre = nw_params_default(), drawn;
  double sum = 0;
  size_t n = 0;
  centre.posterior_share = share;
  for (size_t i = 0; i < 2000; i++) {
    assert_true(nw_ensemble_draw(&centre, NW_DRAW_MEAN, 9, i, &drawn));
    const double off = log(drawn.p_u / centre.p_u);
    if (off >= 0) continue;
    sum += off * off;
    n++;
  }
  return sqrt(sum / (double)n);
}

/* The same by hand: the share has its own spread, what was fitted comes on top, the row ends it. */
static double expected_spread(double share, double fitted) {
  const struct nw_param_row *row = nw_param_find("p_u"), *about = nw_param_find("posterior_share");
  const struct nw_params p = nw_params_default();
  const double own = log(about->high / about->low) / (2 * 1.6449), most = log(p.p_u / row->low);
  double sum = 0;
  size_t n = 0;
  for (uint64_t i = 0; i < 40000; i++) {
    double squares = 0; /* Student's, of 4 degrees of freedom */
    for (uint64_t j = 0; j < 4; j++)
      squares += pow(nw_random_normal(4, 51, i, 6 + 2 * j), 2);
    const double tail = sqrt(4 / squares);
    const double here = share * exp(own * nw_random_normal(4, 51, i, 0)) * tail * nw_ensemble_spread(row);
    const double off = here * nw_random_normal(4, 51, i, 2) + fitted * nw_random_normal(4, 51, i, 4);
    if (off >= 0) continue;
    sum += pow(fmin(-off, most), 2);
    n++;
  }
  return sqrt(sum / (double)n);
}

static void ensembles_draw_what_was_fitted(void **state) {
  (void)state;
  const double fitted = 0.1173, share = 0.3; /* of model/posterior.def; of the range */
  const double both = expected_spread(share, fitted);
  assert_true(both > 1.2 * hypot(share * nw_ensemble_spread(nw_param_find("p_u")), fitted));
  assert_float_equal(drawn_spread(0), fitted, 0.06 * fitted);
  assert_float_equal(drawn_spread(share), both, 0.08 * both);
}

/* ---- interruption ---- */

struct cutter {
  struct nw_context *context;
  int left; /* pieces until the cut */
};

static enum nw_status save_and_cut(void *data, const struct nw_calibration *k) {
  struct cutter *c = data;
  const enum nw_status status = nw_calibration_save(c->context, folder, k);
  if (c->left-- == 0) nw_context_interrupt(c->context);
  return status;
}

static enum nw_status run_cut(const struct nw_problem *problem, int pieces, bool resume, double theta[2],
                              double limit[4]) {
  struct nw_context *context = nw_context_create();
  struct nw_calibration k;
  struct cutter cutter = {context, pieces};
  const struct nw_calibration_keeper keeper = {&cutter, save_and_cut};
  assert_int_equal(nw_calibration_create(context, problem, &k), NW_OK);
  measure(context, &k, 1);
  if (resume) assert_int_equal(nw_calibration_load(context, folder, &k), NW_OK);
  const enum nw_status status = nw_calibration_run(context, &k, &keeper);
  memcpy(theta, k.theta, 2 * sizeof *theta);
  for (size_t i = 0; i < 4 && status == NW_OK; i++)
    limit[i] = nw_calibration_limit(&k, i / 2, (int)(i % 2));
  nw_calibration_clear(&k);
  nw_context_free(&context);
  return status;
}

static void goes_on_to_the_same_bits(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  double whole[2], cut[2], whole_limit[4], cut_limit[4];
  read_problem(context, &problem);
  assert_int_equal(run_cut(&problem, 1000, false, whole, whole_limit), NW_OK);
  assert_int_equal(run_cut(&problem, 1, false, cut, cut_limit), NW_INTERRUPTED);
  assert_int_equal(run_cut(&problem, 3, true, cut, cut_limit), NW_INTERRUPTED);
  assert_int_equal(run_cut(&problem, 1000, true, cut, cut_limit), NW_OK);
  assert_memory_equal(whole, cut, sizeof whole);
  assert_memory_equal(whole_limit, cut_limit, sizeof whole_limit);
  nw_problem_clear(&problem);
  nw_context_free(&context);
}

/* Each line of a state makes sense by itself, so that one cut between lines looks whole. */
static void refuses_a_state_that_lost_its_end(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k;
  struct nw_text text = {0}, path = {0};
  double estimate[2], limit[4];
  read_problem(context, &problem);
  assert_int_equal(run_cut(&problem, 3, false, estimate, limit), NW_INTERRUPTED);
  nw_text_append(&path, "%s/calibration.state", folder);
  assert_int_equal(nw_file_read_text(context, path.data, 1 << 20, &text), NW_OK);
  const size_t whole = text.length;
  for (size_t cut = 1; cut < whole; cut++) {
    if (text.data[cut - 1] != '\n' && cut % 7 != 0) continue;
    text.length = cut;
    assert_int_equal(nw_file_write_text(context, path.data, &text), NW_OK);
    assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
    assert_int_equal(nw_calibration_load(context, folder, &k), NW_IO);
    nw_calibration_clear(&k);
  }
  text.length = whole;
  assert_int_equal(nw_file_write_text(context, path.data, &text), NW_OK);
  nw_text_clear(&text);
  nw_text_clear(&path);
  nw_problem_clear(&problem);
  nw_context_free(&context);
}

static void refuses_the_state_of_another_problem(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k;
  read_problem(context, &problem);
  problem.identity ^= 1;
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  assert_int_equal(nw_calibration_load(context, folder, &k), NW_IO);
  const size_t last = nw_context_message_count(context) - 1; /* the plans may have been warned about before */
  assert_non_null(strstr(nw_context_message(context, last), "another problem"));
  nw_calibration_clear(&k);
  nw_problem_clear(&problem);
  nw_context_free(&context);
}

/* ---- mistakes ---- */

struct wrong {
  const char *file, *text, *at, *says;
};

static void check_wrong(const struct wrong *w) {
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  char path[128];
  bool found = false;
  write_file(w->file, w->text);
  snprintf(path, sizeof path, "%s/problem.yaml", folder);
  assert_int_equal(nw_problem_read(context, path, &problem), NW_BAD_PLAN);
  for (size_t i = 0; i < nw_context_message_count(context); i++) {
    const char *message = nw_context_message(context, i);
    found |= strstr(message, w->at) && strstr(message, w->says);
  }
  for (size_t i = 0; !found && i < nw_context_message_count(context); i++)
    fprintf(stderr, "wanted '%s' at %s, got: %s\n", w->says, w->at, nw_context_message(context, i));
  assert_true(found);
  nw_problem_clear(&problem);
  nw_context_free(&context);
  remove_folder(NULL);
  make_folder(NULL);
}

#define HEAD "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\n"
#define MEASURED "observableId,simulationConditionId,time,measurement\n"
#define OBSERVED "observableId\tobservableFormula\tnoiseFormula\n"

static void says_what_is_wrong_and_where(void **state) {
  (void)state;
  static const struct wrong list[] = {
      {"problem.yaml", "format_version: 2\nparameter_file: a\n", "problem.yaml:1:17",
       "format 2 is not known"},
      {"problem.yaml", "format_version: 1\nparameter_fil: a\n", "problem.yaml:2:1",
       "did you mean parameter_file"},
      {"problem.yaml", "format_version: 1\nextensions: {needlework: {starts: 0}}\n", "problem.yaml:2:35",
       "no number from 1"},
      {"problem.yaml", "- 1\n", "problem.yaml:1:1", "key: value"},
      {"problem.yaml", "a: [\n", "problem.yaml:", "not valid YAML"},
      {"parameters.tsv", HEAD "eta_w\tlog10\t0.8\t0.1\t0.25\t1\n", "parameters.tsv:2:1", "are no range"},
      {"parameters.tsv", HEAD "eta_w\tlog10\t0\t0.8\t0.25\t1\n", "parameters.tsv:2:1", "above zero"},
      {"parameters.tsv", HEAD "eta_w\tlogit\t\t\t\t1\n", "parameters.tsv:2:7", "no scale"},
      {"parameters.tsv", HEAD "eta_w\tlin\t0.1\t0.8\t0.9\t1\n", "parameters.tsv:2:1", "not within"},
      {"parameters.tsv", HEAD "eta_w\tlin\t\t\t\tyes\n", "parameters.tsv:2:14", "neither 1"},
      {"parameters.tsv", HEAD "eta_w\tlin\t\t\t\t1\neta_w\tlin\t\t\t\t1\n", "parameters.tsv:3:1",
       "second time"},
      {"parameters.tsv", HEAD "eta_ww\tlin\t0\t1\t0.5\t1\n", "eta_ww", "nothing else reads it"},
      {"parameters.tsv", HEAD "products.0.colour\tlin\t0\t1\t0.5\t1\n", "parameters.tsv:2:1",
       "no number of a product"},
      {"parameters.tsv", HEAD "products.0.dose\tlin\t0.1\t1\t0.5\t1\n", "products.0.dose",
       "so many products"},
      {"parameters.tsv", HEAD "eta_w\tlin\t\t\t\t0\n", "problem.yaml:1:1", "estimate 1"},
      {"conditions.tsv", "conditionId\tplan\nonce\texcision\ndeeper\tplan.yaml\n", "problem.yaml:1:1",
       "an excision has neutrophil"},
      {"conditions.tsv", "conditionId\tplan\tfidelity\nonce\tplan.yaml\tcube\ndeeper\tplan.yaml\t\n",
       "conditions.tsv:2:16", "no fidelity"},
      {"observables.tsv", OBSERVED "collagen\tpain_vas(2)\t1\nvessels\tpain_vas\t1\n", "observables.tsv:2:10",
       "nothing that is read"},
      {"observables.tsv", OBSERVED "collagen\tpain_by_length\t1\nvessels\tpain_vas\t1\n",
       "observables.tsv:2:10", "nothing that is read"},
      {"observables.tsv", OBSERVED "collagen\tpain_by_length(x)\t1\nvessels\tpain_vas\t1\n",
       "observables.tsv:2:10", "nothing that is read"},
      {"observables.tsv", OBSERVED "collagen\tcolagen\t1\n", "observables.tsv:2:10", "nothing that is read"},
      {"observables.tsv", OBSERVED "collagen\tcollagen_I\t-1\n", "observables.tsv:2:21", "below zero"},
      {"observables.tsv", "observableId\tnoiseFormula\ncollagen\t1\n", "observableFormula", "no column"},
      {"conditions.tsv", "conditionId\tplan\nonce\tnone.yaml\n", "conditions.tsv:2:6", "cannot read"},
      {"conditions.tsv", "conditionId\tplan\tdevice.passes\nonce\tplan.yaml\tmany\n", "device.passes", ""},
      {"measurements.csv", MEASURED "collagen,never,1,1\n", "measurements.csv:2:10", "no condition 'never'"},
      {"measurements.csv", MEASURED "pores,once,1,1\n", "measurements.csv:2:1", "no observable 'pores'"},
      {"measurements.csv", MEASURED "collagen,once,-1,1\n", "measurements.csv:2:15", "before the first"},
      {"measurements.csv", MEASURED "collagen,once,1,much\n", "measurements.csv:2:17",
       "'much' is no number"}};
  for (size_t i = 0; i < NW_COUNT(list); i++)
    check_wrong(&list[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(recovers_what_made_the_data),
                                     cmocka_unit_test(limits_by_curvature_are_those_of_profiles),
                                     cmocka_unit_test(reads_kept_courses_as_new_ones),
                                     cmocka_unit_test(reads_a_wound_and_what_trials_observe),
                                     cmocka_unit_test(finds_how_far_populations_differ),
                                     cmocka_unit_test(ensembles_draw_what_was_fitted),
                                     cmocka_unit_test(goes_on_to_the_same_bits),
                                     cmocka_unit_test(refuses_a_state_that_lost_its_end),
                                     cmocka_unit_test(refuses_the_state_of_another_problem),
                                     cmocka_unit_test(says_what_is_wrong_and_where)};
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
