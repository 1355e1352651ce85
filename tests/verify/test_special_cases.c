/* SPDX-License-Identifier: BSD-3-Clause
   What must hold of the healing dermis on any grid: a patch without lateral differences is a column, one
   without any is a single cell, turning or mirroring the patch turns or mirrors the answer, matter that
   only moves is neither made nor lost, and no state leads below nothing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "healing/tissue.h"
#include "../cell_volume.h"

enum { MOST = 4096 };

static const struct nw_network_modifiers healthy = {1, 1, 1, 1, 1};

static double uniform(uint64_t item, uint64_t draw) {
  return nw_random_uniform(2, NW_STREAM_ENSEMBLE, item, draw);
}

/* Even in x and y, graded in z where there are several layers. */
static struct nw_tissue *patch(size_t nx, size_t ny, size_t nz, bool single) {
  const struct nw_params p = nw_params_default();
  struct nw_grid grid = {0};
  assert_true(nw_axis_create_uniform(&grid.axis[0], nx, 0.05 * (double)nx));
  assert_true(nw_axis_create_uniform(&grid.axis[1], ny, 0.05 * (double)ny));
  double edge[65] = {0};
  for (size_t k = 0; k < nz; k++)
    edge[k + 1] = edge[k] + 0.01 * pow(1.3, (double)k);
  assert_true(nw_axis_create(&grid.axis[2], NW_FLAT, nz, edge));
  struct nw_tissue *t = nw_tissue_create(&grid, &p, &healthy, single, 1);
  assert_non_null(t);
  return t;
}

static void injure(struct nw_tissue *t, const double *core, const double *rim) {
  struct nw_context *context = nw_context_create();
  const struct nw_injury_map map = {.kind = NW_INJURY_NEEDLE, .core = core, .rim = rim};
  assert_int_equal(nw_tissue_injure(context, t, &map), NW_OK);
  nw_context_free(&context);
}

static void heal(struct nw_tissue *t, double until, const double *leak) {
  struct nw_context *context = nw_context_create();
  while (t->time < until)
    assert_int_equal(nw_tissue_step(context, t, until, leak), NW_OK);
  nw_context_free(&context);
}

static void read(const struct nw_tissue *t, int field, double *value) {
  t->stepper->kernels->read(t->stepper->workspace, field, value);
}

/* Largest difference of a field between a tissue and its image, over the largest value of the field;
   image_of[i] is the cell of `b` that must be as cell i of `a`. */
static double differ(const struct nw_tissue *a, const struct nw_tissue *b, const size_t *image_of) {
  static double va[MOST], vb[MOST];
  double worst = 0;
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    double difference = 0, most = 0;
    read(a, f, va);
    read(b, f, vb);
    for (size_t i = 0; i < nw_grid_cells(&a->grid); i++) {
      difference = fmax(difference, fabs(va[i] - vb[image_of[i]]));
      most = fmax(most, fabs(va[i]));
    }
    worst = fmax(worst, difference / most);
  }
  return worst;
}

/* ---- fewer dimensions ---- */

static void patch_without_lateral_differences_is_a_column(void **state) {
  enum { NX = 6, NY = 5, NZ = 12, PLANE = NX * NY };
  static double core[PLANE * NZ], rim[PLANE * NZ], column_core[NZ], column_rim[NZ], leak[PLANE];
  static size_t image_of[PLANE * NZ];
  struct nw_tissue *whole = patch(NX, NY, NZ, false), *column = patch(1, 1, NZ, false);
  double worst = 0;
  (void)state;
  for (size_t i = 0; i < PLANE * NZ; i++) {
    image_of[i] = i / PLANE;
    core[i] = column_core[image_of[i]] = 0.4 * uniform(i / PLANE, 0);
    rim[i] = column_rim[image_of[i]] = 0.4 * uniform(i / PLANE, 1);
    leak[i % PLANE] = 0.1;
  }
  injure(whole, core, rim);
  injure(column, column_core, column_rim);
  for (double day = 1; day <= 64; day *= 4) {
    heal(whole, day, leak);
    heal(column, day, leak);
    worst = fmax(worst, differ(whole, column, image_of));
  }
  nw_tissue_free(&whole);
  nw_tissue_free(&column);
  print_message("a uniform patch and its column: %.1e\n", worst);
  assert_true(worst < 1e-10);
}

