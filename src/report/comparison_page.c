/* SPDX-License-Identifier: BSD-3-Clause
   compare.html: one table, one picture, and the trials beside them. */
#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "comparison.h"
#include "outcome/outcome.h"
#include "parts.h"

enum { ROWS = 16, CHARTS = 4, COLOURS = 8, MOST_ARMS = 32 };

static double outcome_number(const struct nw_comparison_arm *arm, const char *key, const char *leaf) {
  char path[160];
  snprintf(path, sizeof path, "outcome.%s.%s", key, leaf);
  return nw_results_number(&arm->results, path);
}

static const char *unit_of(const char *key) {
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    if (nw_outcome_rows()[k].key == key) return nw_outcome_rows()[k].unit;
  return "1";
}

/* ---- the table ---- */

/* Digits that the widest interval of a row supports. */
static int row_decimals(const struct nw_comparison *comparison, const char *key) {
  int least = 9;
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_comparison_arm *arm = &comparison->arm[i];
    const double final = outcome_number(arm, key, "final");
    if (!isfinite(final)) continue;
    const int decimals = nw_html_decimals(final, outcome_number(arm, key, "interval.0"),
                                          outcome_number(arm, key, "interval.1"));
    if (decimals < least) least = decimals;
  }
  return least;
}

static void outcome_cell(struct nw_text *out, const struct nw_comparison_arm *arm, const char *key,
                         int decimals) {
  const double final = outcome_number(arm, key, "final"), low = outcome_number(arm, key, "interval.0"),
               high = outcome_number(arm, key, "interval.1");
  const struct nw_comparison_value v = nw_comparison_read(arm, key);
  nw_text_append(out, "<td style=\"white-space:nowrap\"><b>");
  nw_html_fixed(out, final, decimals);
  nw_text_append(out, "</b>");
  if (isfinite(v.value)) {
    nw_text_append(out, " (");
    nw_html_signed(out, v.value, fabs(v.value) < 10 ? 1 : 0);
    nw_text_append(out, v.percent ? "\u202f%%)" : ")");
  }
  if (isfinite(low) && isfinite(high)) {
    nw_text_append(out, "<br><span class=\"unit\">");
    nw_html_fixed(out, low, decimals);
    nw_text_append(out, " to ");
    nw_html_fixed(out, high, decimals);
    nw_text_append(out, "</span>");
  }
  nw_text_append(out, "</td>");
}

static void outcome_rows(struct nw_text *out, const struct nw_comparison *comparison) {
  const char *key[ROWS];
  const size_t n = nw_comparison_keys(comparison, key, ROWS);
  for (size_t k = 0; k < n; k++) {
    nw_text_append(out, "<tr><th>");
    nw_page_name(out, key[k]);
    nw_text_append(out, " <span class=\"unit\">");
    nw_html_unit(out, unit_of(key[k]));
    nw_text_append(out, "</span></th>");
    const int decimals = row_decimals(comparison, key[k]);
    for (size_t i = 0; i < comparison->n_arms; i++)
      outcome_cell(out, &comparison->arm[i], key[k], decimals);
    nw_text_append(out, "</tr>");
  }
}

static void side_rows(struct nw_text *out, const struct nw_comparison *comparison) {
  static const struct {
    const char *measure, *name, *unit;
    double factor;
    int decimals;
  } row[] = {{"downtime_d", "Downtime after a session", "d", 1, 1},
             {"erythema_d", "Redness after the first session", "d", 1, 1},
             {"erythema_peak", "Redness at its peak, above baseline", "AU", 1, 0},
             {"pain_vas", "Pain of the worst session, 0 to 10", "1", 1, 1},
             {"pih_risk", "Risk of dark marks (PIH)", "%", 100, 1}};
  for (size_t k = 0; k < NW_COUNT(row); k++) {
    nw_text_append(out, "<tr><th>%s <span class=\"unit\">", row[k].name);
    nw_html_unit(out, row[k].unit);
    nw_text_append(out, "</span></th>");
    for (size_t i = 0; i < comparison->n_arms; i++) {
      nw_text_append(out, "<td>");
      nw_html_fixed(out, row[k].factor * nw_comparison_read(&comparison->arm[i], row[k].measure).value,
                    row[k].decimals);
      nw_text_append(out, "</td>");
    }
    nw_text_append(out, "</tr>");
  }
}

