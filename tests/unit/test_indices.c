/* SPDX-License-Identifier: BSD-3-Clause
   Screening and Sobol's indices on functions whose indices are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "study/indices.h"

enum { MOST = 8 };

typedef double (*function)(const double *x);

static bool everywhere(const void *data, const double *x) {
  (void)data;
  (void)x;
  return true;
}

/* sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on -pi .. pi: the function of Ishigami and Homma. */
static double ishigami(const double *u) {
  double x[3];
  for (int i = 0; i < 3; i++)
    x[i] = NW_PI * (2 * u[i] - 1);
  return sin(x[0]) + 7 * pow(sin(x[1]), 2) + 0.1 * pow(x[2], 4) * sin(x[0]);
}

static const double g_weight[MOST] = {0, 1, 4.5, 9, 99, 99, 99, 99};

/* Sobol's g-function: a product of (|4 u - 2| + a) / (1 + a). */
static double g_function(const double *u) {
  double product = 1;
  for (int i = 0; i < MOST; i++)
    product *= (fabs(4 * u[i] - 2) + g_weight[i]) / (1 + g_weight[i]);
  return product;
}

struct indices {
  struct nw_sobol about;
  struct nw_sobol_index first[MOST], total[MOST];
};

static struct indices indices_of(function f, size_t n, size_t rows, uint64_t seed) {
  struct indices out;
  struct nw_context *context = nw_context_create();
  double *x = nw_allocate((n + 2) * n, sizeof *x), *value = nw_allocate(rows * (n + 2), sizeof *value);
  for (size_t r = 0; r < rows; r++) {
    assert_true(nw_sobol_points(seed, r, rows, n, everywhere, NULL, x));
    for (size_t k = 0; k < n + 2; k++)
      value[r * (n + 2) + k] = f(x + k * n);
  }
  assert_int_equal(nw_sobol_indices(context, seed, n, rows, value, 1, &out.about, out.first, out.total),
                   NW_OK);
  nw_release(x);
  nw_release(value);
  nw_context_free(&context);
  return out;
}

static void close_to(struct nw_sobol_index index, double truth, double tolerance) {
  assert_float_equal(index.value, truth, tolerance);
  assert_true(index.low < index.high || truth < 1e-3);
  assert_true(index.low <= index.value && index.value <= index.high);
}

static void test_ishigami(void **state) {
  (void)state;
  static const double first[] = {0.31390, 0.44241, 0}, total[] = {0.55758, 0.44241, 0.24368};
  const struct indices s = indices_of(ishigami, 3, 16384, 1);
  assert_float_equal(s.about.mean, 3.5, 0.04);
  assert_float_equal(s.about.variance, 13.8446, 0.4);
  for (int i = 0; i < 3; i++) {
    close_to(s.first[i], first[i], 0.03);
    close_to(s.total[i], total[i], 0.02);
  }
}

static void test_g_function(void **state) {
  (void)state;
  double part[MOST], variance = 1;
  for (int i = 0; i < MOST; i++) {
    part[i] = 1 / (3 * pow(1 + g_weight[i], 2));
    variance *= 1 + part[i];
  }
  variance -= 1;
  const struct indices s = indices_of(g_function, MOST, 16384, 2);
  assert_float_equal(s.about.mean, 1, 0.01);
  assert_float_equal(s.about.variance, variance, 0.02);
  for (int i = 0; i < MOST; i++) {
    close_to(s.first[i], part[i] / variance, 0.03);
    close_to(s.total[i], part[i] * (variance + 1) / (1 + part[i]) / variance, 0.02);
  }
}

/* An interval of 90 % holds the truth in about nine of ten samples. */
static void test_bootstrap_intervals_cover(void **state) {
  (void)state;
  int inside = 0, of = 0;
  for (uint64_t seed = 10; seed < 40; seed++) {
    const struct indices s = indices_of(ishigami, 3, 256, seed);
    inside += s.total[0].low <= 0.55758 && 0.55758 <= s.total[0].high;
    inside += s.first[1].low <= 0.44241 && 0.44241 <= s.first[1].high;
    of += 2;
  }
  assert_in_range(inside, of * 3 / 4, of);
  assert_true(inside < of || of == 0);
}

