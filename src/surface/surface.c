/* SPDX-License-Identifier: BSD-3-Clause
   The skin surface: columns of epidermis with their barrier, pigment and sebum, driven by the dermis. */
#include "surface.h"

#include <math.h>
#include <string.h>

#include "barrier.h"
#include "base/units.h"
#include "closure.h"
#include "epidermis.h"
#include "lesion.h"
#include "plan/device_library.h"
#include "puncture/peel.h"
#include "sun.h"

/* Arrays of the state, (ny, nx) each. */
/* clang-format off */
#define COLUMNS(X)                                                                              \
  X(sheet)                                                                                      \
  X(hole)                                                                                       \
  X(radius)                                                                                     \
  X(crawl)                                                                                      \
  X(ready)                                                                                      \
  X(closed)                                                       /* closure.h */               \
      X(stem) X(transit) X(differentiated) X(corneocytes)         /* epidermis.h */             \
      X(activity) X(basal) X(spinous) X(horny) X(dermal) X(lipid) /* barrier q_b, 1 intact */   \
      X(bare)                              /* share whose cells are lost and not yet replaced */ \
      X(pore)                              /* open area of channel mouths, share of the cell */ \
      X(inflammatory) X(mitogen) X(vessel) X(collagen) /* of the junction at the end of the last step */
/* clang-format on */
/* Single numbers of the state. */
/* clang-format off */
#define SCALARS(X)                                                                                           \
  X(sebum_surface)                                      /* [pg/mm^2] */                                      \
  X(sebum_gland)                                        /* activity, normal skin 1 */                        \
  X(petechiae)                                          /* [1/mm^2] */                                       \
  X(flare)                                              /* [mm] */                                           \
  X(torn)                                               /* share of damaged horny layer */                   \
  X(session)                                            /* time of the last injury [day] */                  \
  X(peeled)                                             /* 1: the horny layer was taken off */                \
  X(injured)                                            /* 1: the signals have jumped since the last step */ \
  X(time)                                               /* [day] */                                          \
  X(around_activity) X(around_melanin) X(around_dermal) /* pigment outside a lesion */
/* clang-format on */

enum column_index {
#define X(name) COLUMN_##name,
  COLUMNS(X)
#undef X
      COLUMN_COUNT
};
enum scalar_index {
#define X(name) SCALAR_##name,
  SCALARS(X)
#undef X
      SCALAR_COUNT
};
/* Working arrays: drive and target of the epidermis and gain of closure at both ends of a sub-step,
   two of closure, cover before the sub-step, mask, melanin, support of the epidermis at both ends. */
enum { N_SCRATCH = 13 };

struct nw_surface {
  const struct nw_case *c; /* borrowed */
  struct nw_params p;      /* tissue units: mm, day, pg */
  struct nw_epidermis epidermis;
  struct nw_closure closure; /* its arrays lie in `state` and `scratch` */
  struct nw_columns columns; /* same */
  size_t n;                  /* columns */
  double *state;             /* owned: scalars, then columns */
  size_t n_state;
  double *scratch;         /* owned */
  struct nw_lesion lesion; /* pigmented lesion on the patch, if any */
  double *mask;            /* (n) inside the lesion 0..1; in `scratch` */
  double *melanin;         /* (n) result; in `scratch` */
  size_t *queue;
  bool *seen;                      /* owned, for closure */
  double cells_rest[4];            /* [cells/mm^2] */
  double inflammatory_gain;        /* k_I psi of this phototype [1] */
  double activity_rest;            /* melanocyte activity of normal skin at the start [1] */
  double step_limit, peeled_limit; /* longest sub-step, without and with a broken barrier [day] */
  double viable_rest, horny_rest;  /* thickness [m] */
  struct nw_barrier barrier;
  double cut_kept;                /* share of the cells under a mouth that live on beside it [1] */
  double gland_rest;              /* [1] */
  struct nw_pigment_hold hold[2]; /* at both ends of the step */
};

static double *column(struct nw_surface *s, enum column_index which) {
  return s->state + SCALAR_COUNT + (size_t)which * s->n;
}

static const double *column_of(const struct nw_surface *s, enum column_index which) {
  return s->state + SCALAR_COUNT + (size_t)which * s->n;
}

static double *scratch(struct nw_surface *s, size_t which) {
  return s->scratch + which * s->n;
}

/* ---- the tissue system of units ---- */

static const double millimetre = 1e-3, day = 86400, picogram = 1e-15; /* math: SI of the tissue units */

