/* SPDX-License-Identifier: BSD-3-Clause
   Quantiles and intervals of few members: what they promise about the next one; persons: what they differ
   in. */
#include "base/random.h"
#include "study/ensemble.h"
#include "surface/surface.h"
#include "surface_fixture.h"

enum { MEMBERS = 32, TRIALS = 4000 };

/* Of uniform draws the share below a quantile is the quantile itself. */
static void intervals_of_few_members_hold_what_they_say(void **state) {
  (void)state;
  double low = 0, high = 0;
  for (uint64_t t = 0; t < TRIALS; t++) {
    double value[MEMBERS];
    for (uint64_t m = 0; m < MEMBERS; m++)
      value[m] = nw_random_uniform(5, NW_STREAM_ENSEMBLE, t, m);
    low += nw_ensemble_quantile(value, 1, MEMBERS, 0.05) / TRIALS;
    high += nw_ensemble_quantile(value, 1, MEMBERS, 0.95) / TRIALS;
  }
  /* standard error of either mean: sqrt(0.05 0.95 / 33 / 4000) = 0.0006 */
  assert_float_equal(low, 0.05, 0.002);
  assert_float_equal(high, 0.95, 0.002);
}

static void quantiles_stay_among_the_values(void **state) {
  (void)state;
  const double value[] = {3, NAN, 1, NAN, 2, NAN};
  assert_float_equal(nw_ensemble_quantile(value, 2, 3, 0.5), 2, 0);
  assert_float_equal(nw_ensemble_quantile(value, 2, 3, 0.25), 1, 0);
  assert_float_equal(nw_ensemble_quantile(value, 2, 3, 0.375), 1.5, 1e-15);
  assert_float_equal(nw_ensemble_quantile(value, 2, 3, 0.01), 1, 0);
  assert_float_equal(nw_ensemble_quantile(value, 2, 3, 0.99), 3, 0);
  assert_float_equal(nw_ensemble_quantile(value, 1, 6, 0.5), 2, 0); /* half are finite */
  assert_true(isnan(nw_ensemble_quantile(value + 1, 2, 3, 0.5)));
}

/* Even members 0.01, 0.02 ... 0.99. A centre at their median has their own quantiles; one at 0.7 lies 0.5244
   standard deviations above it, so that 0.2756 and 0.9965 of the members lie below the ends. A monotonic
   change of scale changes nothing. */
static void intervals_follow_what_was_fitted(void **state) {
  (void)state;
  double value[99], power[99], low, high, power_low, power_high;
  for (int i = 0; i < 99; i++) {
    value[i] = (i + 1) / 100.0;
    power[i] = pow(value[i], 7);
  }
  nw_ensemble_around(value, 1, 99, 0.5, &low, &high);
  assert_float_equal(low, 0.05, 1e-4);
  assert_float_equal(high, 0.95, 1e-4);
  nw_ensemble_around(value, 1, 99, 0.7, &low, &high);
  assert_float_equal(low, 0.2756, 1e-4);
  assert_float_equal(high, 0.99, 1e-12);
  nw_ensemble_around(power, 1, 99, pow(0.7, 7), &power_low, &power_high);
  assert_float_equal(pow(power_low, 1.0 / 7), low, 1e-3);
  nw_ensemble_around(value, 1, 99, 3, &low, &high); /* beyond all members */
  assert_float_equal(high, 3, 0);
  for (int i = 0; i < 50; i++)
    value[i] = NAN;
  nw_ensemble_around(value, 1, 99, 0.1, &low, &high);
  assert_true(isnan(low) && isnan(high));
}

enum { PERSONS = 4000 };

