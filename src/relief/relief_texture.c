/* SPDX-License-Identifier: BSD-3-Clause
   Textures of the relief: furrow nets, mottle, stripes. All periodic, all functions of the seed alone. */
#include <math.h>

#include "base/random.h"
#include "relief_inner.h"

double nw_relief_wrap(double d) {
  return d - NW_RELIEF_SIDE * round(d / NW_RELIEF_SIDE);
}

static uint64_t item_of(enum nw_relief_item kind, size_t index) {
  return ((uint64_t)kind << 32) | (uint64_t)index;
}

double nw_relief_uniform(uint64_t seed, enum nw_relief_item kind, size_t index, uint64_t draw) {
  return nw_random_uniform(seed, NW_STREAM_FEATURES, item_of(kind, index), draw);
}

double nw_relief_normal(uint64_t seed, enum nw_relief_item kind, size_t index, uint64_t draw) {
  return nw_random_normal(seed, NW_STREAM_FEATURES, item_of(kind, index), draw);
}

/* ---- furrows: the border between the cells of the two nearest points ---- */

struct lattice {
  size_t nx, ny; /* cells of the lattice along x and y */
  float *x, *y;  /* one point in each, (ny, nx), in cells */
};

static bool lattice_create(const struct nw_furrow_net *net, uint64_t seed, struct lattice *l) {
  l->nx = (size_t)fmax(round(NW_RELIEF_SIDE / net->along), 3);
  l->ny = (size_t)fmax(round(NW_RELIEF_SIDE / net->across), 3);
  l->x = nw_allocate(l->nx * l->ny, sizeof *l->x);
  l->y = nw_allocate(l->nx * l->ny, sizeof *l->y);
  for (size_t i = 0; l->x && l->y && i < l->nx * l->ny; i++) {
    l->x[i] = (float)nw_relief_uniform(seed, net->item, i, 0);
    l->y[i] = (float)nw_relief_uniform(seed, net->item, i, 1);
  }
  return l->x && l->y;
}

/* Distance to the border between the two nearest points, about, in cells. */
static float border(const struct lattice *l, float u, float v) {
  const long nx = (long)l->nx, ny = (long)l->ny, i = (long)u, j = (long)v;
  float first = INFINITY, second = INFINITY;
  for (long b = j - 1; b <= j + 1; b++)
    for (long a = i - 1; a <= i + 1; a++) {
      const size_t k = (size_t)(((b + ny) % ny) * nx + (a + nx) % nx);
      const float dx = (float)a + l->x[k] - u, dy = (float)b + l->y[k] - v;
      const float d = dx * dx + dy * dy;
      second = fminf(second, fmaxf(d, first));
      first = fminf(first, d);
    }
  return 0.5f * (sqrtf(second) - sqrtf(first));
}

bool nw_relief_furrows(const struct nw_furrow_net *net, uint64_t seed, struct nw_relief_grid grid,
                       float *height) {
  struct lattice l = {0};
  const bool done = lattice_create(net, seed, &l);
  const float sx = (float)l.nx / (float)grid.nx, sy = (float)l.ny / (float)grid.ny,
              width = (float)(0.5 * net->width);
  for (size_t i = 0; done && i < grid.nx * grid.ny; i++) {
    const float d =
        border(&l, ((float)(i % grid.nx) + 0.5f) * sx, ((float)(i / grid.nx) + 0.5f) * sy) / width;
    if (d < 1) height[i] -= (float)net->weight * (1 - d * d) * (1 - d * d);
  }
  nw_release(l.x);
  nw_release(l.y);
  return done;
}

/* ---- mottle: random values on a lattice, joined by cubics, scaled to unit spread ---- */

static double smooth(double t) {
  return t * t * (3 - 2 * t);
}

