/* SPDX-License-Identifier: BSD-3-Clause
   Punctures of whole treatments against closed forms: density from motion, Poisson statistics, symmetry. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "../treatment.h"
#include "puncture/coverage.h"

static struct nw_context context = {.threads = 1};

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static struct nw_run struck(const struct nw_case *c) {
  struct nw_run run = {.c = c};
  assert_int_equal(nw_skin_run(&context, c, &run), NW_OK);
  assert_int_equal(nw_device_run(&context, c, &run), NW_OK);
  return run;
}

static double counted(const struct nw_case *c, double *announced) {
  struct nw_run run = struck(c);
  const double count = (double)run.strikes.count;
  *announced = run.strikes.density;
  forget(&run);
  return count / (c->patch.width * c->patch.height);
}

/* 192 needles on a drum of 20 mm x 20 mm: 15.28 per cm2 and pass, 229 after 15 passes. */
static void roller_density_follows_from_the_drum(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 150e-3);
  double announced;
  near(counted(&c, &announced), 229.2e4, 5e-3);
  near(announced, 229.18e4, 1e-4);
  c.device.passes = 1;
  near(counted(&c, &announced), 15.28e4, 0.02);
  near(announced, 15.279e4, 1e-4);
}

static void pen_density_follows_from_speed_and_frequency(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 60e-3);
  c.device.needle_count = 6;
  c.device.frequency = 100;
  c.device.glide_speed = 10e-3;
  c.device.head_width = 5e-3;
  c.device.passes = 1;
  c.params.stroke_fraction = 1;
  double announced;
  near(counted(&c, &announced), 1200e4, 0.01);
  near(announced, 1200e4, 1e-9);
  c.params.stroke_fraction = 0.25;
  near(counted(&c, &announced), 300e4, 0.03);
  near(announced, 300e4, 1e-9);
}

/* Small patches scatter, but not off the mean: 400 seeds on 2 x 2 mm. */
static void density_is_unbiased_on_small_patches(void **state) {
  (void)state;
  const enum nw_device_kind kind[] = {NW_DEVICE_ROLLER, NW_DEVICE_STAMP, NW_DEVICE_PEN,
                                      NW_DEVICE_FRACTIONAL_ABLATIVE_LASER};
  for (size_t k = 0; k < NW_COUNT(kind); k++) {
    struct nw_case c = treatment(kind[k], 2e-3);
    double sum = 0, announced = 0;
    for (c.patch.seed = 1; c.patch.seed <= 400; c.patch.seed++)
      sum += counted(&c, &announced);
    near(sum / 400, announced, 0.03);
  }
}

static void density_doubles_with_the_passes(void **state) {
  (void)state;
  for (int kind = NW_DEVICE_ROLLER; kind <= NW_DEVICE_PEN; kind++) {
    struct nw_case c = treatment((enum nw_device_kind)kind, 50e-3);
    double once, twice;
    c.device.passes = 3;
    const double n1 = counted(&c, &once);
    c.device.passes = 6;
    const double n2 = counted(&c, &twice);
    near(twice / once, 2, 1e-12);
    near(n2 / n1, 2, 0.02);
  }
}

/* Many passes at any angle are Poisson: area covered, overlap, nearest neighbour. */
static void many_roller_passes_are_poisson(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 80e-3);
  c.device.passes = 60;
  c.params.pass_direction_spread = NW_PI;
  struct nw_run run = {0};
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  const double n = run.punctures.density, d = 125e-6, x = n * NW_PI * d * d;
  near(run.punctures.covered_fraction, 1 - exp(-x / 4), 0.01);
  near(run.punctures.overlap_fraction, 1 - exp(-x), 0.02);
  struct nw_disc *disc = nw_allocate(run.punctures.count, sizeof *disc);
  for (size_t i = 0; i < run.punctures.count; i++)
    disc[i] = (struct nw_disc){run.punctures.item[i].x, run.punctures.item[i].y, 70.7e-6f};
  struct nw_coverage coverage;
  assert_int_equal(nw_coverage_measure(&context, disc, run.punctures.count, 80e-3, 80e-3, &coverage), NW_OK);
  near(coverage.nearest, 0.5 / sqrt(n), 0.02);
  nw_release(disc);
  forget(&run);
  forget_messages(&context);
}

/* Variance over mean of counts in squares of 5 mm: below one for one pass of a lattice, one for many. */
static double dispersion(const struct nw_case *c) {
  enum { SIDE = 16 };
  struct nw_run run = struck(c);
  double box[SIDE * SIDE] = {0}, mean = 0, square = 0;
  for (size_t i = 0; i < run.strikes.count; i++)
    box[(size_t)(run.strikes.item[i].y / 5e-3) * SIDE + (size_t)(run.strikes.item[i].x / 5e-3)]++;
  for (size_t i = 0; i < SIDE * SIDE; i++)
    mean += box[i] / (SIDE * SIDE);
  for (size_t i = 0; i < SIDE * SIDE; i++)
    square += (box[i] - mean) * (box[i] - mean) / (SIDE * SIDE - 1);
  forget(&run);
  return square / mean;
}

