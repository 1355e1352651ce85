/* SPDX-License-Identifier: BSD-3-Clause
   One channel in its unit cell, in closed form: exchange with the tissue beside it and conductance of its
   tip. */
#pragma once
#include <stdbool.h>

/* A field of open vertical channels. */
struct nw_channels {
  double density; /* open channels per area [1/m2] */
  double radius;  /* [m] */
  double depth;   /* [m] */
  double reach;   /* largest radius of the tissue that one channel feeds; 0: the cell's [m] */
};

/* Radius up to which a lone channel draws its flux: past it more room changes nothing. `thickness` of
   tissue down to a sink, INFINITY without one [m]; decay = sqrt(k/D) [1/m]. Within 15 % of the flux of the
   r-z cell (tests/verify/unit_cell.h) for radii of 20-60 um and depths of 80-500 um. */
double nw_channel_reach(double radius, double depth, double thickness, double decay);
/* Area share of the channels; held below one half, past which the unit cell has no annulus left [1]. */
double nw_channel_area(const struct nw_channels *channels);
/* Exchange of channel and tissue per area and depth over D K of the tissue: 2 pi N / Lambda, exact for
   the quasi-steady annulus between channel and cell boundary [1/m2]. 0 without channels. */
double nw_channel_exchange(const struct nw_channels *channels);
/* Conductance of the tips per area over D K: 4 a N, a disk on a half space, raised by the constriction
   of the cell's boundary (1 - a/b)^(-3/2) [1/m]. */
double nw_channel_tip(const struct nw_channels *channels);
