/* SPDX-License-Identifier: BSD-3-Clause
   The columns of the epidermis (healthy core of Shmarov 2022) and the melanin that rides on them. */
#include "epidermis.h"

#include <math.h>

struct nw_epidermis nw_epidermis_create(const struct nw_params *p) {
  return (struct nw_epidermis){.a1 = p->a1,
                               .a2 = p->a2,
                               .a3 = p->a3,
                               .a4 = p->a4,
                               .b1 = p->b1,
                               .b2 = p->b2,
                               .b3 = p->b3,
                               .c0 = p->c0,
                               .d_q = p->d_q,
                               .nu = p->nu,
                               .tau_c = p->tau_c,
                               .loss_rest = p->b3 * p->Ke_0 * p->Ke_0 + p->d_q * p->Ke_0,
                               .tau_a = p->tau_a,
                               .tau_m = p->tau_m,
                               .n_mel = p->n_mel,
                               .s_mel = p->s_mel,
                               .tau_d = p->tau_d};
}

/* Positive root of supply + gain x - limit x^2 = 0. */
static double positive_root(double supply, double gain, double limit) {
  return (gain + sqrt(gain * gain + 4 * limit * supply)) / (2 * limit); /* math: quadratic formula */
}

void nw_epidermis_rest(const struct nw_epidermis *e, double drive, double cells[4]) {
  cells[0] = (e->a1 * drive - e->c0) / e->b1;
  cells[1] = positive_root(e->a2 * drive * cells[0], e->a3 * drive - e->c0, e->b2);
  cells[2] = positive_root(e->a4 * drive * cells[1], -(e->c0 + e->d_q), e->b3);
  const double lost = e->b3 * cells[2] * cells[2] + e->d_q * cells[2];
  cells[3] = e->tau_c * e->nu * sqrt(lost * e->loss_rest);
}

void nw_epidermis_melanin_rest(const struct nw_epidermis *e, double share[3]) {
  share[0] = 1 / (1 + e->n_mel);
  share[1] = e->n_mel * share[0] / (1 + e->n_mel);
  share[2] = e->n_mel * share[1];
}

double nw_epidermis_step_limit(const struct nw_epidermis *e, double drive) {
  double cells[4];
  nw_epidermis_rest(e, drive, cells);
  const double rates[] = {e->c0 + e->b1 * cells[0],
                          e->c0 + e->b2 * cells[1],
                          e->c0 + e->d_q + e->b3 * cells[2],
                          sqrt((e->b3 * cells[2] + e->d_q) * cells[2] / e->loss_rest) / e->tau_c,
                          1 / e->tau_a,
                          (1 + e->n_mel) * drive / e->tau_m};
  double fastest = 0;
  for (size_t i = 0; i < NW_COUNT(rates); i++)
    fastest = fmax(fastest, rates[i]);
  return 0.1 / fastest; /* math: error of a second-order step about 0.1^3 / 6 of the change */
}

/* One column at one instant. */
struct column {
  double stem, transit, differentiated, corneocytes, activity, basal, spinous, horny, dermal;
};

/* Cells by Shmarov (2022), horny layer by Hoath and Leahy (2003), melanin after Thingnes (2009); drive G,
   support s of the dermis, target mu* of melanocyte activity [cells/(mm^2 d); 1/d]:
   dSt/dt = a1 G St - (b1/s) St^2 - c0 St
   dTA/dt = a2 G St + a3 G TA - (b2/s) TA^2 - c0 TA
   dKe/dt = a4 G TA - (b3/s) Ke^2 - (c0 + d_q) Ke
   dCn/dt = nu {(b3/s) Ke^2 + d_q Ke} - R^(1/2) Cn/tau_c
   R      = {(b3/s) Ke^2 + d_q Ke} over its value in normal skin, which has St_0, TA_0, Ke_0, Cn_0
   dmu/dt = (mu* - mu)/tau_a
   dm1/dt = mu (1 + s_mel (G - 1))/tau_m - (1 + n_mel) G m1/tau_m
   dm2/dt = n_mel G m1/tau_m - (1 + n_mel) G m2/tau_m
   dm3/dt = n_mel G m2/tau_m - G m3/tau_m
   dm_d/dt = -m_d/tau_d
   Support says how many cells the dermis carries: it acts on crowding alone, so the same drive keeps s times
   the living cells at the same turnover, and pigment, which rides on turnover, does not see it.
   Corneocytes are shed the faster the faster they come, with the root of their arrival: half way
   between a fixed residence, with which the horny layer would outgrow what biopsies show, and a fixed
   thickness, with which trials could not have found less water loss months later. Melanin leaves every
   layer at G/tau_m, by shedding and by degradation, so the total is one pool of residence tau_m, as the
   tanning data want; production follows turnover only in part. */
