/* SPDX-License-Identifier: BSD-3-Clause
   Charts that are not plain lines: ridges, histograms, bars with intervals. */
#include <math.h>
#include <stdio.h>

#include "chart.h"
#include "chart_frame.h"
#include "html.h"

/* ---- ridges ---- */

static bool on_axis(const struct nw_chart_axis *x, double value, double y) {
  return isfinite(value) && isfinite(y) && value >= x->low && value <= x->high;
}

/* Index of the highest point on the axis, or n when there is none; `start` gets the first value. */
static size_t peak_of(const struct nw_chart_axis *x, const struct nw_ridge *r, double *start) {
  size_t peak = r->n;
  *start = NAN;
  for (size_t i = 0; i < r->n; i++) {
    if (!on_axis(x, r->x[i], r->y[i])) continue;
    if (!isfinite(*start)) *start = r->y[i];
    if (peak == r->n || r->y[i] > r->y[peak]) peak = i;
  }
  return peak;
}

static void ridge_note(struct nw_text *out, const char *class_name, double x, double y, const char *text) {
  nw_text_append(out, "<text class=\"tick %s\" x=\"%.1f\" y=\"%.1f\">%s</text>", class_name, x, y, text);
}

static void draw_ridge(struct nw_text *out, const struct nw_chart_axis *x, const struct nw_ridge *r,
                       const struct nw_box *box) {
  double start;
  const size_t peak = peak_of(x, r, &start);
  if (peak == r->n) return;
  const double rise = r->y[peak] - start;
  if (!(rise > 1e-6 * fmax(1, fabs(start)))) {
    ridge_note(out, "end", box->right, box->bottom - 6, "not yet above its start");
    return;
  }
  nw_text_append(out, "<path class=\"ridge\" style=\"fill:var(--c%d);stroke:var(--c%d)\" d=\"M%.1f %.1f",
                 r->colour, r->colour, box->left, box->bottom);
  double last_x = box->left;
  for (size_t i = 0; i < r->n; i++) {
    if (!on_axis(x, r->x[i], r->y[i])) continue;
    last_x = nw_chart_position(x, r->x[i], box->left, box->right);
    const double share = fmax((r->y[i] - start) / rise, 0);
    nw_text_append(out, "L%.1f %.1f", last_x, box->bottom - share * (box->bottom - box->top));
  }
  nw_text_append(out, "L%.1f %.1fz\"/>", last_x, box->bottom);
  const double peak_x = nw_chart_position(x, r->x[peak], box->left, box->right);
  char day[32];
  snprintf(day, sizeof day, "day %.*f", r->x[peak] < 10 ? 1 : 0, r->x[peak]);
  const bool rising = peak_x > last_x - 4;
  ridge_note(out, rising ? "end" : "mid", rising ? box->right : fmax(peak_x, box->left + 20), box->top - 4,
             rising ? "still rising" : day);
}

void nw_chart_ridges(struct nw_text *out, const struct nw_chart_axis *x, const struct nw_ridge *ridge,
                     size_t n_ridges, const char *x_label, const char *description, double width) {
  const double pitch = 44, top = 8;
  const double height = top + pitch * (double)n_ridges + 40;
  const struct nw_box frame = {104, width - 10, top, height - 40};
  nw_chart_open(out, width, height, description);
  nw_chart_x_axis(out, x, &frame, x_label);
  for (size_t i = 0; i < n_ridges; i++) {
    const double base = top + pitch * (double)(i + 1);
    const struct nw_box box = {frame.left, frame.right, base - pitch + 16, base};
    nw_text_append(out, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", box.left,
                   box.right, base, base);
    nw_text_append(out, "<text class=\"name end\" style=\"fill:var(--c%d)\" x=\"%.1f\" y=\"%.1f\">",
                   ridge[i].colour, box.left - 10, base - 6);
    nw_html_escape(out, ridge[i].label);
    nw_text_append(out, "</text>");
    draw_ridge(out, x, &ridge[i], &box);
  }
  nw_text_append(out, "</svg>");
}

/* ---- histogram ---- */

static double highest_stack(const struct nw_histogram *h) {
  double highest = 4; /* counts are whole: no ticks between them */
  for (size_t i = 0; i < h->n_bins; i++) {
    double sum = 0;
    for (size_t k = 0; k < h->n_classes; k++)
      sum += h->count[k * h->n_bins + i];
    highest = fmax(highest, sum);
  }
  return highest;
}

static void draw_stacks(struct nw_text *out, const struct nw_histogram *h, const struct nw_chart_axis *y,
                        const struct nw_box *box) {
  const double bin = (box->right - box->left) / (double)h->n_bins;
  for (size_t i = 0; i < h->n_bins; i++) {
    double below = 0;
    for (size_t k = 0; k < h->n_classes; k++) {
      const double count = h->count[k * h->n_bins + i];
      if (!(count > 0)) continue;
      const double high = nw_chart_position(y, below + count, box->bottom, box->top);
      const double low = nw_chart_position(y, below, box->bottom, box->top);
      nw_text_append(
          out, "<rect style=\"fill:var(--c%d)\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
          h->class_colour[k], box->left + bin * (double)i + 0.5, high, fmax(bin - 1, 0.5), low - high);
      below += count;
    }
  }
}

