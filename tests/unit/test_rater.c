/* SPDX-License-Identifier: BSD-3-Clause
   Raters: shares by closed form, responders by simulation, the agreement that the errors were derived from.
 */
#include "outcome/rater.h"

#include "base/random.h"
#include "surface_fixture.h"

static void nw_scale_of_finds_clinical_scales_only(void **state) {
  (void)state;
  assert_null(nw_scale_of(NW_OUTCOME_ra_um));
  assert_int_equal(nw_scale_of(NW_OUTCOME_goodman_baron)->lowest, 1);
  assert_int_equal(nw_scale_of(NW_OUTCOME_mmasi)->success, NW_SUCCESS_HALF);
}

static void nw_rater_says_normal_shares(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  const struct nw_scale *s = nw_scale_of(NW_OUTCOME_wrinkle_grade);
  p.rater_wrinkle = 0.5;
  /* latent 2: grade 2 reaches one error either way */
  assert_near(nw_rater_says(&p, s, 2, 2), 0.682689, 1e-6);
  assert_near(nw_rater_says(&p, s, 2, 3), 0.157305, 1e-6);
  assert_near(nw_rater_says(&p, s, 2, 6), 0, 0);
  for (double latent = -1; latent < 7; latent += 0.37) {
    double sum = 0;
    for (int g = 0; g <= 5; g++)
      sum += nw_rater_says(&p, s, latent, g);
    assert_near(sum, 1, 1e-12);
  }
  p.rater_wrinkle = 0; /* who never errs rounds */
  assert_near(nw_rater_says(&p, s, 2.4, 2), 1, 0);
  assert_near(nw_rater_responds(&p, s, 3.4, 2.6), 0, 0);
  assert_near(nw_rater_responds(&p, s, 3.6, 3.4), 1, 0);
}

static int clamped(double x, int low, int high) {
  const int grade = (int)lround(x);
  return grade < low ? low : grade > high ? high : grade;
}

/* The same by throwing errors. */
static void nw_rater_responds_as_simulated(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const struct nw_scale *gb = nw_scale_of(NW_OUTCOME_goodman_baron), *mmasi = nw_scale_of(NW_OUTCOME_mmasi);
  enum { THROWS = 200000 };
  int grade = 0, half = 0;
  for (uint64_t i = 0; i < THROWS; i++) {
    const double a = nw_random_normal(1, NW_STREAM_FEATURES, i, 0),
                 b = nw_random_normal(1, NW_STREAM_FEATURES, i, 2);
    grade += clamped(3.1 + p.rater_scar * a, 1, 4) - clamped(2.6 + p.rater_scar * b, 1, 4) >= 1;
    half += 5 + p.rater_mmasi * b <= 0.5 * (9 + p.rater_mmasi * a);
  }
  assert_near(nw_rater_responds(&p, gb, 3.1, 2.6), grade / (double)THROWS, 0.005);
  assert_near(nw_rater_responds(&p, mmasi, 9, 5), half / (double)THROWS, 0.005);
}

/* In the middle of a long scale: the mean over where the severity lay. */
static void nw_rater_improves_is_the_mean_over_severities(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  const struct nw_scale *s = nw_scale_of(NW_OUTCOME_wrinkle_grade);
  for (int e = 0; e < 2; e++) {
    p.rater_wrinkle = e ? 0.35 : 0.13;
    for (double d = -0.5; d < 1.6; d += 0.3) {
      double mean = 0;
      for (int i = 0; i < 1000; i++)
        mean += nw_rater_responds(&p, s, 2.5 + (i + 0.5) / 1000, 2.5 + (i + 0.5) / 1000 - d) / 1000;
      assert_near(nw_rater_improves(&p, s, d), mean, 1e-4);
    }
  }
  p.rater_wrinkle = 0;
  assert_near(nw_rater_improves(&p, s, 0.3), 0.3, 0);
}

/* Lemperle 2001: of evenly spread wrinkles, 89.4 % get the grade that they have. Goodman and Baron 2006:
   four observers lie within four points in 90 % of faces. */
static void rater_errors_give_the_published_agreement(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const struct nw_scale *s = nw_scale_of(NW_OUTCOME_wrinkle_grade);
  double same = 0;
  for (int i = 0; i < 1000; i++)
    same += nw_rater_says(&p, s, 1.5 + (i + 0.5) / 1000, 2) / 1000;
  assert_near(same, 0.894, 0.005);
  int within = 0;
  enum { FACES = 50000 };
  for (uint64_t i = 0; i < FACES; i++) {
    double low = 1e9, high = -1e9;
    for (uint64_t k = 0; k < 4; k++) {
      const double rating = p.rater_scar_q * nw_random_normal(2, NW_STREAM_FEATURES, i, 2 * k);
      low = fmin(low, rating);
      high = fmax(high, rating);
    }
    within += high - low <= 4;
  }
  assert_near(within / (double)FACES, 19.0 / 21, 0.01);
}

static void nw_rating_of_counts_persons_and_leaves_out_the_lost(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  p.rater_scar = 0;
  const struct nw_scale *s = nw_scale_of(NW_OUTCOME_goodman_baron);
  const double before[] = {4, 3, 3, 2, NAN}, after[] = {3, 2, 3, 1, 1}, none[] = {4, 3, 3, 2, 2};
  const struct nw_rating r = nw_rating_of(&p, s, 5, before, after, none);
  assert_true(r.present);
  assert_int_equal(r.grades, 4);
  const double seen[] = {0, 0.25, 0.5, 0.25}, left[] = {0.25, 0.25, 0.5, 0};
  for (int i = 0; i < 4; i++) {
    assert_near(r.before[i], seen[i], 1e-12);
    assert_near(r.after[i], left[i], 1e-12);
  }
  assert_near(r.responders, 0.75, 1e-12);
  assert_near(r.untreated_responders, 0, 0);
  assert_false(nw_rating_of(&p, s, 1, before + 4, after, none).present);
  p.rater_scar = 0.35; /* with errors some of the untreated improve as well */
  assert_between(nw_rating_of(&p, s, 5, before, after, none).untreated_responders, 0.05, 0.3);
}

/* Thirteen per cent less than before: half a standard deviation where people differ by a quarter. */
static void nw_rater_hope_goes_with_the_spread_of_people(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  p.rater_hope = 0.5, p.rater_people = 0.26;
  assert_near(nw_rater_hope(&p, 4), 0.52, 1e-12);
  assert_near(nw_rater_hope(&p, 0), 0, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_rater_hope_goes_with_the_spread_of_people),
      cmocka_unit_test(nw_scale_of_finds_clinical_scales_only),
      cmocka_unit_test(nw_rater_says_normal_shares),
      cmocka_unit_test(nw_rater_responds_as_simulated),
      cmocka_unit_test(nw_rater_improves_is_the_mean_over_severities),
      cmocka_unit_test(rater_errors_give_the_published_agreement),
      cmocka_unit_test(nw_rating_of_counts_persons_and_leaves_out_the_lost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
