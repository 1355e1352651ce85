/* SPDX-License-Identifier: BSD-3-Clause
   The same piece of tissue twice. */
#include "pair.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const double peer_scale[PEER_SPECIES] = {1,    1,    1, 1, 1, 1, 1000, 1000, 1000, 1000,
                                         1000, 1000, 1, 1, 1, 1, 1,    1,    1,    1};

/* ---- grids ---- */

static void even(struct pair_grid *g, int axis, size_t n, double cell) {
  assert_true(n <= PAIR_MOST);
  g->n[axis] = n;
  for (size_t i = 0; i <= n; i++)
    g->edge[axis][i] = cell * (double)i;
}

/* n cells, each wider than the one before by `growth`, together `extent` wide. */
static void graded(struct pair_grid *g, int axis, size_t n, double extent, double growth) {
  const double first = extent * (growth - 1) / (pow(growth, (double)n) - 1);
  assert_true(n <= PAIR_MOST);
  g->n[axis] = n;
  for (size_t i = 0; i <= n; i++)
    g->edge[axis][i] = first * (pow(growth, (double)i) - 1) / (growth - 1);
}

struct pair_grid pair_patch_grid(size_t nx, size_t ny, size_t nz, double cell) {
  struct pair_grid g = {0};
  even(&g, 0, nx, cell);
  even(&g, 1, ny, cell);
  even(&g, 2, nz, cell);
  return g;
}

struct pair_grid pair_cell_grid(void) {
  return pair_patch_grid(1, 1, 1, 1);
}

struct pair_grid pair_ring_grid(void) {
  struct pair_grid g = pair_cell_grid();
  g.radial = true;
  graded(&g, 0, 30, 0.357, 1.05);
  return g;
}

struct pair_grid pair_column_grid(void) {
  struct pair_grid g = pair_cell_grid();
  graded(&g, 2, 30, 1.2, 1.08);
  return g;
}

/* ---- the pair ---- */

void pair_create(struct pair *p, const struct pair_grid *g, const struct peer_subject *subject, bool single) {
  const struct nw_network_modifiers modifiers = {.synthesis = subject->synthesis,
                                                 .resting = subject->resting,
                                                 .breakdown = subject->breakdown,
                                                 .fibroblasts = subject->fibroblasts,
                                                 .inflammation = subject->inflammation};
  const struct nw_params si = nw_params_default();
  struct nw_grid grid = {0};
  *p = (struct pair){.model = peer_model_of(subject), .context = nw_context_create()};
  p->box = (struct peer_box){.model = &p->model, .radial = g->radial};
  for (int a = 0; a < 3; a++) {
    p->box.n[a] = g->n[a];
    p->box.edge[a] = g->edge[a];
    assert_true(
        nw_axis_create(&grid.axis[a], a == 0 && g->radial ? NW_RADIAL : NW_FLAT, g->n[a], g->edge[a]));
  }
  const size_t cells = peer_box_cells(&p->box);
  p->tissue = nw_tissue_create(&grid, &si, &modifiers, single, 1);
  p->u = nw_allocate(cells * PEER_SPECIES, sizeof(double));
  p->value = nw_allocate(cells, sizeof(double));
  assert_true(p->context && p->tissue && p->u && p->value);
  for (size_t i = 0; i < cells; i++)
    peer_rest(&p->model, p->u + i * PEER_SPECIES);
}

void pair_clear(struct pair *p) {
  nw_tissue_free(&p->tissue);
  nw_release(p->u);
  nw_release(p->value);
  nw_context_free(&p->context);
}

void pair_tighten(struct pair *p, double tolerance) {
  p->tissue->stepper->rule.tolerance = tolerance;
  p->tissue->stepper->rule.first = 1e-6;
}

void pair_write(struct pair *p) {
  struct nw_stepper *s = p->tissue->stepper;
  for (int f = 0; f < PEER_SPECIES; f++) {
    for (size_t i = 0; i < peer_box_cells(&p->box); i++)
      p->value[i] = p->u[i * PEER_SPECIES + (size_t)f];
    s->kernels->write(s->workspace, f, p->value);
  }
}

void pair_injure(struct pair *p, enum peer_blow blow, const double *core, const double *rim) {
  const struct nw_injury_map map = {
      .kind = blow == PEER_HEAT ? NW_INJURY_THERMAL : NW_INJURY_NEEDLE, .core = core, .rim = rim};
  assert_int_equal(nw_tissue_injure(p->context, p->tissue, &map), NW_OK);
  for (size_t i = 0; i < peer_box_cells(&p->box); i++)
    peer_injure(&p->model, blow, core[i], rim[i], p->u + i * PEER_SPECIES);
}

void pair_heal(struct pair *p, double time) {
  while (p->tissue->time < time)
    assert_int_equal(nw_tissue_step(p->context, p->tissue, time, p->box.leak), NW_OK);
}

struct pair_gap pair_compare(struct pair *p) {
  const struct nw_stepper *s = p->tissue->stepper;
  struct pair_gap gap = {0};
  double all = 0;
  for (size_t i = 0; i < peer_box_cells(&p->box); i++)
    all += peer_box_volume(&p->box, i);
  for (int f = 0; f < PEER_SPECIES; f++) {
    double sum = 0;
    s->kernels->read(s->workspace, f, p->value);
    for (size_t i = 0; i < peer_box_cells(&p->box); i++) {
      const double mine = p->u[i * PEER_SPECIES + (size_t)f], share = peer_box_volume(&p->box, i) / all;
      gap.anywhere[f] = fmax(gap.anywhere[f], fabs(p->value[i] - mine));
      gap.largest[f] = fmax(gap.largest[f], fabs(mine));
      gap.average[f] += share * mine;
      sum += share * (p->value[i] - mine);
    }
    gap.mean[f] = fabs(sum);
  }
  return gap;
}

struct pair_gap pair_wider(const struct pair_gap *a, const struct pair_gap *b) {
  struct pair_gap wider;
  for (int s = 0; s < PEER_SPECIES; s++) {
    wider.anywhere[s] = fmax(a->anywhere[s], b->anywhere[s]);
    wider.largest[s] = fmax(a->largest[s], b->largest[s]);
    wider.mean[s] = fmax(a->mean[s], b->mean[s]);
    wider.average[s] = fmax(a->average[s], b->average[s]);
  }
  return wider;
}
