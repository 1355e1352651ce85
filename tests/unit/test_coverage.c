/* SPDX-License-Identifier: BSD-3-Clause
   The union of discs, their overlap and their distances on a periodic patch. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../treatment.h"
#include "puncture/coverage.h"
#include "base/random.h"

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static struct nw_coverage measure(struct nw_disc *disc, size_t n, double side) {
  struct nw_context context = {.threads = 1};
  struct nw_coverage coverage;
  assert_int_equal(nw_coverage_measure(&context, disc, n, side, side, &coverage), NW_OK);
  return coverage;
}

static void measure_of_nothing_is_nothing(void **state) {
  (void)state;
  const struct nw_coverage none = measure(NULL, 0, 1);
  assert_true(none.covered == 0 && none.overlapped == 0 && isnan(none.nearest));
}

static void measure_one_disc_also_across_the_joined_sides(void **state) {
  (void)state;
  const float at[] = {0.5f, 0.0f, 0.999f, 0.03f};
  for (size_t i = 0; i < NW_COUNT(at); i++) {
    struct nw_disc disc = {at[i], at[i], 0.2f};
    const struct nw_coverage one = measure(&disc, 1, 1);
    near(one.covered, NW_PI * 0.01, 2e-3);
    assert_true(one.overlapped == 0 && isnan(one.nearest));
  }
}

/* Two circles of radius r at distance d: the lens has area 2 r^2 acos(d/2r) - d/2 sqrt(4 r^2 - d^2). */
static void measure_two_overlapping_discs(void **state) {
  (void)state;
  struct nw_disc disc[] = {{0.95f, 0.5f, 0.2f}, {0.05f, 0.5f, 0.2f}};
  const double r = 0.1, d = 0.1, lens = 2 * r * r * acos(d / (2 * r)) - d / 2 * sqrt(4 * r * r - d * d);
  const struct nw_coverage two = measure(disc, 2, 1);
  near(two.covered, 2 * NW_PI * r * r - lens, 2e-3);
  near(two.nearest, 0.1, 1e-5);
  assert_true(two.overlapped == 1);
}

static void measure_touching_discs_do_not_overlap(void **state) {
  (void)state;
  struct nw_disc disc[] = {{0.25f, 0.5f, 0.25f}, {0.5625f, 0.5f, 0.25f}, {0.5625f, 0.25f, 0.5f}};
  const struct nw_coverage three = measure(disc, 3, 1);
  near(three.overlapped, 2.0 / 3, 1e-12);
}

static void measure_equal_discs_in_one_place_cover_once(void **state) {
  (void)state;
  struct nw_disc disc[100];
  for (size_t i = 0; i < 100; i++)
    disc[i] = (struct nw_disc){0.3f, 0.7f, 0.1f};
  const struct nw_coverage all = measure(disc, 100, 1);
  near(all.covered, NW_PI * 0.0025, 2e-3);
  assert_true(all.overlapped == 1 && all.nearest == 0);
}

/* A disc wider than the patch covers it; none covers nothing. */
static void measure_extremes(void **state) {
  (void)state;
  struct nw_disc wide = {0.5f, 0.5f, 3}, thin = {0.5f, 0.5f, 0};
  near(measure(&wide, 1, 1).covered, 1, 1e-9);
  assert_true(measure(&thin, 1, 1).covered == 0);
  const double side = 1.1; /* as a float it is longer */
  struct nw_disc crowd[64];
  for (size_t i = 0; i < 64; i++)
    crowd[i] = (struct nw_disc){(float)(side * ((double)(i % 8) + 0.5) / 8),
                                (float)(side * ((double)(i / 8) + 0.5) / 8), 1};
  const double covered = measure(crowd, 64, side).covered;
  assert_true(covered <= 1 && covered > 1 - 1e-7);
}

