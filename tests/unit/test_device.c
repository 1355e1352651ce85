/* SPDX-License-Identifier: BSD-3-Clause
   The device library, the motions, imported punctures, and devices that cannot exist. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../treatment.h"
#include "device/device_motion.h"
#include "plan/device_library.h"

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static enum nw_status strike(const struct nw_case *c, struct nw_run *run, struct nw_context *context) {
  run->c = c;
  NW_TRY(nw_skin_run(context, c, run));
  return nw_device_run(context, c, run);
}

static void default_of_each_kind_comes_from_the_row_of_its_name(void **state) {
  (void)state;
  const char *const word[] = {
      "roller", "stamp", "pen", "rf_needle", "fractional_ablative_laser", "fractional_nonablative_laser",
      "peel",   "none"};
  for (int kind = NW_DEVICE_ROLLER; kind <= NW_DEVICE_NONE; kind++) {
    struct nw_device named = nw_device_default(NW_DEVICE_NONE);
    assert_true(nw_device_preset(word[kind], &named));
    const struct nw_device device = nw_device_default((enum nw_device_kind)kind);
    assert_int_equal(device.kind, kind);
    assert_int_equal(named.kind, kind);
    assert_true(device.needle_length == named.needle_length && device.passes == named.passes);
    assert_true(device.sterile && device.preset == NULL);
  }
}

static void preset_is_in_SI_and_unknown_names_are_refused(void **state) {
  (void)state;
  struct nw_device d = nw_device_default(NW_DEVICE_PEN);
  assert_true(nw_device_preset("dermaroller_mf8", &d));
  assert_int_equal(d.kind, NW_DEVICE_ROLLER);
  near(d.needle_length, 1.5e-3, 1e-12);
  near(d.drum_diameter, 20e-3, 1e-12);
  assert_int_equal(d.needle_count, 192);
  assert_false(nw_device_preset("broom", &d));
  size_t n = 0;
  for (const char *const *name = nw_device_preset_names(); *name; name++, n++)
    assert_true(nw_device_preset(*name, &d));
  assert_true(n >= 15);
}

static void every_preset_makes_punctures(void **state) {
  (void)state;
  for (const char *const *name = nw_device_preset_names(); *name; name++) {
    struct nw_context context = {.threads = 1};
    struct nw_case c = treatment(NW_DEVICE_NONE, 10e-3);
    struct nw_run run = {0};
    assert_true(nw_device_preset(*name, &c.device));
    assert_int_equal(treat(&context, &c, &run), NW_OK);
    const bool whole_area = c.device.kind == NW_DEVICE_PEEL || c.device.kind == NW_DEVICE_NONE;
    assert_true(whole_area ? run.strikes.count == 0 : run.strikes.count > 5);
    if (c.device.kind == NW_DEVICE_PEEL) assert_int_equal(run.injuries.count, 1);
    forget(&run);
    forget_messages(&context);
  }
  assert_int_equal(nw_live_bytes(), 0);
}

static void roller_rows_space_needles_evenly(void **state) {
  (void)state;
  struct nw_device d = nw_device_default(NW_DEVICE_ROLLER);
  d.rows = 0;
  assert_int_equal(nw_roller_rows(&d), 8);
  d.rows = 4;
  assert_int_equal(nw_roller_rows(&d), 4);
  d.rows = 0;
  d.needle_count = 7;
  assert_int_equal(nw_roller_rows(&d), 1);
}

/* One pass lays a lattice: nearest neighbours at the row pitch of 2.5 mm along and 2.62 mm across. */
static void roller_pass_is_a_lattice(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 60e-3);
  struct nw_run run = {0};
  c.device.passes = 1;
  c.params.pass_direction_spread = 0;
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  size_t beside = 0, inner = 0;
  for (size_t i = 0; i < run.strikes.count; i++) {
    const struct nw_strike *a = &run.strikes.item[i];
    if (a->x > 55e-3f) continue;
    inner++;
    for (size_t k = 0; k < run.strikes.count; k++) {
      const struct nw_strike *b = &run.strikes.item[k];
      if (fabs(b->x - a->x - NW_PI * 20e-3 / 24) < 1e-6 && fabs(b->y - a->y) < 1e-6) beside++;
    }
  }
  assert_true(inner > 400);
  assert_int_equal(beside, inner);
  forget(&run);
}

