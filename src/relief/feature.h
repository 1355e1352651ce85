/* SPDX-License-Identifier: BSD-3-Clause
   What is on the patch: lines, wrinkles, pores, scars, stretch marks; how they follow the tissue below. */
#pragma once
#include "relief_map.h"

/* How the tissue below a feature has changed since the start. */
struct nw_support {
  double papillary;          /* collagen of the papillary zone, relative to the start [1] */
  double reticular;          /* collagen below, relative to the start [1] */
  double set, set_reticular; /* cross-linked collagen gained there, over all at the start, plus 1 [1] */
  double elastin;            /* papillary, relative to the start [1] */
  double elastin_reticular;  /* relative to the start [1] */
  double hyaluronan;         /* papillary, relative to the start [1] */
  double dryness;            /* of the horny layer: share that is not water, relative to the start [1] */
  double horny;              /* thickness of the horny layer, relative to the start [1] */
  double gland;              /* gland activity less that of the start, relative to normal [1] */
  double renewal;            /* proliferative drive of the epidermis [1] */
  double collagen_per_area;  /* of the whole dermis, relative to a young adult, now [1] */
  double elastin_now;        /* functional elastin relative to a young adult, now [1] */
  double time;               /* since the first injury [s] */
};

/* Factor 1 + per_doubling for each doubling of hyaluronan since the start: what it does through its water
   grows ever more slowly with its amount, as the collagen net resists swelling [1]. */
double nw_hyaluronan_factor(const struct nw_support *support, double per_doubling);

/* Depth of a wrinkle whose depth was d at the start [m]. */
double nw_wrinkle_depth(const struct nw_params *p, const struct nw_concern *wrinkle,
                        const struct nw_support *support);

/* Geometry of an atrophic scar of the plan, defaults filled in. */
struct nw_scar {
  double width, depth; /* [m] */
  double shape;        /* volume over disc times depth [1] */
  double lift;         /* k_f [1] */
  double weight;       /* ECCA [1] */
};
/* Of the plan's type and size, or of a surgical scar. */
struct nw_scar nw_scar_of(const struct nw_params *p, const struct nw_concern *concern);
/* Depth now: new collagen under the floor lifts it, never above the surround [m]. */
double nw_scar_depth(const struct nw_params *p, const struct nw_skin *skin, const struct nw_scar *scar,
                     const struct nw_support *support);
/* Missing volume per affected area [m]. */
double nw_scar_volume(const struct nw_params *p, const struct nw_scar *scar, double depth);
/* Scars of the affected area deeper than `least` when their mean depth is `depth` [1]. */
double nw_scar_count(const struct nw_params *p, double depth, double least);

/* Median diameter of follicle openings [m]. */
double nw_pore_diameter(const struct nw_params *p, const struct nw_skin *skin,
                        const struct nw_support *support);
/* Comedones relative to skin that is not prone to acne: more where glands are busier, fewer where the
   epidermis renews itself faster [1]. */
double nw_comedo_load(const struct nw_case *c, const struct nw_support *support);

struct nw_stria {
  double colour;       /* what is left of its own colour at the start, on a logarithmic scale [1] */
  double width, depth; /* [m] */
};
/* A stretch mark of the plan now. */
struct nw_stria nw_stria_of(const struct nw_params *p, const struct nw_concern *stria,
                            const struct nw_support *support);

/* Width of a wrinkle and of a stretch mark of the plan at the start, defaults filled in [m]. */
double nw_wrinkle_width(const struct nw_params *p, const struct nw_concern *wrinkle);
double nw_stria_width(const struct nw_params *p, const struct nw_concern *stria);
/* Nothing has changed yet: the support of the skin at its start. */
struct nw_support nw_support_at_start(void);
/* How large the features of the relief are now: for the height map and its readings. */
struct nw_relief_size nw_feature_relief(const struct nw_case *c, const struct nw_skin *skin,
                                        const struct nw_support *support);
