/* SPDX-License-Identifier: BSD-3-Clause
   How discs lie on a periodic patch: a grid of buckets for neighbours, scan lines for the union. */
#include "coverage.h"

#include <math.h>
#include <stdlib.h>

struct buckets {
  const struct nw_disc *disc; /* sorted by bucket, borrowed */
  size_t *first;              /* (nx * ny + 1) owned */
  size_t nx, ny, count;
  double width, height; /* of the patch [m] */
};

struct span {
  float from, to;
};

static size_t place(double x, double extent, size_t n) {
  const size_t i = (size_t)(x / extent * (double)n);
  return i < n ? i : n - 1;
}

static size_t bucket_of(const struct buckets *b, const struct nw_disc *disc) {
  return place(disc->y, b->height, b->ny) * b->nx + place(disc->x, b->width, b->nx);
}

static double widest(const struct nw_disc *disc, size_t count) {
  double diameter = 0;
  for (size_t i = 0; i < count; i++)
    diameter = fmax(diameter, disc[i].diameter);
  return diameter;
}

/* Counting sort into buckets of about one disc each, none narrower than `least`. */
static bool fill(struct buckets *b, struct nw_disc *disc, size_t count, double least) {
  const double even = fmax(sqrt(b->width * b->height / (double)count), least);
  b->nx = (size_t)fmax(floor(b->width / even), 1);
  b->ny = (size_t)fmax(floor(b->height / even), 1);
  b->count = count;
  b->first = nw_allocate(b->nx * b->ny + 2, sizeof *b->first);
  struct nw_disc *sorted = nw_allocate(count, sizeof *sorted);
  if (b->first && sorted) {
    for (size_t i = 0; i < count; i++)
      b->first[bucket_of(b, &disc[i]) + 2]++;
    for (size_t k = 2; k < b->nx * b->ny + 2; k++)
      b->first[k] += b->first[k - 1];
    for (size_t i = 0; i < count; i++)
      sorted[b->first[bucket_of(b, &disc[i]) + 1]++] = disc[i];
    for (size_t i = 0; i < count; i++)
      disc[i] = sorted[i];
  }
  nw_release(sorted);
  b->disc = disc;
  return b->first && sorted;
}

/* Buckets within `steps` of the centre on a ring of n, each once. */
static size_t ring(size_t centre, size_t steps, size_t n, size_t *first) {
  if (2 * steps + 1 >= n) {
    *first = 0;
    return n;
  }
  *first = (centre + n - steps) % n;
  return 2 * steps + 1;
}

/* Shortest difference on a ring, for differences of less than one turn. */
static double wrapped(double difference, double extent) {
  if (difference > 0.5 * extent) return difference - extent;
  return difference < -0.5 * extent ? difference + extent : difference;
}

static double distance(const struct buckets *b, const struct nw_disc *p, const struct nw_disc *q) {
  const double dx = wrapped(p->x - (double)q->x, b->width), dy = wrapped(p->y - (double)q->y, b->height);
  return sqrt(dx * dx + dy * dy);
}

/* Nearest other disc within `steps` buckets, and whether any of them overlaps disc i. */
static double nearest_within(const struct buckets *b, size_t i, size_t steps, bool *overlaps) {
  const struct nw_disc *self = &b->disc[i];
  size_t x0, y0;
  const size_t wide = ring(place(self->x, b->width, b->nx), steps, b->nx, &x0);
  const size_t high = ring(place(self->y, b->height, b->ny), steps, b->ny, &y0);
  double nearest = INFINITY;
  for (size_t row = 0; row < high; row++)
    for (size_t column = 0; column < wide; column++) {
      const size_t k = (y0 + row) % b->ny * b->nx + (x0 + column) % b->nx;
      for (size_t j = b->first[k]; j < b->first[k + 1]; j++) {
        if (j == i) continue;
        const double apart = distance(b, self, &b->disc[j]);
        if (apart < 0.5 * ((double)self->diameter + b->disc[j].diameter)) *overlaps = true;
        nearest = fmin(nearest, apart);
        if (nearest == 0 && *overlaps) return nearest; /* thousands may lie in one place */
      }
    }
  return nearest;
}

/* Buckets of about one disc each, so that a crowd of wide discs costs no more than one of thin ones: where
   the nearest does not overlap, the search goes on until the widest could not. */
