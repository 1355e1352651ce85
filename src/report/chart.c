/* SPDX-License-Identifier: BSD-3-Clause
   Charts as inline SVG: scales, ticks, axes, lines, bands and direct labels. */
#include "chart.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "chart_frame.h"
#include "html.h"

double nw_chart_position(const struct nw_chart_axis *axis, double value, double from, double to) {
  const double share = axis->log ? log(value / axis->low) / log(axis->high / axis->low)
                                 : (value - axis->low) / (axis->high - axis->low);
  return from + share * (to - from);
}

/* The round step (1, 2 or 5 times a power of ten) nearest above span / wanted. */
static double round_step(double span, size_t wanted) {
  const double raw = span / (double)(wanted ? wanted : 1);
  if (!(raw > 0) || !isfinite(raw)) return 1;
  const double power = pow(10, floor(log10(raw)));
  const double lead = raw / power;
  const double slack = 1e-9;
  return power * (lead <= 1 + slack ? 1 : lead <= 2 + slack ? 2 : lead <= 5 + slack ? 5 : 10);
}

static size_t log_ticks(const struct nw_chart_axis *axis, double tick[NW_CHART_TICKS]) {
  const int first = (int)ceil(log10(axis->low) - 1e-9), last = (int)floor(log10(axis->high) + 1e-9);
  const int stride = (last - first) / 7 + 1;
  size_t n = 0;
  for (int power = first; power <= last && n < NW_CHART_TICKS; power += stride)
    tick[n++] = pow(10, power);
  return n;
}

size_t nw_chart_ticks(const struct nw_chart_axis *axis, size_t wanted, double tick[NW_CHART_TICKS]) {
  if (axis->log) {
    const size_t n = log_ticks(axis, tick);
    if (n >= 2) return n;
  }
  const double span = axis->high - axis->low;
  if (!(span > 0) || !isfinite(span)) return 0;
  const double step = round_step(span, wanted < NW_CHART_TICKS ? wanted : NW_CHART_TICKS - 1);
  const double first = ceil(axis->low / step - 1e-9), last = floor(axis->high / step + 1e-9);
  size_t n = 0;
  for (double i = first; i <= last && n < NW_CHART_TICKS; i += 1)
    tick[n++] = i * step;
  return n;
}

static void widen(double value, bool log_axis, double *low, double *high) {
  if (!isfinite(value) || (log_axis && value <= 0)) return;
  *low = fmin(*low, value);
  *high = fmax(*high, value);
}

static struct nw_chart_axis log_axis_around(double low, double high, double decades) {
  double top = pow(10, ceil(log10(high) - 1e-9));
  double bottom = fmax(pow(10, floor(log10(low) + 1e-9)), top * pow(10, -decades));
  if (bottom >= top) bottom = top / 10;
  return (struct nw_chart_axis){bottom, top, true};
}

struct nw_chart_axis nw_chart_y_axis(const struct nw_series *series, size_t n_series, bool from_zero,
                                     bool log_axis, double decades) {
  double low = DBL_MAX, high = -DBL_MAX;
  for (size_t s = 0; s < n_series; s++) {
    for (size_t i = 0; i < series[s].n; i++) {
      widen(series[s].y[i], log_axis, &low, &high);
      if (series[s].low) widen(series[s].low[i], log_axis, &low, &high);
      if (series[s].high) widen(series[s].high[i], log_axis, &low, &high);
    }
  }
  if (low > high) return (struct nw_chart_axis){log_axis ? 0.1 : 0, 1, log_axis};
  if (log_axis) return log_axis_around(low, high, decades);
  if (from_zero) low = fmin(low, 0);
  if (from_zero) high = fmax(high, 0);
  if (high - low <= 1e-9 * fmax(fabs(low), fabs(high)) || high == low) {
    const double room = high != 0 ? 0.1 * fabs(high) : 1;
    low -= from_zero ? 0 : room;
    high += room;
  }
  const double step = round_step(high - low, 4);
  return (struct nw_chart_axis){floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, false};
}

/* ---- the frame: shared by all charts with a common x axis ---- */

void nw_chart_open(struct nw_text *out, double width, double height, const char *description) {
  nw_text_append(out, "<svg class=\"chart\" viewBox=\"0 0 %.0f %.0f\" role=\"img\"><title>", width, height);
  nw_html_escape(out, description);
  nw_text_append(out, "</title>");
}

void nw_chart_label(struct nw_text *out, double x, double y, const char *class_name, const char *text) {
  nw_text_append(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class_name);
  nw_html_escape(out, text);
  nw_text_append(out, "</text>");
}

static void tick_text(struct nw_text *out, const struct nw_chart_axis *axis, double value, const double *tick,
                      size_t n) {
  if (axis->log) {
    const int power = (int)lround(log10(value));
    if (fabs(log10(value) - power) < 1e-9 && (power > 4 || power < -3)) {
      nw_text_append(out, "10<tspan dy=\"-4\" font-size=\"8\">%s%d</tspan>", power < 0 ? "−" : "",
                     power < 0 ? -power : power);
      return;
    }
    nw_html_fixed(out, value, power < 0 ? -power : 0);
    return;
  }
  const double step = n > 1 ? tick[1] - tick[0] : fabs(value);
  nw_html_fixed(out, value, step > 0 && step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0);
}