static double lattice_value(enum nw_relief_item item, uint64_t seed, size_t cells, double u, double v) {
  const size_t i = (size_t)u, j = (size_t)v;
  const double a = smooth(u - (double)i), b = smooth(v - (double)j);
  double sum = 0;
  for (size_t k = 0; k < 4; k++) {
    const size_t x = (i + k % 2) % cells, y = (j + k / 2) % cells;
    const double weight = (k % 2 ? a : 1 - a) * (k / 2 ? b : 1 - b);
    sum += weight * nw_relief_normal(seed, item, y * cells + x, 2 * cells);
  }
  return sum;
}

static void standardise(float *field, size_t count) {
  double sum = 0, square = 0;
  for (size_t i = 0; i < count; i++)
    sum += field[i], square += (double)field[i] * field[i];
  const double mean = sum / (double)count, sd = sqrt(fmax(square / (double)count - mean * mean, 0));
  for (size_t i = 0; i < count; i++)
    field[i] = sd > 0 ? (float)((field[i] - mean) / sd) : 0;
}

void nw_relief_mottle(enum nw_relief_item item, double length, uint64_t seed, size_t n, float *field) {
  const size_t coarse = (size_t)fmax(round(NW_RELIEF_SIDE / length), 3), octaves = 3;
  for (size_t i = 0; i < n * n; i++) {
    const double x = ((double)(i % n) + 0.5) / (double)n, y = ((double)(i / n) + 0.5) / (double)n;
    double sum = 0, weight = 1;
    size_t cells = coarse;
    for (size_t octave = 0; octave < octaves; octave++, cells *= 2, weight *= 0.5)
      sum += weight * lattice_value(item, seed, cells, x * (double)cells, y * (double)cells);
    field[i] = (float)sum;
  }
  standardise(field, n * n);
}

/* ---- stripes: wrinkles and stretch marks ---- */

void nw_relief_stripes(enum nw_relief_item item, size_t count, double waver, uint64_t seed, size_t nx,
                       float *centre) {
  const double pitch = NW_RELIEF_SIDE / (double)count;
  enum { WAVES = 3 };
  for (size_t k = 0; k < count; k++) {
    /* half a pitch of freedom keeps neighbours apart */
    const double middle = ((double)k + 0.5 + 0.5 * (nw_relief_uniform(seed, item, k, 0) - 0.5)) * pitch;
    for (size_t i = 0; i < nx; i++) {
      const double t = 2 * NW_PI * ((double)i + 0.5) / (double)nx;
      double y = middle;
      for (size_t w = 1; w <= WAVES; w++)
        y += waver / (double)(w * w) * nw_relief_normal(seed, item, k, 4 * w) *
             sin((double)w * t + 2 * NW_PI * nw_relief_uniform(seed, item, k, 4 * w + 2));
      centre[k * nx + i] = (float)(y - NW_RELIEF_SIDE * floor(y / NW_RELIEF_SIDE));
    }
  }
}

void nw_relief_draw_stripes(const float *centre, size_t count, const struct nw_stripe *stripe,
                            struct nw_relief_grid grid, float *share) {
  const double pixel = NW_RELIEF_SIDE / (double)grid.ny;
  const long reach = (long)ceil(stripe->half * (1 + stripe->taper) / pixel) + 1, rows = (long)grid.ny;
  for (size_t i = 0; i < grid.nx * grid.ny; i++)
    share[i] = 0;
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < grid.nx; i++) {
      const double y = centre[k * grid.nx + i], t = 2 * NW_PI * ((double)i + 0.5) / (double)grid.nx;
      const double turn = 2 * NW_PI * (double)k / (double)count;
      const double strength = 1 + stripe->fade * sin(2 * t + turn),
                   half = stripe->half * (1 + stripe->taper * sin(t + turn));
      const long row = (long)(y / pixel);
      for (long j = row - reach; j <= row + reach; j++) {
        const double d = fabs(((double)j + 0.5) * pixel - y) / half;
        float *point = &share[(size_t)(((j % rows) + rows) % rows) * grid.nx + i];
        if (d < 1) *point = fmaxf(*point, (float)(strength * (1 - pow(d, stripe->power))));
      }
    }
}
