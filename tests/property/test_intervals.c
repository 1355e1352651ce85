/* SPDX-License-Identifier: BSD-3-Clause
   What must be true of the intervals of every outcome: they hold the value, that of a new person holds that
   of a population mean, neither is a point nor reaches where no reading lies, and counts scatter by chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "../treatment.h"
#include "outcome/outcome.h"
#include "outcome/rater.h"
#include "study/interval.h"
#include "study/trial.h"

static const double day = 86400;

static struct nw_concern concerns[] = {{.kind = NW_CONCERN_ACNE_SCAR, .type = NW_TYPE_BOXCAR},
                                       {.kind = NW_CONCERN_WRINKLE, .type = NW_TYPE_FINE},
                                       {.kind = NW_CONCERN_PORES},
                                       {.kind = NW_CONCERN_MELASMA, .type = NW_TYPE_MIXED},
                                       {.kind = NW_CONCERN_STRETCH_MARK, .type = NW_TYPE_RED},
                                       {.kind = NW_CONCERN_TEXTURE},
                                       {.kind = NW_CONCERN_LAXITY},
                                       {.kind = NW_CONCERN_PHOTOAGEING}};

/* Everything that an outcome can be read of, on one skin of 50 years; read 40 d after the last session. */
static struct nw_case everything(enum nw_device_kind kind) {
  struct nw_case c = treatment(kind, 2e-3);
  c.concerns = concerns;
  c.n_concerns = NW_COUNT(concerns);
  c.subject.age = 50;
  c.subject.acne_prone = true;
  c.subject.phototype = 4;
  c.course = (struct nw_course){.sessions = 2, .interval = 28 * day, .follow_up = 40 * day};
  c.output.every = 14 * day;
  return c;
}

struct result {
  struct nw_run base, run;
};

static void predict(struct result *r, const struct nw_case *c) {
  struct nw_context context = {.threads = 2};
  *r = (struct result){0};
  assert_int_equal(nw_trial_prepare(&context, c, &r->base), NW_OK);
  assert_int_equal(nw_trial_run(&context, &r->base, NULL, NW_STUDY_GRID, &r->run), NW_OK);
  assert_int_equal(nw_interval_run(&context, c, &r->run), NW_OK);
  forget_messages(&context);
}

static void drop(struct result *r) {
  nw_trial_clear(&r->run);
  nw_run_clear(&r->base);
}

static const struct nw_outcome_value *value_of(const struct result *r, int key) {
  return &r->run.outcome[key];
}

static void must(bool holds, const struct nw_outcome_row *row, const struct nw_outcome_value *v,
                 const char *what) {
  if (!holds)
    fail_msg("%s: %s: %g in %g to %g, mean %g to %g", row->key, what, v->final, v->low, v->high, v->mean_low,
             v->mean_high);
}

static void check_nesting(const struct result *r) {
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    const struct nw_outcome_row *row = &nw_outcome_rows()[k];
    const struct nw_outcome_value *v = value_of(r, k);
    if (!v->present) continue;
    must(isfinite(v->low) && isfinite(v->high), row, v, "finite");
    must(v->low <= v->mean_low && v->mean_high <= v->high, row, v, "the person's holds the mean's");
    must(v->mean_low <= v->final && v->final <= v->mean_high, row, v, "holds the value");
  }
}

/* Signed by nature; all else is an amount. */
static bool is_signed(int key) {
  return key == NW_OUTCOME_lab_a || key == NW_OUTCOME_lab_b || key == NW_OUTCOME_ita_deg ||
         key == NW_OUTCOME_spot_contrast || key == NW_OUTCOME_oedema;
}

static void intervals_hold_the_value_and_each_other(void **state) {
  (void)state;
  const struct nw_case c = everything(NW_DEVICE_PEN);
  struct result r;
  predict(&r, &c);
  check_nesting(&r);
  size_t present = 0;
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    const struct nw_outcome_row *row = &nw_outcome_rows()[k];
    const struct nw_outcome_value *v = value_of(&r, k);
    const struct nw_scale *scale = nw_scale_of((enum nw_outcome)k);
    if (!v->present) continue;
    present++;
    if (k != NW_OUTCOME_petechiae) /* gone for good within days, in everybody */
      must(v->high > v->low && v->mean_high > v->mean_low, row, v, "not a point");
    if (!is_signed(k)) must(v->low >= 0, row, v, "an amount");
    if (scale) must(v->low >= scale->lowest && v->high <= scale->highest, row, v, "on the scale");
  }
  assert_int_equal(present, NW_OUTCOME_COUNT);
  drop(&r);
}

/* Nothing is done: matrix stays but for age, so only what cannot vary may be a point. */
static void intervals_without_treatment_hold_too(void **state) {
  (void)state;
  const struct nw_case c = everything(NW_DEVICE_NONE);
  struct result r;
  predict(&r, &c);
  check_nesting(&r);
  const int readings[] = {NW_OUTCOME_melanin_index,    NW_OUTCOME_ra_um,
                          NW_OUTCOME_erythema_index,   NW_OUTCOME_pore_count_cm2,
                          NW_OUTCOME_wrinkle_depth_um, NW_OUTCOME_sebum_ug_cm2};
  for (size_t i = 0; i < NW_COUNT(readings); i++) {
    const struct nw_outcome_value *v = value_of(&r, readings[i]);
    must(v->high > v->low, &nw_outcome_rows()[readings[i]], v, "persons differ untreated");
  }
  drop(&r);
}

/* A person's pores, counted on 4 cm2, scatter at least as a Poisson number does; the mean of people does not.
 */
static void counts_scatter_by_chance(void **state) {
  (void)state;
  struct nw_case c = everything(NW_DEVICE_NONE);
  const int counted[] = {NW_OUTCOME_pore_count_cm2, NW_OUTCOME_pore_area_mm2_cm2};
  c.params.posterior_share = 1e-9; /* people and populations alike: chance alone is left */
  c.params.person_leukocytes = c.params.person_synthesis = c.params.person_fibroblasts = 0;
  struct result r;
  predict(&r, &c);
  const struct nw_outcome_value *count = value_of(&r, counted[0]), *area = value_of(&r, counted[1]);
  const double on_map = 4 * count->final;
  assert_true(fabs((count->high - count->low) / (2 * 1.6449 * sqrt(on_map) / 4) - 1) < 0.1);
  /* areas differ, so their sum scatters more than their number: 1 + (spread over mean)^2 of single areas */
  const double wider = (area->high - area->low) / area->final / ((count->high - count->low) / count->final);
  assert_true(wider > 1.02 && wider < 2);
  assert_true(count->mean_high - count->mean_low < 0.2 * (count->high - count->low));
  drop(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intervals_hold_the_value_and_each_other),
      cmocka_unit_test(intervals_without_treatment_hold_too),
      cmocka_unit_test(counts_scatter_by_chance),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
