/* SPDX-License-Identifier: BSD-3-Clause
   Dermis on a grid. */
#include "tissue.h"

#include <math.h>

#include "base/numerics.h"
#include "base/units.h"
#include "skin/skin.h"

/* math: one metre, second and kilogram in tissue units */
static const double millimetre = 1e3, day = 1.0 / 86400, picogram = 1e15;

/* How the subject bends the network, U the habitual dose of sun [MED/d]:
   synthesis = s(age) smoking (1 - p_U U / (K_U + U)),   resting = synthesis / Q(age),
   breakdown = 1 + k_AU U t_U                                                                            [1]
   age goes on during the course; Q is the collagen per area of the skin stage at its start, so that untreated
   skin goes on ageing by its law. */
struct nw_network_modifiers nw_tissue_modifiers(const struct nw_case *c, const struct nw_skin *skin,
                                                double time) {
  const double uv = c->subject.ageing ? nw_unit_to_si(c->subject.uv_dose, "MED/day") : 0;
  const double suppressed = 1 - c->params.p_U * uv / (c->params.K_U + uv);
  const double older = nw_skin_synthesis_at(c, nw_unit_to_si(time, "d")) / nw_skin_synthesis_at(c, 0);
  const double synthesis = skin->synthesis * older * suppressed;
  return (struct nw_network_modifiers){.synthesis = synthesis,
                                       .resting = synthesis / skin->collagen,
                                       .breakdown = 1 + c->params.k_AU * uv * c->params.uv_chronic,
                                       .fibroblasts = skin->fibroblasts,
                                       .inflammation = skin->inflammation};
}

static void fill_rest(struct nw_tissue *t) {
  const struct nw_params *p = &t->params;
  t->rest[NW_FIELD_mmp] = 1;
  t->rest[NW_FIELD_fibroblast] = p->F_0 * t->modifiers.fibroblasts;
  t->rest[NW_FIELD_vessel] = 1;
  t->rest[NW_FIELD_collagen_III] = p->C_30;
  t->rest[NW_FIELD_collagen_I_new] = t->closure.C_i0;
  t->rest[NW_FIELD_collagen_I_mature] = p->C_m0;
  t->rest[NW_FIELD_elastin] = 1;
  t->rest[NW_FIELD_hyaluronan] = 1;
  t->rest[NW_FIELD_tropoelastin] = 1;
}

/* Signals spread and are lost, du/dt = D lap u - delta u, with D_I, D_P, D_T, D_V, D_A and delta_I,
   delta_P, delta_T, delta_V, delta_A; T3 as T. Cells and vessels spread with D_N, D_M, D_F, D_Y, D_E.
   While the epidermis is open, signals leak through the junction at k_leak (1 - coverage) [mm/d].
   Damping anticipates the losses inside the network. */
static void fill_fields(struct nw_system *s, const struct nw_params *p) {
#define RULE(name, ...) s->field[NW_FIELD_##name] = (struct nw_field_rule){__VA_ARGS__}
  RULE(inflammatory, .diffusivity = p->D_I, .decay = p->delta_I, .scale = p->K_12I, .leaks = 1);
  RULE(mitogen, .diffusivity = p->D_P, .decay = p->delta_P, .scale = p->K_P, .leaks = 1);
  RULE(tgf_beta, .diffusivity = p->D_T, .decay = p->delta_T, .scale = p->K_CT, .leaks = 1);
  RULE(tgf_beta_3, .diffusivity = p->D_T, .decay = p->delta_T, .scale = p->K_LT, .leaks = 1);
  RULE(vegf, .diffusivity = p->D_V, .decay = p->delta_V, .scale = p->K_EV, .leaks = 1);
  RULE(mmp, .diffusivity = p->D_A, .decay = p->delta_A, .scale = 1);
  RULE(neutrophil, .diffusivity = p->D_N, .damping = p->delta_N + p->k_NM, .scale = p->K_ef);
  RULE(macrophage_m1, .diffusivity = p->D_M, .damping = p->delta_M1 + p->k_12b, .scale = p->M_ref);
  RULE(macrophage_m2, .diffusivity = p->D_M, .damping = p->delta_M2, .scale = p->M_ref);
  RULE(fibroblast, .diffusivity = p->D_F, .damping = p->d_h, .scale = p->F_0);
  RULE(myofibroblast, .diffusivity = p->D_Y, .damping = p->d_YC, .scale = p->F_0);
  RULE(vessel, .diffusivity = p->D_E, .damping = p->r_E, .scale = 1);
  RULE(fibrin, .damping = p->lambda_B, .scale = 1);
  RULE(debris, .damping = p->lambda_D, .scale = 1);
  RULE(collagen_III, .scale = p->C_30);
  RULE(collagen_I_new, .damping = p->k_x, .scale = p->C_30);
  RULE(collagen_I_mature, .scale = p->C_30);
  RULE(elastin, .scale = 1);
  RULE(hyaluronan, .damping = p->delta_H, .scale = 1);
  RULE(tropoelastin, .damping = p->delta_L0, .scale = 1);
#undef RULE
}

