/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections of the skin out of the fields of one time. */
#include "section.h"

#include <math.h>

#include "noise.h"

/* Layers of the random texture, so that no two of its uses are alike. */
enum { LAYER_RIDGE = 40, LAYER_SURFACE = 84 };

double nw_picture_air(void) {
  return 0.03;
}

double nw_section_pitch(const struct nw_picture_section *p) {
  return p->width / (double)p->pixels;
}

double nw_section_top(const struct nw_picture_section *p) {
  return -(p->viable_epidermis + p->stratum_corneum + nw_picture_air());
}

/* ---- reading the fields between cell centres ---- */

static double centre(const double *edge, size_t i) {
  return (edge[i] + edge[i + 1]) / 2;
}

/* The cell whose centre lies before `place`, and the share of the way to the next; clamped at the ends. */
static size_t locate(const double *edge, size_t n, double place, double *share) {
  size_t low = 0, high = n >= 2 ? n - 2 : 0;
  while (low < high) {
    const size_t middle = (low + high + 1) / 2;
    if (centre(edge, middle) <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const double here = centre(edge, low);
  *share = n < 2 ? 0 : fmin(fmax((place - here) / (centre(edge, low + 1) - here), 0), 1);
  return low;
}

double nw_section_field(const struct nw_picture_section *p, enum nw_field field, double x, double z) {
  const struct nw_sections *s = p->sections;
  if (!s->field[field] || s->nx == 0 || s->nz == 0) return 0;
  double u, v;
  const size_t i = locate(s->x_edge, s->nx, x, &u), k = locate(s->z_edge, s->nz, z, &v);
  const size_t right = i + 1 < s->nx ? i + 1 : i, below = k + 1 < s->nz ? k + 1 : k;
  const float *f = s->field[field] + p->time * s->nz * s->nx;
  const double top = f[k * s->nx + i] * (1 - u) + f[k * s->nx + right] * u;
  const double bottom = f[below * s->nx + i] * (1 - u) + f[below * s->nx + right] * u;
  const double value = top * (1 - v) + bottom * v;
  return isfinite(value) ? value : 0;
}

double nw_section_coverage(const struct nw_picture_section *p, double x) {
  const struct nw_sections *s = p->sections;
  if (!s->coverage || s->ny == 0) return 1;
  double share;
  const size_t i = locate(s->x_edge, s->nx, x, &share);
  const float *row = s->coverage + (p->time * s->ny + s->ny / 2) * s->nx;
  const double value = row[i] * (1 - share) + row[i + 1 < s->nx ? i + 1 : i] * share;
  return isfinite(value) ? fmin(fmax(value, 0), 1) : 1;
}

double nw_section_collagen(const struct nw_picture_section *p, double x, double z, double *young) {
  *young =
      nw_section_field(p, NW_FIELD_collagen_III, x, z) + nw_section_field(p, NW_FIELD_collagen_I_new, x, z);
  return *young + nw_section_field(p, NW_FIELD_collagen_I_mature, x, z);
}

double nw_picture_busiest_window(const struct nw_sections *s, double width) {
  const double extent = s->x_edge[s->nx] - s->x_edge[0];
  const int places = 24;
  double best = s->x_edge[0] + fmax(0, extent - width) / 2, most = 0;
  for (int p = 0; p <= places && width < extent; p++) {
    const double left = s->x_edge[0] + (extent - width) * p / places;
    double sum = 0;
    for (size_t i = 0; i < s->nx; i++) {
      if (s->x_edge[i] < left || s->x_edge[i + 1] > left + width) continue;
      for (size_t t = 0; t < s->n_times; t++) {
        const size_t at = t * s->nz * s->nx + i;
        sum += (s->field[NW_FIELD_fibrin] ? s->field[NW_FIELD_fibrin][at] : 0) +
               (s->field[NW_FIELD_debris] ? s->field[NW_FIELD_debris][at] : 0);
      }
    }
    if (sum > most * 1.02) {
      most = sum;
      best = left;
    }
  }
  return best;
}

/* ---- the shape of the epidermis ---- */

double nw_section_ridge(const struct nw_picture_section *p, double x) {
  const double wave =
      nw_noise_value(2, LAYER_RIDGE, x / 0.075, 0) + 0.45 * nw_noise_value(2, LAYER_RIDGE + 1, x / 0.033, 0);
  return fmax(0, 0.55 * p->ridges * p->viable_epidermis * (0.3 + 0.9 * wave));
}

double nw_section_surface(const struct nw_picture_section *p, double x) {
  return -(p->viable_epidermis + 0.008 * nw_noise_value(5, LAYER_SURFACE, x / 0.09, 0));
}

/* ---- painting ---- */

enum nw_status nw_section_paint(struct nw_context *context, const struct nw_picture_section *p,
                                nw_section_painter painter, const void *data, struct nw_image *image) {
  const double pitch = nw_section_pitch(p), top = nw_section_top(p);
  const size_t rows = (size_t)ceil((p->depth - top) / pitch);
  if (context->interrupt) return NW_INTERRUPTED; /* a report draws ten of these: seconds of work */
  if (!nw_png_image_create(image, p->pixels, rows))
    return nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing a tissue section");
#pragma omp parallel for schedule(dynamic, 8) num_threads(context->threads)
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < p->pixels; column++) {
      const double x = p->left + pitch * ((double)column + 0.5), z = top + pitch * ((double)row + 0.5);
      nw_png_pixel(image, (long)column, (long)row, painter(p, x, z, data));
    }
  }
  return NW_OK;
}

double nw_section_elastotic_depth(const struct nw_picture_section *p) {
  return 0.05 + 0.25 * p->elastosis;
}
