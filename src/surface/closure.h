/* SPDX-License-Identifier: BSD-3-Clause
   How the epidermis closes over a wound. Two scales, split at the width sqrt(D/r) of the growth front:
   a wide wound closes by the front of a growth and motility equation (Fisher's, speed 2 sqrt(Dr));
   a hole narrower than the front never develops one (the equation would only thin the deficit out and
   heal it in 1/r, whatever its size), so its rim crawls inwards at the speed of the front and the hole of
   radius R keeps the share (1 - s/R)^2 of its area after a crawl of s. The second rule does not care
   how many cells the hole spans, so a coarse grid closes a channel when a fine one does.
   Units: mm, day. Arrays (ny, nx), x fastest; sides are zero-flux. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct nw_closure {
  size_t nx, ny;
  double dx, dy;   /* cell sizes [mm] */
  double motility; /* D of the basal layer [mm^2/day] */
  double growth;   /* r of the basal layer [1/day] */
  double lag;      /* before cells migrate [day] */
  double seed;     /* share of the skin covered by follicle mouths: what regrows a bared surface [1] */
  /* state, borrowed from the owner, (ny, nx) each */
  double *sheet;  /* cover by the growing sheet, 1 closed [1] */
  double *hole;   /* area share of the small hole when it was cut [1] */
  double *radius; /* of that hole as a disc of its area, 0 none [mm] */
  double *crawl;  /* how far its rim has come [mm] */
  double *ready;  /* time from which the cells of this column move [day] */
  double *closed; /* result: sheet times what is left of no hole [1] */
  /* scratch, borrowed, (ny, nx) each */
  double *rate, *stage; /* [1/day], [1] */
  size_t *queue;
  bool *seen;
};

/* Cuts at time t [day]: mouth and removed (nullable) are shares of each cell, (ny, nx) [1]. */
void nw_closure_injure(struct nw_closure *closure, double t, const double *mouth, const double *removed);
/* Closes further from t to t + dt [day] with the gain of growth at both ends, (ny, nx) each [1]. */
void nw_closure_step(struct nw_closure *closure, double t, double dt, const double *gain_start,
                     const double *gain_end);
