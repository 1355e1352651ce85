/* SPDX-License-Identifier: BSD-3-Clause
   Stage healing: the course through time. */
#include "healing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "course.h"
#include "injury.h"
#include "numerics.h"
#include "surface.h"
#include "tissue.h"
#include "units.h"

/* Where the course stands; with the fields and histories, all that a checkpoint needs. */
struct progress {
  double time; /* [d] */
  size_t next_session, next_output;
  size_t n_tissue, n_pictures; /* sizes of the histories */
  struct nw_stepper_state stepper;
};

struct nw_healing_state {
  enum nw_fidelity fidelity;
  bool single_precision;
  struct nw_course_calendar calendar;
  struct nw_tissue *tissue;   /* owned */
  struct nw_surface *surface; /* owned */
  struct progress progress;
  double junction;      /* depth of the dermal-epidermal junction [mm] */
  double *core, *rim;   /* injury maps (nz, ny, nx), owned */
  double *hole;         /* what of the core is vaporised, owned; NULL when no beam ablates */
  double *mouth, *leak; /* (ny, nx), owned */
  double *signal[3];    /* junction values of I, P, E (ny, nx), owned */
};

/* ---- grids ---- */

static size_t good_count(double extent, double resolution) {
  /* whole transforms like small prime factors: the nearest even count of 2, 3 and 5 */
  const size_t wanted = (size_t)fmax(4, round(extent / resolution));
  for (size_t away = 0; away < wanted; away++)
    for (int side = -1; side <= 1; side += 2) {
      const size_t n = wanted + (size_t)(side * (long)away);
      size_t left = n;
      if (n < 4 || n % 2) continue;
      for (size_t p = 2; p <= 5; p++)
        while (left % p == 0)
          left /= p;
      if (left == 1) return n;
    }
  return wanted;
}

static bool depth_axis(const struct nw_run *run, struct nw_axis *axis) {
  return nw_axis_create_graded(axis, NW_FLAT, nw_unit_from_si(run->skin.dermis, "mm"),
                               NW_NUMERIC(first_layer), NW_NUMERIC(layer_growth), NW_NUMERIC(deepest_layer));
}

static bool patch_grid(const struct nw_case *c, const struct nw_run *run, struct nw_grid *grid) {
  const double width = nw_unit_from_si(c->patch.width, "mm"), height = nw_unit_from_si(c->patch.height, "mm");
  const double h = nw_unit_from_si(c->patch.resolution, "mm");
  return nw_axis_create_uniform(&grid->axis[0], good_count(width, h), width) &&
         nw_axis_create_uniform(&grid->axis[1], good_count(height, h), height) &&
         depth_axis(run, &grid->axis[2]);
}

/* Narrow cells across channel and rim, wider ones out to half the distance of the channels. */
static bool radial_axis(struct nw_axis *axis, double radius) {
  enum { MOST = 400 };
  double edge[MOST + 1] = {0}, width = NW_NUMERIC(cell_wall);
  size_t n = 0;
  const double end = radius * (1 - 1e-12); /* math: rounding of the sum of widths */
  while (edge[n] < end && n < MOST) {
    const double next =
        radius - edge[n] < 1.3 * width ? radius : edge[n] + width; /* math: no sliver at the end */
    edge[++n] = next;
    if (next > NW_NUMERIC(cell_fine)) width = fmin(width * NW_NUMERIC(cell_growth), NW_NUMERIC(cell_widest));
  }
  return nw_axis_create(axis, NW_RADIAL, n, edge);
}

static double unit_cell_radius(const struct nw_run *run) {
  const double density = run->punctures.density * 1e-6; /* math: per m2 to per mm2 */
  const double radius = density > 0 ? 1 / sqrt(NW_PI * density) : NW_NUMERIC(widest_unit_cell);
  return fmin(radius, NW_NUMERIC(widest_unit_cell));
}

static bool make_grid(const struct nw_case *c, const struct nw_run *run, enum nw_fidelity fidelity,
                      struct nw_grid *grid) {
  if (fidelity == NW_PATCH) return patch_grid(c, run, grid);
  const bool first = fidelity == NW_UNIT_CELL ? radial_axis(&grid->axis[0], unit_cell_radius(run))
                                              : nw_axis_create_single(&grid->axis[0]);
  return first && nw_axis_create_single(&grid->axis[1]) && nw_axis_create_single(&grid->axis[2]);
}

