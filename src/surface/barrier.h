/* SPDX-License-Identifier: BSD-3-Clause
   Water through the horny layer after needling, in two terms: open channels, which plug within hours, and
   the damaged horny layer around and between them, which takes days. Tissue units: mm, day, pg. */
#pragma once
#include "run.h"

struct nw_barrier {
  double open_rate;    /* at which open channels plug in free air [1/day] */
  double covered_rate; /* same under an occluding product [1/day] */
  double covered_for;  /* how long after a session such a product stays on [day] */
  double repair_rate;  /* of damaged horny layer [1/day] */
  double collar;       /* area that one needle damages over the area of its open mouth, >= 1 [1] */
  double rest, wet;    /* water loss of this skin at rest and of a wet surface [pg/(mm^2 day)] */
  double damaged;      /* excess loss of a horny layer damaged all over [pg/(mm^2 day)] */
};

/* `tissue`: the parameters of the case in tissue units. */
struct nw_barrier nw_barrier_create(const struct nw_case *c, const struct nw_skin *skin,
                                    const struct nw_params *tissue);
/* Share of the horny layer that is damaged after a session whose open mouths take the share `mouth` of the
   skin, where `before` was still damaged: places fall at random, so shares join as unions [1]. */
double nw_barrier_damage(const struct nw_barrier *barrier, double mouth, double before);
/* What is left of an open channel after [t, t + dt], t counted from the session [day]; [1]. */
double nw_barrier_open(const struct nw_barrier *barrier, double t, double dt);
/* Water loss of one column: horny layer of relative thickness `horny` and lipid quality `lipid` in series
   with air, beside the open share. At rest `rest`; without a horny layer `wet` [pg/(mm^2 day)]. */
double nw_barrier_loss(const struct nw_barrier *barrier, double horny, double lipid, double open);
