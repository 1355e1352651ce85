/* SPDX-License-Identifier: BSD-3-Clause
   Closed-form laws of a needle meeting skin. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "puncture/mechanics.h"

static void near(double got, double wanted, double relative) {
  if (fabs(got - wanted) > relative * fabs(wanted)) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static struct nw_skin soft(const struct nw_params *p) {
  return (struct nw_skin){.elastic_modulus = p->stiffness_reference,
                          .stratum_corneum = 15e-6,
                          .viable_epidermis = 60e-6,
                          .dermis = 1e-3,
                          .subcutis = 4e-3};
}

/* Table of the reach law, computed by hand from the equation, [mm]. */
static void reach_follows_the_table(void **state) {
  (void)state;
  const double length[] = {0.25, 0.37, 0.5, 0.77, 1.0, 1.5, 2.5};
  const double roller[] = {0.0437, 0.0902, 0.1549, 0.3256, 0.4988, 0.9283, 1.8819};
  const double pen[] = {0.1582, 0.2725, 0.4007, 0.6700, 0.9000, 1.4000, 2.4000};
  for (size_t i = 0; i < NW_COUNT(length); i++) {
    near(nw_mechanics_reach(length[i] * 1e-3, 0.63e-3), roller[i] * 1e-3, 2e-3);
    near(nw_mechanics_reach(length[i] * 1e-3, 0.10e-3), pen[i] * 1e-3, 1e-3);
  }
}

static void reach_of_short_needles_is_a_parabola(void **state) {
  (void)state;
  near(nw_mechanics_reach(1e-9, 0.63e-3), 1e-18 / (2 * 0.63e-3), 1e-5);
  assert_true(nw_mechanics_reach(0, 0.63e-3) == 0);
  assert_true(nw_mechanics_reach(-1, 0.63e-3) == 0);
  assert_true(nw_mechanics_reach(2e-3, 0) == 2e-3);
}

static void dimple_depends_on_class_site_and_bone(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_skin skin = soft(&p);
  near(nw_mechanics_dimple(&p, NW_DEVICE_ROLLER, &skin), 0.63e-3, 1e-9);
  near(nw_mechanics_dimple(&p, NW_DEVICE_STAMP, &skin), 0.14e-3, 1e-9);
  near(nw_mechanics_dimple(&p, NW_DEVICE_PEN, &skin), 0.10e-3, 1e-9);
  near(nw_mechanics_dimple(&p, NW_DEVICE_RF_NEEDLE, &skin), 0.10e-3, 1e-9);
  const double factor[][2] = {{30.3e3, 0.70}, {17.8e3, 0.91}, {9.5e3, 1.25}};
  for (size_t i = 0; i < NW_COUNT(factor); i++) {
    skin.elastic_modulus = factor[i][0];
    near(nw_mechanics_dimple(&p, NW_DEVICE_ROLLER, &skin) / 0.63e-3, factor[i][1], 5e-3);
  }
  skin.elastic_modulus = p.stiffness_reference;
  skin.subcutis = 0.2e-3;
  near(nw_mechanics_dimple(&p, NW_DEVICE_ROLLER, &skin), 0.63e-3, 1e-9);
  skin.over_bone = true;
  near(nw_mechanics_dimple(&p, NW_DEVICE_ROLLER, &skin), 0.3 * 1.275e-3, 1e-9);
}

static void gate_holds_back_blunt_tips_only(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const struct nw_skin skin = soft(&p);
  assert_true(nw_mechanics_gate(&p, NW_DEVICE_ROLLER, &skin, 10e-6) == 0);
  assert_true(nw_mechanics_gate(&p, NW_DEVICE_ROLLER, &skin, 10.3e-6) > 0);
  near(nw_mechanics_gate(&p, NW_DEVICE_ROLLER, &skin, 20e-6), 0.98e-3, 5e-3);
  near(nw_mechanics_gate(&p, NW_DEVICE_ROLLER, &skin, 37e-6), 1.34e-3, 5e-3);
  /* 0.3 of the force on twice the stiffness */
  near(nw_mechanics_gate(&p, NW_DEVICE_PEN, &skin, 37e-6), 1.338e-3 * sqrt(0.15), 2e-3);
}

