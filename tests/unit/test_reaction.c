/* SPDX-License-Identifier: BSD-3-Clause
   Bleeding, pain and the clocks of closure. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/device_library.h"
#include "puncture/reaction.h"

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static void bleeding_rises_with_depth_and_falls_with_vessels(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_skin skin = {.vessels = 1};
  near(nw_reaction_bleeding(&p, &skin, NW_SITE_cheek, 0.4e-3), 0.5, 1e-9);
  near(nw_reaction_bleeding(&p, &skin, NW_SITE_cheek, 0.16e-3), 0.0832, 5e-3); /* roller of 0.5 mm: rarely */
  near(nw_reaction_bleeding(&p, &skin, NW_SITE_cheek, 0.93e-3), 0.995, 2e-3);  /* roller of 1.5 mm: always */
  skin.vessels = 0.45;
  near(nw_reaction_bleeding(&p, &skin, NW_SITE_cheek, 0.4e-3), 0.225, 1e-9);
  near(nw_reaction_bleeding(&p, &skin, NW_SITE_hand, 0.4e-3) /
           nw_reaction_bleeding(&p, &skin, NW_SITE_periorbital, 0.4e-3),
       4, 1e-9);
  skin.vessels = 1;
  assert_true(nw_reaction_bleeding(&p, &skin, NW_SITE_hand, 3e-3) == 1);
}

static void stick_pain_keeps_to_what_was_measured(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_reaction_stick_pain(&p, NW_SITE_forearm, 0.48e-3, 1), 0.05, 1e-6);
  near(nw_reaction_stick_pain(&p, NW_SITE_forearm, 1.44e-3, 1), 0.35, 1e-2);
  near(nw_reaction_stick_pain(&p, NW_SITE_forehead, 0.48e-3, 1), 0.05 / 1.59, 1e-6);
  near(nw_reaction_stick_pain(&p, NW_SITE_hand, 0.48e-3, 1), 0.05 / 0.73, 1e-6);
  near(nw_reaction_stick_pain(&p, NW_SITE_back, 0.48e-3, 1), 0.05 / 1.45, 1e-6);
  assert_true(isnan(nw_reaction_stick_pain(&p, NW_SITE_forearm, 1.5e-3, 1)));
  assert_true(nw_reaction_stick_pain(&p, NW_SITE_forearm, 1.45e-3, 50) == 1);
  assert_true(isnan(nw_reaction_stick_pain(&p, NW_SITE_forearm, 0.3e-3, 1)));
  assert_true(isnan(nw_reaction_stick_pain(&p, NW_SITE_forearm, 2e-3, 1)));
  assert_true(isnan(nw_reaction_stick_pain(&p, NW_SITE_forearm, 1e-3, 51)));
  assert_true(isnan(nw_reaction_stick_pain(&p, NW_SITE_forearm, 1e-3, 0)));
}

static void session_pain_is_absent_where_nothing_was_measured(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_device d = nw_device_default(NW_DEVICE_PEN);
  near(nw_reaction_session_pain(&p, &d, NW_SITE_cheek), 5.22, 1e-9);
  d.needle_length = 2.5e-3; /* under cream no effect of length from 1 mm on */
  near(nw_reaction_session_pain(&p, &d, NW_SITE_cheek), 5.22, 1e-9);
  d.needle_length = 0.5e-3;
  near(nw_reaction_session_pain(&p, &d, NW_SITE_cheek), 5.22 * pow(0.5, 1.77), 1e-6);
  d.needle_length = 1.25e-3;
  d.anaesthetic = NW_ANAESTHETIC_STRONG_CREAM;
  near(nw_reaction_session_pain(&p, &d, NW_SITE_cheek), 3.0, 1e-2);
  d.anaesthetic = NW_ANAESTHETIC_NONE;
  assert_true(isnan(nw_reaction_session_pain(&p, &d, NW_SITE_cheek)));
  d.passes = 0;
  assert_true(nw_reaction_session_pain(&p, &d, NW_SITE_cheek) == 0);
  d = nw_device_default(NW_DEVICE_STAMP);
  d.anaesthetic = NW_ANAESTHETIC_NONE;
  d.passes = 1;
  near(nw_reaction_session_pain(&p, &d, NW_SITE_forearm), 3 * 0.05 * pow(0.5 / 0.48, 1.77) * pow(36, 0.32),
       1e-6);
  d = nw_device_default(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER);
  near(nw_reaction_session_pain(&p, &d, NW_SITE_cheek), 6.5, 1e-9);
  d = nw_device_default(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER);
  near(nw_reaction_session_pain(&p, &d, NW_SITE_cheek), 2.39, 1e-9);
  d.anaesthetic = NW_ANAESTHETIC_NONE;
  assert_true(isnan(nw_reaction_session_pain(&p, &d, NW_SITE_cheek)));
  d = nw_device_default(NW_DEVICE_PEEL);
  assert_true(isnan(nw_reaction_session_pain(&p, &d, NW_SITE_cheek)));
}

static void barrier_clock_by_occlusion_colour_and_age(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const double hour = 3600;
  near(nw_reaction_barrier_half_life(&p, false, 1, 25), 0.78 * hour, 1e-9);
  near(nw_reaction_barrier_half_life(&p, true, 1, 25), 23.4 * hour, 1e-9);
  near(nw_reaction_barrier_half_life(&p, false, 6, 25), 0.78 * 1.32 * hour, 1e-9);
  near(nw_reaction_barrier_half_life(&p, false, 1, 77.3), 0.78 * 1.5 * hour, 1e-9);
  near(nw_reaction_barrier_half_life(&p, false, 1, 51.45), 0.78 * 1.25 * hour, 1e-9);
  near(nw_reaction_closing_time(&p, hour), 2.556 * hour, 1e-3);
}

static void structure_clock_by_length(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const double ratio =
      nw_reaction_structure_half_life(&p, 0.77e-3, true) / nw_reaction_structure_half_life(&p, 0.37e-3, true);
  near(ratio, 1.5, 1e-2);
  near(nw_reaction_structure_half_life(&p, 0.37e-3, false), 9.4 * 3600, 1e-9);
}

static void painful_share_is_linear_in_log_diameter(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_reaction_painful_share(&p, sqrt(235e-6 * 641e-6)), 0.47, 1e-9);
  assert_true(nw_reaction_painful_share(&p, 1e-6) == 0);
  assert_true(nw_reaction_painful_share(&p, 1e-2) == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bleeding_rises_with_depth_and_falls_with_vessels),
      cmocka_unit_test(stick_pain_keeps_to_what_was_measured),
      cmocka_unit_test(session_pain_is_absent_where_nothing_was_measured),
      cmocka_unit_test(barrier_clock_by_occlusion_colour_and_age),
      cmocka_unit_test(structure_clock_by_length),
      cmocka_unit_test(painful_share_is_linear_in_log_diameter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
