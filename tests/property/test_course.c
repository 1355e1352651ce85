/* SPDX-License-Identifier: BSD-3-Clause
   What must be true of a course whatever the numbers are: nothing done changes nothing, two channels do
   twice what one does, symmetry stays, matrix does not vanish by arithmetic, threads and restarts do not
   change a bit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../treatment.h"
#include "healing/healing.h"
#include "healing/injury.h"
#include "healing/tissue.h"
#include "line_run.h"
#include "../cell_volume.h"

static const double day = 86400;

/* Replaces the device's injuries by channels at these places [mm], 0.8 mm deep, 50 um in radius. */
static void place(struct nw_run *run, size_t count, const double (*at)[2]) {
  assert_true(nw_grow(&run->injuries.item, &run->injuries.capacity, count, sizeof *run->injuries.item));
  run->injuries.count = count;
  for (size_t i = 0; i < count; i++)
    run->injuries.item[i] = (struct nw_injury){.kind = NW_INJURY_NEEDLE,
                                               .x = (float)(at[i][0] * 1e-3),
                                               .y = (float)(at[i][1] * 1e-3),
                                               .depth = 0.8e-3f,
                                               .core_radius = 50e-6f,
                                               .mouth_radius = 50e-6f,
                                               .open_radius = 50e-6f,
                                               .rim_radius = 100e-6f,
                                               .taper = 150e-6f};
}

static struct nw_case plain_case(double side_mm, double resolution_um) {
  struct nw_case c = treatment(NW_DEVICE_NONE, side_mm * 1e-3);
  c.patch.resolution = resolution_um * 1e-6;
  c.subject.ageing = false;
  c.subject.uv_dose = 0;
  c.course.follow_up = 28 * day;
  c.output.every = 7 * day;
  return c;
}

/* Runs a course with these channels; the caller finishes the run. */
static void course(struct nw_context *context, const struct nw_case *c, size_t count, const double (*at)[2],
                   bool single, struct nw_run *run) {
  assert_int_equal(treat(context, c, run), NW_OK);
  place(run, count, at);
  assert_int_equal(nw_healing_prepare(context, c, run, NW_PATCH, single), NW_OK);
  assert_int_equal(nw_healing_run(context, c, run, INFINITY, NULL), NW_OK);
}

static const struct nw_tissue_state *last(const struct nw_run *run) {
  return &run->tissue.item[run->tissue.count - 1];
}

static void no_needles_leave_young_skin_as_it_is(void **state) {
  struct nw_context *context = nw_context_create();
  struct nw_case c = plain_case(0.4, 50);
  struct nw_run run = {0};
  (void)state;
  c.course.follow_up = 365 * day;
  course(context, &c, 0, NULL, false, &run);
  const struct nw_tissue_state *first = &run.tissue.item[0], *end = last(&run);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    assert_true(fabs(end->papillary[f] - first->papillary[f]) <= 1e-3 * fmax(first->papillary[f], 1e-3));
    assert_true(fabs(end->reticular[f] - first->reticular[f]) <= 1e-3 * fmax(first->reticular[f], 1e-3));
  }
  assert_true(fabs(end->viable_epidermis / first->viable_epidermis - 1) < 1e-3);
  assert_true(fabs(end->tewl / first->tewl - 1) < 1e-3);
  assert_true(fabs((end->melanin[0] + end->melanin[1] + end->melanin[2]) /
                       (first->melanin[0] + first->melanin[1] + first->melanin[2]) -
                   1) < 1e-3);
  assert_true(run.tissue.count > 50);
  nw_run_clear(&run);
  nw_context_free(&context);
}