static void draw_class_names(struct nw_text *out, const struct nw_histogram *h, const struct nw_box *box) {
  double x = box->left;
  for (size_t k = 0; k < h->n_classes; k++) {
    double sum = 0;
    for (size_t i = 0; i < h->n_bins; i++)
      sum += h->count[k * h->n_bins + i];
    if (!(sum > 0)) continue;
    nw_text_append(out,
                   "<rect style=\"fill:var(--c%d)\" x=\"%.1f\" y=\"6\" width=\"9\" height=\"9\" rx=\"2\"/>",
                   h->class_colour[k], x);
    nw_chart_label(out, x + 13, 14.5, "name", h->class_label[k]);
    x += 30 + nw_chart_text_width(h->class_label[k]);
  }
}

void nw_chart_histogram(struct nw_text *out, const struct nw_histogram *h) {
  const struct nw_box box = {44, h->width - 14, 44, h->height - 38};
  const double highest[1] = {highest_stack(h)};
  const struct nw_series range = {.x = highest, .y = highest, .n = 1};
  const struct nw_chart_axis y = nw_chart_y_axis(&range, 1, true, false, 1);
  nw_chart_open(out, h->width, h->height, h->description);
  nw_chart_y_ticks(out, &y, &box);
  draw_stacks(out, h, &y, &box);
  nw_chart_x_axis(out, &h->x, &box, h->x_label);
  double free = box.left; /* from here on no label stands yet */
  for (size_t i = 0; i < h->n_lines; i++) {
    if (!(h->line[i] >= h->x.low && h->line[i] <= h->x.high)) continue;
    const double x = nw_chart_position(&h->x, h->line[i], box.left, box.right);
    nw_text_append(out, "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x,
                   box.top - 12, box.bottom);
    const double at = fmax(x + 3, free);
    nw_chart_label(out, at, box.top - 4, "tick", h->line_label[i]);
    free = at + nw_chart_text_width(h->line_label[i]) + 4;
  }
  draw_class_names(out, h, &box);
  nw_text_append(out, "</svg>");
}

/* ---- bars ---- */

static struct nw_chart_axis bar_axis(const struct nw_bar *bar, size_t n) {
  double low = 0, high = 0;
  for (size_t i = 0; i < n; i++) {
    low = fmin(low, fmin(bar[i].value, isfinite(bar[i].low) ? bar[i].low : bar[i].value));
    high = fmax(high, fmax(bar[i].value, isfinite(bar[i].high) ? bar[i].high : bar[i].value));
  }
  if (!(high > low)) high = low + 1;
  return (struct nw_chart_axis){low, high, false};
}

static void draw_bar(struct nw_text *out, const struct nw_bar *bar, const struct nw_chart_axis *axis,
                     const struct nw_box *box) {
  const double zero = nw_chart_position(axis, 0, box->left, box->right);
  const double end = nw_chart_position(axis, bar->value, box->left, box->right);
  const double middle = (box->top + box->bottom) / 2;
  nw_text_append(
      out, "<rect style=\"fill:var(--c%d)\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
      bar->colour, fmin(zero, end), box->top + 4, fmax(fabs(end - zero), 0.8), box->bottom - box->top - 8);
  if (isfinite(bar->low) && isfinite(bar->high)) {
    nw_text_append(out, "<path class=\"whisker\" d=\"M%.1f %.1fH%.1fM%.1f %.1fv6M%.1f %.1fv6\"/>",
                   nw_chart_position(axis, bar->low, box->left, box->right), middle,
                   nw_chart_position(axis, bar->high, box->left, box->right),
                   nw_chart_position(axis, bar->low, box->left, box->right), middle - 3,
                   nw_chart_position(axis, bar->high, box->left, box->right), middle - 3);
  }
}

void nw_chart_bars(struct nw_text *out, const struct nw_bar *bar, size_t n_bars, const char *description,
                   double width) {
  const double pitch = 24;
  double name_width = 0, value_width = 0;
  for (size_t i = 0; i < n_bars; i++) {
    name_width = fmax(name_width, nw_chart_text_width(bar[i].label));
    value_width = fmax(value_width, nw_chart_text_width(bar[i].value_text));
  }
  const struct nw_chart_axis axis = bar_axis(bar, n_bars);
  nw_chart_open(out, width, pitch * (double)n_bars + 8, description);
  for (size_t i = 0; i < n_bars; i++) {
    const struct nw_box box = {name_width + 12, width - value_width - 14, 4 + pitch * (double)i,
                               4 + pitch * (double)(i + 1)};
    nw_chart_label(out, box.left - 8, (box.top + box.bottom) / 2 + 4, "label end", bar[i].label);
    draw_bar(out, &bar[i], &axis, &box);
    nw_chart_label(out, box.right + 8, (box.top + box.bottom) / 2 + 4, "label strong", bar[i].value_text);
  }
  nw_text_append(out, "</svg>");
}
