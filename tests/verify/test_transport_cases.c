/* SPDX-License-Identifier: BSD-3-Clause
   The calibration half of published absorption: the goals, and what the model gives today. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "validation/transport_cases.h"

enum { MOST = 200 };

static size_t predict_all(struct nw_transport_case *row) {
  const struct nw_params p = nw_params_default();
  const size_t count = nw_transport_case_count();
  assert_in_range(count, 90, MOST);
  for (size_t i = 0; i < count; i++)
    assert_true(nw_transport_case_at(&p, i, &row[i]));
  return count;
}

/* ---- score ---- */

enum { GROUPS = 17 };

struct score {
  double permeability; /* median |log_ratio| of the rows of C1 [1] */
  double rest;         /* median over the other cases, each by the median of its rows [1] */
  int groups;          /* cases that this median is of */
  int lags_missed, orders_missed, controls_missed;
};

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *value, size_t n) {
  if (n == 0) return NAN;
  qsort(value, n, sizeof *value, ascending);
  return n % 2 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

/* Controls say whether, not how much. */
static double group_median(const struct nw_transport_case *row, size_t count, int group) {
  double distance[MOST];
  size_t n = 0;
  for (size_t i = 0; i < count; i++)
    if (row[i].group == group && row[i].kind != NW_TRANSPORT_CONTROL) distance[n++] = fabs(row[i].log_ratio);
  return median(distance, n);
}

/* by_group (GROUPS) gets each case's median, NAN where there is none. */
static struct score score_of(const struct nw_transport_case *row, size_t count, double *by_group) {
  struct score score = {0};
  double rest[GROUPS];
  for (int g = 0; g < GROUPS; g++) {
    by_group[g] = group_median(row, count, g);
    if (g == 1) score.permeability = by_group[g];
    if (g != 1 && !isnan(by_group[g])) rest[score.groups++] = by_group[g];
  }
  score.rest = median(rest, (size_t)score.groups);
  for (size_t i = 0; i < count; i++) {
    if (row[i].kept) continue;
    score.lags_missed += row[i].kind == NW_TRANSPORT_LAG;
    score.controls_missed += row[i].kind == NW_TRANSPORT_CONTROL;
    score.orders_missed += row[i].kind == NW_TRANSPORT_AMOUNT;
  }
  return score;
}

static void cases_meet_the_goals_of_calibration(void **state) {
  (void)state;
  static struct nw_transport_case row[MOST];
  double group[GROUPS];
  const struct score score = score_of(row, predict_all(row), group);
  assert_true(score.permeability <= 0.6);
  assert_true(score.rest <= 0.45);
  assert_int_equal(score.groups, 15);
  assert_int_equal(score.lags_missed, 0);
  assert_int_equal(score.controls_missed, 0);
  /* copper through rat below copper through human skin: the peptide of the same study goes the other way */
  assert_int_equal(score.orders_missed, 1);
  for (int g = 1; g < GROUPS; g++)
    assert_true(group[g] >= 0 && group[g] <= 0.5);
}

/* To one and a half percent: a coefficient that moves shows here. */
static void cases_predict_what_they_did(void **state) {
  (void)state;
  static struct nw_transport_case row[MOST];
  static const struct {
    const char *id;
    double predicted;
  } known[] = {
      {"C1.2", 1.17e-08}, {"C1.7", 1.98e-06}, {"C1.11", 2.68e-06}, {"C2.1", 3.4e-08}, {"C2.4", 8.3e-07},
      {"C3.1", 0.452},    {"C3.2", 0.0354},   {"C4.1", 1.82},      {"C4.2", 1.26},    {"C5.1", 63.9},
      {"C5.3", 11.9},     {"C6.2", 0.327},    {"C6.13", 1.1},      {"C7.3", 710},     {"C7.9", 1.64e+03},
      {"C8.6", 30.7},     {"C9.1", 492},      {"C9.2", 40.6},      {"C10.2", 18.5},   {"C12.1", 0.191},
      {"C12.4", 0.254},   {"C16.1", 226},     {"C15.1", 2.57},
  };
  const size_t count = predict_all(row);
  for (size_t k = 0; k < NW_COUNT(known); k++) {
    bool found = false;
    for (size_t i = 0; i < count; i++) {
      if (strcmp(row[i].id, known[k].id) != 0) continue;
      found = true;
      if (fabs(row[i].predicted / known[k].predicted - 1) > 0.015)
        fail_msg("%s gives %g, gave %g", row[i].id, row[i].predicted, known[k].predicted);
    }
    assert_true(found);
  }
}

static void case_beyond_the_last_is_none(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_transport_case row;
  assert_false(nw_transport_case_at(&p, nw_transport_case_count(), &row));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cases_meet_the_goals_of_calibration),
      cmocka_unit_test(cases_predict_what_they_did),
      cmocka_unit_test(case_beyond_the_last_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
