/* SPDX-License-Identifier: BSD-3-Clause
   Transport in three dimensions against the column, the slab's series and the r-z cell around one channel;
   mass, orientation, order. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../treatment.h"
#include "plan/product_library.h"
#include "transport/box.h"
#include "transport/transport.h"
#include "transport/transport_patch.h"

static const double micrometre = 1e-6;

static void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance * fabs(expected)))
    fail_msg("%.9g, expected %.9g within %.1e", value, expected, tolerance);
}

/* Stratum corneum, viable epidermis, dermis with clearance, under an endless vehicle. */
static struct nw_column_spec skin(double density) {
  return (struct nw_column_spec){.layer = {{13e-6, 2e-15, 5, 0, 60, 0, 0},
                                           {60e-6, 1e-10, 0.8, 0, 60, 0, 0},
                                           {600e-6, 2e-10, 0.7, 4e-4, 120, 0, 0}},
                                 .n_layers = 3,
                                 .viable = 1,
                                 .top_factor = 0.4,
                                 .polar = 2e-11,
                                 .concentration = 1,
                                 .solubility = INFINITY,
                                 .vehicle = INFINITY,
                                 .contact = INFINITY,
                                 .bottom = NW_BOTTOM_CLOSED,
                                 .elimination = 1e-4,
                                 .channels = {density, 40e-6, 200e-6, 0},
                                 .channel_diffusivity = 8e-10,
                                 .half_life = INFINITY,
                                 .close_after = INFINITY,
                                 .first_step = 1,
                                 .step_ratio = 0.02};
}

static struct nw_box_spec box_of(const struct nw_column_spec *column, double side, double resolution,
                                 const struct nw_box_channel *channel, size_t n) {
  return (struct nw_box_spec){.column = *column,
                              .width = side,
                              .height = side,
                              .resolution = resolution,
                              .cells = {16, 12, 24},
                              .channel = channel,
                              .n_channels = n,
                              .threads = 1};
}

/* Steps that grow with time under vehicle 1. */
static struct nw_box_reading run(struct nw_box *box, double end, double first, double ratio) {
  const double one[3] = {1, 1, 1};
  struct nw_box_reading r;
  int step = 0;
  for (double t = 0; t < end; step++) {
    const double dt = fmin(first + ratio * t, end - t);
    t = end - t - dt < 1e-9 * end ? end : t + dt;
    assert_int_equal(nw_box_step(box, t, one, true, step < 2), NW_OK);
  }
  nw_box_read(box, &r);
  if (!(r.residual < 1e-9)) fail_msg("residual %.2e", r.residual);
  return r;
}

static struct nw_box_reading reading_of(const struct nw_box_spec *spec, double end) {
  struct nw_box *box;
  assert_int_equal(nw_box_create(spec, &box), NW_OK);
  const struct nw_box_reading r = run(box, end, 5, 0.05);
  nw_box_free(&box);
  assert_int_equal(nw_live_bytes(), 0);
  return r;
}

static struct nw_column_reading column_at(const struct nw_column_spec *spec, double time) {
  struct nw_column *column;
  struct nw_column_reading r;
  assert_int_equal(nw_column_create(spec, &column), NW_OK);
  assert_int_equal(nw_column_advance(column, time), NW_OK);
  nw_column_read(column, &r);
  nw_column_free(&column);
  return r;
}

static void intact_skin_is_the_column(void **state) {
  (void)state;
  const struct nw_column_spec column = skin(0);
  struct nw_box_spec spec = box_of(&column, 100 * micrometre, 50 * micrometre, NULL, 0);
  spec.cells[0] = spec.cells[1] = spec.cells[2] = 60;
  const struct nw_column_reading a = column_at(&column, 7200);
  const struct nw_box_reading b = reading_of(&spec, 7200);
  assert_close(b.flux, a.flux, 5e-3);
  assert_close(b.past, a.past, 5e-3);
  for (int l = 0; l < 3; l++)
    assert_close(b.layer[l], a.layer[l], 1e-2);
  assert_close(b.blood, a.blood, 1e-2);
}

/* A very permeable layer on a slab is no resistance, whatever it holds; its conductance is twelve decades
   beyond that of the slab. */