/* Every second pass lies across the first, each off by at most the spread, and uses all of it. */
static void passes_cross_within_their_spread(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 10e-3);
  struct nw_run run = {0};
  c.device.passes = 200;
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  double most = 0;
  for (size_t i = 0; i < run.strikes.count; i++) {
    const struct nw_strike *s = &run.strikes.item[i];
    most = fmax(most, fabs(s->direction - s->pass * NW_PI / 2));
  }
  assert_true(most < 15.01 * NW_PI / 180 && most > 14.7 * NW_PI / 180);
  forget(&run);
}

/* Impacts of one needle scatter about their tiling by a tenth of the head. */
static void stamp_impacts_scatter_about_their_tiling(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_STAMP, 400e-3);
  struct nw_run run = {0};
  c.device.passes = c.device.needle_count = 1;
  c.device.head_width = 1.5e-3;
  c.params.pass_direction_spread = 0;
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  double cosine = 0, sine = 0; /* the first harmonic of the tiling falls by exp(-2 (pi s)^2) */
  for (size_t i = 0; i < run.strikes.count; i++) {
    cosine += cos(2 * NW_PI * run.strikes.item[i].x / 1.5e-3);
    sine += sin(2 * NW_PI * run.strikes.item[i].x / 1.5e-3);
  }
  const double left = hypot(cosine, sine) / (double)run.strikes.count;
  near(sqrt(-log(left) / 2) / NW_PI, 0.1, 0.02);
  forget(&run);
}

static void head_of_a_pen_has_two_rings(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_PEN, 1e-3);
  struct nw_head head = {0};
  c.device.needle_count = 100;
  assert_int_equal(nw_head_create(&context, &c, &head), NW_OK);
  int inner = 0;
  for (int i = 0; i < head.count; i++) {
    const double radius = hypot(head.x[i], head.y[i]);
    if (radius < 1.5e-3) inner++;
    near(radius, radius < 1.8e-3 ? 1.2e-3 : 2.4e-3, 1e-9);
  }
  assert_int_equal(inner, 33);
  nw_head_clear(&head);
  c.device.needle_count = 1;
  assert_int_equal(nw_head_create(&context, &c, &head), NW_OK);
  assert_true(head.x[0] == 0 && head.y[0] == 0);
  nw_head_clear(&head);
}

static void tearing_is_flagged_beyond_the_width_of_a_needle(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_PEN, 1e-3);
  struct nw_run run = {0};
  c.device.stroke = 1.39e-3; /* less than the reach: in the skin all the time */
  c.device.frequency = 100;
  c.device.glide_speed = 24.5e-3;
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  near(run.strikes.drag, 0.245e-3, 1e-9);
  assert_false(run.strikes.tearing);
  c.device.glide_speed = 25.5e-3;
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  assert_true(run.strikes.tearing);
  forget(&run);
}

static void session_count_and_times_include_upkeep(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 1e-3);
  const double day = 86400;
  c.course = (struct nw_course){
      .sessions = 3, .interval = 14 * day, .follow_up = 200 * day, .maintenance = 90 * day};
  assert_int_equal(nw_case_session_count(&c), 5);
  near(nw_case_session_time(&c, 2), 28 * day, 1e-12);
  near(nw_case_session_time(&c, 4), 208 * day, 1e-12);
  assert_true(nw_case_session_time(&c, 0) == 0);
  c.course.maintenance = 0;
  assert_int_equal(nw_case_session_count(&c), 3);
  c.course.sessions = 0;
  assert_int_equal(nw_case_session_count(&c), 0);
  c.experiment.present = true;
  assert_int_equal(nw_case_session_count(&c), 1);
}

static void run_without_needles_or_passes_leaves_the_list_empty(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_NONE, 5e-3);
  struct nw_run run = {0};
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  assert_int_equal(run.strikes.count + run.punctures.count + run.injuries.count, 0);
  assert_true(run.punctures.pain_vas == 0 && run.punctures.covered_fraction == 0);
  c = treatment(NW_DEVICE_PEN, 5e-3);
  c.device.passes = 0;
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  assert_int_equal(run.strikes.count + run.punctures.count + run.injuries.count, 0);
  forget(&run);
  assert_int_equal(nw_live_bytes(), 0);
}

