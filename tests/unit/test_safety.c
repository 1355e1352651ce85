/* SPDX-License-Identifier: BSD-3-Clause
   Safety rules speak at their threshold and stay silent just below it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cite.h"
#include "safety.h"
#include "units.h"

static struct nw_case plain(void) {
  struct nw_case c = {0};
  c.params = nw_params_default();
  c.subject =
      (struct nw_subject){.age = 30, .phototype = 2, .site = NW_SITE_abdomen, .sun_exposure = NW_SUN_LOW};
  c.device = (struct nw_device){.kind = NW_DEVICE_PEN, .needle_length = 1e-3, .passes = 2, .sterile = true};
  c.course = (struct nw_course){.sessions = 3, .interval = nw_unit_to_si(28, "day")};
  c.aftercare = (struct nw_aftercare){.sunscreen = true, .sun_avoidance = nw_unit_to_si(7, "day")};
  return c;
}

/* Severity of a rule's finding, -1 when it is silent. */
static int severity_of(const struct nw_case *c, const struct nw_run *run, const char *key) {
  struct nw_finding finding[NW_FINDINGS_MAX];
  const size_t n = nw_safety_check(c, run, finding, NW_FINDINGS_MAX);
  int severity = -1;
  assert_true(n <= NW_FINDINGS_MAX);
  for (size_t i = 0; i < n; i++)
    if (!strcmp(finding[i].key, key)) severity = (int)finding[i].severity;
  nw_findings_clear(finding, n);
  return severity;
}

static void speaks(const struct nw_case *c, const char *key, int severity) {
  assert_int_equal(severity_of(c, NULL, key), severity);
}

static void safety_check_is_silent_on_a_plain_plan(void **state) {
  (void)state;
  const struct nw_case c = plain();
  assert_int_equal(nw_safety_check(&c, NULL, NULL, 0), 0);
}

static void safety_check_lists_what_labels_exclude(void **state) {
  (void)state;
  static const struct {
    enum nw_condition condition;
    const char *key;
    int severity;
  } expected[] = {{NW_CONDITION_skin_cancer, "skin_cancer", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_open_wound, "open_wound", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_infection, "infection", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_haemostatic_disorder, "haemostatic_disorder", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_pregnancy, "pregnancy", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_metal_allergy, "metal_allergy", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_isotretinoin, "isotretinoin", NW_FINDING_CONTRAINDICATED},
                  {NW_CONDITION_active_acne, "active_acne", NW_FINDING_CAUTION},
                  {NW_CONDITION_keloid_history, "keloid_history", NW_FINDING_CAUTION},
                  {NW_CONDITION_herpes_history, "herpes_history", NW_FINDING_CAUTION},
                  {NW_CONDITION_anticoagulants, "anticoagulants", NW_FINDING_CAUTION},
                  {NW_CONDITION_diabetes, "slow_healing", NW_FINDING_CAUTION},
                  {NW_CONDITION_immunosuppressed, "slow_healing", NW_FINDING_CAUTION},
                  {NW_CONDITION_eczema, "chronic_dermatosis", NW_FINDING_CAUTION},
                  {NW_CONDITION_psoriasis, "chronic_dermatosis", NW_FINDING_CAUTION},
                  {NW_CONDITION_vitiligo, "chronic_dermatosis", NW_FINDING_CAUTION},
                  {NW_CONDITION_rosacea, "chronic_dermatosis", NW_FINDING_CAUTION},
                  {NW_CONDITION_actinic_keratosis, "actinic_keratosis", NW_FINDING_CAUTION},
                  {NW_CONDITION_recent_procedure, "recent_procedure", NW_FINDING_CAUTION}};
  assert_int_equal(NW_COUNT(expected), NW_CONDITION_COUNT);
  for (size_t i = 0; i < NW_COUNT(expected); i++) {
    struct nw_case c = plain();
    c.subject.conditions = 1u << expected[i].condition;
    speaks(&c, expected[i].key, expected[i].severity);
    assert_int_equal(nw_safety_check(&c, NULL, NULL, 0), 1);
  }
}

static void safety_check_needs_needles_for_what_needles_do(void **state) {
  (void)state;
  struct nw_case c = plain();
  c.subject.conditions = 1u << NW_CONDITION_metal_allergy;
  c.device.kind = NW_DEVICE_PEEL;
  speaks(&c, "metal_allergy", -1);
  c.subject.conditions = ~0u;
  c.device.kind = NW_DEVICE_NONE;
  assert_int_equal(nw_safety_check(&c, NULL, NULL, 0), 0);
}

/* A threshold in a parameter: silent at 0.99 of it, speaking at 1.01 (or the other way round). */
static void around(struct nw_case *c, double *value, double threshold, const char *key, int above,
                   int below) {
  *value = 1.01 * threshold;
  speaks(c, key, above);
  *value = 0.99 * threshold;
  speaks(c, key, below);
}

