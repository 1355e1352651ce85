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

/* Conductance over D K of the layer below the tip, seen from its top. */
static double conductance_below(double thickness, double decay, bool sink) {
  if (decay <= 0) return sink ? 1 / thickness : 0;
  const double t = tanh(decay * thickness);
  return sink ? decay / t : decay * t;
}

double nw_channel_steady_flux(const struct nw_channels *c, double thickness, double decay, bool sink) {
  const double tissue = 1 - nw_channel_area(c), exchange = nw_channel_exchange(c), tip = nw_channel_tip(c);
  const double root = sqrt(exchange / tissue + decay * decay), plateau = exchange / tissue / (root * root);
  const double below = conductance_below(thickness - c->depth, decay, sink);
  const double fin = tissue * root * tanh(root * c->depth);
  const double at_tip = (tip + fin * plateau) / (tip + below + fin);
  const double bend = (at_tip - plateau) / root * tanh(root * c->depth);
  const double cleared = decay * decay * tissue * (plateau * c->depth + bend);
  return (below * at_tip + cleared) / c->density;
}
