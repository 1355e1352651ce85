/* SPDX-License-Identifier: BSD-3-Clause
   From a line of the evidence to its place in the score: words, numbers, plans, arithmetic. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/data.h"
#include "outcome/aftermath.h"
#include "outcome/outcome.h"
#include "plan/case.h"
#include "plan/plan.h"
#include "validation/clinical.h"
#include "study/words.h"

static const struct nw_evidence blank = {.id = "T",
                                         .claims = "",
                                         .study = "",
                                         .reference = "",
                                         .population = "",
                                         .site = "face",
                                         .device = "pen",
                                         .density = "",
                                         .passes = "",
                                         .adjunct = "none",
                                         .outcome = "",
                                         .unit = "",
                                         .spread = "",
                                         .notes = "",
                                         .needle_text = "",
                                         .sessions_text = "",
                                         .value_text = "",
                                         .needle_length = {NAN, NAN, NAN, 0},
                                         .sessions = {NAN, NAN, NAN, 0},
                                         .interval = {NAN, NAN, NAN, 0},
                                         .time = NAN,
                                         .baseline = {NAN, NAN, NAN, 0},
                                         .value = {NAN, NAN, NAN, 0},
                                         .change = {NAN, NAN, NAN, 0},
                                         .level = 3};

static struct nw_evidence_number exactly(double value) {
  return (struct nw_evidence_number){value, value, value, 0};
}

static void patterns_of_words(void **state) {
  (void)state;
  static const struct {
    const char *pattern, *text;
    bool fits;
  } known[] = {
      {"", "anything", true},
      {"scar", "an acne SCAR of old", true},
      {"scar", "acne scars", false},
      {"scar*", "acne scars", true},
      {"*derma", "neoderma", true},
      {"derma", "neoderma", false},
      {"rf", "surf", false},
      {"rf", "rf vs laser", true},
      {"acne|scar", "old scar", true},
      {"acne&scar", "old scar", false},
      {"acne&scar", "scar of acne", true},
      {"scar&!acne|burn", "burn scar", false},
      {"scar&!acne|burn", "surgical scar", true},
      {">75%", "patients with >75% improvement", true},
      {"[or]", "odds [OR]", true},
      {"[or]", "pain or itch [h]", false},
  };
  for (size_t i = 0; i < NW_COUNT(known); i++)
    if (nw_words_fit(known[i].pattern, known[i].text) != known[i].fits)
      fail_msg("'%s' on '%s'", known[i].pattern, known[i].text);
}

static void people_and_errors(void **state) {
  (void)state;
  assert_int_equal(nw_published_people("n=48, 35-75 y"), 48);
  assert_int_equal(nw_published_people("n=35 (32 completed), 44-65 y"), 32);
  assert_int_equal(nw_published_people("n=60 (20 per arm), post-acne scars"), 20);
  assert_int_equal(nw_published_people("n=30 (15 each), South India"), 15);
  assert_int_equal(nw_published_people("16 trials, melasma"), 0);
  assert_int_equal(nw_published_people("N = 24, melasma"), 24);
  assert_int_equal(nw_published_people("18 women, 20-40 y"), 18);
  assert_float_equal(nw_published_error("SD 0.66", 36), 0.11, 1e-12);
  assert_float_equal(nw_published_error("base SD 0.59, SD 0.56", 49), 0.08, 1e-12);
  assert_float_equal(nw_published_error("0.44 / 0.98", 49), 0.14, 1e-12);
  assert_float_equal(nw_published_error("SE 0.31", 20), 0.31, 1e-12);
  assert_float_equal(nw_published_error("95%CI 1.15-2.54", 0), (2.54 - 1.15) / 2 / 1.96, 1e-12);
  assert_float_equal(nw_published_error("99%CI 1.11-1.34", 48), (1.34 - 1.11) / 2 / 2.576, 1e-12);
  assert_float_equal(nw_published_error("1.50-4.85", 0), (4.85 - 1.5) / 2 / 1.96, 1e-12);
  assert_float_equal(nw_published_error("15.08", 25), 15.08 / 5, 1e-12);
  assert_true(isnan(nw_published_error("p<0.05", 30)));
  assert_true(isnan(nw_published_error("", 30)));
  assert_true(isnan(nw_published_error("SD 2", 0)));
}

static struct nw_published read_row(const struct nw_evidence *row, const char *key) {
  const struct nw_evidence_mapping m = nw_evidence_map(row);
  assert_true(m.mapped);
  assert_string_equal(nw_evidence_quantity(&m), key);
  return nw_published_read(row, &m, 0);
}

static void published_numbers_take_the_form_of_a_reading(void **state) {
  (void)state;
  struct nw_evidence row = blank;
  row.outcome = "Goodman-Baron grade";
  row.population = "n=31";
  row.baseline = exactly(3.29), row.value = exactly(2.23);
  row.spread = "base SD 0.59, SD 0.56";
  struct nw_published p = read_row(&row, "goodman_baron");
  assert_string_equal(p.unit, "%");
  assert_float_equal(p.value, -32.219, 1e-3);
  assert_float_equal(p.error, 100 * 0.56 / sqrt(31) / 3.29, 1e-9);
  assert_int_equal(p.sign, -1);
  assert_true(p.significant); /* ten standard errors */

  row = blank;
  row.outcome = "Lemperle wrinkle grade, improvement";
  row.unit = "grade points", row.value = exactly(1.23), row.spread = "99%CI 1.11-1.34";
  p = read_row(&row, "wrinkle_grade");
  assert_float_equal(p.value, -1.23, 1e-12);
  assert_int_equal(p.question.form, NW_FORM_CHANGE);

  assert_true(p.question.hopeful); /* a series */
  row.notes = "two blinded raters";
  assert_false(read_row(&row, "wrinkle_grade").question.hopeful);
  row.notes = "", row.level = 1;
  assert_false(read_row(&row, "wrinkle_grade").question.hopeful);

  row = blank;
  row.outcome = "PIH", row.unit = "patients of 36 (30 completed)", row.value = exactly(5);
  p = read_row(&row, "pih_risk");
  assert_float_equal(p.value, 100.0 * 5 / 36, 1e-9);
  assert_int_equal(p.people, 36);

  row = blank;
  row.outcome = "TEWL recovery time to baseline", row.unit = "h (within)", row.value = exactly(72);
  p = read_row(&row, "barrier_back");
  assert_string_equal(p.unit, "h");
  assert_true(p.at_most);
  assert_float_equal(nw_published_factor(&p), 1.0 / 3600, 1e-15);

  row = blank;
  row.outcome = "elastin fold increase", row.value = (struct nw_evidence_number){1.55, 1.1, 2, 0.05};
  p = read_row(&row, "elastin");
  assert_float_equal(p.value, 55, 1e-9);
  assert_float_equal(p.half_range, 45, 1e-9);

  row = blank;
  row.outcome = "pain VAS", row.unit = "VAS", row.value = exactly(4.5), row.spread = "SD 3";
  assert_true(isnan(read_row(&row, "pain_vas").error));
  const struct nw_evidence_mapping pain = nw_evidence_map(&row);
  assert_float_equal(nw_published_read(&row, &pain, 25).error, 3.0 / 5, 1e-12);

  row = blank;
  row.outcome = "TEWL", row.notes = "significantly decreased after three months";
  p = read_row(&row, "tewl_g_m2_h");
  assert_true(isnan(p.value));
  assert_int_equal(p.sign, -1);
  assert_true(p.significant);

  row.notes = "did not change, no significant difference";
  p = read_row(&row, "tewl_g_m2_h");
  assert_int_equal(p.sign, 0);
  assert_false(p.significant);
}

