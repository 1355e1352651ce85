/* SPDX-License-Identifier: BSD-3-Clause
   The colour of skin for every pixel, from a table. */
#include "dye.h"

#include <math.h>

enum { CHANNELS = 3, AXES = 3 };

/* Nodes lie evenly in the logarithm: reflectance falls with the logarithm of what absorbs. */
struct axis {
  double low, high;
  size_t n;
};
static const struct axis axes[AXES] = {
    {0.0005, 2, 72}, /* melanin [1] */
    {0.0002, 1, 64}, /* blood [1] */
    {0.25, 4, 12},   /* scattering [1] */
};

struct nw_dye {
  float *rgb; /* (melanin, blood, scatter, CHANNELS) owned */
};

static double node(const struct axis *a, size_t i) {
  return a->low * pow(a->high / a->low, (double)i / (double)(a->n - 1));
}

static size_t index_of(size_t i, size_t j, size_t k) {
  return ((i * axes[1].n + j) * axes[2].n + k) * CHANNELS;
}

struct nw_dye *nw_dye_create(const struct nw_params *p) {
  struct nw_dye *dye = nw_allocate(1, sizeof *dye);
  if (dye) dye->rgb = nw_allocate(axes[0].n * axes[1].n * axes[2].n * CHANNELS, sizeof(float));
  if (!dye || !dye->rgb) {
    nw_dye_free(&dye);
    return NULL;
  }
  for (size_t i = 0; i < axes[0].n; i++)
    for (size_t j = 0; j < axes[1].n; j++)
      for (size_t k = 0; k < axes[2].n; k++) {
        const struct nw_tint tint = {node(&axes[0], i), node(&axes[1], j), node(&axes[2], k)};
        double rgb[CHANNELS];
        nw_colour_rgb(p, &tint, rgb);
        for (int c = 0; c < CHANNELS; c++)
          dye->rgb[index_of(i, j, k) + (size_t)c] = (float)rgb[c];
      }
  return dye;
}

void nw_dye_free(struct nw_dye **dye) {
  if (*dye) nw_release((*dye)->rgb);
  nw_release(*dye);
  *dye = NULL;
}

/* The node below a value and the share of the way to the next. */
static size_t locate(const struct axis *a, double value, float *share) {
  const double t =
      log(fmin(fmax(value, a->low), a->high) / a->low) / log(a->high / a->low) * (double)(a->n - 1);
  size_t i = (size_t)t;
  if (i > a->n - 2) i = a->n - 2;
  *share = (float)(t - (double)i);
  return i;
}

void nw_dye_rgb(const struct nw_dye *dye, const struct nw_tint *tint, float rgb[CHANNELS]) {
  float u, v, w;
  const size_t i = locate(&axes[0], tint->melanin, &u), j = locate(&axes[1], tint->blood, &v),
               k = locate(&axes[2], tint->scatter, &w);
  for (int c = 0; c < CHANNELS; c++)
    rgb[c] = 0;
  for (size_t corner = 0; corner < 8; corner++) { /* math: corners of a box */
    const size_t a = corner >> 2, b = corner >> 1 & 1, d = corner & 1;
    const float weight = (a ? u : 1 - u) * (b ? v : 1 - v) * (d ? w : 1 - w);
    const float *at = dye->rgb + index_of(i + a, j + b, k + d);
    for (int c = 0; c < CHANNELS; c++)
      rgb[c] += weight * at[c];
  }
}