static void safety_check_holds_lengths_against_their_limits(void **state) {
  (void)state;
  struct nw_case c = plain();
  double *length = &c.device.needle_length;
  around(&c, length, 1.5e-3, "length_beyond_label", NW_FINDING_NOTE, -1);
  around(&c, length, 3.5e-3, "length_beyond_clinic", NW_FINDING_CAUTION, -1);
  c.operator_role = NW_SELF;
  around(&c, length, 0.5e-3, "operator_self", NW_FINDING_CAUTION, -1);
  c.operator_role = NW_ACUPUNCTURIST;
  around(&c, length, 0.5e-3, "operator_trained", NW_FINDING_NOTE, -1);
  c.subject.site = NW_SITE_nose;
  around(&c, length, 0.5e-3, "site_length", NW_FINDING_CAUTION, -1);
  c.subject.site = NW_SITE_forehead;
  around(&c, length, 0.75e-3, "site_length", NW_FINDING_CAUTION, -1);
  c.subject.site = NW_SITE_chin;
  around(&c, length, 2e-3, "site_length", NW_FINDING_CAUTION, -1);
}

static void safety_check_holds_age_and_interval_against_their_limits(void **state) {
  (void)state;
  struct nw_case c = plain();
  around(&c, &c.subject.age, 22, "age", -1, NW_FINDING_NOTE);
  around(&c, &c.course.interval, 7 * 86400.0, "interval", -1, NW_FINDING_CAUTION);
}

static void safety_check_uses_what_the_run_computed(void **state) {
  (void)state;
  const struct nw_case c = plain();
  static struct nw_run run;
  run.punctures.count = 1;
  run.punctures.density = 0.99e7;
  assert_int_equal(severity_of(&c, &run, "dense_extrapolated"), -1);
  run.punctures.density = 1.01e7;
  assert_int_equal(severity_of(&c, &run, "dense_extrapolated"), NW_FINDING_NOTE);
  run.punctures.layer_fraction[NW_SUBCUTIS] = 0.1;
  assert_int_equal(severity_of(&c, &run, "into_subcutis"), NW_FINDING_CAUTION);
  run.strikes.tearing = true;
  assert_int_equal(severity_of(&c, &run, "tearing"), NW_FINDING_CAUTION);
}

static void safety_check_puts_contraindications_first(void **state) {
  (void)state;
  struct nw_case c = plain();
  c.subject.conditions = ~0u;
  c.subject.age = 16;
  struct nw_finding finding[NW_FINDINGS_MAX];
  const size_t n = nw_safety_check(&c, NULL, finding, NW_FINDINGS_MAX);
  for (size_t i = 1; i < n; i++)
    assert_true(finding[i].severity <= finding[i - 1].severity);
  assert_int_equal(finding[n - 1].severity, NW_FINDING_NOTE);
  nw_findings_clear(finding, n);
  assert_int_equal(nw_live_bytes(), 0);
}

static void safety_check_writes_no_more_than_asked(void **state) {
  (void)state;
  struct nw_case c = plain();
  c.subject.conditions = ~0u;
  struct nw_finding two[3] = {{.key = "untouched"}, {.key = "untouched"}, {.key = "untouched"}};
  const size_t all = nw_safety_check(&c, NULL, two, 2);
  assert_true(all > 2);
  assert_string_equal(two[2].key, "untouched");
  nw_findings_clear(two, 2);
  assert_int_equal(nw_live_bytes(), 0);
}

static void safety_check_cites_only_what_the_bibliography_holds(void **state) {
  (void)state;
  struct nw_case c = plain();
  c.subject.conditions = ~0u;
  c.subject.phototype = 5;
  c.device.needle_length = 4e-3;
  c.device.sterile = false;
  struct nw_finding finding[NW_FINDINGS_MAX];
  const size_t n = nw_safety_check(&c, NULL, finding, NW_FINDINGS_MAX);
  for (size_t i = 0; i < n; i++) {
    const char *key = finding[i].source;
    for (size_t length; *key; key += length + (key[length] == ' ')) {
      char one[64] = "";
      size_t size;
      length = strcspn(key, " ");
      strncat(one, key, length);
      assert_non_null(nw_cite_entry(one, &size));
    }
  }
  nw_findings_clear(finding, n);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(safety_check_is_silent_on_a_plain_plan),
      cmocka_unit_test(safety_check_lists_what_labels_exclude),
      cmocka_unit_test(safety_check_needs_needles_for_what_needles_do),
      cmocka_unit_test(safety_check_holds_lengths_against_their_limits),
      cmocka_unit_test(safety_check_holds_age_and_interval_against_their_limits),
      cmocka_unit_test(safety_check_uses_what_the_run_computed),
      cmocka_unit_test(safety_check_puts_contraindications_first),
      cmocka_unit_test(safety_check_writes_no_more_than_asked),
      cmocka_unit_test(safety_check_cites_only_what_the_bibliography_holds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