static double flux_to_si(double tissue) {
  return tissue * picogram / (millimetre * millimetre * day);
}

static double hill(double x, double half) {
  return x > 0 ? x / (half + x) : 0;
}

/* ---- creation ---- */

static void bind(struct nw_surface *s, size_t nx, size_t ny, double dx, double dy,
                 const struct nw_skin *skin) {
  const double mouth = 0.5 * skin->follicle_diameter;
  s->closure = (struct nw_closure){.nx = nx,
                                   .ny = ny,
                                   .dx = dx,
                                   .dy = dy,
                                   .motility = s->p.D_e,
                                   .growth = s->p.r_e,
                                   .lag = s->p.t_lag,
                                   .seed = skin->follicle_density * NW_PI * mouth * mouth,
                                   .sheet = column(s, COLUMN_sheet),
                                   .hole = column(s, COLUMN_hole),
                                   .radius = column(s, COLUMN_radius),
                                   .crawl = column(s, COLUMN_crawl),
                                   .ready = column(s, COLUMN_ready),
                                   .closed = column(s, COLUMN_closed),
                                   .rate = scratch(s, 6),
                                   .stage = scratch(s, 7),
                                   .queue = s->queue,
                                   .seen = s->seen};
  s->columns = (struct nw_columns){.stem = column(s, COLUMN_stem),
                                   .transit = column(s, COLUMN_transit),
                                   .differentiated = column(s, COLUMN_differentiated),
                                   .corneocytes = column(s, COLUMN_corneocytes),
                                   .activity = column(s, COLUMN_activity),
                                   .basal = column(s, COLUMN_basal),
                                   .spinous = column(s, COLUMN_spinous),
                                   .horny = column(s, COLUMN_horny),
                                   .dermal = column(s, COLUMN_dermal)};
}

static void start_columns(struct nw_surface *s, double sun) {
  double share[3];
  nw_epidermis_melanin_rest(&s->epidermis, share);
  for (size_t i = 0; i < s->n; i++) {
    const double melanin = nw_lesion_melanin(&s->lesion, s->mask[i], sun);
    s->closure.sheet[i] = s->closure.closed[i] = 1;
    s->columns.stem[i] = s->cells_rest[0];
    s->columns.transit[i] = s->cells_rest[1];
    s->columns.differentiated[i] = s->cells_rest[2];
    s->columns.corneocytes[i] = s->cells_rest[3];
    s->columns.activity[i] = sun + s->mask[i] * s->lesion.activity;
    s->columns.basal[i] = share[0] * melanin;
    s->columns.spinous[i] = share[1] * melanin;
    s->columns.horny[i] = share[2] * melanin;
    s->columns.dermal[i] = s->mask[i] * s->lesion.dropped * sun;
    column(s, COLUMN_lipid)[i] = 1;
    column(s, COLUMN_vessel)[i] = column(s, COLUMN_collagen)[i] = 1;
    s->melanin[i] = melanin / sun;
  }
}

/* Casual level at which secretion into a reservoir that fills balances washing. */
static double sebum_rest(const struct nw_surface *s, double secretion) {
  return secretion / (secretion / s->p.S_max + s->p.k_wash);
}

static double secretion(const struct nw_surface *s) {
  const double warmth = 1 + s->p.q_T * (s->p.theta_skin - s->p.theta_ref);
  return s->p.k_s * s->state[SCALAR_sebum_gland] * warmth;
}

static void start(struct nw_surface *s, const struct nw_skin *skin) {
  const struct nw_params *p = &s->p;
  s->epidermis = nw_epidermis_create(p);
  nw_epidermis_rest(&s->epidermis, 1, s->cells_rest);
  s->step_limit = nw_epidermis_step_limit(&s->epidermis, 1 + p->g_K + p->g_P);
  s->peeled_limit = nw_epidermis_step_limit(&s->epidermis, 1 + p->g_K + p->g_P + p->g_B);
  s->inflammatory_gain = p->k_I * p->psi_F * pow(s->c->subject.phototype / 3.0, p->n_F); /* math: type III */
  s->activity_rest = nw_sun_activity(s->c, nw_sun_dose(s->c, -1));
  s->viable_rest = skin->viable_epidermis;
  s->horny_rest = skin->stratum_corneum;
  s->barrier = nw_barrier_create(s->c, skin, p);
  s->cut_kept = nw_device_has_needles(s->c->device.kind) ? p->f_aside : 0;
  s->gland_rest = s->state[SCALAR_sebum_gland] = skin->sebum;
  s->state[SCALAR_sebum_surface] = sebum_rest(s, secretion(s));
  s->state[SCALAR_around_activity] = s->state[SCALAR_around_melanin] = s->activity_rest;
  s->lesion = nw_lesion_of(s->c, p);
  nw_lesion_mask(&s->lesion, s->closure.nx, s->closure.ny, s->closure.dx, s->closure.dy, s->mask);
  start_columns(s, s->activity_rest);
}