/* ---- creation ---- */

/* The surface sees lateral cells on a patch, one mean column elsewhere. */
static void surface_size(const struct nw_healing_state *s, size_t *nx, size_t *ny) {
  *nx = s->fidelity == NW_PATCH ? s->tissue->grid.axis[0].n : 1;
  *ny = s->fidelity == NW_PATCH ? s->tissue->grid.axis[1].n : 1;
}

static bool make_surface(const struct nw_case *c, const struct nw_run *run, struct nw_healing_state *s) {
  size_t nx, ny;
  surface_size(s, &nx, &ny);
  const struct nw_axis *x = &s->tissue->grid.axis[0], *y = &s->tissue->grid.axis[1];
  const double side = unit_cell_radius(run) * sqrt(NW_PI);
  const double dx = s->fidelity == NW_PATCH ? x->edge[1] : side,
               dy = s->fidelity == NW_PATCH ? y->edge[1] : side;
  s->surface = nw_surface_create(c, &run->skin, nx, ny, dx, dy);
  return s->surface != NULL;
}

static bool vaporises(const struct nw_run *run) {
  return run->injuries.count > 0 && run->injuries.item[0].hole_depth > 0;
}

static bool make_arrays(const struct nw_run *run, struct nw_healing_state *s) {
  const size_t plane = s->tissue->grid.axis[0].n * s->tissue->grid.axis[1].n;
  const size_t cells = nw_grid_cells(&s->tissue->grid);
  s->core = nw_allocate(cells, sizeof(double));
  s->rim = nw_allocate(cells, sizeof(double));
  s->mouth = nw_allocate(plane, sizeof(double));
  s->leak = nw_allocate(plane, sizeof(double));
  bool done = s->core && s->rim && s->mouth && s->leak;
  if (vaporises(run)) s->hole = nw_allocate(cells, sizeof(double));
  if (vaporises(run)) done = done && s->hole;
  for (size_t k = 0; k < NW_COUNT(s->signal); k++) {
    s->signal[k] = nw_allocate(plane, sizeof(double));
    done = done && s->signal[k];
  }
  return done;
}

static bool copy_edges(double **to, const struct nw_axis *axis) {
  *to = nw_allocate(axis->n + 1, sizeof(double));
  if (*to) memcpy(*to, axis->edge, (axis->n + 1) * sizeof(double));
  return *to != NULL;
}

static bool make_pictures(const struct nw_healing_state *s, struct nw_run *run) {
  struct nw_picture_store *p = &run->pictures;
  const struct nw_axis *axis = s->tissue->grid.axis;
  if (s->fidelity != NW_PATCH) return true;
  p->nx = axis[0].n;
  p->ny = axis[1].n;
  p->nz = axis[2].n;
  return copy_edges(&p->x_edge, &axis[0]) && copy_edges(&p->y_edge, &axis[1]) &&
         copy_edges(&p->z_edge, &axis[2]);
}

enum nw_status nw_healing_prepare(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                                  enum nw_fidelity fidelity, bool single_precision) {
  struct nw_grid grid = {0};
  struct nw_healing_state *s = run->healing = nw_allocate(1, sizeof *s);
  if (!s || !make_grid(c, run, fidelity, &grid))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the grid of the healing stage");
  s->fidelity = fidelity;
  s->single_precision = single_precision;
  s->junction = nw_unit_from_si(run->skin.stratum_corneum + run->skin.viable_epidermis, "mm");
  NW_TRY(nw_course_calendar_create(context, c, &s->calendar));
  const struct nw_network_modifiers modifiers = nw_tissue_modifiers(c, &run->skin);
  s->tissue = nw_tissue_create(&grid, &c->params, &modifiers, single_precision, context->threads);
  if (!s->tissue || !make_surface(c, run, s) || !make_arrays(run, s) || !make_pictures(s, run))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the fields of the healing stage");
  if (!(s->tissue->closure.gain < 1))
    return nw_fail(context, NW_BAD_PLAN, "model",
                   "the loop of inflammation would sustain itself: its gain is %.2f and must be below 1 "
                   "(lower r_N, s_IN, r_M or s_I1)",
                   s->tissue->closure.gain);
  if (!(s->tissue->closure.fibrotic < 1))
    return nw_fail(context, NW_BAD_PLAN, "model",
                   "TGF-beta of fibroblasts would sustain itself: k_TF F_max / (2 K_auto delta_T) is %.2f "
                   "and must be below 1",
                   s->tissue->closure.fibrotic);
  run->checks.stability_gain = s->tissue->closure.gain;
  return NW_OK;
}

