/* SPDX-License-Identifier: BSD-3-Clause
   All claims, judged once on the examples and once on skin that nobody touches; without ensembles. */
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

#include "base/data.h"
#include "io/claims_json.h"
#include "plan/plan.h"
#include "claims/claims.h"
#include "validation/evidence.h"

static struct nw_claims standard, untouched;
static char untouched_plan[] = "/tmp/needlework-claims-XXXXXX";

static enum nw_status judge(const char *plan, const char *const *set, size_t n_set, enum nw_reach farthest,
                            struct nw_claims *claims) {
  struct nw_context *context = nw_context_create();
  const struct nw_scenario_options options = {
      .plan_path = plan, .set = set, .n_set = n_set, .farthest = farthest};
  nw_context_threads(context, 2);
  const enum nw_status status = nw_claims_run(context, &options, claims);
  for (size_t i = 0; i < nw_context_message_count(context); i++)
    print_message("%s\n", nw_context_message(context, i));
  nw_context_free(&context);
  return status;
}

static int judge_both(void **state) {
  (void)state;
  const int file = mkstemp(untouched_plan);
  static const char text[] = "device: {kind: none}\ncourse: {sessions: 2, follow_up: 30 d}\n";
  if (write(file, text, sizeof text - 1) != (ssize_t)sizeof text - 1) return -1;
  close(file);
  if (judge(NULL, NULL, 0, NW_REACH_COURSE, &standard) != NW_OK) return -1;
  return judge(untouched_plan, NULL, 0, NW_REACH_COURSE, &untouched) == NW_OK ? 0 : -1;
}

static int clear_both(void **state) {
  (void)state;
  unlink(untouched_plan);
  nw_claims_clear(&standard);
  nw_claims_clear(&untouched);
  return nw_live_bytes() == 0 ? 0 : -1;
}

static const struct nw_claim *claim(const struct nw_claims *claims, const char *id) {
  for (size_t i = 0; i < claims->count; i++)
    if (!strcmp(claims->item[i].row->id, id)) return &claims->item[i];
  fail_msg("no claim %s", id);
  return NULL;
}

static void all_claims_are_judged(void **state) {
  (void)state;
  static const char ids[] =
      "D1 D2 D3 D4 D5 D6 B1 B2 B3 B4 B5 B6 B7 B12 B8 B9 B10 B11 P1 P2 "
      "O1 O2 O3 O4 O5 O6 O7 O9 O8 C1 C2 C3 C4 S1 S2 S3 A1 K1 T1";
  char copy[sizeof ids];
  size_t n = 0;
  memcpy(copy, ids, sizeof ids);
  for (char *id = strtok(copy, " "); id; id = strtok(NULL, " "), n++)
    assert_non_null(claim(&standard, id));
  assert_int_equal(n, 39);
  assert_int_equal(standard.count, n);
  for (size_t i = 0; i < standard.count; i++) {
    const struct nw_claim *c = &standard.item[i];
    assert_true(c->prediction.n_values > 0 && c->prediction.n_parts > 0);
    assert_in_range(c->weighing.grade, 1, 5);
    assert_int_not_equal(c->simulated, NW_SIMULATED_NOTHING);
    size_t finite = 0;
    for (size_t k = 0; k < c->prediction.n_values; k++)
      finite += isfinite(c->prediction.value[k].reading.value);
    if (2 * finite < c->prediction.n_values) fail_msg("%s: most values are missing", c->row->id);
  }
}

static void every_scenario_of_the_examples_runs(void **state) {
  (void)state;
  for (size_t i = 0; i < standard.scenarios.n_variants; i++)
    if (!nw_variant_done(&standard.scenarios.variant[i]))
      fail_msg("%s: %s", standard.scenarios.variant[i].settings, standard.scenarios.variant[i].problem);
}

/* The plan that a claim names is among those that were run for it, and the program carries it. */
static void every_claim_names_an_example(void **state) {
  (void)state;
  for (size_t i = 0; i < standard.count; i++) {
    char name[96];
    size_t length;
    snprintf(name, sizeof name, "examples/%s.yaml", standard.item[i].row->plan);
    if (!nw_data_find(name, &length)) fail_msg("%s is not carried", name);
  }
}

/* Evidence against a promise shows in its verdict: elastin, sebum, pores, dark marks, downtime, aftercare. */
static void honest_where_evidence_is_against_or_missing(void **state) {
  (void)state;
  static const char *const not_supported[] = {"B3", "B5", "B7", "B12", "O1", "O5", "B9",
                                              "C2", "S1", "K1", "A1",  "S3", "P2", "D3"};
  for (size_t i = 0; i < NW_COUNT(not_supported); i++)
    if (claim(&standard, not_supported[i])->verdict == NW_SUPPORTED)
      fail_msg("%s is supported", not_supported[i]);
  assert_int_equal(claim(&standard, "S3")->n_evidence, 0);
  assert_int_equal(claim(&standard, "S3")->weighing.published, NW_TRIALS_NOTHING);
  assert_int_equal(claim(&standard, "A1")->weighing.published, NW_TRIALS_REMOTE);
  assert_true(claim(&standard, "B5")->weighing.studies_against > 0);
  assert_true(claim(&standard, "C2")->weighing.studies_against > 0);
}

/* Whether a claim ("B4") is among those that a row of published evidence names. */
static bool speaks_to(const struct nw_evidence *row, const char *claim) {
  const size_t n = strlen(claim);
  for (const char *at = row->claims; (at = strstr(at, claim)); at += n)
    if ((at == row->claims || at[-1] == ' ') && (!at[n] || at[n] == ' ')) return n > 0;
  return false;
}

