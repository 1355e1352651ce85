/* SPDX-License-Identifier: BSD-3-Clause
   Clinical scales: ends, steps and published scores. */
#include "outcome/grade.h"

#include "surface_fixture.h"

static void nw_wrinkle_grade_interpolates(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_near(nw_wrinkle_grade(&p, true, 0), 0, 0);
  assert_near(nw_wrinkle_grade(&p, true, 50e-6), 0.5, 1e-9);
  assert_near(nw_wrinkle_grade(&p, true, 100e-6), 1, 1e-9); /* class 1 is below 0.2 mm, 5 above 0.8 mm */
  assert_near(nw_wrinkle_grade(&p, true, 200e-6), 1.5, 1e-9);
  assert_near(nw_wrinkle_grade(&p, true, 800e-6), 4.5, 1e-9);
  assert_near(nw_wrinkle_grade(&p, true, 1), 5, 0);
  assert_near(nw_wrinkle_grade(&p, false, 200e-6), 4.5, 1e-9);
}

static void nw_scar_grade_and_scores_follow_their_scales(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_near(nw_scar_grade(&p, 0), 1, 0);
  assert_near(nw_scar_grade(&p, 100e-6), 2, 1e-9);
  assert_near(nw_scar_grade(&p, 425e-6), 3.5, 1e-9);
  assert_near(nw_scar_grade(&p, 1), 4, 0);
  /* 1.5 / cm2 x 20 cm2; half lie above the median, which is exp(-0.125) of the mean */
  assert_near(nw_scar_count(&p, 100e-6 * exp(0.125), 100e-6), 15, 1e-9);
  assert_near(nw_scar_score(&p, 0), 0, 0);
  assert_near(nw_scar_score(&p, 10), 9, 1e-9); /* all thirty severe */
  /* mean 0.283 mm, median 0.25 mm: 15 at least moderate, of which erfc(ln 2.4 / 0.5 / sqrt 2) / 2 severe */
  const double severe = 15 * erfc(log(2.4) / 0.5 * M_SQRT1_2),
               shallow = 15 * erfc(log(2.5) / 0.5 * M_SQRT1_2);
  const double moderate = 15 - severe, mild = 15 - shallow;
  assert_near(nw_scar_score(&p, 250e-6 * exp(0.125)),
              (1 + (mild - 10) / 10) + 2 * (1 + (moderate - 10) / 10) + 3 * severe / 10, 1e-9);
  const struct nw_scar boxcar = {.weight = 20};
  assert_near(nw_scar_ecca(&boxcar, 5), 20, 1e-9);
  assert_near(nw_scar_ecca(&boxcar, 20), 40, 1e-9);
  assert_near(nw_scar_ecca(&boxcar, 500), 60, 1e-9);
}

static void nw_glogau_and_laxity_grow_with_age(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_skin skin = plain_skin();
  skin.elastosis = 0.2;
  const struct nw_support old = {.collagen_per_area = 0.75, .elastin_now = 0.75};
  assert_near(nw_glogau(&p, &skin, &old), 1 + 1.5 + 0.6, 1e-9);
  assert_near(nw_laxity_grade(&p, &old), 1.5, 1e-9);
  const double odds = 0.82 / 0.18 * pow(0.75, p.n_R2);
  assert_near(nw_elasticity(&p, &old), odds / (1 + odds), 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_wrinkle_grade_interpolates),
      cmocka_unit_test(nw_scar_grade_and_scores_follow_their_scales),
      cmocka_unit_test(nw_glogau_and_laxity_grow_with_age),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