static void no_needles_leave_old_skin_to_age(void **state) {
  struct nw_context *context = nw_context_create();
  struct nw_case c = plain_case(0.4, 50);
  struct nw_run run = {0};
  (void)state;
  c.subject.ageing = true;
  c.subject.age = 60;
  c.subject.uv_dose = 0;
  c.course.follow_up = 365 * day;
  course(context, &c, 0, NULL, false, &run);
  const double lost =
      1 - nw_collagen_total(last(&run)->papillary) / nw_collagen_total(run.tissue.item[0].papillary);
  const double law =
      1 - nw_skin_collagen_at(&c.params, 61, 0, false) / nw_skin_collagen_at(&c.params, 60, 0, false);
  print_message("collagen lost in a year at 60: %.5f, by the law of ageing %.5f\n", lost, law);
  assert_true(law > 0.005 && law < 0.015);
  assert_true(fabs(lost / law - 1) < 0.1);
  assert_true(last(&run)->papillary[NW_FIELD_neutrophil] < 1e-6);
  nw_run_clear(&run);
  nw_context_free(&context);
}

static double gained(struct nw_context *context, const struct nw_case *c, size_t count,
                     const double (*at)[2]) {
  struct nw_run run = {0};
  course(context, c, count, at, false, &run);
  const double gain =
      nw_collagen_total(last(&run)->papillary) - nw_collagen_total(run.tissue.item[0].papillary);
  nw_run_clear(&run);
  return gain;
}

static void two_distant_channels_do_twice_what_one_does(void **state) {
  static const double at[][2] = {{0.65, 0.65}, {1.95, 1.95}};
  struct nw_context *context = nw_context_create();
  const struct nw_case c = plain_case(2.6, 50);
  (void)state;
  const double one = gained(context, &c, 1, at), two = gained(context, &c, 2, at);
  print_message("gain of one channel %.5f, of two %.5f, ratio %.4f\n", one, two, two / one);
  assert_true(one > 0);
  assert_true(two / one > 1.96 && two / one < 2.04);
  nw_context_free(&context);
}

static void turning_the_channels_turns_the_answer(void **state) {
  /* five channels that a reflection in the diagonal exchanges */
  static const double at[][2] = {{0.2, 0.5}, {0.5, 0.2}, {0.6, 0.6}, {0.3, 0.7}, {0.7, 0.3}};
  struct nw_context *context = nw_context_create();
  const struct nw_case c = plain_case(0.8, 25);
  struct nw_run run = {0};
  (void)state;
  course(context, &c, 5, at, false, &run);
  size_t n[3];
  const double *edge[3];
  nw_healing_grid(&run, n, edge);
  assert_int_equal(n[0], 32);
  assert_int_equal(n[1], 32);
  const struct nw_section *section = &run.pictures.item[run.pictures.count - 1];
  for (size_t y = 0; y < 32; y++)
    for (size_t x = 0; x < 32; x++) {
      assert_true(fabs(section->coverage[y * 32 + x] - section->coverage[x * 32 + y]) < 1e-6);
      assert_true(fabs(section->melanin[y * 32 + x] - section->melanin[x * 32 + y]) < 1e-5);
    }
  nw_run_clear(&run);
  nw_context_free(&context);
}

static void a_dense_pen_loses_no_matrix(void **state) {
  struct nw_context *context = nw_context_create();
  struct nw_case c = treatment(NW_DEVICE_PEN, 0.8e-3);
  struct nw_run run = {0};
  (void)state;
  c.subject.ageing = false;
  c.device.passes = 20; /* 7,200 punctures per cm2 at the default share of strokes that count */
  c.course.sessions = 2;
  c.course.interval = 28 * day;
  c.course.follow_up = 90 * day;
  assert_int_equal(treat(context, &c, &run), NW_OK);
  print_message("%.0f punctures per cm2\n", run.punctures.density * 1e-4);
  assert_true(run.punctures.density > 5000e4);
  assert_true(run.punctures.extrapolated);
  assert_int_equal(nw_healing_prepare(context, &c, &run, NW_PATCH, false), NW_OK);
  assert_int_equal(nw_healing_run(context, &c, &run, INFINITY, NULL), NW_OK);
  double least = INFINITY;
  const double start = nw_collagen_total(run.tissue.item[0].papillary);
  for (size_t i = 0; i < run.tissue.count; i++)
    least = fmin(least, nw_collagen_total(run.tissue.item[i].papillary) / start);
  print_message("least collagen %.3f, at the end %.3f\n", least,
                nw_collagen_total(last(&run)->papillary) / start);
  assert_true(least > 0.95);
  assert_true(nw_collagen_total(last(&run)->papillary) / start > 1.1);
  nw_run_clear(&run);
  nw_context_free(&context);
}