struct nw_surface *nw_surface_create(const struct nw_case *c, const struct nw_skin *skin, size_t nx,
                                     size_t ny, double dx, double dy) {
  struct nw_surface *s = nw_allocate(1, sizeof *s);
  if (!s) return NULL;
  s->c = c;
  s->p = nw_params_coherent(&c->params, 1 / millimetre, 1 / day, 1 / picogram);
  s->n = nx * ny;
  s->n_state = SCALAR_COUNT + COLUMN_COUNT * s->n;
  s->state = nw_allocate(s->n_state, sizeof *s->state);
  s->scratch = nw_allocate(N_SCRATCH * s->n, sizeof *s->scratch);
  s->queue = nw_allocate(s->n, sizeof *s->queue);
  s->seen = nw_allocate(s->n, sizeof *s->seen);
  if (!s->state || !s->scratch || !s->queue || !s->seen) {
    nw_surface_free(&s);
    return NULL;
  }
  s->mask = scratch(s, 9);
  s->melanin = scratch(s, 10);
  bind(s, nx, ny, dx, dy, skin);
  start(s, skin);
  return s;
}

void nw_surface_free(struct nw_surface **surface) {
  struct nw_surface *s = *surface;
  if (!s) return;
  nw_release(s->state);
  nw_release(s->scratch);
  nw_release(s->queue);
  nw_release(s->seen);
  nw_release(s);
  *surface = NULL;
}

/* ---- injury ---- */

static double mean(const double *x, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += x[i];
  return sum / (double)n;
}

static void update_melanin(struct nw_surface *s) {
  const struct nw_columns *k = &s->columns;
  for (size_t i = 0; i < s->n; i++)
    s->melanin[i] = (k->basal[i] + k->spinous[i] + k->horny[i]) / s->activity_rest;
}

/* A needle pushes most of the epidermis under its mouth aside, which slides back; a beam leaves
   nothing of it. Where cells die over a breach of the basement membrane, part of their basal melanin
   falls into the dermis [1]:
   killed = mouth (1 - f_aside),   pools -> (1 - killed) (1 - removed) of them
   m_d -> m_d + f_drop killed m1 */
static void cut_column(struct nw_surface *s, size_t i, double mouth, double removed) {
  struct nw_columns *k = &s->columns;
  const double killed = mouth * (1 - s->cut_kept), kept = (1 - killed) * (1 - removed);
  k->dermal[i] += s->p.f_drop * killed * k->basal[i];
  double *const pools[] = {k->stem,  k->transit, k->differentiated, k->corneocytes,
                           k->basal, k->spinous, k->horny};
  for (size_t j = 0; j < NW_COUNT(pools); j++)
    pools[j][i] *= kept;
  column(s, COLUMN_lipid)[i] *= 1 - removed;
  double *bare = column(s, COLUMN_bare), *pore = column(s, COLUMN_pore);
  bare[i] = 1 - (1 - bare[i]) * kept;
  pore[i] += (1 - pore[i]) * mouth;
}

static void cut_around(struct nw_surface *s, double mouth, double removed) {
  double *x = s->state;
  const double killed = mouth * (1 - s->cut_kept);
  x[SCALAR_around_dermal] += s->p.f_drop * killed * x[SCALAR_around_melanin] / (1 + s->p.n_mel);
  x[SCALAR_around_melanin] *= (1 - killed) * (1 - removed);
}

static void note_session(struct nw_surface *s, double t) {
  s->state[SCALAR_injured] = 1;
  s->state[SCALAR_time] = s->state[SCALAR_session] = t;
  update_melanin(s);
}

