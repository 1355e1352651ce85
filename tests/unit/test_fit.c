/* SPDX-License-Identifier: BSD-3-Clause
   The fit on models whose answers are known: a straight line, decays, pairs that no data tell apart. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/random.h"
#include "calibration/fit.h"

enum { DATA = 12 };

/* y from x at theta. */
typedef double (*curve)(double x, const double *theta);

struct model {
  curve of;
  double x[DATA], sd;
};

static enum nw_status predict(const void *data, const double *theta, double *value, double *sd) {
  const struct model *m = data;
  for (int i = 0; i < DATA; i++) {
    value[i] = m->of(m->x[i], theta);
    sd[i] = m->sd;
  }
  return NW_OK;
}

static double line(double x, const double *t) {
  return t[0] + t[1] * x;
}
static double decay(double x, const double *t) {
  return t[0] * exp(-t[1] * x);
}
static double product(double x, const double *t) {
  return t[0] * t[1] * x;
}
static double ratio(double x, const double *t) {
  return x * t[0] / t[1];
}
static double sum(double x, const double *t) {
  return (t[0] + t[1]) * x;
}
static double saturated(double x, const double *t) {
  return 1 - exp(-t[0] * x) + 0 * t[1];
}

struct setup {
  struct model model;
  double measured[DATA];
  struct nw_fit fit;
};

/* Data of the curve at `truth`, with normal errors of `noise` standard deviations. */
static void set_up(struct setup *s, curve of, const struct nw_fit_parameter *parameter, const double *truth,
                   double noise) {
  s->model = (struct model){.of = of, .sd = 0.1};
  for (int i = 0; i < DATA; i++) {
    s->model.x[i] = 0.5 * (i + 1);
    s->measured[i] = of(s->model.x[i], truth) +
                     noise * s->model.sd * nw_random_normal(7, NW_STREAM_FIT, 99, (uint64_t)(2 * i));
  }
  s->fit = (struct nw_fit){.parameter = parameter,
                           .n_parameters = 2,
                           .measured = s->measured,
                           .n_data = DATA,
                           .predict = predict,
                           .model = &s->model,
                           .most_evaluations = 400,
                           .precision = 1e-5};
}

static double descend(const struct nw_fit *fit, double *theta) {
  double objective;
  assert_int_equal(nw_fit_descend(fit, NULL, 0.1, theta, &objective, NULL), NW_OK);
  return objective;
}

static const struct nw_fit_parameter linear[] = {{.name = "a", .low = -5, .high = 5, .start = 1},
                                                 {.name = "b", .low = -5, .high = 5, .start = 1}};
static const struct nw_fit_parameter positive[] = {
    {.name = "a", .low = 0.05, .high = 50, .start = 1, .log = true},
    {.name = "b", .low = 0.05, .high = 50, .start = 1, .log = true}};

/* (X'X)^-1 sd^2 of the straight line. */
static void line_covariance(const struct setup *s, double out[2][2]) {
  double n = DATA, sx = 0, sxx = 0;
  for (int i = 0; i < DATA; i++)
    sx += s->model.x[i], sxx += s->model.x[i] * s->model.x[i];
  const double factor = s->model.sd * s->model.sd / (n * sxx - sx * sx);
  out[0][0] = sxx * factor;
  out[0][1] = out[1][0] = -sx * factor;
  out[1][1] = n * factor;
}

static void test_line_has_its_analytic_covariance(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {0.7, -1.3};
  set_up(&s, line, linear, truth, 1);
  double theta[] = {1, 1}, jacobian[DATA * 2], value[DATA], sd[DATA], covariance[4], exact[2][2];
  descend(&s.fit, theta);
  assert_int_equal(nw_fit_sensitivity(&s.fit, theta, 0.01, 1, jacobian, value, sd), NW_OK);
  assert_true(nw_fit_covariance(&s.fit, jacobian, value, sd, covariance));
  line_covariance(&s, exact);
  const double range = 10;
  for (int a = 0; a < 2; a++)
    for (int b = 0; b < 2; b++)
      assert_float_equal(covariance[2 * a + b] * range * range, exact[a][b], 1e-6 * fabs(exact[a][b]));
}

