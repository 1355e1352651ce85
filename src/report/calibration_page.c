/* SPDX-License-Identifier: BSD-3-Clause
   The page of a calibration. */
#include "calibration_page.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "chart.h"
#include "html.h"
#include "parts.h"

static void open_figure(struct nw_text *out, const char *title, const char *unit) {
  nw_text_append(out, "<figure><figcaption><b>");
  nw_html_escape(out, title);
  nw_text_append(out, "</b> <span class=\"unit\">");
  nw_html_unit(out, unit);
  nw_text_append(out, "</span></figcaption>");
}

/* ---- parameters ---- */

static void cell(struct nw_text *out, double value) {
  nw_text_append(out, "<td>");
  if (isfinite(value))
    nw_html_number(out, value);
  else
    nw_text_append(out, "open");
  nw_text_append(out, "</td>");
}

static void parameter_rows(const struct nw_calibration *k, struct nw_text *out) {
  const struct nw_fit fit = nw_calibration_fit(k, NULL);
  for (size_t i = 0; i < k->n; i++) {
    nw_text_append(out, "<tr><td>");
    nw_html_escape(out, k->free[i].name);
    nw_text_append(out, "</td>");
    cell(out, k->free[i].start);
    cell(out, k->theta[i]);
    cell(out, nw_calibration_limit(k, i, 0));
    cell(out, nw_calibration_limit(k, i, 1));
    nw_text_append(out, "<td>");
    struct nw_text words = {0};
    nw_fit_identity_words(&fit, i, &k->identity[i], &words);
    nw_html_escape(out, words.data);
    nw_text_clear(&words);
    nw_text_append(out, "</td></tr>");
  }
}

static void parameters(const struct nw_calibration *k, struct nw_text *out) {
  nw_text_append(
      out,
      "<section id=\"parameters\"><h2>Parameters</h2><p>%zu of %zu starts ended at the same optimum. "
      "Limits are of the %.0f&nbsp;%% interval by profile likelihood; &ldquo;open&rdquo; where the data "
      "give none inside the bounds.</p><table><tr><th>parameter</th><th>before</th><th>estimate</th>"
      "<th>low</th><th>high</th><th>verdict</th></tr>",
      nw_calibration_agreeing(k), k->problem->option.starts, 100 * k->problem->option.level);
  parameter_rows(k, out);
  nw_text_append(out, "</table></section>");
}

/* ---- profiles ---- */

static size_t gather_profile(const struct nw_calibration *k, size_t i, double *x, double *y) {
  size_t n = 0;
  const struct nw_profile_side *below = &k->side[2 * i], *above = below + 1;
  for (size_t j = below->count; j-- > 0; n++) {
    x[n] = nw_fit_value(&k->free[i], below->share[j]);
    y[n] = below->rise[j];
  }
  x[n] = k->theta[i];
  y[n++] = 0;
  for (size_t j = 0; j < above->count; j++, n++) {
    x[n] = nw_fit_value(&k->free[i], above->share[j]);
    y[n] = above->rise[j];
  }
  /* refined points stand behind the last step of the walk: in order of the parameter they make one curve */
  for (size_t a = 1; a < n; a++)
    for (size_t b = a; b > 0 && x[b] < x[b - 1]; b--) {
      const double keep_x = x[b], keep_y = y[b];
      x[b] = x[b - 1], y[b] = y[b - 1];
      x[b - 1] = keep_x, y[b - 1] = keep_y;
    }
  return n;
}

