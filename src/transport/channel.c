/* SPDX-License-Identifier: BSD-3-Clause
   One channel in its unit cell, in closed form. */
#include "channel.h"

#include <math.h>

#include "base/base.h"

static const double largest_area = 0.5; /* math: past it annuli vanish */

double nw_channel_area(const struct nw_channels *c) {
  return fmin(NW_PI * c->radius * c->radius * c->density, largest_area);
}

/* Radius over that of the tissue it feeds. */
static double slenderness(const struct nw_channels *c) {
  const double alone = c->reach > c->radius ? c->radius / c->reach : 0;
  return fmax(sqrt(nw_channel_area(c)), fmin(alone, sqrt(largest_area)));
}

double nw_channel_reach(double radius, double depth, double thickness, double decay) {
  const double spread = 10.7 * pow(radius, 0.35) * pow(depth, 0.65); /* math: fitted to the r-z cell */
  const double sink = 1.7 * thickness, wash = 2 / decay;             /* math: fitted to the r-z cell */
  return 1 / sqrt(1 / (spread * spread) + 1 / (sink * sink) + 1 / (wash * wash));
}

double nw_channel_exchange(const struct nw_channels *c) {
  if (!(c->density > 0)) return 0;
  const double s = slenderness(c) * slenderness(c), rest = 1 - s;           /* a^2/b^2 and what is left */
  const double lambda = -log(s) / (2 * rest * rest) - (3 - s) / (4 * rest); /* math: annulus integral */
  return 2 * NW_PI * c->density / lambda;
}

double nw_channel_tip(const struct nw_channels *c) {
  const double gap = 1 - slenderness(c);
  return 4 * c->radius * c->density / (gap * sqrt(gap)); /* math: disk on a half space */
}