static void test_profile_of_a_line_is_as_wide_as_theory_says(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {0.7, -1.3}, threshold = nw_fit_threshold(0.90);
  set_up(&s, line, linear, truth, 1);
  double theta[] = {1, 1}, exact[2][2], room[2][NW_PROFILE_MOST * 2];
  const double best = descend(&s.fit, theta);
  line_covariance(&s, exact);
  for (size_t k = 0; k < 2; k++) {
    struct nw_profile_side side[2] = {{.theta = room[0]}, {.theta = room[1]}};
    for (int d = 0; d < 2; d++)
      assert_int_equal(nw_fit_profile(&s.fit, theta, best, k, 2 * d - 1, 0.01, threshold, &side[d]), NW_OK);
    const double half = sqrt(threshold * exact[k][k]);
    assert_float_equal(nw_fit_value(&linear[k], side[0].limit), theta[k] - half, 0.02 * half);
    assert_float_equal(nw_fit_value(&linear[k], side[1].limit), theta[k] + half, 0.02 * half);
    const struct nw_identity identity = nw_fit_identify(&s.fit, theta, k, side, threshold);
    assert_int_equal(identity.kind, NW_IDENTIFIABLE);
  }
}

static void test_prior_adds_its_information(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {0.7, -1.3};
  struct nw_fit_parameter p[2] = {linear[0], linear[1]};
  double exact[2][2], theta[] = {1, 1}, jacobian[DATA * 2], value[DATA], sd[DATA], covariance[4];
  p[0].prior = 0.7;
  p[0].prior_sd = 0.02;
  set_up(&s, line, p, truth, 0);
  line_covariance(&s, exact);
  descend(&s.fit, theta);
  nw_fit_sensitivity(&s.fit, theta, 0.01, 1, jacobian, value, sd);
  assert_true(nw_fit_covariance(&s.fit, jacobian, value, sd, covariance));
  /* conditioning a normal distribution on one more measurement of its first component */
  const double posterior = 1 / (1 / exact[0][0] + 1 / (0.02 * 0.02));
  assert_float_equal(covariance[0] * 100, posterior, 1e-6 * posterior);
}

static void test_starts_agree_and_find_the_truth(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {3, 0.4};
  set_up(&s, decay, positive, truth, 0);
  for (size_t i = 0; i < 8; i++) {
    double theta[2];
    assert_true(nw_fit_start(&s.fit, 5, 8, i, theta));
    descend(&s.fit, theta);
    assert_float_equal(theta[0], 3, 0.01);
    assert_float_equal(theta[1], 0.4, 0.002);
  }
}

static void test_starts_fill_the_box(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {3, 0.4};
  enum { STARTS = 9 };
  int seen[2][STARTS - 1] = {{0}};
  set_up(&s, decay, positive, truth, 0);
  for (size_t i = 1; i < STARTS; i++) {
    double theta[2], again[2];
    assert_true(nw_fit_start(&s.fit, 5, STARTS, i, theta) && nw_fit_start(&s.fit, 5, STARTS, i, again));
    assert_memory_equal(theta, again, sizeof theta);
    for (int k = 0; k < 2; k++)
      seen[k][(int)(nw_fit_share(&positive[k], theta[k]) * (STARTS - 1))]++;
  }
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < STARTS - 1; i++)
      assert_int_equal(seen[k][i], 1); /* one in each of the equal parts */
}

static enum nw_identified identify(curve of, const struct nw_fit_parameter *p, const double *truth, size_t k,
                                   char words[80]) {
  struct setup s;
  double theta[2] = {truth[0], truth[1]}, room[2][NW_PROFILE_MOST * 2];
  const double threshold = nw_fit_threshold(0.90);
  set_up(&s, of, p, truth, 0);
  const double best = descend(&s.fit, theta);
  struct nw_profile_side side[2] = {{.theta = room[0]}, {.theta = room[1]}};
  for (int d = 0; d < 2; d++)
    assert_int_equal(nw_fit_profile(&s.fit, theta, best, k, 2 * d - 1, 0.05, threshold, &side[d]), NW_OK);
  const struct nw_identity identity = nw_fit_identify(&s.fit, theta, k, side, threshold);
  struct nw_text text = {0};
  nw_fit_identity_words(&s.fit, k, &identity, &text);
  strncpy(words, text.data, 79);
  words[79] = '\0';
  nw_text_clear(&text);
  return identity.kind;
}