static void one_roller_pass_is_more_even_than_poisson(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 80e-3);
  c.device.passes = 1;
  assert_true(dispersion(&c) < 0.5);
}

struct point {
  float x, y;
};

static int by_place(const void *a, const void *b) {
  const struct point *p = a, *q = b;
  /* coarser than the rounding of a turn, finer than the distance of needles */
  const long px = lroundf(p->x * 1e7f), qx = lroundf(q->x * 1e7f);
  if (labs(px - qx) > 3) return px < qx ? -1 : 1;
  return (p->y > q->y) - (p->y < q->y);
}

/* Turned by a quarter about the middle of a square patch, the same treatment makes the turned pattern. */
static void turning_the_treatment_turns_the_punctures(void **state) {
  (void)state;
  for (int kind = NW_DEVICE_ROLLER; kind <= NW_DEVICE_PEN; kind++) {
    struct nw_case c = treatment((enum nw_device_kind)kind, 8e-3);
    struct nw_run straight = struck(&c);
    c.params.pass_direction += NW_PI / 2;
    struct nw_run turned = struck(&c);
    /* a needle on the very edge may fall to either side */
    assert_true(labs((long)straight.strikes.count - (long)turned.strikes.count) <= 2);
    const size_t n = straight.strikes.count;
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
      const float x = 8e-3f - straight.strikes.item[i].y, y = straight.strikes.item[i].x;
      for (size_t k = 0; k < turned.strikes.count; k++)
        if (hypotf(turned.strikes.item[k].x - x, turned.strikes.item[k].y - y) < 1e-8f) {
          found++;
          break;
        }
    }
    assert_true(found + 2 >= n && n > 50);
    forget(&straight);
    forget(&turned);
  }
}

/* A mirror-symmetric list gives mirror-symmetric injuries once chance is switched off. */
static void same_depth_everywhere_without_scatter(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_STAMP, 10e-3);
  c.params.reach_scatter = c.params.stamp_misplacement = c.params.pass_direction_spread = 0;
  c.device.passes = 1;
  struct nw_run run = {0};
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  assert_int_equal(run.injuries.count, 36);
  struct point *point = nw_allocate(36, sizeof *point);
  for (size_t i = 0; i < 36; i++) {
    assert_true(run.injuries.item[i].depth == run.injuries.item[0].depth);
    point[i] = (struct point){run.injuries.item[i].x, run.injuries.item[i].y};
  }
  qsort(point, 36, sizeof *point, by_place);
  for (size_t i = 0; i + 6 < 36; i++)
    near(point[i + 6].x - point[i].x, 10e-3 / 6, 1e-3);
  nw_release(point);
  forget(&run);
}

/* Other passes, sessions and seeds draw other numbers; the same ones the same. */
static void punctures_depend_on_the_seed_only(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 4e-3);
  c.course.sessions = 2;
  struct nw_run a = struck(&c), b = struck(&c);
  assert_int_equal(a.strikes.count, b.strikes.count);
  assert_memory_equal(a.strikes.item, b.strikes.item, a.strikes.count * sizeof *a.strikes.item);
  c.course.sessions = 5; /* later sessions do not disturb earlier ones */
  struct nw_run longer = struck(&c);
  assert_memory_equal(a.strikes.item, longer.strikes.item, a.strikes.count * sizeof *a.strikes.item);
  c.patch.seed++;
  struct nw_run other = struck(&c);
  assert_true(a.strikes.item[0].x != other.strikes.item[0].x);
  forget(&a), forget(&b), forget(&longer), forget(&other);
}

static void a_million_punctures_in_seconds(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 270e-3);
  const clock_t start = clock();
  struct nw_run run = {0};
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  print_message("%zu punctures in %.2f s\n", run.punctures.count, seconds);
  assert_true(run.punctures.count > 1000000);
  assert_true(seconds < 10);
  forget(&run);
  forget_messages(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(roller_density_follows_from_the_drum),
      cmocka_unit_test(pen_density_follows_from_speed_and_frequency),
      cmocka_unit_test(density_is_unbiased_on_small_patches),
      cmocka_unit_test(density_doubles_with_the_passes),
      cmocka_unit_test(many_roller_passes_are_poisson),
      cmocka_unit_test(one_roller_pass_is_more_even_than_poisson),
      cmocka_unit_test(turning_the_treatment_turns_the_punctures),
      cmocka_unit_test(same_depth_everywhere_without_scatter),
      cmocka_unit_test(punctures_depend_on_the_seed_only),
      cmocka_unit_test(a_million_punctures_in_seconds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
