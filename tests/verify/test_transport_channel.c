/* SPDX-License-Identifier: BSD-3-Clause
   One channel: the r-z cell against closed forms, and the 1.5-D columns against the r-z cell. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transport/column.h"
#include "unit_cell.h"

static void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance * fabs(expected)))
    fail_msg("%.9g, expected %.9g within %.1e", value, expected, tolerance);
}

/* Lengths in um, D = 1 um2 per unit of time. */
static struct unit_cell_spec cell_of(double a, double b, double depth, double thickness, int fineness) {
  return (struct unit_cell_spec){.channel_radius = a,
                                 .cell_radius = b,
                                 .channel_depth = depth,
                                 .thickness = thickness,
                                 .diffusivity = 1,
                                 .sink = true,
                                 .held = true,
                                 .core = 4 * fineness,
                                 .annulus = 8 * fineness,
                                 .above = 8 * fineness,
                                 .below = 8 * fineness};
}

static struct unit_cell *created(const struct unit_cell_spec *spec) {
  struct unit_cell *cell;
  assert_int_equal(unit_cell_create(spec, &cell), NW_OK);
  return cell;
}

static double steady(struct unit_cell_spec spec) {
  struct unit_cell *cell = created(&spec);
  unit_cell_settle(cell);
  const double flux = unit_cell_flux(cell);
  unit_cell_free(&cell);
  return flux;
}

/* Three grids: the corner at the tip leaves an order between one and two, so the ratio is measured. */
static double extrapolated(double a, double b, double depth, double thickness, double clearance, bool sink) {
  double flux[3];
  for (int k = 0; k < 3; k++) {
    struct unit_cell_spec spec = cell_of(a, b, depth, thickness, 1 << k);
    spec.clearance = clearance;
    spec.sink = sink;
    flux[k] = steady(spec);
  }
  const double ratio = (flux[1] - flux[0]) / (flux[2] - flux[1]);
  assert_true(ratio > 2.5 && ratio < 4.5);
  return flux[2] + (flux[2] - flux[1]) / (ratio - 1);
}

/* Conductance over D K of the layer below the tip, seen from its top. */
static double conductance_below(double thickness, double decay, bool sink) {
  if (decay <= 0) return sink ? 1 / thickness : 0;
  const double t = tanh(decay * thickness);
  return sink ? decay / t : decay * t;
}

/* Closed form of the columns: steady flux per channel over D K u0 of channels held at u0 in a layer of
   `thickness` under an impermeable surface; decay = sqrt(k/D), 0 without clearance; `sink`: u = 0 at the
   bottom, else no flux there. */
static double steady_flux(const struct nw_channels *c, double thickness, double decay, bool sink) {
  const double tissue = 1 - nw_channel_area(c), exchange = nw_channel_exchange(c), tip = nw_channel_tip(c);
  const double root = sqrt(exchange / tissue + decay * decay), plateau = exchange / tissue / (root * root);
  const double below = conductance_below(thickness - c->depth, decay, sink);
  const double fin = tissue * root * tanh(root * c->depth);
  const double at_tip = (tip + fin * plateau) / (tip + below + fin);
  const double bend = (at_tip - plateau) / root * tanh(root * c->depth);
  const double cleared = decay * decay * tissue * (plateau * c->depth + bend);
  return (below * at_tip + cleared) / c->density;
}

static double cell_radius(double per_cm2) {
  return 1 / sqrt(NW_PI * per_cm2 * 1e-8);
}

struct needled_row {
  double a, density, depth, thickness, flux, columns;
};
static const struct needled_row needled[] = {{35, 100, 150, 500, 545.3, -0.086},
                                             {35, 400, 150, 500, 382.4, -0.033},
                                             {20, 200, 300, 1000, 388.0, -0.024},
                                             {50, 25, 400, 1200, 1068.7, -0.073}};

static void settle_reproduces_the_needled_unit_cell(void **state) {
  (void)state;
  for (size_t i = 0; i < NW_COUNT(needled); i++) {
    const struct needled_row *n = &needled[i];
    const double flux = extrapolated(n->a, cell_radius(n->density), n->depth, n->thickness, 0, true);
    assert_close(flux, n->flux, 5e-4);
  }
}

