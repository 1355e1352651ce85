/* SPDX-License-Identifier: BSD-3-Clause
   How discs lie on a periodic patch: the area they cover together, how many touch, how far apart. */
#pragma once
#include "base/base.h"

struct nw_disc {
  float x, y, diameter; /* [m] */
};

struct nw_coverage {
  double covered;    /* area of the union over the area of the patch [1] */
  double overlapped; /* share of discs that overlap another [1] */
  double nearest;    /* mean distance to the nearest neighbour; NAN for fewer than two discs [m] */
};

/* Sorts the discs by place and measures them; all on [0, width) x [0, height), sides joined. The union
   is exact along x and resolved to 1/48 (1/12 from 10,000 discs on) of the widest along y. NW_MEMORY on
   exhaustion. */
enum nw_status nw_coverage_measure(struct nw_context *context, struct nw_disc *disc, size_t count,
                                   double width, double height, struct nw_coverage *coverage);
