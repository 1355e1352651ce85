/* SPDX-License-Identifier: BSD-3-Clause
   The rule that carries a course over to another treatment, and the verdict beside a trial. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "picture/png.h"
#include "plan/plan.h"
#include "report/comparison.h"

static const double day = 86400;

static struct nw_plan *read_plan(struct nw_context *context, const char *text) {
  struct nw_plan *plan = NULL;
  assert_int_equal(nw_plan_parse(context, "test", text, strlen(text), &plan), NW_OK);
  return plan;
}

static struct nw_case *compile(struct nw_context *context, const struct nw_plan *plan) {
  struct nw_case *c = NULL;
  assert_int_equal(nw_case_create(context, plan, &c), NW_OK);
  return c;
}

static struct nw_course course_of(const char *text, const char *word) {
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = read_plan(context, text);
  struct nw_case *c = compile(context, plan);
  const struct nw_course course = nw_treatment_course(c, nw_treatment_find(word));
  nw_case_free(&c);
  nw_plan_free(&plan);
  nw_context_free(&context);
  return course;
}

static void same_last_day(const struct nw_course *course, double days) {
  assert_float_equal((course->sessions - 1) * course->interval + course->follow_up, days * day, 1);
}

static void test_sessions_move_apart_to_what_a_treatment_needs(void **state) {
  (void)state;
  static const char *const fortnightly =
      "device: {kind: pen}\ncourse: {sessions: 6, interval: 14 d, follow_up: 100 d, maintenance: 20 d}\n";
  struct nw_course c = course_of(fortnightly, "laser"); /* days 0, 30, 60 of 0 ... 70 */
  assert_int_equal(c.sessions, 3);
  assert_float_equal(c.interval, 30 * day, 1e-6);
  assert_float_equal(c.maintenance, 30 * day, 1e-6);
  same_last_day(&c, 170);
  c = course_of(fortnightly, "rf_needle"); /* days 0, 21, 42, 63 */
  assert_int_equal(c.sessions, 4);
  same_last_day(&c, 170);
}

static void test_a_course_slow_enough_stays(void **state) {
  (void)state;
  static const char *const words[] = {"peel", "none"};
  for (size_t i = 0; i < NW_COUNT(words); i++) {
    const struct nw_course c =
        course_of("device: {kind: pen}\ncourse: {sessions: 6, interval: 14 d, follow_up: 100 d}\n", words[i]);
    assert_int_equal(c.sessions, 6);
    assert_float_equal(c.interval, 14 * day, 1e-6);
    same_last_day(&c, 170);
  }
  const struct nw_course once =
      course_of("device: {kind: pen}\ncourse: {sessions: 1, follow_up: 100 d}\n", "laser");
  assert_int_equal(once.sessions, 1);
  same_last_day(&once, 100);
}

static void test_an_exactly_fitting_interval_loses_no_session(void **state) {
  (void)state;
  const struct nw_course c =
      course_of("device: {kind: pen}\ncourse: {sessions: 7, interval: 10 d, follow_up: 30 d}\n", "laser");
  assert_int_equal(c.sessions, 3); /* days 0, 30 and 60, the plan's last */
  assert_float_equal(c.follow_up, 30 * day, 1);
}

static void test_the_other_treatment_takes_nothing_of_the_device(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = read_plan(context,
                                   "subject: {age: 51 y}\n"
                                   "device: {kind: pen, needle_length: 2 mm, passes: 9, anaesthetic: "
                                   "strong_cream}\n");
  assert_int_equal(nw_plan_override(context, plan, "device.needle_length=2.5 mm"), NW_OK);
  struct nw_case *pen = compile(context, plan), *peel;
  assert_int_equal(nw_treatment_apply(context, plan, pen, nw_treatment_find("medium_peel")), NW_OK);
  peel = compile(context, plan);
  assert_float_equal(pen->device.needle_length, 2.5e-3, 1e-9);
  assert_int_equal(peel->device.kind, NW_DEVICE_PEEL);
  assert_int_equal(peel->device.peel.depth, NW_PEEL_MEDIUM);
  assert_float_equal(peel->device.needle_length, 250e-6, 1e-9); /* the library's depth of a medium peel */
  assert_int_equal(peel->device.passes, 1);
  assert_int_equal(peel->device.anaesthetic, NW_ANAESTHETIC_STRONG_CREAM);
  assert_float_equal(peel->subject.age, pen->subject.age, 0);
  nw_case_free(&pen);
  nw_case_free(&peel);
  nw_plan_free(&plan);
  nw_context_free(&context);
}

/* ---- beside trials ---- */

static struct nw_case laser = {.device.kind = NW_DEVICE_FRACTIONAL_ABLATIVE_LASER};
static struct nw_case needles = {.device.kind = NW_DEVICE_RF_NEEDLE};