/* ---- the same bits ---- */

static const double few[][2] = {{0.13, 0.21}, {0.44, 0.36}};

static void compare_memory(struct nw_run *a, struct nw_run *b) {
  static struct nw_healing_memory one[400], other[400];
  const size_t count = nw_healing_memory(a, one, 400);
  assert_int_equal(count, nw_healing_memory(b, other, 400));
  assert_true(count > NW_FIELD_COUNT && count <= 400);
  for (size_t i = 0; i < count; i++) {
    assert_string_equal(one[i].name, other[i].name);
    assert_int_equal(one[i].bytes, other[i].bytes);
    assert_memory_equal(one[i].data, other[i].data, one[i].bytes);
  }
}

static void threads_do_not_change_a_bit(void **state) {
  struct nw_context *context = nw_context_create();
  const struct nw_case c = plain_case(0.6, 25);
  (void)state;
  for (int single = 0; single < 2; single++) {
    struct nw_run one = {0}, two = {0};
    nw_context_threads(context, 1);
    course(context, &c, 2, few, single, &one);
    nw_context_threads(context, 2);
    course(context, &c, 2, few, single, &two);
    compare_memory(&one, &two);
    nw_run_clear(&one);
    nw_run_clear(&two);
  }
  nw_context_free(&context);
}

/* Stopped between two outputs, copied block by block into a fresh run, and gone on. */
static void a_restart_does_not_change_a_bit(void **state) {
  static struct nw_healing_memory from[400], to[400];
  struct nw_context *context = nw_context_create();
  struct nw_case c = plain_case(0.6, 25);
  struct nw_run whole = {0}, first = {0}, second = {0};
  (void)state;
  c.course.sessions = 2;
  c.course.interval = 5 * day;
  c.course.follow_up = 9 * day;
  course(context, &c, 2, few, true, &whole);
  assert_int_equal(treat(context, &c, &first), NW_OK);
  place(&first, 2, few);
  assert_int_equal(nw_healing_prepare(context, &c, &first, NW_PATCH, true), NW_OK);
  assert_int_equal(nw_healing_run(context, &c, &first, 6.7, NULL), NW_OK);
  assert_true(last(&first)->time < 6.7 * day && last(&first)->time > 5 * day);
  assert_int_equal(treat(context, &c, &second), NW_OK);
  place(&second, 2, few);
  assert_int_equal(nw_healing_prepare(context, &c, &second, NW_PATCH, true), NW_OK);
  nw_healing_memory(&first, from, 400);
  nw_healing_memory(&second, to, 1);
  memcpy(to[0].data, from[0].data, from[0].bytes);
  assert_int_equal(nw_healing_restore_sizes(context, &second), NW_OK);
  const size_t count = nw_healing_memory(&second, to, 400);
  for (size_t i = 0; i < count; i++)
    memcpy(to[i].data, from[i].data, from[i].bytes);
  assert_int_equal(nw_healing_run(context, &c, &second, INFINITY, NULL), NW_OK);
  compare_memory(&whole, &second);
  nw_run_clear(&whole);
  nw_run_clear(&first);
  nw_run_clear(&second);
  nw_context_free(&context);
}

/* ---- injuries lie exactly ---- */

