/* SPDX-License-Identifier: BSD-3-Clause
   Which of many inputs drive a result. */
#include "indices.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "ensemble.h"

enum { TRIES = 200, RESAMPLES = 300 };

/* Item of the random numbers: one for every attempt at every point. */
static uint64_t item_of(size_t point, size_t attempt) {
  return (uint64_t)point * (2 * TRIES) + attempt;
}

/* ---- screening ---- */

static bool draw_base(uint64_t seed, size_t round, size_t n, nw_point_accept accept, const void *data,
                      double *x) {
  for (size_t attempt = 0; attempt < TRIES; attempt++) {
    for (size_t i = 0; i < n; i++)
      x[i] = nw_random_uniform(seed, NW_STREAM_SCREEN, item_of(round, attempt), i);
    if (accept(data, x)) return true;
  }
  return false;
}

/* The base with input i moved by a quarter to three quarters of the cube, around its end if need be. */
static void draw_move(uint64_t seed, size_t round, size_t n, size_t i, nw_point_accept accept,
                      const void *data, const double *base, double *x) {
  memcpy(x, base, n * sizeof *x);
  for (size_t attempt = 0; attempt < TRIES; attempt++) {
    const double u = nw_random_uniform(seed, NW_STREAM_SCREEN, item_of(round, TRIES + attempt), i);
    x[i] = fmod(base[i] + 0.25 + 0.5 * u, 1); /* math: a quarter to three quarters away */
    if (accept(data, x)) return;
  }
  x[i] = base[i];
}

bool nw_screen_points(uint64_t seed, size_t round, size_t n, nw_point_accept accept, const void *data,
                      double *x) {
  if (!draw_base(seed, round, n, accept, data, x)) return false;
  for (size_t i = 0; i < n; i++)
    draw_move(seed, round, n, i, accept, data, x, x + (i + 1) * n);
  return true;
}

struct nw_effect nw_screen_effect(size_t n, size_t rounds, size_t i, const double *x, const double *f,
                                  size_t stride) {
  double sum = 0, size = 0, square = 0;
  size_t count = 0;
  for (size_t r = 0; r < rounds; r++) {
    const double *base = x + r * (n + 1) * n, *value = f + r * (n + 1) * stride;
    const double move = base[(i + 1) * n + i] - base[i];
    const double effect = (value[(i + 1) * stride] - value[0]) / move;
    if (move == 0 || !isfinite(effect)) continue;
    sum += effect;
    size += fabs(effect);
    square += effect * effect;
    count++;
  }
  if (count == 0) return (struct nw_effect){NAN, NAN, NAN, 0};
  const double k = (double)count, mean = sum / k;
  const double variance = count > 1 ? fmax(square - k * mean * mean, 0) / (k - 1) : 0;
  return (struct nw_effect){mean, size / k, sqrt(variance), count};
}

/* ---- points of Sobol's design ---- */

/* Where `row` stands in a random order of 0 ... rows - 1 of its own for each dimension: a Feistel network on
   the smallest even number of bits, walked until it ends inside. */
static size_t shuffled(uint64_t seed, size_t dimension, size_t row, size_t rows) {
  unsigned half = 1;
  while (((size_t)1 << (2 * half)) < rows)
    half++;
  const uint64_t mask = ((uint64_t)1 << half) - 1;
  uint64_t at = row;
  do {
    for (uint64_t turn = 0; turn < 4; turn++) {
      const uint64_t left = at >> half, right = at & mask;
      const uint64_t key = nw_random_bits(seed, NW_STREAM_SOBOL, dimension, (turn << 32) | right);
      at = (right << half) | (left ^ (key & mask));
    }
  } while (at >= rows);
  return (size_t)at;
}

/* Coordinate `dimension` of the Latin hypercube; later attempts are plain random numbers. */
static double coordinate(uint64_t seed, size_t row, size_t rows, size_t dimension, size_t attempt) {
  const double u =
      nw_random_uniform(seed, NW_STREAM_SOBOL, ((uint64_t)1 << 40) + item_of(row, attempt), dimension);
  if (attempt > 0) return u;
  return ((double)shuffled(seed, dimension, row, rows) + u) / (double)rows;
}

static bool all_accepted(size_t n, nw_point_accept accept, const void *data, const double *x) {
  for (size_t i = 0; i < n + 2; i++)
    if (!accept(data, x + i * n)) return false;
  return true;
}

bool nw_sobol_points(uint64_t seed, size_t row, size_t rows, size_t n, nw_point_accept accept,
                     const void *data, double *x) {
  double *a = x, *b = x + n;
  for (size_t attempt = 0; attempt < TRIES; attempt++) {
    for (size_t i = 0; i < n; i++) {
      a[i] = coordinate(seed, row, rows, i, attempt);
      b[i] = coordinate(seed, row, rows, n + i, attempt);
    }
    for (size_t i = 0; i < n; i++) {
      double *mixed = x + (i + 2) * n;
      memcpy(mixed, a, n * sizeof *mixed);
      mixed[i] = b[i];
    }
    if (all_accepted(n, accept, data, x)) return true;
  }
  return false;
}

