/* SPDX-License-Identifier: BSD-3-Clause
   Stage transport: for each product the needled and the intact skin side by side, and the spread of
   their ratio. */
#include "transport.h"

#include <math.h>

#include "column.h"
#include "transport_build.h"
#include "transport_patch.h"
#include "transport_spread.h"

enum { OUTPUTS = 160, COURSE_ARRAYS = 8 };

static const double day = 86400;             /* math: unit */
static const double first_output = 10;       /* math: seconds, solver knob */
static const double allowed_residual = 1e-9; /* math: promise of every run */

/* ---- one course ---- */

static void record(const struct nw_column_reading *r, bool vitro, const struct nw_column_spec *s,
                   struct nw_absorption_course *course, size_t i) {
  const int n_layers = s->n_layers, deepest = n_layers - 1;
  course->flux[i] = vitro ? r->receptor_flux : r->flux;
  course->cumulative[i] = fmax(vitro ? r->receptor : r->past, 0);
  course->stratum_corneum[i] = n_layers == 1 ? 0 : fmax(r->layer[0], 0);
  course->viable_epidermis[i] = n_layers == 1 ? 0 : fmax(r->layer[1], 0);
  course->dermis[i] = n_layers == 2 ? 0 : fmax(r->layer[deepest], 0);
  course->blood[i] = fmax(r->blood, 0);
  course->exposure[i] = n_layers == 1 ? 0 : fmax(r->exposure[1], 0) / s->layer[1].thickness;
  course->open_fraction[i] = r->open_fraction;
}

/* Intercept of the steepest tangent of the cumulative curve with the time axis. */
static void find_peak(const struct nw_absorption *a, struct nw_absorption_course *course) {
  size_t best = 0;
  for (size_t i = 1; i < a->n_times; i++)
    if (best == 0 || course->flux[i] > course->flux[best]) best = i;
  course->peak_flux = course->flux[best];
  course->lag =
      course->peak_flux > 0 ? fmax(a->time[best] - course->cumulative[best] / course->peak_flux, 0) : 0;
}

static double residual_share(const struct nw_column_reading *r) {
  return r->dose > 0 ? r->residual / r->dose : 0;
}

static enum nw_status follow(const struct nw_absorption *a, const struct nw_column_spec *s, bool vitro,
                             struct nw_column *column, struct nw_absorption_course *course, double *past) {
  struct nw_column_reading r;
  for (size_t i = 0; i < a->n_times; i++) {
    NW_TRY(nw_column_advance(column, a->time[i]));
    nw_column_read(column, &r);
    record(&r, vitro, s, course, i);
    course->mass_balance = fmax(course->mass_balance, residual_share(&r));
    if (a->time[i] == course->profile_time) {
      nw_column_profile(column, course->profile);
      *past = r.past;
    }
  }
  find_peak(a, course);
  return course->mass_balance < allowed_residual ? NW_OK : NW_NUMERICAL;
}

static enum nw_status run_course(const struct nw_column_spec *s, bool vitro, struct nw_absorption *a,
                                 struct nw_absorption_course *course, double *past) {
  struct nw_column *column;
  NW_TRY(nw_column_create(s, &column));
  for (size_t i = 0; i < a->n_depths; i++)
    a->depth[i] = nw_column_depths(column)[i];
  const enum nw_status status = follow(a, s, vitro, column, course, past);
  nw_column_free(&column);
  return status;
}

/* ---- memory and output times ---- */

static double **course_arrays(struct nw_absorption_course *course, int i) {
  double **const array[COURSE_ARRAYS] = {
      &course->flux,   &course->cumulative, &course->stratum_corneum, &course->viable_epidermis,
      &course->dermis, &course->blood,      &course->open_fraction,   &course->exposure};
  return array[i];
}

static bool allocate_course(const struct nw_absorption *a, struct nw_absorption_course *course) {
  bool good = true;
  for (int i = 0; i < COURSE_ARRAYS; i++)
    good &= (*course_arrays(course, i) = nw_allocate(a->n_times, sizeof(double))) != NULL;
  return (course->profile = nw_allocate(a->n_depths, sizeof(double))) && good;
}

static void free_course(struct nw_absorption_course *course) {
  for (int i = 0; i < COURSE_ARRAYS; i++)
    nw_release(*course_arrays(course, i));
  nw_release(course->profile);
}

void nw_transport_free(struct nw_run *run) {
  for (size_t i = 0; run->absorption && i < run->c->n_products; i++) {
    struct nw_absorption *a = &run->absorption[i];
    free_course(&a->needled);
    free_course(&a->intact);
    free_course(&a->patch);
    nw_release(a->map_epidermis);
    nw_release(a->map_dermis);
    nw_release(a->time);
    nw_release(a->depth);
  }
  nw_release(run->absorption);
  run->absorption = NULL;
}

/* All doses, all sessions that are followed, and at least a day. */
static double end_of_run(const struct nw_case *c, const struct nw_product *product) {
  if (c->experiment.present) return c->experiment.duration;
  const double doses = product->doses > 1 ? (product->doses - 1) * product->dose_interval : 0;
  const double sessions = product->sessions > 1 ? (product->sessions - 1) * c->course.interval : 0;
  return sessions + doses + (isfinite(product->duration) ? fmax(product->duration, day) : day);
}