void nw_chart_x_axis(struct nw_text *out, const struct nw_chart_axis *axis, const struct nw_box *box,
                     const char *label) {
  double tick[NW_CHART_TICKS];
  const size_t n = nw_chart_ticks(axis, 6, tick);
  nw_text_append(out, "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", box->left,
                 box->right, box->bottom, box->bottom);
  for (size_t i = 0; i < n; i++) {
    const double x = nw_chart_position(axis, tick[i], box->left, box->right);
    nw_text_append(out, "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x,
                   box->bottom, box->bottom + 4);
    nw_text_append(out, "<text class=\"tick mid\" x=\"%.1f\" y=\"%.1f\">", x, box->bottom + 16);
    tick_text(out, axis, tick[i], tick, n);
    nw_text_append(out, "</text>");
  }
  nw_text_append(out, "<text class=\"tick mid\" x=\"%.1f\" y=\"%.1f\">", (box->left + box->right) / 2,
                 box->bottom + 32);
  nw_html_escape(out, label);
  nw_text_append(out, "</text>");
}

void nw_chart_y_ticks(struct nw_text *out, const struct nw_chart_axis *axis, const struct nw_box *box) {
  double tick[NW_CHART_TICKS];
  const size_t n = nw_chart_ticks(axis, 4, tick);
  for (size_t i = 0; i < n; i++) {
    const double y = nw_chart_position(axis, tick[i], box->bottom, box->top);
    nw_text_append(out, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", box->left,
                   box->right, y, y);
    nw_text_append(out, "<text class=\"tick end\" x=\"%.1f\" y=\"%.1f\">", box->left - 7, y + 3.5);
    tick_text(out, axis, tick[i], tick, n);
    nw_text_append(out, "</text>");
  }
}

static void draw_marks(struct nw_text *out, const struct nw_chart *chart, const struct nw_box *box) {
  for (size_t i = 0; i < chart->n_marks; i++) {
    if (!(chart->mark[i] >= chart->x.low && chart->mark[i] <= chart->x.high)) continue;
    const double x = nw_chart_position(&chart->x, chart->mark[i], box->left, box->right);
    nw_text_append(out, "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x,
                   box->top, box->bottom);
    nw_text_append(out, "<path class=\"needle\" d=\"M%.1f %.1fl-3.2 -7h6.4z\"/>", x, box->top);
  }
}

/* ---- lines ---- */

static bool plottable(const struct nw_chart *chart, double x, double y) {
  return isfinite(x) && isfinite(y) && x >= chart->x.low && x <= chart->x.high && (!chart->x.log || x > 0) &&
         (!chart->y.log || y > 0);
}

static double height_of(const struct nw_chart *chart, const struct nw_box *box, double value) {
  const double inside = fmin(fmax(value, chart->y.low), chart->y.high);
  return nw_chart_position(&chart->y, inside, box->bottom, box->top);
}

/* On a logarithmic axis a curve that falls below it leaves the chart instead of running along the edge:
   of the points below only the neighbours of visible ones are drawn, at the edge. */
static bool visible(const struct nw_chart *chart, const struct nw_series *s, const double *y, size_t i) {
  if (!plottable(chart, s->x[i], y[i])) return false;
  if (!chart->y.log || y[i] >= chart->y.low) return true;
  return (i > 0 && y[i - 1] >= chart->y.low) || (i + 1 < s->n && y[i + 1] >= chart->y.low);
}

/* Writes the polyline of one column of a series; returns the number of points. */
static size_t draw_path(struct nw_text *out, const struct nw_chart *chart, const struct nw_box *box,
                        const struct nw_series *s, const double *y, bool backwards, bool start) {
  size_t count = 0;
  bool pen_down = !start;
  for (size_t k = 0; k < s->n; k++) {
    const size_t i = backwards ? s->n - 1 - k : k;
    if (!visible(chart, s, y, i)) {
      if (!backwards && start) pen_down = false;
      continue;
    }
    nw_text_append(out, "%c%.1f %.1f", pen_down ? 'L' : 'M',
                   nw_chart_position(&chart->x, s->x[i], box->left, box->right), height_of(chart, box, y[i]));
    pen_down = true;
    count++;
  }
  return count;
}

static void draw_band(struct nw_text *out, const struct nw_chart *chart, const struct nw_box *box,
                      const struct nw_series *s) {
  if (!s->low || !s->high) return;
  nw_text_append(out, "<path class=\"band\" style=\"fill:var(--c%d)\" d=\"", s->colour);
  if (draw_path(out, chart, box, s, s->low, false, true) > 0) {
    draw_path(out, chart, box, s, s->high, true, false);
    nw_text_append(out, "z");
  }
  nw_text_append(out, "\"/>");
}

