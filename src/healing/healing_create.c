/* SPDX-License-Identifier: BSD-3-Clause
   The healing stage at rest before the first injury: grid, tissue, surface. */
#include "healing_state.h"

#include <math.h>
#include <string.h>

#include "base/numerics.h"
#include "base/units.h"

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
  const bool first = fidelity == NW_POINT ? nw_axis_create_single(&grid->axis[0])
                                          : radial_axis(&grid->axis[0], unit_cell_radius(run));
  const bool last =
      fidelity == NW_DEPTH_CELL ? depth_axis(run, &grid->axis[2]) : nw_axis_create_single(&grid->axis[2]);
  return first && nw_axis_create_single(&grid->axis[1]) && last;
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
  s->plasma = nw_allocate(2 * s->tissue->grid.axis[2].n, sizeof(double));
  bool done = s->core && s->rim && s->mouth && s->leak && s->plasma;
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
  NW_TRY(nw_dosing_create(context, run, &s->calendar, &s->dosing));
  const struct nw_network_modifiers modifiers = nw_tissue_modifiers(c, &run->skin, 0);
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
  nw_dosing_free(&s->dosing);
  nw_course_calendar_clear(&s->calendar);
  nw_release(s->core);
  nw_release(s->rim);
  nw_release(s->hole);
  nw_release(s->mouth);
  nw_release(s->leak);
  nw_release(s->plasma);
  for (size_t k = 0; k < NW_COUNT(s->signal); k++)
    nw_release(s->signal[k]);
  nw_release(s);
  *state = NULL;
}