static void head_rows(struct nw_text *out, const struct nw_comparison *comparison) {
  nw_text_append(out, "<thead><tr><th></th>");
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_comparison_arm *arm = &comparison->arm[i];
    nw_text_append(out, "<th class=\"swatch\"><i style=\"background:var(--c%zu)\"></i>", i % COLOURS);
    nw_html_escape(out, arm->label);
    nw_text_append(out, "</th>");
  }
  nw_text_append(out, "</tr></thead><tbody><tr><th>Sessions, interval</th>");
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_case *c = comparison->arm[i].c;
    nw_text_append(out, "<td>");
    if (c->device.kind == NW_DEVICE_NONE) {
      nw_text_append(out, "–");
    } else {
      nw_text_append(out, "%d × ", c->course.sessions);
      nw_html_duration(out, nw_unit_from_si(c->course.interval, "d"));
    }
    nw_text_append(out, "</td>");
  }
  nw_text_append(out, "</tr>");
}

static void table_section(struct nw_text *out, const struct nw_comparison *comparison) {
  nw_text_append(
      out,
      "<section id=\"table\"><h2>Side by side</h2><p class=\"lead\">Same skin, same seed, same last day. "
      "Value at the end (change from before the first session); below it, where 90\u202f%% of persons "
      "fall. Treatments stand at the device library's settings; where a treatment needs longer pauses than "
      "the plan has, as many of its sessions are held as fit.</p><div class=\"table\"><table>");
  head_rows(out, comparison);
  outcome_rows(out, comparison);
  side_rows(out, comparison);
  nw_text_append(out, "</tbody></table></div></section>");
}

/* ---- the picture ---- */

static size_t series_of(const struct nw_comparison *comparison, const char *key, struct nw_series *series) {
  size_t n = 0;
  for (size_t i = 0; i < comparison->n_arms && n < MOST_ARMS; i++) {
    const struct nw_table *t = &comparison->arm[i].results.timeline;
    const int x = nw_table_column(t, "time_d"), y = nw_table_column(t, key);
    if (x < 0 || y < 0) continue;
    series[n++] = (struct nw_series){.label = comparison->arm[i].label,
                                     .x = t->number[x],
                                     .y = t->number[y],
                                     .n = t->n_rows,
                                     .colour = (int)(i % COLOURS),
                                     .dashed = comparison->arm[i].c->device.kind == NW_DEVICE_NONE};
  }
  return n;
}

