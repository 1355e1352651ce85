/* SPDX-License-Identifier: BSD-3-Clause
   Pieces that the kinds of chart share; not for other callers. */
#pragma once
#include "chart.h"

struct nw_box {
  double left, right, top, bottom; /* plot area inside the drawing [px] */
};

/* Begins a drawing of this size [px], which the caller ends with </svg>; `description` is for who cannot see
 * it. */
void nw_chart_open(struct nw_text *out, double width, double height, const char *description);
/* Text of a style sheet's class at a place [px]. */
void nw_chart_label(struct nw_text *out, double x, double y, const char *class_name, const char *text);
/* The axis below the box with ticks and its label; the ticks at its left with a line through each. */
void nw_chart_x_axis(struct nw_text *out, const struct nw_chart_axis *axis, const struct nw_box *box,
                     const char *label);
void nw_chart_y_ticks(struct nw_text *out, const struct nw_chart_axis *axis, const struct nw_box *box);
/* Estimated width of a label [px]. */
double nw_chart_text_width(const char *text);