void nw_healing_free(struct nw_healing_state **state) {
  struct nw_healing_state *s = *state;
  if (!s) return;
  nw_tissue_free(&s->tissue);
  nw_surface_free(&s->surface);
  nw_course_calendar_clear(&s->calendar);
  nw_release(s->core);
  nw_release(s->rim);
  nw_release(s->hole);
  nw_release(s->mouth);
  nw_release(s->leak);
  for (size_t k = 0; k < NW_COUNT(s->signal); k++)
    nw_release(s->signal[k]);
  nw_release(s);
  *state = NULL;
}

/* ---- what is read at output times ---- */

static enum nw_status read_state(struct nw_context *context, const struct nw_run *run,
                                 struct nw_healing_state *s, struct nw_tissue_state *out) {
  const struct nw_axis *z = &s->tissue->grid.axis[2];
  const double bottom = z->edge[z->n], border = nw_unit_from_si(run->c->params.papillary_zone, "mm");
  double whole[NW_FIELD_COUNT];
  *out = (struct nw_tissue_state){.time = nw_unit_to_si(s->progress.time, "d")};
  const bool deep = s->fidelity == NW_PATCH;
  NW_TRY(nw_tissue_means(context, s->tissue, 0, deep ? border : bottom, out->papillary));
  NW_TRY(nw_tissue_means(context, s->tissue, deep ? border : 0, bottom, out->reticular));
  NW_TRY(nw_tissue_means(context, s->tissue, 0, deep ? z->edge[1] : bottom, out->junction));
  NW_TRY(nw_tissue_means(context, s->tissue, 0, bottom, whole));
  out->collagen_per_area = run->skin.collagen * nw_collagen_total(whole) / nw_collagen_total(s->tissue->rest);
  nw_surface_sample(s->surface, out);
  return NW_OK;
}

static enum nw_status append_state(struct nw_context *context, struct nw_run *run,
                                   struct nw_healing_state *s) {
  struct nw_tissue_history *h = &run->tissue;
  if (!nw_grow(&h->item, &h->capacity, h->count + 1, sizeof *h->item))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the history of the tissue");
  NW_TRY(read_state(context, run, s, &h->item[h->count]));
  s->progress.n_tissue = ++h->count;
  return NW_OK;
}

static bool section_create(const struct nw_picture_store *store, struct nw_section *section) {
  bool done = true;
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    section->field[f] = nw_allocate(store->nx * store->nz, sizeof(float));
    done = done && section->field[f];
  }
  section->coverage = nw_allocate(store->nx * store->ny, sizeof(float));
  section->melanin = nw_allocate(store->nx * store->ny, sizeof(float));
  return done && section->coverage && section->melanin;
}

static void section_fill(const struct nw_picture_store *store, const struct nw_healing_state *s,
                         double *layer, struct nw_section *section) {
  const struct nw_kernels *k = s->tissue->stepper->kernels;
  const size_t row = store->ny / 2 * store->nx;
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    for (size_t z = 0; z < store->nz; z++) {
      k->read_plane(s->tissue->stepper->workspace, f, z, layer);
      for (size_t x = 0; x < store->nx; x++)
        section->field[f][z * store->nx + x] = (float)layer[row + x];
    }
  const double *coverage = nw_surface_coverage(s->surface), *melanin = nw_surface_melanin(s->surface);
  for (size_t i = 0; i < store->nx * store->ny; i++) {
    section->coverage[i] = (float)coverage[i];
    section->melanin[i] = (float)melanin[i];
  }
}

