/* SPDX-License-Identifier: BSD-3-Clause
   The 1.5-D solver where its matrix is worst: a horny layer whose conductances are ten decades and more
   beyond storage and losses. Mass over the range of diffusivities and partitions, and closed forms in which a
   very permeable layer is part of the vehicle or no resistance. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transport/column.h"

static const double hour = 3600, day = 86400;

enum setting { WITH_CHANNELS = 1, ENDLESS = 2, WITH_SITES = 4, WITH_FLOW = 8, SETTINGS = 16 };

static struct nw_column_spec skin(double diffusivity, double partition) {
  return (struct nw_column_spec){.layer = {{13e-6, diffusivity, partition, 0, 24, 0, 0},
                                           {60e-6, 2e-10, 1, 0, 24, 0, 0},
                                           {1.5e-3, 2e-10, 1, 0, 40, 0, 0}},
                                 .n_layers = 3,
                                 .viable = 1,
                                 .top_factor = 1,
                                 .polar = 1e-9,
                                 .concentration = 10,
                                 .solubility = INFINITY,
                                 .vehicle = 1e-4,
                                 .contact = day / 2,
                                 .residue = 1,
                                 .bottom = NW_BOTTOM_SINK,
                                 .receptor = 0.08,
                                 .elimination = 1e-5,
                                 .channel_diffusivity = 3e-10,
                                 .half_life = INFINITY,
                                 .close_after = INFINITY,
                                 .first_step = 1,
                                 .step_ratio = 0.1};
}

static void set(struct nw_column_spec *s, int setting) {
  if (setting & WITH_CHANNELS) {
    s->channels = (struct nw_channels){.density = 20e4, .radius = 35e-6, .depth = 150e-6, .reach = 500e-6};
    s->half_life = 3 * hour;
    s->close_after = 8 * hour;
  }
  if (setting & ENDLESS) s->vehicle = INFINITY;
  if (setting & WITH_SITES) {
    s->layer[1].sites = s->layer[2].sites = 10;
    s->layer[1].half_bound = s->layer[2].half_bound = 0.1;
  }
  if (setting & WITH_FLOW) s->flow = 1e-7;
}

/* Largest share of the dose that is missing or too much at any hour. */
static double missing(const struct nw_column_spec *spec) {
  struct nw_column *column;
  double most = 0;
  assert_int_equal(nw_column_create(spec, &column), NW_OK);
  for (double time = hour; time <= day; time += hour) {
    struct nw_column_reading r;
    assert_int_equal(nw_column_advance(column, time), NW_OK);
    nw_column_read(column, &r);
    if (r.dose > 0) most = fmax(most, r.residual / r.dose);
  }
  nw_column_free(&column);
  return most;
}

static const double partitions[] = {1e-9, 1e-3, 1, 1e4, 1e9};

static void mass_balances_over_diffusivity_and_partition(void **state) {
  (void)state;
  const double allowed = 1e-10;
  for (int decade = -24; decade <= -7; decade++)
    for (size_t k = 0; k < NW_COUNT(partitions); k++)
      for (int setting = 0; setting < SETTINGS; setting++) {
        struct nw_column_spec spec = skin(pow(10, decade), partitions[k]);
        set(&spec, setting);
        spec.bottom = (enum nw_column_bottom)((decade + 24 + setting) % 3);
        if (spec.bottom == NW_BOTTOM_CLOSED) spec.layer[2].clearance = 3e-4;
        const double share = missing(&spec);
        if (!(share <= allowed))
          fail_msg("%.1e of the dose at 1e%d m2/s, partition %g, setting %d", share, decade, partitions[k],
                   setting);
      }
}

static void mass_balances_where_every_layer_is_permeable(void **state) {
  (void)state;
  for (size_t k = 0; k < NW_COUNT(partitions); k++)
    for (int setting = 0; setting < WITH_SITES; setting++) {
      struct nw_column_spec spec = skin(1e-7, partitions[k]);
      spec.layer[1].diffusivity = spec.layer[2].diffusivity = 1e-7;
      spec.layer[1].partition = spec.layer[2].partition = partitions[k];
      set(&spec, setting);
      spec.bottom = NW_BOTTOM_RECEPTOR;
      assert_true(missing(&spec) <= 1e-10);
    }
}

/* Lengths and times in those of a slab of D = K = h = 1 over a sink. */
static struct nw_column_spec covered_slab(int cells, double vehicle) {
  return (struct nw_column_spec){.layer = {{0.01, 1e12, 50, 0, 24, 0, 0}, {1, 1, 1, 0, cells, 0, 0}},
                                 .n_layers = 2,
                                 .viable = 1,
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

static struct nw_column_reading covered_at(const struct nw_column_spec *spec, double time) {
  struct nw_column *column;
  struct nw_column_reading r;
  assert_int_equal(nw_column_create(spec, &column), NW_OK);
  assert_int_equal(nw_column_advance(column, time), NW_OK);
  nw_column_read(column, &r);
  assert_true(r.residual <= 1e-12 * r.dose);
  nw_column_free(&column);
  return r;
}

/* A dose that mixes at once with a layer of as much room drains from both through a slab: the series of a
   finite dose for beta = 1, with half of what is left in each. Two grids: the error of second order drops
   out. */
static void a_permeable_layer_is_part_of_a_finite_vehicle(void **state) {
  (void)state;
  static const double time[] = {0.1, 0.5, 1}, passed[] = {0.006892, 0.227474, 0.466141},
                      left[] = {0.723577, 0.504522, 0.348177};
  for (size_t i = 0; i < NW_COUNT(time); i++) {
    const struct nw_column_spec coarse = covered_slab(80, 0.5), fine = covered_slab(160, 0.5);
    const struct nw_column_reading a = covered_at(&coarse, time[i]), b = covered_at(&fine, time[i]);
    const double dose = 0.5;
    assert_true(fabs((4 * b.receptor - a.receptor) / 3 / dose - passed[i]) < 1e-6);
    assert_true(fabs((4 * b.vehicle - a.vehicle) / 3 / dose - left[i] / 2) < 1e-6);
    assert_true(fabs(b.layer[0] - b.vehicle) < 1e-11);
  }
}

/* At rest an endless vehicle drives D K u/h through the slab, exactly on any grid, whatever lies above. */
static void a_permeable_layer_is_no_resistance(void **state) {
  (void)state;
  const struct nw_column_spec spec = covered_slab(40, INFINITY);
  const struct nw_column_reading r = covered_at(&spec, 100);
  assert_true(fabs(r.receptor_flux - 1) < 1e-11);
  assert_true(fabs(r.layer[0] - 0.5) < 1e-11);
}

/* Where the layer lets nothing through, the path past it is in series with the slab. */
static void a_path_past_the_layer_adds_its_resistance(void **state) {
  (void)state;
  struct nw_column_spec spec = covered_slab(40, INFINITY);
  spec.layer[0].diffusivity = 1e-30;
  spec.polar = 0.25;
  assert_true(fabs(covered_at(&spec, 100).receptor_flux - 1 / (4.0 + 1)) < 1e-11);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mass_balances_over_diffusivity_and_partition),
      cmocka_unit_test(mass_balances_where_every_layer_is_permeable),
      cmocka_unit_test(a_permeable_layer_is_part_of_a_finite_vehicle),
      cmocka_unit_test(a_permeable_layer_is_no_resistance),
      cmocka_unit_test(a_path_past_the_layer_adds_its_resistance),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