/* Runs only where a + b is below 2, as a network that is stable only there. */
static enum nw_status predict_below(const void *model, const double *theta, double *value, double *sd) {
  if (theta[0] + theta[1] >= 2) return NW_NUMERICAL;
  return predict(model, theta, value, sd);
}

static void test_a_start_that_cannot_be_run_moves_towards_the_nominal_point(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {0.7, -1.3};
  set_up(&s, line, linear, truth, 1);
  s.fit.predict = predict_below;
  double theta[] = {5, 3};
  const double start[] = {1, 0.5}; /* shares 0.6 and 0.55: half way thrice from 1 and 0.8 */
  struct nw_fit_parameter near[] = {linear[0], linear[1]};
  near[0].start = start[0], near[1].start = start[1];
  s.fit.parameter = near;
  assert_true(nw_fit_reach_feasible(&s.fit, theta));
  for (int k = 0; k < 2; k++) {
    const double from = k ? 3 : 5;
    assert_float_equal(theta[k], start[k] + (from - start[k]) / 16, 1e-12);
  }
  const double here = theta[0];
  assert_true(nw_fit_reach_feasible(&s.fit, theta));
  assert_float_equal(theta[0], here, 0);
  near[1].start = 2;
  theta[1] = 4;
  assert_false(nw_fit_reach_feasible(&s.fit, theta));
}

static void test_pairs_that_cannot_be_told_apart(void **state) {
  (void)state;
  const double ones[] = {1, 1}, small[] = {0.5, 0.3};
  char words[80];
  assert_int_equal(identify(product, positive, ones, 0, words), NW_TIED);
  assert_string_equal(words, "tied to b: only their product");
  assert_int_equal(identify(ratio, positive, ones, 1, words), NW_TIED);
  assert_string_equal(words, "tied to a: only their ratio");
  assert_int_equal(identify(sum, linear, small, 0, words), NW_TIED);
  assert_string_equal(words, "tied to b: only their sum");
}

static void test_one_sided_and_open(void **state) {
  (void)state;
  const double truth[] = {20, 1};
  char words[80];
  assert_int_equal(identify(saturated, positive, truth, 0, words), NW_BOUNDED_BELOW);
  assert_string_equal(words, "bounded below only");
  assert_int_equal(identify(saturated, positive, truth, 1, words), NW_OPEN);
  const double known[] = {3, 0.4};
  assert_int_equal(identify(decay, positive, known, 1, words), NW_IDENTIFIABLE);
}

static void test_collinearity(void **state) {
  (void)state;
  struct setup s;
  const double ones[] = {1, 1}, truth[] = {0.7, -1.3};
  const size_t both[] = {0, 1};
  double theta[] = {1, 1}, jacobian[DATA * 2], value[DATA], sd[DATA];
  set_up(&s, product, positive, ones, 0);
  nw_fit_sensitivity(&s.fit, theta, 0.01, 1, jacobian, value, sd);
  assert_true(nw_fit_collinearity(&s.fit, jacobian, sd, both, 2) > 1e3);
  set_up(&s, line, linear, truth, 0);
  nw_fit_sensitivity(&s.fit, theta, 0.01, 1, jacobian, value, sd);
  /* the normalised columns 1 and x have cosine c; the smaller eigenvalue is 1 - c */
  double sx = 0, sxx = 0;
  for (int i = 0; i < DATA; i++)
    sx += s.model.x[i], sxx += s.model.x[i] * s.model.x[i];
  const double c = sx / sqrt(DATA * sxx);
  assert_float_equal(nw_fit_collinearity(&s.fit, jacobian, sd, both, 2), 1 / sqrt(1 - c), 1e-6);
}

static void test_robust_losses_resist_an_outlier(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {3, 0.4};
  double off[3];
  for (int loss = 0; loss < 3; loss++) {
    double theta[] = {1, 1};
    set_up(&s, decay, positive, truth, 0);
    s.measured[DATA - 2] += 20 * s.model.sd;
    s.fit.loss = (enum nw_loss)loss;
    s.fit.width = loss == NW_LOSS_HUBER ? 1.345 : 4;
    descend(&s.fit, theta);
    off[loss] = fabs(theta[1] / 0.4 - 1);
  }
  assert_true(off[NW_LOSS_GAUSSIAN] > 0.15); /* it does matter */
  assert_true(off[NW_LOSS_HUBER] < 0.3 * off[NW_LOSS_GAUSSIAN]);
  assert_true(off[NW_LOSS_STUDENT] < 0.05 * off[NW_LOSS_GAUSSIAN]);
}

