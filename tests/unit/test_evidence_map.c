/* SPDX-License-Identifier: BSD-3-Clause
   Lines as people write them: what each is taken for, and what its numbers mean. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "validation/clinical.h"

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

static struct nw_published read_row(const struct nw_evidence *row, const char *key) {
  const struct nw_evidence_mapping m = nw_evidence_map(row);
  assert_true(m.mapped);
  assert_string_equal(nw_evidence_quantity(&m), key);
  return nw_published_read(row, &m, 0);
}

/* A line as somebody would write it, through the same reader as a table. */
struct line {
  const char *outcome, *baseline, *value, *unit, *change, *spread, *population, *day;
};

static struct nw_evidence row_of_line(const struct line *l) {
  struct nw_evidence row = blank;
  row.outcome = l->outcome;
  row.baseline = nw_evidence_number(l->baseline ? l->baseline : "");
  row.value_text = l->value ? l->value : "";
  row.value = nw_evidence_number(row.value_text);
  row.unit = l->unit ? l->unit : "";
  row.change = nw_evidence_number(l->change ? l->change : "");
  row.spread = l->spread ? l->spread : "";
  if (l->day) row.time = nw_evidence_number(l->day).value;
  row.population = l->population ? l->population : "n=30, acne scars";
  return row;
}

static void numbers_as_trials_print_them(void **state) {
  (void)state;
  static const struct {
    struct line line;
    const char *key, *unit;
    double value;
  } known[] = {
      {{"PIH", .value = "2/30"}, "pih_risk", "%", 100.0 * 2 / 30},
      {{"PIH", .value = "3 of 40", .unit = "patients"}, "pih_risk", "%", 7.5},
      {{"PIH", .value = "10%"}, "pih_risk", "%", 10},
      {{"PIH", .value = "18 (60%)", .unit = "n (%)"}, "pih_risk", "%", 60},
      {{"PIH", .value = "2", .unit = "patients"}, "pih_risk", "%", 100.0 * 2 / 30},
      {{"pain VAS 0-100 mm", .value = "45", .unit = "mm"}, "pain_vas", "1", 4.5},
      {{"pain VAS", .value = "38"}, "pain_vas", "1", 3.8},
      {{"pain VAS", .value = "5.2/10"}, "pain_vas", "1", 5.2},
      {{"TEWL", .value = "14", .unit = "g/m2h"}, "tewl_g_m2_h", "g/(m^2 h)", 14},
      {{"TEWL", .value = "14", .unit = "g/m2/h"}, "tewl_g_m2_h", "g/(m^2 h)", 14},
      {{"pain VAS", .value = "4.2"}, "pain_vas", "1", 4.2},
      {{"erythema duration", .value = "48 h"}, "redness_duration", "h", 48},
      {{"erythema duration", .value = "2", .unit = "wks"}, "redness_duration", "week", 2},
      {{"microchannel depth", .value = "150", .unit = "\xc2\xb5m"}, "lumen_depth", "um", 150},
      {{"TEWL reduction", .value = "20", .unit = "%"}, "tewl_g_m2_h", "%", -20},
      {{"melanin index, decrease", .change = "12"}, "melanin_index", "%", -12},
      {{"dermal density", .value = "18", .unit = "%"}, "dermal_density", "%", 18},
      {{"ITA", .baseline = "28", .value = "31", .unit = "deg"}, "ita_deg", "deg", 3},
      {{"collagen I", .value = "1.5-fold"}, "collagen_I", "%", 50},
  };
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    const struct nw_evidence row = row_of_line(&known[i].line);
    const struct nw_evidence_mapping m = nw_evidence_map(&row);
    const struct nw_published p = nw_published_read(&row, &m, 20);
    if (strcmp(nw_evidence_quantity(&m), known[i].key) != 0 || p.problem ||
        strcmp(p.unit, known[i].unit) != 0 || !(fabs(p.value - known[i].value) < 1e-9))
      fail_msg("%s %s: %s %g %s %s", row.outcome, row.value_text, nw_evidence_quantity(&m), p.value, p.unit,
               p.problem ? p.problem : "");
  }
}

