/* SPDX-License-Identifier: BSD-3-Clause
   Report: where on the patch a product lies at the end of contact, seen from above. */
#include <math.h>
#include <stdio.h>

#include "parts.h"
#include "picture/png.h"

enum { MOST_PIXELS = 700 };

/* Of a logarithmic scale of colour below the highest value: a nearly even field is to look even. */
static const double decades = 3, least_decades = 1;

/* One column of the rows of absorption_map.csv that belong to a product. */
struct map {
  const double *value; /* (ny, nx) [ug/mL] */
  size_t nx, ny;
  double width, height; /* of the patch [mm] */
  double low, high;     /* of the scale [ug/mL] */
};

/* x runs fastest, through the centres of cells. */
static bool find_map(const struct nw_page *page, size_t product, const char *name, struct map *m) {
  const struct nw_table *t = &page->results->absorption_map;
  const size_t products = nw_results_list_length(page->results, "products");
  const int x = t->n_columns ? nw_table_column(t, "x_mm") : -1,
            y = t->n_columns ? nw_table_column(t, "y_mm") : -1,
            value = t->n_columns ? nw_table_column(t, name) : -1;
  const size_t n = products > 0 ? t->n_rows / products : 0;
  if (x < 0 || y < 0 || value < 0 || n == 0) return false;
  const double *at = t->number[x] + product * n;
  *m = (struct map){.value = t->number[value] + product * n, .nx = 1};
  while (m->nx < n && at[m->nx] > at[m->nx - 1])
    m->nx++;
  m->ny = n / m->nx;
  m->width = 2 * at[0] * (double)m->nx;
  m->height = 2 * t->number[y][product * n] * (double)m->ny;
  for (size_t i = 0; i < m->nx * m->ny; i++)
    if (m->value[i] > m->high) m->high = m->value[i];
  m->low = m->high;
  for (size_t i = 0; i < m->nx * m->ny; i++)
    if (m->value[i] < m->low) m->low = m->value[i];
  m->low = fmin(fmax(m->low, m->high * pow(10, -decades)), m->high * pow(10, -least_decades));
  return m->high > 0 && m->nx * m->ny == n && m->nx <= MOST_PIXELS && m->ny <= MOST_PIXELS;
}

static double shade(const struct map *m, size_t i) {
  if (!(m->high > m->low)) return 1;
  return log(fmax(m->value[i], m->low) / m->low) / log(m->high / m->low);
}

static enum nw_status put_address(struct nw_page *page, const struct nw_image *image) {
  struct nw_text bytes = {0};
  const enum nw_status status = nw_png_encode(page->context, image, &bytes);
  nw_text_append(page->out, "data:image/png;base64,");
  if (status == NW_OK) nw_png_base64(page->out, bytes.data, bytes.length);
  nw_text_clear(&bytes);
  return status;
}

static enum nw_status show(struct nw_page *page, const struct map *m, const char *title) {
  struct nw_image image;
  const double length = m->width > 4 ? 2 : 0.5; /* mm */
  if (!nw_png_image_create(&image, m->nx, m->ny))
    return nw_fail(page->context, NW_MEMORY, NULL, "out of memory drawing a map");
  for (size_t i = 0; i < m->nx * m->ny; i++)
    nw_png_pixel(&image, (long)(i % m->nx), (long)(i / m->nx), nw_palette_of_map(NW_MAP_DEPTH, shade(m, i)));
  nw_page_figure(page, title, NULL);
  nw_text_append(
      page->out,
      "<svg viewBox=\"0 0 390 %.0f\" role=\"img\"><title>%s, from above</title><image x=\"0\" y=\"0\" "
      "width=\"390\" height=\"%.1f\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
      "href=\"",
      390 * m->height / m->width, title, 390 * m->height / m->width);
  const enum nw_status status = put_address(page, &image);
  nw_png_image_free(&image);
  NW_TRY(status);
  const double y = 390 * m->height / m->width - 12, bar = length / m->width * 390;
  nw_text_append(page->out,
                 "\"/><path class=\"halo\" d=\"M%.1f %.1fh%.1f\"/><path class=\"bar\" d=\"M%.1f %.1fh%.1f\"/>"
                 "<text class=\"over\" x=\"380\" y=\"%.1f\">%g mm</text></svg><p class=\"legend\">",
                 380 - bar, y, bar, 380 - bar, y, bar, y - 6, length);
  nw_part_colour_strip(page, NW_MAP_DEPTH, m->low, m->high, "ug/mL, logarithmic");
  nw_text_append(page->out, "</p>");
  nw_page_figure_end(page, NULL);
  return NW_OK;
}

enum nw_status nw_part_absorption_map(struct nw_page *page, size_t i) {
  static const char *const column[] = {"viable_epidermis_ug_mL", "dermis_ug_mL"};
  static const char *const title[] = {"In the viable epidermis, end of contact",
                                      "In the dermis, mean over its depth"};
  struct map m;
  bool any = false;
  for (int k = 0; k < 2; k++) {
    if (!find_map(page, i, column[k], &m)) continue;
    if (!any) nw_text_append(page->out, "<div class=\"two\">");
    any = true;
    NW_TRY(show(page, &m, title[k]));
  }
  if (any) nw_text_append(page->out, "</div>");
  return NW_OK;
}
