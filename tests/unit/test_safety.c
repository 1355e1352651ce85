/* SPDX-License-Identifier: BSD-3-Clause
   Safety rules speak at their threshold and stay silent just below it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/units.h"
#include "io/cite.h"
#include "outcome/safety.h"

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

/* ---- one plan for each rule ---- */

struct scene {
  struct nw_case c;
  struct nw_run run;
  struct nw_product product;
};

static void dark(struct scene *s) {
  s->c.subject.phototype = 4;
}

static void laser(struct scene *s) {
  s->c.device = (struct nw_device){.kind = NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, .passes = 1, .sterile = true};
}

static void medium_peel(struct scene *s) {
  s->c.device = (struct nw_device){.kind = NW_DEVICE_PEEL, .passes = 1, .peel = {.depth = NW_PEEL_MEDIUM}};
}

static void condition(struct scene *s, enum nw_condition which) {
  s->c.subject.conditions = 1u << which;
}

static void product(struct scene *s, const char *name) {
  s->product.name = (char *)(uintptr_t)name;
  s->c.products = &s->product;
  s->c.n_products = 1;
}

/* What each rule speaks of, and the least that silences it again. */
#define SCENES(X)                                                                                            \
  X(skin_cancer, condition(s, NW_CONDITION_skin_cancer), s->c.device.passes = 0)                             \
  X(open_wound, (laser(s), condition(s, NW_CONDITION_open_wound)), s->c.device.kind = NW_DEVICE_NONE)        \
  X(infection, condition(s, NW_CONDITION_infection), s->c.subject.conditions = 0)                            \
  X(haemostatic_disorder, condition(s, NW_CONDITION_haemostatic_disorder), laser(s))                         \
  X(pregnancy, condition(s, NW_CONDITION_pregnancy), s->c.subject.conditions = 0)                            \
  X(metal_allergy, condition(s, NW_CONDITION_metal_allergy), medium_peel(s))                                 \
  X(isotretinoin, condition(s, NW_CONDITION_isotretinoin), laser(s))                                         \
  X(isotretinoin_heat_or_peel, (laser(s), condition(s, NW_CONDITION_isotretinoin)),                          \
    s->c.subject.conditions = 0)                                                                             \
  X(active_acne, condition(s, NW_CONDITION_active_acne), s->c.subject.conditions = 0)                        \
  X(keloid_history, condition(s, NW_CONDITION_keloid_history), s->c.subject.conditions = 0)                  \
  X(herpes_history, condition(s, NW_CONDITION_herpes_history), s->c.subject.conditions = 0)                  \
  X(anticoagulants, condition(s, NW_CONDITION_anticoagulants), laser(s))                                     \
  X(slow_healing, condition(s, NW_CONDITION_diabetes), s->c.subject.conditions = 0)                          \
  X(chronic_dermatosis, condition(s, NW_CONDITION_psoriasis), s->c.subject.conditions = 0)                   \
  X(actinic_keratosis, condition(s, NW_CONDITION_actinic_keratosis), s->c.subject.conditions = 0)            \
  X(recent_procedure, condition(s, NW_CONDITION_recent_procedure), s->c.subject.conditions = 0)              \
  X(age, s->c.subject.age = 21, s->c.subject.age = 22)                                                       \
  X(not_sterile, s->c.device.sterile = false, s->c.device.kind = NW_DEVICE_PEEL)                             \
  X(length_beyond_clinic, s->c.device.needle_length = 3.6e-3, s->c.device.needle_length = 3.4e-3)            \
  X(length_beyond_label, s->c.device.needle_length = 1.6e-3, s->c.device.needle_length = 1.4e-3)             \
  X(site_length, s->c.subject.site = NW_SITE_nose, s->c.subject.site = NW_SITE_cheek)                        \
  X(orbital_rim, s->c.subject.site = NW_SITE_periorbital, s->c.subject.site = NW_SITE_temple)                \
  X(into_subcutis, s->run.punctures.layer_fraction[NW_SUBCUTIS] = 0.01,                                      \
    s->run.punctures.layer_fraction[NW_SUBCUTIS] = 0)                                                        \
  X(operator_self, s->c.operator_role = NW_SELF, s->c.operator_role = NW_NURSE)                              \
  X(operator_trained, s->c.operator_role = NW_AESTHETICIAN, s->c.device.needle_length = 0.4e-3)              \
  X(dense_extrapolated, s->run.punctures.density = 1.1e7, s->run.punctures.density = 0.9e7)                  \
  X(reaches_bone, (s->run.skin.over_bone = true, s->run.skin.subcutis = 0.9e-3),                             \
    s->run.skin.subcutis = 1.1e-3)                                                                           \
  X(tearing, s->run.strikes.tearing = true, s->run.strikes.tearing = false)                                  \
  X(laser_dense, (laser(s), s->run.punctures.density = 1.61e7), s->run.punctures.density = 1.59e7)           \
  X(operator_opens_skin, (medium_peel(s), s->c.operator_role = NW_SELF),                                     \
    s->c.device.peel.depth = NW_PEEL_SUPERFICIAL)                                                            \
  X(tram_track,                                                                                              \
    (s->c.device.kind = NW_DEVICE_ROLLER, s->run.skin.over_bone = true, s->c.device.needle_length = 1.5e-3), \
    s->run.skin.over_bone = false)                                                                           \
  X(interval, s->c.course.interval = nw_unit_to_si(6, "day"), s->c.course.sessions = 1)                      \
  X(pigment_phototype, dark(s), s->c.subject.phototype = 3)                                                  \
  X(pigment_inflammation, (dark(s), s->c.subject.skin_type = NW_SKIN_SENSITIVE), s->c.subject.phototype = 3) \
  X(pigment_sun, (dark(s), s->c.subject.sun_exposure = NW_SUN_MODERATE, s->c.aftercare.sunscreen = false),   \
    s->c.aftercare.sunscreen = true)                                                                         \
  X(pigment_laser, (laser(s), s->c.subject.phototype = 3), s->c.subject.phototype = 2)                       \
  X(pigment_peel, (medium_peel(s), dark(s)), s->c.subject.phototype = 3)                                     \
  X(product_classification, product(s, "niacinamide"), s->c.n_products = 0)                                  \
  X(product_unrecorded, (laser(s), product(s, "essence of nobody")), product(s, "niacinamide"))

