/* SPDX-License-Identifier: BSD-3-Clause
   Report: what soaked in, needled against intact. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"

/* Rows of absorption.csv that belong to one product. */
struct product_rows {
  const struct nw_table *table;
  size_t first, n;
  const double *time; /* [h] */
};

static const double *column_of(const struct product_rows *p, const char *name) {
  const int column = nw_table_column(p->table, name);
  return column < 0 ? NULL : p->table->number[column] + p->first;
}

/* The whole course when it is short; else the stretch in which things happen. */
static struct nw_chart_axis time_axis(const struct product_rows *p) {
  double last = 0;
  for (size_t i = 0; i < p->n; i++)
    if (p->time[i] > last) last = p->time[i];
  return (struct nw_chart_axis){0, last > 0 ? last : 1, false};
}

static double peak(const double *y, size_t n) {
  double most = 0;
  for (size_t i = 0; y && i < n; i++)
    if (y[i] > most) most = y[i];
  return most;
}

static void pair_chart(struct nw_page *page, const struct product_rows *p, const char *name,
                       const char *title, const char *unit, const char *description) {
  char intact_name[64];
  snprintf(intact_name, sizeof intact_name, "%s_intact", name);
  const double *needled = column_of(p, name), *intact = column_of(p, intact_name);
  if (!needled || !(peak(needled, p->n) > 0)) return;
  const struct nw_series series[] = {{.label = "needled", .x = p->time, .y = needled, .n = p->n, .colour = 1},
                                     {.label = "intact", .x = p->time, .y = intact, .n = p->n, .colour = 0}};
  const size_t count = intact ? 2 : 1;
  const double far_apart = 20; /* peak ratio from which a linear axis hides the smaller curve */
  const bool log_axis =
      intact && peak(intact, p->n) > 0 && peak(needled, p->n) > far_apart * peak(intact, p->n);
  const struct nw_chart chart = {.x = time_axis(p),
                                 .y = nw_chart_y_axis(series, count, true, log_axis, 6),
                                 .series = series,
                                 .n_series = count,
                                 .x_label = "time since application, h",
                                 .description = description,
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_page_figure(page, title, unit);
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page, log_axis ? "Logarithmic axis." : NULL);
}

static void amounts_chart(struct nw_page *page, const struct product_rows *p) {
  static const char *const name[] = {"stratum_corneum", "viable_epidermis", "dermis", "blood"};
  static const char *const label[] = {"horny layer", "viable epidermis", "dermis", "blood"};
  static const int colour[] = {4, 3, 0, 1};
  struct nw_series series[NW_COUNT(name)];
  size_t n = 0;
  for (size_t i = 0; i < NW_COUNT(name); i++) {
    const double *y = column_of(p, name[i]);
    if (!y || !(peak(y, p->n) > 0)) continue;
    series[n++] = (struct nw_series){.label = label[i], .x = p->time, .y = y, .n = p->n, .colour = colour[i]};
  }
  if (n == 0) return;
  const struct nw_chart chart = {.x = time_axis(p),
                                 .y = nw_chart_y_axis(series, n, true, true, 5),
                                 .series = series,
                                 .n_series = n,
                                 .x_label = "time since application, h",
                                 .description = "Amount in each layer over time, needled skin",
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_page_figure(page, "Where it is, needled skin", "ug/cm^2");
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page, "Logarithmic axis.");
}

