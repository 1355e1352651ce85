/* SPDX-License-Identifier: BSD-3-Clause
   Report: healing over time: the phases after the first session, then the whole course. */
#include <math.h>
#include <stdio.h>

#include "parts.h"

static size_t rows(const struct nw_page *page) {
  return page->results->timeline.n_rows;
}

static double last_time(const struct nw_page *page) {
  const double *day = nw_page_timeline(page, "time_d");
  double last = 0;
  for (size_t i = 0; day && i < rows(page); i++)
    if (day[i] > last) last = day[i];
  return last;
}

/* ---- the order of the phases ---- */

/* Until the second session, at most four weeks; at least three days. */
static double first_cycle(const struct nw_page *page) {
  const double longest = 28, shortest = 3;
  double end = fmin(last_time(page), longest);
  if (page->n_sessions > 1 && page->session[1] - page->session[0] >= shortest)
    end = fmin(end, page->session[1] - page->session[0]);
  return end;
}

static bool anything_rises(const struct nw_ridge *ridge, size_t n) {
  const double noticeable = 1e-6;
  for (size_t k = 0; k < n; k++)
    for (size_t i = 1; i < ridge[k].n; i++)
      if (ridge[k].y[i] - ridge[k].y[0] > noticeable * fmax(1, fabs(ridge[k].y[0]))) return true;
  return false;
}

static void phases(struct nw_page *page) {
  static const char *const key[] = {"neutrophil", "macrophage_m1", "macrophage_m2",
                                    "fibroblast", "collagen_III",  "collagen_I"};
  static const int colour[] = {3, 1, 4, 0, 2, 7};
  struct nw_ridge ridge[NW_COUNT(key)];
  size_t n = 0;
  for (size_t i = 0; i < NW_COUNT(key); i++) {
    const double *y = nw_page_timeline(page, key[i]);
    if (!y) continue;
    const struct nw_page_label *label = nw_page_label(key[i]);
    ridge[n++] = (struct nw_ridge){label ? label->name : key[i], nw_page_timeline(page, "time_d"), y,
                                   rows(page), colour[i]};
  }
  const double end = first_cycle(page);
  if (n < 2 || !(end > 0)) return;
  if (!anything_rises(ridge, n)) {
    nw_text_append(page->out, "<p>No wave of healing: nothing in the dermis rose above its start.</p>");
    return;
  }
  const struct nw_chart_axis x = {0, end, false};
  nw_page_figure(page, "The phases overlap", "rise above the start, each scaled to its own peak");
  nw_chart_ridges(page->out, &x, ridge, n, "days after the first session",
                  "Neutrophils, macrophages, fibroblasts and collagen after the first session", 480);
  nw_page_figure_end(page,
                     "Neutrophils clear the wound, macrophages take over and turn from attack to repair, "
                     "fibroblasts lay down collagen III, and collagen I slowly takes its place.");
}

/* ---- small multiples ---- */

enum { MOST_LINES = 6 };
struct panel {
  const char *title, *unit;
  const char *key[MOST_LINES];
  int colour[MOST_LINES];
  bool from_zero;
  double least; /* span that the axis shows at least: what an instrument would notice [unit] */
};
static const struct panel panels[] = {
    {"Signals",
     "ng/mL",
     {"inflammatory", "mitogen", "tgf_beta", "tgf_beta_3", "vegf"},
     {1, 4, 0, 2, 3},
     true,
     0.01},
    {"Inflammatory cells",
     "cells/mm^3",
     {"neutrophil", "macrophage_m1", "macrophage_m2"},
     {3, 1, 4},
     true,
     10},
    {"Fibroblasts", "cells/mm^3", {"fibroblast", "myofibroblast"}, {0, 2}, true, 50},
    {"Collagen", "baseline 1", {"collagen_I", "collagen_III", "collagen_total"}, {7, 2, 0}, false, 0.02},
    {"Clot and debris", "volume fraction", {"fibrin", "debris"}, {1, 4}, true, 0.001},
    {"Elastin", "young adult 1", {"elastin"}, {3}, false, 0.05},
    {"Matrix in repair", "normal skin 1", {"tropoelastin", "hyaluronan", "mmp"}, {4, 5, 6}, true, 0.05},
    {"Capillaries", "young adult 1", {"vessel_density"}, {1}, false, 0.05},
    {"Barrier: water loss", "g/(m^2 h)", {"tewl_g_m2_h"}, {0}, true, 0.5},
    {"Redness", "erythema index, AU", {"erythema_index"}, {1}, false, 10},
    {"Pigment", "melanin index, AU", {"melanin_index"}, {4}, false, 5},
    {"Epidermal thickness", "um", {"epidermal_thickness_um"}, {5}, false, 10},
};

