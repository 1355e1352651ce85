/* SPDX-License-Identifier: BSD-3-Clause
   Reproducible texture for pictures: a smooth random field and random cells of the plane. */
#include "noise.h"

#include <math.h>

static uint64_t lattice_item(int layer, long i, long j) {
  return (uint64_t)(uint16_t)layer << 48 | (uint64_t)(uint32_t)(i & 0xffffff) << 24 |
         (uint64_t)(j & 0xffffff);
}

/* A lighter mix than that of base/random.h: pictures ask for some hundred million numbers, and only the eye
   judges them. Two rounds of multiply and shift (Steele 2014). */
double nw_noise_uniform(uint64_t seed, int layer, long i, long j, int draw) {
  uint64_t z = lattice_item(layer, i, j) ^ (seed * 0x9e3779b97f4a7c15u) ^
               ((uint64_t)(uint32_t)draw * 0xd1b54a32d192ed03u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

/* Quintic fade: continuous curvature, so that shaded relief shows no lattice (Perlin 2002). */
static double fade(double t) {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

double nw_noise_value(uint64_t seed, int layer, double x, double y) {
  const double fx = floor(x), fy = floor(y);
  const long i = (long)fx, j = (long)fy;
  const double u = fade(x - fx), v = fade(y - fy);
  const double top =
      nw_noise_uniform(seed, layer, i, j, 0) * (1 - u) + nw_noise_uniform(seed, layer, i + 1, j, 0) * u;
  const double bottom = nw_noise_uniform(seed, layer, i, j + 1, 0) * (1 - u) +
                        nw_noise_uniform(seed, layer, i + 1, j + 1, 0) * u;
  return 2 * (top * (1 - v) + bottom * v) - 1;
}

struct nw_noise_cell nw_noise_cells(uint64_t seed, int layer, double x, double y) {
  struct nw_noise_cell cell = {4, 4, 0};
  const long ci = (long)floor(x), cj = (long)floor(y);
  for (long j = cj - 1; j <= cj + 1; j++) {
    for (long i = ci - 1; i <= ci + 1; i++) {
      const double dx = (double)i + nw_noise_uniform(seed, layer, i, j, 0) - x;
      const double dy = (double)j + nw_noise_uniform(seed, layer, i, j, 1) - y;
      const double distance = sqrt(dx * dx + dy * dy);
      if (distance < cell.nearest) {
        cell.second = cell.nearest;
        cell.nearest = distance;
        cell.id = lattice_item(layer, i, j);
      } else if (distance < cell.second) {
        cell.second = distance;
      }
    }
  }
  return cell;
}
