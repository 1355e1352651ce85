/* SPDX-License-Identifier: BSD-3-Clause
   The 1.5-D solver against closed forms: slab, half space, finite dose, laminate, clearance, plugging,
   blood; second order, positivity, mass. Lengths and times are in the units of each case. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transport/column_inner.h"

static struct nw_column_spec slab(int cells, double vehicle) {
  return (struct nw_column_spec){.layer = {{1, 1, 1, 0, cells, 0, 0}},
                                 .n_layers = 1,
                                 .top_factor = 1,
                                 .concentration = 1,
                                 .solubility = INFINITY,
                                 .vehicle = vehicle,
                                 .contact = INFINITY,
                                 .bottom = NW_BOTTOM_SINK,
                                 .half_life = INFINITY,
                                 .close_after = INFINITY,
                                 .first_step = 1e-3 / cells,
                                 .step_ratio = 2.0 / cells};
}

static struct nw_column *started(const struct nw_column_spec *spec) {
  struct nw_column *column;
  assert_int_equal(nw_column_create(spec, &column), NW_OK);
  return column;
}

static struct nw_column_reading reading_at(struct nw_column *column, double time) {
  struct nw_column_reading r;
  assert_int_equal(nw_column_advance(column, time), NW_OK);
  nw_column_read(column, &r);
  assert_true(r.residual <= 1e-9);
  return r;
}

static void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance * fabs(expected)))
    fail_msg("%.9g, expected %.9g within %.1e", value, expected, tolerance);
}

/* Two grids, steps refined with them: the error of second order drops out. */
static double extrapolated(double coarse, double fine) {
  return fine + (fine - coarse) / 3;
}

static void advance_passes_a_slab_as_the_series_says(void **state) {
  (void)state;
  static const double time[] = {0.05, 0.1, 0.2, 0.5, 1, 2};
  static const double passed[] = {2.693421e-4, 7.885293e-3, 6.146375e-2, 3.347907e-1, 8.333438e-1, 1.833333};
  static const double flux[] = {0.03400147, 0.2928997, 0.7229224, 0.9856162, 0.9998966, 1};
  struct nw_column_spec coarse = slab(80, INFINITY), fine = slab(160, INFINITY);
  struct nw_column *a = started(&coarse), *b = started(&fine);
  for (size_t i = 0; i < NW_COUNT(time); i++) {
    const struct nw_column_reading x = reading_at(a, time[i]), y = reading_at(b, time[i]);
    assert_close(extrapolated(x.receptor, y.receptor), passed[i], i == 0 ? 2e-4 : 1e-5);
    assert_close(extrapolated(x.receptor_flux, y.receptor_flux), flux[i], i == 0 ? 2e-4 : 1e-5);
  }
  nw_column_free(&a);
  nw_column_free(&b);
}

static double series_at(double tau) {
  double sum = 0;
  for (int n = 1; n < 60; n++)
    sum += (n % 2 ? -1 : 1) / (double)(n * n) * exp(-n * n * NW_PI * NW_PI * tau);
  return tau - 1.0 / 6 - 2 / (NW_PI * NW_PI) * sum;
}

static void advance_is_of_second_order(void **state) {
  (void)state;
  assert_close(series_at(0.2), 6.146375e-2, 1e-6);
  double error[3];
  for (int k = 0; k < 3; k++) {
    struct nw_column_spec spec = slab(40 << k, INFINITY);
    struct nw_column *column = started(&spec);
    error[k] = fabs(reading_at(column, 0.1).receptor - series_at(0.1));
    nw_column_free(&column);
  }
  for (int k = 0; k < 2; k++)
    assert_in_range((uintmax_t)(1000 * log2(error[k] / error[k + 1])), 1800, 2200);
}

static void advance_fills_a_half_space_by_the_error_function(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(300, INFINITY);
  struct nw_column *column = started(&spec);
  const double t = 1e-3;
  reading_at(column, t);
  const double *z = nw_column_depths(column), *u = column->now.tissue;
  for (size_t i = 0; i < nw_column_count(column); i++)
    assert_true(fabs(u[i] - erfc(z[i] / (2 * sqrt(t)))) < 2e-4);
  assert_close(erfc(0.5), 0.4795001, 1e-6);
  nw_column_free(&column);
}

struct finite_row {
  double beta, passed[6], left[3], peak_time, peak;
};

