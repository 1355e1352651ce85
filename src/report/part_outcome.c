/* SPDX-License-Identifier: BSD-3-Clause
   Report: outcomes: courses of the main ones, then the table of all. */
#include <math.h>
#include <stdio.h>

#include "parts.h"

enum { MOST_CHARTS = 6 };

static void outcome_chart(struct nw_page *page, const struct nw_page_outcome *o) {
  const double *day = nw_page_timeline(page, "time_d"), *y = nw_page_timeline(page, o->key);
  if (!day || !y) return;
  const size_t n = page->results->timeline.n_rows;
  const double end[1] = {day[n - 1]}, final[1] = {o->final}, low[1] = {o->low}, high[1] = {o->high};
  const double untreated[1] = {o->untreated};
  const bool interval = isfinite(o->low) && isfinite(o->high);
  const struct nw_series series[] = {
      {.label = "treated", .x = day, .y = y, .n = n, .colour = 0},
      {.x = end,
       .y = final,
       .n = 1,
       .colour = 0,
       .low = interval ? low : NULL,
       .high = interval ? high : NULL},
      {.label = isfinite(o->untreated) ? "untreated" : NULL, .x = end, .y = untreated, .n = 1, .colour = 6}};
  const struct nw_chart chart = {.x = {0, end[0], false},
                                 .y = nw_chart_y_axis(series, NW_COUNT(series), false, false, 1),
                                 .series = series,
                                 .n_series = NW_COUNT(series),
                                 .mark = page->session,
                                 .n_marks = page->n_sessions,
                                 .x_label = "days since the first session",
                                 .description = o->key,
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  const struct nw_page_label *label = nw_page_label(o->key);
  nw_page_figure(page, label ? label->name : o->key, o->unit);
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page, NULL);
}

/* ---- table ---- */

static void interval_cell(struct nw_page *page, double low, double high, int decimals) {
  nw_text_append(page->out, "<td>");
  if (isfinite(low) && isfinite(high)) {
    nw_html_fixed(page->out, low, decimals);
    nw_text_append(page->out, "<span class=\"unit\"> to </span>");
    nw_html_fixed(page->out, high, decimals);
  } else {
    nw_text_append(page->out, "–");
  }
  nw_text_append(page->out, "</td>");
}

static void signed_cell(struct nw_page *page, double percent, double absolute) {
  nw_text_append(page->out, "<td>");
  if (isfinite(percent)) {
    nw_html_signed(page->out, percent, fabs(percent) < 10 ? 1 : 0);
    nw_text_append(page->out, "<span class=\"unit\">\u202f%%</span>");
  } else {
    nw_html_signed(page->out, absolute, fabs(absolute) < 10 ? 2 : 1);
  }
  nw_text_append(page->out, "</td>");
}

static void outcome_row(struct nw_page *page, const struct nw_page_outcome *o) {
  const char *note = nw_page_evidence_note(o->key);
  const int decimals = nw_html_decimals(o->final, o->low, o->high);
  nw_text_append(page->out, "<tr%s><th>", note ? " class=\"noted\"" : "");
  nw_page_name(page->out, o->key);
  nw_text_append(page->out, " <span class=\"unit\">");
  nw_html_unit(page->out, o->unit);
  nw_text_append(page->out, "</span></th><td>");
  nw_html_fixed(page->out, o->baseline, decimals);
  nw_text_append(page->out, "</td><td><b>");
  nw_html_fixed(page->out, o->final, decimals);
  nw_text_append(page->out, "</b></td>");
  interval_cell(page, o->low, o->high, decimals);
  interval_cell(page, o->mean_low, o->mean_high, nw_html_decimals(o->final, o->mean_low, o->mean_high));
  nw_text_append(page->out, "<td>");
  nw_html_fixed(page->out, o->untreated, decimals);
  nw_text_append(page->out, "</td>");
  signed_cell(page, o->change_pct, isfinite(o->change) ? o->change : o->final - o->baseline);
  signed_cell(page, o->effect_pct, isfinite(o->effect_pct) ? NAN : o->final - o->untreated);
  nw_text_append(page->out, "<td>");
  nw_part_grade(page, o->evidence);
  nw_text_append(page->out, "</td></tr>");
  if (!note) return;
  nw_text_append(page->out, "<tr class=\"note\"><td colspan=\"9\">");
  nw_html_escape(page->out, note);
  nw_text_append(page->out, "</td></tr>");
}

static enum nw_page_group group_of(const struct nw_page_outcome *o) {
  const struct nw_page_label *label = nw_page_label(o->key);
  return label ? label->group : NW_GROUP_CELLS;
}

static void table_of_groups(struct nw_page *page, int first, int last) {
  nw_text_append(
      page->out,
      "<div class=\"table\"><table><thead><tr><th></th><th>before</th><th>final</th><th>90\u202f%%, new "
      "person"
      "</th><th>90\u202f%%, "
      "mean</th><th>untreated</th><th>change</th><th>effect</th><th>evidence</th></tr></thead><tbody>");
  for (int group = first; group <= last; group++) {
    bool open = false;
    for (size_t i = 0; i < page->n_outcomes; i++) {
      const struct nw_page_outcome *o = &page->outcome[i];
      if ((int)group_of(o) != group || !isfinite(o->final)) continue;
      if (!open)
        nw_text_append(page->out, "<tr class=\"group\"><th colspan=\"9\">%s</th></tr>",
                       nw_page_group_name((enum nw_page_group)group));
      open = true;
      outcome_row(page, o);
    }
  }
  nw_text_append(page->out, "</tbody></table></div>");
}

void nw_part_outcome(struct nw_page *page) {
  if (page->n_outcomes == 0) return;
  nw_page_section(page, "outcome", "Outcomes",
                  "Before: just before the first injury. Final: end of follow-up. Untreated: the same skin "
                  "at the same time "
                  "without needles. Change is against before, effect against untreated, both relative to "
                  "before. Whiskers "
                  "and intervals hold 90 % of new persons, or the mean of a population.");
  const struct nw_page_outcome *goal[MOST_CHARTS];
  const size_t n = nw_part_goals(page, NW_COUNT(goal), goal, NW_COUNT(goal));
  nw_text_append(page->out, "<div class=\"three\">");
  for (size_t i = 0; i < n; i++)
    outcome_chart(page, goal[i]);
  nw_text_append(page->out, "</div><h3>All outcomes</h3>");
  table_of_groups(page, 0, NW_GROUP_CELLS - 1);
  nw_part_raters(page);
  nw_text_append(page->out, "<details><summary>Signals and cells at the end</summary>");
  table_of_groups(page, NW_GROUP_CELLS, NW_GROUP_CELLS);
  nw_text_append(page->out, "</details>");
  nw_page_section_end(page);
}