void nw_surface_injure(struct nw_surface *s, double t, const double *mouth, const double *removed,
                       double petechiae) {
  nw_closure_injure(&s->closure, t, mouth, removed);
  for (size_t i = 0; i < s->n; i++)
    cut_column(s, i, mouth[i], removed ? removed[i] : 0);
  const double cut = mean(mouth, s->n), taken = removed ? mean(removed, s->n) : 0;
  cut_around(s, cut, taken);
  s->state[SCALAR_torn] = nw_barrier_damage(&s->barrier, cut, s->state[SCALAR_torn]);
  s->state[SCALAR_sebum_surface] *= 1 - taken;
  s->state[SCALAR_petechiae] += petechiae;
  note_session(s, t);
}

/* Takes shares of the layers of column i: horny, living above the basal layer, and basal. */
static void strip_column(struct nw_surface *s, size_t i, double horny, double living, double basal) {
  struct nw_columns *k = &s->columns;
  const struct {
    double *pool, lost;
  } part[] = {{k->corneocytes, horny}, {k->horny, horny},   {k->differentiated, living},
              {k->spinous, living},    {k->transit, basal}, {k->stem, basal},
              {k->basal, basal}};
  for (size_t j = 0; j < NW_COUNT(part); j++)
    part[j].pool[i] *= 1 - part[j].lost;
  double *bare = column(s, COLUMN_bare);
  bare[i] = 1 - (1 - bare[i]) * (1 - basal);
}

void nw_surface_burn(struct nw_surface *s, double t, const double *dead, const double *open) {
  double *pore = column(s, COLUMN_pore), *x = s->state;
  nw_closure_injure(&s->closure, t, dead, NULL);
  for (size_t i = 0; i < s->n; i++) {
    s->columns.dermal[i] += s->p.f_drop * dead[i] * s->columns.basal[i];
    strip_column(s, i, open[i], dead[i], dead[i]);
    pore[i] += (1 - pore[i]) * open[i];
  }
  const double killed = mean(dead, s->n), opened = mean(open, s->n);
  x[SCALAR_around_dermal] += s->p.f_drop * killed * x[SCALAR_around_melanin] / (1 + s->p.n_mel);
  x[SCALAR_around_melanin] *= 1 - killed;
  x[SCALAR_torn] = nw_barrier_damage(&s->barrier, opened, x[SCALAR_torn]);
  note_session(s, t);
}

/* The living layer is as thick as anything between 1 - u and 1 + u of its mean, u = rete_relief: a
   peel of depth z over the living layer bares the share (z - (1 - u)) / (2 u) of the junction. Of the
   horny layer that it has reached the share peel_lid stays on and holds water until it is shed, peel_crust
   over bared skin; the lipids between are lost to the share peel_lipid where the agent coagulates [1] */
static double bared(double depth, double relief) {
  return fmin(fmax((depth - (1 - relief)) / (2 * relief), 0), 1);
}

void nw_surface_peel(struct nw_surface *s, double t, double depth) {
  const double reached = fmin(depth / s->horny_rest, 1);
  const double into = fmax(depth - s->horny_rest, 0) / s->viable_rest;
  const double living = fmin(into, 1), basal = bared(into, s->p.rete_relief);
  const double kept = s->p.peel_lid + basal * (s->p.peel_crust - s->p.peel_lid);
  const double horny = reached * (1 - kept);
  const double washed = nw_peel_coagulates(&s->c->device) ? reached * s->p.peel_lipid : 0;
  const double before = mean(s->melanin, s->n);
  double *nothing = scratch(s, 0), *bare = scratch(s, 1), *lipid = column(s, COLUMN_lipid);
  if (!(depth > 0)) return;
  for (size_t i = 0; i < s->n; i++) {
    nothing[i] = 0;
    bare[i] = basal;
    strip_column(s, i, horny, living, basal);
    lipid[i] *= 1 - washed;
  }
  nw_closure_injure(&s->closure, t, nothing, bare);
  s->state[SCALAR_sebum_surface] *= 1 - reached;
  s->state[SCALAR_peeled] = 1;
  note_session(s, t);
  /* the skin around a lesion was peeled alike */
  if (before > 0) s->state[SCALAR_around_melanin] *= mean(s->melanin, s->n) / before;
}

void nw_surface_flare(struct nw_surface *s, double volume) {
  s->state[SCALAR_flare] += volume;
}

/* ---- step ---- */

/* Signals of the junction at both ends of the whole step, and where the sub-step lies in it. */
struct drive {
  struct nw_junction end;      /* from the caller */
  double sun;                  /* melanocyte activity that the dose would hold [1] */
  struct nw_pigment_hold hold; /* by products, at this instant */
  double weight;               /* 0 at the start of the step, 1 at its end */
};

