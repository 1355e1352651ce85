/* SPDX-License-Identifier: BSD-3-Clause
   The verdict: what each side says, and the table that joins them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "claims/verdict.h"

static const double mixed = 0.2;

static enum nw_simulated parts(const char *letters) {
  enum nw_part_result part[8] = {NW_PART_HOLDS};
  size_t n = 0;
  for (; letters[n]; n++)
    part[n] = letters[n] == 'h'   ? NW_PART_HOLDS
              : letters[n] == 'o' ? NW_PART_OPPOSITE
              : letters[n] == 'u' ? NW_PART_UNKNOWN
                                  : NW_PART_FAILS;
  return nw_verdict_simulated(part, n);
}

static void simulated_counts_known_parts(void **state) {
  (void)state;
  assert_int_equal(parts(""), NW_SIMULATED_NOTHING);
  assert_int_equal(parts("uu"), NW_SIMULATED_NOTHING);
  assert_int_equal(parts("hh"), NW_SIMULATED_SO);
  assert_int_equal(parts("hu"), NW_SIMULATED_SO);
  assert_int_equal(parts("hf"), NW_SIMULATED_IN_PART);
  assert_int_equal(parts("ho"), NW_SIMULATED_IN_PART);
  assert_int_equal(parts("ff"), NW_SIMULATED_NOT);
  assert_int_equal(parts("of"), NW_SIMULATED_NOT);
}

static struct nw_weighed item(const char *study, enum nw_stance stance, enum nw_bearing bearing, int grade) {
  return (struct nw_weighed){study, stance, bearing, grade};
}

static void nothing_direct_is_nothing_or_remote(void **state) {
  (void)state;
  struct nw_weighing w = nw_verdict_weigh(NULL, 0, mixed);
  assert_int_equal(w.published, NW_TRIALS_NOTHING);
  assert_int_equal(w.grade, 5);
  const struct nw_weighed context[] = {item("a", NW_FOR, NW_CONTEXT, 1)};
  assert_int_equal(nw_verdict_weigh(context, 1, mixed).published, NW_TRIALS_NOTHING);
  const struct nw_weighed remote[] = {item("a", NW_FOR, NW_INDIRECT, 1)};
  w = nw_verdict_weigh(remote, 1, mixed);
  assert_int_equal(w.published, NW_TRIALS_REMOTE);
  assert_int_equal(w.grade, 5); /* a randomised trial of something else grades nothing here */
}

static void one_series_is_weak_one_trial_is_not(void **state) {
  (void)state;
  const struct nw_weighed series[] = {item("a", NW_FOR, NW_DIRECT, 3)};
  const struct nw_weighed trial[] = {item("a", NW_FOR, NW_DIRECT, 2)};
  const struct nw_weighed doubt[] = {item("a", NW_AGAINST, NW_DIRECT, 3)};
  const struct nw_weighed refuted[] = {item("a", NW_AGAINST, NW_DIRECT, 1)};
  assert_int_equal(nw_verdict_weigh(series, 1, mixed).published, NW_TRIALS_WEAK);
  assert_int_equal(nw_verdict_weigh(trial, 1, mixed).published, NW_TRIALS_FOR);
  assert_int_equal(nw_verdict_weigh(doubt, 1, mixed).published, NW_TRIALS_DOUBTED);
  assert_int_equal(nw_verdict_weigh(refuted, 1, mixed).published, NW_TRIALS_AGAINST);
}

static void a_study_counts_once_on_each_side(void **state) {
  (void)state;
  const struct nw_weighed rows[] = {item("a", NW_FOR, NW_DIRECT, 3), item("a", NW_FOR, NW_DIRECT, 3),
                                    item("a", NW_FOR, NW_DIRECT, 3)};
  struct nw_weighing w = nw_verdict_weigh(rows, 3, mixed);
  assert_int_equal(w.studies_for, 1);
  assert_int_equal(w.published, NW_TRIALS_WEAK);
  const struct nw_weighed both[] = {item("a", NW_FOR, NW_DIRECT, 3), item("a", NW_AGAINST, NW_DIRECT, 3)};
  w = nw_verdict_weigh(both, 2, mixed);
  assert_int_equal(w.studies_for, 1);
  assert_int_equal(w.studies_against, 1);
  assert_int_equal(w.published, NW_TRIALS_DIVIDED);
}

/* Nine series for (weight 3) against one trial (weight 1) is a quarter; thirteen are less than a fifth. */
static void weight_follows_the_grade(void **state) {
  (void)state;
  static const char *const name[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};
  struct nw_weighed rows[NW_COUNT(name) + 1];
  rows[0] = item("trial", NW_AGAINST, NW_DIRECT, 1);
  for (size_t i = 0; i < NW_COUNT(name); i++)
    rows[i + 1] = item(name[i], NW_FOR, NW_DIRECT, 3);
  struct nw_weighing w = nw_verdict_weigh(rows, 10, mixed);
  assert_float_equal(w.against, 0.25, 1e-12);
  assert_int_equal(w.published, NW_TRIALS_DIVIDED);
  assert_int_equal(w.grade, 1);
  w = nw_verdict_weigh(rows, 14, mixed);
  assert_int_equal(w.published, NW_TRIALS_FOR);
  for (size_t i = 0; i < NW_COUNT(rows); i++)
    rows[i].stance = rows[i].stance == NW_FOR ? NW_AGAINST : NW_FOR;
  assert_int_equal(nw_verdict_weigh(rows, 14, mixed).published, NW_TRIALS_AGAINST);
}

/* The simulation never lifts a claim above what was published, and evidence against is never overruled. */
static void trials_decide(void **state) {
  (void)state;
  for (enum nw_simulated s = NW_SIMULATED_SO; s <= NW_SIMULATED_NOTHING; s++) {
    assert_int_equal(nw_verdict_of(s, NW_TRIALS_AGAINST), NW_CONTRADICTED);
    assert_int_equal(nw_verdict_of(s, NW_TRIALS_NOTHING), NW_UNPROVEN);
    assert_int_equal(nw_verdict_of(s, NW_TRIALS_REMOTE), NW_UNPROVEN);
    for (enum nw_trials_say p = NW_TRIALS_FOR; p <= NW_TRIALS_NOTHING; p++) {
      const bool supported = nw_verdict_of(s, p) == NW_SUPPORTED;
      assert_int_equal(supported, p == NW_TRIALS_FOR && s == NW_SIMULATED_SO);
    }
  }
  assert_int_equal(nw_verdict_of(NW_SIMULATED_IN_PART, NW_TRIALS_FOR), NW_PARTLY);
  assert_int_equal(nw_verdict_of(NW_SIMULATED_NOT, NW_TRIALS_DIVIDED), NW_UNPROVEN);
  assert_int_equal(nw_verdict_of(NW_SIMULATED_NOT, NW_TRIALS_DOUBTED), NW_CONTRADICTED);
  assert_string_equal(nw_verdict_name(NW_CONTRADICTED), "contradicted");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(simulated_counts_known_parts),
      cmocka_unit_test(nothing_direct_is_nothing_or_remote),
      cmocka_unit_test(one_series_is_weak_one_trial_is_not),
      cmocka_unit_test(a_study_counts_once_on_each_side),
      cmocka_unit_test(weight_follows_the_grade),
      cmocka_unit_test(trials_decide),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
