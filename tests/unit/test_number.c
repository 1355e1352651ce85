/* SPDX-License-Identifier: BSD-3-Clause
   Numbers as text: short, exact both ways, and nothing else taken for a number. */
#include "base/number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void write_reads_back_the_same_bits(void **state) {
  (void)state;
  uint64_t bits = 1;
  for (int i = 0; i < 20000; i++) {
    double value, back = 0;
    char text[NW_NUMBER_SIZE];
    bits = bits * 6364136223846793005u + 1442695040888963407u;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value)) continue;
    const size_t length = nw_number_write(text, value);
    assert_int_equal(length, strlen(text));
    assert_true(nw_number_read(text, length, &back));
    assert_true(back == value);
  }
}

static void write_is_short(void **state) {
  (void)state;
  static const struct {
    double value;
    int decimals; /* -1: shortest */
    const char *text;
  } expected[] = {{0.1, -1, "0.1"},
                  {-0.0, -1, "0"},
                  {1500, -1, "1500"},
                  {1.0 / 3, -1, "0.3333333333333333"},
                  {1e-7, -1, "1e-07"},
                  {0.1 + 0.2, -1, "0.30000000000000004"},
                  {2.5, 4, "2.5"},
                  {0.00006, 4, "0.0001"},
                  {-0.00004, 4, "0"},
                  {-0.25, 2, "-0.25"},
                  {12, 0, "12"},
                  {0.05, 2, "0.05"},
                  {100, 2, "100"},
                  {99.996, 2, "100"},
                  {1e12, 2, "1000000000000"}};
  for (size_t i = 0; i < NW_COUNT(expected); i++) {
    char text[NW_NUMBER_SIZE];
    if (expected[i].decimals < 0)
      nw_number_write(text, expected[i].value);
    else
      nw_number_write_fixed(text, expected[i].value, expected[i].decimals);
    assert_string_equal(text, expected[i].text);
  }
}

static void read_refuses_what_is_none(void **state) {
  (void)state;
  static const char *const bad[] = {"",    "-",  ".",     "1,5", "0x10", "inf",
                                    "nan", "1e", "1e999", "--1", "1 2",  "e5"};
  for (size_t i = 0; i < NW_COUNT(bad); i++) {
    double value = 3;
    assert_false(nw_number_read(bad[i], strlen(bad[i]), &value));
    assert_true(value == 3);
  }
}

static void round_drops_what_conversion_adds(void **state) {
  (void)state;
  assert_true(nw_number_round(250.00000000000003, 15) == 250);
  assert_true(nw_number_round(0.1 + 0.2, 12) == 0.3);
  assert_true(nw_number_round(1.25, 15) == 1.25);
  assert_true(isinf(nw_number_round(INFINITY, 12)));
}

int main(void) {
  const struct CMUnitTest test[] = {
      cmocka_unit_test(write_reads_back_the_same_bits),
      cmocka_unit_test(write_is_short),
      cmocka_unit_test(read_refuses_what_is_none),
      cmocka_unit_test(round_drops_what_conversion_adds),
  };
  return cmocka_run_group_tests(test, NULL, NULL);
}