/* Epidermis lives on what the dermis below gives it and on the ground it finds there: over s times the
   support it keeps s times the cells. C is all collagen of the papillary zone, C_0 that of this skin at the
   start [1]:
   s = max{1 + g_C (C/C_0 - 1), s_low}
   Both ways, since epidermis thins with the dermis in ageing (Branchet 1990); a line, so that the column of
   the mean stands for the mean of the columns. The floor holds where a beam has left no dermis at all. */
static double support(const struct nw_params *p, double collagen) {
  return fmax(1 + p->g_C * (collagen - 1), p->s_low);
}

/* What is missing of the horny layer and its lipids in column i of peeled skin; needles leave nearly all of
   it on, and what they change was calibrated without this. A horny layer that is thin for want of support is
   not broken. */
static double broken_barrier(const struct nw_surface *s, size_t i) {
  if (s->state[SCALAR_peeled] == 0) return 0;
  const double carried = sqrt(fmin(support(&s->p, column_of(s, COLUMN_collagen)[i]), 1));
  return 1 -
         fmin(s->columns.corneocytes[i] / (carried * s->cells_rest[3]), 1) * column_of(s, COLUMN_lipid)[i];
}

/* Melanocyte activity that is left of `target`, which is 1 in unstimulated skin. */
static double held(const struct nw_pigment_hold *hold, double target) {
  if (hold->stimulated == 0 && hold->all == 0) return target;
  return (1 - hold->all) * (1 + (1 - hold->stimulated) * (target - 1));
}

/* Whatever breaks the barrier, the epidermis makes IL-1 until its lipids are back (Wood 1994). What
   reaches the uppermost dermis, d the damaged share and q the lipids, fades over (D_I/delta_I)^(1/2)
   and is quasi-static, as hours are short beside repair [ng/mL]:
   I_e = I_0 {1 - (1 - d) q} */
static double epidermal_alarm(const struct nw_surface *s, size_t i) {
  return s->p.I_0 * (1 - (1 - s->state[SCALAR_torn]) * column_of(s, COLUMN_lipid)[i]);
}

/* Drive G of the epidermis, gain of closure and target mu* of melanocyte activity at one instant,
   with I, P, E of the junction [1]:
   gain = 1 + g_K h(I, K_K)                          keratinocyte growth factor, called by IL-1
   G    = gain + g_P h(P, K_GP) + g_B broken         broken: horny layer and lipids that a peel took
   mu*  = sun + k_I psi_F (type/3)^n_F h(I + I_e, K_Ip) + mask {mu_0 - 1 + psi_M [E - 1]+}
   mask: the lesion; mu_0 is mu_melasma or mu_lentigo; a dark mark starts with m_pih more melanin
   instead, of which x_pih has dropped; the dermis holds the share x_dermal or x_mixed of a melasma. Products
   may hold mu* down. */
static void drive_columns(struct nw_surface *s, const struct drive *d, double *drive, double *gain,
                          double *target, double *carried) {
  const struct nw_params p = s->p;
  const struct nw_junction *now = &d->end;
  const double *i0 = column(s, COLUMN_inflammatory), *p0 = column(s, COLUMN_mitogen),
               *e0 = column(s, COLUMN_vessel), *c0 = column(s, COLUMN_collagen);
  const double w = d->weight, lesion = s->lesion.activity, vascular = p.psi_M * s->lesion.vascular;
  for (size_t i = 0; i < s->n; i++) {
    const double inflammatory = fmax(i0[i] + w * (now->inflammatory[i] - i0[i]), 0);
    const double mitogen = fmax(p0[i] + w * (now->mitogen[i] - p0[i]), 0);
    const double vessel = e0[i] + w * (now->vessel[i] - e0[i]);
    carried[i] = support(&p, c0[i] + w * (now->collagen[i] - c0[i]));
    gain[i] = 1 + p.g_K * inflammatory / (p.K_K + inflammatory);
    drive[i] = gain[i] + p.g_P * mitogen / (p.K_GP + mitogen) + p.g_B * broken_barrier(s, i);
    target[i] =
        held(&d->hold, d->sun + s->inflammatory_gain * hill(inflammatory + epidermal_alarm(s, i), p.K_Ip) +
                           s->mask[i] * (lesion + vascular * fmax(vessel - 1, 0)));
  }
}

/* Turns the cover before the sub-step into the share that got its cells back: of what is bare the same part
   as of what is open. */