static void map_keeps_the_volume_of_channels(void **state) {
  struct nw_grid grid = {0};
  const struct nw_injury channel = {.kind = NW_INJURY_NEEDLE,
                                    .x = 0.3123e-3f,
                                    .y = 0.41e-3f,
                                    .depth = 0.9e-3f,
                                    .core_radius = 37e-6f,
                                    .rim_radius = 80e-6f};
  (void)state;
  nw_axis_create_uniform(&grid.axis[0], 32, 0.8);
  nw_axis_create_uniform(&grid.axis[1], 32, 0.8);
  nw_axis_create_graded(&grid.axis[2], NW_FLAT, 1.2, 0.01, 1.06, 0.05);
  const size_t cells = nw_grid_cells(&grid);
  double *core = nw_allocate(cells, sizeof *core), *rim = nw_allocate(cells, sizeof *rim);
  nw_injury_map_patch(&grid, &channel, 1, 0.1, core, rim);
  double volume = 0, rim_volume = 0;
  for (size_t i = 0; i < cells; i++) {
    const double v = cell_volume(&grid, i % 32, i / 32 % 32, i / 1024);
    volume += v * core[i];
    rim_volume += v * rim[i];
  }
  const double depth = 0.8, a = 0.037, b = 0.08;
  /* linear ramp from 1 at a to 0 at b: integral of 2 pi r (b - r) / (b - a) */
  const double ramp = NW_PI / (b - a) * (b * (b * b - a * a) - 2.0 / 3 * (b * b * b - a * a * a));
  print_message("core %.6f of %.6f, rim %.6f of %.6f\n", volume, NW_PI * a * a * depth, rim_volume,
                ramp * depth);
  assert_true(fabs(volume / (NW_PI * a * a * depth) - 1) < 1e-6);
  assert_true(fabs(rim_volume / (ramp * depth) - 1) < 0.02);
  /* two channels in the same place are one */
  const struct nw_injury twice[2] = {channel, channel};
  nw_injury_map_patch(&grid, twice, 2, 0.1, core, rim);
  double same = 0;
  for (size_t i = 0; i < cells; i++)
    same += cell_volume(&grid, i % 32, i / 32 % 32, i / 1024) * core[i];
  assert_true(fabs(same / volume - 1) < 2e-3); /* slivers that no sample sees count twice */
  nw_release(core);
  nw_release(rim);
  nw_grid_clear(&grid);
}

static void circle_and_rectangle_overlap_exactly(void **state) {
  (void)state;
  /* whole circle, half, quarter, none, a corner with a closed form, and the sum over a tiling */
  assert_true(fabs(nw_circle_rectangle_area(1, -2, 2, -2, 2) - NW_PI) < 1e-12);
  assert_true(fabs(nw_circle_rectangle_area(1, 0, 2, -2, 2) - NW_PI / 2) < 1e-12);
  assert_true(fabs(nw_circle_rectangle_area(1, 0, 2, 0, 2) - NW_PI / 4) < 1e-12);
  assert_true(nw_circle_rectangle_area(1, 0.8, 2, 0.8, 2) < 1e-12);
  const double half = 0.5, cap = NW_PI / 3 - half * sqrt(0.75); /* segment beyond x = 1/2 */
  assert_true(fabs(nw_circle_rectangle_area(1, half, 2, -2, 2) - cap) < 1e-12);
  assert_true(fabs(nw_circle_rectangle_area(1, -2, 2, -2, -half) - cap) < 1e-12);
  double sum = 0;
  for (int i = -4; i < 4; i++)
    for (int j = -4; j < 4; j++)
      sum += nw_circle_rectangle_area(1, 0.31 * i, 0.31 * (i + 1), 0.29 * j, 0.29 * (j + 1));
  assert_true(fabs(sum - NW_PI) < 1e-9);
}

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(circle_and_rectangle_overlap_exactly),
      cmocka_unit_test_teardown(map_keeps_the_volume_of_channels, nothing_left),
      cmocka_unit_test_teardown(no_needles_leave_young_skin_as_it_is, nothing_left),
      cmocka_unit_test_teardown(no_needles_leave_old_skin_to_age, nothing_left),
      cmocka_unit_test_teardown(two_distant_channels_do_twice_what_one_does, nothing_left),
      cmocka_unit_test_teardown(turning_the_channels_turns_the_answer, nothing_left),
      cmocka_unit_test_teardown(a_dense_pen_loses_no_matrix, nothing_left),
      cmocka_unit_test_teardown(threads_do_not_change_a_bit, nothing_left),
      cmocka_unit_test_teardown(a_restart_does_not_change_a_bit, nothing_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