static void permeable_layer_is_no_resistance(void **state) {
  (void)state;
  struct nw_column_spec column = skin(0);
  column.n_layers = 2;
  column.layer[0] = (struct nw_column_layer){0.01, 1e10, 50, 0, 8, 0, 0};
  column.layer[1] = (struct nw_column_layer){1, 1, 1, 0, 20, 0, 0};
  column.top_factor = 1;
  column.polar = 0;
  column.bottom = NW_BOTTOM_SINK;
  struct nw_box_spec spec = box_of(&column, 4, 1, NULL, 0);
  struct nw_box *box;
  assert_int_equal(nw_box_create(&spec, &box), NW_OK);
  const struct nw_box_reading r = run(box, 100, 1e-3, 0.1);
  nw_box_free(&box);
  assert_close(r.receptor_flux, 1, 1e-10);
  assert_close(r.layer[0], 0.5, 1e-10);
  assert_true(r.residual < 1e-11);
}

static void mass_balances_over_diffusivity_and_partition(void **state) {
  (void)state;
  static const double partition[] = {1e-9, 1, 1e4, 1e9};
  const struct nw_box_channel channel = {100e-6, 90e-6, 40e-6, 200e-6, 0, 1000};
  for (int decade = -24; decade <= -7; decade++)
    for (size_t k = 0; k < NW_COUNT(partition); k++) {
      struct nw_column_spec column = skin(0);
      column.layer[0].diffusivity = pow(10, decade);
      column.layer[0].partition = partition[k];
      const struct nw_box_spec spec = box_of(&column, 200e-6, 50e-6, &channel, decade % 2 ? 1 : 0);
      const struct nw_box_reading r = reading_of(&spec, 3600);
      if (!(r.residual < 1e-10))
        fail_msg("%.1e at 1e%d m2/s, partition %g", r.residual, decade, partition[k]);
    }
}

static void membrane_is_the_slab_of_the_series(void **state) {
  (void)state;
  struct nw_column_spec column = skin(0);
  column.n_layers = 1;
  column.viable = 0;
  column.layer[0] = (struct nw_column_layer){1, 1, 1, 0, 40, 0, 0};
  column.top_factor = 1;
  column.bottom = NW_BOTTOM_SINK;
  double error[3];
  for (int k = 0; k < 3; k++) {
    struct nw_box_spec spec = box_of(&column, 1, 1, NULL, 0);
    struct nw_box *box;
    spec.cells[0] = 20 << k;
    assert_int_equal(nw_box_create(&spec, &box), NW_OK);
    error[k] = run(box, 0.5, 1e-3 / (1 << k), 0.1 / (1 << k)).receptor - 3.347907e-1;
    nw_box_free(&box);
  }
  assert_true(fabs(error[2]) < 2e-4);
  const double order = log2(fabs(error[0] / error[1]));
  if (!(order > 1.6 && order < 2.5))
    fail_msg("order %.2f: %.2e %.2e %.2e", order, error[0], error[1], error[2]);
}

/* The unit cell of verification: impermeable surface, channel at 1, sink below; the square cell has the area
   of the round one. */
static double steady_channel(double resolution) {
  struct nw_column_spec column = skin(0);
  const double side = 1000 * micrometre;
  column.n_layers = 2;
  column.viable = 1;
  column.layer[0] = (struct nw_column_layer){1e-6, 1e-30, 1, 0, 4, 0, 0};
  column.layer[1] = (struct nw_column_layer){500e-6, 1e-10, 1, 0, 40, 0, 0};
  column.polar = 0;
  column.bottom = NW_BOTTOM_SINK;
  column.channel_diffusivity = 1e-6;
  const struct nw_box_channel channel = {500e-6, 500e-6, 35e-6, 151e-6, 0, INFINITY};
  struct nw_box_spec spec = box_of(&column, side, resolution, &channel, 1);
  struct nw_box *box;
  spec.cells[0] = 4;
  spec.cells[1] = 50;
  assert_int_equal(nw_box_create(&spec, &box), NW_OK);
  const double one[3] = {1, 1, 1};
  struct nw_box_reading r;
  for (int k = 1; k < 14; k++)
    assert_int_equal(nw_box_step(box, 40 * pow(2.2, k), one, true, true), NW_OK);
  nw_box_read(box, &r);
  nw_box_free(&box);
  return r.receptor_flux * side * side / 1e-10;
}