static void each_line_has_a_reading_or_a_reason(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_evidence_table t;
  size_t mapped = 0;
  assert_int_equal(nw_evidence_builtin(context, &t), NW_OK);
  for (size_t i = 0; i < t.count; i++) {
    const struct nw_evidence_mapping m = nw_evidence_map(&t.row[i]);
    mapped += m.mapped;
    if (!m.mapped) assert_true(strlen(m.note) > 0);
    if (m.mapped && m.observable == NW_OBSERVE_OUTCOME) assert_in_range(m.key, 0, NW_OUTCOME_COUNT - 1);
  }
  assert_in_range(mapped, 80, 130);
  nw_evidence_clear(&t);
  nw_context_free(&context);
}

static void what_is_not_plain_needling_of_people_is_not_scored(void **state) {
  (void)state;
  static const struct {
    const char *device, *adjunct, *population, *site;
    int level;
    enum nw_evidence_use use;
  } known[] = {
      {"roller", "none", "n=30", "face", 3, NW_USE_SCORED},
      {"pen (SkinPen)", "", "n=30", "face", 1, NW_USE_SCORED},
      {"stamp (microarray)", "none", "n=30", "face", 1, NW_USE_SCORED},
      {"unspecified microneedling", "none", "n=30", "face", 2, NW_USE_SCORED},
      {"rf", "none", "n=30", "face", 2, NW_USE_DEVICE},
      {"rf vs laser", "none", "n=30", "face", 2, NW_USE_DEVICE},
      {"injection", "none", "n=30", "face", 2, NW_USE_DEVICE},
      {"none", "none", "n=30", "face", 2, NW_USE_DEVICE},
      {"needle (control arm: microneedling + extraction)", "none", "n=30", "face", 1, NW_USE_ADJUNCT},
      {"roller", "PRP", "n=30", "face", 2, NW_USE_ADJUNCT},
      {"roller", "none / PRP / TCA15", "n=30", "face", 2, NW_USE_ADJUNCT},
      {"roller", "none", "rats", "back", 4, NW_USE_NOT_HUMAN},
      {"roller", "none", "3D skin model", "in vitro", 5, NW_USE_NOT_HUMAN},
      {"roller", "none", "8 Yucatan minipigs", "flank", 3, NW_USE_NOT_HUMAN},
      {"roller", "none", "excised abdominal skin", "", 0, NW_USE_NOT_HUMAN},
      {"roller", "EMLA cream, 60 min under occlusion", "n=30", "face", 3, NW_USE_SCORED},
      {"roller", "lidocaine 2.5%/prilocaine 2.5%", "n=30", "face", 3, NW_USE_SCORED},
      {"roller", "normal saline (placebo)", "n=30", "face", 1, NW_USE_SCORED},
      {"roller", "sunscreen SPF 50 and moisturizer", "n=30", "face", 3, NW_USE_SCORED},
      {"roller", "no PRP", "n=30", "face", 3, NW_USE_SCORED},
      {"roller", "n/a", "n=30", "face", 3, NW_USE_SCORED},
      {"roller", "TXA 4 mg/mL in saline", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"roller", "vitamin C 20% (no sunscreen)", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"roller", "PRP with lidocaine", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"roller", "20 min TXA mask", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"roller", "with/without PRP", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"microneedling with PRP", "none", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"Dermapen + TXA", "", "n=30", "face", 3, NW_USE_ADJUNCT},
      {"plasma pen", "none", "n=30", "face", 3, NW_USE_DEVICE},
      {"Morpheus8", "none", "n=30", "face", 3, NW_USE_DEVICE},
      {"Er-YAG", "none", "n=30", "face", 3, NW_USE_DEVICE},
      {"derma roller", "none", "n=30", "face", 3, NW_USE_SCORED},
      {"", "none", "n=30", "face", 3, NW_USE_UNKNOWN},
      {"gadget", "none", "n=30", "face", 3, NW_USE_UNKNOWN},
  };
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    struct nw_evidence row = blank;
    row.device = known[i].device, row.adjunct = known[i].adjunct;
    row.population = known[i].population, row.site = known[i].site, row.level = known[i].level;
    row.outcome = "dermal density", row.change = exactly(20);
    const struct nw_evidence_mapping m = nw_evidence_map(&row);
    const struct nw_published p = nw_published_read(&row, &m, 0);
    if (nw_evidence_use(&row, &m, &p) != known[i].use) fail_msg("%s, %s", known[i].device, known[i].adjunct);
  }
}

