/* SPDX-License-Identifier: BSD-3-Clause
   Inside the relief map: textures and places. Lengths in m on a periodic square of NW_RELIEF_SIDE. */
#pragma once
#include "relief_map.h"

/* What the numbers of NW_STREAM_FEATURES are for: each kind of feature has items of its own. */
enum nw_relief_item {
  NW_ITEM_PRIMARY,
  NW_ITEM_SECONDARY,
  NW_ITEM_FOLLICLE,
  NW_ITEM_SCAR,
  NW_ITEM_WRINKLE,
  NW_ITEM_STRIA,
  NW_ITEM_MELANIN,
  NW_ITEM_BLOOD,
  NW_ITEM_LESION,
  NW_ITEM_PATCH,
};
/* Numbers of an item of a kind: uniform in (0, 1), and normal with mean 0 and deviation 1 (two draws). */
double nw_relief_uniform(uint64_t seed, enum nw_relief_item kind, size_t index, uint64_t draw);
double nw_relief_normal(uint64_t seed, enum nw_relief_item kind, size_t index, uint64_t draw);

/* A net of furrows: the borders between cells around scattered points. */
struct nw_furrow_net {
  enum nw_relief_item item;
  double along, across; /* size of a cell along and across the lines of tension [m] */
  double width;         /* of a furrow, share of the spacing [1] */
  double weight;        /* depth of a furrow [any] */
};
/* Points at which a texture is wanted: (ny, nx) over the whole square. */
struct nw_relief_grid {
  size_t nx, ny;
};
/* Subtracts the net from `height` (ny, nx). false: no memory. */
bool nw_relief_furrows(const struct nw_furrow_net *net, uint64_t seed, struct nw_relief_grid grid,
                       float *height);
/* A smooth random field of a length [m], mean 0 and standard deviation 1, into `field` (n, n). */
void nw_relief_mottle(enum nw_relief_item item, double length, uint64_t seed, size_t n, float *field);

/* `count` stripes side by side along x, their middles wavering: centre (count, nx) of y [m]. */
void nw_relief_stripes(enum nw_relief_item item, size_t count, double waver, uint64_t seed, size_t nx,
                       float *centre);
/* How a stripe looks across and along. */
struct nw_stripe {
  double half;  /* half its width, in the mean [m] */
  double power; /* its cross profile is 1 - (d / half)^power */
  double fade;  /* its strength varies along it, 1 - fade .. 1 + fade */
  double taper; /* and its width, 1 - taper .. 1 + taper */
};
/* Share 0..1 of stripes. */
void nw_relief_draw_stripes(const float *centre, size_t count, const struct nw_stripe *stripe,
                            struct nw_relief_grid grid, float *share);

/* Scatters follicles and scars of the case: fills the lists of the map. false: no memory. */
bool nw_relief_place(const struct nw_case *c, const struct nw_skin *skin, struct nw_relief_map *map);
/* Distance on the periodic square [m]. */
double nw_relief_wrap(double distance);
