/* SPDX-License-Identifier: BSD-3-Clause
   Stage skin: the row of the site, bent by sex, age, sun, smoking and skin type. */
#include "skin.h"

#include <math.h>

#include "base/units.h"
#include "plan/site.h"
#include "relief/relief_response.h"

double nw_skin_reactivity(const struct nw_case *c) {
  return c->subject.skin_type == NW_SKIN_SENSITIVE ? c->params.sensitive_inflammation : 1;
}

/* Age and exposure that count: with ageing off, a young adult who never saw the sun. */
struct life {
  double age; /* [s] */
  double uv;  /* [MED/s] */
  bool smoker;
};

static double smoking(const struct nw_params *p, bool smoker) {
  return smoker ? p->smoker_synthesis : 1;
}

/* Synthesis falls on a straight line from youth, down to a floor. */
static double synthesis_at(const struct nw_params *p, double age) {
  return fmax(1 - p->r_s * fmax(age - p->age_young, 0), p->synthesis_floor);
}

double nw_skin_synthesis_at(const struct nw_case *c, double time) {
  const struct nw_params *p = &c->params;
  const double age = c->subject.ageing ? nw_unit_to_si(c->subject.age, "year") + time : p->age_young;
  return synthesis_at(p, age) * smoking(p, c->subject.smoker);
}

/* dQ/dy = delta_m {g s(y) - A Q} with Q = 1 and s = 1 at y = 0: the exact solution while s is the line
   1 - r y, where t = 1 / (delta_m A) and q = g / A. */
static double line_solution(double start, double rate, double q, double slope, double years) {
  const double t = 1 / rate, decayed = exp(-years * rate);
  return q * (1 - slope * (years - t * (1 - decayed))) + (start - q) * decayed;
}

static double collagen_after(const struct nw_params *p, const struct life *life) {
  const double uv_dose = life->uv * p->uv_chronic;
  const double loss = p->delta_m * (1 + p->k_AU * uv_dose);
  const double made = (1 - p->p_U * life->uv / (p->K_U + life->uv)) * smoking(p, life->smoker);
  const double q = p->delta_m * made / loss;
  const double years = fmax(life->age - p->age_young, 0);
  const double line = p->r_s > 0 ? (1 - p->synthesis_floor) / p->r_s : years;
  const double at_floor = line_solution(1, loss, q, p->r_s, fmin(years, line));
  if (years <= line) return at_floor;
  const double rest = q * p->synthesis_floor;
  return rest + (at_floor - rest) * exp(-(years - line) * loss);
}

double nw_skin_collagen_at(const struct nw_params *p, double age, double uv, bool smoker) {
  const struct life life = {nw_unit_to_si(age, "year"), nw_unit_to_si(uv, "MED/day"), smoker};
  return collagen_after(p, &life);
}

static double elastosis_after(const struct nw_params *p, const struct life *life) {
  return 1 - exp(-p->k_X * life->uv * p->uv_chronic * life->age);
}

static double elastin_after(const struct nw_params *p, const struct life *life) {
  return exp(-p->delta_L * fmax(life->age - p->age_young, 0)) * (1 - elastosis_after(p, life));
}

double nw_skin_elastin_at(const struct nw_params *p, double age, double uv) {
  const struct life life = {nw_unit_to_si(age, "year"), nw_unit_to_si(uv, "MED/day"), false};
  return elastin_after(p, &life);
}

