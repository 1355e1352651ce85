/* SPDX-License-Identifier: BSD-3-Clause
   The other treatments on the skin of claim K1: the orders that trials agree on, and sizes where a study told
   some that nothing was fitted to. */
#include "study/trial.h"
#include "plan/plan.h"
#include "plan/treatment.h"
#include "../treatment.h"

#include "../unit/surface_fixture.h"

static const char plan_text[] =
    "subject: {age: 28 y, sex: female, phototype: IV, site: cheek, sun_exposure: moderate}\n"
    "concerns: [{kind: acne_scar, type: boxcar, width: 2 mm, depth: 0.4 mm}]\n"
    "device: {kind: roller, preset: dermaroller_mf8, passes: 15, anaesthetic: cream}\n"
    "course: {sessions: 4, interval: 30 d, follow_up: 90 d}\n"
    "aftercare: {sunscreen: true, sun_avoidance: 7 d, moisturiser: true, gentle_cleansing: true}\n"
    "patch: {width: 2 mm, height: 2 mm}\n"
    "output: {every: 7 d}\n";

struct result {
  double scar, melanin; /* change against untreated: [%], [melanin index] */
  double downtime, redness, risk, pain;
};

static struct nw_case *compiled(struct nw_context *context, struct nw_plan *plan) {
  struct nw_case *c = NULL;
  assert_int_equal(nw_case_create(context, plan, &c), NW_OK);
  return c;
}

static struct result tried(const char *treatment, const char *const *more) {
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_run base = {0}, run = {0};
  assert_int_equal(nw_plan_parse(context, "test", plan_text, strlen(plan_text), &plan), NW_OK);
  if (treatment) {
    struct nw_case *own = compiled(context, plan);
    assert_int_equal(nw_treatment_apply(context, plan, own, nw_treatment_find(treatment)), NW_OK);
    nw_case_free(&own);
  }
  for (; more && *more; more++)
    assert_int_equal(nw_plan_override(context, plan, *more), NW_OK);
  struct nw_case *c = compiled(context, plan);
  assert_int_equal(nw_trial_prepare(context, c, &base), NW_OK);
  assert_int_equal(nw_trial_run(context, &base, NULL, NW_STUDY_GRID, &run), NW_OK);
  const struct nw_outcome_value *melanin = &run.outcome[NW_OUTCOME_melanin_index];
  const struct result r = {.scar = run.outcome[NW_OUTCOME_scar_depth_um].effect_pct,
                           .melanin = melanin->final - melanin->untreated,
                           .downtime = run.safety.downtime / 86400,
                           .redness = run.safety.redness / 86400,
                           .risk = run.safety.pih_risk,
                           .pain = base.punctures.pain_vas};
  print_message("%-18s scar %6.1f %%, melanin %5.2f, downtime %5.2f d, redness %5.2f d, marks %5.2f %%\n",
                treatment ? treatment : "roller", r.scar, r.melanin, r.downtime, r.redness, 100 * r.risk);
  nw_trial_clear(&run);
  nw_run_clear(&base);
  nw_case_free(&c);
  nw_plan_free(&plan);
  nw_context_free(&context);
  return r;
}

/* Cachafeiro 2016 found non-ablative lasers and needles alike; Ishfaq 2022 needles better than a light peel.
 */
static void scars_gain_from_all_that_reaches_the_dermis_and_nothing_from_a_light_peel(void **state) {
  (void)state;
  const struct result needles = tried(NULL, NULL), laser = tried("laser", NULL),
                      rf = tried("rf_needle", NULL);
  const struct result peel = tried("peel", NULL), other = tried("nonablative_laser", NULL);
  assert_true(laser.scar < rf.scar); /* Argobi 2026 */
  assert_true(fabs(laser.scar / needles.scar - 1) < 0.4 && fabs(other.scar / needles.scar - 1) < 0.4);
  assert_true(fabs(peel.scar) < 1 && needles.scar < -20);
}

/* Yuan 2014: twice the coverage does no more and has more side effects. */
static void twice_the_columns_are_not_better(void **state) {
  (void)state;
  static const char *const dense[] = {"device.laser.density=528 1/cm^2", NULL};
  const struct result usual = tried("laser", NULL), many = tried("laser", dense);
  assert_true(many.scar > 1.15 * usual.scar);
  assert_true(many.risk > 1.1 * usual.risk && many.downtime > usual.downtime);
}

/* Dark marks: ablative and non-ablative about alike > needles > light peel > nothing; laser > RF needles. */
static void dark_marks_fall_from_lasers_to_a_light_peel(void **state) {
  (void)state;
  const struct result arm[] = {tried("laser", NULL), tried("nonablative_laser", NULL), tried(NULL, NULL),
                               tried("peel", NULL), tried("none", NULL)};
  for (size_t i = 0; i + 1 < NW_COUNT(arm); i++) {
    assert_true(arm[i].risk >= (i == 0 ? 0.9 : 1) * arm[i + 1].risk); /* a tenth is left to the lasers */
  }
  assert_true(arm[0].risk > 1.2 * arm[2].risk && arm[2].risk > 5 * arm[3].risk);
  const struct result rf = tried("rf_needle", NULL);
  assert_true(arm[0].risk / rf.risk > 2.39 && arm[0].risk / rf.risk < 8.26); /* Argobi 2026, interval */
  assert_true(arm[0].redness - rf.redness > 0.5 && arm[0].redness - rf.redness < 3);
  assert_true(arm[0].pain > rf.pain && arm[0].pain > arm[1].pain);
}

/* Chan 2007: 7 % of Chinese faces after 16.3 mJ and 1,000 columns, 12 % after 8.2 mJ and 2,000. */
static void dark_marks_after_a_non_ablative_laser_are_those_of_a_series(void **state) {
  (void)state;
  static const char *const few[] = {"device.laser.density=1000 1/cm^2", "device.laser.energy=16.3 mJ", NULL},
                           *const many[] = {"device.laser.density=2000 1/cm^2", "device.laser.energy=8.2 mJ",
                                            NULL};
  const struct result sparse = tried("nonablative_laser", few), dense = tried("nonablative_laser", many);
  assert_true(sparse.risk > 0.035 && sparse.risk < 0.15);
  assert_true(dense.risk > sparse.risk && dense.risk < 0.25);
}

/* Days at home: none after hydroxy acids, one to five after superficial, seven to fourteen after medium
   peels; the deeper one goes within the epidermis, the more pigment is shed. */
static void a_peel_costs_by_its_depth(void **state) {
  (void)state;
  static const char *const strong[] = {"device.peel.agent=TCA", "device.peel.concentration=25 %", NULL};
  const struct result light = tried("peel", NULL), tca = tried("peel", strong),
                      medium = tried("medium_peel", NULL);
  assert_true(light.downtime < 0.5);
  assert_true(tca.downtime > 0.5 && tca.downtime < 5);
  assert_true(medium.downtime > 7 && medium.downtime < 14);
  assert_true(light.melanin < 0 && tca.melanin < 3 * light.melanin && tca.melanin > -6);
  assert_true(medium.risk > 3 * tca.risk);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scars_gain_from_all_that_reaches_the_dermis_and_nothing_from_a_light_peel),
      cmocka_unit_test(twice_the_columns_are_not_better),
      cmocka_unit_test(dark_marks_fall_from_lasers_to_a_light_peel),
      cmocka_unit_test(dark_marks_after_a_non_ablative_laser_are_those_of_a_series),
      cmocka_unit_test(a_peel_costs_by_its_depth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