static void test_rows_that_failed_are_left_out(void **state) {
  (void)state;
  double f[4 * 3];
  struct nw_sobol about;
  struct nw_sobol_index first, total;
  struct nw_context *context = nw_context_create();
  for (int r = 0; r < 4; r++)
    for (int k = 0; k < 3; k++)
      f[3 * r + k] = r == 1 && k == 2 ? NAN : (r * 7 + k * 5) % 4;
  assert_int_equal(nw_sobol_indices(context, 1, 1, 4, f, 1, &about, &first, &total), NW_OK);
  assert_int_equal(about.rows, 3);
  assert_true(isfinite(first.value) && isfinite(total.value));
  for (int k = 0; k < 12; k++)
    f[k] = 5;
  assert_int_equal(nw_sobol_indices(context, 1, 1, 4, f, 1, &about, &first, &total), NW_OK);
  assert_true(isnan(first.value) && isnan(total.value)); /* nothing varies */
  nw_context_free(&context);
}

static void test_the_hypercube_fills_each_dimension(void **state) {
  (void)state;
  enum { ROWS = 100, N = 3 };
  int filled[2 * N][ROWS] = {{0}};
  double x[(N + 2) * N];
  for (size_t r = 0; r < ROWS; r++) {
    assert_true(nw_sobol_points(5, r, ROWS, N, everywhere, NULL, x));
    for (size_t i = 0; i < 2 * N; i++)
      filled[i][(int)(x[i] * ROWS)]++;
    assert_float_equal(x[2 * N], x[N], 0); /* A with the first input from B */
    assert_float_equal(x[2 * N + 1], x[1], 0);
  }
  for (size_t i = 0; i < 2 * N; i++)
    for (size_t k = 0; k < ROWS; k++)
      assert_int_equal(filled[i][k], 1);
}

/* ---- screening ---- */

static double with_interaction(const double *x) {
  return 3 * x[0] - 2 * x[1] + 4 * x[2] * x[3] + 0 * x[4];
}

static bool below_the_diagonal(const void *data, const double *x) {
  (void)data;
  return x[0] + x[1] <= 1;
}

static void test_screening_reads_slopes_and_interactions(void **state) {
  (void)state;
  enum { N = 5, ROUNDS = 200 };
  static double x[ROUNDS][N + 1][N], f[ROUNDS][N + 1];
  for (size_t r = 0; r < ROUNDS; r++) {
    assert_true(nw_screen_points(3, r, N, below_the_diagonal, NULL, &x[r][0][0]));
    for (size_t k = 0; k <= N; k++) {
      assert_true(below_the_diagonal(NULL, x[r][k]));
      f[r][k] = with_interaction(x[r][k]);
    }
  }
  struct nw_effect e[N];
  for (size_t i = 0; i < N; i++)
    e[i] = nw_screen_effect(N, ROUNDS, i, &x[0][0][0], &f[0][0], 1);
  assert_float_equal(e[0].mean, 3, 1e-9);
  assert_float_equal(e[1].mean, -2, 1e-9);
  assert_float_equal(e[1].size, 2, 1e-9);
  assert_float_equal(e[1].spread, 0, 1e-6);
  assert_float_equal(e[2].size, 2, 0.25); /* 4 times the mean of the other */
  assert_float_equal(e[2].spread, 4 / sqrt(12), 0.15);
  assert_float_equal(e[4].size, 0, 0);
  assert_int_equal(e[4].count, ROUNDS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ishigami),
      cmocka_unit_test(test_g_function),
      cmocka_unit_test(test_bootstrap_intervals_cover),
      cmocka_unit_test(test_rows_that_failed_are_left_out),
      cmocka_unit_test(test_the_hypercube_fills_each_dimension),
      cmocka_unit_test(test_screening_reads_slopes_and_interactions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