static enum nw_status append_picture(struct nw_context *context, struct nw_run *run,
                                     struct nw_healing_state *s) {
  struct nw_picture_store *p = &run->pictures;
  double *layer = nw_allocate(p->nx * p->ny, sizeof(double));
  enum nw_status status = NW_OK;
  if (!layer || !nw_grow(&p->item, &p->capacity, p->count + 1, sizeof *p->item) ||
      !section_create(p, &p->item[p->count])) {
    status = nw_fail(context, NW_MEMORY, NULL, "no memory for a section picture");
  } else {
    p->item[p->count].time = nw_unit_to_si(s->progress.time, "d");
    section_fill(p, s, layer, &p->item[p->count]);
    s->progress.n_pictures = ++p->count;
  }
  nw_release(layer);
  return status;
}

static enum nw_status give_fields(struct nw_context *context, const struct nw_run *run,
                                  const struct nw_healing_state *s, const struct nw_healing_sink *sink) {
  const size_t cells = nw_grid_cells(&s->tissue->grid);
  const size_t plane = s->tissue->grid.axis[0].n * s->tissue->grid.axis[1].n;
  const float *value[NW_FIELD_COUNT] = {0};
  float *memory = nw_allocate(NW_FIELD_COUNT * cells + plane, sizeof(float));
  if (!memory) return nw_fail(context, NW_MEMORY, NULL, "no memory to write fields");
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    if (!(run->c->output.fields >> f & 1)) continue;
    float *to = memory + (size_t)f * cells;
    s->tissue->stepper->kernels->read_single(s->tissue->stepper->workspace, f, to);
    value[f] = to;
  }
  float *map = memory + NW_FIELD_COUNT * cells;
  const double *melanin = nw_surface_melanin(s->surface);
  for (size_t i = 0; i < plane; i++)
    map[i] = (float)melanin[i];
  const enum nw_status status = sink->fields(sink->data, s->progress.time, value, map);
  nw_release(memory);
  return status;
}

static bool is_picture(const struct nw_course_calendar *calendar, double time) {
  for (size_t i = 0; i < calendar->n_pictures; i++)
    if (calendar->picture[i] == time) return true;
  return false;
}

static enum nw_status give_output(struct nw_context *context, struct nw_run *run, struct nw_healing_state *s,
                                  const struct nw_healing_sink *sink) {
  NW_TRY(append_state(context, run, s));
  if (s->fidelity == NW_PATCH && is_picture(&s->calendar, s->progress.time))
    NW_TRY(append_picture(context, run, s));
  if (sink && sink->fields && s->calendar.regular[s->progress.next_output])
    NW_TRY(give_fields(context, run, s, sink));
  s->progress.next_output++;
  return NW_OK;
}

/* ---- sessions ---- */

/* The injuries of one session; upkeep sessions repeat the last one of the course. */
static const struct nw_injury *session_injuries(const struct nw_run *run, size_t session, size_t *count) {
  const struct nw_injuries *all = &run->injuries;
  const int last = run->c->course.sessions > 0 ? run->c->course.sessions - 1 : 0;
  const int wanted = (int)session < last ? (int)session : last;
  size_t first = 0;
  while (first < all->count && all->item[first].session < wanted)
    first++;
  *count = 0;
  while (first + *count < all->count && all->item[first + *count].session == wanted)
    ++*count;
  return all->item + first;
}

static double mm(double metres) {
  return nw_unit_from_si(metres, "mm");
}

static double bleeding_points(const struct nw_run *run) {
  return run->punctures.bleeding_density * 1e-6; /* math: per m2 to per mm2 */
}

/* A peel of a patch by its layers; of a unit cell over the papillary zone, which its cells stand for. */
static void map_peel(const struct nw_run *run, struct nw_healing_state *s, const struct nw_injury *peel) {
  const struct nw_params *p = &run->c->params;
  const struct nw_grid *grid = &s->tissue->grid;
  const double depth = mm(peel->depth), tail = mm(p->peel_tail), zone = mm(p->papillary_zone);
  if (s->fidelity == NW_PATCH) {
    nw_injury_map_peel(grid, depth, tail, s->junction, s->core, s->rim);
    return;
  }
  double core, rim;
  nw_injury_peel(depth, tail, s->junction, s->junction + zone, &core, &rim);
  for (size_t i = 0; i < nw_grid_cells(grid); i++) {
    s->core[i] = core;
    s->rim[i] = rim;
  }
}