static void tissue_without_differences_is_a_single_cell(void **state) {
  static double core[MOST], rim[MOST];
  static size_t image_of[MOST];
  static const size_t n[][3] = {{6, 6, 6}, {7, 1, 1}, {1, 1, 9}};
  const double one_core = 0.3, one_rim = 0.2;
  double worst = 0;
  (void)state;
  for (size_t k = 0; k < NW_COUNT(n); k++) {
    struct nw_tissue *whole = patch(n[k][0], n[k][1], n[k][2], false), *cell = patch(1, 1, 1, false);
    for (size_t i = 0; i < nw_grid_cells(&whole->grid); i++) {
      core[i] = one_core;
      rim[i] = one_rim;
    }
    injure(whole, core, rim);
    injure(cell, &one_core, &one_rim);
    for (double day = 1; day <= 64; day *= 4) {
      heal(whole, day, NULL);
      heal(cell, day, NULL);
      worst = fmax(worst, differ(whole, cell, image_of));
    }
    nw_tissue_free(&whole);
    nw_tissue_free(&cell);
  }
  assert_true(worst < 1e-10);
}

/* ---- turns and mirrors ---- */

enum { SIDE = 10, LAYERS = 5, SQUARE = SIDE * SIDE, BLOCK = SQUARE * LAYERS };

/* Cell of the image under symmetry `k` of the square: k / 4 mirrors, then k % 4 quarter turns. */
static size_t image(size_t cell, int k) {
  size_t x = cell % SIDE, y = cell / SIDE % SIDE;
  if (k >= 4) x = SIDE - 1 - x;
  for (int turn = 0; turn < k % 4; turn++) {
    const size_t old = x;
    x = SIDE - 1 - y;
    y = old;
  }
  return cell / SQUARE * SQUARE + y * SIDE + x;
}

/* A few channels in no order, under a surface that leaks where they opened it. */
static void scatter_channels(double *core, double *rim, double *leak) {
  memset(core, 0, BLOCK * sizeof *core);
  memset(rim, 0, BLOCK * sizeof *rim);
  memset(leak, 0, SQUARE * sizeof *leak);
  for (uint64_t n = 0; n < 9; n++) {
    const size_t at = (size_t)(uniform(n, 10) * SQUARE), deep = 1 + (size_t)(uniform(n, 11) * LAYERS);
    leak[at] = 0.1 * uniform(n, 12);
    for (size_t z = 0; z < deep; z++) {
      core[z * SQUARE + at] = 0.8 * uniform(n, 13 + z);
      rim[z * SQUARE + at] = 0.2 * uniform(n, 30 + z);
    }
  }
}

static struct nw_tissue *healed(const double *core, const double *rim, const double *leak) {
  struct nw_tissue *t = patch(SIDE, SIDE, LAYERS, false);
  injure(t, core, rim);
  heal(t, 7, leak);
  return t;
}

static void turned_or_mirrored_patch_heals_as_the_patch_does(void **state) {
  static double core[BLOCK], rim[BLOCK], leak[SQUARE], core_k[BLOCK], rim_k[BLOCK], leak_k[SQUARE];
  static size_t image_of[BLOCK], self[BLOCK];
  scatter_channels(core, rim, leak);
  struct nw_tissue *first = healed(core, rim, leak);
  double worst = 0, least = 1;
  (void)state;
  for (int k = 1; k < 8; k++) {
    for (size_t i = 0; i < BLOCK; i++) {
      self[i] = i;
      image_of[i] = image(i, k);
      core_k[image_of[i]] = core[i];
      rim_k[image_of[i]] = rim[i];
      if (i < SQUARE) leak_k[image_of[i]] = leak[i];
    }
    struct nw_tissue *other = healed(core_k, rim_k, leak_k);
    worst = fmax(worst, differ(first, other, image_of));
    least = fmin(least, differ(first, other, self));
    nw_tissue_free(&other);
  }
  nw_tissue_free(&first);
  print_message("turned and mirrored: %.1e\n", worst);
  assert_true(worst < 1e-10);
  assert_true(least > 0.1); /* the patch has no symmetry of its own */
}

/* ---- what only moves stays ---- */

static void nothing_happens(const void *constants, size_t n_vectors, const void *const *u,
                            void *const *rate) {
  (void)constants, (void)n_vectors, (void)u, (void)rate;
}

/* The tissue's stepper, exchanged for one that diffuses and drifts, but neither reacts nor decays. */
static void stop_reactions(struct nw_tissue *t) {
  static double value[MOST];
  struct nw_system system = t->stepper->system;
  system.rates = nothing_happens;
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    system.field[f].decay = system.field[f].damping = 0;
  struct nw_stepper *still = nw_stepper_create(&system, &t->stepper->rule, false, 1);
  assert_non_null(still);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    read(t, f, value);
    still->kernels->write(still->workspace, f, value);
  }
  nw_stepper_free(&t->stepper);
  t->stepper = still;
}

static void amounts(const struct nw_tissue *t, double amount[NW_FIELD_COUNT]) {
  static double value[MOST];
  const size_t nx = t->grid.axis[0].n, ny = t->grid.axis[1].n;
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    amount[f] = 0;
    read(t, f, value);
    for (size_t i = 0; i < nw_grid_cells(&t->grid); i++)
      amount[f] += value[i] * cell_volume(&t->grid, i % nx, i / nx % ny, i / nx / ny);
  }
}