static struct nw_case *case_of(struct nw_context *context, const char *name, const char *text) {
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  if (nw_plan_parse(context, name, text, strlen(text), &plan) != NW_OK ||
      nw_case_create(context, plan, &c) != NW_OK)
    fail_msg("%s: %s", name, nw_context_message(context, 0));
  nw_plan_free(&plan);
  return c;
}

static void a_line_becomes_a_plan(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  const struct nw_params p = nw_params_default();
  struct nw_evidence row = blank;
  row.study = "Nobody 2031", row.population = "n=20 F, 18-40 y, FST IV-V, atrophic acne scars";
  row.device = "roller", row.needle_length = exactly(0.5), row.needle_text = "0.5";
  row.sessions_text = "every 2 weeks for 12 weeks", row.interval = exactly(14);
  row.outcome = "Goodman-Baron grade", row.baseline = exactly(3.29), row.value = exactly(2);
  const struct nw_evidence_mapping m = nw_evidence_map(&row);
  struct nw_text name = {0}, text = {0};
  nw_evidence_plan(&row, &m, &p, &name, &text);
  struct nw_case *c = case_of(context, name.data, text.data);
  assert_float_equal(c->subject.age, 29, 1e-6);
  assert_int_equal(c->subject.phototype, 5);
  assert_int_equal(c->subject.site, NW_SITE_cheek);
  assert_int_equal(c->device.kind, NW_DEVICE_ROLLER);
  assert_float_equal(c->device.needle_length, 0.5e-3, 1e-12);
  assert_int_equal(c->course.sessions, 6);
  assert_float_equal(c->course.interval, 14 * 86400, 1e-6);
  assert_int_equal(c->concerns[0].kind, NW_CONCERN_ACNE_SCAR);
  assert_true(c->concerns[0].depth > 0.25e-3 && c->concerns[0].depth < 0.6e-3); /* reads 3.29 */
  nw_case_free(&c);
  nw_text_clear(&name);
  nw_text_clear(&text);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void written_plans_are_good(void **state) {
  (void)state;
  size_t count = 0;
  for (size_t i = 0; i < nw_data_file_count; i++) {
    if (strncmp(nw_data_files[i].name, "studies/", 8) != 0) continue;
    struct nw_context *context = nw_context_create();
    struct nw_case *c = case_of(context, nw_data_files[i].name, (const char *)nw_data_files[i].text);
    assert_non_null(strstr((const char *)nw_data_files[i].text, "# Stated: "));
    assert_non_null(strstr((const char *)nw_data_files[i].text, "# Assumed: "));
    nw_case_free(&c);
    nw_context_free(&context);
    count++;
  }
  assert_in_range(count, 25, 100);
}

static void papers_of_one_trial_are_one_cohort(void **state) {
  (void)state;
  struct nw_evidence row = blank;
  struct nw_text a = {0}, b = {0}, other = {0};
  row.study = "One 2021", row.notes = "taken as trial NCT03803059";
  nw_evidence_cohort(&row, &a);
  row.study = "Two 2022 (NCT03803059)", row.notes = "";
  nw_evidence_cohort(&row, &b);
  row.study = "Two 2022";
  nw_evidence_cohort(&row, &other);
  assert_string_equal(a.data, b.data);
  assert_string_not_equal(a.data, other.data);
  nw_text_clear(&a);
  nw_text_clear(&b);
  nw_text_clear(&other);
}

/* ---- readings of a course ---- */

static void durations_end_where_the_line_crosses(void **state) {
  (void)state;
  const double hour = 3600;
  double time[] = {0, 1 * hour, 3 * hour, 240 * hour, 241 * hour};
  double value[5][NW_OUTCOME_COUNT] = {{0}};
  const double tewl[] = {8, 16, 8, 8, 40}, red[] = {250, 450, 250, 250, 900};
  for (size_t i = 0; i < 5; i++) {
    value[i][NW_OUTCOME_tewl_g_m2_h] = tewl[i];
    value[i][NW_OUTCOME_erythema_index] = red[i];
    value[i][NW_OUTCOME_collagen_total] = 1 + 0.1 * (double)i;
  }
  struct nw_case c = {.params = nw_params_default(), .device = {.kind = NW_DEVICE_PEN, .passes = 1}};
  c.course.sessions = 2, c.course.interval = 240 * hour;
  const struct nw_run run = {.c = &c, .timeline = {.n_rows = 5, .time = time, .value = value}};
  struct nw_question q = {.observable = NW_OBSERVE_BARRIER_BACK};
  const double limit = 8 * c.params.trial_barrier;
  assert_float_equal(nw_observe(&run, &q), hour * (1 + 2 * (16 - limit) / 8),
                     1e-6); /* the first session only */
  q.observable = NW_OBSERVE_REDNESS;
  const double first = hour * (1 + 2 * (450 - 250 - nw_aftermath_visible_red(&c)) / 200);
  assert_float_equal(nw_observe(&run, &q), fmax(first, 1 * hour),
                     1e-6); /* the second ends with its last row */
  q = (struct nw_question){
      .observable = NW_OBSERVE_OUTCOME, .key = NW_OUTCOME_collagen_total, .time = 2 * hour};
  assert_float_equal(nw_observe(&run, &q), 15, 1e-9);
  q.scatter = true;
  assert_float_equal(nw_observe(&run, &q), 15 * c.params.k_collagen, 1e-9);
  q.scatter = false, q.form = NW_FORM_LEVEL;
  assert_float_equal(nw_observe(&run, &q), 1.15, 1e-9);
  q.observable = NW_OBSERVE_SHARE, q.form = NW_FORM_CHANGE, q.down = true;
  assert_float_equal(nw_observe(&run, &q), -0.15, 1e-9);
}

/* ---- arithmetic ---- */

static struct nw_clinical_row row_of(double published, double predicted, double error, int people) {
  struct nw_clinical_row row = {.use = NW_USE_SCORED, .predicted = predicted};
  row.published = (struct nw_published){.unit = "%", .value = published, .error = error, .people = people};
  row.published.question.observable = NW_OBSERVE_OUTCOME;
  row.published.sign = published > 0 ? 1 : -1;
  row.published.significant = true;
  return row;
}

static void intervals_are_widened_in_quadrature(void **state) {
  (void)state;
  const double z = 1.6449;
  struct nw_clinical_row row = row_of(40, 30, 4, 25);
  nw_clinical_score(&row, 27, 36, NAN);
  assert_float_equal(row.low, 30 - sqrt(9 + z * z * 16), 1e-9);
  assert_float_equal(row.high, 30 + sqrt(36 + z * z * 16), 1e-9);
  assert_float_equal(row.half_width, 4.5, 1e-9);
  assert_false(row.inside); /* 38.9 is the upper end */
  assert_float_equal(row.error, 1, 1e-9);
  row = row_of(40, 30, NAN, 25);
  nw_clinical_score(&row, 30, 30, 20); /* persons stand in: 20 / 5 */
  assert_float_equal(row.high, 30 + z * 4, 1e-9);
  row = row_of(40, 30, NAN, 0);
  nw_clinical_score(&row, 30, 30, 20); /* nobody knows how many: no widening */
  assert_float_equal(row.high, 30, 1e-9);
  row = row_of(12, 8, 0, 10);
  nw_clinical_score(&row, 8, 8, NAN);
  assert_float_equal(row.error, 0.8, 1e-9); /* 4 of 5 points */
  row.published.at_most = true;
  nw_clinical_score(&row, 7, 9, NAN);
  assert_true(row.inside);
  assert_float_equal(row.error, 0, 0);
  row = row_of(-50, -80, 0, 10);
  row.published.question.observable = NW_OBSERVE_OUTCOME;
  nw_clinical_score(&row, -120, -40, NAN);
  assert_float_equal(row.low, -100, 0); /* nothing is less than none */
  assert_float_equal(row.high, -40, 1e-12);
  row = row_of(5, 8, 0, 10);
  row.published.at_least = true; /* longer than that: whatever lies above agrees */
  nw_clinical_score(&row, 7, 9, NAN);
  assert_true(row.inside);
  assert_float_equal(row.error, 0, 0);
  assert_float_equal(row.low, 5, 0);
}

static void cohorts_count_once(void **state) {
  (void)state;
  struct nw_clinical_row rows[6];
  struct nw_clinical_cohort cohorts[3] = {{.name = "a"}, {.name = "b"}, {.name = "nobody"}};
  struct nw_clinical c = {.row = rows, .cohort = cohorts, .n_cohorts = 3, .table = {.count = 6}};
  for (size_t i = 0; i < 6; i++) {
    rows[i] = row_of(40, i < 3 ? 40 : -20, 0, 10); /* errors 0 and 6 */
    rows[i].cohort = i < 5 ? 0 : 1;
    nw_clinical_score(&rows[i], rows[i].predicted, rows[i].predicted, NAN);
  }
  rows[4].use = NW_USE_ADJUNCT;
  nw_clinical_sum(&c);
  assert_int_equal(c.summary.scored, 5);
  assert_int_equal(c.summary.cohorts, 2);
  assert_float_equal(c.summary.coverage, 0.5 * (3.0 / 4 + 0), 1e-12);
  assert_float_equal(c.summary.error, 0.5 * (0 + 6), 1e-12); /* medians of the cohorts: 0 and 6 */
  assert_int_equal(c.summary.use[NW_USE_ADJUNCT], 1);
  assert_int_equal(c.summary.signs, 6);
  assert_int_equal(c.summary.signs_right, 3);
  assert_false(c.summary.met);
  double value[] = {5, NAN, 1, 3, 9};
  assert_float_equal(nw_clinical_median(value, 5), 4, 0);
}

static void the_goal_is_met_from_both_sides(void **state) {
  (void)state;
  struct nw_clinical_row rows[10];
  struct nw_clinical_cohort cohorts[10] = {{0}};
  struct nw_clinical c = {.row = rows, .cohort = cohorts, .n_cohorts = 10, .table = {.count = 10}};
  for (size_t outside = 0; outside <= 4; outside++) {
    for (size_t i = 0; i < 10; i++) {
      rows[i] = row_of(40, i < outside ? 42 : 40, 0, 10);
      rows[i].cohort = i;
      nw_clinical_score(&rows[i], rows[i].predicted - 1, rows[i].predicted + 1, NAN);
    }
    nw_clinical_sum(&c);
    assert_float_equal(c.summary.coverage, 1 - (double)outside / 10, 1e-12);
    assert_int_equal(c.summary.coverage_met, outside == 1 || outside == 2); /* all inside is too wide */
    assert_true(c.summary.error_met);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(patterns_of_words),
      cmocka_unit_test(people_and_errors),
      cmocka_unit_test(published_numbers_take_the_form_of_a_reading),
      cmocka_unit_test(each_line_has_a_reading_or_a_reason),
      cmocka_unit_test(what_is_not_plain_needling_of_people_is_not_scored),
      cmocka_unit_test(a_line_becomes_a_plan),
      cmocka_unit_test(written_plans_are_good),
      cmocka_unit_test(papers_of_one_trial_are_one_cohort),
      cmocka_unit_test(durations_end_where_the_line_crosses),
      cmocka_unit_test(intervals_are_widened_in_quadrature),
      cmocka_unit_test(cohorts_count_once),
      cmocka_unit_test(the_goal_is_met_from_both_sides),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
