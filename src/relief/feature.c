/* SPDX-License-Identifier: BSD-3-Clause
   What is on the patch: lines, wrinkles, pores, stretch marks; how they follow the tissue below. */
#include "feature.h"

#include <math.h>

#include "base/units.h"
#include "plan/site.h"

static double given(double plan, double usual) {
  return plan > 0 ? plan : usual;
}

static double clamp(double x, double low, double high) {
  return fmin(fmax(x, low), high);
}

double nw_hyaluronan_factor(const struct nw_support *s, double per_doubling) {
  return pow(s->hyaluronan, log2(1 + per_doubling));
}

/* ---- wrinkles ---- */

/* Support of a fine line: papillary zone; of a deep wrinkle: the dermis below. Start = 1. */
static double wrinkle_support(const struct nw_params *p, bool deep, const struct nw_support *s) {
  const double collagen = deep ? s->reticular : s->papillary,
               elastin = deep ? s->elastin_reticular : s->elastin;
  return p->w_collagen * collagen + (1 - p->w_collagen) * elastin;
}

double nw_wrinkle_depth(const struct nw_params *p, const struct nw_concern *wrinkle,
                        const struct nw_support *s) {
  const bool deep = wrinkle->type == NW_TYPE_DEEP;
  const double start = given(wrinkle->depth, deep ? p->d_deep : p->d_fine);
  const double dermal = deep ? p->dyn_deep : p->dyn_fine;
  const double carried = pow(wrinkle_support(p, deep, s), -p->g_w) / nw_hyaluronan_factor(s, p->k_plump);
  return start * (1 - dermal + dermal * carried);
}

double nw_wrinkle_width(const struct nw_params *p, const struct nw_concern *wrinkle) {
  return given(wrinkle->width, wrinkle->type == NW_TYPE_DEEP ? p->w_deep : p->w_fine);
}

/* ---- pores ---- */

static double pore_change(const struct nw_params *p, const struct nw_support *s) {
  return fmax(1 - p->k_Cp * (s->papillary - 1) + p->k_Sp * s->gland, 0);
}

double nw_pore_diameter(const struct nw_params *p, const struct nw_skin *skin, const struct nw_support *s) {
  return skin->follicle_diameter * sqrt(pore_change(p, s));
}

double nw_comedo_load(const struct nw_case *c, const struct nw_support *s) {
  const struct nw_params *p = &c->params;
  const double start = c->subject.acne_prone ? p->comedo_acne : 1;
  return start * fmax(1 + s->gland, 0) / (1 + p->k_comedo * log2(s->renewal));
}

/* ---- stretch marks ---- */

double nw_stria_width(const struct nw_params *p, const struct nw_concern *stria) {
  return given(stria->width, p->w_stria);
}

struct nw_stria nw_stria_of(const struct nw_params *p, const struct nw_concern *stria,
                            const struct nw_support *s) {
  const bool red = stria->type == NW_TYPE_RED;
  const double gain = 0.5 * (s->papillary + s->reticular) - 1;
  const double own = red ? exp(-s->time / p->tau_red) : 1;
  const double width = nw_stria_width(p, stria), depth = given(stria->depth, p->d_stria);
  /* a loss of collagen would undo the change: keep within the mark's own size */
  return (struct nw_stria){.colour = own * clamp(1 - (red ? p->k_red : p->k_white) * gain, 0, 2),
                           .width = width * clamp(1 - p->k_width * gain, 0, 2),
                           .depth = depth * clamp(1 - gain, 0, 2)};
}

/* ---- relief ---- */

struct nw_support nw_support_at_start(void) {
  return (struct nw_support){.papillary = 1,
                             .reticular = 1,
                             .set = 1,
                             .set_reticular = 1,
                             .elastin = 1,
                             .elastin_reticular = 1,
                             .hyaluronan = 1,
                             .dryness = 1,
                             .horny = 1,
                             .renewal = 1,
                             .collagen_per_area = 1,
                             .elastin_now = 1};
}

/* Ra of primary and secondary lines. Thicker and drier horny layer: coarser; firmer and fuller upper
   dermis: flatter. */
static double line_size(const struct nw_case *c, const struct nw_support *s) {
  const struct nw_params *p = &c->params;
  const double past = c->subject.ageing ? fmax(nw_unit_to_si(c->subject.age, "year") - p->age_young, 0) : 0;
  const double rough = nw_case_concern(c, NW_CONCERN_TEXTURE) ? p->rough_texture : 1;
  const double young = p->ra_line * nw_site_row(c->subject.site)->relief * rough * (1 + p->age_line * past);
  const double support = wrinkle_support(p, false, s);
  return young * s->dryness * sqrt(s->horny) * pow(support, -p->n_line) / nw_hyaluronan_factor(s, p->k_plump);
}

struct nw_relief_size nw_feature_relief(const struct nw_case *c, const struct nw_skin *skin,
                                        const struct nw_support *s) {
  const struct nw_params *p = &c->params;
  const struct nw_concern *wrinkle = nw_case_concern(c, NW_CONCERN_WRINKLE);
  const struct nw_concern *acne = nw_case_concern(c, NW_CONCERN_ACNE_SCAR);
  const struct nw_concern *scarred = acne ? acne : nw_case_concern(c, NW_CONCERN_SURGICAL_SCAR);
  const struct nw_concern *stria = nw_case_concern(c, NW_CONCERN_STRETCH_MARK);
  struct nw_relief_size size = {.line = line_size(c, s),
                                .pore = nw_pore_diameter(p, skin, s),
                                .comedo = fmin(p->comedo_share * nw_comedo_load(c, s), 1)};
  if (wrinkle) size.wrinkle = nw_wrinkle_depth(p, wrinkle, s);
  if (scarred) {
    const struct nw_scar scar = nw_scar_of(p, scarred);
    size.scar = nw_scar_depth(p, skin, &scar, s);
  }
  if (stria) {
    const struct nw_stria mark = nw_stria_of(p, stria, s);
    size.stria = mark.depth;
    size.stria_width = mark.width;
  }
  return size;
}
