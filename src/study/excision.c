/* SPDX-License-Identifier: BSD-3-Clause
   A wound cut out. */
#include "excision.h"

#include <math.h>

#include "base/numerics.h"
#include "base/units.h"
#include "healing/injury.h"
#include "healing/tissue.h"

enum { MOST_CELLS = 400 };

/* ---- skin with room for it ---- */

static size_t place_edges(double edge[MOST_CELLS + 1]) {
  const double field = NW_NUMERIC(wound_field), growth = NW_NUMERIC(cell_growth);
  double width = NW_NUMERIC(wound_cell);
  size_t n = 0;
  edge[0] = 0;
  while (edge[n] < field && n < MOST_CELLS) {
    const bool last = field - edge[n] < (1 + 0.5) * width; /* no sliver at the end */
    edge[n + 1] = last ? field : edge[n] + width;
    if (edge[++n] > NW_NUMERIC(wound_fine)) width = fmin(width * growth, NW_NUMERIC(wound_widest));
  }
  return n;
}

/* Of healthy skin. Cells across the edge are wide beside those of a needle channel: so is the wound. */
static struct nw_tissue *create_tissue(const struct nw_params *p) {
  static const struct nw_network_modifiers healthy = {1, 1, 1, 1, 1};
  double edge[MOST_CELLS + 1];
  const size_t n = place_edges(edge);
  struct nw_grid grid = {0};
  if (nw_axis_create(&grid.axis[0], NW_RADIAL, n, edge) && nw_axis_create_single(&grid.axis[1]) &&
      nw_axis_create_single(&grid.axis[2]))
    return nw_tissue_create(&grid, p, &healthy, false, 1);
  nw_grid_clear(&grid);
  return NULL;
}

/* Nothing is pushed aside as by a needle: the tissue is gone, and clot fills its place. */
static struct nw_params cut_out(const struct nw_params *p) {
  struct nw_params cut = *p;
  cut.B_n = p->wound_clot;
  cut.D_n = p->wound_debris;
  cut.f_killed = 1 - p->wound_left;
  cut.e_n = p->wound_left;
  cut.f_recoil = 0;
  return cut;
}

/* ---- what is counted in it ---- */

static double mean_inside(const struct nw_tissue *t, double radius, enum nw_field field) {
  const struct nw_axis *r = &t->grid.axis[0];
  double value[MOST_CELLS], sum = 0;
  nw_tissue_junction(t, field, value);
  for (size_t i = 0; i < r->n; i++) {
    const double a = fmin(r->edge[i], radius), b = fmin(r->edge[i + 1], radius);
    sum += (b * b - a * a) * value[i];
  }
  return sum / (radius * radius);
}

static void record(const struct nw_tissue *t, double radius, struct nw_timeline *line) {
  double *value = line->value[line->n_rows];
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    value[k] = NAN;
  value[NW_OUTCOME_neutrophil] = mean_inside(t, radius, NW_FIELD_neutrophil);
  value[NW_OUTCOME_macrophage_m1] =
      mean_inside(t, radius, NW_FIELD_macrophage_m1) + mean_inside(t, radius, NW_FIELD_macrophage_m2);
  value[NW_OUTCOME_collagen_total] = mean_inside(t, radius, NW_FIELD_collagen_III) +
                                     mean_inside(t, radius, NW_FIELD_collagen_I_new) +
                                     mean_inside(t, radius, NW_FIELD_collagen_I_mature);
  line->time[line->n_rows++] = nw_unit_to_si(t->time, "d");
}

static enum nw_status follow(struct nw_context *context, const struct nw_params *p, struct nw_tissue *t,
                             size_t rows, struct nw_timeline *line) {
  const double radius = nw_unit_from_si(p->wound_radius, "mm"), rim = nw_unit_from_si(p->wound_rim, "mm");
  double core[MOST_CELLS], sheared[MOST_CELLS];
  nw_injury_map_radial(&t->grid, radius, rim, core, sheared);
  NW_TRY(nw_tissue_injure(context, t, &(struct nw_injury_map){NW_INJURY_NEEDLE, core, sheared, NULL}));
  for (size_t row = 0; row < rows; row++) {
    while (t->time < (double)row * NW_NUMERIC(wound_every))
      NW_TRY(nw_tissue_step(context, t, (double)row * NW_NUMERIC(wound_every), NULL));
    record(t, radius, line);
  }
  return NW_OK;
}

enum nw_status nw_excision_run(struct nw_context *context, const struct nw_params *p, struct nw_run *run) {
  const struct nw_params cut = cut_out(p);
  const double days = nw_unit_from_si(p->wound_days, "d");
  const size_t rows = 1 + (size_t)lround(days / NW_NUMERIC(wound_every));
  struct nw_timeline *line = &run->timeline;
  struct nw_tissue *t = create_tissue(&cut);
  size_t capacity = 0;
  const bool room = nw_grow(&line->time, &capacity, rows, sizeof *line->time) &&
                    nw_grow(&line->value, &line->capacity, rows, sizeof *line->value);
  const enum nw_status status = t && room ? follow(context, p, t, rows, line)
                                          : nw_fail(context, NW_MEMORY, NULL, "no memory for a wound");
  nw_tissue_free(&t);
  return status;
}
