/* SPDX-License-Identifier: BSD-3-Clause
   sensitivity.html: for each outcome the screening as a scatter, and the shares of the variance as bars. */
#include "sensitivity_page.h"

#include <math.h>
#include <stdio.h>

#include "chart_frame.h"
#include "html.h"
#include "parts.h"

enum { LABELLED = 6, MOST_CHARTS = 12 };

/* How many inputs move this output more than `input` does. */
static size_t rank_of(const struct nw_sensitivity *s, size_t input, size_t output) {
  size_t rank = 0;
  for (size_t i = 0; i < s->n_inputs; i++)
    rank += nw_sensitivity_effect(s, i, output)->size > nw_sensitivity_effect(s, input, output)->size;
  return rank;
}

/* ---- screening ---- */

static struct nw_chart_axis axis_of(const struct nw_sensitivity *s, size_t output, bool spread) {
  double high = 0;
  for (size_t i = 0; i < s->n_inputs; i++) {
    const struct nw_effect *e = nw_sensitivity_effect(s, i, output);
    high = fmax(high, spread ? e->spread : e->size);
  }
  const double margin = 1.05; /* math: room beyond the last point */
  return (struct nw_chart_axis){0, high > 0 ? margin * high : 1, false};
}

static void draw_point(struct nw_text *out, const struct nw_sensitivity *s, size_t input, size_t output,
                       const struct nw_chart_axis axis[2], const struct nw_box *box) {
  const struct nw_effect *e = nw_sensitivity_effect(s, input, output);
  if (!(e->size > 0)) return;
  const double x = nw_chart_position(&axis[0], e->size, box->left, box->right),
               y = nw_chart_position(&axis[1], e->spread, box->bottom, box->top);
  const bool labelled = rank_of(s, input, output) < LABELLED;
  nw_text_append(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" style=\"fill:var(--c%d)\"/>", x, y,
                 labelled ? 1 : 6);
  if (!labelled) return;
  const bool left = x > 0.5 * (box->left + box->right); /* math: names stay inside the drawing */
  nw_chart_label(out, left ? x - 6 : x + 6, y - 5, left ? "end" : "label", s->input[input].row->key);
}

static void screening_figure(struct nw_text *out, const struct nw_sensitivity *s, size_t output) {
  const struct nw_box box = {58, NW_PAGE_CHART_WIDTH - 14, 12, NW_PAGE_CHART_HEIGHT + 24};
  const struct nw_chart_axis axis[2] = {axis_of(s, output, false), axis_of(s, output, true)};
  nw_text_append(out, "<figure><div class=\"head\"><b>");
  nw_page_name(out, s->output[output].key);
  nw_text_append(out, "</b> <span>spread σ of the effect over its mean size μ*, ");
  nw_html_unit(out, s->output[output].unit);
  nw_text_append(out, "</span></div>");
  nw_chart_open(out, NW_PAGE_CHART_WIDTH, NW_PAGE_CHART_HEIGHT + 62, "Screening of parameters");
  nw_chart_y_ticks(out, &axis[1], &box);
  nw_chart_x_axis(out, &axis[0], &box, "μ*: mean size of the effect of the whole range");
  for (size_t i = 0; i < s->n_inputs; i++)
    draw_point(out, s, i, output, axis, &box);
  nw_text_append(out, "</svg></figure>");
}

/* ---- shares ---- */

