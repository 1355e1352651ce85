/* SPDX-License-Identifier: BSD-3-Clause
   A product on the patch in three dimensions. The vehicle's concentration is that of the column beside it:
   a film mixes, and what single channels take from it shows in its mean only. */
#include "transport_patch.h"

#include <math.h>

static const double allowed_residual = 1e-9; /* math: promise of every run */
static const double deepest_channel = 0.98;  /* math: share of the tissue; a tip needs a cell below */
static const int box_cells[] = {8, 8, 18};   /* math: solver knobs */

enum { EULER_STEPS = 2, STRIDE = 2 };

/* ---- which punctures conduct ---- */

static bool has_lumen(const struct nw_puncture *one) {
  return one->session == 0 && one->lumen_depth > 0 && one->lumen_diameter > 0;
}

static double open_share(const struct nw_params *p, enum nw_device_kind kind) {
  const char *key = nw_transport_open_share(kind);
  const struct nw_param_row *row = key ? nw_param_find(key) : NULL;
  return row ? fmin(nw_param_get(p, row), 1) : 0;
}

/* Evenly spread numbers in (0, 1): none is drawn twice, so a few channels plug as many would. */
static double even(size_t i) {
  const double golden = (sqrt(5) - 1) / 2; /* math: the golden section */
  return fmod(0.5 + (double)i * golden, 1);
}

size_t nw_transport_patch_channels(const struct nw_run *run, const struct nw_params *p,
                                   const struct nw_column_spec *column, struct nw_box_channel *out,
                                   size_t most) {
  const struct nw_punctures *all = &run->punctures;
  const double share = open_share(p, run->c->device.kind);
  double due = 0.5, whole = 0;
  size_t n = 0;
  for (int l = 0; l < column->n_layers; l++)
    whole += column->layer[l].thickness;
  for (size_t i = 0; i < all->count; i++) {
    const struct nw_puncture *one = &all->item[i];
    if (!has_lumen(one) || (due += share) < 1) continue;
    due -= 1;
    const double lasts = isfinite(column->half_life) ? -column->half_life * log2(even(n)) : INFINITY;
    if (out && n < most)
      out[n] = (struct nw_box_channel){.x = (double)one->x,
                                       .y = (double)one->y,
                                       .radius = (double)one->lumen_diameter / 2,
                                       .depth = fmin((double)one->lumen_depth, deepest_channel * whole),
                                       .opens = column->open_at,
                                       .closes = column->open_at + fmin(lasts, column->close_after)};
    n++;
  }
  return n;
}

/* ---- the course ---- */

/* The vehicle of the column beside the box. */
struct vehicle {
  struct nw_column *column;
  double now; /* [kg/m3] */
};

static enum nw_status follow_vehicle(struct vehicle *v, double from, double to, double c[3], bool *covered) {
  struct nw_column_reading r;
  c[0] = v->now;
  NW_TRY(nw_column_advance(v->column, from + nw_box_middle() * (to - from)));
  nw_column_read(v->column, &r);
  c[1] = r.concentration;
  *covered = r.covered;
  NW_TRY(nw_column_advance(v->column, to));
  nw_column_read(v->column, &r);
  c[2] = v->now = r.concentration;
  return NW_OK;
}

static void record(const struct nw_box_reading *r, const struct nw_column_spec *s, size_t channels,
                   struct nw_absorption_course *course, size_t i) {
  const bool vitro = s->bottom != NW_BOTTOM_CLOSED;
  const int deepest = s->n_layers - 1;
  course->flux[i] = vitro ? r->receptor_flux : r->flux;
  course->cumulative[i] = fmax(vitro ? r->receptor : r->past, 0);
  course->stratum_corneum[i] = s->n_layers == 1 ? 0 : fmax(r->layer[0], 0);
  course->viable_epidermis[i] = s->n_layers == 1 ? 0 : fmax(r->layer[1], 0);
  course->dermis[i] = s->n_layers == 2 ? 0 : fmax(r->layer[deepest], 0);
  course->blood[i] = fmax(r->blood, 0);
  course->open_fraction[i] = channels > 0 ? (double)r->open / (double)channels : 0;
  course->mass_balance = fmax(course->mass_balance, r->residual);
}

