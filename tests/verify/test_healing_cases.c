/* SPDX-License-Identifier: BSD-3-Clause
   Published courses of healing: every row has a prediction read from a run, and the rows feel the laws
   behind them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "validation/healing_cases.h"

static struct nw_validation run(const struct nw_params *p) {
  struct nw_validation list = {0};
  struct nw_context *context = nw_context_create();
  assert_int_equal(nw_healing_cases_run(context, p, &list), NW_OK);
  nw_context_free(&context);
  return list;
}

static const struct nw_validation_case *find(const struct nw_validation *list, const char *id) {
  for (size_t i = 0; i < list->count; i++)
    if (!strcmp(list->item[i].id, id)) return &list->item[i];
  fail_msg("no row %s", id);
  return NULL;
}

static void rows_have_a_prediction_and_hold_what_was_published(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_validation list = run(&p);
  assert_true(list.count >= 50);
  for (size_t i = 0; i < list.count; i++) {
    const struct nw_validation_case *c = &list.item[i];
    print_message("%-5s %-66s published %8.4g predicted %8.4g %s%s\n", c->id, c->quantity, c->published,
                  c->predicted, c->unit, c->inside ? "" : " OUTSIDE");
    assert_true(isfinite(c->predicted));
    assert_true(c->low <= c->published && c->published <= c->high);
    for (size_t k = 0; k < i; k++)
      assert_string_not_equal(c->id, list.item[k].id);
  }
  assert_true((double)list.inside >= 0.75 * (double)list.count);
  nw_validation_clear(&list);
}

/* A bent law must show in the rows that speak of it, and in no row of another matter. */
static void rows_feel_the_law_behind_them(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  struct nw_validation straight = run(&p);
  p.r_s *= 2;     /* ageing */
  p.k_s *= 0.5;   /* sebum */
  p.tau_m *= 2;   /* a tan's stay */
  p.eta_w *= 0.5; /* collagen kept */
  p.t_lag *= 3;   /* epidermis waits */
  struct nw_validation bent = run(&p);
  static const char *const felt[] = {"A4a", "A5a", "A6b", "A7", "A9a"}, *const same[] = {"A1b", "A8a", "P1"};
  for (size_t i = 0; i < NW_COUNT(felt); i++) {
    const struct nw_validation_case *a = find(&straight, felt[i]), *b = find(&bent, felt[i]);
    if (b->inside || fabs(a->predicted - b->predicted) < 1e-6) fail_msg("%s did not feel it", felt[i]);
  }
  for (size_t i = 0; i < NW_COUNT(same); i++)
    assert_true(fabs(find(&straight, same[i])->predicted - find(&bent, same[i])->predicted) < 0.3);
  nw_validation_clear(&straight);
  nw_validation_clear(&bent);
}

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(rows_have_a_prediction_and_hold_what_was_published, nothing_left),
      cmocka_unit_test_teardown(rows_feel_the_law_behind_them, nothing_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