static double correlation(const double *a, const double *b, size_t n) {
  double ab = 0, aa = 0, bb = 0; /* means are 0: every second person is the opposite of the one before */
  for (size_t i = 0; i < n; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / sqrt(aa * bb);
}

/* Logarithms of what makes a person of population `member` another one: times of the closure, recruitment,
   synthesis, fibroblasts, pigment. */
static void person_of(const struct nw_params *centre, size_t member, double own[5]) {
  struct nw_params mean, person;
  assert_true(nw_ensemble_draw(centre, NW_DRAW_MEAN, 3, member, &mean));
  assert_true(nw_ensemble_draw(centre, NW_DRAW_PERSON, 3, member, &person));
  own[0] = log(person.t_lag / mean.t_lag);
  assert_near(log(person.D_e / mean.D_e), -own[0], 1e-12);
  assert_near(log(person.r_e / mean.r_e), -own[0], 1e-12);
  own[1] = log(person.r_N / mean.r_N);
  own[2] = log(person.eta_w / mean.eta_w);
  own[3] = log(person.F_0 / mean.F_0);
  own[4] = log(person.k_I / mean.k_I);
}

/* Populations that do not differ, of persons who differ little in recruitment: who would not come to rest is
   drawn again in another population. */
static struct nw_params one_population(void) {
  struct nw_params p = nw_params_default();
  p.posterior_share = 0;
  p.person_leukocytes = 0.01;
  return p;
}

/* Lag and front of a person go together, by a number that nothing else hangs on. */
static void persons_differ_in_closure_by_itself(void **state) {
  (void)state;
  static double own[5][PERSONS];
  const struct nw_params centre = one_population();
  for (size_t m = 0; m < PERSONS; m++) {
    double one[5];
    person_of(&centre, m, one);
    for (size_t k = 0; k < 5; k++)
      own[k][m] = one[k];
    if (m % 2) assert_near(own[0][m], -own[0][m - 1], 1e-12);
  }
  double square = 0;
  for (size_t m = 0; m < PERSONS; m++)
    square += own[0][m] * own[0][m] / PERSONS;
  /* standard error of a standard deviation of 2000 pairs: 1.6 % */
  assert_near(sqrt(square) / centre.person_closure, 1, 0.05);
  for (size_t k = 1; k < 5; k++)
    assert_near(correlation(own[0], own[k], PERSONS), 0, 0.08);
  struct nw_params even = centre, person, alike;
  even.person_closure = 0;
  assert_true(nw_ensemble_draw(&centre, NW_DRAW_PERSON, 3, 5, &person));
  assert_true(nw_ensemble_draw(&even, NW_DRAW_PERSON, 3, 5, &alike));
  assert_true(person.t_lag != alike.t_lag);
  person.t_lag = alike.t_lag;
  person.D_e = alike.D_e;
  person.r_e = alike.r_e;
  person.person_closure = 0;
  assert_memory_equal(&person, &alike, sizeof alike);
}

/* Days until a hole, or skin bared all over, is covered to 99 in 100. */
static double closes_in(const struct nw_params *params, bool bared) {
  struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  const double none = 0, one = 1, mouth = 0.2;
  const struct nw_junction quiet = {&none, &none, &one, &one};
  double t = 0;
  c.params = *params;
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.4, 0.4);
  assert_non_null(s);
  nw_surface_injure(s, 0, bared ? &none : &mouth, bared ? &one : NULL, 0);
  for (; nw_surface_coverage(s)[0] < 0.99; t += 0.002)
    nw_surface_step(s, t, 0.002, &quiet);
  nw_surface_free(&s);
  return t;
}

static void persons_close_holes_and_bare_skin_at_their_own_pace(void **state) {
  (void)state;
  const struct nw_params centre = one_population();
  double most = 0;
  for (size_t m = 0; m < 8; m += 2) {
    struct nw_params mean, person;
    assert_true(nw_ensemble_draw(&centre, NW_DRAW_MEAN, 7, m, &mean));
    assert_true(nw_ensemble_draw(&centre, NW_DRAW_PERSON, 7, m, &person));
    const double longer = person.t_lag / mean.t_lag;
    most = fmax(most, fabs(log(longer)));
    for (int bared = 0; bared < 2; bared++)
      assert_near(closes_in(&person, bared) / closes_in(&mean, bared) / longer, 1, 0.02);
  }
  assert_true(most > 0.1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_of_few_members_hold_what_they_say),
                                     cmocka_unit_test(quantiles_stay_among_the_values),
                                     cmocka_unit_test(intervals_follow_what_was_fitted),
                                     cmocka_unit_test(persons_differ_in_closure_by_itself),
                                     cmocka_unit_test(persons_close_holes_and_bare_skin_at_their_own_pace)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