static void advance_drains_a_finite_dose(void **state) {
  (void)state;
  static const struct finite_row row[] = {{0.1,
                                           {0.000777, 0.006001, 0.032019, 0.077611, 0.162674, 0.373623},
                                           {0.965294, 0.921779, 0.878126},
                                           0.535993,
                                           0.092446},
                                          {1,
                                           {0.006892, 0.049358, 0.227474, 0.466141, 0.745332, 0.972355},
                                           {0.723577, 0.504522, 0.348177},
                                           0.320895,
                                           0.612014},
                                          {10,
                                           {0.031576, 0.170745, 0.545359, 0.836182, 0.978735, 0.999953},
                                           {0.170574, 0.064329, 0.023172},
                                           0.196453,
                                           1.534520}};
  static const double time[] = {0.1, 0.2, 0.5, 1, 2, 5};
  static const int left_of[] = {0, -1, 1, 2, -1, -1};
  for (size_t k = 0; k < NW_COUNT(row); k++) {
    struct nw_column_spec coarse = slab(80, 1 / row[k].beta), fine = slab(160, 1 / row[k].beta);
    struct nw_column *a = started(&coarse), *b = started(&fine);
    for (size_t i = 0; i < NW_COUNT(time); i++) {
      const struct nw_column_reading x = reading_at(a, time[i]), y = reading_at(b, time[i]);
      assert_true(fabs(row[k].beta * extrapolated(x.receptor, y.receptor) - row[k].passed[i]) < 2e-6);
      if (left_of[i] >= 0)
        assert_true(fabs(row[k].beta * extrapolated(x.vehicle, y.vehicle) - row[k].left[left_of[i]]) < 2e-6);
    }
    nw_column_free(&a);
    nw_column_free(&b);
  }
}

static void advance_peaks_where_a_finite_dose_peaks(void **state) {
  (void)state;
  static const double beta[] = {0.1, 1, 10}, when[] = {0.535993, 0.320895, 0.196453};
  static const double peak[] = {0.092446, 0.612014, 1.534520};
  for (size_t k = 0; k < NW_COUNT(beta); k++) {
    struct nw_column_spec spec = slab(200, 1 / beta[k]);
    struct nw_column *column = started(&spec);
    const double before = reading_at(column, 0.97 * when[k]).receptor_flux;
    const double at = reading_at(column, when[k]).receptor_flux;
    const double after = reading_at(column, 1.03 * when[k]).receptor_flux;
    assert_true(at > before && at > after);
    assert_close(beta[k] * at, peak[k], 1e-4);
    nw_column_free(&column);
  }
}

/* Steady flux and lag, read off the asymptote. */
static void assert_steady(const struct nw_column_spec *spec, double time, double flux, double lag) {
  struct nw_column *column = started(spec);
  const struct nw_column_reading r = reading_at(column, time);
  assert_close(r.receptor_flux, flux, 2e-6);
  assert_close(time - r.receptor / r.receptor_flux, lag, 3e-4);
  nw_column_free(&column);
}

/* cm and h */
static struct nw_column_spec three_layers(void) {
  struct nw_column_spec spec = slab(80, INFINITY);
  const double hour = 3600;
  spec.n_layers = 3;
  spec.viable = 1;
  spec.layer[0] = (struct nw_column_layer){15e-4, 1e-10 * hour, 10, 0, 80, 0, 0};
  spec.layer[1] = (struct nw_column_layer){85e-4, 5e-7 * hour, 1, 0, 60, 0, 0};
  spec.layer[2] = (struct nw_column_layer){400e-4, 1e-6 * hour, 0.8, 0, 80, 0, 0};
  return spec;
}

static void advance_gives_flux_and_lag_of_laminates(void **state) {
  (void)state;
  struct nw_column_spec spec = three_layers();
  assert_steady(&spec, 60, 2.2973835e-3, 1.48117);
  spec.n_layers = 2;
  spec.layer[0] = (struct nw_column_layer){100e-4, 1e-6 * 3600, 1, 0, 100, 0, 0};
  spec.layer[1] = (struct nw_column_layer){100e-4, 2e-6 * 3600, 3, 0, 100, 0, 0};
  assert_steady(&spec, 1, 0.3085714, 0.01223545);
}