/* Cells drift up a signal: dn/dt = -div(n v), v = chi grad s / (1 + s/K)^2, |v| <= v_max [mm/d]:
   fibroblasts up P with chi_F and K_chi, neutrophils up I with chi_N and K_chiI, M1 with chi_M and K_chiI.
   Speeds are those of crawling cells (McDougall 2006, Lammermann 2008). */
static void fill_drifts(struct nw_system *s, const struct nw_params *p) {
  s->n_drifts = 3;
  s->drift[0] = (struct nw_drift_rule){NW_FIELD_fibroblast, NW_FIELD_mitogen, p->chi_F, p->K_chi, p->v_max};
  s->drift[1] =
      (struct nw_drift_rule){NW_FIELD_neutrophil, NW_FIELD_inflammatory, p->chi_N, p->K_chiI, p->v_max};
  s->drift[2] =
      (struct nw_drift_rule){NW_FIELD_macrophage_m1, NW_FIELD_inflammatory, p->chi_M, p->K_chiI, p->v_max};
}

static bool fill_field(struct nw_tissue *t, int field) {
  const size_t cells = nw_grid_cells(&t->grid);
  double *value = nw_allocate(cells, sizeof(double));
  if (!value) return false;
  for (size_t i = 0; i < cells; i++)
    value[i] = t->rest[field];
  t->stepper->kernels->write(t->stepper->workspace, field, value);
  nw_release(value);
  return true;
}

struct nw_tissue *nw_tissue_create(struct nw_grid *grid, const struct nw_params *si,
                                   const struct nw_network_modifiers *modifiers, bool single_precision,
                                   int threads) {
  struct nw_tissue *t = nw_allocate(1, sizeof *t);
  if (!t) {
    nw_grid_clear(grid);
    return NULL;
  }
  t->grid = *grid;
  *grid = (struct nw_grid){0};
  t->params = nw_params_coherent(si, millimetre, day, picogram);
  t->network = nw_network_choose(single_precision);
  t->modifiers = *modifiers;
  t->closure = nw_network_close(&t->params);
  fill_rest(t);
  t->constants = nw_allocate(1, t->network->constant_bytes);
  struct nw_system system = {
      .grid = &t->grid, .n_fields = NW_FIELD_COUNT, .rates = t->network->rates, .constants = t->constants};
  fill_fields(&system, &t->params);
  fill_drifts(&system, &t->params);
  const struct nw_stepper_rule rule = {.tolerance = NW_NUMERIC(tolerance),
                                       .first = NW_NUMERIC(first_step),
                                       .longest = NW_NUMERIC(longest_step),
                                       .courant = NW_NUMERIC(courant)};
  bool done = t->constants != NULL;
  if (done) t->network->fill(&t->params, modifiers, t->constants);
  if (done) t->stepper = nw_stepper_create(&system, &rule, single_precision, threads);
  done = t->stepper != NULL;
  for (int f = 0; done && f < NW_FIELD_COUNT; f++)
    done = fill_field(t, f);
  if (!done) nw_tissue_free(&t);
  return t;
}

void nw_tissue_modify(struct nw_tissue *t, const struct nw_network_modifiers *modifiers) {
  t->modifiers = *modifiers;
  t->network->fill(&t->params, modifiers, t->constants);
}

void nw_tissue_free(struct nw_tissue **tissue) {
  if (!*tissue) return;
  nw_stepper_free(&(*tissue)->stepper);
  nw_grid_clear(&(*tissue)->grid);
  nw_release((*tissue)->constants);
  nw_release(*tissue);
  *tissue = NULL;
}

/* ---- injury ---- */

/* What an injury of one kind does, by shares of core and rim. */
struct blow {
  double clot, debris, killed, matrix_lost; /* in the core [1] */
  double debris_rim, vessels_rim;           /* in the rim [1] */
  double heat;                              /* latent TGF-beta set free in the rim [ng/mL] */
};

