/* SPDX-License-Identifier: BSD-3-Clause
   Instruments that read a height map: profile roughness after ISO 21920-2 with the Gaussian filter of
   ISO 16610-21, pits counted by an image rule, and the Poisson interval of a count. Maps and profiles are
   periodic; maps are (n, n), x fastest [m]. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/params.h"

struct nw_profile_filter {
  double *weight; /* (reach + 1) of the mean line, from its middle outwards; owned */
  size_t reach;
};
/* The Gaussian filter of params (cutoff, alpha_filter) at a spacing of points [m]. false: no memory. */
bool nw_profile_filter_create(const struct nw_params *p, double spacing, struct nw_profile_filter *filter);
void nw_profile_filter_clear(struct nw_profile_filter *filter);
/* What the filter leaves of a periodic profile of n > 2 reach points: itself less its mean line (n). */
void nw_profile_roughness(const struct nw_profile_filter *filter, const double *profile, size_t n,
                          double *out);

struct nw_roughness {
  double ra, rz; /* mean over evaluation lengths [m] */
};
/* Reads a filtered profile in evaluation lengths of five sections of the cut-off each; what is left at
   the end of the profile is not read. Ra: mean of |z|; Rz: mean over sections of highest less lowest. */
struct nw_roughness nw_roughness_of(const double *roughness, size_t n, size_t section);
/* Profiles side by side, all along y: height (n, columns). */
struct nw_profile_set {
  const float *height; /* [m] */
  size_t columns, n;
  double pixel; /* along y [m] */
};
/* Mean over `read` equally spaced profiles, 1..columns. false: no memory. */
bool nw_roughness_of_map(const struct nw_params *p, const struct nw_profile_set *set, size_t read,
                         struct nw_roughness *out);

/* What counts as one pit of a depth map. */
struct nw_pit_rule {
  double depth;     /* a point deeper than this belongs to a pit [m] */
  double diameter;  /* of the disc of the least area that counts [m] */
  double roundness; /* least 4 pi area / perimeter^2 [1] */
};
struct nw_pits {
  size_t count;
  double area;    /* of those that count, share of the map [1] */
  double squares; /* sum of the squares of their shares: variance of `area` by counting alone [1] */
};
/* Connected points (4 neighbours) of a depth map. false: no memory. */
bool nw_pits_of(const float *depth, size_t n, double pixel, const struct nw_pit_rule *rule,
                struct nw_pits *out);

/* Central 90 % interval of the mean of a Poisson count (Garwood's exact limits). */
void nw_poisson_interval(size_t count, double *low, double *high);
