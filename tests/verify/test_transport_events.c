/* SPDX-License-Identifier: BSD-3-Clause
   What happens to a dose besides diffusion: drying, evaporation, doses and needles that come again,
   needles that bring their own product, follicles. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transport/column.h"

/* One layer over a sink with D = K = h = 1: the time unit is the diffusion time. */
static struct nw_column_spec slab(void) {
  return (struct nw_column_spec){
      .layer = {{.thickness = 1, .diffusivity = 1, .partition = 1, .cells = 60}},
      .n_layers = 1,
      .top_factor = 1,
      .concentration = 1,
      .solubility = INFINITY,
      .vehicle = 1,
      .contact = INFINITY,
      .residue = 1,
      .bottom = NW_BOTTOM_SINK,
      .half_life = INFINITY,
      .close_after = INFINITY,
      .first_step = 1e-5,
      .step_ratio = 0.02,
  };
}

static struct nw_channels few_channels(void) {
  return (struct nw_channels){.density = 0.1, .radius = 0.2, .depth = 0.4};
}

static struct nw_column *column_of(const struct nw_column_spec *spec) {
  struct nw_column *column;
  assert_int_equal(nw_column_create(spec, &column), NW_OK);
  return column;
}

static struct nw_column_reading at(struct nw_column *column, double time) {
  struct nw_column_reading r;
  assert_int_equal(nw_column_advance(column, time), NW_OK);
  nw_column_read(column, &r);
  assert_true(r.residual <= 1e-9 * r.dose);
  return r;
}

static void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance * fabs(expected)))
    fail_msg("%.9g is not %.9g within %g", value, expected, tolerance);
}

static void evaporation_empties_the_vehicle_exponentially(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.layer[0].diffusivity = 1e-14;
  spec.evaporation = 0.5;
  struct nw_column *column = column_of(&spec);
  assert_close(at(column, 1).evaporated, 1 - exp(-0.5), 1e-4);
  assert_close(at(column, 3).vehicle, exp(-1.5), 1e-4);
  nw_column_free(&column);
}

/* A saturated film evaporates at a constant rate until its solid is gone. */
static void evaporation_is_constant_over_a_solid(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.layer[0].diffusivity = 1e-14;
  spec.evaporation = 0.5;
  spec.solubility = 0.25;
  struct nw_column *column = column_of(&spec);
  assert_close(at(column, 2).evaporated, 0.25, 1e-4);
  assert_close(at(column, 6).vehicle, 0.25, 1e-3);
  assert_close(at(column, 8).vehicle, 0.25 * exp(-1), 2e-3);
  nw_column_free(&column);
}

/* A film that shrinks to a fifth in a while far shorter than diffusion drives like a fifth of the volume
   with five times the concentration; one that may hold no more than 2 drives at 2. */
static void drying_concentrates_what_is_left(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(), small = slab();
  spec.drying = 1e4;
  spec.residue = small.vehicle = 0.2;
  small.concentration = 5;
  struct nw_column *drying = column_of(&spec), *dry = column_of(&small);
  const struct nw_column_reading a = at(drying, 0.3), b = at(dry, 0.3);
  assert_close(a.receptor, b.receptor, 2e-3);
  assert_close(a.vehicle, b.vehicle, 2e-3);
  nw_column_free(&drying);
  nw_column_free(&dry);
  spec.solubility = 2;
  drying = column_of(&spec);
  assert_close(at(drying, 0.001).vehicle / 0.2, 5 - 5 * at(drying, 0.001).supplied, 1e-6);
  assert_close(at(drying, 0.03).supplied, 2 * 2 * sqrt(0.03 / NW_PI), 5e-3);
  nw_column_free(&drying);
}

static void doses_come_again_on_a_clean_or_a_wet_surface(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.doses = 3;
  spec.dose_interval = 1;
  spec.sessions = 2;
  spec.session_interval = 10;
  spec.contact = 0.5;
  struct nw_column *column = column_of(&spec);
  const double first = at(column, 0.5).vehicle;
  assert_close(at(column, 0.9).washed, first, 1e-12);
  assert_true(at(column, 0.9).vehicle == 0);
  assert_true(at(column, 1.001).vehicle > 0.95);
  assert_close(at(column, 9).dose, 3, 1e-12);
  assert_close(at(column, 20).dose, 6, 1e-12);
  nw_column_free(&column);
  spec.contact = INFINITY;
  column = column_of(&spec);
  const double left = at(column, 1).vehicle;
  assert_true(at(column, 1.0001).vehicle > left + 0.97 && at(column, 1.0001).vehicle < left + 1);
  assert_close(at(column, 40).dose, 6, 1e-12);
  nw_column_free(&column);
}

