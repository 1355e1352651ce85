/* SPDX-License-Identifier: BSD-3-Clause
   The stepper against manufactured solutions with every term on: reaction, diffusion, decay, drift and a
   source in space and time. Orders are measured and bounded on both sides. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/stepper.h"

/* u carried by the signal s; X, Y, Z hold 2 + cos(pi x) ... of each cell, CLOCK is 1 + time: the engine
   keeps all fields positive. */
enum { U, S, X, Y, Z, CLOCK, FIELDS };

static const double du = 0.05, ds = 0.2, decay_s = 4, chi = 0.3, saturation = 1.5, a = 0.5, b = 0.7,
                    growth = 0.8;

/* s = 1 + a p exp(-t), u = 2 + b p cos t with p = cos(pi x) cos(pi y) cos(pi z); the rates are the
   reaction R = growth u (1 - u / 3) s of u, the source k u of s, and what is left for these to be solutions.
 */
static void cell_rates(double X_, double Y_, double Z_, double t, double u, double s, double *ru,
                       double *rs) {
  const double p = X_ * Y_ * Z_, pi2 = NW_PI * NW_PI, e = exp(-t);
  const double slope2 = pi2 * ((1 - X_ * X_) * Y_ * Y_ * Z_ * Z_ + X_ * X_ * (1 - Y_ * Y_) * Z_ * Z_ +
                               X_ * X_ * Y_ * Y_ * (1 - Z_ * Z_));
  const double U_ = 2 + b * p * cos(t), S_ = 1 + a * p * e;
  const double g = 1 / pow(1 + S_ / saturation, 2), g1 = -2 / (saturation * pow(1 + S_ / saturation, 3));
  const double laplace_phi = chi * (g1 * a * a * e * e * slope2 - g * a * e * 3 * pi2 * p);
  const double drift = b * cos(t) * chi * g * a * e * slope2 + U_ * laplace_phi;
  const double reaction = growth * U_ * (1 - U_ / 3) * S_;
  const double source_u = -b * p * sin(t) + 3 * pi2 * du * b * p * cos(t) + drift - reaction;
  const double source_s = -a * p * e + 3 * pi2 * ds * a * p * e + decay_s * S_ - 0.5 * U_;
  *ru = growth * u * (1 - u / 3) * s + source_u;
  *rs = 0.5 * u + source_s;
}

static void rates(const void *constants, size_t n_vectors, const void *const *in, void *const *out) {
  const size_t n = n_vectors * 64 / sizeof(double);
  const double *const *u = (const double *const *)in;
  double *const *rate = (double *const *)out;
  (void)constants;
  for (size_t i = 0; i < n; i++) {
    double ru, rs;
    cell_rates(u[X][i] - 2, u[Y][i] - 2, u[Z][i] - 2, u[CLOCK][i] - 1, u[U][i], u[S][i], &ru, &rs);
    rate[U][i] += ru;
    rate[S][i] += rs;
    rate[CLOCK][i] += 1;
  }
}

struct problem {
  struct nw_grid grid; /* its axes are on the heap: a copy of the struct shares them */
  struct nw_stepper *stepper;
  double *value;
};

static size_t cells(const struct problem *p) {
  return nw_grid_cells(&p->grid);
}

static double cosine(const struct nw_axis *axis, size_t i) {
  return cos(NW_PI * axis->centre[i]);
}

/* At t = 0 on an n^3 grid, with steps of fixed length. */
static struct problem start(size_t n, double dt) {
  struct problem p = {0};
  for (int k = 0; k < 3; k++)
    nw_axis_create_uniform(&p.grid.axis[k], n, 1);
  struct nw_system system = {.grid = &p.grid, .n_fields = FIELDS, .n_drifts = 1, .rates = rates};
  for (int f = 0; f < FIELDS; f++)
    system.field[f].scale = 1;
  system.field[U].diffusivity = du;
  system.field[U].damping = 1;
  system.field[S].diffusivity = ds;
  system.field[S].decay = decay_s;
  system.drift[0] = (struct nw_drift_rule){U, S, chi, saturation, 1e9};
  const struct nw_stepper_rule rule = {.tolerance = 1e9, .first = dt, .longest = dt, .courant = 1e9};
  p.stepper = nw_stepper_create(&system, &rule, false, 1);
  p.value = nw_allocate(cells(&p), sizeof(double));
  assert_true(p.stepper && p.value);
  for (int f = 0; f < FIELDS; f++) {
    for (size_t i = 0; i < cells(&p); i++) {
      const double x = cosine(&p.grid.axis[0], i % p.grid.axis[0].n);
      const double y = cosine(&p.grid.axis[1], i / p.grid.axis[0].n % p.grid.axis[1].n);
      const double z = cosine(&p.grid.axis[2], i / p.grid.axis[0].n / p.grid.axis[1].n);
      const double values[FIELDS] = {2 + b * x * y * z, 1 + a * x * y * z, 2 + x, 2 + y, 2 + z, 1};
      p.value[i] = values[f];
    }
    p.stepper->kernels->write(p.stepper->workspace, f, p.value);
  }
  return p;
}