static void map_columns(struct nw_healing_state *s, const struct nw_injury *injury, size_t count,
                        double *open) {
  const struct nw_grid *grid = &s->tissue->grid;
  nw_injury_mouths(grid, injury, count, s->mouth);
  nw_injury_openings(grid, injury, count, open);
  nw_injury_map_patch(grid, injury, count, s->junction, s->core, s->rim);
  if (s->hole) nw_injury_map_holes(grid, injury, count, s->junction, s->core, s->hole);
}

/* Share of a unit cell that a disc takes. */
static double disc_share(const struct nw_grid *grid, double radius) {
  const double part = radius / grid->axis[0].edge[grid->axis[0].n];
  return fmin(1, part * part);
}

/* One column stands for all: they are alike but for chance. */
static void map_unit_cell(struct nw_healing_state *s, const struct nw_injury *injury, double *open) {
  const struct nw_grid *grid = &s->tissue->grid;
  s->mouth[0] = disc_share(grid, mm(injury->mouth_radius));
  nw_injury_map_radial(grid, mm(injury->core_radius), mm(injury->rim_radius), s->core, s->rim);
  /* the rim of the hole is the shell around it, which belongs to the core: not wanted */
  if (s->hole) nw_injury_map_radial(grid, mm(injury->open_radius), mm(injury->core_radius), s->hole, open);
  open[0] = disc_share(grid, mm(injury->open_radius));
}

static enum nw_status injure(struct nw_context *context, const struct nw_run *run, struct nw_healing_state *s,
                             const struct nw_injury *injury, size_t count) {
  const double t = s->progress.time;
  const bool peel = injury->kind == NW_INJURY_REMOVAL;
  double *open = s->leak; /* free until the next step */
  if (s->fidelity == NW_UNIT_CELL && s->progress.next_session > 0)
    NW_TRY(nw_tissue_average(context, s->tissue));
  if (peel) {
    map_peel(run, s, injury);
  } else if (s->fidelity == NW_PATCH) {
    map_columns(s, injury, count, open);
  } else {
    map_unit_cell(s, injury, open);
  }
  if (peel) {
    nw_surface_peel(s->surface, t, injury->depth);
  } else if (injury->mouth_radius > injury->open_radius) {
    nw_surface_burn(s->surface, t, s->mouth, open);
  } else {
    nw_surface_injure(s->surface, t, s->mouth, NULL, bleeding_points(run));
  }
  const struct nw_injury_map map = {injury->kind, s->core, s->rim, s->hole};
  return nw_tissue_injure(context, s->tissue, &map);
}

static enum nw_status hold_session(struct nw_context *context, const struct nw_run *run,
                                   struct nw_healing_state *s) {
  size_t count;
  const struct nw_injury *injury = session_injuries(run, s->progress.next_session, &count);
  const bool hurts = count > 0 && injury->depth > 0 && s->fidelity != NW_POINT;
  const enum nw_status status = hurts ? injure(context, run, s, injury, count) : NW_OK;
  s->progress.next_session++;
  return status;
}

/* ---- time ---- */

/* Signals at the junction as the surface sees them: maps on a patch, the mean elsewhere. */
static enum nw_status read_junction(struct nw_context *context, struct nw_healing_state *s) {
  static const enum nw_field field[] = {NW_FIELD_inflammatory, NW_FIELD_mitogen, NW_FIELD_vessel};
  double mean[NW_FIELD_COUNT];
  if (s->fidelity != NW_PATCH)
    NW_TRY(nw_tissue_means(context, s->tissue, 0, s->tissue->grid.axis[2].edge[1], mean));
  for (size_t k = 0; k < NW_COUNT(field); k++) {
    if (s->fidelity == NW_PATCH) {
      nw_tissue_junction(s->tissue, field[k], s->signal[k]);
    } else {
      s->signal[k][0] = mean[field[k]];
    }
  }
  return NW_OK;
}

