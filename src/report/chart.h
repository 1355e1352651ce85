/* SPDX-License-Identifier: BSD-3-Clause
   Charts as inline SVG: axes with round ticks, lines with bands and direct labels, session marks,
   bars. Colours are CSS variables (--c0 ...), so that light, dark and print share one drawing. */
#pragma once
#include "base/base.h"

struct nw_chart_axis {
  double low, high; /* [unit of the axis] */
  bool log;         /* both ends positive then */
};

struct nw_series {
  const char *label;
  const double *x, *y;      /* (n) borrowed; points with NAN are left out [units of the axes] */
  const double *low, *high; /* (n) borrowed band, or NULL [unit of the y axis] */
  size_t n;
  int colour; /* index of the palette, 0..7 */
  bool dashed, filled;
};

struct nw_chart {
  struct nw_chart_axis x, y;
  const struct nw_series *series; /* borrowed */
  size_t n_series;
  const double *mark; /* (n_marks) vertical marks, for example sessions; borrowed [unit of x] */
  size_t n_marks;
  const char *x_label;     /* with its unit */
  const char *description; /* for readers who cannot see it */
  double width, height;    /* of the drawing [px] */
  bool quiet_y;            /* no numbers on the y axis */
};

enum { NW_CHART_TICKS = 16 };

/* Where a value falls between two ends of the drawing; exact and affine (in the logarithm where the
   axis is logarithmic). */
double nw_chart_position(const struct nw_chart_axis *axis, double value, double from, double to);
/* Round tick values inside the axis, at most NW_CHART_TICKS, about `wanted` of them; returns how many. */
size_t nw_chart_ticks(const struct nw_chart_axis *axis, size_t wanted, double tick[NW_CHART_TICKS]);
/* An axis around all finite values of the series, ends at round numbers; `from_zero` includes zero.
   For a log axis only positive values count and at most `decades` are shown. */
struct nw_chart_axis nw_chart_y_axis(const struct nw_series *series, size_t n_series, bool from_zero,
                                     bool log, double decades);
/* Appends the chart as one <svg>. */
void nw_chart_lines(struct nw_text *out, const struct nw_chart *chart);

/* A row of a ridge chart: one curve, its rise above the first value scaled to its own peak, on a common x
 * axis. */
struct nw_ridge {
  const char *label;
  const double *x, *y; /* (n) borrowed [units of the axes] */
  size_t n;
  int colour;
};
/* Appends rows of filled curves one above the other, each with the time of its peak written on it. */
void nw_chart_ridges(struct nw_text *out, const struct nw_chart_axis *x, const struct nw_ridge *ridge,
                     size_t n_ridges, const char *x_label, const char *description, double width);

/* A histogram of stacked classes: count[k * n_bins + i]. */
struct nw_histogram {
  struct nw_chart_axis x;
  const double *count; /* (n_classes, n_bins) borrowed [1] */
  size_t n_bins, n_classes;
  const char *const *class_label; /* (n_classes) */
  const int *class_colour;        /* (n_classes) palette indices */
  const double *line;             /* (n_lines) vertical lines with labels, borrowed [unit of x] */
  const char *const *line_label;  /* (n_lines) */
  size_t n_lines;
  const char *x_label, *description;
  double width, height; /* [px] */
};
void nw_chart_histogram(struct nw_text *out, const struct nw_histogram *histogram);

/* A bar with an interval: from zero, with whiskers; low/high NAN: none. */
struct nw_bar {
  const char *label;       /* left of the bar */
  const char *value_text;  /* right of the bar, already rounded; escaped here */
  double value, low, high; /* [unit of the axis] */
  int colour;
};
void nw_chart_bars(struct nw_text *out, const struct nw_bar *bar, size_t n_bars, const char *description,
                   double width);