/* Every cell its own amount of everything, so that all drifts run, some at the limit of speed. */
static void fill_unevenly(struct nw_tissue *t) {
  static double value[MOST];
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    for (size_t i = 0; i < nw_grid_cells(&t->grid); i++)
      value[i] = t->stepper->system.field[f].scale * (1 + uniform(i, (uint64_t)f));
    t->stepper->kernels->write(t->stepper->workspace, f, value);
  }
}

static struct nw_tissue *unit_cell(void) {
  const struct nw_params p = nw_params_default();
  struct nw_grid grid = {0};
  assert_true(nw_axis_create_graded(&grid.axis[0], NW_RADIAL, 0.357, 0.006, 1.1, 0.03));
  assert_true(nw_axis_create_single(&grid.axis[1]));
  assert_true(nw_axis_create_graded(&grid.axis[2], NW_FLAT, 1.2, 0.01, 1.2, 0.1));
  struct nw_tissue *t = nw_tissue_create(&grid, &p, &healthy, false, 1);
  assert_non_null(t);
  return t;
}

/* Relative change of the amount that changes most over a year. Everything that moves must have moved. */
static double amount_lost(struct nw_tissue *t) {
  static double first[MOST], last[MOST];
  double before[NW_FIELD_COUNT], after[NW_FIELD_COUNT], worst = 0;
  fill_unevenly(t);
  stop_reactions(t);
  amounts(t, before);
  read(t, NW_FIELD_myofibroblast, first);
  heal(t, 365, NULL);
  amounts(t, after);
  read(t, NW_FIELD_myofibroblast, last);
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    worst = fmax(worst, fabs(after[f] - before[f]) / before[f]);
  print_message("amounts change by %.1e in a year and %zu steps\n", worst, t->stepper->state.steps);
  nw_tissue_free(&t);
  assert_true(fabs(last[0] - first[0]) > 0.01 * first[0]);
  return worst;
}

static void amounts_stay_over_a_year_without_reactions(void **state) {
  (void)state;
  assert_true(amount_lost(patch(12, 8, 8, false)) < 1e-10);
  assert_true(amount_lost(patch(12, 9, 8, false)) < 1e-10);
  assert_true(amount_lost(unit_cell()) < 1e-10);
}

/* ---- harsh beginnings ---- */

/* Each cell its own state: everything absent here and there, else over six decades. */
static void fill_harshly(struct nw_tissue *t, uint64_t seed) {
  static double value[MOST];
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    for (size_t i = 0; i < nw_grid_cells(&t->grid); i++) {
      const uint64_t item = seed * MOST + i, draw = 100 + 2 * (uint64_t)f;
      const double size = t->stepper->system.field[f].scale * pow(10, 6 * uniform(item, draw) - 4);
      value[i] = uniform(item, draw + 1) < 0.2 ? 0 : size;
    }
    t->stepper->kernels->write(t->stepper->workspace, f, value);
  }
  nw_stepper_event(t->stepper);
}

/* Nothing negative, nothing runs away, and little had to be cut off at 0. */
static void no_state_leads_below_nothing(void **state) {
  enum { STATES = 6 };
  static double value[MOST];
  double lowest = 0, most = 0;
  (void)state;
  for (uint64_t k = 0; k < STATES; k++) {
    struct nw_tissue *t = patch(8, 6, 5, k % 2);
    fill_harshly(t, k);
    heal(t, 60, NULL);
    for (int f = 0; f < NW_FIELD_COUNT; f++) {
      read(t, f, value);
      for (size_t i = 0; i < nw_grid_cells(&t->grid); i++) {
        if (!(value[i] >= 0 && isfinite(value[i]))) most = INFINITY;
        most = fmax(most, value[i] / t->stepper->system.field[f].scale);
      }
    }
    lowest = fmin(lowest, t->stepper->state.lowest);
    nw_tissue_free(&t);
  }
  print_message("lowest %.2e of its size before it was cut, largest at the end %.0f\n", lowest, most);
  assert_true(lowest > -1e-3);
  assert_true(most > 50 && most < 200); /* some begin at 100, and nothing runs away */
}

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(patch_without_lateral_differences_is_a_column, nothing_left),
      cmocka_unit_test_teardown(tissue_without_differences_is_a_single_cell, nothing_left),
      cmocka_unit_test_teardown(turned_or_mirrored_patch_heals_as_the_patch_does, nothing_left),
      cmocka_unit_test_teardown(amounts_stay_over_a_year_without_reactions, nothing_left),
      cmocka_unit_test_teardown(no_state_leads_below_nothing, nothing_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
