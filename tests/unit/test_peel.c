/* SPDX-License-Identifier: BSD-3-Clause
   How deep a peel goes: by agent and strength, within the class that the plan names. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../treatment.h"
#include "plan/device_library.h"
#include "puncture/peel.h"

static const struct nw_skin skin = {
    .stratum_corneum = 14e-6, .viable_epidermis = 60e-6, .papillary_dermis = 180e-6};

static double depth(char *agent, double percent, enum nw_peel_depth class) {
  struct nw_device d = nw_device_default(NW_DEVICE_PEEL);
  d.peel = (struct nw_peel){.agent = agent, .concentration = percent / 100, .depth = class};
  if (class == NW_PEEL_MEDIUM) d.needle_length = 250e-6;
  return 1e6 * nw_peel_depth(&d, &skin);
}

static void layers_end_at_the_strengths_of_the_table(void **state) {
  (void)state;
  const enum nw_peel_depth weak = NW_PEEL_SUPERFICIAL, strong = NW_PEEL_MEDIUM;
  assert_float_equal(depth("glycolic acid", 35, weak), 0.7 * 14, 1e-9);
  assert_float_equal(depth("GA", 60, weak), 14 + 30, 1e-9);
  assert_float_equal(depth("glycolic acid", 95, weak), 74, 1e-9); /* no agent leaves its last layer */
  assert_float_equal(depth("salicylic acid", 60, weak), 14, 1e-9);
  assert_float_equal(depth("tca", 10, weak), 14, 1e-9);
  assert_float_equal(depth("TCA", 20, weak), 14 + 30, 1e-9);
  assert_float_equal(depth("trichloroacetic acid", 35, strong), 74 + 45, 1e-9);
  assert_float_equal(depth("trichloroacetic acid", 0, weak), 0, 0);
}

static void the_class_bounds_the_depth(void **state) {
  (void)state;
  assert_float_equal(depth("TCA", 45, NW_PEEL_SUPERFICIAL), 74, 1e-9);
  assert_float_equal(depth("glycolic acid", 40, NW_PEEL_MEDIUM), 250, 1e-9); /* many coats */
}

static void what_is_not_known_goes_as_deep_as_its_class(void **state) {
  (void)state;
  assert_float_equal(depth("phenol", 35, NW_PEEL_SUPERFICIAL), 74, 1e-9);
  assert_float_equal(depth(NULL, NAN, NW_PEEL_MEDIUM), 250, 1e-9);
  assert_float_equal(depth("TCA", NAN, NW_PEEL_SUPERFICIAL), 74, 1e-9);
  assert_false(nw_peel_known("phenol"));
  assert_true(nw_peel_known("Glycolic Acid"));
}

static void hydroxy_acids_leave_the_barrier_shut(void **state) {
  (void)state;
  struct nw_device d = {.peel.agent = "glycolic acid"};
  assert_false(nw_peel_coagulates(&d));
  d.peel.agent = "TCA";
  assert_true(nw_peel_coagulates(&d));
  d.peel.agent = NULL;
  assert_true(nw_peel_coagulates(&d));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layers_end_at_the_strengths_of_the_table),
      cmocka_unit_test(the_class_bounds_the_depth),
      cmocka_unit_test(what_is_not_known_goes_as_deep_as_its_class),
      cmocka_unit_test(hydroxy_acids_leave_the_barrier_shut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