static void clear(struct problem *p) {
  nw_stepper_free(&p->stepper);
  nw_grid_clear(&p->grid);
  nw_release(p->value);
}

static void advance(struct problem *p, double end) {
  struct nw_context *context = nw_context_create();
  double time = 0, taken;
  while (time < end * (1 - 1e-12)) {
    assert_int_equal(nw_stepper_step(context, p->stepper, time, end, NULL, &taken), NW_OK);
    time += taken;
  }
  p->stepper->kernels->read(p->stepper->workspace, U, p->value);
  nw_context_free(&context);
}

static double exact_error(size_t n, double dt) {
  const double end = 0.5;
  struct problem p = start(n, dt);
  double sum = 0;
  advance(&p, end);
  for (size_t i = 0; i < cells(&p); i++) {
    const struct nw_axis *axis = p.grid.axis;
    const double product =
        cosine(&axis[0], i % n) * cosine(&axis[1], i / n % n) * cosine(&axis[2], i / n / n);
    sum += pow(p.value[i] - 2 - b * product * cos(end), 2);
  }
  sum = sqrt(sum / (double)cells(&p));
  clear(&p);
  return sum;
}

static void steps_and_cells_halved_quarter_the_error(void **state) {
  const double coarse = exact_error(8, 0.02), middle = exact_error(16, 0.01), fine = exact_error(32, 0.005);
  const double first = log2(coarse / middle), second = log2(middle / fine);
  (void)state;
  print_message("space and time: errors %.3e %.3e %.3e, orders %.3f %.3f\n", coarse, middle, fine, first,
                second);
  assert_true(first > 1.8 && first < 2.2);
  assert_true(second > 1.9 && second < 2.1);
}

/* Observed orders in time of one scheme, against very small steps of the default one on the same grid. */
static void orders_in_time(enum nw_scheme scheme, double low, double high) {
  enum { N = 8, LEVELS = 4 };
  static const double dt[LEVELS + 1] = {0.1, 0.05, 0.025, 0.0125, 0.0125 / 16};
  struct problem truth = start(N, dt[LEVELS]);
  double error[LEVELS];
  advance(&truth, 0.5);
  for (int k = 0; k < LEVELS; k++) {
    struct problem p = start(N, dt[k]);
    p.stepper->rule.scheme = scheme;
    advance(&p, 0.5);
    error[k] = 0;
    for (size_t i = 0; i < cells(&p); i++)
      error[k] = fmax(error[k], fabs(p.value[i] - truth.value[i]));
    clear(&p);
  }
  clear(&truth);
  for (int k = 0; k + 1 < LEVELS; k++) {
    const double order = log2(error[k] / error[k + 1]);
    print_message("scheme %d: dt %g error %.3e order %.3f\n", (int)scheme, dt[k], error[k], order);
    assert_true(order > low && order < high);
  }
}

static void steps_halved_quarter_the_error_in_time(void **state) {
  (void)state;
  orders_in_time(NW_SCHEME_ROS2, 1.75, 2.25);
}

static void schemes_to_compare_with_have_their_orders(void **state) {
  (void)state;
  orders_in_time(NW_SCHEME_EULER, 0.8, 1.2);
  orders_in_time(NW_SCHEME_STRANG, 1.7, 2.6);
}

/* The same bits for one, two and three threads. */
static void threads_do_not_change_a_bit(void **state) {
  struct problem one = start(12, 0.01);
  (void)state;
  advance(&one, 0.05);
  for (int threads = 2; threads <= 3; threads++) {
    struct problem p = start(12, 0.01);
    struct nw_stepper *more = nw_stepper_create(&p.stepper->system, &p.stepper->rule, false, threads);
    for (int f = 0; f < FIELDS; f++) {
      p.stepper->kernels->read(p.stepper->workspace, f, p.value);
      more->kernels->write(more->workspace, f, p.value);
    }
    nw_stepper_free(&p.stepper);
    p.stepper = more;
    advance(&p, 0.05);
    assert_memory_equal(p.value, one.value, cells(&p) * sizeof(double));
    clear(&p);
  }
  clear(&one);
}

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(steps_and_cells_halved_quarter_the_error, nothing_left),
      cmocka_unit_test_teardown(steps_halved_quarter_the_error_in_time, nothing_left),
      cmocka_unit_test_teardown(schemes_to_compare_with_have_their_orders, nothing_left),
      cmocka_unit_test_teardown(threads_do_not_change_a_bit, nothing_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
