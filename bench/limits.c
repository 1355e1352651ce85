/* SPDX-License-Identifier: BSD-3-Clause
   Limits of this machine: memory, arithmetic, transforms. */
#include <math.h>

#include "bench.h"
#include "variant.h"

BENCH_DECLARE(const struct bench_limits, bench_limits)

const struct bench_limits *bench_limits_choose(bool single_precision) {
  return BENCH_PICK(bench_limits, single_precision);
}

/* ---- memory ---- */

struct triad {
  double *a, *b, *c;
  size_t n, times;
  int threads;
};

static void triad_run(void *data) {
  const struct triad *t = data;
  double *restrict a = t->a;
  const double *restrict b = t->b, *restrict c = t->c;
  const size_t n = t->n, times = t->times;
#pragma omp parallel num_threads(t->threads)
  for (size_t k = 0; k < times; k++) {
#pragma omp for schedule(static) nowait
    for (size_t i = 0; i < n; i++)
      a[i] = b[i] + 0.5 * c[i];
    __asm__ volatile("" ::: "memory"); /* each pass is done, though the next one overwrites it */
  }
}

double bench_triad(size_t bytes, int threads) {
  const size_t n = bytes / (3 * sizeof(double)), enough = 32 << 20;
  struct triad t = {.a = nw_allocate(n, sizeof(double)),
                    .b = nw_allocate(n, sizeof(double)),
                    .c = nw_allocate(n, sizeof(double)),
                    .n = n,
                    .times = bytes < enough ? enough / bytes + 1 : 1,
                    .threads = threads};
  double rate = NAN;
  if (t.a && t.b && t.c) {
    triad_run(&t);
    rate = 3.0 * sizeof(double) * (double)n * (double)t.times / bench_least(triad_run, &t, 10, 1.0);
  }
  nw_release(t.a);
  nw_release(t.b);
  nw_release(t.c);
  return rate;
}

/* ---- arithmetic ---- */

struct loop {
  double (*loop)(size_t rounds);
  size_t rounds;
  double done;
};

static void loop_run(void *data) {
  struct loop *l = data;
  l->done = l->loop(l->rounds);
}

double bench_rate(double (*loop)(size_t rounds)) {
  struct loop l = {loop, 200000, 0};
  const double least = bench_least(loop_run, &l, 10, 0.5);
  return l.done / least;
}

struct line_loop {
  const struct bench_limits *limits;
  size_t n, rounds;
  double done;
};

static void line_loop_run(void *data) {
  struct line_loop *l = data;
  l->done = l->limits->lines(l->n, l->rounds);
}

double bench_nominal_transform(size_t n) {
  return n > 1 ? 2 * 2.5 * (double)n * log2((double)n) : 0;
}

double bench_transform_rate(bool single_precision, size_t n) {
  struct line_loop l = {bench_limits_choose(single_precision), n, 400000 / n, 0};
  const double least = bench_least(line_loop_run, &l, 10, 0.3);
  return l.done * bench_nominal_transform(n) / least;
}
