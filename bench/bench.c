/* SPDX-License-Identifier: BSD-3-Clause
   Time, least of several repeats, rows of figures. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double bench_least(void (*work)(void *data), void *data, int repeats, double budget) {
  enum { MOST = 100000 };
  double least = INFINITY, spent = 0;
  for (int i = 0; i < repeats || (spent < budget && i < MOST); i++) {
    const double start = bench_now();
    work(data);
    const double took = bench_now() - start;
    least = fmin(least, took);
    spent += took;
  }
  return least;
}

void bench_row(const char *group, const char *name, size_t n, const struct bench_value *value) {
  printf("{\"group\": \"%s\", \"name\": \"%s\"", group, name);
  for (size_t i = 0; i < n; i++)
    if (isfinite(value[i].value)) printf(", \"%s\": %.4g", value[i].key, value[i].value);
  printf("}\n");
  fflush(stdout);
}

void bench_note(const char *group, const char *format, ...) {
  va_list arguments;
  printf("{\"group\": \"%s\", \"note\": \"", group);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\"}\n");
  fflush(stdout);
}

struct bench_fit bench_fit(size_t n, const double *x, const double *y) {
  double mx = 0, my = 0, xx = 0, xy = 0;
  for (size_t i = 0; i < n; i++) {
    mx += x[i] / (double)n;
    my += y[i] / (double)n;
  }
  for (size_t i = 0; i < n; i++) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  struct bench_fit fit = {.slope = xy / xx, .intercept = my - xy / xx * mx};
  for (size_t i = 0; i < n; i++)
    fit.worst = fmax(fit.worst, fabs(fit.intercept + fit.slope * x[i] - y[i]) / y[i]);
  fit.exponent = log(y[n - 1] / y[0]) / log(x[n - 1] / x[0]);
  return fit;
}

void bench_must(const struct nw_context *context, enum nw_status status, const char *what) {
  if (status == NW_OK) return;
  fprintf(stderr, "%s failed with status %d\n", what, (int)status);
  for (size_t i = 0; i < context->n_diagnostics; i++)
    fprintf(stderr, "  %s\n", context->diagnostics[i].text);
  exit(1);
}

void bench_must_have(const void *pointer, const char *what) {
  if (pointer) return;
  fprintf(stderr, "no memory for %s\n", what);
  exit(1);
}