static void regain(struct nw_surface *s, double *covered_before) {
  double *bare = column(s, COLUMN_bare), *gained = covered_before;
  for (size_t i = 0; i < s->n; i++) {
    const double before = 1 - covered_before[i], now = 1 - s->closure.closed[i];
    gained[i] = now < before ? bare[i] * (1 - now / before) : 0;
    bare[i] -= gained[i];
  }
}

/* The growing tongue brings basal cells of normal density; half of them at each end of the sub-step keeps
   it second order. */
static void bring_cells(struct nw_surface *s, const double *gained) {
  for (size_t i = 0; i < s->n; i++) {
    s->columns.stem[i] += 0.5 * gained[i] * s->cells_rest[0];
    s->columns.transit[i] += 0.5 * gained[i] * s->cells_rest[1];
  }
}

/* Exact relaxation of x to `rest` at `rate` over dt. */
static double relax(double x, double rest, double rate, double dt) {
  return rest + (x - rest) * exp(-rate * dt);
}

/* Two clocks: open mouths phi plug with the half-life of the puncture stage, longer under cover; the
   damaged share d of the horny layer and its lipids q are repaired at 1/tau_b, slower without gentle
   cleansing (f_harsh), sooner with a moisturiser (f_moist) [1/d]:
   dphi/dt = -phi ln2/t_half,   dd/dt = -d/tau_b,   dq/dt = (1 - q)/tau_b */
static void step_barrier(struct nw_surface *s, double t, double dt) {
  const double repair = exp(-dt * s->barrier.repair_rate);
  const double open = nw_barrier_open(&s->barrier, t - s->state[SCALAR_session], dt);
  double *lipid = column(s, COLUMN_lipid), *pore = column(s, COLUMN_pore);
  for (size_t i = 0; i < s->n; i++) {
    lipid[i] = 1 + (lipid[i] - 1) * repair;
    pore[i] *= open;
  }
  s->state[SCALAR_torn] *= repair;
}

/* Surface fat S, glands g, which no needle harms, and bleeding points n [ug/(cm^2 d); 1/d]:
   dS/dt = k_s g (1 + q_T (theta_skin - theta_ref)) (1 - S/S_max) - k_wash S
   dg/dt = (g_0 - g)/tau_g,   dn/dt = -n/tau_pet */
static void step_scalars(struct nw_surface *s, double dt) {
  double *x = s->state;
  x[SCALAR_sebum_gland] = relax(x[SCALAR_sebum_gland], s->gland_rest, 1 / s->p.tau_g, dt);
  const double made = secretion(s);
  x[SCALAR_sebum_surface] =
      relax(x[SCALAR_sebum_surface], sebum_rest(s, made), made / s->p.S_max + s->p.k_wash, dt);
  x[SCALAR_petechiae] *= exp(-dt / s->p.tau_pet);
}

/* Cut nerve ends and burst mast cells open vessels within minutes (Holloway 1980). What they set free, Q, is
   counted as the volume of skin inside the rims of a session's columns over the area, of which what overlaps
   by chance counts once; of a peel, its depth [mm; 1/d]:
   Q -> Q + (1 - exp(-a))/a sum(pi r^2 z)/A,   a = sum(pi r^2)/A,   dQ/dt = -Q ln2/t_flare */
static void step_flare(struct nw_surface *s, double dt) {
  s->state[SCALAR_flare] *= exp2(-dt / s->p.t_flare);
}

/* Pigment of the skin around a lesion: one column under the mean drive of the patch. */
static void step_around(struct nw_surface *s, double dt, const double drive[2], const double target[2]) {
  double *x = s->state;
  const struct nw_epidermis *e = &s->epidermis;
  double activity = x[SCALAR_around_activity], melanin = x[SCALAR_around_melanin];
  for (int end = 0; end < 2; end++) {
    const double made = activity * (1 + e->s_mel * (drive[end] - 1));
    const double change = dt * (made - drive[end] * melanin) / e->tau_m;
    activity += dt * (target[end] - activity) / e->tau_a;
    melanin += change;
  }
  x[SCALAR_around_activity] = 0.5 * (x[SCALAR_around_activity] + activity);
  x[SCALAR_around_melanin] = 0.5 * (x[SCALAR_around_melanin] + melanin);
  x[SCALAR_around_dermal] *= exp(-dt / e->tau_d);
}

static double sun_at(const struct nw_surface *s, double t) {
  return nw_sun_activity(s->c, nw_sun_dose(s->c, t * day));
}