static void set_thickness(const struct nw_case *c, const struct life *life, struct nw_skin *skin) {
  const struct nw_params *p = &c->params;
  const struct nw_site *site = nw_site_row(c->subject.site);
  const bool man = c->subject.sex == NW_MALE;
  const double thin = c->subject.skin_thin ? p->thin_skin : 1;
  /* the dermis thins at constant density, and where the sun reaches it elastosis fills the gap */
  const struct life inside = {life->age, 0, false}, mean = {p->age_reference, 0, false};
  const double thinned = collagen_after(p, &inside) / collagen_after(p, &mean);
  skin->stratum_corneum = nw_unit_to_si(site->stratum_corneum, "um");
  skin->viable_epidermis = nw_unit_to_si(site->viable_epidermis, "um") * (man ? p->male_epidermis : 1) * thin;
  skin->dermis = nw_unit_to_si(man ? site->dermis_men : site->dermis_women, "um") * thinned * thin;
  skin->papillary_dermis = fmin(p->papillary_fraction * skin->dermis, p->papillary_limit);
  skin->subcutis = nw_unit_to_si(site->subcutis, "mm");
  skin->over_bone = site->over_bone;
}

static void set_tissue(const struct nw_params *p, const struct life *life, struct nw_skin *skin) {
  const double old = fmax(life->age - p->age_young, 0);
  skin->collagen = collagen_after(p, life);
  skin->elastosis = elastosis_after(p, life);
  skin->elastin = elastin_after(p, life);
  skin->fibroblasts = fmax(1 - p->fibroblast_loss * old, 0);
  const double fall = (life->age - p->capillary_age_from) / (p->capillary_age_to - p->capillary_age_from);
  skin->vessels = 1 - p->capillary_loss * fmin(fmax(fall, 0), 1);
}

static void set_type(const struct nw_case *c, struct nw_skin *skin) {
  const struct nw_params *p = &c->params;
  const enum nw_skin_type type = c->subject.skin_type;
  skin->barrier = skin->sebum = 1;
  skin->inflammation = nw_skin_reactivity(c);
  if (type == NW_SKIN_DRY) skin->barrier = p->dry_barrier, skin->sebum = p->dry_sebum;
  if (type == NW_SKIN_SENSITIVE) skin->barrier = p->sensitive_barrier;
  if (type == NW_SKIN_OILY) skin->sebum = p->oily_sebum;
  if (type == NW_SKIN_COMBINATION) skin->sebum = p->combination_sebum;
  if (c->subject.acne_prone) skin->sebum *= p->acne_sebum;
}

/* Median opening of a follicle: wider where the glands are busier, and where the person complains of pores;
   a width in the plan is that of the pores one sees. */
static double opening(const struct nw_case *c, double sebum) {
  const struct nw_params *p = &c->params;
  const struct nw_concern *pores = nw_case_concern(c, NW_CONCERN_PORES);
  const double seen = pores && pores->width > 0 ? pores->width / p->d_pore : 1;
  const double median = pores ? p->pore_enlarged * seen : p->follicle_opening;
  return median * sqrt(fmax(1 + p->k_Sp * (sebum - 1), 0));
}

enum nw_status nw_skin_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  const struct nw_params *p = &c->params;
  const struct nw_subject *s = &c->subject;
  const struct nw_site *site = nw_site_row(s->site);
  const struct life life = {s->ageing ? nw_unit_to_si(s->age, "year") : p->age_young,
                            s->ageing ? nw_unit_to_si(s->uv_dose, "MED/day") : 0, s->smoker};
  struct nw_skin *skin = &run->skin;
  *skin = (struct nw_skin){0};
  set_thickness(c, &life, skin);
  set_tissue(p, &life, skin);
  skin->synthesis = nw_skin_synthesis_at(c, 0);
  set_type(c, skin);
  skin->elastic_modulus = nw_unit_to_si(site->elastic_modulus, "kPa");
  skin->follicle_density = nw_unit_to_si(site->follicles, "1/cm^2");
  skin->follicle_diameter = opening(c, skin->sebum);
  skin->surface_lipid = nw_unit_to_si(site->sebum, "ug/cm^2");
  skin->tewl = nw_unit_to_si(site->tewl, "g/(m^2 h)") / skin->barrier;
  skin->tension_lines = nw_unit_to_si(site->tension, "deg");
  if (!nw_relief_response_fill(c, skin))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the relief of the skin");
  return NW_OK;
}
