/* SPDX-License-Identifier: BSD-3-Clause
   Saturable binding and flow in the 1.5-D solver against closed forms: partition in the linear limit, the lag
   of Paul and Koros, elements in series under flow; second order, positivity, mass. Units of each case. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transport/column_inner.h"

static struct nw_column_spec slab(int cells, double sites, double half) {
  return (struct nw_column_spec){.layer = {{1, 1, 1, 0, cells, sites, half}},
                                 .n_layers = 1,
                                 .top_factor = 1,
                                 .concentration = 1,
                                 .solubility = INFINITY,
                                 .vehicle = INFINITY,
                                 .contact = INFINITY,
                                 .bottom = NW_BOTTOM_SINK,
                                 .half_life = INFINITY,
                                 .close_after = INFINITY,
                                 .first_step = 1e-3 / cells,
                                 .step_ratio = 2.0 / cells};
}

static struct nw_column_reading reading_at(const struct nw_column_spec *spec, double time) {
  struct nw_column *column;
  struct nw_column_reading r;
  assert_int_equal(nw_column_create(spec, &column), NW_OK);
  assert_int_equal(nw_column_advance(column, time), NW_OK);
  nw_column_read(column, &r);
  if (!(r.residual <= 1e-9 * r.dose)) fail_msg("residual %.2e of %.2e", r.residual, r.dose);
  for (size_t i = 0; i < nw_column_count(column); i++)
    assert_true(column->now.tissue[i] >= -1e-12);
  nw_column_free(&column);
  return r;
}

static void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance * fabs(expected)))
    fail_msg("%.9g, expected %.9g within %.1e", value, expected, tolerance);
}

/* ---- binding ---- */

/* Far below saturation, sites are a partition: K grows by sites/half, D K stays. */
static void binding_is_partition_in_the_linear_limit(void **state) {
  (void)state;
  const struct nw_column_spec bound = slab(80, 5e8, 1e8);
  struct nw_column_spec partitioned = slab(80, 0, 0);
  partitioned.layer[0].partition = 6;
  partitioned.layer[0].diffusivity = 1.0 / 6;
  for (double time = 0.5; time < 9; time *= 2) {
    const struct nw_column_reading a = reading_at(&bound, time), b = reading_at(&partitioned, time);
    assert_close(a.receptor, b.receptor, 1e-6);
    assert_close(a.layer[0], b.layer[0], 1e-6);
  }
}

/* All sites taken: they hold their capacity, and what is free passes as if they were not there. */
static void binding_saturates(void **state) {
  (void)state;
  const struct nw_column_spec bound = slab(80, 0.3, 1e-7), plain = slab(80, 0, 0);
  const struct nw_column_reading a = reading_at(&bound, 6), b = reading_at(&plain, 6);
  assert_close(a.receptor_flux, b.receptor_flux, 1e-6);
  assert_close(a.layer[0], b.layer[0] + 0.3, 1e-3);
}

/* Lag of a slab with totally immobilising Langmuir sites, y = donor over half (Paul and Koros 1976). */
static double lag(double sites, double half) {
  const double y = 1 / half;
  const double f = 6 * (y * y / 2 + y - (1 + y) * log1p(y)) / (y * y * y);
  return (1 + sites / half * f) / 6;
}

static double lag_of(int cells, double sites, double half) {
  const struct nw_column_spec spec = slab(cells, sites, half);
  const double time = 30 * (1 + sites);
  const struct nw_column_reading r = reading_at(&spec, time);
  assert_close(r.receptor_flux, 1, 1e-6);
  return time - r.receptor / r.receptor_flux;
}

static void binding_delays_as_paul_and_koros_say(void **state) {
  (void)state;
  static const double sites[] = {4, 2, 0.5, 0.3}, half[] = {1, 0.2, 5, 0.01};
  for (size_t i = 0; i < NW_COUNT(sites); i++) {
    const double coarse = lag_of(40, sites[i], half[i]), fine = lag_of(80, sites[i], half[i]);
    assert_close(fine + (fine - coarse) / 3, lag(sites[i], half[i]), 5e-3);
  }
  assert_close(lag(1, 1e6), 1.0 / 6, 1e-4);
}

static double passed(int cells, double sites, double flow) {
  struct nw_column_spec spec = slab(cells, sites, 0.3);
  spec.n_layers = 2;
  spec.viable = 1;
  spec.layer[1] = spec.layer[0];
  spec.layer[0] = (struct nw_column_layer){0.25, 0.05, 2, 0, cells / 2, 0, 0};
  spec.layer[1].thickness = 0.75;
  spec.channels = (struct nw_channels){.density = 1, .radius = 0.1, .depth = 0.25};
  spec.channel_diffusivity = 3;
  spec.vehicle = 2;
  spec.flow = flow;
  return reading_at(&spec, 0.6).receptor;
}

static void assert_second_order(double sites, double flow) {
  const double a = passed(20, sites, flow), b = passed(40, sites, flow), c = passed(80, sites, flow);
  const double ratio = (b - a) / (c - b);
  if (!(ratio > 3 && ratio < 5.2)) fail_msg("errors fall %.2f-fold", ratio);
}