static size_t fill_series(const struct nw_page *page, const struct panel *panel,
                          struct nw_series series[MOST_LINES]) {
  size_t n = 0;
  for (int i = 0; i < MOST_LINES && panel->key[i]; i++) {
    const double *y = nw_page_timeline(page, panel->key[i]);
    if (!y) continue;
    const struct nw_page_label *label = nw_page_label(panel->key[i]);
    series[n++] = (struct nw_series){.label = label ? label->name : panel->key[i],
                                     .x = nw_page_timeline(page, "time_d"),
                                     .y = y,
                                     .n = rows(page),
                                     .colour = panel->colour[i]};
  }
  if (n == 1) series[0].label = NULL; /* the title says it */
  return n;
}

/* The axis of a panel; noise below what can be noticed must not fill it. */
static struct nw_chart_axis panel_axis(const struct panel *panel, const struct nw_series series[MOST_LINES],
                                       size_t n) {
  const struct nw_chart_axis tight = nw_chart_y_axis(series, n, panel->from_zero, false, 1);
  if (tight.high - tight.low >= panel->least) return tight;
  const double first = series[0].n && isfinite(series[0].y[0]) ? series[0].y[0] : 0;
  const double low = panel->from_zero ? 0 : first - panel->least / 2;
  const double ends[2] = {low, low + panel->least};
  const struct nw_series wide = {.x = ends, .y = ends, .n = 2};
  return nw_chart_y_axis(&wide, 1, panel->from_zero, false, 1);
}

static void draw_panel(struct nw_page *page, const struct panel *panel, double until) {
  struct nw_series series[MOST_LINES];
  const size_t n = fill_series(page, panel, series);
  if (n == 0) return;
  const double *day = series[0].x;
  size_t shown = 0;
  while (shown < rows(page) && day[shown] <= until)
    shown++;
  for (size_t i = 0; i < n; i++)
    series[i].n = shown;
  const struct nw_chart chart = {.x = {0, until, false},
                                 .y = panel_axis(panel, series, n),
                                 .series = series,
                                 .n_series = n,
                                 .mark = page->session,
                                 .n_marks = page->n_sessions,
                                 .x_label = "days since the first session",
                                 .description = panel->title,
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_page_figure(page, panel->title, panel->unit);
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page, NULL);
}

void nw_part_healing(struct nw_page *page) {
  const double end = last_time(page);
  if (!(end > 0) || rows(page) < 3) return;
  struct nw_series probe[MOST_LINES];
  size_t found = 0;
  for (size_t i = 0; i < NW_COUNT(panels); i++)
    found += fill_series(page, &panels[i], probe);
  if (found == 0) return;
  nw_page_section(page, "healing", "Healing",
                  "Means over the treated papillary dermis, 0 to 400 µm below the junction. Small needles "
                  "mark sessions.");
  const double zoom = 14; /* days in which the fast signals come and go */
  nw_text_append(page->out, "<div class=\"pair\">");
  phases(page);
  if (end > 2 * zoom) {
    nw_text_append(page->out, "<div>");
    for (size_t i = 0; i < 2; i++)
      draw_panel(page, &panels[i], zoom);
    nw_text_append(page->out, "</div></div><h3>The first two weeks</h3><div class=\"three\">");
    const size_t fast[] = {2, 3, 4, 8, 9, 10};
    for (size_t i = 0; i < NW_COUNT(fast); i++)
      draw_panel(page, &panels[fast[i]], zoom);
  }
  nw_text_append(page->out, "</div>");
  nw_text_append(page->out, "<h3>The whole course</h3><div class=\"three\">");
  for (size_t i = 0; i < NW_COUNT(panels); i++)
    draw_panel(page, &panels[i], end);
  nw_text_append(page->out, "</div>");
  nw_page_section_end(page);
}