static void share_figure(struct nw_text *out, const struct nw_sensitivity *s, size_t output) {
  struct nw_bar bar[2 * NW_SENSITIVITY_LEADING];
  char label[2 * NW_SENSITIVITY_LEADING][48], value[2 * NW_SENSITIVITY_LEADING][24];
  size_t n = 0;
  for (size_t i = 0; i < s->n_leading; i++) {
    const struct nw_sobol_index index[2] = {s->first[output * s->n_leading + i],
                                            s->total[output * s->n_leading + i]};
    const double least = 0.01; /* math: below this a bar is a hair */
    for (size_t k = 0; k < 2 && index[1].value > least; k++) {
      snprintf(label[n], sizeof label[n], "%.40s", k ? "" : s->input[s->leading[i]].row->key);
      snprintf(value[n], sizeof value[n], "%.2f", index[k].value);
      bar[n] = (struct nw_bar){label[n], value[n], index[k].value, index[k].low, index[k].high, k ? 5 : 0};
      n++;
    }
  }
  if (n == 0) return;
  nw_text_append(out, "<figure><div class=\"head\"><b>");
  nw_page_name(out, s->output[output].key);
  nw_text_append(out, "</b> <span>shares of the variance: first order (dark), total (light)</span></div>");
  nw_chart_bars(out, bar, n, "Sobol indices", NW_PAGE_CHART_WIDTH);
  nw_text_append(out, "</figure>");
}

/* ---- table and page ---- */

static void leading_table(struct nw_text *out, const struct nw_sensitivity *s) {
  nw_text_append(out,
                 "<div class=\"table\"><table><thead><tr><th>Parameter</th><th>Value</th><th>Range</th>"
                 "<th>Kind</th><th></th></tr></thead><tbody>");
  for (size_t i = 0; i < s->n_leading; i++) {
    const struct nw_param_row *row = s->input[s->leading[i]].row;
    nw_text_append(out, "<tr><th>%s</th><td>", row->key);
    nw_html_number(out, nw_param_get(&s->c->params, row));
    nw_text_append(out, " <span class=\"unit\">");
    nw_html_unit(out, row->unit);
    nw_text_append(out, "</span></td><td>");
    nw_html_number(out, row->low);
    nw_text_append(out, " to ");
    nw_html_number(out, row->high);
    nw_text_append(out, "</td><td>%s</td><td class=\"left\">", nw_param_kind_name(row->kind));
    nw_html_escape(out, row->note);
    nw_text_append(out, "</td></tr>");
  }
  nw_text_append(out, "</tbody></table></div>");
}

static void open_page(const struct nw_sensitivity *s, struct nw_text *out) {
  nw_text_append(out,
                 "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                 "name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta "
                 "name=\"color-scheme\" content=\"light dark\"><title>Sensitivity: ");
  nw_html_escape(out, s->c->title);
  nw_text_append(out, "</title><style>");
  for (const char *const *piece = nw_style_sheet; *piece; piece++)
    nw_text_append(out, "%s", *piece);
  nw_text_append(out, "</style></head><body><header><p class=\"brand\">Needlework sensitivity</p><h1>");
  nw_html_escape(out, s->c->title);
  nw_text_append(
      out,
      "</h1><p class=\"fine\">%zu parameters of the model over the whole of their ranges, %zu runs of "
      "the plan on the grid of studies, %zu of which failed. First every parameter is moved alone from "
      "%zu random places; then the %zu that move most share out the variance, with the others at the "
      "plan's values (%zu rows).</p></header><main>",
      s->n_inputs, s->runs, s->failed, s->rounds, s->n_leading, s->rows);
}

void nw_sensitivity_html(const struct nw_sensitivity *s, struct nw_text *out) {
  open_page(s, out);
  nw_text_append(out, "<section id=\"leading\"><h2>What moves most</h2>");
  leading_table(out, s);
  nw_text_append(out, "</section><section id=\"outcomes\"><h2>Outcome by outcome</h2><div class=\"pair\">");
  for (size_t k = 0; k < s->n_outputs && k < MOST_CHARTS; k++) {
    screening_figure(out, s, k);
    share_figure(out, s, k);
  }
  nw_text_append(out, "</div>");
  if (s->n_outputs > MOST_CHARTS)
    nw_text_append(out, "<p class=\"fine\">The other %zu outcomes stand in sensitivity.csv.</p>",
                   s->n_outputs - MOST_CHARTS);
  nw_text_append(out,
                 "</section></main><footer>Needlework %s · the same plan, version and seed give the same "
                 "result.</footer></body></html>\n",
                 nw_version());
}