static void settle_shows_that_thinning_does_not_close(void **state) {
  (void)state;
  static const double a[] = {20, 10, 5, 2}, flux[] = {424, 327, 264, 210};
  for (size_t i = 0; i < NW_COUNT(a); i++)
    assert_close(extrapolated(a[i], cell_radius(100), 150, 500, 0, true), flux[i], 2.5e-3);
}

static void settle_reproduces_clearance_without_a_sink(void **state) {
  (void)state;
  assert_close(extrapolated(35, cell_radius(100), 150, 1000, 1e-5, false), 621.6, 2e-3);
}

static void steady_flux_misses_the_cell_by_as_much_as_known(void **state) {
  (void)state;
  for (size_t i = 0; i < NW_COUNT(needled); i++) {
    const struct needled_row *n = &needled[i];
    const struct nw_channels channels = {n->density * 1e-8, n->a, n->depth, 0};
    const double flux = steady_flux(&channels, n->thickness, 0, true);
    assert_true(fabs(flux / n->flux - 1 - n->columns) < 7e-4);
  }
}

/* The columns, run to rest, are what the closed form says of them. */
static void column_settles_to_the_closed_form(void **state) {
  (void)state;
  for (size_t i = 0; i < NW_COUNT(needled); i++) {
    const struct needled_row *n = &needled[i];
    const double skin = 1e-3; /* an impermeable surface layer, thin beside everything */
    struct nw_column_spec spec = {.layer = {{skin, 1e-24, 1, 0, 6, 0, 0}, {n->thickness, 1, 1, 0, 160, 0, 0}},
                                  .n_layers = 2,
                                  .viable = 1,
                                  .concentration = 1,
                                  .solubility = INFINITY,
                                  .vehicle = INFINITY,
                                  .contact = INFINITY,
                                  .bottom = NW_BOTTOM_SINK,
                                  .channels = {n->density * 1e-8, n->a, n->depth + skin, 0},
                                  .channel_diffusivity = 1e7,
                                  .half_life = INFINITY,
                                  .close_after = INFINITY,
                                  .first_step = 1,
                                  .step_ratio = 0.1};
    const struct nw_channels bare = {n->density * 1e-8, n->a, n->depth, 0};
    struct nw_column *column;
    struct nw_column_reading r;
    assert_int_equal(nw_column_create(&spec, &column), NW_OK);
    assert_int_equal(nw_column_advance(column, 3e7), NW_OK);
    nw_column_read(column, &r);
    assert_close(r.receptor_flux / spec.channels.density, steady_flux(&bare, n->thickness, 0, true), 2e-4);
    nw_column_free(&column);
  }
}

/* Radial problems: one row. */
static struct unit_cell_spec radial(double a, double b, int cells) {
  struct unit_cell_spec spec = cell_of(a, b, 1, 1, 1);
  spec.core = 40;
  spec.annulus = cells;
  spec.above = 1;
  spec.below = 0;
  spec.sink = false;
  return spec;
}

/* Flux per length over D K u0 into tissue that clears: 2 pi (la) K1(la)/K0(la). */
static void settle_feeds_cleared_tissue_as_bessel_functions_say(void **state) {
  (void)state;
  struct unit_cell_spec far = radial(35, 5000, 400), near = radial(35, 564.19, 400);
  far.clearance = near.clearance = 31.6228e-4 * 31.6228e-4;
  assert_close(steady(far), 2.6532, 1e-4);
  assert_close(steady(near), 2.496076, 1e-4);
}

/* Quasi-steady annulus with no flux at b: the exchange over the difference from the mean. */
static void exchange_is_that_of_the_quasi_steady_annulus(void **state) {
  (void)state;
  struct unit_cell_spec spec = radial(35, 564.19, 400);
  const double area = NW_PI * (564.19 * 564.19 - 35.0 * 35.0);
  spec.clearance = 1e-9; /* slow: the profile is the quasi-steady one */
  const double flux = steady(spec), mean = flux / (spec.clearance * area);
  const struct nw_channels channels = {1 / (NW_PI * 564.19 * 564.19), 35, 1, 0};
  assert_close(nw_channel_exchange(&channels) / channels.density, flux / (1 - mean), 1e-3);
}

static void advance_follows_a_held_channel_in_time(void **state) {
  (void)state;
  static const double time[] = {0.01, 0.1, 1, 10, 100, 1000};
  static const double flux[] = {6.128912, 2.248751, 0.983771, 0.533916, 0.345560, 0.250964};
  struct unit_cell_spec spec = radial(1, 400, 500);
  struct unit_cell *cell = created(&spec);
  for (size_t i = 0; i < NW_COUNT(time); i++) {
    unit_cell_advance(cell, time[i], 1e-6, 0.02);
    assert_close(unit_cell_flux(cell) / (2 * NW_PI), flux[i], 5e-4);
  }
  unit_cell_free(&cell);
}

