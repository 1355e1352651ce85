/* SPDX-License-Identifier: BSD-3-Clause
   Sensitivities of a fit at its optimum, the covariance that they imply, and how alike parameters act. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "fit.h"

/* LAPACK: eigenvalues (ascending) and vectors of a symmetric matrix. */
void dsyev_(const char *job, const char *half, const int *n, double *a, const int *lda, double *w,
            double *work, const int *lwork, int *info, size_t job_length, size_t half_length);

/* ---- sensitivities ---- */

/* Column k: central inside, one-sided at a bound. */
static enum nw_status column(const struct nw_fit *fit, const double *theta, double step, size_t k,
                             double *jacobian) {
  const size_t n = fit->n_parameters, m = fit->n_data;
  double *room = nw_allocate(n + 3 * m + 1, sizeof *room);
  if (!room) return NW_MEMORY;
  double *at = room, *above = room + n, *below = above + m, *sd = below + m;
  const double here = nw_fit_share(&fit->parameter[k], theta[k]);
  const double high = fmin(here + step, 1), low = fmax(here - step, 0);
  memcpy(at, theta, n * sizeof *at);
  at[k] = nw_fit_value(&fit->parameter[k], high);
  enum nw_status status = fit->predict(fit->model, at, above, sd);
  at[k] = nw_fit_value(&fit->parameter[k], low);
  if (status == NW_OK) status = fit->predict(fit->model, at, below, sd);
  for (size_t i = 0; i < m; i++)
    jacobian[i * n + k] = status == NW_OK ? (above[i] - below[i]) / (high - low) : NAN;
  nw_release(room);
  return status;
}

enum nw_status nw_fit_sensitivity(const struct nw_fit *fit, const double *theta, double step, int threads,
                                  double *jacobian, double *value, double *sd) {
  NW_TRY(fit->predict(fit->model, theta, value, sd));
  enum nw_status worst = NW_OK;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads > 1 ? threads : 1)
  for (size_t k = 0; k < fit->n_parameters; k++) {
    enum nw_status status = NW_INTERRUPTED;
    if (!fit->stop || !*fit->stop) status = column(fit, theta, step, k, jacobian);
#pragma omp critical
    if (status != NW_OK) worst = status;
  }
  return worst;
}

/* ---- covariance ---- */

/* Half the second derivative of the objective: J' W J / sd^2 and the priors. */
static void information(const struct nw_fit *fit, const double *jacobian, const double *value,
                        const double *sd, double *out) {
  const size_t n = fit->n_parameters;
  memset(out, 0, n * n * sizeof *out);
  for (size_t i = 0; i < fit->n_data; i++) {
    const double r = (value[i] - fit->measured[i]) / sd[i], count = fit->weight ? fit->weight[i] : 1;
    const double w = count * nw_fit_loss_weight(fit->loss, fit->width, r) / (sd[i] * sd[i]);
    for (size_t a = 0; a < n; a++)
      for (size_t b = 0; b < n; b++)
        out[a * n + b] += w * jacobian[i * n + a] * jacobian[i * n + b];
  }
  for (size_t k = 0; k < n; k++) {
    const struct nw_fit_parameter *p = &fit->parameter[k];
    if (p->prior_sd <= 0) continue;
    const double range = p->log ? log10(p->high / p->low) : p->high - p->low;
    out[k * n + k] += range * range / (p->prior_sd * p->prior_sd);
  }
}

/* Eigenvalues of a (n, n), ascending, vectors in its rows. */
static bool decompose(size_t n, double *a, double *eigenvalue) {
  const int size = (int)n, length = (int)(8 * n + 8);
  int info = 1;
  double *work = nw_allocate((size_t)length, sizeof *work);
  if (work) dsyev_("V", "U", &size, a, &size, eigenvalue, work, &length, &info, 1, 1);
  nw_release(work);
  return info == 0;
}

/* What the bounds alone would say: a share spread evenly over its range has this information. Directions that
   know less are open. */
static const double information_of_bounds = 12;

bool nw_fit_covariance(const struct nw_fit *fit, const double *jacobian, const double *value,
                       const double *sd, double *covariance) {
  const size_t n = fit->n_parameters;
  double *a = nw_allocate(n * n + n + 1, sizeof *a), *eigenvalue = a ? a + n * n : NULL;
  bool all = a != NULL;
  if (a) information(fit, jacobian, value, sd, a);
  if (a && decompose(n, a, eigenvalue)) {
    for (size_t i = 0; i < n * n; i++)
      covariance[i] = 0;
    for (size_t e = 0; e < n; e++) {
      if (eigenvalue[e] < information_of_bounds) all = false;
      const double variance = 1 / fmax(eigenvalue[e], information_of_bounds);
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
          covariance[i * n + j] += variance * a[e * n + i] * a[e * n + j];
    }
  }
  nw_release(a);
  return all;
}

/* ---- collinearity ---- */

double nw_fit_collinearity(const struct nw_fit *fit, const double *jacobian, const double *sd,
                           const size_t *index, size_t count) {
  const size_t n = fit->n_parameters;
  double *a = nw_allocate(count * count + 2 * count + 1, sizeof *a), result = NAN;
  if (!a) return NAN;
  double *norm = a + count * count, *eigenvalue = norm + count;
  for (size_t i = 0; i < fit->n_data; i++)
    for (size_t p = 0; p < count; p++)
      for (size_t q = 0; q < count; q++)
        a[p * count + q] += jacobian[i * n + index[p]] * jacobian[i * n + index[q]] / (sd[i] * sd[i]);
  for (size_t p = 0; p < count; p++)
    norm[p] = sqrt(a[p * count + p]);
  bool all = true;
  for (size_t p = 0; p < count; p++)
    for (size_t q = 0; q < count; q++) {
      all = all && norm[p] > 0;
      a[p * count + q] /= norm[p] * norm[q];
    }
  if (!all)
    result = INFINITY; /* one of them does nothing at all */
  else if (decompose(count, a, eigenvalue))
    result = eigenvalue[0] > 0 ? 1 / sqrt(eigenvalue[0]) : INFINITY;
  nw_release(a);
  return result;
}
