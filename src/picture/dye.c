/* SPDX-License-Identifier: BSD-3-Clause
   The colour of skin for every pixel, from a table. */
#include "dye.h"

#include <math.h>

enum { CHANNELS = 3, AXES = 4 };

/* Nodes lie evenly in the logarithm of the value plus a shift: reflectance falls with the logarithm of what
   absorbs, and of what may be absent it must be right at zero. */
struct axis {
  double low, high, shift;
  size_t n;
};
static const struct axis axes[AXES] = {
    {0.0005, 2, 0, 72}, /* melanin [1] */
    {0.0002, 1, 0, 64}, /* blood [1] */
    {0.25, 4, 0, 12},   /* scattering [1] */
    {0, 1, 0.01, 16},   /* melanin of the dermis [1] */
};

struct nw_dye {
  float *rgb; /* (melanin, blood, scatter, dermal, CHANNELS) owned */
};

static double node(const struct axis *a, size_t i) {
  const double low = a->low + a->shift, high = a->high + a->shift;
  return low * pow(high / low, (double)i / (double)(a->n - 1)) - a->shift;
}

/* Place of a node. */
static size_t index_of(size_t i, size_t j, size_t k, size_t l) {
  return (((i * axes[1].n + j) * axes[2].n + k) * axes[3].n + l) * CHANNELS;
}

/* What the epidermis passes does not depend on what lies below it: each is computed once. */
static void fill(struct nw_dye *dye, const struct nw_params *p, const struct nw_tint *tint, size_t j,
                 size_t k, size_t l, double (*passed)[NW_COLOUR_BANDS]) {
  double below[NW_COLOUR_BANDS], reflectance[NW_COLOUR_BANDS], rgb[CHANNELS];
  for (size_t b = 0; b < NW_COLOUR_BANDS; b++)
    below[b] = nw_colour_below(p, tint, b);
  for (size_t i = 0; i < axes[0].n; i++) {
    for (size_t b = 0; b < NW_COLOUR_BANDS; b++)
      reflectance[b] = nw_colour_returned(p, passed[i][b], below[b]);
    nw_colour_rgb_of(reflectance, rgb);
    for (int c = 0; c < CHANNELS; c++)
      dye->rgb[index_of(i, j, k, l) + (size_t)c] = (float)rgb[c];
  }
}

static void fill_all(struct nw_dye *dye, const struct nw_params *p, double (*passed)[NW_COLOUR_BANDS]) {
  for (size_t i = 0; i < axes[0].n; i++)
    for (size_t b = 0; b < NW_COLOUR_BANDS; b++)
      passed[i][b] = nw_colour_passed(p, node(&axes[0], i), b);
  for (size_t j = 0; j < axes[1].n; j++)
    for (size_t k = 0; k < axes[2].n; k++)
      for (size_t l = 0; l < axes[3].n; l++) {
        const struct nw_tint tint = {
            .blood = node(&axes[1], j), .scatter = node(&axes[2], k), .dermal = node(&axes[3], l)};
        fill(dye, p, &tint, j, k, l, passed);
      }
}

struct nw_dye *nw_dye_create(const struct nw_params *p) {
  struct nw_dye *dye = nw_allocate(1, sizeof *dye);
  double(*passed)[NW_COLOUR_BANDS] = nw_allocate(axes[0].n, sizeof *passed);
  if (dye) dye->rgb = nw_allocate(index_of(axes[0].n, 0, 0, 0), sizeof(float));
  if (!dye || !dye->rgb || !passed) {
    nw_dye_free(&dye);
  } else {
    fill_all(dye, p, passed);
  }
  nw_release(passed);
  return dye;
}

void nw_dye_free(struct nw_dye **dye) {
  if (*dye) nw_release((*dye)->rgb);
  nw_release(*dye);
  *dye = NULL;
}

/* The node below a value and the share of the way to the next. */
static size_t locate(const struct axis *a, double value, float *share) {
  const double low = a->low + a->shift, high = a->high + a->shift;
  const double t = log(fmin(fmax(value + a->shift, low), high) / low) / log(high / low) * (double)(a->n - 1);
  size_t i = (size_t)t;
  if (i > a->n - 2) i = a->n - 2;
  *share = (float)(t - (double)i);
  return i;
}

void nw_dye_rgb(const struct nw_dye *dye, const struct nw_tint *tint, float rgb[CHANNELS]) {
  const double value[AXES] = {tint->melanin, tint->blood, tint->scatter, tint->dermal};
  float share[AXES];
  size_t first[AXES];
  for (int k = 0; k < AXES; k++)
    first[k] = locate(&axes[k], value[k], &share[k]);
  for (int c = 0; c < CHANNELS; c++)
    rgb[c] = 0;
  for (unsigned corner = 0; corner < 1u << AXES; corner++) {
    size_t at[AXES];
    float weight = 1;
    for (int k = 0; k < AXES; k++) {
      const unsigned up = corner >> k & 1;
      at[k] = first[k] + up;
      weight *= up ? share[k] : 1 - share[k];
    }
    const float *from = dye->rgb + index_of(at[0], at[1], at[2], at[3]);
    for (int c = 0; weight > 0 && c < CHANNELS; c++)
      rgb[c] += weight * from[c];
  }
}
