/* SPDX-License-Identifier: BSD-3-Clause
   Report: where the needles went, how deep, and what they met. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "picture/palette.h"
#include "parts.h"

enum { LAYERS = 5, BINS = 32, MOST_DOTS = 6000 };

static const char *const layer_key[LAYERS] = {"stratum_corneum", "viable_epidermis", "papillary_dermis",
                                              "reticular_dermis", "subcutis"};
static const char *const layer_name[LAYERS] = {"stratum corneum", "viable epidermis", "papillary dermis",
                                               "reticular dermis", "subcutis"};
static const int layer_colour[LAYERS] = {4, 3, 5, 0, 6};

/* Columns of punctures.csv that the pictures need; NULL when absent. */
struct puncture_columns {
  size_t n;
  const double *session, *x, *y, *reach, *diameter, *bleeds;
  char *const *layer;
};

static const double *number_column(const struct nw_table *t, const char *name) {
  const int column = nw_table_column(t, name);
  return column < 0 ? NULL : t->number[column];
}

static bool find_columns(const struct nw_page *page, struct puncture_columns *c) {
  const struct nw_table *t = &page->results->punctures;
  if (t->n_columns == 0 || t->n_rows == 0) return false;
  const int layer = nw_table_column(t, "layer");
  *c = (struct puncture_columns){t->n_rows,
                                 number_column(t, "session"),
                                 number_column(t, "x_mm"),
                                 number_column(t, "y_mm"),
                                 number_column(t, "reach_um"),
                                 number_column(t, "lumen_diameter_um"),
                                 number_column(t, "bleeds"),
                                 layer >= 0 ? t->word[layer] : NULL};
  return c->session && c->x && c->y && c->reach;
}

static double greatest(const double *value, size_t n) {
  double most = 0;
  for (size_t i = 0; i < n; i++)
    if (value[i] > most) most = value[i];
  return most;
}

/* ---- map of the first session ---- */

struct map_view {
  double width, height;       /* of the patch [mm] */
  double scale;               /* px per mm */
  struct nw_chart_axis reach; /* colour range [um] */
};

static void append_colour(struct nw_text *out, struct nw_colour c) {
  nw_text_append(out, "#%02x%02x%02x", nw_palette_byte(c.r), nw_palette_byte(c.g), nw_palette_byte(c.b));
}

static size_t draw_dots(struct nw_text *out, const struct puncture_columns *c, const struct map_view *view) {
  size_t drawn = 0;
  for (size_t i = 0; i < c->n && drawn < MOST_DOTS; i++) {
    if (c->session[i] != c->session[0] || !isfinite(c->x[i]) || !isfinite(c->y[i]) || !isfinite(c->reach[i]))
      continue;
    const double least_mm = 0.016; /* so that a closed channel can still be seen */
    const double radius = fmax(c->diameter && isfinite(c->diameter[i]) ? c->diameter[i] / 2000 : 0, least_mm);
    nw_text_append(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.2f\" fill=\"", c->x[i] * view->scale,
                   c->y[i] * view->scale, radius * view->scale);
    append_colour(out, nw_palette_of_map(NW_MAP_DEPTH, nw_chart_position(&view->reach, c->reach[i], 0, 1)));
    nw_text_append(out, c->bleeds && c->bleeds[i] > 0 ? "\" class=\"bleeds\"/>" : "\"/>");
    drawn++;
  }
  return drawn;
}

static void draw_colour_bar(struct nw_text *out, const struct map_view *view, double top) {
  const double width = 180, height = 9;
  const int steps = 36;
  for (int i = 0; i < steps; i++) {
    nw_text_append(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" fill=\"",
                   width * i / steps, top, width / steps + 0.5, height);
    append_colour(out, nw_palette_of_map(NW_MAP_DEPTH, (i + 0.5) / steps));
    nw_text_append(out, "\"/>");
  }
  nw_text_append(out, "<text class=\"tick\" x=\"0\" y=\"%.0f\">", top + 22);
  nw_html_fixed(out, view->reach.low, 0);
  nw_text_append(out, "</text><text class=\"tick end\" x=\"%.0f\" y=\"%.0f\">", width, top + 22);
  nw_html_fixed(out, view->reach.high, 0);
  nw_text_append(out, "</text><text class=\"tick mid\" x=\"%.0f\" y=\"%.0f\">reach, µm</text>", width / 2,
                 top + 22);
}

static void draw_scale_bar(struct nw_text *out, const struct map_view *view, double right, double top) {
  const double length = view->width > 2.5 ? 1 : 0.5; /* mm */
  nw_text_append(out, "<path class=\"scale\" d=\"M%.1f %.1fH%.1f\"/>", right - length * view->scale, top + 4,
                 right);
  nw_text_append(out, "<text class=\"tick end\" x=\"%.1f\" y=\"%.1f\">%s</text>", right, top + 22,
                 length == 1 ? "1 mm" : "0.5 mm");
}

