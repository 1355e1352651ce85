/* SPDX-License-Identifier: BSD-3-Clause
   A session: the injuries of its punctures, beams or peel on tissue and surface. */
#include "healing_state.h"

#include <math.h>
#include <string.h>

#include "injury.h"
#include "base/units.h"

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
  if (s->fidelity == NW_PATCH || s->fidelity == NW_DEPTH_CELL) {
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

/* Share of the patch that openings would take side by side: what the measured cover counts, for a beam the
   hole and not the coagulated shell. */
static double mouths_apart(const struct nw_case *c, const struct nw_injury *injury, size_t count) {
  double area = 0;
  for (size_t i = 0; i < count; i++)
    area += NW_PI * (double)injury[i].open_radius * injury[i].open_radius;
  return area / (c->patch.width * c->patch.height);
}

/* The clumping that the union of the mouths of the first session shows. */
static double clumping_of(const struct nw_run *run) {
  double low = 0, high = 50; /* math: bisection between no overlap and all on one spot */
  size_t count = 0;
  const struct nw_injury *first = run->injuries.item;
  while (count < run->injuries.count && first[count].session == first[0].session)
    count++;
  const double together = run->punctures.covered_fraction, apart = mouths_apart(run->c, first, count);
  if (!(together > 0) || together >= apart) return 0;
  for (int i = 0; i < 60; i++) { /* math: halvings to rounding */
    const double middle = 0.5 * (low + high);
    *(nw_injury_covered(apart, middle) > together ? &low : &high) = middle;
  }
  return low;
}

/* The mean column of a session with its depth profile. The surface has one column: shares of the cell. */
static void map_depth_cell(const struct nw_run *run, struct nw_healing_state *s,
                           const struct nw_injury *injury, size_t count, double *open) {
  const struct nw_grid *grid = &s->tissue->grid;
  const double clumping = clumping_of(run), share = injury->open_radius / injury->mouth_radius;
  nw_injury_map_cell(grid, injury, count, s->junction, clumping, s->core, s->rim);
  if (s->hole) nw_injury_map_cell_holes(grid, injury, count, s->junction, clumping, s->hole);
  s->mouth[0] = nw_injury_covered(disc_share(grid, mm(injury->mouth_radius)), clumping);
  open[0] = s->mouth[0] * share * share;
}

/* Injured skin of a session, epidermis and dermis, over the area of the patch; the same on every grid [mm].
 */
static double injured_volume(const struct nw_run *run, const struct nw_injury *injury, size_t count) {
  const double area = mm(run->c->patch.width) * mm(run->c->patch.height);
  if (injury->kind == NW_INJURY_REMOVAL) return mm(injury->depth);
  double share = 0, volume = 0;
  for (size_t i = 0; i < count; i++) {
    const double disc = NW_PI * mm(injury[i].rim_radius) * mm(injury[i].rim_radius) / area;
    share += disc;
    volume += disc * mm(injury[i].depth);
  }
  return share > 0 ? volume * -expm1(-share) / share : 0;
}

static enum nw_status injure(struct nw_context *context, const struct nw_run *run, struct nw_healing_state *s,
                             const struct nw_injury *injury, size_t count) {
  const double t = s->progress.time;
  const bool peel = injury->kind == NW_INJURY_REMOVAL;
  double *open = s->leak; /* free until the next step */
  const bool one_channel = s->fidelity == NW_UNIT_CELL || s->fidelity == NW_DEPTH_CELL;
  if (one_channel && s->progress.next_session > 0) NW_TRY(nw_tissue_average(context, s->tissue));
  if (peel) {
    map_peel(run, s, injury);
  } else if (s->fidelity == NW_PATCH) {
    map_columns(s, injury, count, open);
  } else if (s->fidelity == NW_DEPTH_CELL) {
    map_depth_cell(run, s, injury, count, open);
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
  nw_surface_flare(s->surface, injured_volume(run, injury, count));
  const struct nw_injury_map map = {injury->kind, s->core, s->rim, s->hole};
  return nw_tissue_injure(context, s->tissue, &map);
}

enum nw_status nw_healing_session(struct nw_context *context, const struct nw_run *run,
                                  struct nw_healing_state *s) {
  size_t count;
  const struct nw_injury *injury = session_injuries(run, s->progress.next_session, &count);
  const bool hurts = count > 0 && injury->depth > 0 && s->fidelity != NW_POINT;
  const enum nw_status status = hurts ? injure(context, run, s, injury, count) : NW_OK;
  s->progress.next_session++;
  return status;
}
