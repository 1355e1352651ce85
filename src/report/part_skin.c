/* SPDX-License-Identifier: BSD-3-Clause
   Report: the surface of the skin before, during and after, from the pictures of the folder. */
#include <math.h>
#include <stdio.h>

#include "parts.h"
#include "picture/jpeg.h"

enum { WIDTH = 560, SMALL = 360, QUALITY = 74 };

/* The last session before the picture, counted from 1; 0 when there is none or it is no longer what one sees.
 */
static size_t session_shown(const struct nw_page *page, const struct nw_skin_file *file) {
  const double week = 7;
  size_t last = page->n_sessions;
  while (last > 0 && page->session[last - 1] >= file->time)
    last--;
  return last > 0 && file->treated && file->time - page->session[last - 1] < week ? last : 0;
}

/* The last treated picture; NULL when there is only the first. */
static const struct nw_skin_file *last_treated(const struct nw_skin_files *files) {
  const struct nw_skin_file *last = NULL;
  for (size_t i = 1; i < files->count; i++)
    if (files->item[i].treated) last = &files->item[i];
  return last;
}

/* What a picture shows, as a reader would say it. */
static void append_name(const struct nw_page *page, const struct nw_skin_file *file, struct nw_text *out) {
  const size_t session = session_shown(page, file);
  if (!(file->time > 0)) {
    nw_text_append(out, "before");
    return;
  }
  if (!file->treated) nw_text_append(out, "untreated twin, ");
  if (file == last_treated(&page->results->skin) && session == 0) nw_text_append(out, "end, ");
  if (session != 1) nw_html_duration(out, file->time);
  if (session > 1) nw_text_append(out, ", ");
  if (session == 0) return;
  nw_html_duration(out, file->time - page->session[session - 1]);
  nw_text_append(out, " after session %zu", session);
}

/* The picture as a data address, small enough for the page. */
static enum nw_status append_address(struct nw_page *page, const struct nw_skin_file *file, size_t width) {
  struct nw_image whole = {0}, small = {0};
  enum nw_status status = nw_png_decode(page->context, file->png.data, file->png.length, &whole);
  if (status == NW_OK && !nw_png_shrink(&whole, width, &small))
    status = nw_fail(page->context, NW_MEMORY, NULL, "out of memory while composing the report");
  if (status == NW_OK) status = nw_jpeg_address(page->context, &small, QUALITY, page->out);
  nw_png_image_free(&whole);
  nw_png_image_free(&small);
  return status;
}

static enum nw_status append_picture(struct nw_page *page, const struct nw_skin_file *file, size_t width) {
  nw_text_append(page->out, "<img width=\"%zu\" height=\"%zu\" alt=\"Surface of the skin, ", width, width);
  append_name(page, file, page->out);
  nw_text_append(page->out, "\" src=\"");
  NW_TRY(append_address(page, file, width));
  nw_text_append(page->out, "\">");
  return NW_OK;
}

static enum nw_status show(struct nw_page *page, const struct nw_skin_file *file, size_t width) {
  nw_text_append(page->out, "<figure>");
  NW_TRY(append_picture(page, file, width));
  nw_text_append(page->out, "<figcaption><b>");
  append_name(page, file, page->out);
  nw_text_append(page->out, "</b></figcaption></figure>");
  return NW_OK;
}

/* Before under after; the reader draws the edge of the upper picture with its handle. No script is needed,
   and on paper the edge stands in the middle. */
static enum nw_status show_pair(struct nw_page *page, const struct nw_skin_file *before,
                                const struct nw_skin_file *after) {
  nw_text_append(page->out, "<figure class=\"wipe\"><div class=\"under\">");
  NW_TRY(append_picture(page, after, WIDTH));
  nw_text_append(page->out, "<div class=\"over\">");
  NW_TRY(append_picture(page, before, WIDTH));
  nw_text_append(page->out, "</div></div><figcaption>Left of the edge <b>before</b>, right of it <b>");
  append_name(page, after, page->out);
  nw_text_append(page->out, "</b>; draw the handle at the lower end of the edge.</figcaption></figure>");
  return NW_OK;
}

static enum nw_status show_all(struct nw_page *page, const struct nw_skin_files *files) {
  const struct nw_skin_file *last = last_treated(files);
  if (last) NW_TRY(show_pair(page, &files->item[0], last));
  nw_text_append(page->out, "<div class=\"three\">");
  for (size_t i = 0; i < files->count; i++)
    NW_TRY(show(page, &files->item[i], SMALL));
  nw_text_append(page->out, "</div>");
  return NW_OK;
}

enum nw_status nw_part_skin(struct nw_page *page) {
  const struct nw_skin_files *files = &page->results->skin;
  if (files->count == 0) return NW_OK;
  nw_page_section(
      page, "surface", "The surface",
      "A square of 20 × 20 mm, always the same skin, camera and light, the lamp at the upper left. "
      "<b>Computed:</b> the colour of the skin from its melanin, blood and scattering; depth and width of "
      "lines, wrinkles, openings, scars and stretch marks; where the device left its channels, how many "
      "of them are open or bleed; redness and swelling; shadow, gloss and the light that seeps through "
      "skin. <b>Drawn:</b> where lines, openings, scars and mottle lie, from the seed of the plan. A "
      "picture shows one skin that fits the numbers; it is not a photograph of anyone.");
  const enum nw_status status = show_all(page, files);
  nw_page_section_end(page);
  return status;
}

/* ---- the first thing seen ---- */

/* The treated picture nearest to a day after the first session. */
static const struct nw_skin_file *day_after(const struct nw_skin_files *files) {
  const struct nw_skin_file *best = NULL;
  for (size_t i = 1; i < files->count; i++) {
    const struct nw_skin_file *file = &files->item[i];
    if (file->treated && (!best || fabs(file->time - 1) < fabs(best->time - 1))) best = file;
  }
  return best;
}

enum nw_status nw_part_skin_first(struct nw_page *page) {
  const struct nw_skin_files *files = &page->results->skin;
  const struct nw_skin_file *last = last_treated(files), *day = day_after(files);
  if (!last) return NW_OK;
  nw_text_append(page->out, "<div class=\"first\">");
  NW_TRY(show(page, &files->item[0], WIDTH));
  if (day != last) NW_TRY(show(page, day, WIDTH));
  NW_TRY(show(page, last, WIDTH));
  nw_text_append(page->out,
                 "</div><p class=\"fine\">20 × 20 mm of skin drawn from the computed numbers, same "
                 "light and camera; <a href=\"#surface\">what is computed and what is drawn</a>.</p>");
  return NW_OK;
}