/* Target outside the lesion: the mean target less what the lesion adds. */
static double around_target(const struct nw_surface *s, const double *target, const struct drive *d) {
  double sum = 0;
  const double *e0 = column_of(s, COLUMN_vessel), vascular = s->p.psi_M * s->lesion.vascular;
  const double left = (1 - d->hold.all) * (1 - d->hold.stimulated);
  for (size_t i = 0; i < s->n; i++) {
    const double vessel = e0[i] + d->weight * (d->end.vessel[i] - e0[i]);
    sum += target[i] - left * s->mask[i] * (s->lesion.activity + vascular * fmax(vessel - 1, 0));
  }
  return sum / (double)s->n;
}

static struct nw_pigment_hold between(const struct nw_pigment_hold *a, const struct nw_pigment_hold *b,
                                      double weight) {
  return (struct nw_pigment_hold){a->stimulated + weight * (b->stimulated - a->stimulated),
                                  a->all + weight * (b->all - a->all)};
}

static void sub_step(struct nw_surface *s, double t, double h, struct drive *d, double w0, double w1) {
  double *drive[2] = {scratch(s, 0), scratch(s, 1)}, *target[2] = {scratch(s, 2), scratch(s, 3)};
  double *gain[2] = {scratch(s, 4), scratch(s, 5)}, *gained = scratch(s, 8), mean_drive[2], mean_target[2];
  double *carried[2] = {scratch(s, 11), scratch(s, 12)};
  struct nw_epidermis_demand demand[2];
  for (int end = 0; end < 2; end++) {
    d->weight = end ? w1 : w0;
    d->hold = between(&s->hold[0], &s->hold[1], d->weight);
    /* the dose is that of the middle: it changes in jumps, with sessions and habits */
    d->sun = sun_at(s, t + 0.5 * h);
    drive_columns(s, d, drive[end], gain[end], target[end], carried[end]);
    demand[end] = (struct nw_epidermis_demand){drive[end], target[end], carried[end]};
    mean_drive[end] = mean(drive[end], s->n);
    mean_target[end] = around_target(s, target[end], d);
  }
  memcpy(gained, s->closure.closed, s->n * sizeof *gained);
  nw_closure_step(&s->closure, t, h, gain[0], gain[1]);
  regain(s, gained);
  bring_cells(s, gained);
  nw_epidermis_step(&s->epidermis, &s->columns, s->n, h, &demand[0], &demand[1]);
  bring_cells(s, gained);
  step_barrier(s, t, h);
  step_around(s, h, mean_drive, mean_target);
  step_scalars(s, h);
  step_flare(s, h);
}

void nw_surface_hold(struct nw_surface *s, const struct nw_pigment_hold *before,
                     const struct nw_pigment_hold *after) {
  s->hold[0] = *before;
  s->hold[1] = *after;
}

void nw_surface_step(struct nw_surface *s, double t, double dt, const struct nw_junction *junction) {
  double *const kept[] = {column(s, COLUMN_inflammatory), column(s, COLUMN_mitogen), column(s, COLUMN_vessel),
                          column(s, COLUMN_collagen)};
  const double *const now[] = {junction->inflammatory, junction->mitogen, junction->vessel,
                               junction->collagen};
  /* right after an injury the signals of the last step are those of another skin */
  if (s->state[SCALAR_injured] > 0)
    for (size_t k = 0; k < NW_COUNT(kept); k++)
      memcpy(kept[k], now[k], s->n * sizeof *now[k]);
  s->state[SCALAR_injured] = 0;
  struct drive d = {.end = *junction};
  const double longest = s->state[SCALAR_peeled] > 0 ? s->peeled_limit : s->step_limit;
  const size_t steps = (size_t)(dt / longest) + 1;
  const double h = dt / (double)steps;
  for (size_t k = 0; k < steps; k++) {
    const double w0 = (double)k / (double)steps, w1 = (double)(k + 1) / (double)steps;
    sub_step(s, t + (double)k * h, h, &d, w0, w1);
  }
  for (size_t k = 0; k < NW_COUNT(kept); k++)
    memcpy(kept[k], now[k], s->n * sizeof *now[k]);
  s->state[SCALAR_time] = t + dt;
  update_melanin(s);
}

/* ---- reading ---- */

const double *nw_surface_coverage(const struct nw_surface *s) {
  return s->closure.closed;
}

const double *nw_surface_melanin(const struct nw_surface *s) {
  return s->melanin;
}

double *nw_surface_state(struct nw_surface *s, size_t *count) {
  *count = s->n_state;
  return s->state;
}