static void outcomes_by_the_words_of_the_field(void **state) {
  (void)state;
  static const struct {
    struct line line;
    const char *key; /* "" for none */
    double low, high;
  } known[] = {
      {{"excellent improvement (>75%)", .value = "6/30"}, "scar_depth_um", 75, 100},
      {{"patients with good improvement (51-75%)", .value = "40", .unit = "%"}, "scar_depth_um", 50, 75},
      {{"moderate improvement 26-50%", .value = "8", .unit = "of 30 patients"}, "scar_depth_um", 25, 50},
      {{"mild (0-25%) improvement", .value = "3/30"}, "scar_depth_um", -100, 25},
      {{"less than 25% improvement", .value = "3/30"}, "scar_depth_um", -100, 25},
      {{"50% or more improvement", .value = "3/30"}, "scar_depth_um", 50, 100},
      {{"good to excellent response", .value = "60", .unit = "%"}, "scar_depth_um", 50, 100},
      {{"mild response", .value = "60", .unit = "%"}, "scar_depth_um", 0, 25},
      {{"any improvement", .value = "29/30"}, "scar_depth_um", 0, 0},
      {{"marked response", .value = "10/30", .population = "melasma"}, "mmasi", 50, 100},
      {{"mean improvement", .value = "40", .unit = "%", .population = "melasma"}, "mmasi", 0, 0},
      {{"improved texture", .value = "80", .unit = "% of subjects", .population = "photoageing"},
       "texture_grade",
       1,
       4},
      {{"Erythema index (Mexameter)", .baseline = "300", .value = "280"}, "erythema_index", 0, 0},
      {{"Melanin index (Mexameter)", .baseline = "300", .value = "280"}, "melanin_index", 0, 0},
      {{"L* (chromameter)", .baseline = "60", .value = "62"}, "lab_L", 0, 0},
      {{"TEWL normalised", .value = "48", .unit = "h"}, "barrier_back", 0, 0},
      {{"redness", .value = "2", .unit = "days"}, "redness_duration", 0, 0},
      {{"edema duration", .value = "2", .unit = "days"}, "", 0, 0},
      {{"erythema, oedema and scaling", .value = "2", .unit = "days"}, "redness_duration", 0, 0},
      {{"erythema on day 1", .value = "27/30"}, "", 0, 0},
      {{"patients with pain", .value = "40", .unit = "%"}, "", 0, 0},
      {{"PIH duration", .value = "6", .unit = "weeks"}, "", 0, 0},
      {{"PGAIS much improved", .value = "60", .unit = "% patients"}, "", 0, 0},
      {{"micropore closure under occlusion", .value = "48", .unit = "h"}, "", 0, 0},
      {{"micropore closure, non-occluded", .value = "15", .unit = "h"}, "pores_closed", 0, 0},
      {{"Cutometer R7", .baseline = "0.4", .value = "0.5"}, "", 0, 0},
      {{"50-75% improvement", .value = "8 (40%)", .unit = "n (%)"}, "scar_depth_um", 50, 75},
      {{"50-75% improvement", .value = "40", .unit = "%"}, "scar_depth_um", 50, 75},
      {{"improvement by 2 grades (Goodman-Baron)", .value = "9/30"}, "goodman_baron", 2, 9},
      {{"improvement by 1-2 grades (Goodman-Baron)", .value = "9/30"}, "goodman_baron", 1, 9},
      {{"responders (>=1 grade Lemperle)", .value = "68", .unit = "% of subjects"}, "wrinkle_grade", 1, 5},
      {{"pain (VAS)", .value = "5/10"}, "pain_vas", 0, 0},
      {{"pain", .value = "5/30"}, "", 0, 0},
      {{"no improvement", .value = "3/30"}, "", 0, 0},
  };
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    const struct nw_evidence row = row_of_line(&known[i].line);
    const struct nw_evidence_mapping m = nw_evidence_map(&row);
    if (strcmp(nw_evidence_quantity(&m), known[i].key) != 0 || m.low != known[i].low ||
        m.high != known[i].high)
      fail_msg("%s: %s %g %g", row.outcome, nw_evidence_quantity(&m), m.low, m.high);
  }
}