static void channel_feeds_what_the_unit_cell_says(void **state) {
  (void)state;
  const double coarse = steady_channel(40 * micrometre), fine = steady_channel(20 * micrometre);
  assert_close(fine, 545.3e-6, 0.1);
  assert_true(fabs(fine - 545.3e-6) < fabs(coarse - 545.3e-6));
}

static void channels_agree_with_the_column(void **state) {
  (void)state;
  const struct nw_box_channel channel = {250e-6, 250e-6, 40e-6, 200e-6, 0, INFINITY};
  const double side = 500 * micrometre;
  const struct nw_column_spec column = skin(1 / (side * side));
  const struct nw_box_spec spec = box_of(&column, side, 20 * micrometre, &channel, 1);
  static const double time[] = {600, 7200};
  for (size_t i = 0; i < 2; i++) {
    const struct nw_column_reading a = column_at(&column, time[i]);
    const struct nw_box_reading b = reading_of(&spec, time[i]);
    assert_close(b.past, a.past, 0.15);
    assert_close(b.layer[2], a.layer[2], 0.15);
  }
}

static void orientation_and_place_do_not_matter(void **state) {
  (void)state;
  const struct nw_column_spec column = skin(0);
  const struct nw_box_channel a[] = {{90e-6, 200e-6, 40e-6, 200e-6, 0, INFINITY},
                                     {250e-6, 70e-6, 30e-6, 120e-6, 0, 300}};
  const struct nw_box_channel b[] = {{200e-6, 90e-6, 40e-6, 200e-6, 0, INFINITY},
                                     {70e-6, 250e-6, 30e-6, 120e-6, 0, 300}};
  const struct nw_box_spec one = box_of(&column, 300e-6, 30e-6, a, 2),
                           two = box_of(&column, 300e-6, 30e-6, b, 2);
  const struct nw_box_reading x = reading_of(&one, 900), y = reading_of(&two, 900);
  assert_close(x.past, y.past, 1e-9);
  assert_true(x.open == 1 && y.open == 1);
}

/* A plugged channel leaves what it held; the flux falls back to that of intact skin. */
static void plugs_keep_mass_and_stop_the_flux(void **state) {
  (void)state;
  const struct nw_column_spec column = skin(0);
  const struct nw_box_channel open = {150e-6, 150e-6, 40e-6, 200e-6, 0, INFINITY};
  struct nw_box_channel plugged = open;
  plugged.closes = 300;
  const struct nw_box_spec intact = box_of(&column, 300e-6, 30e-6, NULL, 0),
                           with = box_of(&column, 300e-6, 30e-6, &open, 1),
                           until = box_of(&column, 300e-6, 30e-6, &plugged, 1);
  const struct nw_box_reading none = reading_of(&intact, 1800), all = reading_of(&with, 1800),
                              some = reading_of(&until, 1800);
  assert_true(some.past < 0.6 * all.past && some.past > 2 * none.past);
  assert_true(fabs(some.flux - none.flux) < 0.05 * all.flux && some.open == 0 && all.open == 1);
}

static void maps_hold_the_amounts(void **state) {
  (void)state;
  const struct nw_column_spec column = skin(0);
  const struct nw_box_channel open = {100e-6, 200e-6, 40e-6, 200e-6, 0, INFINITY};
  const struct nw_box_spec spec = box_of(&column, 300e-6, 30e-6, &open, 1);
  struct nw_box *box;
  double map[100]; /* 10 x 10 cells */
  size_t most = 0;
  assert_int_equal(nw_box_create(&spec, &box), NW_OK);
  const struct nw_box_reading r = run(box, 600, 5, 0.1);
  for (int l = 0; l < 3; l++) {
    double sum = 0;
    nw_box_map(box, l, map);
    for (size_t i = 0; i < 100; i++) {
      sum += map[i] / 100;
      if (map[i] > map[most]) most = i;
    }
    assert_close(sum * column.layer[l].thickness, r.layer[l], 1e-9);
  }
  assert_true(most % 10 == 3 || most % 10 == 2);
  assert_true(most / 10 == 6);
  nw_box_free(&box);
}

/* ---- the stage ---- */

