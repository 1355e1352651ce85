/* SPDX-License-Identifier: BSD-3-Clause
   Atrophic and surgical scars: geometry, and how their floor rises. */
#include <math.h>

#include "feature.h"

struct nw_scar nw_scar_of(const struct nw_params *p, const struct nw_concern *concern) {
  struct nw_scar scar = {p->w_boxcar, p->d_boxcar, p->v_boxcar, p->k_f_boxcar, p->ecca_boxcar};
  if (concern->kind == NW_CONCERN_SURGICAL_SCAR)
    scar = (struct nw_scar){p->w_surgical, p->d_surgical, p->v_boxcar, p->k_f_surgical, 0};
  else if (concern->type == NW_TYPE_ROLLING)
    scar = (struct nw_scar){p->w_rolling, p->d_rolling, p->v_rolling, p->k_f_rolling, p->ecca_rolling};
  else if (concern->type == NW_TYPE_ICE_PICK)
    scar = (struct nw_scar){p->w_ice_pick, p->d_ice_pick, p->v_ice_pick, p->k_f_ice_pick, p->ecca_ice_pick};
  if (concern->width > 0) scar.width = concern->width;
  if (concern->depth > 0) scar.depth = concern->depth;
  return scar;
}

/* The floor rises as the column of dermis under the scar sets: new collagen fills it, and bears and pulls in
   full once it is cross-linked, as the strength of a wound grows for months after its collagen has come
   (Levenson1965), and scars go on improving after the last session. The column is on average over the scar
   what the missing volume leaves of the dermis, its upper part with papillary, the rest with reticular gain.
 */
double nw_scar_depth(const struct nw_params *p, const struct nw_skin *skin, const struct nw_scar *scar,
                     const struct nw_support *s) {
  const double column = fmax(skin->dermis - scar->shape * scar->depth, 0),
               upper = fmin(p->papillary_zone, column);
  const double gained = upper * (s->set - 1) + (column - upper) * (s->set_reticular - 1);
  return fmax(scar->depth - scar->lift * gained, 0);
}

double nw_scar_volume(const struct nw_params *p, const struct nw_scar *scar, double depth) {
  const double disc = NW_PI * 0.5 * scar->width * 0.5 * scar->width;
  return p->n_scar * disc * scar->shape * depth;
}

double nw_scar_count(const struct nw_params *p, double depth, double least) {
  if (!(depth > 0)) return 0;
  const double median = depth * exp(-0.5 * p->s_scar * p->s_scar); /* log-normal about this mean */
  return p->n_scar * p->a_scar * 0.5 * erfc(log(least / median) / p->s_scar * M_SQRT1_2);
}