static void advance_empties_a_dissolved_cylinder(void **state) {
  (void)state;
  static const double time[] = {0.1, 0.25, 1, 5, 25},
                      axis[] = {0.917915, 0.632121, 0.221199, 0.0487706, 0.00995017};
  struct unit_cell_spec spec = radial(1, 400, 500);
  spec.held = false;
  struct unit_cell *cell = created(&spec);
  for (size_t i = 0; i < NW_COUNT(time); i++) {
    unit_cell_advance(cell, time[i], 1e-5, 0.02);
    assert_close(unit_cell_axis(cell), axis[i], 1e-3);
  }
  unit_cell_free(&cell);
}

/* A disk on the surface of a deep tube: 1/(4a) less by psi, with the tube's own resistance taken off. */
static void settle_gives_the_constriction_of_a_tube(void **state) {
  (void)state;
  static const double ratio[] = {0.05, 0.1, 0.2, 0.4}, psi[] = {0.933, 0.861, 0.722, 0.459};
  for (size_t i = 0; i < NW_COUNT(ratio); i++) {
    const double b = 1, a = ratio[i], depth = 1e-9, below = 1.2;
    double flux[2];
    for (int k = 0; k < 2; k++) {
      struct unit_cell_spec spec = cell_of(a, b, depth, depth + below, 1 << k);
      spec.above = 1;
      spec.core = 10 << k;
      spec.annulus = 14 << k;
      spec.below = 90 << k;
      flux[k] = steady(spec);
    }
    const double resistance = 2 / flux[1] - 1 / flux[0]; /* first order at the rim of the disk */
    assert_close((resistance - below / (NW_PI * b * b)) * 4 * a, psi[i], 0.01);
    const struct nw_channels channels = {1 / NW_PI, a, 1, 0};
    assert_close(4 * a * channels.density / nw_channel_tip(&channels), psi[i], 0.015);
  }
}

/* Sparse channels: with its reach the closed form keeps to the cell, without it falls behind. */
static void reach_keeps_sparse_channels_right(void **state) {
  (void)state;
  static const double a[] = {20, 35, 60}, depth[] = {80, 150, 300, 500}, thickness[] = {700, 1500};
  for (size_t i = 0; i < NW_COUNT(a); i++)
    for (size_t j = 0; j < NW_COUNT(depth); j++)
      for (size_t k = 0; k < NW_COUNT(thickness); k++) {
        const bool sink = k == 0;
        const double clearance = sink ? 0 : 1e-5;
        struct unit_cell_spec spec = cell_of(a[i], cell_radius(2), depth[j], thickness[k], 3);
        spec.annulus = 40;
        spec.clearance = clearance;
        spec.sink = sink;
        struct nw_channels channels = {2e-8, a[i], depth[j], 0};
        const double truth = steady(spec), decay = sqrt(clearance);
        const double alone = steady_flux(&channels, thickness[k], decay, sink);
        channels.reach = nw_channel_reach(a[i], depth[j], sink ? thickness[k] : INFINITY, decay);
        const double reached = steady_flux(&channels, thickness[k], decay, sink);
        assert_true(fabs(reached / truth - 1) < 0.15);
        assert_true(alone < 0.85 * truth);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(settle_reproduces_the_needled_unit_cell),
      cmocka_unit_test(settle_shows_that_thinning_does_not_close),
      cmocka_unit_test(settle_reproduces_clearance_without_a_sink),
      cmocka_unit_test(steady_flux_misses_the_cell_by_as_much_as_known),
      cmocka_unit_test(column_settles_to_the_closed_form),
      cmocka_unit_test(settle_feeds_cleared_tissue_as_bessel_functions_say),
      cmocka_unit_test(exchange_is_that_of_the_quasi_steady_annulus),
      cmocka_unit_test(advance_follows_a_held_channel_in_time),
      cmocka_unit_test(advance_empties_a_dissolved_cylinder),
      cmocka_unit_test(settle_gives_the_constriction_of_a_tube),
      cmocka_unit_test(reach_keeps_sparse_channels_right),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
