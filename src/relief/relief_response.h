/* SPDX-License-Identifier: BSD-3-Clause
   What instruments read on the height map, without the map: Ra and Rz as square roots of quadratic forms in
   the sizes of the parts, pores between a few sizes of the openings. Fitted to the map of the same case;
   how far it may be off is tested (a few percent over the range that features reach). */
#pragma once
#include "metrology.h"
#include "relief_map.h"

/* Reads profiles and pores of the case's own height map; writes skin->relief. skin: all else filled in.
   false: no memory. */
bool nw_relief_response_fill(const struct nw_case *c, struct nw_skin *skin);
/* Ra and Rz of features of these sizes [m]. */
struct nw_roughness nw_relief_roughness(const struct nw_relief_response *response,
                                        const struct nw_relief_size *size);
/* Pores counted [1/m2] and their area per skin area [1] where the openings are `scale` times as wide as at
   the start. */
double nw_relief_pore_count(const struct nw_relief_response *response, double scale);
double nw_relief_pore_area(const struct nw_relief_response *response, double scale);
/* Central 90 % limits of what other patches of the same skin read, where only chance scatters the pores:
   exact for their count [1/m2], normal for their area [1]. */
struct nw_limits {
  double low, high; /* [1/m2] of a count, [1] of an area */
};
struct nw_limits nw_relief_pore_count_limits(const struct nw_relief_response *response, double scale);
struct nw_limits nw_relief_pore_area_limits(const struct nw_relief_response *response, double scale);
