/* SPDX-License-Identifier: BSD-3-Clause
   Water through the horny layer after needling: open channels and the damage around them. */
#include "barrier.h"

#include <math.h>

#include "base/units.h"
#include "plan/device_library.h"
#include "puncture/mechanics.h"
#include "puncture/reaction.h"

/* How long an occluding product stays on after a session [s]. */
static double covered_for(const struct nw_case *c) {
  double longest = 0;
  for (size_t i = 0; i < c->n_products; i++)
    if (c->products[i].when != NW_BEFORE && c->products[i].occluded)
      longest = fmax(longest, c->products[i].duration);
  return longest;
}

/* The needle stretches a hole as wide as itself at the surface, of which the mouth stays open. A needle that
   goes in by less than its pointed end is still narrow there. Beams and blades stretch nothing. */
static double collar(const struct nw_case *c, const struct nw_skin *skin) {
  const struct nw_device *d = &c->device;
  if (!nw_device_has_needles(d->kind) || !(d->needle_diameter > 0)) return 1;
  const double reach = nw_mechanics_reach(d->needle_length, nw_mechanics_dimple(&c->params, d->kind, skin));
  const double stretched = d->needle_diameter * fmin(reach / (c->params.tip_cone * d->needle_diameter), 1);
  const double wide = stretched / nw_mechanics_mouth(&c->params, d->needle_diameter);
  return fmax(wide * wide, 1);
}

struct nw_barrier nw_barrier_create(const struct nw_case *c, const struct nw_skin *skin,
                                    const struct nw_params *tissue) {
  const struct nw_aftercare *care = &c->aftercare;
  const int type = c->subject.phototype;
  const double open = nw_reaction_barrier_half_life(&c->params, false, type, c->subject.age);
  const double covered = nw_reaction_barrier_half_life(&c->params, true, type, c->subject.age);
  const double repair = tissue->tau_b / skin->barrier * (care->moisturiser ? tissue->f_moist : 1) *
                        (care->gentle_cleansing ? 1 : tissue->f_harsh);
  /* one flux in both systems tells their ratio */
  const double flux = tissue->J_w / c->params.J_w;
  return (struct nw_barrier){.open_rate = M_LN2 / nw_unit_from_si(open, "day"),
                             .covered_rate = M_LN2 / nw_unit_from_si(covered, "day"),
                             .covered_for = nw_unit_from_si(covered_for(c), "day"),
                             .repair_rate = 1 / repair,
                             .collar = collar(c, skin),
                             .rest = skin->tewl * flux,
                             .wet = tissue->J_w,
                             .damaged = tissue->J_torn};
}

/* d -> 1 - (1 - d) (1 - mouth)^collar: the needle stretches a wider hole than stays open [1] */
double nw_barrier_damage(const struct nw_barrier *b, double mouth, double before) {
  return 1 - (1 - before) * pow(1 - mouth, b->collar);
}

double nw_barrier_open(const struct nw_barrier *b, double t, double dt) {
  const double covered = fmax(fmin(b->covered_for - t, dt), 0);
  return exp(-covered * b->covered_rate - (dt - covered) * b->open_rate);
}

/* J = (1 - phi) / {h q (1/J_0 - 1/J_w) + 1/J_w} + phi J_w,  and J_torn d on top [g/(m^2 h)]
   h horny layer over its rest, q its lipids, phi open mouths, d damaged share; J_0 is the site's. */
double nw_barrier_loss(const struct nw_barrier *b, double horny, double lipid, double open) {
  const double skin = horny * lipid * (1 / b->rest - 1 / b->wet);
  return (1 - open) / (skin + 1 / b->wet) + open * b->wet;
}
