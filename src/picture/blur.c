/* SPDX-License-Identifier: BSD-3-Clause
   Blur on a periodic square. */
#include "blur.h"

#include <math.h>

enum { PASSES = 3, STRIP = 16 };

/* A box of whole half width and two end pixels that count for less: any standard deviation is met. */
struct box {
  long half;
  double inner, end; /* weights */
};

static struct box box_of(double sigma) {
  const double variance = sigma * sigma / PASSES;
  const double half = floor((sqrt(12 * variance + 1) - 1) / 2); /* math: variance of a box */
  const double side = 2 * half + 1;
  /* math: the share of an end pixel that gives the variance */
  const double share = side * (half * (half + 1) - 3 * variance) /
                       (6 * (variance - (half + 1) * (half + 1))); /* math: the same */
  return (struct box){(long)half, 1 / (side + 2 * share), share / (side + 2 * share)};
}

static size_t wrapped(long i, size_t n) {
  const long m = (long)n;
  return (size_t)(((i % m) + m) % m);
}

/* One pass over STRIP lines side by side: from and to hold (n, STRIP). */
static void pass(const struct box *b, const double *from, double *to, size_t n) {
  double sum[STRIP] = {0};
  for (long k = -b->half; k <= b->half; k++)
    for (size_t s = 0; s < STRIP; s++)
      sum[s] += from[wrapped(k, n) * STRIP + s];
  for (size_t i = 0; i < n; i++) {
    const double *in = from + wrapped((long)i + b->half + 1, n) * STRIP,
                 *out = from + wrapped((long)i - b->half - 1, n) * STRIP,
                 *last = from + wrapped((long)i - b->half, n) * STRIP;
    for (size_t s = 0; s < STRIP; s++) {
      to[i * STRIP + s] = b->inner * sum[s] + b->end * (in[s] + out[s]);
      sum[s] += in[s] - last[s];
    }
  }
}

/* Lines first .. first + STRIP - 1 of one direction; stride along a line, step between lines. */
static void blur_strip(float *map, size_t n, size_t first, size_t stride, size_t step, const struct box *b,
                       double *line, double *other) {
  for (size_t i = 0; i < n; i++)
    for (size_t s = 0; s < STRIP; s++)
      line[i * STRIP + s] = first + s < n ? map[i * stride + (first + s) * step] : 0;
  for (int p = 0; p < PASSES; p++) {
    pass(b, line, other, n);
    double *swap = line;
    line = other;
    other = swap;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t s = 0; s < STRIP && first + s < n; s++)
      map[i * stride + (first + s) * step] = (float)line[i * STRIP + s];
}

bool nw_blur(float *map, size_t n, double sigma, int threads) {
  const struct box b = box_of(sigma);
  const size_t strips = (n + STRIP - 1) / STRIP, each = 2 * n * STRIP;
  double *memory = nw_allocate((size_t)threads * each, sizeof *memory);
  if (!memory) return false;
  for (int direction = 0; direction < 2; direction++) {
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; t++) {
      double *line = memory + (size_t)t * each;
      for (size_t k = (size_t)t; k < strips; k += (size_t)threads)
        blur_strip(map, n, k * STRIP, direction ? n : 1, direction ? 1 : n, &b, line, line + n * STRIP);
    }
  }
  nw_release(memory);
  return true;
}
