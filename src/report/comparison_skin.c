/* SPDX-License-Identifier: BSD-3-Clause
   The skin surface under each treatment, from the pictures of the folders: same skin, light and camera. */
#include <math.h>

#include "comparison.h"
#include "html.h"
#include "picture/jpeg.h"

enum { WIDTH = 480, QUALITY = 82 };

/* The treated picture nearest to a time [d], the last one for INFINITY; NULL where there is none. */
static const struct nw_skin_file *picture_at(const struct nw_comparison_arm *arm, double time) {
  const struct nw_skin_files *files = &arm->results.skin;
  const struct nw_skin_file *best = NULL;
  for (size_t i = 0; i < files->count; i++) {
    const struct nw_skin_file *file = &files->item[i];
    const bool nearer = !best || isinf(time) || fabs(file->time - time) < fabs(best->time - time);
    if (file->treated && nearer) best = file; /* files are in order of time */
  }
  return best;
}

static enum nw_status append_address(struct nw_context *context, const struct nw_skin_file *file,
                                     struct nw_text *out) {
  struct nw_image whole = {0}, small = {0};
  enum nw_status status = nw_png_decode(context, file->png.data, file->png.length, &whole);
  if (status == NW_OK && !nw_png_shrink(&whole, WIDTH, &small))
    status = nw_fail(context, NW_MEMORY, NULL, "out of memory writing compare.html");
  if (status == NW_OK) status = nw_jpeg_address(context, &small, QUALITY, out);
  nw_png_image_free(&whole);
  nw_png_image_free(&small);
  return status;
}

static enum nw_status one_figure(struct nw_context *context, const char *label,
                                 const struct nw_skin_file *file, struct nw_text *out) {
  nw_text_append(out, "<figure><img width=\"%d\" height=\"%d\" alt=\"Surface of the skin, ", WIDTH, WIDTH);
  nw_html_escape(out, label);
  nw_text_append(out, "\" src=\"");
  NW_TRY(append_address(context, file, out));
  nw_text_append(out, "\"><figcaption><b>");
  nw_html_escape(out, label);
  nw_text_append(out, "</b>");
  if (file->time > 0) {
    nw_text_append(out, ", ");
    nw_html_duration(out, file->time);
  }
  nw_text_append(out, "</figcaption></figure>");
  return NW_OK;
}

/* One picture for each arm, at the same time. */
static enum nw_status one_row(struct nw_context *context, const struct nw_comparison *comparison,
                              const char *title, double time, struct nw_text *out) {
  nw_text_append(out, "<h3>%s</h3><div class=\"%s\">", title, comparison->n_arms > 3 ? "four" : "three");
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_comparison_arm *arm = &comparison->arm[i];
    const struct nw_skin_file *file = picture_at(arm, time);
    if (file) NW_TRY(one_figure(context, arm->label, file, out));
  }
  nw_text_append(out, "</div>");
  return NW_OK;
}

enum nw_status nw_comparison_skin(struct nw_context *context, const struct nw_comparison *comparison,
                                  struct nw_text *out) {
  const struct nw_skin_file *before = picture_at(&comparison->arm[0], 0);
  if (!before) return NW_OK;
  nw_text_append(out,
                 "<section id=\"skin\"><h2>The skin</h2><p class=\"lead\">A square of 20 × 20 mm: the same "
                 "skin, light and camera under each treatment. Colour and depth of what one sees are "
                 "computed; where lines, openings and scars lie is drawn from the seed.</p><div "
                 "class=\"three\">");
  NW_TRY(one_figure(context, "before", before, out));
  nw_text_append(out, "</div>");
  NW_TRY(one_row(context, comparison, "Soon after the first session", 1, out)); /* math: a day */
  NW_TRY(one_row(context, comparison, "At the end", INFINITY, out));
  nw_text_append(out, "</section>");
  return NW_OK;
}
