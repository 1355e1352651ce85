/* SPDX-License-Identifier: BSD-3-Clause
   When things happen in a course: against curves whose peaks, halves and ends are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "study/phase.h"

enum { ROWS = 9 };
static const enum nw_outcome key = NW_OUTCOME_fibroblast;
static const double time_of[ROWS] = {0, 1, 2.5, 3, 4, 6, 7, 9, 10};

/* A run that read `curve` at those times. */
static struct nw_run course(double (*curve)(double)) {
  struct nw_run run = {0};
  run.timeline.n_rows = ROWS;
  run.timeline.time = nw_allocate(ROWS, sizeof(double));
  run.timeline.value = nw_allocate(ROWS, sizeof *run.timeline.value);
  for (int i = 0; i < ROWS; i++) {
    run.timeline.time[i] = time_of[i];
    run.timeline.value[i][key] = curve(time_of[i]);
  }
  return run;
}

static double hump(double t) {
  return 3 + 25 - (t - 5) * (t - 5); /* 3 at the start, 28 at its top at 5 */
}

static double ramp(double t) {
  return 1 + 2 * fmin(t, 4);
}

static double tent(double t) {
  return t < 3 ? t : fmax(6 - t, 0);
}

static void peaks_lie_between_rows(void **state) {
  (void)state;
  struct nw_run run = course(hump);
  assert_float_equal(nw_phase_peak_time(&run, key, 10), 5, 1e-12); /* rows at 4 and 6 are alike */
  assert_float_equal(nw_phase_peak_time(&run, key, 3), 3, 1e-12);  /* still rising: the last row */
  nw_run_clear(&run);
  run = course(tent);
  const double peak = nw_phase_peak_time(&run, key, 10);
  assert_true(peak > 2.5 && peak < 4);
  nw_run_clear(&run);
}

static void shares_of_a_peak_and_of_a_gain(void **state) {
  (void)state;
  struct nw_run run = course(hump);
  /* the highest row, 24 above the first; linear between rows */
  assert_float_equal(nw_phase_of_peak(&run, key, 1, 10), 9.0 / 24, 1e-12);
  assert_float_equal(nw_phase_of_peak(&run, key, 10, 10), 0, 1e-12);
  assert_float_equal(nw_phase_of_gain(&run, key, 1, 3), 9.0 / 21, 1e-12);
  assert_float_equal(nw_phase_of_gain(&run, key, 0.5, 1), 0.5, 1e-12);
  nw_run_clear(&run);
}

static void half_of_a_gain(void **state) {
  (void)state;
  struct nw_run run = course(ramp);
  assert_float_equal(nw_phase_half_time(&run, key, 10), 2, 1e-12); /* 5 of 1 to 9 */
  assert_float_equal(nw_phase_half_time(&run, key, 3), 1.5, 1e-12);
  nw_run_clear(&run);
}

static void fading_after_the_peak(void **state) {
  (void)state;
  struct nw_run run = course(tent);
  /* down from 3: a tenth of it at 5.7, on the line from 2 at 4 to 0 at 6 */
  assert_float_equal(nw_phase_fade_time(&run, key, 0.1, 10), 5.7, 1e-12);
  assert_float_equal(nw_phase_fade_time(&run, key, 0.5, 10), 4.5, 1e-12);
  assert_float_equal(nw_phase_fade_time(&run, key, 0.1, 3), 3, 1e-12); /* not yet */
  nw_run_clear(&run);
}

static void an_empty_course_has_none(void **state) {
  (void)state;
  const struct nw_run run = {0};
  assert_true(isnan(nw_phase_peak_time(&run, key, 1)) && isnan(nw_phase_of_peak(&run, key, 1, 1)));
  assert_true(isnan(nw_phase_of_gain(&run, key, 1, 1)) && isnan(nw_phase_half_time(&run, key, 1)));
  assert_true(isnan(nw_phase_fade_time(&run, key, 0.1, 1)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(peaks_lie_between_rows),   cmocka_unit_test(shares_of_a_peak_and_of_a_gain),
      cmocka_unit_test(half_of_a_gain),           cmocka_unit_test(fading_after_the_peak),
      cmocka_unit_test(an_empty_course_has_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