/* Verdict on a row when laser and RF needles read these values of pain and PIH risk. */
static struct nw_head_to_head_result beside(const char *id, double first, double second) {
  char path[2][24] = {"pain_vas", "safety.pih_risk"};
  struct nw_summary_entry a[2] = {{path[0], true, first, NULL}, {path[1], true, first, NULL}},
                          b[2] = {{path[0], true, second, NULL}, {path[1], true, second, NULL}};
  struct nw_comparison_arm arm[] = {{.c = &laser, .results = {.entry = a, .n_entries = 2}},
                                    {.c = &needles, .results = {.entry = b, .n_entries = 2}}};
  const struct nw_comparison comparison = {.arm = arm, .n_arms = 2};
  for (const struct nw_head_to_head *row = nw_head_to_head_rows(); row->id; row++)
    if (!strcmp(row->id, id)) return nw_head_to_head_result(&comparison, row);
  fail_msg("no row %s", id);
  return (struct nw_head_to_head_result){0};
}

static void test_verdicts_beside_a_published_interval(void **state) {
  (void)state;
  assert_float_equal(beside("H2", 6.5, 4.4).predicted, 2.1, 1e-12); /* pain, published 1.90 to 2.37 */
  assert_int_equal(beside("H2", 6.5, 4.4).verdict, NW_TRIAL_INSIDE);
  assert_int_equal(beside("H2", 6.5, 5.5).verdict, NW_TRIAL_SAME_SIDE);
  assert_int_equal(beside("H2", 5.5, 6.5).verdict, NW_TRIAL_AGAINST);
  assert_int_equal(beside("H2", NAN, 6.5).verdict, NW_TRIAL_NOT_COMPARED);
  assert_float_equal(beside("H3", 0.2, 0.05).predicted, 4, 1e-12); /* ratio of risks, 2.39 to 8.26 */
  assert_int_equal(beside("H3", 0.2, 0.05).verdict, NW_TRIAL_INSIDE);
  assert_int_equal(beside("H3", 0.2, 0.1).verdict, NW_TRIAL_SAME_SIDE);
  assert_int_equal(beside("H3", 0.05, 0.2).verdict, NW_TRIAL_AGAINST);
  assert_int_equal(beside("H11", 1, 1).verdict, NW_TRIAL_NOT_COMPARED); /* no arm of plain needles */
}

/* ---- pictures ---- */

static struct nw_skin_file picture(struct nw_context *context, double time, bool treated) {
  struct nw_skin_file file = {.time = time, .treated = treated};
  struct nw_image image;
  assert_true(nw_png_image_create(&image, 8, 8));
  assert_int_equal(nw_png_encode(context, &image, &file.png), NW_OK);
  nw_png_image_free(&image);
  return file;
}

static size_t occurrences(const char *text, const char *word) {
  size_t n = 0;
  for (const char *at = text; at && (at = strstr(at, word)); at += strlen(word))
    n++;
  return n;
}

static void test_pictures_before_soon_after_and_at_the_end(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_skin_file file[] = {picture(context, 0, true), picture(context, 1, true),
                                picture(context, 90, true), picture(context, 90, false)};
  struct nw_comparison_arm arm[] = {
      {.label = "pen", .c = &needles, .results.skin = {.item = file, .count = NW_COUNT(file)}},
      {.label = "a < b", .c = &laser, .results.skin = {.item = file, .count = 1}}};
  const struct nw_comparison comparison = {.arm = arm, .n_arms = 2}, bare = {.arm = arm + 1, .n_arms = 1};
  struct nw_text out = {0};
  assert_int_equal(nw_comparison_skin(context, &comparison, &out), NW_OK);
  assert_int_equal(occurrences(out.data, "data:image/jpeg;base64,"), 1 + 2 * 2);
  assert_int_equal(occurrences(out.data, "<b>pen</b>"), 2);
  assert_int_equal(occurrences(out.data, "a &lt; b"), 4); /* name and caption, twice */
  nw_text_clear(&out);
  arm[1].results.skin.count = 0;
  assert_int_equal(nw_comparison_skin(context, &bare, &out), NW_OK);
  assert_int_equal(out.length, 0);
  for (size_t i = 0; i < NW_COUNT(file); i++)
    nw_text_clear(&file[i].png);
  nw_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sessions_move_apart_to_what_a_treatment_needs),
      cmocka_unit_test(test_a_course_slow_enough_stays),
      cmocka_unit_test(test_an_exactly_fitting_interval_loses_no_session),
      cmocka_unit_test(test_the_other_treatment_takes_nothing_of_the_device),
      cmocka_unit_test(test_verdicts_beside_a_published_interval),
      cmocka_unit_test(test_pictures_before_soon_after_and_at_the_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