struct impossible {
  enum nw_device_kind kind;
  void (*spoil)(struct nw_device *d);
  const char *key;
};
static void no_length(struct nw_device *d) {
  d->needle_length = 0;
}
static void endless(struct nw_device *d) {
  d->needle_length = NAN;
}
static void no_needles(struct nw_device *d) {
  d->needle_count = 0;
}
static void no_width(struct nw_device *d) {
  d->needle_diameter = -1;
}
static void fat_tip(struct nw_device *d) {
  d->tip_radius = d->needle_diameter;
}
static void odd_rows(struct nw_device *d) {
  d->rows = 7;
}
static void long_needles(struct nw_device *d) {
  d->needle_length = 11e-3;
}
static void full_drum(struct nw_device *d) {
  d->needle_count = 100000, d->rows = 100;
}
static void no_drum(struct nw_device *d) {
  d->drum_width = 0;
}
static void no_head(struct nw_device *d) {
  d->head_width = 0;
}
static void full_head(struct nw_device *d) {
  d->needle_count = 10000;
}
static void still(struct nw_device *d) {
  d->glide_speed = 0;
}
static void silent(struct nw_device *d) {
  d->frequency = 0;
}
static void no_stroke(struct nw_device *d) {
  d->stroke = 0;
}
static void backwards(struct nw_device *d) {
  d->passes = -1;
}

static void check_refuses_impossible_devices_with_the_reason(void **state) {
  (void)state;
  const struct impossible list[] = {
      {NW_DEVICE_PEN, no_length, "device.needle_length"},
      {NW_DEVICE_PEN, endless, "device.needle_length"},
      {NW_DEVICE_STAMP, no_needles, "device.needle_count"},
      {NW_DEVICE_PEN, no_width, "device.needle_diameter"},
      {NW_DEVICE_ROLLER, fat_tip, "device.tip_radius"},
      {NW_DEVICE_ROLLER, odd_rows, "device.rows"},
      {NW_DEVICE_ROLLER, long_needles, "device.needle_length"},
      {NW_DEVICE_ROLLER, full_drum, "device.needle_count"},
      {NW_DEVICE_ROLLER, no_drum, "device.drum_diameter"},
      {NW_DEVICE_STAMP, no_head, "device.head_width"},
      {NW_DEVICE_STAMP, full_head, "device.needle_count"},
      {NW_DEVICE_PEN, still, "device.glide_speed"},
      {NW_DEVICE_PEN, silent, "device.frequency"},
      {NW_DEVICE_PEN, no_stroke, "device.stroke"},
      {NW_DEVICE_PEN, backwards, "device.passes"},
  };
  for (size_t i = 0; i < NW_COUNT(list); i++) {
    struct nw_context context = {.threads = 1};
    struct nw_case c = treatment(list[i].kind, 2e-3);
    struct nw_run run = {0};
    list[i].spoil(&c.device);
    assert_int_equal(strike(&c, &run, &context), NW_BAD_PLAN);
    assert_int_equal(context.n_diagnostics, 1);
    assert_string_equal(context.diagnostics[0].key, list[i].key);
    assert_true(strlen(context.diagnostics[0].text) > 20);
    assert_int_equal(run.strikes.count, 0);
    forget(&run);
    forget_messages(&context);
  }
}

static void run_refuses_more_punctures_than_it_can_hold(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_PEN, 10);
  struct nw_run run = {0};
  assert_int_equal(strike(&c, &run, &context), NW_BAD_PLAN);
  assert_string_equal(context.diagnostics[0].key, "patch");
  forget_messages(&context);
}

static char *written(const char *text) {
  static char path[] = "/tmp/nw_device_XXXXXX";
  memcpy(path + sizeof path - 7, "XXXXXX", 6);
  const int file = mkstemp(path);
  assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
  close(file);
  return path;
}

static void import_places_the_listed_punctures(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
  struct nw_run run = {0};
  c.course.sessions = 2;
  c.device.punctures_file = written("x_mm,y_mm,reach_um\n0.5,1.5,300\n2.5,1,\n1,2,900\n");
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  assert_int_equal(run.punctures.count, 6);
  near(run.punctures.item[0].x, 0.5e-3, 1e-6);
  near(run.punctures.item[3].y, 1.5e-3, 1e-6);
  near(run.punctures.item[0].reach, 300e-6, 1e-6);
  near(run.punctures.item[5].reach, 900e-6, 1e-6);
  assert_true(run.punctures.item[1].reach > 0.8e-3f && run.punctures.item[1].reach < 1.7e-3f);
  near(run.punctures.density, 3 / 9e-6, 1e-9);
  assert_int_equal(run.punctures.item[3].session, 1);
  unlink(c.device.punctures_file);
  forget(&run);
  forget_messages(&context);
}

