/* SPDX-License-Identifier: BSD-3-Clause
   Report: safety, checks and cost of the run, sources. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"

static void safety_facts(struct nw_page *page) {
  nw_text_append(page->out, "<div><h3>Side effects</h3><table class=\"facts\">");
  nw_page_number_row(page, "Downtime after a session", "safety.downtime_d", 1, "d");
  nw_page_number_row(page, "Peak redness above baseline", "safety.erythema_peak", 1, "AU");
  nw_page_number_row(page, "Risk of dark marks (PIH)", "safety.pih_risk", 100, "%");
  nw_page_number_row(page, "Redness shows for", "safety.redness_d", 1, "d");
  nw_page_number_row(page, "Risk of redness beyond a week", "safety.prolonged_erythema_risk", 100, "%");
  nw_page_number_row(page, "Risk of infection", "safety.infection_risk", 100, "%");
  nw_page_number_row(page, "Risk of tram-track scars", "safety.tram_track_risk", 100, "%");
  nw_page_number_row(page, "Risk of milia", "safety.milia_risk", 100, "%");
  nw_page_number_row(page, "Pain of the worst session, 0 to 10", "pain_vas", 1, "1");
  nw_page_number_row(page, "Bleeding points", "device.bleeding_per_cm2", 1, "per cm^2");
  nw_text_append(page->out, "</table></div>");
}

static void check_facts(struct nw_page *page) {
  if (nw_results_list_length(page->results, "checks") == 0) return;
  nw_text_append(page->out, "<div><h3>Checks of the computation</h3><table class=\"facts\">");
  nw_page_number_row(page, "Mass balance, worst relative error", "checks.mass_residual", 1, "1");
  nw_page_number_row(page, "Most negative value met, relative", "checks.positivity", 1, "1");
  nw_page_number_row(page, "Residual of the state at rest", "checks.closure", 1, "1");
  nw_page_number_row(page, "Stability gain (must stay below 1)", "checks.stability_gain", 1, "1");
  nw_text_append(page->out, "</table></div>");
}

static void cost_facts(struct nw_page *page) {
  if (nw_results_list_length(page->results, "cost") == 0) return;
  nw_text_append(page->out, "<div><h3>Cost</h3><table class=\"facts\">");
  nw_page_number_row(page, "Time", "cost.wall_s", 1, "s");
  nw_page_number_row(page, "Cells of the grid", "cost.cells", 1, "1");
  nw_page_number_row(page, "Steps", "cost.steps", 1, "1");
  nw_page_number_row(page, "Steps taken again", "cost.rejected", 1, "1");
  nw_page_number_row(page, "Memory at most", "cost.peak_MB", 1, "MB");
  nw_text_append(page->out, "</table></div>");
}

static void redness_chart(struct nw_page *page) {
  const double *day = nw_page_timeline(page, "time_d"), *y = nw_page_timeline(page, "erythema_index");
  if (!day || !y) return;
  size_t n = 0;
  const double week = 7;
  while (n < page->results->timeline.n_rows && day[n] <= week)
    n++;
  if (n < 3) return;
  const struct nw_series series = {.x = day, .y = y, .n = n, .colour = 1};
  const struct nw_chart chart = {.x = {0, week, false},
                                 .y = nw_chart_y_axis(&series, 1, false, false, 1),
                                 .series = &series,
                                 .n_series = 1,
                                 .x_label = "days after the first session",
                                 .description = "Erythema index in the first week",
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_page_figure(page, "Redness in the first week", "erythema index, AU");
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page, NULL);
}

void nw_part_safety(struct nw_page *page) {
  if (nw_results_list_length(page->results, "safety") == 0 &&
      nw_results_list_length(page->results, "checks") == 0)
    return;
  nw_page_section(page, "safety", "Safety and checks",
                  "Warnings stand at the top of this report. A computed risk is no blanket yes.");
  nw_text_append(page->out, "<div class=\"pair\">");
  if (!nw_part_in_vitro(page)) safety_facts(page);
  redness_chart(page);
  check_facts(page);
  cost_facts(page);
  nw_text_append(page->out, "</div>");
  nw_page_section_end(page);
}

/* ---- sources ---- */