static void channel_chart(struct nw_page *page, const struct product_rows *p) {
  const double *open = column_of(p, "open_fraction");
  if (!open || !(peak(open, p->n) > 0)) return;
  const struct nw_series series = {.x = p->time, .y = open, .n = p->n, .colour = 2};
  const struct nw_chart chart = {.x = time_axis(p),
                                 .y = {0, 1, false},
                                 .series = &series,
                                 .n_series = 1,
                                 .x_label = "time since application, h",
                                 .description = "Share of channels still open over time",
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  nw_page_figure(page, "Channels still open", "share");
  nw_chart_lines(page->out, &chart);
  nw_page_figure_end(page, NULL);
}

/* ---- table: needled against intact ---- */

static double number_at(const struct nw_page *page, size_t product, const char *side, const char *leaf) {
  char path[96];
  snprintf(path, sizeof path, "products.%zu.%s%s", product, side, leaf);
  return nw_results_number(page->results, path);
}

/* " (4 to 30)" where both ends are known. */
static void interval(struct nw_page *page, size_t product, const char *side, const char *range) {
  char leaf[64];
  double end[2];
  for (int i = 0; i < 2; i++) {
    snprintf(leaf, sizeof leaf, "%s.%d", range, i);
    end[i] = number_at(page, product, side, leaf);
  }
  if (!isfinite(end[0]) || !isfinite(end[1])) return;
  nw_text_append(page->out, " <span class=\"unit\">(");
  nw_html_number(page->out, end[0]);
  nw_text_append(page->out, " to ");
  nw_html_number(page->out, end[1]);
  nw_text_append(page->out, ")</span>");
}

static void two_cells(struct nw_page *page, size_t product, const char *name, const char *leaf,
                      const char *range, const char *unit) {
  static const char *const side[] = {"", "intact."};
  double value[2];
  for (int i = 0; i < 2; i++)
    value[i] = number_at(page, product, side[i], leaf);
  if (!isfinite(value[0]) && !isfinite(value[1])) return;
  nw_text_append(page->out, "<tr><th>%s</th>", name);
  for (int i = 0; i < 2; i++) {
    nw_text_append(page->out, "<td>");
    if (isfinite(value[i])) nw_html_number(page->out, value[i]);
    nw_text_append(page->out, isfinite(value[i]) ? "<span class=\"unit\">\u202f" : "–<span>");
    if (isfinite(value[i])) nw_html_unit(page->out, unit);
    nw_text_append(page->out, "</span>");
    interval(page, product, side[i], range);
    nw_text_append(page->out, "</td>");
  }
  nw_text_append(page->out, "</tr>");
}

static void product_table(struct nw_page *page, size_t i) {
  nw_text_append(page->out,
                 "<div class=\"table\"><table><thead><tr><th>90\u202f%% intervals in "
                 "brackets</th><th>needled</th><th>intact</th></tr></thead>");
  two_cells(page, i, "Peak flux", "flux_peak_ug_cm2_h", "flux_peak_interval", "ug/(cm^2 h)");
  two_cells(page, i, "Lag time", "lag_h", "lag_interval", "h");
  two_cells(page, i, "Absorbed", "absorbed_ug_cm2", "amount_interval.absorbed", "ug/cm^2");
  two_cells(page, i, "In the horny layer", "amount_ug_cm2.stratum_corneum", "amount_interval.stratum_corneum",
            "ug/cm^2");
  two_cells(page, i, "In the viable epidermis", "amount_ug_cm2.viable_epidermis",
            "amount_interval.viable_epidermis", "ug/cm^2");
  two_cells(page, i, "In the dermis", "amount_ug_cm2.dermis", "amount_interval.dermis", "ug/cm^2");
  two_cells(page, i, "In blood", "amount_ug_cm2.blood", "amount_interval.blood", "ug/cm^2");
  two_cells(page, i, "Error of the mass balance", "mass_balance", "", "1");
  nw_text_append(page->out, "</table></div>");
}

/* "Needling lets 12 times as much past the stratum corneum (90 %: 4 to 30)." */
static void product_lead(struct nw_page *page, size_t i) {
  char path[96];
  snprintf(path, sizeof path, "products.%zu.enhancement_ratio", i);
  const double ratio = nw_results_number(page->results, path);
  if (!isfinite(ratio)) return;
  snprintf(path, sizeof path, "products.%zu.enhancement_interval.0", i);
  const double low = nw_results_number(page->results, path);
  snprintf(path, sizeof path, "products.%zu.enhancement_interval.1", i);
  const double high = nw_results_number(page->results, path);
  nw_text_append(page->out, "<p>Past the stratum corneum at the end of contact: <b>");
  nw_html_number(page->out, ratio);
  nw_text_append(page->out, "\u202f×</b> what intact skin lets through");
  if (isfinite(low) && isfinite(high)) {
    nw_text_append(page->out, " (90\u202f%% interval ");
    nw_html_number(page->out, low);
    nw_text_append(page->out, " to ");
    nw_html_number(page->out, high);
    nw_text_append(page->out, ")");
  }
  snprintf(path, sizeof path, "products.%zu.amount_time_h", i);
  const double hours = nw_results_number(page->results, path);
  if (isfinite(hours)) {
    nw_text_append(page->out, "; amounts after ");
    nw_html_number(page->out, hours);
    nw_text_append(page->out, "\u00a0h");
  }
  nw_text_append(page->out, ".</p>");
}

/* What the patch in three dimensions says beside the column. */
static void product_patch(struct nw_page *page, size_t i) {
  char path[96];
  snprintf(path, sizeof path, "products.%zu.patch.channels", i);
  const double channels = nw_results_number(page->results, path);
  snprintf(path, sizeof path, "products.%zu.patch.over_intact", i);
  const double ratio = nw_results_number(page->results, path);
  if (!isfinite(channels) || !isfinite(ratio)) return;
  nw_text_append(page->out, "<p>In three dimensions, with the %.0f punctures of the patch that conduct: <b>",
                 channels);
  nw_html_number(page->out, ratio);
  nw_text_append(page->out, "\u202f×</b> what intact skin lets through.</p>");
}

/* "In the model: holds back melanocytes (evidence grade 3); lightened melasma ...". */
static void product_biology(struct nw_page *page, size_t i) {
  char path[64];
  snprintf(path, sizeof path, "products.%zu.biology.effect", i);
  const char *effect = nw_results_text(page->results, path);
  if (!effect) return;
  nw_text_append(page->out, "<p>Effect on healing and pigment in this model: <b>");
  nw_html_escape(page->out, effect);
  nw_text_append(page->out, "</b>");
  snprintf(path, sizeof path, "products.%zu.biology.evidence", i);
  const double evidence = nw_results_number(page->results, path);
  if (isfinite(evidence)) nw_text_append(page->out, " (evidence grade %.0f)", evidence);
  snprintf(path, sizeof path, "products.%zu.biology.note", i);
  const char *note = nw_results_text(page->results, path);
  nw_text_append(page->out, ": ");
  nw_html_escape(page->out, note ? note : "");
  nw_text_append(page->out, ".</p>");
}

/* Time starts anew with each product: two of one name, in two forms or vehicles, stand one after the other.
 */
static size_t end_of_block(const struct nw_table *table, int column, int time, size_t from) {
  const char *name = table->word[column][from];
  size_t i = from + 1;
  while (i < table->n_rows && table->word[column][i] && name && !strcmp(table->word[column][i], name) &&
         table->number[time][i] > table->number[time][i - 1])
    i++;
  return i;
}

/* Rows of product i, if they carry its name. */
static bool find_rows(const struct nw_table *table, size_t product, const char *name,
                      struct product_rows *p) {
  const int column = table->n_columns ? nw_table_column(table, "product") : -1;
  const int time = column >= 0 ? nw_table_column(table, "time_h") : -1;
  if (time < 0 || !table->word[column]) return false;
  *p = (struct product_rows){.table = table};
  size_t end = 0;
  for (size_t i = 0; i <= product && end < table->n_rows; i++) {
    p->first = end;
    end = end_of_block(table, column, time, end);
  }
  const char *word = p->first < table->n_rows ? table->word[column][p->first] : NULL;
  p->n = word && !strcmp(word, name) ? end - p->first : 0;
  p->time = table->number[time] + p->first;
  return p->n > 1;
}

static enum nw_status one_product(struct nw_page *page, size_t i) {
  char path[64];
  struct product_rows p;
  snprintf(path, sizeof path, "products.%zu.name", i);
  const char *name = nw_results_text(page->results, path);
  if (!name) return NW_OK;
  nw_text_append(page->out, "<h3>");
  nw_html_escape(page->out, name);
  nw_text_append(page->out, "</h3>");
  product_lead(page, i);
  nw_text_append(page->out, "<div class=\"pair\">");
  if (find_rows(&page->results->absorption, i, name, &p)) {
    pair_chart(page, &p, "flux_ug_cm2_h",
               nw_part_in_vitro(page) ? "Flux into the receptor" : "Flux into viable tissue", "ug/(cm^2 h)",
               "Flux over time");
    pair_chart(page, &p, "q_cum_ug_cm2", "Absorbed so far", "ug/cm^2", "Cumulative amount over time");
    amounts_chart(page, &p);
    channel_chart(page, &p);
  }
  nw_text_append(page->out, "</div>");
  product_table(page, i);
  product_patch(page, i);
  NW_TRY(nw_part_absorption_map(page, i));
  product_biology(page, i);
  return NW_OK;
}

enum nw_status nw_part_absorption(struct nw_page *page) {
  const size_t n = nw_results_list_length(page->results, "products");
  if (n == 0) return NW_OK;
  nw_page_section(page, "absorption", "Absorption",
                  "Through the intact horny layer and through open channels, until these fill and close.");
  for (size_t i = 0; i < n; i++)
    NW_TRY(one_product(page, i));
  nw_page_section_end(page);
  return NW_OK;
}
