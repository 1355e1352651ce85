/* SPDX-License-Identifier: BSD-3-Clause
   The table of evidence: what the program carries, and what it says about somebody else's table. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "validation/evidence.h"

#define HEADER                                                                                             \
  "id,claim_id,study,doi_or_pmcid,population,site,device,needle_length_mm,needles_or_density,"             \
  "passes_or_endpoint,sessions,interval_days,adjunct,outcome,time_days_from_first_session,baseline,value," \
  "unit,sd_or_ci,change_pct,evidence_level,notes\n"

static void own_table_is_whole(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_evidence_table t;
  assert_int_equal(nw_evidence_builtin(context, &t), NW_OK);
  assert_int_equal(nw_context_message_count(context), 0);
  assert_int_equal(t.count, 165);
  const struct nw_evidence *e = nw_evidence_find(&t, "E116");
  assert_non_null(e);
  assert_string_equal(e->outcome, "Goodman-Baron grade");
  assert_float_equal(e->time, 84, 0);
  assert_float_equal(e->baseline.value, 3.29, 0);
  assert_float_equal(e->value.value, 2.23, 0);
  assert_float_equal(e->change.value, -32.2, 0);
  assert_float_equal(e->sessions.value, 12, 0);
  assert_float_equal(e->interval.value, 7, 0);
  assert_int_equal(e->level, 3);
  assert_true(isnan(e->needle_length.value));
  assert_null(nw_evidence_find(&t, "E999"));
  nw_evidence_clear(&t);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void numbers_in_words(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double value, low, high, rounding;
  } known[] = {
      {"3", 3, 3, 3, 0.5},
      {"-0.86", -0.86, -0.86, -0.86, 0.005},
      {"1.1-2", 1.55, 1.1, 2, 0.05},
      {"-0.44 to -0.20", -0.32, -0.44, -0.2, 0.005},
      {"up to 2.5", 2.5, 2.5, 2.5, 0.05},
      {"~0.3 depth", 0.3, 0.3, 0.3, 0.05},
      {"1-6 (mean 2.5)", 3.5, 1, 6, 0.5},
      {"60\xe2\x80\x93"
       "80",
       70, 60, 80, 0.5},
      {"1e3", 1000, 1000, 1000, 0},
      {"5.", 5, 5, 5, 0.5},
      {"", NAN, NAN, NAN, 0},
      {"every 2 weeks", NAN, NAN, NAN, 0},
      {"-", NAN, NAN, NAN, 0},
      {".", NAN, NAN, NAN, 0},
      {"p<0.05", NAN, NAN, NAN, 0},
      {"\xe2\x88\x92"
       "18.2",
       -18.2, -18.2, -18.2, 0.05},
      {"\xe2\x88\x92"
       "0.44 to \xe2\x88\x92"
       "0.20",
       -0.32, -0.44, -0.2, 0.005},
      {"Up to 7 days", 7, 7, 7, 0.5},
      {"at least 50%", 50, 50, 50, 0.5},
      {"\xe2\x89\xa5"
       "75",
       75, 75, 75, 0.5},
      {"\xe2\x80\x93", NAN, NAN, NAN, 0},
  };
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    const struct nw_evidence_number n = nw_evidence_number(known[i].text);
    if (isnan(known[i].value)) {
      assert_true(isnan(n.value) && isnan(n.low) && isnan(n.high));
      continue;
    }
    assert_float_equal(n.value, known[i].value, 1e-12);
    assert_float_equal(n.low, known[i].low, 0);
    assert_float_equal(n.high, known[i].high, 0);
    assert_float_equal(n.rounding, known[i].rounding, 1e-12);
  }
}

static void mistakes_are_said_all_at_once(void **state) {
  (void)state;
  static const char text[] = HEADER
      "A1,B4,s,d,p,face,pen,1.5,,,4,30,none,collagen,180,,,,,53,3,\n"
      "A1,B4,s,d,p,face,pen,1.5,,,4,30,none,,soon,,,,,53,9,\n"
      ",B4,s,d,p,face,pen,99,,,4,30,none,collagen,-3,,,,,53,,\n";
  static const char *const wanted[] = {
      "t.csv:3:39: error: time_days_from_first_session: 'soon' is no time; wants days since the first "
      "session from 0 to 36500, or "
      "nothing",
      "t.csv:3:51: error: evidence_level: '9' is no grade; wants 1 (randomised) to 5 (in vitro)",
      "t.csv:3:1: error: id: A1 is the id of line 2 already",
      "t.csv:3:38: error: outcome: a row needs an outcome",
      "t.csv:4:20: error: needle_length_mm: 99 is not within 0 to 20 mm",
      "t.csv:4:44: error: time_days_from_first_session: '-3' is no time; wants days since the first session "
      "from 0 to 36500, or "
      "nothing",
      "t.csv:4:1: error: id: a row needs an id",
  };
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  struct nw_evidence_table t;
  assert_int_equal(nw_csv_parse(context, "t.csv", text, strlen(text), &csv), NW_OK);
  assert_true(nw_evidence_is(&csv));
  assert_int_equal(nw_evidence_from(context, &csv, &t), NW_BAD_PLAN);
  assert_int_equal(nw_context_message_count(context), NW_COUNT(wanted));
  for (size_t i = 0; i < NW_COUNT(wanted); i++)
    assert_string_equal(nw_context_message(context, i), wanted[i]);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static enum nw_status read_table(struct nw_context *context, const char *text, struct nw_evidence_table *t) {
  struct nw_csv csv;
  assert_int_equal(nw_csv_parse(context, "t.csv", text, strlen(text), &csv), NW_OK);
  return nw_evidence_from(context, &csv, t);
}

static void units_behind_numbers_count(void **state) {
  (void)state;
  static const char text[] = HEADER
      "A1,,s,,,face,pen,1500 um,,,4,4 weeks,none,collagen,12 weeks,,2/30 (7%),,,,3,\n"
      "A2,,s,,,face,pen,0.15 cm,,,4,2-4 wk,none,collagen,48 hrs,,,,,,3,\n"
      "A3,,s,,,face,pen,~0.3 depth,,,4,28 d,none,collagen,84 (week 12),,,,,,3,\n"
      "A4,,s,,,face,pen,1.5 (mm),,,4,monthly,none,collagen,2 (weeks),,,,,,3,\n";
  static const double known[][3] = {{1.5, 28, 84}, {1.5, 21, 2}, {0.3, 28, 84}, {1.5, NAN, 14}};
  struct nw_context *context = nw_context_create();
  struct nw_evidence_table t;
  assert_int_equal(read_table(context, text, &t), NW_OK);
  for (size_t i = 0; i < NW_COUNT(known); i++) {
    assert_true(fabs(t.row[i].needle_length.value - known[i][0]) < 1e-12);
    if (isfinite(known[i][1])) assert_true(fabs(t.row[i].interval.value - known[i][1]) < 1e-12);
    assert_true(fabs(t.row[i].time - known[i][2]) < 1e-12);
  }
  assert_string_equal(t.row[0].value_text, "2/30 (7%)");
  assert_true(fabs(t.row[1].interval.low - 14) < 1e-12);
  assert_string_equal(nw_evidence_behind("up to 7 days"), "days");
  assert_string_equal(nw_evidence_behind("1.1-2 x"), "x");
  assert_string_equal(nw_evidence_behind("none"), "none");
  assert_string_equal(nw_evidence_unit("24 to 72 hrs", "d"), "h");
  assert_string_equal(nw_evidence_unit("\xc2\xb5m", "mm"), "um");
  assert_null(nw_evidence_unit("months", "d"));
  assert_null(nw_evidence_unit("h", "mm"));
  nw_evidence_clear(&t);
  nw_context_free(&context);
}

static void numbers_that_mean_something_else_are_mistakes(void **state) {
  (void)state;
  static const char text[] = HEADER
      "A1,,s,,,face,pen,1.5,,,4,1 month,none,collagen,3 months,,,,,,3,\n"
      "A2,,s,,,face,pen,\"1,5\",,,4,28,none,collagen,\"1,5\",\"3,2\",\"1,234\",,,\"-32,5\",3,\n"
      "A3,,s,,,face,pen,1.5,,,4,28,none,collagen,28 days after the last,,,,,,3,\n";
  static const char *const wanted[] = {
      "t.csv:2:26: error: interval_days: '1 month' is no time; wants days, or h, d or weeks behind the "
      "number",
      "t.csv:2:48: error: time_days_from_first_session: '3 months' is no time; wants days since the first "
      "session from 0 to 36500, or nothing",
      "needle_length_mm: '1,5' has a comma inside a number; decimals have a point",
      "baseline: '3,2' has a comma",
      "value: '1,234' has a comma",
      "change_pct: '-32,5' has a comma",
      "time_days_from_first_session: '1,5' is no time",
      "error: time_days_from_first_session: '28 days after the last' is no time",
  };
  struct nw_context *context = nw_context_create();
  struct nw_evidence_table t;
  assert_int_equal(read_table(context, text, &t), NW_BAD_PLAN);
  assert_int_equal(nw_context_message_count(context), NW_COUNT(wanted));
  for (size_t i = 0; i < NW_COUNT(wanted); i++)
    if (!strstr(nw_context_message(context, i), wanted[i])) fail_msg("%s", nw_context_message(context, i));
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(own_table_is_whole),
      cmocka_unit_test(numbers_in_words),
      cmocka_unit_test(mistakes_are_said_all_at_once),
      cmocka_unit_test(units_behind_numbers_count),
      cmocka_unit_test(numbers_that_mean_something_else_are_mistakes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