static void set_leak(struct nw_healing_state *s) {
  const double *coverage = nw_surface_coverage(s->surface);
  const size_t plane = s->tissue->grid.axis[0].n * s->tissue->grid.axis[1].n;
  for (size_t i = 0; i < plane; i++)
    s->leak[i] = s->tissue->params.k_leak * fmax(0, 1 - coverage[i]);
}

static enum nw_status advance(struct nw_context *context, struct nw_healing_state *s, double limit) {
  const double before = s->progress.time;
  const bool patch = s->fidelity == NW_PATCH;
  if (patch) set_leak(s);
  NW_TRY(nw_tissue_step(context, s->tissue, limit, patch ? s->leak : NULL));
  NW_TRY(read_junction(context, s));
  s->progress.time = s->tissue->time;
  nw_surface_step(s->surface, before, s->progress.time - before, s->signal[0], s->signal[1], s->signal[2]);
  s->progress.stepper = s->tissue->stepper->state;
  return NW_OK;
}

/* Work is dense after each session and thins out as its logarithm: a fair guide to the time left. */
static double work_until(const struct nw_course_calendar *calendar, double time) {
  const double early = 0.01; /* math: days; steps grow from here on */
  double work = 0;
  for (size_t i = 0; i < calendar->n_sessions && calendar->session[i] < time; i++) {
    const double next = i + 1 < calendar->n_sessions ? fmin(time, calendar->session[i + 1]) : time;
    work += log1p((next - calendar->session[i]) / early);
  }
  return work;
}

static void report(struct nw_context *context, const struct nw_healing_state *s) {
  const double all = work_until(&s->calendar, s->calendar.end);
  const double soon = 1e-9; /* math: days; a course of no length is done at once */
  const double fraction = all > 0 ? work_until(&s->calendar, s->progress.time) / all
                                  : s->progress.time / fmax(s->calendar.end, soon);
  nw_progress_report(context, "healing", fraction, s->progress.time);
}

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec; /* math: nanoseconds */
}

/* Events at the present time, in this order: outcomes are read, then the needles come. */
static enum nw_status events_now(struct nw_context *context, struct nw_run *run, struct nw_healing_state *s,
                                 const struct nw_healing_sink *sink) {
  const struct nw_course_calendar *calendar = &s->calendar;
  struct progress *p = &s->progress;
  while (p->next_output < calendar->n_outputs && calendar->output[p->next_output] <= p->time)
    NW_TRY(give_output(context, run, s, sink));
  while (p->next_session < calendar->n_sessions && calendar->session[p->next_session] <= p->time)
    NW_TRY(hold_session(context, run, s));
  return NW_OK;
}

static double next_event(const struct nw_healing_state *s, double until) {
  const struct nw_course_calendar *calendar = &s->calendar;
  double limit = until;
  if (s->progress.next_output < calendar->n_outputs)
    limit = fmin(limit, calendar->output[s->progress.next_output]);
  if (s->progress.next_session < calendar->n_sessions)
    limit = fmin(limit, calendar->session[s->progress.next_session]);
  return limit;
}

static void note_checks(struct nw_run *run, const struct nw_healing_state *s) {
  run->checks.mass_residual = s->progress.stepper.residual;
  run->checks.positivity = s->progress.stepper.lowest;
  run->cost.cells = nw_grid_cells(&s->tissue->grid);
  run->cost.steps = s->progress.stepper.steps;
  run->cost.rejected = s->progress.stepper.rejected;
}

enum nw_status nw_healing_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                              double until, const struct nw_healing_sink *sink) {
  (void)c;
  struct nw_healing_state *s = run->healing;
  const double end = fmin(until, s->calendar.end);
  double saved = seconds_now();
  NW_TRY(events_now(context, run, s, sink));
  while (s->progress.time < end) {
    NW_TRY(advance(context, s, next_event(s, end)));
    NW_TRY(events_now(context, run, s, sink));
    note_checks(run, s);
    report(context, s);
    const bool stop = context->interrupt && s->progress.time < end;
    if (sink && sink->checkpoint && (stop || seconds_now() - saved > sink->checkpoint_every)) {
      NW_TRY(sink->checkpoint(sink->data));
      saved = seconds_now();
    }
    if (stop) return NW_INTERRUPTED;
  }
  return NW_OK;
}