static void another_scale_is_compared_in_percent_only(void **state) {
  (void)state;
  struct line line = {"MASI, change", .value = "-3.1", .unit = "points"};
  struct nw_evidence row = row_of_line(&line);
  assert_non_null(read_row(&row, "mmasi").problem);
  line.outcome = "mMASI, change";
  row = row_of_line(&line);
  assert_true(fabs(read_row(&row, "mmasi").value - (-3.1)) < 1e-12);
  line = (struct line){"MASI", .baseline = "12", .value = "9"};
  row = row_of_line(&line);
  assert_true(fabs(read_row(&row, "mmasi").value - (-25)) < 1e-12);
  assert_true(read_row(&row, "mmasi").question.hopeful);
}

static void numbers_that_cannot_be_compared_say_why(void **state) {
  (void)state;
  static const struct {
    struct line line;
    const char *problem;
  } known[] = {
      {{"PIH", .value = "2", .unit = "patients", .population = "acne scars"}, "of how many people"},
      {{"PIH", .value = "6", .unit = "n (%)"}, "a count or a percentage"},
      {{"PIH", .value = "140", .unit = "%"}, "beyond 0 to 100"},
      {{"TEWL", .baseline = "8", .value = "20", .unit = "g/m2/h", .day = "0"}, "day 0 is the baseline"},
      {{"erythema duration", .value = "2", .unit = "months"}, "a time wants its unit"},
      {{"erythema duration", .value = "2"}, "a time wants its unit"},
      {{"microchannel depth", .value = "150"}, "a length wants its unit"},
      {{"pain VAS", .value = "40", .unit = "%"}, "pain in percent"},
      {{"ECCA", .value = "40", .unit = "%"}, "percent better or worse"},
      {{"scar depth", .value = "4", .unit = "points"}, "a unit or scale"},
      {{"dermal density", .value = "up to 18", .unit = "%"}, "a bound, not a mean"},
  };
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    const struct nw_evidence row = row_of_line(&known[i].line);
    const struct nw_evidence_mapping m = nw_evidence_map(&row);
    const struct nw_published p = nw_published_read(&row, &m, 20);
    if (!m.mapped || !p.problem || !strstr(p.problem, known[i].problem) || isfinite(p.value) ||
        nw_evidence_use(&row, &m, &p) != NW_USE_UNREAD)
      fail_msg("%s %s: %s", row.outcome, row.value_text, p.problem ? p.problem : "no problem");
  }
}

static void bounds_and_spreads_stand_with_the_value(void **state) {
  (void)state;
  struct line line = {"downtime", .value = "up to 7", .unit = "days"};
  struct nw_evidence row = row_of_line(&line);
  struct nw_published p = read_row(&row, "downtime");
  assert_true(p.at_most && !p.at_least);
  line.value = ">72", line.unit = "h";
  row = row_of_line(&line), p = read_row(&row, "downtime");
  assert_true(!p.at_most && p.at_least);
  line.value = "3 (p<0.05)", line.unit = "days";
  row = row_of_line(&line), p = read_row(&row, "downtime");
  assert_true(!p.at_most && !p.at_least);
  line.value = "3.2 \xc2\xb1 1.5";
  row = row_of_line(&line);
  assert_true(fabs(read_row(&row, "downtime").error - 1.5 / sqrt(30)) <
              1e-12); /* NAN is equal to anything in cmocka */
  line.value = "3.2 (SD 0.9)";
  row = row_of_line(&line);
  assert_true(fabs(read_row(&row, "downtime").error - 0.9 / sqrt(30)) < 1e-12);
  line.spread = "\xc2\xb1 2.1";
  row = row_of_line(&line);
  assert_true(fabs(read_row(&row, "downtime").error - 2.1 / sqrt(30)) < 1e-12);
}

