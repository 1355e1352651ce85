/* SPDX-License-Identifier: BSD-3-Clause
   Quantiles and intervals of few members: what they promise about the next one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "study/ensemble.h"

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

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_of_few_members_hold_what_they_say),
                                     cmocka_unit_test(quantiles_stay_among_the_values),
                                     cmocka_unit_test(intervals_follow_what_was_fitted)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