/* The harm that fades below a peel raises the alarm and leaves matrix and vessels alone. */
static struct blow blow_of(const struct nw_params *p, enum nw_injury_kind kind) {
  struct blow b = {.killed = 1, .debris = 1, .matrix_lost = 1 - p->e_th};
  if (kind == NW_INJURY_REMOVAL) {
    b.clot = p->B_p;
  } else if (kind == NW_INJURY_THERMAL) {
    b.clot = p->B_th;
    b.heat = p->T_hs;
  } else {
    b.clot = p->B_n;
    b.debris = p->D_n;
    b.killed = p->f_killed;
    b.matrix_lost = (1 - p->e_n) * (1 - p->f_recoil);
  }
  if (kind == NW_INJURY_REMOVAL) return b;
  b.debris_rim = b.debris * p->f_rim_D;
  b.vessels_rim = p->f_rim_E;
  return b;
}

/* Shares of one cell. What is vaporised leaves nothing behind: no debris, no alarm, no matrix. */
struct struck {
  double core, rim;
  double hole, dead; /* the core in its parts: vaporised, and dead but there */
};

/* New value of one field in one cell, core w and rim s the injured shares of the cell:
   I  -> I + I_0 (w + s)                         alarm stored in cells
   P  -> P + f_burst gamma_P B_n w,   T -> T + f_act f_burst gamma_T B_n w + T_hs s (heat)
   B  -> max(B, B_n w),   D -> max(D, D_n (w + f_rim_D s))
   N, M1, M2, F, Y -> (1 - f_killed w) of them,   E -> the same, times (1 - f_rim_E s)
   C3, Ci, Cm, L, L0, H -> (1 - (1 - e_n) (1 - f_recoil) w) of them
   as a needle does it. It takes nothing away: what is missing from its channel was pushed aside, and the
   share f_recoil of it comes back. A beam (B_th, e_th) and a peel (B_p, e_th) kill all of the core and leave
   debris 1, without recoil; what a beam vaporises leaves nothing. */
static double struck(const struct nw_params *p, const struct blow *b, enum nw_field field, double u,
                     const struct struck *c) {
  switch (field) {
    case NW_FIELD_inflammatory:
      return u + p->I_0 * (c->dead + c->rim);
    case NW_FIELD_mitogen:
      return u + p->gamma_P * p->f_burst * b->clot * c->core;
    case NW_FIELD_tgf_beta:
      return u + p->gamma_T * p->f_act * p->f_burst * b->clot * c->core + b->heat * c->rim;
    case NW_FIELD_tgf_beta_3:
    case NW_FIELD_vegf:
    case NW_FIELD_mmp:
      return u;
    case NW_FIELD_fibrin:
      return fmax(u * (1 - c->hole), b->clot * c->core);
    case NW_FIELD_debris:
      return fmax(u * (1 - c->hole), b->debris * c->dead + b->debris_rim * c->rim);
    case NW_FIELD_vessel:
      return u * (1 - b->killed * c->core) * (1 - b->vessels_rim * c->rim);
    case NW_FIELD_neutrophil:
    case NW_FIELD_macrophage_m1:
    case NW_FIELD_macrophage_m2:
    case NW_FIELD_fibroblast:
    case NW_FIELD_myofibroblast:
      return u * (1 - b->killed * c->core);
    default:
      return u * (1 - c->hole - b->matrix_lost * c->dead);
  }
}

static struct struck shares(const struct nw_injury_map *map, size_t i) {
  const double hole = map->hole ? map->hole[i] : 0;
  return (struct struck){.core = map->core[i], .rim = map->rim[i], .hole = hole, .dead = map->core[i] - hole};
}

enum nw_status nw_tissue_injure(struct nw_context *context, struct nw_tissue *t,
                                const struct nw_injury_map *map) {
  const size_t cells = nw_grid_cells(&t->grid);
  const struct blow blow = blow_of(&t->params, map->kind);
  double *value = nw_allocate(cells, sizeof(double));
  if (!value) return nw_fail(context, NW_MEMORY, NULL, "no memory for an injury on %zu cells", cells);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    t->stepper->kernels->read(t->stepper->workspace, f, value);
    for (size_t i = 0; i < cells; i++) {
      const struct struck share = shares(map, i);
      value[i] = struck(&t->params, &blow, (enum nw_field)f, value[i], &share);
    }
    t->stepper->kernels->write(t->stepper->workspace, f, value);
  }
  nw_release(value);
  nw_stepper_event(t->stepper);
  return NW_OK;
}

enum nw_status nw_tissue_add(struct nw_context *context, struct nw_tissue *t, enum nw_field field,
                             const double *more) {
  const size_t cells = nw_grid_cells(&t->grid), layer = cells / t->grid.axis[2].n;
  double *value = nw_allocate(cells, sizeof(double));
  if (!value) return nw_fail(context, NW_MEMORY, NULL, "no memory to add to %zu cells", cells);
  t->stepper->kernels->read(t->stepper->workspace, field, value);
  for (size_t i = 0; i < cells; i++)
    value[i] += more[i / layer];
  t->stepper->kernels->write(t->stepper->workspace, field, value);
  nw_release(value);
  return NW_OK;
}