static void an_arm_named_in_the_outcome_has_its_adjunct(void **state) {
  (void)state;
  struct line line = {"Goodman-Baron grade, MN+PRP side", .baseline = "3", .value = "2"};
  struct nw_evidence row = row_of_line(&line);
  const struct nw_evidence_mapping m = nw_evidence_map(&row);
  const struct nw_published p = nw_published_read(&row, &m, 0);
  row.adjunct = "";
  assert_int_equal(nw_evidence_use(&row, &m, &p), NW_USE_ADJUNCT);
  row.adjunct = "none"; /* said in so many words */
  assert_int_equal(nw_evidence_use(&row, &m, &p), NW_USE_SCORED);
  row.adjunct = "", row.outcome = "Goodman-Baron grade, needling side";
  assert_int_equal(nw_evidence_use(&row, &m, &p), NW_USE_SCORED);
  row.study = "Kim 2011 (hairless mice)";
  assert_int_equal(nw_evidence_use(&row, &m, &p), NW_USE_NOT_HUMAN);
}

static void plans_follow_the_words_of_a_line(void **state) {
  (void)state;
  static const struct {
    const char *population, *site, *adjunct, *notes, *sessions;
    const char *wanted[4];
  } known[] = {
      {"n=12 18-30 y, FST III\xe2\x80\x93V",
       "both cheeks",
       "",
       "",
       "single",
       {"age: 24 y", "phototype: IV", "site: cheek", "sessions: 1,"}},
      {"30 women, 25 to 45 years, Fitzpatrick skin types II to IV",
       "volar forearms",
       "",
       "",
       "",
       {"age: 35 y", "phototype: III", "site: forearm", "sessions: 3,"}},
      {"aged 20\xe2\x80\x93"
       "40 years, skin type 4",
       "buttocks",
       "none",
       "without topical anaesthesia",
       "",
       {"age: 30 y", "phototype: IV", "site: hip", "anaesthetic: none"}},
      {"mean age: 36.4, phototypes III and IV",
       "infraorbital",
       "EMLA",
       "",
       "",
       {"age: 36.4 y", "phototype: IV", "site: periorbital", "anaesthetic: cream"}},
      {"20 adults, average age of 52 \xc2\xb1 6 years, FST I/II",
       "face",
       "lidocaine/tetracaine 7/7",
       "",
       "",
       {"age: 52 y", "phototype: II", "site: cheek", "anaesthetic: strong_cream"}},
  };
  const struct nw_params p = nw_params_default();
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    struct nw_evidence row = blank;
    struct nw_text name = {0}, text = {0};
    row.outcome = "TEWL", row.population = known[i].population, row.site = known[i].site;
    row.adjunct = known[i].adjunct, row.notes = known[i].notes, row.sessions_text = known[i].sessions;
    const struct nw_evidence_mapping m = nw_evidence_map(&row);
    nw_evidence_plan(&row, &m, &p, &name, &text);
    for (size_t k = 0; k < 4; k++)
      if (!strstr(text.data, known[i].wanted[k])) fail_msg("%s wants %s", text.data, known[i].wanted[k]);
    nw_text_clear(&name);
    nw_text_clear(&text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_as_trials_print_them),
      cmocka_unit_test(outcomes_by_the_words_of_the_field),
      cmocka_unit_test(another_scale_is_compared_in_percent_only),
      cmocka_unit_test(numbers_that_cannot_be_compared_say_why),
      cmocka_unit_test(bounds_and_spreads_stand_with_the_value),
      cmocka_unit_test(an_arm_named_in_the_outcome_has_its_adjunct),
      cmocka_unit_test(plans_follow_the_words_of_a_line),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
