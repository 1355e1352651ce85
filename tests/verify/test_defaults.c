/* SPDX-License-Identifier: BSD-3-Clause
   The committed numbers are those that `needlework calibrate` leaves: the nominal values of its problems are
   the defaults of the model, and none of those of the healing network gets better by a step to either side.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calibration/calibrate.h"
#include "io/problem_read.h"

static void read_problem(struct nw_context *context, const char *name, struct nw_problem *problem) {
  char path[300];
  snprintf(path, sizeof path, "%s/data/problems/%s/problem.yaml", NW_SOURCE_DIR, name);
  assert_int_equal(nw_problem_read(context, path, problem), NW_OK);
}

static void defaults_are_nominal(const char *name) {
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  size_t fitted = 0;
  read_problem(context, name, &problem);
  for (size_t i = 0; i < problem.n_parameters; i++) {
    const struct nw_problem_parameter *p = &problem.parameter[i];
    if (p->kind != NW_FREE_MODEL || !p->estimate) continue;
    fitted++;
    if (fabs(p->nominal / p->row->value - 1) > 1e-9)
      fail_msg("%s: %s is %g by default and %g in the problem", name, p->id, p->row->value, p->nominal);
  }
  assert_true(fitted > 3);
  nw_problem_clear(&problem);
  nw_context_free(&context);
}

static void what_is_fitted_is_what_is_believed(void **state) {
  (void)state;
  defaults_are_nominal("healing");
  defaults_are_nominal("course");
}

/* What the patch says more than the cheap grids, as `calibrate` finds it. */
static void correct(struct nw_context *context, struct nw_calibration *k, double *patch, double *cheap) {
  for (size_t c = 0; c < k->problem->n_conditions; c++) {
    if (k->problem->condition[c].excision) continue;
    assert_int_equal(nw_calibration_simulate(context, k, c, k->theta, NW_PATCH, patch), NW_OK);
    assert_int_equal(
        nw_calibration_simulate(context, k, c, k->theta, k->problem->condition[c].fidelity, cheap), NW_OK);
    for (size_t i = 0; i < k->m; i++)
      if (k->problem->measurement[i].condition == c) k->offset[i] = patch[i] - cheap[i];
  }
}

static void no_step_makes_the_network_better(void **state) {
  (void)state;
  enum { MOST = 64 };
  const double step = 0.03, worth = 0.1; /* share of the range; of -2 log L */
  struct nw_context *context = nw_context_create();
  struct nw_problem problem;
  struct nw_calibration k;
  double patch[MOST], cheap[MOST], theta[MOST];
  nw_context_threads(context, 2);
  read_problem(context, "healing", &problem);
  assert_int_equal(nw_calibration_create(context, &problem, &k), NW_OK);
  assert_true(k.m <= MOST && k.n <= MOST);
  for (size_t j = 0; j < k.n; j++)
    k.theta[j] = k.free[j].start;
  correct(context, &k, patch, cheap);
  const struct nw_fit fit = nw_calibration_fit(&k, NULL);
  const double here = nw_fit_objective(&fit, k.theta);
  assert_true(here < 1e8);
  for (size_t j = 0; j < k.n; j++)
    for (int side = -1; side <= 1; side += 2) {
      const struct nw_fit_parameter *p = &k.free[j];
      memcpy(theta, k.theta, k.n * sizeof *theta);
      theta[j] = nw_fit_value(p, fmin(fmax(nw_fit_share(p, theta[j]) + side * step, 0), 1));
      const double there = nw_fit_objective(&fit, theta);
      if (there < here - worth)
        fail_msg("%s = %g would be better than %g: %g for %g", p->name, theta[j], k.theta[j], there, here);
    }
  nw_calibration_clear(&k);
  nw_problem_clear(&problem);
  nw_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_fitted_is_what_is_believed),
      cmocka_unit_test(no_step_makes_the_network_better),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
