/* SPDX-License-Identifier: BSD-3-Clause
   Report: how the channels close by both clocks, and what limits the device on this skin, in words. */
#include <math.h>
#include <string.h>

#include "parts.h"

static double number(const struct nw_page *page, const char *path) {
  return nw_results_number(page->results, path);
}

static bool is_true(const struct nw_page *page, const char *path) {
  const char *text = nw_results_text(page->results, path);
  return text && strcmp(text, "true") == 0;
}

static void value(struct nw_page *page, double x, const char *unit) {
  nw_html_number(page->out, x);
  if (!unit) return;
  nw_text_append(page->out, "\u202f");
  nw_html_unit(page->out, unit);
}

/* ---- two clocks of closure ---- */

enum { INSTANTS = 61 };

static double longest(double a, double b) {
  if (!isfinite(a)) return b;
  return isfinite(b) ? fmax(a, b) : a;
}

static size_t decay(const char *label, double half_life, int colour, const double *hour, double *left,
                    struct nw_series *series) {
  if (!isfinite(half_life)) return 0;
  for (size_t i = 0; i < INSTANTS; i++)
    left[i] = 100 * exp2(-hour[i] / half_life);
  *series = (struct nw_series){.label = label, .x = hour, .y = left, .n = INSTANTS, .colour = colour};
  return 1;
}

static void closure_chart(struct nw_page *page) {
  const double barrier = number(page, "device.barrier_half_life_h");
  const double structure = number(page, "device.structure_half_life_h");
  const double end = 3 * longest(barrier, structure);
  double hour[INSTANTS], left[2][INSTANTS];
  struct nw_series series[2];
  if (!(end > 0) || !isfinite(end)) return;
  for (size_t i = 0; i < INSTANTS; i++)
    hour[i] = end * (double)i / (INSTANTS - 1);
  size_t n = decay("barrier", barrier, 0, hour, left[0], &series[0]);
  n += decay("hole", structure, 1, hour, left[n], &series[n]);
  const struct nw_chart chart = {.x = {0, end, false},
                                 .y = {0, 100, false},
                                 .series = series,
                                 .n_series = n,
                                 .x_label = "hours after the session",
                                 .description = "What is left of the barrier defect and of the hole",
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_page_figure(page, "Two clocks of closure", "share still open, %");
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page,
                     "Barrier: water loss and impedance. Hole: what optics and dyes see. A few channels; "
                     "dense treatment keeps the skin leaky for longer.");
}

static void closure_rows(struct nw_page *page) {
  nw_text_append(page->out, "<table class=\"facts\">");
  nw_page_number_row(page, "Barrier half back", "device.barrier_half_life_h", 1, "h");
  nw_page_number_row(page, "Barrier back", "device.barrier_closed_h", 1, "h");
  nw_page_number_row(page, "Hole half closed", "device.structure_half_life_h", 1, "h");
  nw_page_number_row(page, "Hole closed", "device.structure_closed_h", 1, "h");
  nw_text_append(page->out, "</table>");
}

/* ---- what limits the device ---- */

static void say_depth(struct nw_page *page) {
  const double reach = number(page, "device.reach_um.mean");
  const double length = 1000 * nw_page_quantity(page, "case.device.needle_length", NULL);
  const double open = number(page, "device.lumen_um.mean");
  if (!(reach > 0)) return;
  nw_text_append(page->out, "<li><b>Depth.</b> ");
  if (length > 0) {
    nw_text_append(page->out, "Of %.0f µm set, the tip reaches ", length);
    value(page, reach, "um");
    nw_text_append(page->out, " on average, %.0f %%: ", 100 * reach / length);
    nw_text_append(page->out, reach < 0.7 * length
                                  ? "the skin gives way in a dimple, which takes the rest whatever the tip."
                                  : "the dimple takes little here.");
  } else {
    nw_text_append(page->out, "Columns reach ");
    value(page, reach, "um");
    nw_text_append(page->out, ".");
  }
  if (open > 0 && open < 0.9 * reach) {
    nw_text_append(page->out, " Only the uppermost ");
    value(page, open, "um");
    nw_text_append(page->out, " stay open; below, the cut closes elastically.");
  }
  nw_text_append(page->out, "</li>");
}