/* "delta_T = 9.1 1/day (0.09 to 15): reason" */
static void parameter_item(struct nw_page *page, const char *list, size_t i) {
  char path[96];
  snprintf(path, sizeof path, "%s.%zu.key", list, i);
  const char *key = nw_results_text(page->results, path);
  snprintf(path, sizeof path, "%s.%zu.value", list, i);
  const double value = nw_results_number(page->results, path);
  snprintf(path, sizeof path, "%s.%zu.unit", list, i);
  const char *unit = nw_results_text(page->results, path);
  snprintf(path, sizeof path, "%s.%zu.default", list, i);
  const double standard = nw_results_number(page->results, path);
  snprintf(path, sizeof path, "%s.%zu.note", list, i);
  const char *note = nw_results_text(page->results, path);
  if (!key) return;
  nw_text_append(page->out, "<li><b>");
  nw_html_escape(page->out, key);
  nw_text_append(page->out, "</b> = ");
  nw_html_number(page->out, value);
  nw_text_append(page->out, " ");
  nw_html_unit(page->out, unit);
  if (isfinite(standard)) {
    nw_text_append(page->out, ", in place of ");
    nw_html_number(page->out, standard);
  }
  if (note) {
    nw_text_append(page->out, ": ");
    nw_html_escape(page->out, note);
  }
  nw_text_append(page->out, "</li>");
}

static void parameter_list(struct nw_page *page, const char *list, const char *title, const char *lead,
                           bool folded) {
  const size_t n = nw_results_list_length(page->results, list);
  if (n == 0) return;
  nw_text_append(page->out, folded ? "<details><summary>%s (%zu)</summary>" : "<h3>%s (%zu)</h3>", title, n);
  nw_text_append(page->out, "<p class=\"fine\">%s</p><ul class=\"sources\">", lead);
  for (size_t i = 0; i < n; i++)
    parameter_item(page, list, i);
  nw_text_append(page->out, folded ? "</ul></details>" : "</ul>");
}

static void references(struct nw_page *page) {
  static const char prefix[] = "references.";
  bool open = false;
  for (size_t i = 0; i < page->results->n_entries; i++) {
    const struct nw_summary_entry *entry = &page->results->entry[i];
    if (strncmp(entry->path, prefix, sizeof prefix - 1) != 0 || !entry->text) continue;
    if (!open)
      nw_text_append(page->out,
                     "<details><summary>Publications behind the numbers</summary><ol class=\"sources\">");
    open = true;
    nw_text_append(page->out, "<li>");
    nw_html_escape(page->out, entry->text);
    nw_text_append(page->out, "</li>");
  }
  if (open) nw_text_append(page->out, "</ol></details>");
}

static void plan_text(struct nw_page *page) {
  const char *text = nw_results_text(page->results, "plan_text");
  if (!text) return;
  nw_text_append(page->out, "<details><summary>The plan as it was written</summary><pre>");
  nw_html_escape(page->out, text);
  nw_text_append(page->out, "</pre></details>");
}

void nw_part_sources(struct nw_page *page) {
  nw_page_section(
      page, "sources", "Sources",
      "Every number of the model is one row of a table with unit, range and citation. Evidence grades: five "
      "dots randomised trials, four controlled studies, three case series, two animals, one in vitro or "
      "assumed.");
  parameter_list(page, "overrides", "Changed by the user", "Parameters set away from the model’s own value.",
                 false);
  parameter_list(page, "assumptions", "Assumed, for want of data",
                 "Numbers for which no measurement was found; the reason for the value stands behind it.",
                 true);
  references(page);
  plan_text(page);
  nw_page_section_end(page);
}