static void import_counts_sessions_and_passes_from_one(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
  struct nw_run run = {0};
  c.course.sessions = 2;
  c.device.punctures_file = written("session,pass,x_mm,y_mm\n1,1,1,1\n1,2,2,1\n2,1,1,2\n3,1,2,2\n");
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  assert_int_equal(run.strikes.count, 3);
  assert_int_equal(run.strikes.item[0].session, 0);
  assert_int_equal(run.strikes.item[1].pass, 1);
  assert_int_equal(run.strikes.item[2].session, 1);
  assert_int_equal(context.n_diagnostics, 1); /* one belongs to no session */
  assert_int_equal(context.diagnostics[0].severity, NW_WARNING);
  unlink(c.device.punctures_file);
  forget(&run);
  forget_messages(&context);
}

static void import_refuses_what_lies_outside(void **state) {
  (void)state;
  const char *const bad[] = {"x_mm,y_mm\n5,1\n", "x_mm,y_mm\n1,-0.1\n", "x_mm\n1\n", "x_mm,y_mm\nleft,1\n"};
  for (size_t i = 0; i < NW_COUNT(bad); i++) {
    struct nw_context context = {.threads = 1};
    struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
    struct nw_run run = {0};
    c.device.punctures_file = written(bad[i]);
    assert_int_equal(strike(&c, &run, &context), NW_BAD_PLAN);
    assert_true(context.n_diagnostics > 0);
    unlink(c.device.punctures_file);
    forget(&run);
    forget_messages(&context);
  }
}

/* A word in place of a number was once read as if the cell were empty. */
static void import_tells_every_mistake_at_its_cell(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
  struct nw_run run = {0};
  c.device.punctures_file = written(
      "session,pass,x_mm,y_mm,angle_deg,reach_um\n"
      "one,1,1,1,0,300\n1,1e30,1,1,0,300\n1,0,1,1,0,300\n1,1,1,1,steep,300\n"
      "1,1,1,1,1e9,300\n1,1.5,1,1,0,-5\n1,1,3,1,,\n1,1,2.9,1,,\n");
  static const int at[][2] = {{2, 1}, {3, 3}, {4, 3}, {5, 9}, {6, 9}, {7, 3}, {7, 13}, {8, 5}};
  assert_int_equal(strike(&c, &run, &context), NW_BAD_PLAN);
  assert_int_equal(context.n_diagnostics, NW_COUNT(at));
  for (size_t i = 0; i < NW_COUNT(at); i++) {
    assert_int_equal(context.diagnostics[i].line, at[i][0]);
    assert_int_equal(context.diagnostics[i].column, at[i][1]);
  }
  unlink(c.device.punctures_file);
  forget(&run);
  forget_messages(&context);
}

static void import_of_an_array_sets_the_density(void **state) {
  (void)state;
  struct nw_context context = {.threads = 1};
  struct nw_case c = treatment(NW_DEVICE_STAMP, 20e-3);
  struct nw_run run = {0};
  c.device.passes = 1;
  c.device.array_file = written("x_mm,y_mm\n-2,0\n0,0\n2,0\n");
  assert_int_equal(strike(&c, &run, &context), NW_OK);
  near(run.strikes.density, 3 / 1e-4, 1e-9);
  unlink(c.device.array_file);
  forget(&run);
  forget_messages(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(default_of_each_kind_comes_from_the_row_of_its_name),
      cmocka_unit_test(preset_is_in_SI_and_unknown_names_are_refused),
      cmocka_unit_test(every_preset_makes_punctures),
      cmocka_unit_test(roller_rows_space_needles_evenly),
      cmocka_unit_test(roller_pass_is_a_lattice),
      cmocka_unit_test(passes_cross_within_their_spread),
      cmocka_unit_test(stamp_impacts_scatter_about_their_tiling),
      cmocka_unit_test(head_of_a_pen_has_two_rings),
      cmocka_unit_test(tearing_is_flagged_beyond_the_width_of_a_needle),
      cmocka_unit_test(session_count_and_times_include_upkeep),
      cmocka_unit_test(run_without_needles_or_passes_leaves_the_list_empty),
      cmocka_unit_test(check_refuses_impossible_devices_with_the_reason),
      cmocka_unit_test(run_refuses_more_punctures_than_it_can_hold),
      cmocka_unit_test(import_places_the_listed_punctures),
      cmocka_unit_test(import_counts_sessions_and_passes_from_one),
      cmocka_unit_test(import_refuses_what_lies_outside),
      cmocka_unit_test(import_tells_every_mistake_at_its_cell),
      cmocka_unit_test(import_of_an_array_sets_the_density),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
