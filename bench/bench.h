/* SPDX-License-Identifier: BSD-3-Clause
   What the bench programs share: time, the least of several repeats, and rows of figures on stdout. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "run.h"

/* Wall clock, monotonic [s]. */
double bench_now(void);
/* Shortest of at least `repeats` calls, more of them while they take less than `budget` [s] together: other
   programs can only make a call longer. Returns the time of that one call [s]. */
double bench_least(void (*work)(void *data), void *data, int repeats, double budget);

struct bench_value {
  const char *key; /* with its unit in brackets */
  double value;
};
/* Prints one row as a line of JSON: {"group": ..., "name": ..., key: value, ...}. */
void bench_row(const char *group, const char *name, size_t n, const struct bench_value *value);
#define BENCH_ROW(group, name, ...)                                                                \
  bench_row(group, name, sizeof((struct bench_value[]){__VA_ARGS__}) / sizeof(struct bench_value), \
            (const struct bench_value[]){__VA_ARGS__})
/* A remark beside the figures. */
void bench_note(const char *group, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Straight line through n points by least squares. */
struct bench_fit {
  double intercept, slope;
  double worst;    /* largest distance of a point from the line, over the point's value [1] */
  double exponent; /* of the power law through the first and the last point [1] */
};
struct bench_fit bench_fit(size_t n, const double *x, const double *y);
/* Ends the program with the context's last message when a call failed. */
void bench_must(const struct nw_context *context, enum nw_status status, const char *what);
void bench_must_have(const void *pointer, const char *what);

/* ---- limits of this machine, compiled like the kernels that they are limits of ---- */

struct bench_limits {
  /* each runs `rounds` of its loop and returns how many operations it did */
  double (*multiply_add)(size_t rounds);    /* multiplications and additions of numbers */
  double (*divide)(size_t rounds);          /* divisions of numbers */
  double (*mixed)(size_t rounds);           /* divisions, each with five multiplications and five additions */
  double (*lines)(size_t n, size_t rounds); /* there-and-back cosine transforms of lines of n values */
  void (*like_kernels)(void); /* puts this thread's arithmetic into the state that kernels work in */
};
const struct bench_limits *bench_limits_choose(bool single_precision);
/* a = b + s c over three arrays of `bytes` together: bytes a second, 3 numbers counted an element. */
double bench_triad(size_t bytes, int threads);
/* Operations a second of one loop of the limits. */
double bench_rate(double (*loop)(size_t rounds));
/* Nominal operations of a transform there and back: 2.5 n log2 n each way, the usual convention [1]. */
double bench_nominal_transform(size_t n);
/* Nominal operations a second of transforms of lines of n values that stay in the nearest cache. */
double bench_transform_rate(bool single_precision, size_t n);
