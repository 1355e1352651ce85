/* SPDX-License-Identifier: BSD-3-Clause
   Injuries on a grid keep their volume, whatever the cells: tapering columns, holes in shells, peels. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "healing/injury.h"
#include "../cell_volume.h"

static const double junction = 0.1; /* [mm] */

struct maps {
  struct nw_grid grid;
  double *core, *rim, *hole;
};

/* 0.8 mm x 0.6 mm x 1.2 mm; cells that are not square. */
static struct maps maps(size_t nx, size_t ny) {
  struct maps m = {0};
  nw_axis_create_uniform(&m.grid.axis[0], nx, 0.8);
  nw_axis_create_uniform(&m.grid.axis[1], ny, 0.6);
  nw_axis_create_graded(&m.grid.axis[2], NW_FLAT, 1.2, 0.01, 1.1, 0.05);
  const size_t cells = nw_grid_cells(&m.grid);
  m.core = nw_allocate(cells, sizeof(double));
  m.rim = nw_allocate(cells, sizeof(double));
  m.hole = nw_allocate(cells, sizeof(double));
  assert_true(m.core && m.rim && m.hole);
  return m;
}

static void done(struct maps *m) {
  nw_release(m->core);
  nw_release(m->rim);
  nw_release(m->hole);
  nw_grid_clear(&m->grid);
  assert_int_equal(nw_live_bytes(), 0);
}

static double volume(const struct maps *m, const double *share) {
  const size_t nx = m->grid.axis[0].n, ny = m->grid.axis[1].n;
  double sum = 0;
  for (size_t i = 0; i < nw_grid_cells(&m->grid); i++)
    sum += share[i] * cell_volume(&m->grid, i % nx, i / nx % ny, i / (nx * ny));
  return sum;
}

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

/* Shaft of radius a down to the tip at d, the last t of it a cone, below the junction [mm3]. */
static double shaft(double a, double d, double t) {
  return NW_PI * a * a * (d - t - junction + t / 3);
}

static const struct nw_injury column = {.kind = NW_INJURY_THERMAL,
                                        .x = 0.4123e-3f,
                                        .y = 0.31e-3f,
                                        .depth = 0.85e-3f,
                                        .core_radius = 0.11e-3f,
                                        .rim_radius = 0.16e-3f,
                                        .taper = 0.425e-3f,
                                        .mouth_radius = 0.11e-3f,
                                        .open_radius = 0.06e-3f,
                                        .hole_depth = 0.7e-3f};

static void map_keeps_the_volume_of_laser_columns(void **state) {
  (void)state;
  static const size_t sides[][2] = {{32, 24}, {30, 16}, {16, 30}};
  for (size_t k = 0; k < NW_COUNT(sides); k++) {
    struct maps m = maps(sides[k][0], sides[k][1]);
    nw_injury_map_patch(&m.grid, &column, 1, junction, m.core, m.rim);
    nw_injury_map_holes(&m.grid, &column, 1, junction, m.core, m.hole);
    near(volume(&m, m.core), shaft(0.11, 0.85, 0.425), 1e-6);
    near(volume(&m, m.hole), shaft(0.06, 0.7, 0.35), 1e-6);
    for (size_t i = 0; i < nw_grid_cells(&m.grid); i++)
      assert_true(m.hole[i] >= 0 && m.hole[i] <= m.core[i] && m.core[i] + m.rim[i] <= 1 + 1e-9);
    done(&m);
  }
}

static void mouths_keep_the_area_of_discs(void **state) {
  (void)state;
  struct maps m = maps(32, 20);
  const double cell = 0.8 * 0.6 / (32 * 20);
  double mouth[32 * 20], open[32 * 20], sum = 0, opened = 0;
  nw_injury_mouths(&m.grid, &column, 1, mouth);
  nw_injury_openings(&m.grid, &column, 1, open);
  for (size_t i = 0; i < NW_COUNT(mouth); i++) {
    sum += cell * mouth[i];
    opened += cell * open[i];
  }
  near(sum, NW_PI * 0.11 * 0.11, 1e-6);
  near(opened, NW_PI * 0.06 * 0.06, 1e-6);
  struct nw_injury lid = column;
  lid.open_radius = 0;
  nw_injury_openings(&m.grid, &lid, 1, open);
  for (size_t i = 0; i < NW_COUNT(open); i++)
    assert_true(open[i] == 0);
  done(&m);
}