/* Dense at first, then at a constant ratio; the output nearest the end of contact moves onto it. */
static void set_times(struct nw_absorption *a, double end, double contact) {
  const double first = fmin(first_output, end / OUTPUTS);
  size_t nearest = a->n_times - 1;
  for (size_t i = 1; i < a->n_times; i++) {
    a->time[i] = first * pow(end / first, (double)(i - 1) / (double)(a->n_times - 2));
    if (fabs(a->time[i] - contact) < fabs(a->time[nearest] - contact)) nearest = i;
  }
  a->time[a->n_times - 1] = end;
  a->time[nearest] = contact;
  a->needled.profile_time = a->intact.profile_time = a->patch.profile_time = contact;
}

static bool allocate(struct nw_absorption *a, size_t n_depths) {
  a->n_times = OUTPUTS;
  a->n_depths = n_depths;
  a->time = nw_allocate(a->n_times, sizeof(double));
  a->depth = nw_allocate(a->n_depths, sizeof(double));
  const bool courses = allocate_course(a, &a->needled) && allocate_course(a, &a->intact);
  return courses && a->time && a->depth;
}

static bool allocate_patch(const struct nw_patch *patch, struct nw_absorption *a) {
  a->map_nx = (size_t)fmax(1, round(patch->width / patch->resolution));
  a->map_ny = (size_t)fmax(1, round(patch->height / patch->resolution));
  a->map_epidermis = nw_allocate(a->map_nx * a->map_ny, sizeof(double));
  a->map_dermis = nw_allocate(a->map_nx * a->map_ny, sizeof(double));
  return allocate_course(a, &a->patch) && a->map_epidermis && a->map_dermis;
}

static double ratio(double needled, double intact) {
  return needled == intact ? 1 : needled / intact;
}

/* ---- the stage ---- */

static enum nw_status run_product(const struct nw_run *run, size_t i, struct nw_channels channels,
                                  struct nw_absorption *a) {
  const struct nw_case *c = run->c;
  const bool vitro = c->experiment.present;
  struct nw_column_spec s =
      nw_transport_column(run, &c->params, &c->products[i], channels, NW_TRANSPORT_FINE);
  struct nw_column *probe;
  double needled = 0, intact = 0;
  a->product = &c->products[i];
  NW_TRY(nw_column_create(&s, &probe));
  const size_t n_depths = nw_column_count(probe);
  nw_column_free(&probe);
  if (!allocate(a, n_depths)) return NW_MEMORY;
  const double end = end_of_run(c, a->product);
  set_times(a, end, fmin(a->product->duration, end));
  NW_TRY(run_course(&s, vitro, a, &a->needled, &needled));
  nw_transport_close_skin(&c->params, &s);
  NW_TRY(run_course(&s, vitro, a, &a->intact, &intact));
  a->enhancement_ratio = a->enhancement_low = a->enhancement_high = ratio(needled, intact);
  return nw_transport_spread(run, i, channels, a);
}

static enum nw_status report(struct nw_context *context, const struct nw_absorption *a,
                             enum nw_status status) {
  if (status == NW_MEMORY) return nw_fail(context, status, "products", "out of memory");
  return nw_fail(
      context, status, "products",
      "absorption of %s lost its mass balance: %.1e of the dose, at most %.0e is allowed", a->product->name,
      fmax(fmax(a->needled.mass_balance, a->intact.mass_balance), a->patch.mass_balance), allowed_residual);
}

/* One product after the other: each takes all threads. */
static enum nw_status run_patches(struct nw_context *context, const struct nw_run *run,
                                  struct nw_channels channels) {
  const struct nw_case *c = run->c;
  for (size_t i = 0; i < c->n_products; i++) {
    struct nw_absorption *a = &run->absorption[i];
    const struct nw_column_spec s =
        nw_transport_column(run, &c->params, &c->products[i], channels, NW_TRANSPORT_FINE);
    enum nw_status status =
        allocate_patch(&c->patch, a) ? nw_transport_patch(context, run, &s, a) : NW_MEMORY;
    if (status == NW_INTERRUPTED) return status;
    if (status != NW_OK) return report(context, a, status);
    find_peak(a, &a->patch);
  }
  return NW_OK;
}

enum nw_status nw_transport_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  nw_transport_free(run);
  if (c->n_products == 0) return NW_OK;
  run->c = c;
  run->absorption = nw_allocate(c->n_products, sizeof *run->absorption);
  enum nw_status *status = nw_allocate(c->n_products, sizeof *status), worst = NW_OK;
  if (!run->absorption || !status) {
    nw_release(status);
    return nw_fail(context, NW_MEMORY, "products", "out of memory");
  }
  const struct nw_channels channels = nw_transport_channels(run);
#pragma omp parallel for schedule(dynamic) num_threads(context->threads)
  for (size_t i = 0; i < c->n_products; i++)
    status[i] = run_product(run, i, channels, &run->absorption[i]);
  for (size_t i = 0; i < c->n_products && worst == NW_OK; i++)
    if (status[i] != NW_OK) worst = report(context, &run->absorption[i], status[i]);
  nw_release(status);
  if (worst == NW_OK && c->patch.absorption == NW_ABSORPTION_PATCH)
    return run_patches(context, run, channels);
  return worst;
}
