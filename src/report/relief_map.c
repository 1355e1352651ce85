/* SPDX-License-Identifier: BSD-3-Clause
   The parts of a skin surface, each as a map of unit height or unit strength. */
#include "relief_map.h"

#include <math.h>

#include "noise.h"

enum {
  LAYER_PLATE = 100,
  LAYER_WARP = 110,
  LAYER_FINE = 120,
  LAYER_SCAR = 130,
  LAYER_LINE = 140,
  LAYER_STRIA = 150,
  LAYER_PORE = 160,
  LAYER_SPOT = 170,
  LAYER_MOTTLE = 180,
  LAYER_BLOOD = 190,
  LAYER_DOT = 200,
  LAYER_SWELL = 210
};

static double smooth_step(double from, double to, double x) {
  const double t = fmin(fmax((x - from) / (to - from), 0), 1);
  return t * t * (3 - 2 * t);
}

/* Micro-relief: plates of about half a millimetre between primary furrows, smaller ones between
   secondary furrows, and grain; stretched along the lines of tension. */
static double texture_at(uint64_t seed, double x, double y) {
  const double wx = x + 0.16 * nw_noise_value(seed, LAYER_WARP, x / 0.7, y / 0.7);
  const double wy = y + 0.16 * nw_noise_value(seed, LAYER_WARP + 1, x / 0.7, y / 0.7);
  const double u = wx * 0.92 + wy * 0.39, v = wy * 0.92 - wx * 0.39;
  const struct nw_noise_cell plate = nw_noise_cells(seed, LAYER_PLATE, u / 0.46, v / 0.30);
  const struct nw_noise_cell small = nw_noise_cells(seed, LAYER_PLATE + 1, u / 0.20, v / 0.15);
  const double furrow = -1.5 * (1 - smooth_step(0, 0.20, plate.second - plate.nearest));
  const double groove = -0.55 * (1 - smooth_step(0, 0.26, small.second - small.nearest));
  const double dome = -0.22 * plate.nearest;
  const double grain = 0.22 * nw_noise_sum(seed, LAYER_FINE, 2, x / 0.10, y / 0.10);
  const double swell = 1.5 * nw_noise_sum(seed, LAYER_SWELL, 2, x / 2.6, y / 2.6);
  return furrow + groove + dome + grain + swell;
}

/* ---- features placed one per square of a lattice ---- */

struct place {
  double distance; /* to the nearest feature [of its own radius] */
  double dx, dy;   /* from it [mm] */
  double size;     /* of it, relative to the mean [1] */
  long i, j;       /* its square of the lattice */
};

static struct place nearest_feature(uint64_t seed, int layer, double x, double y, double spacing,
                                    double radius, double chance, double jitter) {
  struct place best = {1e9, 0, 0, 1, 0, 0};
  const long ci = (long)floor(x / spacing), cj = (long)floor(y / spacing);
  for (long j = cj - 1; j <= cj + 1; j++) {
    for (long i = ci - 1; i <= ci + 1; i++) {
      if (nw_noise_uniform(seed, layer, i, j, 3) > chance) continue;
      const double size = 0.65 + 0.6 * nw_noise_uniform(seed, layer, i, j, 2);
      const double dx =
          x - spacing * ((double)i + 0.5 + jitter * (nw_noise_uniform(seed, layer, i, j, 0) - 0.5));
      const double dy =
          y - spacing * ((double)j + 0.5 + jitter * (nw_noise_uniform(seed, layer, i, j, 1) - 0.5));
      const double distance = sqrt(dx * dx + dy * dy) / (radius * size);
      if (distance < best.distance) best = (struct place){distance, dx, dy, size, i, j};
    }
  }
  return best;
}

static double ragged(uint64_t seed, int layer, const struct place *p, double x, double y, double grain) {
  return p->distance * (1 + 0.22 * nw_noise_sum(seed, layer + 3, 2, x / grain, y / grain));
}

static double scar_at(const struct nw_relief_scene *scene, double x, double y) {
  if (scene->scar == NW_SCAR_NONE) return 0;
  if (scene->scar == NW_SCAR_LINEAR) {
    const double bend = 0.5 * nw_noise_value(scene->seed, LAYER_SCAR, x / 5, 0);
    const double off = (y - scene->height / 2 - bend) / (scene->scar_width / 2);
    return exp(-off * off) * smooth_step(0.5, 2.5, x) * smooth_step(0.5, 2.5, scene->width - x);
  }
  const double radius = scene->scar_width / 2;
  const double spacing = fmax(2.1 * scene->scar_width, 1.4);
  const struct place p = nearest_feature(scene->seed, LAYER_SCAR, x, y, spacing, radius, 0.8, 0.6);
  const double edge = ragged(scene->seed, LAYER_SCAR, &p, x, y, scene->scar_width * 0.6);
  if (scene->scar == NW_SCAR_ROLLING) return exp(-1.1 * edge * edge);
  if (scene->scar == NW_SCAR_BOXCAR) return 1 - smooth_step(0.68, 1.15, edge);
  return fmax(0, 1 - edge); /* ice pick: a cone */
}

static double line_at(uint64_t seed, int layer, double x, double y, double centre, double width) {
  const double bend = 0.55 * nw_noise_value(seed, layer, x / 4.5, centre) +
                      0.10 * nw_noise_value(seed, layer + 1, x / 0.9, centre);
  const double half = width * (0.75 + 0.35 * nw_noise_value(seed, layer + 2, x / 3, centre));
  const double off = (y - centre - bend) / half;
  const double fade = 0.65 + 0.45 * nw_noise_value(seed, layer + 3, x / 3.5, centre);
  return exp(-fabs(off) * 1.6) * fmin(fmax(fade, 0), 1);
}

