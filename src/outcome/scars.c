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

double nw_scar_depth(const struct nw_params *p, const struct nw_scar *scar, const struct nw_support *s) {
  const double zone = p->h_scar, below = fmax(scar->depth - zone, 0);
  const double gained = zone * (s->papillary - 1) + below * (s->reticular - 1);
  return fmax(scar->depth - scar->lift * gained, 0);
}

double nw_scar_volume(const struct nw_params *p, const struct nw_scar *scar, double depth) {
  const double disc = NW_PI * 0.5 * scar->width * 0.5 * scar->width;
  return p->n_scar * disc * scar->shape * depth;
}

double nw_scar_count(const struct nw_params *p, double depth) {
  if (!(depth > 0)) return 0;
  const double z = log(p->scar_visible / depth) / p->s_scar;
  return p->n_scar * p->a_scar * 0.5 * erfc(z * M_SQRT1_2);
}

/* One point per mild scar class, two per moderate, three per severe, times 1, 2 or 3 for up to 10, up to
   20 and more scars; the classes are joined by straight lines so that the mean of raters moves smoothly. */
double nw_scar_score(double count, double grade) {
  const double points = fmax(grade - 1, 0);
  const double many = count <= 10   ? count / 10
                      : count <= 20 ? 1 + (count - 10) / 10
                                    : fmin(2 + (count - 20) / 10, 3); /* math: the scale's classes */
  return points * many;
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
