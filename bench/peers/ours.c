/* SPDX-License-Identifier: BSD-3-Clause
   Our side of the comparison with peers: one thread against one rank; against two ranks two
   threads, each with a field, and half their time. */
#include <math.h>
#include <stdio.h>

#include "bench.h"
#include "engine/stepper.h"
#include "peers/problem.h"
#include "variant.h"

BENCH_DECLARE(const nw_rates_function, bench_wave)

struct field {
  struct nw_grid grid;
  size_t n[3], cells;
  double *value, *exact; /* owned */
};

static void field_open(struct field *f, size_t nx, size_t ny, size_t nz, double width) {
  *f = (struct field){.n = {nx, ny, nz}, .cells = nx * ny * nz};
  bool done = true;
  for (int a = 0; a < 3; a++)
    done = done && nw_axis_create_uniform(&f->grid.axis[a], f->n[a], width * (double)f->n[a]);
  f->value = nw_allocate(f->cells, sizeof(double));
  f->exact = nw_allocate(f->cells, sizeof(double));
  bench_must_have(done && f->exact ? f->value : NULL, "a field");
}

static void field_close(struct field *f) {
  nw_grid_clear(&f->grid);
  nw_release(f->value);
  nw_release(f->exact);
}

static double field_error(const struct field *f) {
  double sum = 0;
  for (size_t i = 0; i < f->cells; i++)
    sum += (f->value[i] - f->exact[i]) * (f->value[i] - f->exact[i]);
  return sqrt(sum / (double)f->cells);
}

static void centre(const struct field *f, size_t i, double x[3]) {
  x[0] = f->grid.axis[0].centre[i % f->n[0]];
  x[1] = f->grid.axis[1].centre[i / f->n[0] % f->n[1]];
  x[2] = f->grid.axis[2].centre[i / f->n[0] / f->n[1]];
}

/* ---- one implicit step ---- */

enum { MOST_THREADS = 2 };

/* Each thread solves a field of its own, as threads do in a course: seconds of the lot. */
static double solve_side_by_side(struct nw_stepper *const *s, const double *right, int threads) {
  for (int t = 0; t < threads; t++)
    s[t]->kernels->write(s[t]->workspace, 0, right);
  const double start = bench_now();
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int t = 0; t < threads; t++)
    s[t]->kernels->solve(s[t]->workspace, 0, 1);
  return bench_now() - start;
}

static void implicit_row(bool single, int threads) {
  enum { REPEATS = 12 };
  struct field f;
  field_open(&f, PROBLEM_NX, PROBLEM_NY, PROBLEM_NZ, PROBLEM_WIDTH);
  const struct nw_system system = {
      .grid = &f.grid, .n_fields = 1, .field = {{.diffusivity = PROBLEM_D, .decay = PROBLEM_K, .scale = 1}}};
  const struct nw_stepper_rule rule = {.tolerance = 1, .first = 1, .longest = 1, .courant = 1};
  struct nw_stepper *s[MOST_THREADS];
  for (int t = 0; t < threads; t++) {
    s[t] = nw_stepper_create(&system, &rule, single, 1);
    bench_must_have(s[t], "an implicit solve");
  }
  double *right = nw_allocate(f.cells, sizeof(double)), least = INFINITY;
  bench_must_have(right, "a right side");
  for (size_t i = 0; i < f.cells; i++) {
    double x[3];
    centre(&f, i, x);
    const struct problem_value at = problem_at(x);
    f.exact[i] = at.u;
    right[i] = at.f;
  }
  for (int i = 0; i < REPEATS; i++)
    least = fmin(least, solve_side_by_side(s, right, threads) / threads);
  s[0]->kernels->read(s[0]->workspace, 0, f.value);
  char name[64];
  snprintf(name, sizeof name, "needlework %s, %s", single ? "single" : "double",
           threads == 1 ? "1 thread" : "2 threads, a field each");
  BENCH_ROW("peers, implicit step", name, {"solve [s]", least}, {"error", field_error(&f)},
            {"cells", (double)f.cells});
  nw_release(right);
  for (int t = 0; t < threads; t++)
    nw_stepper_free(&s[t]);
  field_close(&f);
}

/* ---- a wave ---- */

struct wave_result {
  double time, error;
  size_t steps;
};

static struct wave_result wave_run(struct nw_context *context, struct field *f, bool single,
                                   double tolerance) {
  const struct nw_system system = {.grid = &f->grid,
                                   .n_fields = 1,
                                   .field = {{.diffusivity = 1, .damping = 0.5, .scale = 1}},
                                   .rates = *BENCH_PICK(bench_wave, single)};
  const struct nw_stepper_rule rule = {.tolerance = tolerance, .first = 0.02, .longest = 2, .courant = 1};
  const double start = bench_now();
  struct nw_stepper *s = nw_stepper_create(&system, &rule, single, 1);
  bench_must_have(s, "a wave");
  for (size_t i = 0; i < f->cells; i++) {
    double x[3];
    centre(f, i, x);
    f->value[i] = wave_at(x[0], 0);
    f->exact[i] = wave_at(x[0], WAVE_TIME);
  }
  s->kernels->write(s->workspace, 0, f->value);
  double time = 0, taken = 0;
  while (time < WAVE_TIME * (1 - 1e-12)) {
    bench_must(context, nw_stepper_step(context, s, time, WAVE_TIME, NULL, &taken), "a step");
    time += taken;
  }
  s->kernels->read(s->workspace, 0, f->value);
  const struct wave_result result = {bench_now() - start, field_error(f), s->state.steps};
  nw_stepper_free(&s);
  return result;
}

/* The loosest tolerance that keeps the error, then the least of some repeats. */
static void wave_row(struct nw_context *context, bool single) {
  enum { REPEATS = 5 };
  struct field f;
  field_open(&f, WAVE_NX, WAVE_NY, WAVE_NZ, WAVE_LENGTH / WAVE_NX);
  double tolerance = 0.2;
  struct wave_result best = wave_run(context, &f, single, tolerance);
  while (best.error > WAVE_ERROR && tolerance > 1e-6) {
    tolerance /= 2;
    best = wave_run(context, &f, single, tolerance);
  }
  for (int i = 0; i < REPEATS; i++)
    best.time = fmin(best.time, wave_run(context, &f, single, tolerance).time);
  BENCH_ROW("peers, wave", single ? "needlework single, 1 thread" : "needlework double, 1 thread",
            {"solve [s]", best.time}, {"error", best.error}, {"steps", (double)best.steps},
            {"tolerance", tolerance}, {"cells", (double)f.cells});
  field_close(&f);
}

int main(void) {
  struct nw_context *context = nw_context_create();
  bench_must_have(context, "a context");
  for (int single = 1; single >= 0; single--)
    for (int threads = 1; threads <= MOST_THREADS; threads++)
      implicit_row(single, threads);
  for (int single = 1; single >= 0; single--)
    wave_row(context, single);
  nw_context_free(&context);
  return 0;
}