static inline struct column derivative(const struct nw_epidermis *e, const struct column *c, double drive,
                                       double target, double support) {
  const double leave = drive / e->tau_m, climb = e->n_mel * leave, crowding = 1 / support;
  const double lost = crowding * e->b3 * c->differentiated * c->differentiated + e->d_q * c->differentiated;
  return (struct column){
      .stem = e->a1 * drive * c->stem - crowding * e->b1 * c->stem * c->stem - e->c0 * c->stem,
      .transit = e->a2 * drive * c->stem + e->a3 * drive * c->transit -
                 crowding * e->b2 * c->transit * c->transit - e->c0 * c->transit,
      .differentiated = e->a4 * drive * c->transit - lost - e->c0 * c->differentiated,
      .corneocytes = e->nu * lost - sqrt(lost / e->loss_rest) * c->corneocytes / e->tau_c,
      .activity = (target - c->activity) / e->tau_a,
      .basal = c->activity * (1 + e->s_mel * (drive - 1)) / e->tau_m - (leave + climb) * c->basal,
      .spinous = climb * c->basal - (leave + climb) * c->spinous,
      .horny = climb * c->spinous - leave * c->horny,
      .dermal = -c->dermal / e->tau_d,
  };
}

static inline struct column advance(const struct column *c, double dt, const struct column *d) {
  return (struct column){c->stem + dt * d->stem,
                         c->transit + dt * d->transit,
                         c->differentiated + dt * d->differentiated,
                         c->corneocytes + dt * d->corneocytes,
                         c->activity + dt * d->activity,
                         c->basal + dt * d->basal,
                         c->spinous + dt * d->spinous,
                         c->horny + dt * d->horny,
                         c->dermal + dt * d->dermal};
}

static inline double half(double a, double b) {
  return 0.5 * (a + b);
}

void nw_epidermis_step(const struct nw_epidermis *coefficients, struct nw_columns *s, size_t n, double dt,
                       const struct nw_epidermis_demand *start, const struct nw_epidermis_demand *end) {
  const struct nw_epidermis e = *coefficients;
  double *restrict stem = s->stem, *restrict transit = s->transit, *restrict diff = s->differentiated;
  double *restrict corn = s->corneocytes, *restrict act = s->activity, *restrict basal = s->basal;
  double *restrict spinous = s->spinous, *restrict horny = s->horny, *restrict dermal = s->dermal;
  for (size_t i = 0; i < n; i++) {
    /* Heun in its convex form: each pool stays positive while dt times its loss rate is below one */
    const struct column c = {stem[i],  transit[i], diff[i],  corn[i],  act[i],
                             basal[i], spinous[i], horny[i], dermal[i]};
    const struct column k1 = derivative(&e, &c, start->drive[i], start->target[i], start->support[i]);
    const struct column c1 = advance(&c, dt, &k1);
    const struct column k2 = derivative(&e, &c1, end->drive[i], end->target[i], end->support[i]);
    const struct column c2 = advance(&c1, dt, &k2);
    stem[i] = half(c.stem, c2.stem);
    transit[i] = half(c.transit, c2.transit);
    diff[i] = half(c.differentiated, c2.differentiated);
    corn[i] = half(c.corneocytes, c2.corneocytes);
    act[i] = half(c.activity, c2.activity);
    basal[i] = half(c.basal, c2.basal);
    spinous[i] = half(c.spinous, c2.spinous);
    horny[i] = half(c.horny, c2.horny);
    dermal[i] = half(c.dermal, c2.dermal);
  }
}