static void puncture_map(struct nw_page *page, const struct puncture_columns *c) {
  struct map_view view = {nw_page_quantity(page, "case.patch.width", NULL),
                          nw_page_quantity(page, "case.patch.height", NULL),
                          0,
                          {0, 0, false}};
  if (!(view.width > 0)) view.width = fmax(greatest(c->x, c->n), 1e-3);
  if (!(view.height > 0)) view.height = fmax(greatest(c->y, c->n), 1e-3);
  const struct nw_series range = {.x = c->reach, .y = c->reach, .n = c->n};
  view.reach = nw_chart_y_axis(&range, 1, false, false, 1);
  view.scale = NW_PAGE_CHART_WIDTH / view.width;
  const double bottom = view.height * view.scale;
  nw_page_figure(page, "Punctures of the first session", NULL);
  nw_text_append(
      page->out,
      "<svg viewBox=\"-1 -1 %d %.0f\" role=\"img\"><title>Map of punctures coloured by reach</title>",
      NW_PAGE_CHART_WIDTH + 2, bottom + 44);
  nw_text_append(page->out, "<rect class=\"skin\" width=\"%d\" height=\"%.1f\" rx=\"3\"/>",
                 NW_PAGE_CHART_WIDTH, bottom);
  const size_t drawn = draw_dots(page->out, c, &view);
  draw_colour_bar(page->out, &view, bottom + 12);
  draw_scale_bar(page->out, &view, NW_PAGE_CHART_WIDTH, bottom + 12);
  nw_text_append(page->out, "</svg>");
  char caption[200];
  snprintf(caption, sizeof caption,
           "%zu punctures at true scale: each disc is the mouth that stays open; a red rim bleeds.%s", drawn,
           drawn == MOST_DOTS ? " The rest is not drawn." : "");
  nw_page_figure_end(page, caption);
}

/* ---- histogram of reach ---- */

static int layer_index(const struct puncture_columns *c, size_t i) {
  for (int k = 0; c->layer && c->layer[i] && k < LAYERS; k++)
    if (strcmp(c->layer[i], layer_key[k]) == 0) return k;
  return 0;
}

static size_t layer_lines(const struct nw_page *page, double line[LAYERS], const char *label[LAYERS]) {
  const double corneum = nw_results_number(page->results, "skin.stratum_corneum_um");
  const double epidermis = nw_results_number(page->results, "skin.viable_epidermis_um");
  const double papillary = nw_results_number(page->results, "skin.papillary_dermis_um");
  const double dermis = nw_results_number(page->results, "skin.dermis_um");
  size_t n = 0;
  if (isfinite(corneum + epidermis)) {
    line[n] = corneum + epidermis;
    label[n++] = "dermis";
    if (isfinite(papillary)) line[n] = corneum + epidermis + papillary;
    if (isfinite(papillary)) label[n++] = "reticular";
    if (isfinite(dermis)) line[n] = corneum + epidermis + dermis;
    if (isfinite(dermis)) label[n++] = "fat";
  }
  return n;
}

static void reach_histogram(struct nw_page *page, const struct puncture_columns *c) {
  double count[LAYERS * BINS] = {0}, line[LAYERS];
  const char *line_label[LAYERS];
  const struct nw_series range = {.x = c->reach, .y = c->reach, .n = c->n};
  const struct nw_chart_axis x = nw_chart_y_axis(&range, 1, true, false, 1);
  for (size_t i = 0; i < c->n; i++) {
    if (!isfinite(c->reach[i])) continue;
    const int bin = (int)nw_chart_position(&x, c->reach[i], 0, BINS);
    count[layer_index(c, i) * BINS + (bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin)] += 1;
  }
  const struct nw_histogram histogram = {
      .x = x,
      .count = count,
      .n_bins = BINS,
      .n_classes = LAYERS,
      .class_label = layer_name,
      .class_colour = layer_colour,
      .line = line,
      .line_label = line_label,
      .n_lines = layer_lines(page, line, line_label),
      .x_label = "reach below the surface, µm",
      .description = "Histogram of puncture depth by the layer that the tip reached",
      .width = NW_PAGE_CHART_WIDTH,
      .height = 250};
  nw_page_figure(page, "How deep the tips reached", "punctures of the whole course");
  nw_chart_histogram(page->out, &histogram);
  nw_page_figure_end(page, "Dotted lines: where layers of this skin begin.");
}

/* ---- table ---- */