static void one_chart(struct nw_text *out, const struct nw_comparison *comparison, const char *key) {
  struct nw_series series[MOST_ARMS];
  const size_t n = series_of(comparison, key, series);
  double last = 0;
  if (n == 0) return;
  for (size_t i = 0; i < n; i++)
    last = fmax(last, series[i].x[series[i].n - 1]);
  const struct nw_chart chart = {.x = {0, last, false},
                                 .y = nw_chart_y_axis(series, n, false, false, 1),
                                 .series = series,
                                 .n_series = n,
                                 .x_label = "days since the first session",
                                 .description = key,
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_text_append(out, "<figure><div class=\"head\"><b>");
  nw_page_name(out, key);
  nw_text_append(out, "</b> <span>");
  nw_html_unit(out, unit_of(key));
  nw_text_append(out, "</span></div>");
  nw_chart_lines(out, &chart);
  nw_text_append(out, "</figure>");
}

static void picture_section(struct nw_text *out, const struct nw_comparison *comparison) {
  const char *key[CHARTS];
  size_t n = nw_comparison_keys(comparison, key, CHARTS - 1);
  nw_text_append(out, "<section id=\"picture\"><h2>The courses</h2><div class=\"pair\">");
  for (size_t k = 0; k < n; k++)
    one_chart(out, comparison, key[k]);
  one_chart(out, comparison, "erythema_index");
  nw_text_append(out, "</div></section>");
}

/* ---- trials and warnings ---- */

static void trial_row(struct nw_text *out, const struct nw_head_to_head *row,
                      const struct nw_head_to_head_result *r) {
  nw_text_append(out, "<tr><th>");
  nw_html_escape(out, row->text);
  nw_text_append(out, " <span class=\"unit\">%s</span></th><td class=\"left\">", row->source);
  nw_html_escape(out, r->first->label);
  nw_text_append(out, row->relation == NW_TRIAL_RATIO ? " over " : " minus ");
  nw_html_escape(out, r->second->label);
  nw_text_append(out, "</td><td>");
  if (row->low < row->high) {
    nw_html_number(out, row->published);
    nw_text_append(out, "<br><span class=\"unit\">");
    nw_html_number(out, row->low);
    nw_text_append(out, " to ");
    nw_html_number(out, row->high);
    nw_text_append(out, "</span>");
  } else {
    nw_text_append(out, "%s", nw_trial_relation_word(row->relation));
  }
  nw_text_append(out, "</td><td>");
  nw_html_number(out, r->predicted);
  nw_text_append(out, "</td><td>%s%s%s</td></tr>",
                 r->verdict == NW_TRIAL_AGAINST ? "<span class=\"flag\">" : "",
                 nw_trial_verdict_word(r->verdict), r->verdict == NW_TRIAL_AGAINST ? "</span>" : "");
}

static void trial_section(struct nw_text *out, const struct nw_comparison *comparison) {
  struct nw_text body = {0};
  for (const struct nw_head_to_head *row = nw_head_to_head_rows(); row->id; row++) {
    const struct nw_head_to_head_result r = nw_head_to_head_result(comparison, row);
    if (r.verdict != NW_TRIAL_NOT_COMPARED) trial_row(&body, row, &r);
  }
  if (body.length > 0) {
    nw_text_append(
        out,
        "<section id=\"trials\"><h2>What trials found</h2><p class=\"lead\">Trials that held two of these "
        "treatments side by side. Their skin, settings and courses were others than this plan's: look "
        "at the side before the size.</p><div class=\"table\"><table><thead><tr><th>Finding</th>"
        "<th>Compared</th><th>Published</th><th>Predicted here</th><th></th></tr></thead><tbody>");
    nw_text_append_bytes(out, body.data, body.length);
    nw_text_append(out, "</tbody></table></div></section>");
  }
  out->failed |= body.failed;
  nw_text_clear(&body);
}

static void warning_section(struct nw_text *out, const struct nw_comparison *comparison) {
  nw_text_append(out, "<section id=\"warnings\"><h2>Warnings</h2>");
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_comparison_arm *arm = &comparison->arm[i];
    const size_t n = nw_results_list_length(&arm->results, "safety.warnings");
    nw_text_append(out, "<h3>");
    nw_html_escape(out, arm->label);
    nw_text_append(out, n ? "</h3><ul>" : "</h3><p class=\"fine\">none</p>");
    for (size_t k = 0; k < n; k++) {
      char path[64];
      snprintf(path, sizeof path, "safety.warnings.%zu.text", k);
      nw_text_append(out, "<li>");
      nw_html_escape(out, nw_results_text(&arm->results, path));
      nw_text_append(out, "</li>");
    }
    if (n) nw_text_append(out, "</ul>");
  }
  nw_text_append(out, "</section>");
}

/* ---- the page ---- */

static void open_page(struct nw_text *out, const struct nw_comparison *comparison) {
  const char *title = comparison->arm[0].c->title;
  nw_text_append(out,
                 "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                 "name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta "
                 "name=\"color-scheme\" content=\"light dark\"><title>Comparison: ");
  nw_html_escape(out, title);
  nw_text_append(out, "</title><style>");
  for (const char *const *piece = nw_style_sheet; *piece; piece++)
    nw_text_append(out, "%s", *piece);
  nw_text_append(out, "</style></head><body><header><p class=\"brand\">Needlework comparison</p><h1>");
  nw_html_escape(out, title);
  nw_text_append(
      out,
      "</h1><p class=\"fine\">For research, design and teaching; no medical device and no advice to "
      "a patient. Lasers and peels run on the same healing as needles, but were never calibrated on "
      "outcomes of their own.</p></header><main>");
}

enum nw_status nw_comparison_html(struct nw_context *context, const struct nw_comparison *comparison,
                                  struct nw_text *out) {
  open_page(out, comparison);
  table_section(out, comparison);
  NW_TRY(nw_comparison_skin(context, comparison, out));
  picture_section(out, comparison);
  trial_section(out, comparison);
  warning_section(out, comparison);
  nw_text_append(out,
                 "</main><footer>Needlework %s · the same plans, version and seed give the same "
                 "result.</footer></body></html>\n",
                 nw_version());
  return out->failed ? nw_fail(context, NW_MEMORY, NULL, "out of memory writing compare.html") : NW_OK;
}