static void say_layer(struct nw_page *page) {
  const double fat = number(page, "device.layer_fraction.subcutis");
  const double shallow = number(page, "device.layer_fraction.stratum_corneum") +
                         number(page, "device.layer_fraction.viable_epidermis");
  if (fat > 0.005)
    nw_text_append(page->out,
                   "<li><b>Layer.</b> %.*f %% of punctures pass through the dermis into the fat, where they "
                   "build no collagen: shorter needles would do the same.</li>",
                   fat < 0.1 ? 1 : 0, 100 * fat);
  if (shallow > 0.005)
    nw_text_append(page->out, "<li><b>Layer.</b> %.*f %% of punctures end above the dermis.</li>",
                   shallow < 0.1 ? 1 : 0, 100 * shallow);
}

static void say_tearing(struct nw_page *page) {
  const double drag = number(page, "device.drag_um");
  const double width = number(page, "case.device.needle_diameter_um");
  if (!(drag > 0) || !(width > 0)) return;
  nw_text_append(page->out, "<li><b>Tearing.</b> The device moves ");
  value(page, drag, "um");
  nw_text_append(page->out, " while a needle of ");
  value(page, width, "um");
  const char *kind = nw_results_text(page->results, "case.device.kind");
  const bool rolls = kind && strcmp(kind, "roller") == 0;
  const char *tears = rolls ? "more than its width, so it tears; shorter needles or a wider drum would not."
                            : "more than its width, so it tears; glide more slowly or strike faster.";
  nw_text_append(page->out, " is in the skin: %s</li>",
                 is_true(page, "device.tearing") ? tears : "less than its width, so it should not tear.");
}

static void say_force(struct nw_page *page) {
  const double force = number(page, "device.force_N"), needles = number(page, "device.needles_in_skin");
  const double buckling = number(page, "device.buckling_margin");
  const double bending = number(page, "device.bending_margin");
  if (force > 0 && needles > 0) {
    nw_text_append(page->out, "<li><b>Force.</b> ");
    value(page, force, "N");
    nw_text_append(page->out, " on the hand, for ");
    value(page, needles, NULL);
    nw_text_append(page->out, " needles in the skin at once.</li>");
  }
  if (!(bending > 0)) return;
  nw_text_append(page->out, "<li><b>Strength.</b> A sideways push as strong as the insertion ");
  nw_text_append(page->out, bending < 1 ? "bends these needles (strength over load " : "leaves a margin of ");
  value(page, bending, NULL);
  nw_text_append(page->out, bending < 1 ? ")" : " before they bend");
  if (buckling > 0) {
    nw_text_append(page->out, "; against buckling the margin is ");
    value(page, buckling, NULL);
  }
  nw_text_append(page->out, ".</li>");
}

static void say_crowding(struct nw_page *page) {
  const double overlap = number(page, "device.overlap_fraction");
  if (overlap > 0.05)
    nw_text_append(page->out,
                   "<li><b>Crowding.</b> %.0f %% of mouths overlap another: more passes hit the same places "
                   "again.</li>",
                   100 * overlap);
  if (nw_part_extrapolated(page))
    nw_text_append(page->out,
                   "<li><b>Density.</b> Denser than healing was ever calibrated on: the punctures "
                   "are computed, their effect is extrapolated.</li>");
  const char *endpoint = nw_results_text(page->results, "device.bleeding_endpoint");
  if (endpoint && number(page, "device.bleeding_per_cm2") > 0)
    nw_text_append(page->out, "<li><b>Bleeding.</b> %s</li>",
                   is_true(page, "device.bleeding_endpoint")
                       ? "Dense enough for the pinpoint bleeding that is taken as an end point."
                       : "Too sparse for the pinpoint bleeding that is taken as an end point.");
}

void nw_part_limits(struct nw_page *page) {
  nw_text_append(page->out, "<div class=\"pair\"><div><h3>What limits the device on this skin</h3><ul>");
  say_depth(page);
  say_layer(page);
  say_tearing(page);
  say_force(page);
  say_crowding(page);
  nw_text_append(page->out, "</ul></div><div>");
  closure_chart(page);
  closure_rows(page);
  nw_text_append(page->out, "</div></div>");
}