static void statistic_row(struct nw_page *page, const char *name, const char *path) {
  static const char *const leaf[] = {"mean", "sd", "min", "max"};
  double value[NW_COUNT(leaf)];
  for (size_t i = 0; i < NW_COUNT(leaf); i++) {
    char item[96];
    snprintf(item, sizeof item, "%s.%s", path, leaf[i]);
    value[i] = nw_results_number(page->results, item);
  }
  if (!isfinite(value[0])) return;
  nw_text_append(page->out, "<tr><th>%s</th><td>", name);
  nw_html_fixed(page->out, value[0], 0);
  if (isfinite(value[1])) nw_text_append(page->out, " ± ");
  if (isfinite(value[1])) nw_html_fixed(page->out, value[1], 0);
  nw_text_append(page->out, "<span class=\"unit\">\u202fµm");
  if (isfinite(value[2]) && isfinite(value[3])) {
    nw_text_append(page->out, " (");
    nw_html_fixed(page->out, value[2], 0);
    nw_text_append(page->out, " to ");
    nw_html_fixed(page->out, value[3], 0);
    nw_text_append(page->out, ")");
  }
  nw_text_append(page->out, "</span></td></tr>");
}

static void density_row(struct nw_page *page) {
  const double density = nw_results_number(page->results, "device.density_per_cm2");
  if (!isfinite(density)) return;
  nw_text_append(page->out, "<tr><th>Density, one session, all passes</th><td>");
  nw_html_fixed(page->out, density, density < 100 ? 1 : 0);
  nw_text_append(page->out, "<span class=\"unit\">\u202fper cm²</span>%s</td></tr>",
                 nw_part_extrapolated(page) ? " <span class=\"flag\">extrapolated</span>" : "");
}

static void puncture_table(struct nw_page *page) {
  nw_text_append(page->out, "<div class=\"split\"><table class=\"facts\">");
  density_row(page);
  nw_page_number_row(page, "Punctures on the patch, whole course", "device.punctures", 1, "1");
  statistic_row(page, "Reach, mean ± SD (range)", "device.reach_um");
  statistic_row(page, "Open channel, mean ± SD (range)", "device.lumen_um");
  nw_page_number_row(page, "Surface opened, one session", "device.covered_fraction", 100, "%");
  nw_page_number_row(page, "Punctures that overlap another", "device.overlap_fraction", 100, "%");
  nw_page_number_row(page, "Punctures into a follicle", "device.follicle_fraction", 100, "%");
  nw_text_append(page->out, "</table><table class=\"facts\">");
  nw_page_number_row(page, "Bleeding points", "device.bleeding_per_cm2", 1, "per cm^2");
  nw_page_number_row(page, "Force on the hand", "device.force_N", 1, "N");
  nw_page_number_row(page, "Needles in the skin at once", "device.needles_in_skin", 1, "1");
  nw_page_number_row(page, "Travel with the needle in the skin", "device.drag_um", 1, "um");
  nw_page_number_row(page, "Pain, visual scale 0 to 10", "pain_vas", 1, "1");
  nw_page_number_row(page, "Strength over load, buckling", "device.buckling_margin", 1, "×");
  nw_page_number_row(page, "Strength over load, bending", "device.bending_margin", 1, "×");
  nw_text_append(page->out, "</table></div>");
}

static void layer_bars(struct nw_page *page) {
  struct nw_bar bar[LAYERS];
  char text[LAYERS][24];
  size_t n = 0;
  for (int k = 0; k < LAYERS; k++) {
    char path[80];
    snprintf(path, sizeof path, "device.layer_fraction.%s", layer_key[k]);
    const double share = nw_results_number(page->results, path);
    if (!isfinite(share) || share == 0) continue;
    snprintf(text[n], sizeof text[n], "%.*f %%", share < 0.1 ? 1 : 0, 100 * share);
    bar[n] = (struct nw_bar){layer_name[k], text[n], share, NAN, NAN, layer_colour[k]};
    n++;
  }
  if (n == 0) return;
  nw_page_figure(page, "Layer that the tip reached", "share of punctures");
  nw_chart_bars(page->out, bar, n, "Share of punctures by layer", NW_PAGE_CHART_WIDTH);
  nw_page_figure_end(page, NULL);
}

void nw_part_punctures(struct nw_page *page) {
  struct puncture_columns c = {0};
  const bool listed = find_columns(page, &c);
  if (!listed && !(nw_results_number(page->results, "device.punctures") > 0)) return;
  nw_page_section(
      page, "punctures", "Punctures",
      "Every puncture is computed from the motion of the device and the mechanics of "
      "needle and skin: the skin dents before it breaks, so a needle reaches less deep than it is long.");
  nw_text_append(page->out, "<div class=\"pair\">");
  if (listed) puncture_map(page, &c);
  nw_text_append(page->out, "<div>");
  if (listed) reach_histogram(page, &c);
  layer_bars(page);
  nw_text_append(page->out, "</div></div>");
  puncture_table(page);
  nw_part_limits(page);
  nw_page_section_end(page);
}