static void binding_and_flow_keep_second_order(void **state) {
  (void)state;
  assert_second_order(0, 0);
  assert_second_order(1, 0);
  assert_second_order(0, 40);
  assert_second_order(1, 40);
}

/* Plugged channels leave what they hold to tissue and sites; repeated doses, washed off. */
static void binding_balances_through_events(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(40, 3, 0.05);
  spec.channels = (struct nw_channels){.density = 2, .radius = 0.15, .depth = 0.5};
  spec.channel_diffusivity = 2;
  spec.bottom = NW_BOTTOM_CLOSED;
  spec.layer[0].clearance = 0.3;
  spec.vehicle = 0.5;
  spec.contact = 0.3;
  spec.doses = 3;
  spec.dose_interval = 0.5;
  spec.half_life = 0.2;
  spec.close_after = 0.6;
  spec.fill = 1;
  const struct nw_column_reading r = reading_at(&spec, 3);
  spec.layer[0].sites = 0;
  const struct nw_column_reading free = reading_at(&spec, 3);
  assert_true(r.layer[0] > 1.5 * free.layer[0] && r.eliminated < free.eliminated + r.dose);
  assert_true(r.washed < free.washed);
}

/* ---- flow ---- */

/* Channels through an impermeable plate on tissue: three elements in series, each with its resistance. */
static struct nw_column_spec plate(double flow) {
  struct nw_column_spec spec = slab(30, 0, 0);
  spec.n_layers = 2;
  spec.viable = 1;
  spec.layer[0] = (struct nw_column_layer){0.5, 1e-30, 1, 0, 30, 0, 0};
  spec.layer[1] = (struct nw_column_layer){1, 2, 0.5, 0, 30, 0, 0};
  spec.channels = (struct nw_channels){.density = 1, .radius = 0.2, .depth = 0.5};
  spec.channel_diffusivity = 4;
  spec.flow = flow;
  spec.step_ratio = 0.1;
  return spec;
}

/* The tips feed the middle of the first cell below them. */
static double resistance(const struct nw_column_spec *s) {
  const double area = nw_channel_area(&s->channels), first = (1 - cos(NW_PI / 30)) / 2;
  return 0.5 / (area * s->channel_diffusivity) + 1 / nw_channel_tip(&s->channels) + 1 - first / 2;
}

static void flow_gives_the_steady_flux_of_its_peclet_number(void **state) {
  (void)state;
  static const double velocity[] = {-60, -5, 0.01, 5, 60, 4000};
  for (size_t i = 0; i < NW_COUNT(velocity); i++) {
    const struct nw_column_spec spec = plate(velocity[i]);
    const double q = velocity[i] * nw_channel_area(&spec.channels);
    const double flux = q / -expm1(-q * resistance(&spec));
    const struct nw_column_reading r = reading_at(&spec, 400);
    assert_close(r.receptor_flux, flux, 1e-6);
    assert_close(r.flux, flux, 1e-6);
  }
}

/* u = (J/q) (1 - exp(-q (H - z)/(D K))) between the tips and the sink. */
static void flow_gives_the_steady_profile_of_its_peclet_number(void **state) {
  (void)state;
  const struct nw_column_spec spec = plate(30);
  const double q = 30 * nw_channel_area(&spec.channels);
  struct nw_column *column;
  assert_int_equal(nw_column_create(&spec, &column), NW_OK);
  assert_int_equal(nw_column_advance(column, 400), NW_OK);
  const double flux = q / -expm1(-q * resistance(&spec));
  int seen = 0;
  for (size_t i = 0; i < nw_column_count(column); i++) {
    const double z = nw_column_depths(column)[i];
    if (z < 0.5) continue;
    assert_close(column->now.tissue[i], flux / q * -expm1(-q * (1.5 - z)), 1e-6);
    seen++;
  }
  assert_true(seen > 20);
  nw_column_free(&column);
}

/* Into living skin it ends in the lymph and takes the product along; outwards it holds the product off; a
   finite vehicle runs down the channels until it is spent. */
static void flow_carries_in_and_out_of_living_skin(void **state) {
  (void)state;
  double past[3];
  for (int k = 0; k < 3; k++) {
    struct nw_column_spec spec = plate(k == 0 ? 0 : k == 1 ? 40 : -40);
    spec.bottom = NW_BOTTOM_CLOSED;
    spec.vehicle = 3;
    const struct nw_column_reading r = reading_at(&spec, 0.5);
    past[k] = r.past;
    assert_true(k == 1 ? r.blood > 0 : r.blood == 0);
    if (k != 1) continue;
    const struct nw_column_reading later = reading_at(&spec, 20);
    assert_true(later.past > 2.9 && later.blood > 1 && later.vehicle < 0.02);
  }
  assert_true(past[1] > 2 * past[0] && past[2] < 0.5 * past[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(binding_is_partition_in_the_linear_limit),
      cmocka_unit_test(binding_saturates),
      cmocka_unit_test(binding_delays_as_paul_and_koros_say),
      cmocka_unit_test(binding_and_flow_keep_second_order),
      cmocka_unit_test(binding_balances_through_events),
      cmocka_unit_test(flow_gives_the_steady_flux_of_its_peclet_number),
      cmocka_unit_test(flow_gives_the_steady_profile_of_its_peclet_number),
      cmocka_unit_test(flow_carries_in_and_out_of_living_skin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