static struct nw_case needled_case(struct nw_product *product) {
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 1e-3);
  *product = (struct nw_product){.name = "TXA",
                                 .concentration = 20,
                                 .solubility = INFINITY,
                                 .vehicle_ph = 7,
                                 .dose = 1e-4,
                                 .duration = 3600,
                                 .when = NW_DURING,
                                 .volatile_share = NAN,
                                 .release_half_life = NAN,
                                 NW_PRODUCT_UNMEASURED};
  assert_true(nw_product_preset("tranexamic acid", product));
  c.params.open_share_roller = 0.5;
  c.patch.resolution = 50e-6;
  c.products = product;
  c.n_products = 1;
  return c;
}

/* The open share of the punctures conducts; each plugs by its own clock, half of them within a half-life. */
static void patch_opens_its_share_of_the_punctures(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_product product;
  struct nw_run run = {0};
  enum { MOST = 4000 };
  static struct nw_box_channel channel[MOST];
  struct nw_case c = needled_case(&product);
  c.patch.width = c.patch.height = 10e-3;
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  const struct nw_column_spec s =
      nw_transport_column(&run, &c.params, &product, nw_transport_channels(&run), NW_TRANSPORT_COARSE);
  const size_t n = nw_transport_patch_channels(&run, &c.params, &s, channel, MOST);
  size_t lumina = 0, early = 0;
  for (size_t i = 0; i < run.punctures.count; i++)
    lumina += run.punctures.item[i].lumen_depth > 0;
  assert_true(n > 20 && fabs((double)n - 0.5 * (double)lumina) <= 1);
  for (size_t i = 0; i < n; i++) {
    early += channel[i].closes < s.half_life;
    assert_true(channel[i].closes <= s.close_after + 1e-9 && channel[i].opens == 0);
  }
  assert_true(fabs((double)early / (double)n - 0.5) < 0.05);
  forget(&run);
  forget_messages(&context);
}

static void patch_agrees_with_the_column_of_its_density(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_product product;
  struct nw_run run = {0};
  struct nw_case c = needled_case(&product);
  c.patch.absorption = NW_ABSORPTION_PATCH;
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  assert_int_equal(nw_transport_run(&context, &c, &run), NW_OK);
  const struct nw_absorption *a = &run.absorption[0];
  struct nw_column_spec s =
      nw_transport_column(&run, &c.params, &product, nw_transport_channels(&run), NW_TRANSPORT_FINE);
  s.channels.density = (double)a->patch_channels / (c.patch.width * c.patch.height);
  const struct nw_column_reading r = column_at(&s, 3600);
  size_t last = 0;
  while (a->time[last] < 3600)
    last++;
  assert_true(a->patch_channels > 0 && a->patch.cumulative[last] > 2 * a->intact.cumulative[last]);
  assert_close(a->patch.cumulative[last], r.past, 0.25);
  assert_true(a->patch.mass_balance < 1e-9);
  nw_transport_free(&run);
  forget(&run);
  forget_messages(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void threads_do_not_change_a_bit(void **state) {
  (void)state;
  const struct nw_column_spec column = skin(0);
  const struct nw_box_channel channel = {100e-6, 140e-6, 40e-6, 200e-6, 0, INFINITY};
  struct nw_box_spec spec = box_of(&column, 200e-6, 40e-6, &channel, 1);
  const struct nw_box_reading one = reading_of(&spec, 60);
  spec.threads = 2;
  const struct nw_box_reading two = reading_of(&spec, 60);
  assert_memory_equal(&one, &two, sizeof one);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intact_skin_is_the_column),
      cmocka_unit_test(permeable_layer_is_no_resistance),
      cmocka_unit_test(mass_balances_over_diffusivity_and_partition),
      cmocka_unit_test(membrane_is_the_slab_of_the_series),
      cmocka_unit_test(channel_feeds_what_the_unit_cell_says),
      cmocka_unit_test(channels_agree_with_the_column),
      cmocka_unit_test(orientation_and_place_do_not_matter),
      cmocka_unit_test(plugs_keep_mass_and_stop_the_flux),
      cmocka_unit_test(maps_hold_the_amounts),
      cmocka_unit_test(patch_opens_its_share_of_the_punctures),
      cmocka_unit_test(patch_agrees_with_the_column_of_its_density),
      cmocka_unit_test(threads_do_not_change_a_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
