/* SPDX-License-Identifier: BSD-3-Clause
   Validation: what counts as inside, how far off is scored, and when a goal is missed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "validation/validate.h"

static struct nw_context context = {.threads = 1};

static struct nw_validation_case scored(double predicted, double low, double high) {
  struct nw_validation list = {0};
  const struct nw_validation_case one = {.id = "x", .predicted = predicted, .low = low, .high = high};
  assert_int_equal(nw_validation_add(&context, &list, &one), NW_OK);
  assert_int_equal(list.inside, list.item[0].inside);
  const struct nw_validation_case result = list.item[0];
  nw_validation_clear(&list);
  return result;
}

static void near(double got, double wanted) {
  assert_true(fabs(got - wanted) < 1e-12);
}

static void add_scores_the_distance_from_the_middle(void **state) {
  (void)state;
  near(scored(5, 4, 6).score, 0);
  near(scored(4.5, 4, 6).score, 0.5);
  near(scored(6, 4, 6).score, 1);
  near(scored(7, 4, 6).score, 2);
  near(scored(-5.5, -6, -4).score, 0.5);
  assert_true(isnan(scored(5, 5, 5).score));
}

static void add_counts_the_borders_in_and_what_is_no_number_out(void **state) {
  (void)state;
  assert_true(scored(4, 4, 6).inside);
  assert_true(scored(6, 4, 6).inside);
  assert_false(scored(nextafter(6, 7), 4, 6).inside);
  assert_false(scored(nextafter(4, 3), 4, 6).inside);
  assert_false(scored(NAN, 4, 6).inside);
  assert_false(scored(INFINITY, 4, 6).inside);
}

static void met_needs_the_share_that_the_goal_states(void **state) {
  (void)state;
  const struct nw_suite all = {.wanted = 1}, most = {.wanted = 0.75};
  struct nw_validation list = {.count = 4, .inside = 3};
  assert_false(nw_validation_met(&all, &list));
  assert_true(nw_validation_met(&most, &list));
  list.inside = 2;
  assert_false(nw_validation_met(&most, &list));
  list = (struct nw_validation){0};
  assert_false(nw_validation_met(&most, &list));
}

static void suites_are_found_by_name_and_say_what_they_want(void **state) {
  (void)state;
  assert_true(nw_suite_count() >= 1);
  for (size_t i = 0; i < nw_suite_count(); i++) {
    const struct nw_suite *suite = nw_suite_at(i);
    assert_ptr_equal(nw_suite_find(suite->name), suite);
    assert_true(suite->wanted > 0 && suite->wanted <= 1);
    assert_true(strlen(suite->about) > 10 && strlen(suite->goal) > 10);
  }
  assert_null(nw_suite_find("mechanic"));
}

static void mechanics_meets_its_goal_and_misses_it_when_a_law_is_bent(void **state) {
  (void)state;
  const struct nw_suite *suite = nw_suite_find("mechanics");
  struct nw_params p = nw_params_default();
  struct nw_validation list = {0};
  assert_int_equal(nw_validation_run(&context, suite, &p, &list), NW_OK);
  assert_true(nw_validation_met(suite, &list));
  const size_t count = list.count;
  p.delta_array *= 1.3;
  assert_int_equal(nw_validation_run(&context, suite, &p, &list), NW_OK);
  assert_int_equal(list.count, count);
  assert_int_equal(list.inside, count - 1);
  assert_false(nw_validation_met(suite, &list));
  nw_validation_clear(&list);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(add_scores_the_distance_from_the_middle),
      cmocka_unit_test(add_counts_the_borders_in_and_what_is_no_number_out),
      cmocka_unit_test(met_needs_the_share_that_the_goal_states),
      cmocka_unit_test(suites_are_found_by_name_and_say_what_they_want),
      cmocka_unit_test(mechanics_meets_its_goal_and_misses_it_when_a_law_is_bent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
