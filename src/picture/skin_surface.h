/* SPDX-License-Identifier: BSD-3-Clause
   What the surface of the skin is at one moment: heights, melanin, blood and scattering of every point. */
#pragma once
#include "outcome/colour.h"
#include "run.h"
#include "relief/relief_map.h"
#include "dye.h"

/* One injury on the square of the relief map. */
struct nw_mark {
  float x, y;   /* [m] */
  float radius; /* of the open mouth [m] */
  float dead;   /* radius of the plug of dead tissue that heat left; 0: none [m] */
  int session;
  bool bleeds;
  float rank, size; /* order of fading 0..1; radius of its bleeding point over the mean [1] */
};
struct nw_marks {
  struct nw_mark *item;
  size_t count, capacity; /* owned, ordered by session */
};
/* The device and the puncture stage of the case once more, on the whole square of the map. */
enum nw_status nw_marks_create(struct nw_context *context, const struct nw_case *c,
                               const struct nw_skin *skin, struct nw_marks *marks);
void nw_marks_clear(struct nw_marks *marks);

/* The state of one moment, from the tissue means and the outcomes. */
struct nw_skin_moment {
  struct nw_relief_size size;
  struct nw_tint tint;   /* of the skin between features */
  double blood_at_start; /* of tint.blood [1] */
  double elastosis;      /* sun damage of the dermis, 0..1 [1] */
  double lesion;         /* melanin of the epidermis inside a pigmented lesion over that around it [1] */
  double lesion_dermal;  /* melanin of the dermis in it above that around it, as in struct nw_tint [1] */
  double stria;          /* colour difference of stretch marks and surround [CIELAB] */
  bool stria_red;
  int session;             /* the last one held, -1 before the first */
  double since;            /* time since then [s] */
  double open;             /* share of its channels still open [1] */
  double bleeding;         /* share of its bleeding points still visible [1] */
  double wheal;            /* mean rise of the surface by swelling around channels [m] */
  double gloss, roughness; /* of the surface, see shade.h */
};
/* The moment of row `row` of run->tissue, or of its untreated twin. */
struct nw_skin_moment nw_skin_moment_of(const struct nw_run *run, size_t row, bool treated);

/* Maps of one moment over n x n points, all owned. */
struct nw_skin_surface {
  size_t n;
  double pixel;                     /* [m] */
  float *height;                    /* (n, n) [m] */
  float *melanin, *blood, *scatter; /* (n, n) as in struct nw_tint */
  float *dermal;                    /* same */
  float *trap;                      /* (n, n) share of light that falls in and is lost */
  float *plain;                     /* (n, n) 1 between features, 0 in marks, plugs, lesions, stretch marks */
};
/* Shapes the relief map for the moment and lays marks and colours on it. NW_MEMORY. */
enum nw_status nw_skin_surface_create(struct nw_context *context, const struct nw_params *p,
                                      struct nw_relief_map *map, const struct nw_marks *marks,
                                      const struct nw_skin_moment *moment, struct nw_skin_surface *surface);
void nw_skin_surface_clear(struct nw_skin_surface *surface);
/* Light that each point returns lying flat, (NW_RGB, n, n), white 1. The mean over plain points is exactly
   that of the tint, which mottle alone would miss as colour is not linear in what absorbs. */
void nw_skin_surface_body(const struct nw_params *p, const struct nw_dye *dye,
                          const struct nw_skin_surface *surface, const struct nw_tint *tint, int threads,
                          float *body);
