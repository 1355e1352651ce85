/* SPDX-License-Identifier: BSD-3-Clause
   Finite volumes for the second writing of the healing equations. */
#include "volumes.h"

#include <math.h>

size_t peer_box_cells(const struct peer_box *box) {
  return box->n[0] * box->n[1] * box->n[2];
}

/* Volume of a slice of an axis, per unit of the other two: of the ring where the axis is radial. */
static double extent(const struct peer_box *box, int axis, size_t i) {
  const double a = box->edge[axis][i], b = box->edge[axis][i + 1];
  return axis == 0 && box->radial ? (b * b - a * a) / 2 : b - a;
}

double peer_box_volume(const struct peer_box *box, size_t cell) {
  const size_t nx = box->n[0], ny = box->n[1];
  return extent(box, 0, cell % nx) * extent(box, 1, cell / nx % ny) * extent(box, 2, cell / (nx * ny));
}

static double middle(const double *edge, size_t i) {
  return (edge[i] + edge[i + 1]) / 2;
}

/* Potential whose gradient is the speed of cells that follow a signal with saturating receptors. */
static double potential(double signal, double sensitivity, double saturation) {
  return signal > 0 ? sensitivity * signal / (1 + signal / saturation) : 0;
}

/* Speed at which a species drifts from the cell at a to the one at b, a distance d apart. */
static double drift(const struct peer_model *m, int species, const double *a, const double *b, double d) {
  double rise = 0;
  if (species == PEER_F)
    rise = potential(b[PEER_P], m->chi_F, m->K_chi) - potential(a[PEER_P], m->chi_F, m->K_chi);
  else if (species == PEER_N)
    rise = potential(b[PEER_I], m->chi_N, m->K_chiI) - potential(a[PEER_I], m->chi_N, m->K_chiI);
  else if (species == PEER_M1)
    rise = potential(b[PEER_I], m->chi_M, m->K_chiI) - potential(a[PEER_I], m->chi_M, m->K_chiI);
  return fmax(-m->v_max, fmin(m->v_max, rise / d));
}

/* Flux of one species from a to b: what drifts is the mean of both cells, and the exchange between
   them is diffusion or, where drift is faster, just what keeps both weights of the flux positive. */
static double flux(const struct peer_model *m, int species, const double *a, const double *b, double d) {
  const double speed = drift(m, species, a, b, d);
  const double exchange = fmax(m->diffusivity[species] / d, fabs(speed) / 2);
  return speed * (a[species] + b[species]) / 2 - exchange * (b[species] - a[species]);
}

/* Exchange between a cell and the next one along an axis; `i` counts along that axis. */
static void cross(const struct peer_box *box, int axis, size_t i, const double *u, double *rate, size_t here,
                  size_t there) {
  const double *edge = box->edge[axis], d = middle(edge, i + 1) - middle(edge, i);
  const double area = axis == 0 && box->radial ? edge[i + 1] : 1;
  const double from = area / extent(box, axis, i), to = area / extent(box, axis, i + 1);
  for (int s = 0; s < PEER_B; s++) {
    const double through = flux(box->model, s, u + here, u + there, d);
    rate[here + (size_t)s] -= from * through;
    rate[there + (size_t)s] += to * through;
  }
}

static void local(const struct peer_box *box, const double *u, double *rate) {
  const struct peer_budget b = peer_budget_of(box->model, u);
  for (int s = 0; s < PEER_SPECIES; s++)
    rate[s] = b.gain[s] - b.loss[s];
}

void peer_box_rates(const struct peer_box *box, const double *u, double *rate) {
  const size_t nx = box->n[0], ny = box->n[1], nz = box->n[2], stride[3] = {1, nx, nx * ny};
  for (size_t c = 0; c < nx * ny * nz; c++)
    local(box, u + c * PEER_SPECIES, rate + c * PEER_SPECIES);
  for (size_t c = 0; c < nx * ny * nz; c++) {
    const size_t place[3] = {c % nx, c / nx % ny, c / (nx * ny)};
    for (int axis = 0; axis < 3; axis++)
      if (place[axis] + 1 < box->n[axis])
        cross(box, axis, place[axis], u, rate, c * PEER_SPECIES, (c + stride[axis]) * PEER_SPECIES);
  }
  for (size_t c = 0; box->leak && c < nx * ny; c++)
    for (int s = PEER_I; s <= PEER_V; s++)
      rate[c * PEER_SPECIES + (size_t)s] -=
          box->leak[c] * u[c * PEER_SPECIES + (size_t)s] / extent(box, 2, 0);
}
