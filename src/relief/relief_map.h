/* SPDX-License-Identifier: BSD-3-Clause
   The relief of the skin as a height map: a periodic square of 20 x 20 mm with primary and secondary lines,
   wrinkles, follicle openings, scars and stretch marks, and maps of what has a colour of its own. Where the
   features are depends on seed, subject, site and concerns only, never on the state of the tissue: the same
   places before and after. How large they are is given apart (struct nw_relief_size), so one map serves
   all times of a course. x runs along the lines of skin tension, y across them; x fastest. */
#pragma once
#include "run.h"

/* Side of the map [m] and points along it that show every feature. */
#define NW_RELIEF_SIDE 0.02
#define NW_RELIEF_POINTS ((size_t)800)
/* Profiles that a roughness is read from. */
#define NW_RELIEF_PROFILES ((size_t)16)

/* How large the features are at one moment; 0 where there are none. */
struct nw_relief_size {
  double line;        /* Ra of primary and secondary lines alone, as an instrument filters it [m] */
  double wrinkle;     /* depth of the wrinkles at their floor [m] */
  double pore;        /* median diameter of follicle openings [m] */
  double scar;        /* mean depth of the scars [m] */
  double stria;       /* depth of the stretch marks [m] */
  double stria_width; /* [m] */
  double comedo;      /* share of follicles that are plugged [1] */
};

/* One follicle opening. */
struct nw_follicle {
  float x, y;   /* [m] */
  float factor; /* its diameter over the median [1] */
  float rank;   /* plugged where below the share of plugged follicles, 0..1 [1] */
};

enum { NW_SCAR_LOBES = 4 };

/* One scar: depth (1 - r^power) inside an ellipse, r = 1 on its rim. */
struct nw_scar_place {
  float x, y;           /* [m] */
  float half_x, half_y; /* half axes [m]; half_x = INFINITY: a band along x */
  float factor;         /* its depth over the mean [1] */
  float power;          /* 1 cone, 2 paraboloid, large: box [1] */
  /* uneven outline: the square of the radius varies with the angle as 1 + sum of lobe cos(k angle + turn), k
     from 2; area, volume and depth are those of the ellipse */
  float lobe[NW_SCAR_LOBES], turn[NW_SCAR_LOBES]; /* of a band: how its middle strays, in widths */
};

struct nw_relief_map {
  size_t n;       /* points along y; and along x, but for a map of few profiles */
  size_t columns; /* points along x */
  double pixel;   /* distance of points along y; and along x where columns == n [m] */
  float *height;  /* (n, columns) above the plane of the skin [m] */
  /* parts of unit size, (n, columns) each; NULL where the plan has none */
  float *line;    /* primary and secondary lines: mean 0, filtered Ra 1 */
  float *wrinkle; /* 0 .. 1 at the floor */
  float *scar;    /* 0 .. 1 at the mean floor, more where a scar is deeper */
  float *stria;   /* 0 .. 1 inside a stretch mark of the width last shaped */
  float *pore;    /* 0 .. 1 at the floor of a follicle opening, as last shaped */
  float *comedo;  /* 1 where a plug lies in the opening, else 0, as last shaped */
  float *lesion;  /* share 0..1 of a pigmented lesion: melasma, lentigo, post-inflammatory spot */
  float *melanin; /* mottle of melanin and of blood: mean 0, standard deviation 1 */
  float *blood;
  struct nw_follicle *follicle;
  size_t n_follicles;
  struct nw_scar_place *scars;
  size_t n_scars;
  size_t n_striae;
  float *stria_line;  /* (n_striae, columns) centre line y of each stretch mark over x [m] */
  double stria_taper; /* swing of their width along them [1] */
  double pore_slope;  /* depth of an opening over its diameter [1] */
};

/* Places and unit parts, height 0 until shaped. All arrays are owned by the map. NULL: no memory.
   n: NW_RELIEF_POINTS, or fewer for a coarser picture of the same skin; at least 8. */
struct nw_relief_map *nw_relief_map_create(const struct nw_case *c, const struct nw_skin *skin, size_t n);
/* The same skin in `columns` profiles along y only, NW_RELIEF_POINTS points each, without colours. */
struct nw_relief_map *nw_relief_profiles_create(const struct nw_case *c, const struct nw_skin *skin,
                                                size_t columns);
void nw_relief_map_free(struct nw_relief_map **map);
/* Gives the features their size: writes height, pore, comedo and stria. Any number of times. */
void nw_relief_map_shape(struct nw_relief_map *map, const struct nw_relief_size *size);
/* Depth of the follicle openings alone at a median diameter, on a square map (n, n), zero outside [m]. */
void nw_relief_map_openings(const struct nw_relief_map *map, double median, size_t n, float *depth);