static void advance_balances_diffusion_and_clearance(void **state) {
  (void)state;
  double flux[2], mean[2], bottom[2];
  for (int k = 0; k < 2; k++) {
    const int cells = 100 << k;
    struct nw_column_spec spec = slab(200, INFINITY);
    spec.layer[0] = (struct nw_column_layer){0.1, 1e-6 * 3600, 0.8, 1e-3 * 3600, cells, 0, 0};
    spec.bottom = NW_BOTTOM_CLOSED;
    struct nw_column *column = started(&spec);
    const struct nw_column_reading r = reading_at(column, 20);
    flux[k] = r.flux;
    mean[k] = r.layer[0] / (0.8 * 0.1);
    bottom[k] = column->now.tissue[cells - 1];
    nw_column_free(&column);
  }
  assert_close(extrapolated(flux[0], flux[1]), 0.09074782, 1e-6);
  assert_close(extrapolated(mean[0], mean[1]), 0.3150966, 1e-6);
  assert_close(extrapolated(bottom[0], bottom[1]), 0.0845070, 1e-5);
}

static void advance_clears_below_a_barrier(void **state) {
  (void)state;
  struct nw_column_spec spec = three_layers();
  spec.layer[2] = (struct nw_column_layer){0.1, 1e-6 * 3600, 0.8, 1e-3 * 3600, 150, 0, 0};
  spec.bottom = NW_BOTTOM_CLOSED;
  struct nw_column *column = started(&spec);
  assert_close(reading_at(column, 60).flux, 0.002312628, 1e-5);
  assert_close(column->now.tissue[140], 0.02548412, 2e-3);
  nw_column_free(&column);
}

/* Channels through an impermeable layer: the flux follows the number that is open. */
static struct nw_column_spec pierced_plate(double half_life) {
  struct nw_column_spec spec = slab(40, INFINITY);
  spec.n_layers = 2;
  spec.viable = 1;
  spec.layer[0] = (struct nw_column_layer){0.01, 1e-30, 1, 0, 40, 0, 0};
  spec.layer[1] = (struct nw_column_layer){0.01, 1e6, 1, 0, 20, 0, 0};
  spec.channels = (struct nw_channels){.density = 1, .radius = 0.1, .depth = 0.01};
  spec.channel_diffusivity = 1;
  spec.half_life = half_life;
  spec.first_step = 1e-6;
  spec.step_ratio = 0.02;
  return spec;
}

static void advance_plugs_channels_by_their_half_life(void **state) {
  (void)state;
  static const double time[] = {1, 2, 4, 8, 24},
                      expected[] = {0.918152, 1.690222, 2.885390, 4.328085, 5.680612};
  struct nw_column_spec spec = pierced_plate(4);
  struct nw_column *column = started(&spec);
  const double first = NW_PI * 0.01 * 1 / 0.01;
  for (size_t i = 0; i < NW_COUNT(time); i++) {
    const struct nw_column_reading r = reading_at(column, time[i]);
    assert_close(r.supplied / first, expected[i], 2e-4);
    assert_close(r.open_fraction, exp2(-time[i] / 4), 1e-12);
  }
  nw_column_free(&column);
}

static void advance_stops_when_the_last_channel_is_plugged(void **state) {
  (void)state;
  struct nw_column_spec spec = pierced_plate(4);
  spec.close_after = 10;
  struct nw_column *column = started(&spec);
  assert_true(reading_at(column, 10).flux > 0.1);
  const struct nw_column_reading after = reading_at(column, 10.5), later = reading_at(column, 20);
  assert_true(after.open_fraction == 0);
  assert_close(later.supplied, after.supplied, 1e-9);
  nw_column_free(&column);
}

static void advance_feeds_blood_by_first_order(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(10, 1);
  spec.n_layers = 2;
  spec.viable = 1;
  spec.layer[0] = (struct nw_column_layer){1, 5e5, 1e-6, 0, 10, 0, 0};
  spec.layer[1] = (struct nw_column_layer){1, 1e8, 1e-3, 1e6, 10, 0, 0};
  spec.bottom = NW_BOTTOM_CLOSED;
  spec.elimination = 0.2;
  spec.step_ratio = 0.005;
  struct nw_column *column = started(&spec);
  const double before = reading_at(column, 2.95).blood, peak = reading_at(column, 3.054302).blood;
  assert_close(peak, 0.5428835, 2e-4);
  const struct nw_column_reading after = reading_at(column, 3.16);
  assert_true(peak > before && peak > after.blood);
  assert_close(after.vehicle + after.blood + after.eliminated, 1, 1e-4);
  nw_column_free(&column);
}

