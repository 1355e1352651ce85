/* SPDX-License-Identifier: BSD-3-Clause
   A pigmented lesion on the patch: melasma, lentigo or post-inflammatory spot of the plan. */
#include "lesion.h"

#include <math.h>

static double dermal_share(const struct nw_concern *concern, const struct nw_params *p) {
  if (concern->type == NW_TYPE_DERMAL) return p->x_dermal;
  if (concern->type == NW_TYPE_MIXED) return p->x_mixed;
  return 0;
}

static double width_of(const struct nw_case *c, const struct nw_params *p, const struct nw_concern *concern,
                       double usual) {
  /* the width of the plan is SI; one length in both systems tells the unit of length of p */
  return concern->width > 0 ? concern->width * p->w_edge / c->params.w_edge : usual;
}

struct nw_lesion nw_lesion_of(const struct nw_case *c, const struct nw_params *p) {
  for (size_t i = 0; i < c->n_concerns; i++) {
    const struct nw_concern *concern = &c->concerns[i];
    struct nw_lesion lesion = {
        .present = true, .edge = p->w_edge, .width = width_of(c, p, concern, p->w_lentigo)};
    const double dermal = dermal_share(concern, p);
    switch (concern->kind) {
      case NW_CONCERN_MELASMA:
        lesion.width = width_of(c, p, concern, p->w_melasma);
        lesion.activity = (1 - dermal) * (p->mu_melasma - 1);
        lesion.dermal = dermal * (p->mu_melasma - 1);
        lesion.vascular = 1;
        return lesion;
      case NW_CONCERN_LENTIGO:
        lesion.activity = p->mu_lentigo - 1;
        lesion.sharp = true;
        return lesion;
      case NW_CONCERN_PIH:
        lesion.excess = (1 - p->x_pih) * p->m_pih;
        lesion.dropped = p->x_pih * p->m_pih;
        return lesion;
      default:
        break;
    }
  }
  return (struct nw_lesion){.present = false};
}

void nw_lesion_mask(const struct nw_lesion *lesion, size_t nx, size_t ny, double dx, double dy,
                    double *mask) {
  const double centre_x = 0.5 * (double)nx * dx, centre_y = 0.5 * (double)ny * dy,
               radius = 0.5 * lesion->width;
  for (size_t i = 0; i < nx * ny; i++) {
    const double x = ((double)(i % nx) + 0.5) * dx - centre_x, y = ((double)(i / nx) + 0.5) * dy - centre_y;
    mask[i] = lesion->present ? 1 / (1 + exp((hypot(x, y) - radius) / lesion->edge)) : 0;
  }
}

double nw_lesion_melanin(const struct nw_lesion *lesion, double mask, double sun) {
  return sun + mask * (lesion->activity + lesion->excess * sun);
}
