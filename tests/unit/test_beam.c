/* SPDX-License-Identifier: BSD-3-Clause
   Columns of fractional lasers against the published depths and widths, and lasers that cannot exist. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "plan/device_library.h"
#include "puncture/beam.h"

static struct nw_params p;

static struct nw_beam ablative(double energy_mJ, double spot_um) {
  struct nw_device d = nw_device_default(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER);
  d.laser.energy = energy_mJ * 1e-3;
  d.needle_diameter = spot_um * 1e-6;
  return nw_beam_of(&p, &d);
}

static struct nw_beam heating(double energy_mJ) {
  struct nw_device d = nw_device_default(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER);
  d.laser.energy = energy_mJ * 1e-3;
  return nw_beam_of(&p, &d);
}

static void between(double got, double low, double high) {
  if (!(got >= low && got <= high)) fail_msg("got %.6g, wanted %.6g to %.6g", got, low, high);
}

/* Both ends of the series of the 120 um tip; the other tips to the scatter of one law for three. */
static void beam_ablates_as_deep_as_biopsies_show(void **state) {
  (void)state;
  between(ablative(80, 120).hole_depth, 519e-6, 521e-6);
  between(ablative(160, 120).hole_depth, 890e-6, 910e-6);
  between(ablative(134, 300).hole_depth, 332e-6 * 0.9, 332e-6 * 1.35); /* 200 to 550 um at 100 to 180 mJ */
  between(ablative(115, 1000).hole_depth, 100e-6, 137e-6);
  between(ablative(160, 120).depth - ablative(160, 120).hole_depth, 149e-6, 151e-6);
  between(ablative(160, 120).radius, 109e-6, 111e-6);
  between(ablative(160, 120).rim, 49e-6, 51e-6);
}

static void beam_coagulates_as_deep_and_wide_as_sections_show(void **state) {
  (void)state;
  between(heating(4.5).depth, 299e-6, 301e-6);
  between(heating(4.5).radius, 49.9e-6, 50.1e-6);
  between(heating(40).depth, 980e-6, 1020e-6);
  between(heating(40).radius, 98e-6, 102e-6);
  assert_true(heating(40).hole_depth == 0 && heating(40).hole_radius == 0);
}

static void beam_without_an_energy_takes_the_depth_of_the_library(void **state) {
  (void)state;
  struct nw_device d = nw_device_default(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER);
  d.laser.energy = NAN;
  between(nw_beam_of(&p, &d).hole_depth, 699e-6, 701e-6);
  assert_false(nw_beam_extrapolated(&p, &d));
  d = nw_device_default(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER);
  d.needle_length = 0;
  between(nw_beam_of(&p, &d).depth, 0, 0);
}

static void beam_says_where_nobody_measured(void **state) {
  (void)state;
  static const struct {
    enum nw_device_kind kind;
    double energy; /* [J] */
    bool beyond;
  } expected[] = {{NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 0.0594, true},
                  {NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 0.06, false},
                  {NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 0.22, false},
                  {NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 0.2222, true},
                  {NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 0.00445, true},
                  {NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 0.0045, false},
                  {NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 0.04, false},
                  {NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 0.0404, true}};
  for (size_t i = 0; i < NW_COUNT(expected); i++) {
    struct nw_device d = nw_device_default(expected[i].kind);
    d.laser.energy = expected[i].energy;
    assert_int_equal(nw_beam_extrapolated(&p, &d), expected[i].beyond);
  }
}

static enum nw_status checked(enum nw_device_kind kind, double wavelength_nm) {
  struct nw_context *context = nw_context_create();
  struct nw_device d = nw_device_default(kind);
  d.laser.wavelength = wavelength_nm * 1e-9;
  const enum nw_status status = nw_beam_check(context, &p, &d);
  nw_context_free(&context);
  return status;
}

static void beam_check_refuses_wavelengths_of_the_other_kind(void **state) {
  (void)state;
  assert_int_equal(checked(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 10600), NW_OK);
  assert_int_equal(checked(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 2940), NW_OK);
  assert_int_equal(checked(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 1550), NW_BAD_PLAN);
  assert_int_equal(checked(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 1940), NW_OK);
  assert_int_equal(checked(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 2940), NW_BAD_PLAN);
  assert_int_equal(checked(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, NAN), NW_OK);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  p = nw_params_default();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(beam_ablates_as_deep_as_biopsies_show),
      cmocka_unit_test(beam_coagulates_as_deep_and_wide_as_sections_show),
      cmocka_unit_test(beam_without_an_energy_takes_the_depth_of_the_library),
      cmocka_unit_test(beam_says_where_nobody_measured),
      cmocka_unit_test(beam_check_refuses_wavelengths_of_the_other_kind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