static void sample_columns(const struct nw_surface *s, struct nw_tissue_state *state) {
  const struct nw_columns *k = &s->columns;
  const double *lipid = column_of(s, COLUMN_lipid), *pore = column_of(s, COLUMN_pore);
  const double normal = s->p.St_0 + s->p.TA_0 + s->p.Ke_0, n = (double)s->n;
  double viable = 0, horny = 0, loss = 0;
  for (size_t i = 0; i < s->n; i++) {
    const double h = k->corneocytes[i] / s->p.Cn_0;
    viable += (k->stem[i] + k->transit[i] + k->differentiated[i]) / normal;
    horny += h;
    loss += nw_barrier_loss(&s->barrier, h, lipid[i], pore[i]);
  }
  state->viable_epidermis = s->viable_rest * viable / n;
  state->stratum_corneum = s->horny_rest * horny / n;
  state->tewl = flux_to_si(loss / n + s->state[SCALAR_torn] * s->barrier.damaged);
  state->barrier = mean(lipid, s->n) * (1 - s->state[SCALAR_torn]);
  state->open_area = mean(pore, s->n);
  state->coverage = mean(s->closure.closed, s->n);
}

static double mean_drive(const struct nw_surface *s) {
  const double *inflammatory = column_of(s, COLUMN_inflammatory), *mitogen = column_of(s, COLUMN_mitogen);
  double sum = 0;
  for (size_t i = 0; i < s->n; i++)
    sum += 1 + s->p.g_K * hill(inflammatory[i], s->p.K_K) + s->p.g_P * hill(mitogen[i], s->p.K_GP) +
           s->p.g_B * broken_barrier(s, i);
  return sum / (double)s->n;
}

static void sample_pigment(const struct nw_surface *s, struct nw_tissue_state *state) {
  const struct nw_columns *k = &s->columns;
  /* immediate darkening: its daily mean over the melanin that is there */
  const double dose = nw_sun_dose(s->c, s->state[SCALAR_time] * day) * day;
  const double scale = (1 + s->p.k_IPD * s->p.tau_IPD * dose) / s->activity_rest;
  double inside = 0, below = 0, mask = 0;
  for (size_t i = 0; i < s->n; i++) {
    inside += s->mask[i] * (k->basal[i] + k->spinous[i] + k->horny[i]);
    below += s->mask[i] * (k->dermal[i] + s->mask[i] * s->lesion.dermal * s->activity_rest);
    mask += s->mask[i];
  }
  state->melanin[0] = scale * mean(k->basal, s->n);
  state->melanin[1] = scale * mean(k->spinous, s->n);
  state->melanin[2] = scale * mean(k->horny, s->n);
  state->melanin_dermal = mean(k->dermal, s->n) / s->activity_rest + s->lesion.dermal * mask / (double)s->n;
  state->melanin_surround = scale * s->state[SCALAR_around_melanin];
  state->dermal_surround = s->state[SCALAR_around_dermal] / s->activity_rest;
  state->melanin_lesion = mask > 0 ? scale * inside / mask : state->melanin_surround;
  state->dermal_lesion = mask > 0 ? below / (mask * s->activity_rest) : state->dermal_surround;
  state->melanocyte_activity = mean(k->activity, s->n);
}

/* The alarm of the epidermis beside that of the dermis: at the junction, and over the papillary zone. */
static void sample_alarm(const struct nw_surface *s, struct nw_tissue_state *state) {
  const double length = sqrt(s->p.D_I / s->p.delta_I), zone = s->p.papillary_zone;
  double alarm = 0;
  for (size_t i = 0; i < s->n; i++)
    alarm += epidermal_alarm(s, i) / (double)s->n;
  state->junction[NW_FIELD_inflammatory] += alarm;
  state->papillary[NW_FIELD_inflammatory] += alarm * length / zone * -expm1(-zone / length);
}

void nw_surface_sample(const struct nw_surface *s, struct nw_tissue_state *state) {
  sample_alarm(s, state);
  sample_columns(s, state);
  sample_pigment(s, state);
  state->proliferative_drive = mean_drive(s);
  state->sebum_surface = s->state[SCALAR_sebum_surface] * picogram / (millimetre * millimetre);
  state->sebum_gland = s->state[SCALAR_sebum_gland];
  state->petechiae = s->state[SCALAR_petechiae] / (millimetre * millimetre);
  state->flare = s->state[SCALAR_flare] * millimetre;
}