/* A single value: a disc, with its interval as a vertical whisker. */
static void draw_point(struct nw_text *out, const struct nw_chart *chart, const struct nw_box *box,
                       const struct nw_series *s) {
  if (!plottable(chart, s->x[0], s->y[0])) return;
  const double x = nw_chart_position(&chart->x, s->x[0], box->left, box->right);
  if (s->low && s->high) {
    const double low = height_of(chart, box, s->low[0]), high = height_of(chart, box, s->high[0]);
    nw_text_append(
        out, "<path class=\"line\" style=\"stroke:var(--c%d)\" d=\"M%.1f %.1fV%.1fm-3 0h6M%.1f %.1fh6\"/>",
        s->colour, x, low, high, x - 3, low);
  }
  nw_text_append(out, "<circle style=\"fill:var(--c%d)\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"/>", s->colour, x,
                 height_of(chart, box, s->y[0]));
}

static void draw_series(struct nw_text *out, const struct nw_chart *chart, const struct nw_box *box,
                        const struct nw_series *s) {
  if (s->n == 1) {
    draw_point(out, chart, box, s);
    return;
  }
  draw_band(out, chart, box, s);
  nw_text_append(out, "<path class=\"line%s\" style=\"stroke:var(--c%d)\" d=\"", s->dashed ? " dashed" : "",
                 s->colour);
  draw_path(out, chart, box, s, s->y, false, true);
  nw_text_append(out, "\"/>");
}

/* ---- direct labels at the right end, pushed apart where they would touch ---- */

enum { MOST_LABELS = 12, LABEL_PITCH = 13 };
struct end_label {
  double y;
  size_t series;
};

static double last_height(const struct nw_chart *chart, const struct nw_box *box, const struct nw_series *s) {
  for (size_t i = s->n; i-- > 0;) {
    if (visible(chart, s, s->y, i)) return height_of(chart, box, s->y[i]);
  }
  return NAN;
}

static size_t collect_labels(const struct nw_chart *chart, const struct nw_box *box,
                             struct end_label *label) {
  size_t n = 0;
  for (size_t s = 0; s < chart->n_series && n < MOST_LABELS; s++) {
    const double y = last_height(chart, box, &chart->series[s]);
    if (!chart->series[s].label || !isfinite(y)) continue;
    size_t place = n++;
    for (; place > 0 && label[place - 1].y > y; place--)
      label[place] = label[place - 1];
    label[place] = (struct end_label){y, s};
  }
  return n;
}

static void push_apart(struct end_label *label, size_t n, double top, double bottom) {
  for (size_t i = 1; i < n; i++)
    label[i].y = fmax(label[i].y, label[i - 1].y + LABEL_PITCH);
  double limit = bottom;
  for (size_t i = n; i-- > 0;) {
    label[i].y = fmin(label[i].y, limit);
    limit = label[i].y - LABEL_PITCH;
  }
  for (size_t i = 0; i < n; i++)
    label[i].y = fmax(label[i].y, top + (double)i * LABEL_PITCH);
}

static void draw_labels(struct nw_text *out, const struct nw_chart *chart, const struct nw_box *box) {
  struct end_label label[MOST_LABELS];
  const size_t n = collect_labels(chart, box, label);
  push_apart(label, n, box->top + 2, box->bottom);
  for (size_t i = 0; i < n; i++) {
    const struct nw_series *s = &chart->series[label[i].series];
    nw_text_append(out, "<text class=\"name\" style=\"fill:var(--c%d)\" x=\"%.1f\" y=\"%.1f\">", s->colour,
                   box->right + 6, label[i].y + 3.5);
    nw_html_escape(out, s->label);
    nw_text_append(out, "</text>");
  }
}

double nw_chart_text_width(const char *text) {
  size_t letters = 0;
  for (const char *p = text; p && *p; p++)
    letters += ((unsigned char)*p & 0xc0) != 0x80;
  return 5.9 * (double)letters; /* mean advance of the 11 px system face */
}

static struct nw_box frame_of(const struct nw_chart *chart) {
  double label_width = 0;
  for (size_t s = 0; s < chart->n_series; s++)
    label_width = fmax(label_width, nw_chart_text_width(chart->series[s].label));
  return (struct nw_box){chart->quiet_y ? 12 : 44, chart->width - 14 - label_width, chart->n_marks ? 16 : 10,
                         chart->height - 38};
}

void nw_chart_lines(struct nw_text *out, const struct nw_chart *chart) {
  const struct nw_box box = frame_of(chart);
  nw_chart_open(out, chart->width, chart->height, chart->description);
  if (!chart->quiet_y) nw_chart_y_ticks(out, &chart->y, &box);
  draw_marks(out, chart, &box);
  nw_chart_x_axis(out, &chart->x, &box, chart->x_label);
  for (size_t s = 0; s < chart->n_series; s++)
    draw_series(out, chart, &box, &chart->series[s]);
  draw_labels(out, chart, &box);
  nw_text_append(out, "</svg>");
}