/* Random places against the closed forms of the Poisson process, within three standard errors. */
static void measure_random_discs_like_poisson(void **state) {
  (void)state;
  enum { COUNT = 20000 };
  struct nw_disc *disc = nw_allocate(COUNT, sizeof *disc);
  const double diameter = 0.005, x = COUNT * NW_PI * diameter * diameter;
  for (uint64_t i = 0; i < COUNT; i++)
    disc[i] = (struct nw_disc){(float)nw_random_uniform(1, NW_STREAM_DEVICE, i, 0),
                               (float)nw_random_uniform(1, NW_STREAM_DEVICE, i, 1), (float)diameter};
  const struct nw_coverage random = measure(disc, COUNT, 1);
  near(random.covered, 1 - exp(-x / 4), 0.01);
  near(random.overlapped, 1 - exp(-x), 0.01);
  near(random.nearest, 0.5 / sqrt(COUNT), 0.015);
  nw_release(disc);
  assert_int_equal(nw_live_bytes(), 0);
}

/* A crowd of wide discs, and one in a single place, cost no more than a crowd of thin ones: pair by pair this
   would be 1e10 distances. Against all pairs of a smaller crowd of many sizes. */
static void measure_crowds_in_a_moment(void **state) {
  (void)state;
  enum { COUNT = 100000, FEW = 300 };
  struct nw_disc *disc = nw_allocate(COUNT, sizeof *disc);
  for (uint64_t i = 0; i < COUNT; i++)
    disc[i] = (struct nw_disc){(float)nw_random_uniform(1, NW_STREAM_DEVICE, i, 0),
                               (float)nw_random_uniform(1, NW_STREAM_DEVICE, i, 1), 0.2f};
  const double start = nw_seconds_now();
  const struct nw_coverage wide = measure(disc, COUNT, 1);
  assert_true(wide.overlapped == 1);
  near(wide.nearest, 0.5 / sqrt(COUNT), 0.015);
  for (size_t i = 0; i < COUNT; i++)
    disc[i] = (struct nw_disc){0.3f, 0.7f, 0.2f};
  assert_true(measure(disc, COUNT, 1).nearest == 0);
  assert_true(nw_seconds_now() - start < 30);

  for (uint64_t i = 0; i < FEW; i++)
    disc[i] = (struct nw_disc){(float)nw_random_uniform(2, NW_STREAM_DEVICE, i, 0),
                               (float)nw_random_uniform(2, NW_STREAM_DEVICE, i, 1), i % 50 ? 0.001f : 0.15f};
  double sum = 0, overlapped = 0;
  for (size_t i = 0; i < FEW; i++) {
    double nearest = 2;
    bool overlaps = false;
    for (size_t j = 0; j < FEW; j++) {
      const double dx = fabs((double)disc[i].x - disc[j].x), dy = fabs((double)disc[i].y - disc[j].y);
      const double apart = hypot(fmin(dx, 1 - dx), fmin(dy, 1 - dy));
      if (i != j) nearest = fmin(nearest, apart);
      overlaps |= i != j && apart < 0.5 * ((double)disc[i].diameter + disc[j].diameter);
    }
    sum += nearest;
    overlapped += overlaps;
  }
  assert_in_range((int)overlapped, 20, FEW - 20);
  const struct nw_coverage mixed = measure(disc, FEW, 1);
  near(mixed.nearest, sum / FEW, 1e-9);
  near(mixed.overlapped, overlapped / FEW, 1e-9);
  nw_release(disc);
  assert_int_equal(nw_live_bytes(), 0);
}

static void measure_reports_a_lack_of_memory(void **state) {
  (void)state;
  for (size_t n = 1; n <= 5; n++) {
    struct nw_context context = {.threads = 1};
    struct nw_disc disc[] = {{0.1f, 0.1f, 0.1f}, {0.5f, 0.5f, 0.1f}};
    struct nw_coverage coverage;
    nw_allocation_fail_at(n);
    const enum nw_status status = nw_coverage_measure(&context, disc, 2, 1, 1, &coverage);
    nw_allocation_fail_at(0);
    assert_int_equal(status, NW_MEMORY);
    forget_messages(&context);
    assert_int_equal(nw_live_bytes(), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(measure_of_nothing_is_nothing),
      cmocka_unit_test(measure_one_disc_also_across_the_joined_sides),
      cmocka_unit_test(measure_two_overlapping_discs),
      cmocka_unit_test(measure_touching_discs_do_not_overlap),
      cmocka_unit_test(measure_equal_discs_in_one_place_cover_once),
      cmocka_unit_test(measure_extremes),
      cmocka_unit_test(measure_random_discs_like_poisson),
      cmocka_unit_test(measure_crowds_in_a_moment),
      cmocka_unit_test(measure_reports_a_lack_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