/* ---- indices ---- */

/* Rows that could be read whole, and room for the resampled estimates. */
struct sample {
  size_t n, rows, stride; /* inputs, whole rows */
  const double *f;
  size_t *row;      /* (rows) */
  double *estimate; /* (2, n, RESAMPLES) */
};

static double value_of(const struct sample *s, size_t row, size_t point) {
  return s->f[(row * (s->n + 2) + point) * s->stride];
}

/* Both estimators from the rows that `pick` lists; first and total (n). */
static void estimate(const struct sample *s, const size_t *pick, struct nw_sobol *about, double *first,
                     double *total) {
  const double count = (double)s->rows;
  double sum = 0, square = 0;
  for (size_t r = 0; r < s->rows; r++)
    sum += value_of(s, pick[r], 0) + value_of(s, pick[r], 1);
  const double mean = sum / (2 * count);
  for (size_t r = 0; r < s->rows; r++)
    for (size_t k = 0; k < 2; k++)
      square += pow(value_of(s, pick[r], k) - mean, 2);
  const double variance = square / (2 * count - 1);
  for (size_t i = 0; i < s->n; i++) {
    double main_effect = 0, remainder = 0;
    for (size_t r = 0; r < s->rows; r++) {
      const double a = value_of(s, pick[r], 0), b = value_of(s, pick[r], 1),
                   mixed = value_of(s, pick[r], i + 2);
      main_effect += (b - mean) * (mixed - a);
      remainder += (a - mixed) * (a - mixed);
    }
    first[i] = variance > 0 ? main_effect / count / variance : NAN;
    total[i] = variance > 0 ? remainder / (2 * count) / variance : NAN;
  }
  *about = (struct nw_sobol){mean, variance, s->rows};
}

static void interval(struct nw_sobol_index *index, const double *resampled) {
  index->low = nw_ensemble_quantile(resampled, 1, RESAMPLES, 0.05);  /* math: 90 % interval */
  index->high = nw_ensemble_quantile(resampled, 1, RESAMPLES, 0.95); /* math: 90 % interval */
}

static void resample(const struct sample *s, uint64_t seed, size_t *pick, double *first, double *total) {
  struct nw_sobol ignored;
  for (size_t k = 0; k < RESAMPLES; k++) {
    for (size_t r = 0; r < s->rows; r++)
      pick[r] = s->row[nw_random_bits(seed, NW_STREAM_BOOTSTRAP, k, r) % s->rows];
    estimate(s, pick, &ignored, first, total);
    for (size_t i = 0; i < s->n; i++) {
      s->estimate[i * RESAMPLES + k] = first[i];
      s->estimate[(s->n + i) * RESAMPLES + k] = total[i];
    }
  }
}

/* `scratch` holds 2 n numbers, `pick` as many rows as there are. */
static void estimate_all(const struct sample *s, uint64_t seed, size_t *pick, double *scratch,
                         struct nw_sobol *about, struct nw_sobol_index *first, struct nw_sobol_index *total) {
  estimate(s, s->row, about, scratch, scratch + s->n);
  for (size_t i = 0; i < s->n; i++) {
    first[i].value = scratch[i];
    total[i].value = scratch[s->n + i];
  }
  resample(s, seed, pick, scratch, scratch + s->n);
  for (size_t i = 0; i < s->n; i++) {
    interval(&first[i], s->estimate + i * RESAMPLES);
    interval(&total[i], s->estimate + (s->n + i) * RESAMPLES);
  }
}

static bool is_whole(const struct sample *s, size_t row) {
  for (size_t k = 0; k < s->n + 2; k++)
    if (!isfinite(value_of(s, row, k))) return false;
  return true;
}

enum nw_status nw_sobol_indices(struct nw_context *context, uint64_t seed, size_t n, size_t rows,
                                const double *f, size_t stride, struct nw_sobol *about,
                                struct nw_sobol_index *first, struct nw_sobol_index *total) {
  struct sample s = {.n = n, .stride = stride, .f = f};
  s.row = nw_allocate(2 * rows + 1, sizeof *s.row);
  s.estimate = nw_allocate(2 * n * (RESAMPLES + 1) + 1, sizeof *s.estimate);
  enum nw_status status = NW_OK;
  if (!s.row || !s.estimate) {
    status = nw_fail(context, NW_MEMORY, NULL, "no memory for indices of %zu inputs", n);
  } else {
    for (size_t r = 0; r < rows; r++)
      if (is_whole(&s, r)) s.row[s.rows++] = r;
    *about = (struct nw_sobol){NAN, NAN, s.rows};
    for (size_t i = 0; i < n; i++)
      first[i] = total[i] = (struct nw_sobol_index){NAN, NAN, NAN};
    if (s.rows > 2) estimate_all(&s, seed, s.row + rows, s.estimate + 2 * n * RESAMPLES, about, first, total);
  }
  nw_release(s.row);
  nw_release(s.estimate);
  return status;
}
