/* SPDX-License-Identifier: BSD-3-Clause
   Atrophic and surgical scars: depth, volume and the raters' scores. */
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

/* The floor rises as the column of dermis under the scar sets: new collagen bears and pulls once it is
   cross-linked, as the strength of a wound grows for months after its collagen has come (Levenson1965), and
   scars go on improving after the last session. The column is on average over the scar what the missing
   volume leaves of the dermis, its upper part with papillary, the rest with reticular gain. */
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

/* Up to 10, up to 20 and more scars count 1, 2, 3; joined by straight lines so that the mean of raters moves
   smoothly. */
static double many(double count) {
  return count <= 10 ? count / 10 : fmin(1 + (count - 10) / 10, 3); /* math: the scale's classes */
}

double nw_scar_score(const struct nw_params *p, double depth) {
  const double mild = nw_scar_count(p, depth, p->gb_2), moderate = nw_scar_count(p, depth, p->gb_3),
               severe = nw_scar_count(p, depth, p->gb_4);
  return many(mild - moderate) + 2 * many(moderate - severe) + 3 * many(severe);
}

/* Classes of number: none 0, up to five 1, up to twenty 2, more 3. */
double nw_scar_ecca(const struct nw_scar *scar, double count) {
  const double few = 5, several = 20, many = 50; /* math: the scale's classes; 3 holds from 50 on */
  double class = fmin(2 + (count - several) / (many - several), 3); /* math: highest class */
  if (count < few)
    class = count / few;
  else if (count < several)
    class = 1 + (count - few) / (several - few);
  return scar->weight * class;
}