/* Every row of the table that names a claim is weighed for it: nothing is left out in silence. */
static void every_row_is_weighed(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_evidence_table table = {0};
  assert_int_equal(nw_evidence_builtin(context, &table), NW_OK);
  size_t pairs = 0;
  for (size_t r = 0; r < table.count; r++)
    for (size_t i = 0; i < standard.count; i++) {
      const struct nw_claim *c = &standard.item[i];
      if (!speaks_to(&table.row[r], c->row->id)) continue;
      bool found = false;
      for (size_t k = 0; k < c->n_evidence; k++)
        found =
            found || (c->evidence[k].kind == NW_SOURCE_TRIAL && !strcmp(c->evidence[k].id, table.row[r].id));
      if (!found) fail_msg("%s does not weigh %s", c->row->id, table.row[r].id);
      pairs++;
    }
  assert_in_range(pairs, 165, 400);
  nw_evidence_clear(&table);
  nw_context_free(&context);
}

/* What is called direct is a treatment of people with needles alone. */
static void direct_means_needles_alone(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_evidence_table table = {0};
  assert_int_equal(nw_evidence_builtin(context, &table), NW_OK);
  for (size_t i = 0; i < standard.count; i++)
    for (size_t k = 0; k < standard.item[i].n_evidence; k++) {
      const struct nw_claim_evidence *e = &standard.item[i].evidence[k];
      if (e->kind != NW_SOURCE_TRIAL || e->bearing != NW_DIRECT) continue;
      const struct nw_evidence *row = nw_evidence_find(&table, e->id);
      if (!strncmp(row->device, "rf", 2) || e->grade > 3)
        fail_msg("%s: %s (%s, grade %d) is no direct evidence", standard.item[i].row->id, e->id, row->device,
                 e->grade);
    }
  nw_evidence_clear(&table);
  nw_context_free(&context);
}

/* Without a device nothing follows: parts of a promise of effect do not hold. */
static void device_none_makes_effects_vanish(void **state) {
  (void)state;
  static const char *const effect[] = {"D1",  "D4", "D6", "B2", "B3", "B4", "B5", "B7", "B12", "B9",
                                       "B11", "O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8",  "S1"};
  for (size_t i = 0; i < NW_COUNT(effect); i++) {
    const struct nw_claim *c = claim(&untouched, effect[i]), *s = claim(&standard, effect[i]);
    assert_string_equal(c->plan, untouched_plan);
    for (size_t k = 0; k < c->prediction.n_parts; k++) {
      const struct nw_claim_part *part = &c->prediction.part[k];
      const bool harmless = strstr(part->text, "at most") || strstr(part->text, "controlled");
      if (part->result == NW_PART_HOLDS && !harmless)
        fail_msg("%s: \"%s\" without a device", effect[i], part->text);
      if (part->result == NW_PART_OPPOSITE)
        fail_msg("%s: \"%s\": opposite without a device", effect[i], part->text);
    }
    assert_int_not_equal(c->verdict, NW_SUPPORTED);
    assert_int_equal(c->weighing.published, s->weighing.published); /* the evidence is what it is */
  }
}

static void settings_reach_the_predictions(void **state) {
  (void)state;
  static const char *const long_needles[] = {"device.kind=pen", "device.needle_length=2 mm",
                                             "course.sessions=1"};
  struct nw_claims other = {0};
  assert_int_equal(judge(untouched_plan, long_needles, NW_COUNT(long_needles), NW_REACH_PUNCTURES, &other),
                   NW_OK);
  const struct nw_claim *c = claim(&other, "D1");
  assert_string_equal(c->prediction.value[1].name, "depth, mean");
  assert_in_range((size_t)c->prediction.value[1].reading.value, 1500, 2200); /* um, of 2 mm */
  assert_int_equal(claim(&untouched, "D1")->simulated, NW_SIMULATED_NOT);
  assert_int_equal(c->simulated, NW_SIMULATED_SO);
  nw_claims_clear(&other);
}

static void mistakes_of_the_plan_are_told(void **state) {
  (void)state;
  struct nw_claims none = {0};
  static const char *const wrong[] = {"device.pases=3"};
  assert_int_equal(judge(untouched_plan, wrong, 1, NW_REACH_PUNCTURES, &none), NW_BAD_PLAN);
  nw_claims_clear(&none);
  assert_int_equal(judge("/nowhere/plan.yaml", NULL, 0, NW_REACH_PUNCTURES, &none), NW_IO);
  nw_claims_clear(&none);
}

static void json_has_the_contract(void **state) {
  (void)state;
  static const char *const key[] = {"\"id\"",    "\"claim\"", "\"prediction\"", "\"evidence\"",
                                    "\"study\"", "\"value\"", "\"grade\"",      "\"verdict\""};
  struct nw_context *context = nw_context_create();
  struct nw_text text = {0};
  assert_int_equal(nw_claims_text(context, &standard, &text), NW_OK);
  assert_int_equal(text.data[0], '[');
  for (size_t i = 0; i < NW_COUNT(key); i++)
    assert_non_null(strstr(text.data, key[i]));
  nw_text_clear(&text);
  nw_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_claims_are_judged),
      cmocka_unit_test(every_scenario_of_the_examples_runs),
      cmocka_unit_test(every_claim_names_an_example),
      cmocka_unit_test(honest_where_evidence_is_against_or_missing),
      cmocka_unit_test(every_row_is_weighed),
      cmocka_unit_test(direct_means_needles_alone),
      cmocka_unit_test(device_none_makes_effects_vanish),
      cmocka_unit_test(settings_reach_the_predictions),
      cmocka_unit_test(mistakes_of_the_plan_are_told),
      cmocka_unit_test(json_has_the_contract),
  };
  return cmocka_run_group_tests(tests, judge_both, clear_both);
}