double nw_layer_mean(const struct nw_grid *g, const double *layer) {
  double sum = 0, area = 0;
  for (size_t y = 0; y < g->axis[1].n; y++)
    for (size_t x = 0; x < g->axis[0].n; x++) {
      const double a = g->axis[0].volume[x] * g->axis[1].volume[y];
      sum += a * layer[y * g->axis[0].n + x];
      area += a;
    }
  return sum / area;
}

/* What a session leaves to the next one in the same place on average: not what passes within hours. */
static bool lasts(int field) {
  return field >= NW_FIELD_neutrophil && field != NW_FIELD_fibrin && field != NW_FIELD_debris;
}

enum nw_status nw_tissue_average(struct nw_context *context, struct nw_tissue *t) {
  const size_t cells = nw_grid_cells(&t->grid), plane = t->grid.axis[0].n * t->grid.axis[1].n;
  double *value = nw_allocate(cells, sizeof(double));
  if (!value) return nw_fail(context, NW_MEMORY, NULL, "no memory to average %zu cells", cells);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    if (!lasts(f)) continue;
    t->stepper->kernels->read(t->stepper->workspace, f, value);
    for (size_t k = 0; k < t->grid.axis[2].n; k++) {
      const double mean = nw_layer_mean(&t->grid, value + k * plane);
      for (size_t i = 0; i < plane; i++)
        value[k * plane + i] = mean;
    }
    t->stepper->kernels->write(t->stepper->workspace, f, value);
  }
  nw_release(value);
  return NW_OK;
}

/* ---- time and means ---- */

enum nw_status nw_tissue_step(struct nw_context *context, struct nw_tissue *t, double limit,
                              const double *boundary_loss) {
  double taken;
  NW_TRY(nw_stepper_step(context, t->stepper, t->time, limit, boundary_loss, &taken));
  /* the last step of a stretch meets its limit exactly, so that events need no tolerance */
  const double met = limit * (1 - 1e-14); /* math: rounding */
  t->time = t->time + taken >= met ? limit : t->time + taken;
  return NW_OK;
}

enum nw_status nw_tissue_means(struct nw_context *context, const struct nw_tissue *t, double top,
                               double bottom, double mean[NW_FIELD_COUNT]) {
  const struct nw_axis *z = &t->grid.axis[2];
  const size_t plane = t->grid.axis[0].n * t->grid.axis[1].n;
  double *layer = nw_allocate(plane, sizeof(double));
  if (!layer) return nw_fail(context, NW_MEMORY, NULL, "no memory for a layer of %zu cells", plane);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    double sum = 0, depth = 0;
    for (size_t k = 0; k < z->n; k++) {
      const double overlap = fmin(bottom, z->edge[k + 1]) - fmax(top, z->edge[k]);
      if (overlap <= 0) continue;
      t->stepper->kernels->read_plane(t->stepper->workspace, f, k, layer);
      sum += overlap * nw_layer_mean(&t->grid, layer);
      depth += overlap;
    }
    mean[f] = depth > 0 ? sum / depth : t->rest[f];
  }
  nw_release(layer);
  return NW_OK;
}

void nw_tissue_junction(const struct nw_tissue *t, enum nw_field field, double *values) {
  t->stepper->kernels->read_plane(t->stepper->workspace, field, 0, values);
}

void nw_tissue_collagen(const struct nw_tissue *t, double bottom, double *layer, double *values) {
  static const enum nw_field kind[] = {NW_FIELD_collagen_III, NW_FIELD_collagen_I_new,
                                       NW_FIELD_collagen_I_mature};
  const struct nw_axis *z = &t->grid.axis[2];
  const size_t plane = t->grid.axis[0].n * t->grid.axis[1].n;
  const double content = nw_collagen_total(t->rest) * fmin(bottom, z->edge[z->n]);
  for (size_t i = 0; i < plane; i++)
    values[i] = 0;
  for (size_t k = 0; k < z->n && z->edge[k] < bottom; k++) {
    const double weight = (fmin(bottom, z->edge[k + 1]) - z->edge[k]) / content;
    for (size_t f = 0; f < NW_COUNT(kind); f++) {
      t->stepper->kernels->read_plane(t->stepper->workspace, kind[f], k, layer);
      for (size_t i = 0; i < plane; i++)
        values[i] += weight * layer[i];
    }
  }
}

double nw_collagen_total(const double mean[NW_FIELD_COUNT]) {
  return mean[NW_FIELD_collagen_III] + mean[NW_FIELD_collagen_I_new] + mean[NW_FIELD_collagen_I_mature];
}