static void measure_neighbours(const struct buckets *b, double widest_disc, struct nw_coverage *coverage) {
  const double bucket = fmin(b->width / (double)b->nx, b->height / (double)b->ny);
  double sum = 0;
  size_t overlapped = 0;
  for (size_t i = 0; i < b->count; i++) {
    bool overlaps = false;
    double nearest = INFINITY;
    for (size_t steps = 1; b->count > 1; steps *= 2) {
      nearest = nearest_within(b, i, steps, &overlaps);
      const double seen = (double)steps * bucket;
      if (nearest <= seen && (overlaps || widest_disc <= seen)) break;
      if (2 * steps >= b->nx && 2 * steps >= b->ny) break;
    }
    overlapped += overlaps;
    sum += nearest;
  }
  coverage->overlapped = (double)overlapped / (double)b->count;
  coverage->nearest = b->count > 1 ? sum / (double)b->count : NAN;
}

static int by_start(const void *a, const void *b) {
  const struct span *p = a, *q = b;
  return (p->from > q->from) - (p->from < q->from);
}

/* The part of a scan line inside one disc; two spans where it crosses the joined sides. */
static size_t cut(const struct buckets *b, const struct nw_disc *disc, double y, struct span *span) {
  const double dy = wrapped(y - disc->y, b->height);
  const double square = 0.25 * disc->diameter * disc->diameter - dy * dy; /* math: radius squared */
  if (square <= 0) return 0;
  const double half = sqrt(square), from = disc->x - half, to = disc->x + half;
  if (to - from >= b->width) {
    span[0] = (struct span){0, (float)b->width};
    return 1;
  }
  span[0] = (struct span){(float)fmax(from, 0), (float)fmin(to, b->width)};
  if (from < 0) span[1] = (struct span){(float)(from + b->width), (float)b->width};
  if (to > b->width) span[1] = (struct span){0, (float)(to - b->width)};
  return from < 0 || to > b->width ? 2 : 1;
}

static double joined_length(struct span *span, size_t n) {
  qsort(span, n, sizeof *span, by_start);
  double length = 0, end = 0;
  for (size_t i = 0; i < n; i++) {
    if (span[i].to > end) length += span[i].to - fmax(span[i].from, end);
    end = fmax(end, span[i].to);
  }
  return length;
}

/* A line can meet only discs of its own row of buckets and the two beside it, each stored in one piece. */
static double covered_on(const struct buckets *b, double y, struct span *span) {
  size_t y0, n = 0;
  const size_t high = ring(place(y, b->height, b->ny), 1, b->ny, &y0);
  for (size_t row = 0; row < high; row++) {
    const size_t k = (y0 + row) % b->ny * b->nx;
    for (size_t i = b->first[k]; i < b->first[k + b->nx]; i++)
      n += cut(b, &b->disc[i], y, span + n);
  }
  return joined_length(span, n);
}

static size_t fullest_three_rows(const struct buckets *b) {
  size_t most = 0;
  for (size_t row = 0; row < b->ny; row++) {
    const size_t here = b->first[(row + 1) * b->nx] - b->first[row * b->nx];
    if (here > most) most = here;
  }
  return 3 * most;
}

enum nw_status nw_coverage_measure(struct nw_context *context, struct nw_disc *disc, size_t count,
                                   double width, double height, struct nw_coverage *coverage) {
  *coverage = (struct nw_coverage){.nearest = NAN};
  if (!count) return NW_OK;
  const double diameter = widest(disc, count);
  struct buckets b = {.width = width, .height = height};
  struct span *span = NULL;
  bool filled = fill(&b, disc, count, 0);
  if (filled) {
    measure_neighbours(&b, diameter, coverage);
    nw_release(b.first);
    filled = fill(&b, disc, count, diameter);
  }
  if (filled) span = nw_allocate(2 * fullest_three_rows(&b), sizeof *span);
  if (span) {
    /* math: scan lines across a disc, error of its area below 0.1 %; in a crowd the errors average out */
    const double fine = count < 10000 ? 48 : 12;
    const size_t lines = diameter > 0 ? (size_t)ceil(height / diameter * fine) : 0;
    double sum = 0;
    for (size_t i = 0; i < lines; i++)
      sum += covered_on(&b, ((double)i + 0.5) * height / (double)lines, span);
    /* spans are floats: a side may round outwards */
    if (lines) coverage->covered = fmin(sum / (double)lines / width, 1);
  }
  nw_release(span);
  nw_release(b.first);
  return span ? NW_OK
              : nw_fail(context, NW_MEMORY, NULL, "no memory for the coverage of %zu punctures", count);
}