static void speed_factor_stays_inside_what_was_measured(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_mechanics_speed_factor(&p, 1e-3), 0.722, 2e-3);
  assert_true(nw_mechanics_speed_factor(&p, 1e-4) == 1);
  assert_true(nw_mechanics_speed_factor(&p, 0.5) == nw_mechanics_speed_factor(&p, 1e-3));
}

/* Drum of 10 mm radius: cut length before the skin follows, and entry angle. */
static void slit_follows_the_kinematics(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  p.slit_following = 0;
  const double row[][3] = {
      {0.25, 0.074, 12.7}, {0.5, 0.2077, 17.75}, {1.0, 0.576, 24.62}, {1.5, 1.0325, 29.59}};
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    near(nw_mechanics_slit(&p, 10e-3, row[i][0] * 1e-3), row[i][1] * 1e-3, 2e-2);
    near(nw_mechanics_entry_angle(10e-3, row[i][0] * 1e-3) * 180 / NW_PI, row[i][2], 5e-3);
  }
  const double whole = nw_mechanics_slit(&p, 10e-3, 1e-3);
  p = nw_params_default();
  near(nw_mechanics_slit(&p, 10e-3, 1e-3), 0.5 * whole, 1e-12);
  near(nw_mechanics_needles_in_skin(192, 10e-3, 1.5e-3), 31.6, 5e-3);
}

static void pen_drag_is_speed_times_time_in_the_skin(void **state) {
  (void)state;
  /* at half the stroke a needle is in the skin half of the time */
  near(nw_mechanics_pen_drag(100, 10e-3, 1.5e-3, 0.75e-3), 0.05e-3, 1e-9);
  near(nw_mechanics_pen_drag(100, 10e-3, 1.5e-3, 1.5e-3), 0.10e-3, 1e-9);
  near(nw_mechanics_pen_drag(100, 10e-3, 1.5e-3, 2.5e-3), 0.10e-3, 1e-9);
  near(nw_mechanics_pen_drag(100, 50e-3, 1.5e-3, 1.5e-3), 0.50e-3, 1e-9);
}

static void strength_matches_the_worked_examples(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_mechanics_buckling_load(&p, 1.5e-3, 0.25e-3), 343, 5e-3);
  near(nw_mechanics_bending_stress(1.5e-3, 0.25e-3, 0.17), 166e6, 5e-3);
  near(nw_mechanics_bending_stress(0.77e-3, 0.14e-3, 0.17), 486e6, 5e-3);
}

static void worn_tip_grows_and_stops(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_mechanics_worn_tip(&p, 4e-6, 1000), 4.5e-6, 1e-9);
  near(nw_mechanics_worn_tip(&p, 4e-6, 1e9), 18.5e-6, 1e-9);
  near(nw_mechanics_worn_tip(&p, 30e-6, 1e9), 30e-6, 1e-9);
}

static void force_follows_the_tip_and_vibration(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_mechanics_tip_force(&p, NW_DEVICE_ROLLER, 8e-6), 36e-3, 1e-9);
  near(nw_mechanics_tip_force(&p, NW_DEVICE_PEN, 8e-6), 10.8e-3, 1e-9);
  near(nw_mechanics_retraction(&p, 100e-6, 100e-6), 0.1e-3, 1e-2);
  near(nw_mechanics_mouth(&p, 250e-6), 125e-6, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reach_follows_the_table),
      cmocka_unit_test(reach_of_short_needles_is_a_parabola),
      cmocka_unit_test(dimple_depends_on_class_site_and_bone),
      cmocka_unit_test(gate_holds_back_blunt_tips_only),
      cmocka_unit_test(speed_factor_stays_inside_what_was_measured),
      cmocka_unit_test(slit_follows_the_kinematics),
      cmocka_unit_test(pen_drag_is_speed_times_time_in_the_skin),
      cmocka_unit_test(strength_matches_the_worked_examples),
      cmocka_unit_test(worn_tip_grows_and_stops),
      cmocka_unit_test(force_follows_the_tip_and_vibration),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
