/* SPDX-License-Identifier: BSD-3-Clause
   Names keep their numbers, however many there are. */
#include "base/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { MANY = 20000 };

static void number_is_that_of_the_first_of_a_name(void **state) {
  (void)state;
  static char text[MANY][8];
  struct nw_names names = {0};
  size_t number = 0;
  for (size_t i = 0; i < MANY; i++) {
    snprintf(text[i], sizeof text[i], "%zu", i % (MANY / 2));
    assert_true(nw_names_number(&names, text[i], i, &number));
    assert_int_equal(number, i % (MANY / 2));
  }
  assert_int_equal(names.count, MANY / 2);
  assert_true(nw_names_number(&names, "", 7, &number));
  assert_int_equal(number, 7);
  nw_names_clear(&names);
  assert_int_equal(nw_live_bytes(), 0);
}

static void number_without_memory_takes_nothing_in(void **state) {
  (void)state;
  struct nw_names names = {0};
  size_t number = 5;
  nw_allocation_fail_at(1);
  assert_false(nw_names_number(&names, "a", 0, &number));
  nw_allocation_fail_at(0);
  assert_true(names.count == 0 && number == 5);
  assert_true(nw_names_number(&names, "a", 3, &number));
  assert_int_equal(number, 3);
  nw_names_clear(&names);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(number_is_that_of_the_first_of_a_name),
      cmocka_unit_test(number_without_memory_takes_nothing_in),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