enum nw_status nw_healing_untreated(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  const nw_progress_function listener = context->progress;
  struct nw_run twin = {.c = c, .skin = run->skin};
  context->progress = NULL; /* a matter of milliseconds */
  enum nw_status status = nw_healing_prepare(context, c, &twin, NW_POINT, false);
  if (status == NW_OK) status = nw_healing_run(context, c, &twin, INFINITY, NULL);
  context->progress = listener;
  nw_healing_free(&twin.healing);
  nw_release(run->tissue_untreated.item);
  run->tissue_untreated = twin.tissue;
  return status;
}

/* ---- memory for checkpoints ---- */

struct listing {
  struct nw_healing_memory *block;
  size_t count, most;
};

static void list_block(struct listing *l, const char *name, size_t i, size_t j, void *data, size_t bytes) {
  if (l->count < l->most) {
    struct nw_healing_memory *b = &l->block[l->count];
    snprintf(b->name, sizeof b->name, "%s_%zu_%zu", name, i, j);
    b->data = data;
    b->bytes = bytes;
  }
  l->count++;
}

size_t nw_healing_memory(struct nw_run *run, struct nw_healing_memory *block, size_t most) {
  struct nw_healing_state *s = run->healing;
  struct listing l = {block, 0, most};
  struct nw_picture_store *p = &run->pictures;
  size_t count;
  list_block(&l, "progress", 0, 0, &s->progress, sizeof s->progress);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    void *data = s->tissue->stepper->kernels->memory(s->tissue->stepper->workspace, f, &count);
    list_block(&l, "field", (size_t)f, 0, data, count);
  }
  double *surface = nw_surface_state(s->surface, &count);
  list_block(&l, "surface", 0, 0, surface, count * sizeof(double));
  list_block(&l, "tissue", 0, 0, run->tissue.item, run->tissue.count * sizeof *run->tissue.item);
  for (size_t i = 0; i < p->count; i++) {
    list_block(&l, "picture_time", i, 0, &p->item[i].time, sizeof(double));
    for (size_t f = 0; f < NW_FIELD_COUNT; f++)
      list_block(&l, "picture", i, f, p->item[i].field[f], p->nx * p->nz * sizeof(float));
    list_block(&l, "coverage", i, 0, p->item[i].coverage, p->nx * p->ny * sizeof(float));
    list_block(&l, "melanin", i, 0, p->item[i].melanin, p->nx * p->ny * sizeof(float));
  }
  return l.count;
}

enum nw_status nw_healing_restore_sizes(struct nw_context *context, struct nw_run *run) {
  struct nw_healing_state *s = run->healing;
  struct nw_tissue_history *h = &run->tissue;
  struct nw_picture_store *p = &run->pictures;
  bool done = nw_grow(&h->item, &h->capacity, s->progress.n_tissue, sizeof *h->item) &&
              nw_grow(&p->item, &p->capacity, s->progress.n_pictures, sizeof *p->item);
  while (done && p->count < s->progress.n_pictures)
    done = section_create(p, &p->item[p->count++]);
  if (!done) return nw_fail(context, NW_MEMORY, NULL, "no memory to restore a checkpoint");
  h->count = s->progress.n_tissue;
  s->tissue->time = s->progress.time;
  s->tissue->stepper->state = s->progress.stepper;
  note_checks(run, s);
  return NW_OK;
}

void nw_healing_grid(const struct nw_run *run, size_t n[3], const double *edge[3]) {
  for (int a = 0; a < 3; a++) {
    n[a] = run->healing->tissue->grid.axis[a].n;
    edge[a] = run->healing->tissue->grid.axis[a].edge;
  }
}

void nw_healing_identity(const struct nw_run *run, struct nw_text *text) {
  const struct nw_healing_state *s = run->healing;
  const struct nw_axis *axis = s->tissue->grid.axis;
  nw_text_append(text, "grid %zu x %zu x %zu, %s\n", axis[0].n, axis[1].n, axis[2].n,
                 s->tissue->stepper->kernels->name);
}