enum rule {
#define RULE(key, ...) RULE_##key,
#include "../../model/safety.def"
#undef RULE
  RULE_COUNT
};

static struct scene scene(void) {
  struct scene s = {.c = plain()};
  s.run.punctures.count = 1;
  return s;
}

static void safety_check_has_a_scene_for_each_rule_that_speaks_and_falls_silent(void **state) {
  (void)state;
  bool seen[RULE_COUNT] = {false};
#define X(key, speak, hush)                                                        \
  {                                                                                \
    struct scene it = scene(), *s = &it;                                           \
    seen[RULE_##key] = true;                                                       \
    assert_int_equal(severity_of(&s->c, &s->run, #key), -1);                       \
    speak;                                                                         \
    if (severity_of(&s->c, &s->run, #key) < 0) fail_msg("%s is silent", #key);     \
    hush;                                                                          \
    if (severity_of(&s->c, &s->run, #key) >= 0) fail_msg("%s still speaks", #key); \
  }
  SCENES(X)
#undef X
  static const char *const key[] = {
#define RULE(key, ...) #key,
#include "../../model/safety.def"
#undef RULE
  };
  for (int i = 0; i < RULE_COUNT; i++)
    if (!seen[i]) fail_msg("no scene for the rule %s", key[i]);
}

/* Severity, a reason in words and a source that the bibliography holds, in every scene. */
static void safety_check_gives_each_finding_a_reason_and_a_source(void **state) {
  (void)state;
#define X(key, speak, hush)                                                                   \
  {                                                                                           \
    struct scene it = scene(), *s = &it;                                                      \
    struct nw_finding finding[NW_FINDINGS_MAX];                                               \
    speak;                                                                                    \
    const size_t n = nw_safety_check(&s->c, &s->run, finding, NW_FINDINGS_MAX);               \
    for (size_t i = 0; i < n; i++) {                                                          \
      assert_true(strlen(finding[i].text) > 30);                                              \
      assert_true(*finding[i].source != '\0');                                                \
      for (const char *word = finding[i].source; *word; word += strspn(word, " ")) {          \
        char one[64] = "";                                                                    \
        size_t size;                                                                          \
        strncat(one, word, strcspn(word, " "));                                               \
        word += strcspn(word, " ");                                                           \
        if (!nw_cite_entry(one, &size)) fail_msg("%s cites %s, which is nowhere", #key, one); \
      }                                                                                       \
    }                                                                                         \
    nw_findings_clear(finding, n);                                                            \
  }
  SCENES(X)
#undef X
  assert_int_equal(nw_live_bytes(), 0);
}

static void safety_check_warns_of_products_on_channels_only(void **state) {
  (void)state;
  struct scene s = scene();
  product(&s, "L-ascorbic acid");
  speaks(&s.c, "product_on_channels", NW_FINDING_CAUTION);
  s.c.device.kind = NW_DEVICE_FRACTIONAL_ABLATIVE_LASER;
  speaks(&s.c, "product_on_channels", NW_FINDING_CAUTION);
  s.c.device.kind = NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER;
  speaks(&s.c, "product_on_channels", -1);
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
      cmocka_unit_test(safety_check_has_a_scene_for_each_rule_that_speaks_and_falls_silent),
      cmocka_unit_test(safety_check_gives_each_finding_a_reason_and_a_source),
      cmocka_unit_test(safety_check_warns_of_products_on_channels_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