/* Output times that no step lands on. */
static void fill_between(struct nw_absorption *a, size_t from, size_t to) {
  struct nw_absorption_course *c = &a->patch;
  double *const array[] = {c->flux,   c->cumulative, c->stratum_corneum, c->viable_epidermis,
                           c->dermis, c->blood,      c->open_fraction};
  for (size_t i = from + 1; i < to; i++) {
    const double share = (a->time[i] - a->time[from]) / (a->time[to] - a->time[from]);
    for (size_t k = 0; k < NW_COUNT(array); k++)
      array[k][i] = (1 - share) * array[k][from] + share * array[k][to];
  }
}

static void keep_maps(const struct nw_box *box, const struct nw_column_spec *s, struct nw_absorption *a) {
  const int deepest = s->n_layers - 1;
  if (s->n_layers > 1) nw_box_map(box, 1, a->map_epidermis);
  nw_box_map(box, deepest, a->map_dermis);
}

/* From one output time to the next, landing on the needling where that lies between. */
static enum nw_status step_to(struct nw_box *box, struct vehicle *v, double from, double to, double opens,
                              int *since) {
  const double stop = opens > from && opens < to ? opens : to;
  double c[3];
  bool covered;
  NW_TRY(follow_vehicle(v, from, stop, c, &covered));
  if (!covered) c[0] = c[1] = c[2] = 0;
  NW_TRY(nw_box_step(box, stop, c, covered, (*since)++ < EULER_STEPS));
  if (stop == to) return NW_OK;
  *since = 0;
  return step_to(box, v, stop, to, opens, since);
}

static enum nw_status follow(struct nw_context *context, const struct nw_column_spec *s, struct nw_box *box,
                             struct vehicle *v, struct nw_absorption *a) {
  struct nw_box_reading r;
  int since = 0;
  for (size_t i = 0, last = 0; i < a->n_times; i++) {
    if (context->interrupt) return NW_INTERRUPTED;
    if (i % STRIDE && i + 1 < a->n_times && a->time[i] != a->patch.profile_time) continue;
    if (i > 0) NW_TRY(step_to(box, v, a->time[last], a->time[i], s->open_at, &since));
    nw_box_read(box, &r);
    record(&r, s, a->patch_channels, &a->patch, i);
    fill_between(a, last, i);
    last = i;
    if (a->time[i] == a->patch.profile_time) {
      keep_maps(box, s, a);
      since = 0;
    }
    const double day = 86400; /* math: unit */
    nw_progress_report(context, "transport", (double)(i + 1) / (double)a->n_times, a->time[i] / day);
  }
  return a->patch.mass_balance < allowed_residual ? NW_OK : NW_NUMERICAL;
}

static enum nw_status run_box(struct nw_context *context, const struct nw_box_spec *spec,
                              struct nw_absorption *a) {
  struct nw_box *box = NULL;
  struct vehicle v = {0};
  struct nw_column_reading r;
  enum nw_status status = nw_column_create(&spec->column, &v.column);
  if (status == NW_OK) status = nw_box_create(spec, &box);
  if (status == NW_OK) {
    nw_column_read(v.column, &r);
    v.now = r.concentration;
    status = follow(context, &spec->column, box, &v, a);
  }
  nw_box_free(&box);
  if (v.column) nw_column_free(&v.column);
  return status;
}

enum nw_status nw_transport_patch(struct nw_context *context, const struct nw_run *run,
                                  const struct nw_column_spec *column, struct nw_absorption *a) {
  const struct nw_case *c = run->c;
  const double area = c->patch.width * c->patch.height;
  const size_t n = nw_transport_patch_channels(run, &c->params, column, NULL, 0);
  struct nw_box_channel *channel = nw_allocate(n + 1, sizeof *channel);
  if (!channel) return NW_MEMORY;
  nw_transport_patch_channels(run, &c->params, column, channel, n);
  struct nw_box_spec spec = {.column = *column,
                             .width = c->patch.width,
                             .height = c->patch.height,
                             .resolution = c->patch.resolution,
                             .channel = channel,
                             .n_channels = n,
                             .threads = context->threads};
  spec.column.channels.density = (double)n / area;
  for (int l = 0; l < column->n_layers; l++)
    spec.cells[l] = column->n_layers == 1 ? box_cells[2] : box_cells[l];
  a->patch_channels = n;
  const enum nw_status status = run_box(context, &spec, a);
  nw_release(channel);
  return status;
}