static void test_losses_are_smooth_and_weigh_as_their_slopes(void **state) {
  (void)state;
  const double h = 1e-6;
  for (int loss = 0; loss < 3; loss++)
    for (double r = -6.2; r < 6.3; r += 0.4) {
      const double slope =
          (nw_fit_loss((enum nw_loss)loss, 2, r + h) - nw_fit_loss((enum nw_loss)loss, 2, r - h)) / (2 * h);
      assert_float_equal(nw_fit_loss_weight((enum nw_loss)loss, 2, r) * 2 * r, slope, 1e-5);
    }
}

static void test_reach_of_errors_is_that_of_tables(void **state) {
  (void)state;
  assert_float_equal(nw_fit_loss_reach(NW_LOSS_GAUSSIAN, 1, 0.90), 1.64485, 1e-4);
  assert_float_equal(nw_fit_loss_reach(NW_LOSS_STUDENT, 4, 0.90), 2.13185, 1e-4);
  assert_float_equal(nw_fit_loss_reach(NW_LOSS_STUDENT, 1, 0.50), 1, 1e-3); /* Cauchy's quartile */
  assert_float_equal(nw_fit_loss_reach(NW_LOSS_HUBER, 50, 0.90), 1.64485, 1e-4);
}

static void test_threshold_is_that_of_chi_squared(void **state) {
  (void)state;
  assert_float_equal(nw_fit_threshold(0.90), 2.705543, 1e-5);
  assert_float_equal(nw_fit_threshold(0.95), 3.841459, 1e-5);
}

static void test_a_fit_can_be_stopped(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {3, 0.4};
  double theta[] = {1, 1}, objective;
  volatile int stop = 1;
  set_up(&s, decay, positive, truth, 0);
  s.fit.stop = &stop;
  assert_int_equal(nw_fit_descend(&s.fit, NULL, 0.1, theta, &objective, NULL), NW_INTERRUPTED);
}

static void test_a_weight_of_two_is_the_datum_twice(void **state) {
  (void)state;
  struct setup s;
  const double truth[] = {0.7, -1.3};
  double weight[DATA], theta[] = {1, 1}, jacobian[DATA * 2], value[DATA], sd[DATA], once[4], twice[4];
  set_up(&s, line, linear, truth, 1);
  nw_fit_sensitivity(&s.fit, theta, 0.01, 1, jacobian, value, sd);
  assert_true(nw_fit_covariance(&s.fit, jacobian, value, sd, once));
  for (int i = 0; i < DATA; i++)
    weight[i] = 2;
  s.fit.weight = weight;
  assert_true(nw_fit_covariance(&s.fit, jacobian, value, sd, twice));
  for (int i = 0; i < 4; i++)
    assert_float_equal(twice[i], 0.5 * once[i], 1e-12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_line_has_its_analytic_covariance),
      cmocka_unit_test(test_profile_of_a_line_is_as_wide_as_theory_says),
      cmocka_unit_test(test_prior_adds_its_information),
      cmocka_unit_test(test_starts_agree_and_find_the_truth),
      cmocka_unit_test(test_starts_fill_the_box),
      cmocka_unit_test(test_a_start_that_cannot_be_run_moves_towards_the_nominal_point),
      cmocka_unit_test(test_pairs_that_cannot_be_told_apart),
      cmocka_unit_test(test_one_sided_and_open),
      cmocka_unit_test(test_collinearity),
      cmocka_unit_test(test_robust_losses_resist_an_outlier),
      cmocka_unit_test(test_losses_are_smooth_and_weigh_as_their_slopes),
      cmocka_unit_test(test_reach_of_errors_is_that_of_tables),
      cmocka_unit_test(test_threshold_is_that_of_chi_squared),
      cmocka_unit_test(test_a_fit_can_be_stopped),
      cmocka_unit_test(test_a_weight_of_two_is_the_datum_twice),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