/* 250 um through an epidermis of 100 um: 150 um of dermis, and harm that fades over 30 um. */
static void peel_takes_what_lies_above_its_depth(void **state) {
  (void)state;
  struct maps m = maps(8, 6);
  const double area = 0.8 * 0.6, tail = 0.03;
  nw_injury_map_peel(&m.grid, 0.25, tail, junction, m.core, m.rim);
  near(volume(&m, m.core), area * 0.15, 1e-9);
  near(volume(&m, m.rim), area * tail * -expm1(-0.25 / tail), 1e-6);
  nw_injury_map_peel(&m.grid, 0.08, tail, junction, m.core, m.rim);
  assert_true(volume(&m, m.core) == 0);
  near(volume(&m, m.rim), area * tail * exp(-0.02 / tail) * -expm1(-0.08 / tail), 1e-6);
  nw_injury_map_peel(&m.grid, 0, tail, junction, m.core, m.rim);
  assert_true(volume(&m, m.core) == 0 && volume(&m, m.rim) == 0);
  done(&m);
}

/* The unit cell's one layer holds as much as the layers of a patch over the same depth. */
static void peel_in_one_layer_is_the_mean_of_many(void **state) {
  (void)state;
  double core, rim, a, b, sum = 0, harm = 0;
  nw_injury_peel(0.25, 0.03, 0.1, 0.5, &core, &rim);
  for (int k = 0; k < 40; k++) {
    nw_injury_peel(0.25, 0.03, 0.1 + 0.01 * k, 0.11 + 0.01 * k, &a, &b);
    sum += a / 40;
    harm += b / 40;
  }
  near(core, 0.375, 1e-9);
  near(sum, core, 1e-9);
  near(harm, rim, 1e-9);
}

/* r-z unit cell of radius 0.4 mm, 1.2 mm deep. */
static void cell_grid(struct nw_grid *grid) {
  double edge[41];
  for (size_t i = 0; i <= 40; i++)
    edge[i] = 0.01 * (double)i;
  assert_true(nw_axis_create(&grid->axis[0], NW_RADIAL, 40, edge));
  assert_true(nw_axis_create_single(&grid->axis[1]));
  assert_true(nw_axis_create_graded(&grid->axis[2], NW_FLAT, 1.2, 0.01, 1.1, 0.05));
}

static double volume_of(const struct nw_grid *grid, const double *share) {
  const size_t n = grid->axis[0].n;
  double sum = 0;
  for (size_t i = 0; i < nw_grid_cells(grid); i++)
    sum += share[i] * 2 * NW_PI * cell_volume(grid, i % n, 0, i / n); /* a radial axis counts per radian */
  return sum;
}

/* Shafts of two depths: the cell holds the mean of their volumes, layer by layer what reaches there. */
static void a_unit_cell_holds_the_mean_of_its_columns(void **state) {
  struct nw_grid grid = {0};
  struct nw_injury two[2] = {column, column};
  (void)state;
  two[1].depth = 0.7e-3f;
  cell_grid(&grid);
  double *core = nw_allocate(nw_grid_cells(&grid), sizeof *core);
  double *rim = nw_allocate(nw_grid_cells(&grid), sizeof *rim);
  nw_injury_map_cell(&grid, two, 2, junction, 0, core, rim);
  const double a = column.core_radius * 1e3, t = column.taper * 1e3;
  near(volume_of(&grid, core), 0.5 * (shaft(a, column.depth * 1e3, t) + shaft(a, 0.7, t)), 1e-6);
  const size_t n = grid.axis[0].n;
  near(core[0], 1, 1e-6);
  size_t deep = 0;
  while (grid.axis[2].edge[deep] + junction < 0.7)
    deep++;
  near(core[deep * n], 0.5, 1e-6);
  for (size_t i = 0; i < nw_grid_cells(&grid); i++)
    assert_true(core[i] >= 0 && rim[i] >= 0 && core[i] + rim[i] <= 1 + 1e-9);
  nw_release(core);
  nw_release(rim);
  nw_grid_clear(&grid);
  assert_int_equal(nw_live_bytes(), 0);
}

/* Discs by chance cover 1 - exp(-share); clear of each other all of it; nothing covers more than there is. */
static void overlap_is_that_of_chance(void **state) {
  (void)state;
  near(nw_injury_covered(0.3, 1), 1 - exp(-0.3), 1e-12);
  near(nw_injury_covered(0.3, 0), 0.3, 1e-12);
  near(nw_injury_covered(1.7, 0), 1, 1e-12);
  assert_true(nw_injury_covered(0.3, 2) < nw_injury_covered(0.3, 1));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_unit_cell_holds_the_mean_of_its_columns),
      cmocka_unit_test(overlap_is_that_of_chance),
      cmocka_unit_test(map_keeps_the_volume_of_laser_columns),
      cmocka_unit_test(mouths_keep_the_area_of_discs),
      cmocka_unit_test(peel_takes_what_lies_above_its_depth),
      cmocka_unit_test(peel_in_one_layer_is_the_mean_of_many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