static void advance_holds_a_solid_pool_at_saturation(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(80, 2);
  spec.solubility = 0.25;
  struct nw_column *column = started(&spec), *held;
  struct nw_column_spec reference = slab(80, INFINITY);
  reference.concentration = 0.25;
  held = started(&reference);
  const double while_solid = reading_at(column, 2).receptor;
  assert_close(while_solid, reading_at(held, 2).receptor, 1e-9);
  const struct nw_column_reading spent = reading_at(column, 40);
  assert_true(spent.receptor < 0.999 * reading_at(held, 40).receptor && spent.receptor > 1.8);
  nw_column_free(&column);
  nw_column_free(&held);
}

/* The step that empties the pool is cut short while channels are being plugged. */
static void advance_keeps_mass_when_pool_and_channels_end_together(void **state) {
  (void)state;
  for (int k = 0; k < 20; k++) {
    struct nw_column_spec spec = three_layers();
    spec.vehicle = 1e-2;
    spec.solubility = 0.3 + 0.03 * k;
    spec.channels = (struct nw_channels){.density = 10, .radius = 35e-4, .depth = 300e-4};
    spec.channel_diffusivity = 1e-5 * 3600;
    spec.half_life = 0.8;
    spec.close_after = 2.1;
    spec.first_step = 3e-4;
    spec.step_ratio = 0.05;
    struct nw_column *column = started(&spec);
    for (int i = 1; i <= 50; i++)
      if (!(reading_at(column, 0.1 * i).residual < 1e-14))
        fail_msg("solubility %g, time %g", spec.solubility, 0.1 * i);
    nw_column_free(&column);
  }
}

static void advance_keeps_the_reservoir_after_wash_off(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(80, 1);
  spec.contact = 0.2;
  struct nw_column *column = started(&spec);
  const struct nw_column_reading at = reading_at(column, 0.2), later = reading_at(column, 20);
  assert_close(later.washed, at.vehicle, 1e-12);
  assert_close(later.receptor, 1 - at.vehicle, 1e-9);
  nw_column_free(&column);
}

static void advance_equilibrates_with_a_closed_receptor(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(40, 1);
  spec.bottom = NW_BOTTOM_RECEPTOR;
  spec.receptor = 3;
  struct nw_column *column = started(&spec);
  assert_close(reading_at(column, 200).receptor, 3.0 / 5, 1e-6);
  nw_column_free(&column);
}

static void advance_is_never_negative(void **state) {
  (void)state;
  struct nw_column_spec spec = three_layers();
  spec.vehicle = 1e-3;
  spec.contact = 2;
  spec.channels = (struct nw_channels){.density = 100, .radius = 35e-4, .depth = 150e-4};
  spec.channel_diffusivity = 5e-6 * 3600;
  spec.half_life = 1;
  spec.close_after = 2.6;
  spec.first_step = 1e-3;
  spec.step_ratio = 0.3;
  struct nw_column *column = started(&spec);
  for (int i = 1; i <= 200; i++) {
    reading_at(column, 0.05 * i);
    for (size_t j = 0; j < nw_column_count(column); j++)
      assert_true(column->now.tissue[j] >= -1e-12);
  }
  nw_column_free(&column);
}

static void create_without_memory_says_so(void **state) {
  (void)state;
  struct nw_column_spec spec = slab(20, 1);
  struct nw_column *column;
  nw_allocation_fail_at(1);
  assert_int_equal(nw_column_create(&spec, &column), NW_MEMORY);
  nw_allocation_fail_at(0);
  assert_null(column);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(advance_passes_a_slab_as_the_series_says),
      cmocka_unit_test(advance_is_of_second_order),
      cmocka_unit_test(advance_fills_a_half_space_by_the_error_function),
      cmocka_unit_test(advance_drains_a_finite_dose),
      cmocka_unit_test(advance_peaks_where_a_finite_dose_peaks),
      cmocka_unit_test(advance_gives_flux_and_lag_of_laminates),
      cmocka_unit_test(advance_balances_diffusion_and_clearance),
      cmocka_unit_test(advance_clears_below_a_barrier),
      cmocka_unit_test(advance_plugs_channels_by_their_half_life),
      cmocka_unit_test(advance_stops_when_the_last_channel_is_plugged),
      cmocka_unit_test(advance_feeds_blood_by_first_order),
      cmocka_unit_test(advance_holds_a_solid_pool_at_saturation),
      cmocka_unit_test(advance_keeps_mass_when_pool_and_channels_end_together),
      cmocka_unit_test(advance_keeps_the_reservoir_after_wash_off),
      cmocka_unit_test(advance_equilibrates_with_a_closed_receptor),
      cmocka_unit_test(advance_is_never_negative),
      cmocka_unit_test(create_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