static void profile_chart(const struct nw_calibration *k, size_t i, struct nw_text *out) {
  double x[2 * NW_PROFILE_MOST + 1], y[2 * NW_PROFILE_MOST + 1];
  const size_t n = gather_profile(k, i, x, y);
  const double threshold = nw_fit_threshold(k->problem->option.level);
  const double ends[] = {x[0], x[n - 1]}, level[] = {threshold, threshold};
  if (n < 2) return;
  const struct nw_series series[] = {
      {.label = "profile", .x = x, .y = y, .n = n, .colour = 0},
      {.label = "limit", .x = ends, .y = level, .n = 2, .colour = 1, .dashed = true}};
  const struct nw_chart chart = {.x = {x[0], x[n - 1], k->free[i].log},
                                 .y = {0, 3 * threshold, false},
                                 .series = series,
                                 .n_series = 2,
                                 .mark = &k->theta[i],
                                 .n_marks = 1,
                                 .x_label = k->free[i].name,
                                 .description =
                                     "Rise of the misfit when this parameter is held and all others are "
                                     "fitted again",
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  for (size_t j = 0; j < n; j++)
    if (y[j] > 3 * threshold) y[j] = NAN;
  open_figure(out, k->free[i].name, "rise of -2 log L");
  nw_chart_lines(out, &chart);
  nw_text_append(out, "</figure>");
}

/* ---- measurements ---- */

/* Points of one observable: in time when they are one course, else by size. */
struct points {
  double *x, *measured, *low, *high, *model;
  size_t n;
  bool course;
};

static bool is_course(const struct nw_problem *p, size_t observable) {
  size_t condition = SIZE_MAX, n = 0;
  for (size_t i = 0; i < p->n_measurements; i++) {
    if (p->measurement[i].observable != observable) continue;
    if (condition != SIZE_MAX && p->measurement[i].condition != condition) return false;
    if (!isfinite(p->measurement[i].time)) return false;
    condition = p->measurement[i].condition;
    n++;
  }
  return n > 2;
}

static void swap(double *a, double *b) {
  const double kept = *a;
  *a = *b;
  *b = kept;
}

static void sort_points(struct points *q, const double *by) {
  for (size_t a = 1; a < q->n; a++)
    for (size_t b = a; b > 0 && by[b] < by[b - 1]; b--) {
      double *const all[] = {q->x, q->measured, q->low, q->high, q->model};
      for (size_t c = 0; c < NW_COUNT(all); c++)
        swap(&all[c][b], &all[c][b - 1]);
    }
  for (size_t i = 0; !q->course && i < q->n; i++)
    q->x[i] = (double)(i + 1);
}

static double shown(const struct nw_problem_observable *o, double value) {
  return o->log10 ? pow(10, value) : value;
}

static void gather_points(const struct nw_calibration *k, size_t observable, struct points *q) {
  const struct nw_problem *p = k->problem;
  const struct nw_problem_observable *o = &p->observable[observable];
  const double ninety = 1.6449; /* math: half width of the central 90 % of a normal distribution */
  q->course = is_course(p, observable);
  for (size_t i = 0; i < k->m; i++) {
    if (p->measurement[i].observable != observable) continue;
    q->x[q->n] = p->measurement[i].time / p->option.time_unit;
    q->measured[q->n] = shown(o, k->measured[i]);
    q->low[q->n] = shown(o, k->measured[i] - ninety * k->sd[i]);
    q->high[q->n] = shown(o, k->measured[i] + ninety * k->sd[i]);
    q->model[q->n++] = shown(o, k->value[i]);
  }
  sort_points(q, q->course ? q->x : q->measured);
}

static void observable_chart(const struct nw_calibration *k, size_t observable, struct points *q,
                             struct nw_text *out) {
  const struct nw_problem_observable *o = &k->problem->observable[observable];
  gather_points(k, observable, q);
  if (q->n < 2) return;
  const struct nw_series series[] = {{.label = "measured",
                                      .x = q->x,
                                      .y = q->measured,
                                      .low = q->low,
                                      .high = q->high,
                                      .n = q->n,
                                      .colour = 6,
                                      .dashed = true},
                                     {.label = "model", .x = q->x, .y = q->model, .n = q->n, .colour = 1}};
  const struct nw_chart chart = {.x = {q->course ? fmin(q->x[0], 0) : q->x[0], q->x[q->n - 1], false},
                                 .y = nw_chart_y_axis(series, 2, false, false, 6),
                                 .series = series,
                                 .n_series = 2,
                                 .x_label = q->course ? "time" : "measurements in order of size",
                                 .description = "Measured values with their 90 % band, and the model",
                                 .width = NW_PAGE_CHART_WIDTH,
                                 .height = NW_PAGE_CHART_HEIGHT};
  open_figure(out, o->id, o->unit);
  nw_chart_lines(out, &chart);
  nw_text_append(out, "</figure>");
}

static enum nw_status measurements(const struct nw_calibration *k, struct nw_text *out) {
  double *room = nw_allocate(5 * k->m + 1, sizeof *room);
  if (!room) return NW_MEMORY;
  nw_text_append(out, "<section id=\"fit\"><h2>Measurements and model</h2><div class=\"grid\">");
  for (size_t o = 0; o < k->problem->n_observables; o++) {
    struct points q = {room, room + k->m, room + 2 * k->m, room + 3 * k->m, room + 4 * k->m, 0, false};
    observable_chart(k, o, &q, out);
  }
  nw_text_append(out, "</div></section>");
  nw_release(room);
  return NW_OK;
}

/* ---- the page ---- */

static enum nw_status compose(const struct nw_calibration *k, struct nw_text *out) {
  nw_text_append(out,
                 "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                 "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light "
                 "dark\"><title>Calibration</title><style>");
  for (const char *const *piece = nw_style_sheet; *piece; piece++)
    nw_text_append(out, "%s", *piece);
  nw_text_append(out, "</style></head><body><header><p class=\"brand\">Needlework calibration</p><h1>");
  nw_html_escape(out, k->problem->name);
  nw_text_append(
      out, "</h1><p class=\"summary\">%zu parameters, %zu measurements in %zu groups.</p></header><main>",
      k->n, k->m, k->problem->n_cohorts);
  parameters(k, out);
  NW_TRY(measurements(k, out));
  nw_text_append(out, "<section id=\"profiles\"><h2>Profiles</h2><div class=\"grid\">");
  for (size_t i = 0; i < k->n; i++)
    profile_chart(k, i, out);
  nw_text_append(out, "</div></section></main><footer>Needlework %s</footer></body></html>\n", nw_version());
  return NW_OK;
}

enum nw_status nw_calibration_page_write(struct nw_context *context, const char *folder,
                                         const struct nw_calibration *k) {
  struct nw_text text = {0};
  char *path = nw_file_join(folder, "report.html");
  enum nw_status status = path ? compose(k, &text) : NW_MEMORY;
  if (status == NW_MEMORY) nw_fail(context, NW_MEMORY, NULL, "out of memory writing the report");
  if (status == NW_OK) status = nw_file_write_text(context, path, &text);
  nw_text_clear(&text);
  nw_release(path);
  return status;
}