static void needles_that_come_again_open_new_channels(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.channels = few_channels();
  spec.channel_diffusivity = 1;
  spec.half_life = 0.5;
  spec.close_after = 1.5;
  spec.sessions = 2;
  spec.session_interval = 4;
  spec.hold = 0.25;
  struct nw_column *column = column_of(&spec);
  assert_close(at(column, 0.2).open_fraction, 1, 1e-12);
  assert_close(at(column, 1.25).open_fraction, 0.25, 1e-12);
  assert_true(at(column, 2).open_fraction == 0);
  assert_close(at(column, 4.75).open_fraction, 0.5, 1e-12);
  assert_true(at(column, 6).open_fraction == 0);
  nw_column_free(&column);
}

/* Channels made half a half-life before the dose. */
static void delay_finds_fewer_channels_open(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.channels = few_channels();
  spec.channel_diffusivity = 1;
  spec.half_life = 2;
  spec.close_after = 6;
  spec.open_at = -1;
  struct nw_column *column = column_of(&spec);
  assert_close(at(column, 1e-6).open_fraction, sqrt(0.5), 1e-6);
  assert_close(at(column, 3).open_fraction, 0.25, 1e-12);
  nw_column_free(&column);
}

static void needles_release_what_they_bring(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.vehicle = 0;
  spec.channels = few_channels();
  spec.channel_diffusivity = 1;
  spec.needle_load = 2;
  spec.needle_release = 3;
  struct nw_column *column = column_of(&spec);
  assert_close(at(column, 0.4).stored, 2 * exp(-1.2), 1e-9);
  assert_true(at(column, 0.4).layer[0] > 0.8);
  assert_close(at(column, 30).receptor, 2, 1e-6);
  nw_column_free(&column);
}

/* Released at one per unit of time over the depth 0.4 of channels so near each other that they and the
   tissue are one slab: no flux at the top, sink at the bottom, its series folded with exp(-t). */
static void needles_deposit_over_the_depth_of_their_channels(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.vehicle = 0;
  spec.channels = (struct nw_channels){.density = 400, .radius = 0.02, .depth = 0.4};
  spec.channel_diffusivity = 1;
  spec.needle_load = 1;
  spec.needle_release = 1;
  struct nw_column *column = column_of(&spec);
  double held = 0;
  for (int n = 0; n < 40; n++) {
    const double k = (n + 0.5) * NW_PI, weight = 2 * sin(0.4 * k) / (0.4 * k) * (n % 2 ? -1 : 1) / k;
    held += weight * (exp(-0.5) - exp(-k * k * 0.5)) / (k * k - 1);
  }
  assert_close(at(column, 0.5).layer[0], held, 5e-3);
  nw_column_free(&column);
}

static void follicles_take_their_share_to_the_deep_layer(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.layer[1] = spec.layer[0];
  spec.layer[0].diffusivity = 1e-12;
  spec.n_layers = 2;
  spec.viable = 1;
  spec.follicle_share = 0.1;
  spec.follicle_release = 2;
  spec.follicle_depth = 1.5;
  struct nw_column *column = column_of(&spec);
  const struct nw_column_reading early = at(column, 0.05), late = at(column, 20);
  assert_close(early.stored, 0.1 * exp(-0.1), 1e-9);
  assert_close(early.layer[1], 0.1 * (1 - exp(-0.1)), 0.02);
  assert_close(late.receptor, 0.1, 1e-3);
  assert_close(late.vehicle, 0.9, 1e-3);
  nw_column_free(&column);
}

/* Channels of depth 0.4 and area share 0.1 pi 0.04, made through a vehicle of concentration 1. */
static void needles_through_a_vehicle_carry_it_in(void **state) {
  (void)state;
  struct nw_column_spec spec = slab();
  spec.layer[0].diffusivity = spec.channel_diffusivity = 1e-12;
  spec.vehicle = INFINITY;
  spec.channels = few_channels();
  spec.fill = 0.5;
  struct nw_column *column = column_of(&spec);
  assert_close(at(column, 1e-3).supplied, 0.5 * 0.4 * 0.1 * NW_PI * 0.04, 1e-3);
  nw_column_free(&column);
  spec.vehicle = 1;
  column = column_of(&spec);
  assert_close(1 - at(column, 1e-3).vehicle, 0.5 * 0.4 * 0.1 * NW_PI * 0.04, 1e-3);
  nw_column_free(&column);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(evaporation_empties_the_vehicle_exponentially),
      cmocka_unit_test(evaporation_is_constant_over_a_solid),
      cmocka_unit_test(drying_concentrates_what_is_left),
      cmocka_unit_test(doses_come_again_on_a_clean_or_a_wet_surface),
      cmocka_unit_test(needles_that_come_again_open_new_channels),
      cmocka_unit_test(delay_finds_fewer_channels_open),
      cmocka_unit_test(needles_release_what_they_bring),
      cmocka_unit_test(needles_deposit_over_the_depth_of_their_channels),
      cmocka_unit_test(follicles_take_their_share_to_the_deep_layer),
      cmocka_unit_test(needles_through_a_vehicle_carry_it_in),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
