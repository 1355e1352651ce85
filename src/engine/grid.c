/* SPDX-License-Identifier: BSD-3-Clause
   Tensor grid of cells. */
#include "grid.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static void fill_metric(struct nw_axis *axis) {
  const bool radial = axis->metric == NW_RADIAL;
  for (size_t i = 0; i < axis->n; i++) {
    const double a = axis->edge[i], b = axis->edge[i + 1];
    axis->centre[i] = 0.5 * (a + b);
    axis->volume[i] = radial ? 0.5 * (b * b - a * a) : b - a;
  }
  for (size_t i = 1; i < axis->n; i++) {
    axis->face[i] = radial ? axis->edge[i] : 1;
    axis->inverse_distance[i] = 1 / (axis->centre[i] - axis->centre[i - 1]);
  }
}

static bool widths_equal(const struct nw_axis *axis) {
  const double width = axis->edge[axis->n] / (double)axis->n;
  for (size_t i = 0; i < axis->n; i++)
    if (fabs(axis->edge[i + 1] - axis->edge[i] - width) > 1e-9 * width) return false;
  return true;
}

bool nw_axis_create(struct nw_axis *axis, enum nw_metric metric, size_t n, const double *edge) {
  *axis = (struct nw_axis){.n = n, .metric = metric};
  for (size_t i = 0; i < n; i++)
    if (!(edge[i + 1] > edge[i])) return false;
  axis->edge = nw_allocate(n + 1, sizeof(double));
  axis->centre = nw_allocate(n, sizeof(double));
  axis->volume = nw_allocate(n, sizeof(double));
  axis->face = nw_allocate(n + 1, sizeof(double));
  axis->inverse_distance = nw_allocate(n + 1, sizeof(double));
  if (!axis->edge || !axis->centre || !axis->volume || !axis->face || !axis->inverse_distance) {
    nw_axis_clear(axis);
    return false;
  }
  memcpy(axis->edge, edge, (n + 1) * sizeof(double));
  fill_metric(axis);
  axis->uniform = metric == NW_FLAT && widths_equal(axis);
  return true;
}

bool nw_axis_create_uniform(struct nw_axis *axis, size_t n, double extent) {
  double *edge = nw_allocate(n + 1, sizeof(double));
  if (!edge) return false;
  for (size_t i = 0; i <= n; i++)
    edge[i] = extent * (double)i / (double)n;
  const bool done = nw_axis_create(axis, NW_FLAT, n, edge);
  nw_release(edge);
  return done;
}

bool nw_axis_create_graded(struct nw_axis *axis, enum nw_metric metric, double extent, double first,
                           double ratio, double largest) {
  double *edge = NULL;
  size_t capacity = 0, n = 0;
  double width = first, position = 0;
  if (!nw_grow(&edge, &capacity, 1, sizeof(double))) return false;
  while (position < extent * (1 - 1e-12)) {
    /* the last cell takes what is left rather than leaving a sliver */
    const double next = extent - position < 1.5 * width ? extent : position + width;
    if (!nw_grow(&edge, &capacity, n + 2, sizeof(double))) {
      nw_release(edge);
      return false;
    }
    edge[++n] = position = next;
    width = fmin(width * ratio, largest);
  }
  const bool done = nw_axis_create(axis, metric, n, edge);
  nw_release(edge);
  return done;
}

bool nw_axis_create_single(struct nw_axis *axis) {
  return nw_axis_create_uniform(axis, 1, 1);
}

void nw_axis_clear(struct nw_axis *axis) {
  nw_release(axis->edge);
  nw_release(axis->centre);
  nw_release(axis->volume);
  nw_release(axis->face);
  nw_release(axis->inverse_distance);
  *axis = (struct nw_axis){0};
}

void nw_grid_clear(struct nw_grid *grid) {
  for (int a = 0; a < 3; a++)
    nw_axis_clear(&grid->axis[a]);
}

size_t nw_grid_cells(const struct nw_grid *grid) {
  return grid->axis[0].n * grid->axis[1].n * grid->axis[2].n;
}
