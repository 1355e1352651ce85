/* SPDX-License-Identifier: BSD-3-Clause
   Eigenbasis of the diffusion operator along one axis. */
#include "basis.h"

#include <math.h>

#include "base/base.h"

/* LAPACK: eigenvalues and vectors (column-major) of a symmetric tridiagonal matrix. */
void dsteqr_(const char *vectors, const int *n, double *diagonal, double *off, double *z, const int *stride,
             double *work, int *info, size_t length_of_vectors);

/* The fast cosine transform goes through a complex transform of half the length. */
static bool factorise(struct nw_basis *basis, size_t n) {
  static const int preferred[] = {4, 2, 3, 5};
  for (size_t i = 0; i < NW_COUNT(preferred); i++)
    while (n % (size_t)preferred[i] == 0) {
      basis->factor[basis->n_factors++] = preferred[i];
      n /= (size_t)preferred[i];
    }
  for (size_t p = 7; n > 1; p += 2)
    while (n % p == 0) {
      basis->factor[basis->n_factors++] = (int)p;
      n /= p;
    }
  return true;
}

static void fill_circle(double *pairs, size_t count, double step) {
  for (size_t k = 0; k < count; k++) {
    pairs[2 * k] = cos(step * (double)k);
    pairs[2 * k + 1] = -sin(step * (double)k);
  }
}

static bool create_cosine(struct nw_basis *basis, const struct nw_axis *axis) {
  const size_t n = axis->n, half = n / 2;
  const double width = axis->edge[n] / (double)n;
  for (size_t k = 0; k < n; k++) {
    const double s = sin(0.5 * NW_PI * (double)k / (double)n);
    basis->eigenvalue[k] = 2 * s * 2 * s / (width * width);
  }
  basis->twiddle = nw_allocate(2 * half, sizeof(double));
  basis->split = nw_allocate(2 * (half / 2 + 1), sizeof(double));
  basis->shift = nw_allocate(2 * (half + 1), sizeof(double));
  basis->order = nw_allocate(n, sizeof(size_t));
  if (!basis->twiddle || !basis->split || !basis->shift || !basis->order) return false;
  fill_circle(basis->twiddle, half, 2 * NW_PI / (double)half);
  fill_circle(basis->split, half / 2 + 1, 2 * NW_PI / (double)n);
  fill_circle(basis->shift, half + 1, 0.5 * NW_PI / (double)n);
  for (size_t m = 0; m < n; m++)
    basis->order[m] = m < half ? 2 * m : 2 * (n - 1 - m) + 1;
  return factorise(basis, half);
}

/* Symmetrised by the square roots of the cell volumes, the operator is a symmetric tridiagonal matrix. */
static bool create_dense(struct nw_basis *basis, const struct nw_axis *axis) {
  const size_t n = axis->n;
  double *off = nw_allocate(n, sizeof(double)), *vector = nw_allocate(n * n, sizeof(double));
  double *work = nw_allocate(2 * n, sizeof(double));
  basis->forward = nw_allocate(n * n, sizeof(double));
  basis->inverse = nw_allocate(n * n, sizeof(double));
  bool done = off && vector && work && basis->forward && basis->inverse;
  for (size_t i = 0; done && i < n; i++) {
    const double left = axis->face[i] * axis->inverse_distance[i];
    const double right = axis->face[i + 1] * axis->inverse_distance[i + 1];
    basis->eigenvalue[i] = (left + right) / axis->volume[i];
    if (i + 1 < n) off[i] = -right / sqrt(axis->volume[i] * axis->volume[i + 1]);
  }
  const int size = (int)n;
  int info = 0;
  if (done) dsteqr_("I", &size, basis->eigenvalue, off, vector, &size, work, &info, 1);
  done = done && info == 0;
  /* the mean is a mode that no flux moves: exactly 0, or a year loses what rounding says */
  if (done) basis->eigenvalue[0] = 0;
  for (size_t k = 0; done && k < n; k++) {
    basis->eigenvalue[k] = fmax(0, basis->eigenvalue[k]);
    for (size_t i = 0; i < n; i++) {
      basis->forward[k * n + i] = vector[k * n + i] * sqrt(axis->volume[i]);
      basis->inverse[i * n + k] = vector[k * n + i] / sqrt(axis->volume[i]);
    }
  }
  nw_release(off);
  nw_release(vector);
  nw_release(work);
  return done;
}

bool nw_basis_create(struct nw_basis *basis, const struct nw_axis *axis) {
  *basis = (struct nw_basis){.n = axis->n};
  basis->cosine = axis->uniform && axis->n % 2 == 0 && axis->n >= 4;
  basis->eigenvalue = nw_allocate(axis->n, sizeof(double));
  if (!basis->eigenvalue) return false;
  if (axis->n == 1) return true;
  return basis->cosine ? create_cosine(basis, axis) : create_dense(basis, axis);
}

void nw_basis_clear(struct nw_basis *basis) {
  nw_release(basis->eigenvalue);
  nw_release(basis->forward);
  nw_release(basis->inverse);
  nw_release(basis->twiddle);
  nw_release(basis->split);
  nw_release(basis->shift);
  nw_release(basis->order);
  *basis = (struct nw_basis){0};
}
