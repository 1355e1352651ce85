/* SPDX-License-Identifier: BSD-3-Clause
   The skin surface above the dermis, one column per lateral cell of the healing grid: epidermal
   coverage, barrier, epidermis (stem, transit amplifying, differentiated cells, corneocytes),
   melanin, sebum. Steps together with the healing stage, which supplies the signals at the junction.
   Tissue units: mm, day, pg. Arrays are (ny, nx), x fastest. */
#pragma once
#include "run.h"

struct nw_surface;

/* Shares of melanocyte activity that products hold back: of what lies above unstimulated skin, and of all
   that is left then [1]. */
struct nw_pigment_hold {
  double stimulated, all;
};

/* At rest in steady state with the subject's sun exposure. dx, dy: cell sizes [mm]. NULL: no memory. */
struct nw_surface *nw_surface_create(const struct nw_case *c, const struct nw_skin *skin, size_t nx,
                                     size_t ny, double dx, double dy);
void nw_surface_free(struct nw_surface **surface);
/* A session of needles at time t [d]: `mouth` (ny, nx) is the share of each cell cut open, `removed`
   (nullable) the share whose epidermis is taken off; petechiae: bleeding punctures per mm2. */
void nw_surface_injure(struct nw_surface *surface, double t, const double *mouth, const double *removed,
                       double petechiae);
/* A beam at time t [d]: `dead` (ny, nx) is the share of each cell whose epidermis it kills, `open` the part
   of it whose horny layer is gone as well; elsewhere that layer stays on as a lid. */
void nw_surface_burn(struct nw_surface *surface, double t, const double *dead, const double *open);
/* A peel down to `depth` [m] at time t [d], from the top: horny layer, then living layers, and the basal
   layer where the depth reaches the junction, which undulates. */
void nw_surface_peel(struct nw_surface *surface, double t, double depth);
/* Sets free the vasoactive mediators of injured skin: its volume over the area of the patch [mm]. */
void nw_surface_flare(struct nw_surface *surface, double volume);
/* What the dermis under each column says at one instant; arrays (ny, nx), borrowed. */
struct nw_junction {
  const double *inflammatory, *mitogen; /* signals I and P of the uppermost cells [ng/mL] */
  const double *vessel;                 /* density E of the uppermost cells, normal 1 [1] */
  const double *collagen;               /* of the papillary zone, all types, over that at the start [1] */
};

/* Advances from t to t + dt [d], with the junction as it is at the end of the step. Chooses its own
   sub-steps; unconditionally positive; second order or better where the data are smooth. */
void nw_surface_step(struct nw_surface *surface, double t, double dt, const struct nw_junction *junction);
/* What products hold back at both ends of the next step; nothing until it is told. */
void nw_surface_hold(struct nw_surface *surface, const struct nw_pigment_hold *before,
                     const struct nw_pigment_hold *after);
/* Share of each cell with closed epidermis (ny, nx), borrowed: the dermis leaks signals where open. */
const double *nw_surface_coverage(const struct nw_surface *surface);
/* Epidermal melanin of each column, sum of the three layers, relative to the own baseline (ny, nx), borrowed.
 */
const double *nw_surface_melanin(const struct nw_surface *surface);
/* Writes the surface part of a tissue state (means over the patch); junction inflammation [ng/mL] is
   among the means the caller has filled already. */
void nw_surface_sample(const struct nw_surface *surface, struct nw_tissue_state *state);
/* All mutable state as one flat array of doubles, borrowed: for checkpoints. */
double *nw_surface_state(struct nw_surface *surface, size_t *count);