static double wrinkle_at(const struct nw_relief_scene *s, double x, double y) {
  double depth = 0;
  if (s->wrinkle_deep) depth = line_at(s->seed, LAYER_LINE, x, y, s->height * 0.5, 0.42);
  if (s->wrinkle_fine) {
    const int lines = 7;
    for (int i = 0; i < lines; i++)
      depth = fmax(depth, line_at(s->seed, LAYER_LINE + 4, x, y, s->height * (i + 0.5) / lines, 0.16));
  }
  return depth;
}

static double stria_at(const struct nw_relief_scene *s, double x, double y, double width) {
  double strength = 0;
  const int lines = 3;
  for (int i = 0; i < lines && s->stria; i++) {
    const double centre = s->width * (i + 0.5) / lines;
    const double lean =
        0.22 * (y - s->height / 2) + 0.45 * nw_noise_value(s->seed, LAYER_STRIA + i, 0, y / 3);
    const double taper = 0.7 + 0.35 * nw_noise_value(s->seed, LAYER_STRIA + 4 + i, 0, y / 4);
    const double off = fabs(x - centre - lean) / (0.5 * width * fmax(taper, 0.15));
    strength = fmax(strength, 1 - smooth_step(0.6, 1.15, off));
  }
  return strength;
}

static double spot_at(const struct nw_relief_scene *s, double x, double y) {
  if (s->spot == NW_SPOT_NONE) return 0;
  if (s->spot == NW_SPOT_MELASMA) {
    const double cloud = nw_noise_sum(s->seed, LAYER_SPOT, 4, x / 5.5, y / 5.5);
    return smooth_step(-0.10, 0.22, cloud) *
           (0.85 + 0.3 * nw_noise_sum(s->seed, LAYER_SPOT + 8, 3, x / 0.8, y / 0.8));
  }
  const bool lentigo = s->spot == NW_SPOT_LENTIGO;
  const double radius = lentigo ? 2.2 : 1.1;
  const struct place p = nearest_feature(s->seed, LAYER_SPOT, x, y, lentigo ? 6.5 : 3.8, radius, 0.75, 0.6);
  const double edge = ragged(s->seed, LAYER_SPOT, &p, x, y, lentigo ? 0.8 : 0.6);
  return (1 - smooth_step(lentigo ? 0.82 : 0.4, 1.1, edge)) *
         (0.9 + 0.25 * nw_noise_sum(s->seed, LAYER_SPOT + 8, 2, x / 0.5, y / 0.5));
}

/* Follicle openings, one per lattice square of the facial density. */
static double pore_at(uint64_t seed, double x, double y) {
  const double spacing = 0.9, radius = 0.11;
  const struct place p = nearest_feature(seed, LAYER_PORE, x, y, spacing, radius, 0.85, 0.9);
  return 1 - smooth_step(0.35, 1.2, p.distance);
}

/* Bleeding points: rank + darkness, the densest rank as many per cm2 as the lattice has squares. */
static double dot_at(uint64_t seed, double x, double y) {
  const double spacing = 0.5, radius = 0.09, per_cm2 = 399;
  const struct place p = nearest_feature(seed, LAYER_DOT, x, y, spacing, radius, 1, 1);
  const double dark = 0.95 * (1 - smooth_step(0.3, 1.1, p.distance));
  const double rank = nw_noise_uniform(seed, LAYER_DOT + 1, p.i, p.j, 0);
  return dark > 0 ? floor(rank * per_cm2) + dark : 0;
}

static void scale_to_unit_mean(float *map, size_t n) {
  double mean = 0, size = 0;
  for (size_t i = 0; i < n; i++)
    mean += map[i];
  mean /= (double)n;
  for (size_t i = 0; i < n; i++)
    size += fabs(map[i] - mean);
  size /= (double)n;
  for (size_t i = 0; i < n; i++)
    map[i] = (float)((map[i] - mean) / (size > 0 ? size : 1));
}

static void fill_pixel(const struct nw_relief_scene *s, double x, double y, size_t i,
                       float *const part[NW_RELIEF_PARTS]) {
  part[NW_RELIEF_TEXTURE][i] = (float)texture_at(s->seed, x, y);
  part[NW_RELIEF_SCAR][i] = (float)scar_at(s, x, y);
  part[NW_RELIEF_WRINKLE][i] = (float)wrinkle_at(s, x, y);
  part[NW_RELIEF_STRIA][i] = (float)stria_at(s, x, y, 2.5);
  part[NW_RELIEF_PORE][i] = (float)pore_at(s->seed, x, y);
  part[NW_RELIEF_SPOT][i] = (float)spot_at(s, x, y);
  part[NW_RELIEF_MOTTLE][i] = (float)(2.4 * nw_noise_sum(s->seed, LAYER_MOTTLE, 3, x / 1.7, y / 1.7));
  part[NW_RELIEF_BLOOD][i] = (float)(1.6 * nw_noise_sum(s->seed, LAYER_BLOOD, 4, x / 1.3, y / 1.3));
  part[NW_RELIEF_DOT][i] = (float)dot_at(s->seed, x, y);
}

void nw_relief_map_fill(const struct nw_relief_scene *scene, size_t width, size_t height,
                        float *const part[NW_RELIEF_PARTS]) {
  const double pitch = scene->width / (double)width;
  for (size_t row = 0; row < height; row++) {
    for (size_t column = 0; column < width; column++)
      fill_pixel(scene, pitch * ((double)column + 0.5), pitch * ((double)row + 0.5), row * width + column,
                 part);
  }
  scale_to_unit_mean(part[NW_RELIEF_TEXTURE], width * height);
}
