/* SPDX-License-Identifier: BSD-3-Clause
   Stage outcome: tissue becomes what an instrument or a rater would read. */
#include "outcome.h"

#include <math.h>

#include "adverse.h"
#include "aftermath.h"
#include "base/units.h"
#include "colour.h"
#include "grade.h"
#include "plan/site.h"
#include "relief/feature.h"
#include "relief/relief_response.h"
#include "skin/skin.h"
#include "surface/sun.h"

static const struct nw_outcome_row rows[NW_OUTCOME_COUNT] = {
#define OUTCOME(key_, unit_, change_, resolution_, evidence_, text_) \
  {.key = #key_,                                                     \
   .unit = unit_,                                                    \
   .text = text_,                                                    \
   .change = NW_CHANGE_##change_,                                    \
   .resolution = resolution_,                                        \
   .evidence = evidence_},
#include "../../model/outcomes.def"
#undef OUTCOME
};

const struct nw_outcome_row *nw_outcome_rows(void) {
  return rows;
}

/* All that the readings of one state share. */
struct reading {
  const struct nw_case *c;
  const struct nw_params *p;
  const struct nw_skin *skin;
  const struct nw_tissue_state *start, *now;
  struct nw_support support;
  double *value; /* [unit of outcomes.def] */
};

/* Puts a value given in SI. */
static void put(struct reading *r, enum nw_outcome outcome, double si) {
  r->value[outcome] = nw_unit_from_si(si, rows[outcome].unit);
}

static double ratio(double now, double start) {
  return start > 0 ? now / start : 1;
}

static double collagen_I(const double *zone) {
  return zone[NW_FIELD_collagen_I_new] + zone[NW_FIELD_collagen_I_mature];
}

static double collagen(const double *zone) {
  return collagen_I(zone) + zone[NW_FIELD_collagen_III];
}

/* Capacitance of the horny layer [SI of AU]: follows the barrier, and the moisturiser from the start on. */
static double hydration(const struct nw_case *c, const struct nw_tissue_state *state) {
  const struct nw_params *p = &c->params;
  const double days = nw_unit_from_si(fmax(state->time, 0), "day");
  const double care = c->aftercare.moisturiser ? 1 + p->k_hyd * (1 - exp(-days)) : 1; /* math: within a day */
  /* the skin between the open mouths: what leaves through those says nothing about the horny layer */
  const double open = fmin(fmax(state->open_area, 0), 0.5);
  const double between = (state->tewl - open * p->J_w) / (1 - open);
  const double barrier = between > 0 ? pow(p->J_0 / between, p->n_hyd) : 1;
  return fmin(p->hyd_0 * barrier * care, 0.5 * (p->hyd_0 + p->hyd_full));
}

/* ---- what age and sun do underneath ---- */

/* Age [y] and dose [MED/d] of the subject so long after the start. */
static double age_at(const struct nw_case *c, double time) {
  return c->subject.age + nw_unit_from_si(fmax(time, 0), "year");
}

static double dose_at(const struct nw_case *c, double time) {
  return nw_unit_from_si(nw_sun_dose(c, fmax(time, 0)), "MED/day");
}

/* Areal collagen that age alone would leave, relative to the start. */
static double aged(const struct nw_case *c, double time) {
  const struct nw_subject *s = &c->subject;
  const double uv = dose_at(c, time);
  if (!s->ageing) return 1;
  return ratio(nw_skin_collagen_at(&c->params, age_at(c, time), uv, s->smoker),
               nw_skin_collagen_at(&c->params, s->age, uv, s->smoker));
}

/* The same of functional elastin: what heals is told relative to skin that grows old untreated. */
static double elastin_left(const struct nw_case *c, double time) {
  const double uv = dose_at(c, time);
  if (!c->subject.ageing) return 1;
  return ratio(nw_skin_elastin_at(&c->params, age_at(c, time), uv),
               nw_skin_elastin_at(&c->params, c->subject.age, uv));
}

/* ---- matrix ---- */

static void read_matrix(struct reading *r) {
  const double *now = r->now->papillary, *below = r->now->reticular;
  const double *start = r->start->papillary, *start_below = r->start->reticular;
  put(r, NW_OUTCOME_collagen_I, ratio(collagen_I(now), collagen_I(start)));
  put(r, NW_OUTCOME_collagen_I_reticular, ratio(collagen_I(below), collagen_I(start_below)));
  put(r, NW_OUTCOME_collagen_III, ratio(now[NW_FIELD_collagen_III], start[NW_FIELD_collagen_III]));
  put(r, NW_OUTCOME_collagen_III_reticular,
      ratio(below[NW_FIELD_collagen_III], start_below[NW_FIELD_collagen_III]));
  put(r, NW_OUTCOME_collagen_total, ratio(collagen(now), collagen(start)));
  put(r, NW_OUTCOME_collagen_total_reticular, ratio(collagen(below), collagen(start_below)));
  put(r, NW_OUTCOME_collagen_ratio_III_I, ratio(now[NW_FIELD_collagen_III], collagen_I(now)));
  const double elastin = r->skin->elastin * elastin_left(r->c, r->now->time);
  put(r, NW_OUTCOME_elastin, elastin * now[NW_FIELD_elastin]);
  put(r, NW_OUTCOME_elastin_reticular, elastin * below[NW_FIELD_elastin]);
  put(r, NW_OUTCOME_tropoelastin, now[NW_FIELD_tropoelastin]);
  put(r, NW_OUTCOME_hyaluronan, now[NW_FIELD_hyaluronan]);
  put(r, NW_OUTCOME_vessel_density, r->skin->vessels * now[NW_FIELD_vessel]);
  put(r, NW_OUTCOME_vessel_density_reticular, r->skin->vessels * below[NW_FIELD_vessel]);
}

/* Signals and cells keep the units of fields.def, which outcomes.def repeats. */
static void read_fields(struct reading *r) {
  static const struct {
    enum nw_outcome outcome;
    enum nw_field field;
  } same[] = {
#define SAME(key) {NW_OUTCOME_##key, NW_FIELD_##key}
      SAME(inflammatory),  SAME(mitogen),    SAME(tgf_beta),      SAME(tgf_beta_3),    SAME(vegf),
      SAME(mmp),           SAME(neutrophil), SAME(macrophage_m1), SAME(macrophage_m2), SAME(fibroblast),
      SAME(myofibroblast), SAME(fibrin),     SAME(debris)
#undef SAME
  };
  for (size_t i = 0; i < NW_COUNT(same); i++)
    r->value[same[i].outcome] = r->now->papillary[same[i].field];
}

/* ---- thickness, water, redness ---- */

/* Share 0..1 of full vasodilation, of the loops below the junction: green light sees little beyond them. The
   mediators of the injury itself, gone within hours, and inflammation each open a share of what the other
   leaves closed. */
static double dilation(const struct nw_params *p, const struct nw_tissue_state *state) {
  const double seen = fmax(state->junction[NW_FIELD_inflammatory], 0);
  const double power = pow(nw_unit_to_si(seen, "ng/mL"), p->n_vd);
  const double inflamed = power / (pow(p->K_vd, p->n_vd) + power),
               at_once = state->flare / (p->K_flare + state->flare);
  return 1 - (1 - inflamed) * (1 - at_once);
}

/* Blood of the upper dermis over that of normal skin whose vessels are `vessels` of normal: what is cut
   bleeds into the tissue, so its blood is not gone but lies in the clot until that is cleared. Vessels of
   sensitive skin open wider at the same signal, for no longer (Issachar 1998). */
static double blood(const struct nw_case *c, const struct nw_tissue_state *now, double vessels) {
  const struct nw_params *p = &c->params;
  const double clot = fmax(now->papillary[NW_FIELD_fibrin], 0) / p->B_n;
  const double opened = nw_skin_reactivity(c) * p->k_vd * dilation(p, now);
  return vessels * (1 + opened) + p->k_clot * clot;
}

static double swelling(const struct reading *r) {
  return nw_hyaluronan_factor(&r->support, r->p->k_H) - 1 + r->p->k_oe * dilation(r->p, r->now);
}

static void read_thickness(struct reading *r) {
  const double age = aged(r->c, r->now->time),
               all = ratio(r->now->collagen_per_area, r->start->collagen_per_area);
  const double swollen = 1 + swelling(r);
  put(r, NW_OUTCOME_epidermal_thickness_um, r->now->viable_epidermis + r->now->stratum_corneum);
  put(r, NW_OUTCOME_dermal_thickness_um, r->skin->dermis * age * pow(all / age, r->p->b_thk) * swollen);
  put(r, NW_OUTCOME_oedema, swelling(r));
  const double dense = pow(ratio(r->support.papillary, age), r->p->p_u); /* what age thins stays as dense */
  put(r, NW_OUTCOME_dermal_density, dense / nw_hyaluronan_factor(&r->support, r->p->k_e));
}

static double redness(const struct nw_case *c, const struct nw_tissue_state *start,
                      const struct nw_tissue_state *now) {
  const struct nw_params *p = &c->params;
  const double vessels = ratio(now->papillary[NW_FIELD_vessel], start->papillary[NW_FIELD_vessel]);
  return nw_colour_erythema(p, blood(c, now, vessels));
}

static void read_barrier(struct reading *r) {
  put(r, NW_OUTCOME_tewl_g_m2_h, r->now->tewl);
  if (r->now->tewl > 0) put(r, NW_OUTCOME_hydration, hydration(r->c, r->now));
  put(r, NW_OUTCOME_erythema_index, r->p->EI_0 + redness(r->c, r->start, r->now));
  /* what is left of them long after is less than one on a square metre */
  put(r, NW_OUTCOME_petechiae, r->now->petechiae >= 1 ? r->now->petechiae : 0);
  put(r, NW_OUTCOME_sebum_ug_cm2, r->now->sebum_surface);
}

/* ---- pigment and colour ---- */

/* Melanin of normal skin of this subject at the start, sun included, relative to phototype III without sun.
 */
static double constitution(const struct reading *r) {
  const double type = nw_colour_melanin(r->p, r->c->subject.phototype) / r->p->f_mel;
  return type * nw_sun_activity(r->c, nw_sun_dose(r->c, -1));
}

static double melanin_above(const struct nw_tissue_state *s) {
  return s->melanin[0] + s->melanin[1] + s->melanin[2];
}

static void read_pigment(struct reading *r) {
  const double scale = r->p->f_mel * constitution(r);
  put(r, NW_OUTCOME_melanin_index,
      nw_colour_melanin_index(r->p, scale * melanin_above(r->now), scale * r->now->melanin_dermal));
  const bool melasma = nw_case_concern(r->c, NW_CONCERN_MELASMA);
  if (!melasma && !nw_case_concern(r->c, NW_CONCERN_LENTIGO) && !nw_case_concern(r->c, NW_CONCERN_PIH))
    return;
  const double inside =
      nw_colour_melanin_index(r->p, scale * r->now->melanin_lesion, scale * r->now->dermal_lesion);
  const double contrast = inside - nw_colour_melanin_index(r->p, scale * r->now->melanin_surround,
                                                           scale * r->now->dermal_surround);
  put(r, NW_OUTCOME_spot_contrast, contrast);
  const double darkness = fmin(fmax(contrast / r->p->mmasi_dark, 0), 4); /* math: grades 0..4 */
  /* the regions' weights add to one, all with the patch's area and darkness */
  if (melasma) put(r, NW_OUTCOME_mmasi, r->p->mmasi_area * darkness);
}

static struct nw_tint tint_of(const struct reading *r) {
  const struct nw_params *p = r->p;
  const double pigment = p->f_mel * constitution(r);
  const double held = blood(r->c, r->now, r->now->papillary[NW_FIELD_vessel]);
  return (struct nw_tint){.melanin = pigment * melanin_above(r->now),
                          .dermal = pigment * r->now->melanin_dermal,
                          .blood = p->f_blood * nw_site_row(r->c->subject.site)->blood * held,
                          .scatter = 1 + p->k_collagen * (r->support.papillary - 1)};
}

/* Spread of lightness: mottled melanin, mottled blood and the shade of roughness, independent. */
static double tone_spread(const struct reading *r, const struct nw_tint *tint, double lightness,
                          double roughness) {
  struct nw_tint brown = *tint, red = *tint;
  brown.melanin *= 1 + nw_colour_mottle(r->p, tint->melanin, r->skin->elastosis);
  red.blood *= 1 + r->p->cv_blood;
  const double a = nw_colour_lab(r->p, &brown).L - lightness, b = nw_colour_lab(r->p, &red).L - lightness;
  const double shade = r->p->k_shade * roughness;
  return sqrt(a * a + b * b + shade * shade);
}

static void read_colour(struct reading *r) {
  const struct nw_tint tint = tint_of(r);
  const struct nw_lab lab = nw_colour_lab(r->p, &tint);
  const struct nw_relief_size size = nw_feature_relief(r->c, r->skin, &r->support);
  const struct nw_roughness relief = nw_relief_roughness(&r->skin->relief, &size);
  put(r, NW_OUTCOME_lab_L, lab.L);
  put(r, NW_OUTCOME_lab_a, lab.a);
  put(r, NW_OUTCOME_lab_b, lab.b);
  put(r, NW_OUTCOME_ita_deg, nw_colour_typology(lab));
  put(r, NW_OUTCOME_tone_variance, tone_spread(r, &tint, lab.L, relief.ra));
  put(r, NW_OUTCOME_ra_um, relief.ra);
  put(r, NW_OUTCOME_rz_um, relief.rz);
  if (nw_case_concern(r->c, NW_CONCERN_TEXTURE) || nw_case_concern(r->c, NW_CONCERN_PHOTOAGEING))
    put(r, NW_OUTCOME_texture_grade, nw_texture_grade(r->p, r->c->subject.site, relief.ra));
}

/* ---- features: only those of the plan ---- */

static void read_wrinkle(struct reading *r) {
  const struct nw_concern *wrinkle = nw_case_concern(r->c, NW_CONCERN_WRINKLE);
  if (!wrinkle) return;
  const double depth = nw_wrinkle_depth(r->p, wrinkle, &r->support);
  put(r, NW_OUTCOME_wrinkle_depth_um, depth);
  put(r, NW_OUTCOME_wrinkle_grade, nw_wrinkle_grade(r->p, wrinkle->type == NW_TYPE_DEEP, depth));
}

static void read_pores(struct reading *r) {
  if (nw_case_concern(r->c, NW_CONCERN_PORES)) {
    const double scale = nw_pore_diameter(r->p, r->skin, &r->support) / r->skin->follicle_diameter;
    put(r, NW_OUTCOME_pore_area_mm2_cm2, nw_relief_pore_area(&r->skin->relief, scale));
    put(r, NW_OUTCOME_pore_count_cm2, nw_relief_pore_count(&r->skin->relief, scale));
  }
  if (r->c->subject.acne_prone || nw_case_concern(r->c, NW_CONCERN_PORES))
    put(r, NW_OUTCOME_comedo_load, nw_comedo_load(r->c, &r->support));
}

static void read_scar(struct reading *r) {
  const struct nw_concern *acne = nw_case_concern(r->c, NW_CONCERN_ACNE_SCAR);
  const struct nw_concern *concern = acne ? acne : nw_case_concern(r->c, NW_CONCERN_SURGICAL_SCAR);
  if (!concern) return;
  const struct nw_scar scar = nw_scar_of(r->p, concern);
  const double depth = nw_scar_depth(r->p, r->skin, &scar, &r->support);
  put(r, NW_OUTCOME_scar_depth_um, depth);
  put(r, NW_OUTCOME_scar_volume_mm3_cm2, nw_scar_volume(r->p, &scar, depth));
  if (!acne) return;
  put(r, NW_OUTCOME_goodman_baron, nw_scar_grade(r->p, depth));
  put(r, NW_OUTCOME_goodman_baron_q, nw_scar_score(r->p, depth));
  put(r, NW_OUTCOME_ecca, nw_scar_ecca(&scar, nw_scar_count(r->p, depth, r->p->scar_visible)));
}

/* A red mark holds more blood than the skin beside it, a white one less melanin and, half as far, less blood:
   how far it is seen depends on that skin. */
static double stria_contrast(const struct reading *r, bool red, double colour) {
  const struct nw_tint beside = tint_of(r);
  struct nw_tint mark = beside;
  if (red) {
    mark.blood *= pow(r->p->q_red, colour);
  } else {
    mark.melanin *= pow(r->p->q_white, colour);
    mark.blood *= pow(r->p->q_white, 0.5 * colour);
  }
  return nw_colour_difference(nw_colour_lab(r->p, &mark), nw_colour_lab(r->p, &beside));
}

static void read_stria(struct reading *r) {
  const struct nw_concern *concern = nw_case_concern(r->c, NW_CONCERN_STRETCH_MARK);
  if (!concern) return;
  const struct nw_stria stria = nw_stria_of(r->p, concern, &r->support);
  put(r, NW_OUTCOME_stria_contrast, stria_contrast(r, concern->type == NW_TYPE_RED, stria.colour));
  put(r, NW_OUTCOME_stria_width_um, stria.width);
  put(r, NW_OUTCOME_stria_depth_um, stria.depth);
}

static void read_mechanics(struct reading *r) {
  const bool aged_skin = nw_case_concern(r->c, NW_CONCERN_PHOTOAGEING);
  put(r, NW_OUTCOME_elasticity_r2, nw_elasticity(r->p, &r->support));
  if (aged_skin || nw_case_concern(r->c, NW_CONCERN_LAXITY))
    put(r, NW_OUTCOME_laxity, nw_laxity_grade(r->p, &r->support));
  if (aged_skin) put(r, NW_OUTCOME_glogau, nw_glogau(r->p, r->skin, &r->support));
}

/* Collagen gained since the start over all at the start, plus 1; what is not cross-linked yet counts in part.
 */
static double set(const struct nw_params *p, const double *now, const double *start) {
  const double gained = collagen(now) - collagen(start),
               linked = now[NW_FIELD_collagen_I_mature] - start[NW_FIELD_collagen_I_mature];
  return 1 + (linked + p->w_unset * (gained - linked)) / collagen(start);
}

/* `skin` NULL: of a reading that asks for no elasticity. */
static struct nw_support support_of(const struct nw_case *c, const struct nw_skin *skin,
                                    const struct nw_tissue_state *start, const struct nw_tissue_state *now) {
  const double full = c->params.hyd_full, left = elastin_left(c, now->time);
  const double *upper = now->papillary, *lower = now->reticular;
  return (struct nw_support){
      .papillary = ratio(collagen(upper), collagen(start->papillary)),
      .reticular = ratio(collagen(lower), collagen(start->reticular)),
      .set = set(&c->params, upper, start->papillary),
      .set_reticular = set(&c->params, lower, start->reticular),
      .elastin = left * ratio(upper[NW_FIELD_elastin], start->papillary[NW_FIELD_elastin]),
      .elastin_reticular = left * ratio(lower[NW_FIELD_elastin], start->reticular[NW_FIELD_elastin]),
      .hyaluronan = ratio(upper[NW_FIELD_hyaluronan], start->papillary[NW_FIELD_hyaluronan]),
      .dryness = (full - hydration(c, now)) / (full - hydration(c, start)),
      .horny = ratio(now->stratum_corneum, start->stratum_corneum),
      .gland = now->sebum_gland - start->sebum_gland,
      .renewal = fmax(now->proliferative_drive, 1),
      .collagen_per_area = now->collagen_per_area,
      .elastin_now = (skin ? skin->elastin : 1) * left * upper[NW_FIELD_elastin],
      .time = fmax(now->time, 0)};
}

void nw_outcome_read(const struct nw_case *c, const struct nw_skin *skin, const struct nw_tissue_state *start,
                     const struct nw_tissue_state *now, double value[NW_OUTCOME_COUNT]) {
  for (size_t i = 0; i < NW_OUTCOME_COUNT; i++)
    value[i] = NAN;
  struct reading r = {.c = c,
                      .p = &c->params,
                      .skin = skin,
                      .start = start,
                      .now = now,
                      .support = support_of(c, skin, start, now),
                      .value = value};
  read_matrix(&r);
  read_fields(&r);
  read_thickness(&r);
  read_barrier(&r);
  read_pigment(&r);
  read_colour(&r);
  read_wrinkle(&r);
  read_pores(&r);
  read_scar(&r);
  read_stria(&r);
  read_mechanics(&r);
}

struct nw_tint nw_outcome_tint(const struct nw_case *c, const struct nw_tissue_state *start,
                               const struct nw_tissue_state *now) {
  const struct reading r = {
      .c = c, .p = &c->params, .start = start, .now = now, .support = support_of(c, NULL, start, now)};
  return tint_of(&r);
}

struct nw_relief_size nw_outcome_relief(const struct nw_case *c, const struct nw_skin *skin,
                                        const struct nw_tissue_state *start,
                                        const struct nw_tissue_state *now) {
  const struct nw_support support = support_of(c, skin, start, now);
  return nw_feature_relief(c, skin, &support);
}

bool nw_outcome_chance(const struct nw_case *c, const struct nw_skin *skin,
                       const struct nw_tissue_state *start, const struct nw_tissue_state *now,
                       enum nw_outcome outcome, double *low, double *high) {
  if (outcome != NW_OUTCOME_pore_count_cm2 && outcome != NW_OUTCOME_pore_area_mm2_cm2) return false;
  const struct nw_support support = support_of(c, skin, start, now);
  const double scale = nw_pore_diameter(&c->params, skin, &support) / skin->follicle_diameter;
  const struct nw_limits limits = outcome == NW_OUTCOME_pore_count_cm2
                                      ? nw_relief_pore_count_limits(&skin->relief, scale)
                                      : nw_relief_pore_area_limits(&skin->relief, scale);
  *low = nw_unit_from_si(limits.low, rows[outcome].unit);
  *high = nw_unit_from_si(limits.high, rows[outcome].unit);
  return true;
}

/* ---- the stage ---- */

static enum nw_status fill_timeline(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  const struct nw_tissue_history *h = &run->tissue;
  struct nw_timeline *t = &run->timeline;
  size_t capacity = t->capacity;
  if (!nw_grow(&t->time, &capacity, h->count, sizeof *t->time) ||
      !nw_grow(&t->value, &t->capacity, h->count, sizeof *t->value))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the timeline of %zu rows", h->count);
  t->n_rows = h->count;
  for (size_t i = 0; i < h->count; i++) {
    t->time[i] = h->item[i].time;
    nw_outcome_read(c, &run->skin, &h->item[0], &h->item[i], t->value[i]);
  }
  return NW_OK;
}

static void compare(struct nw_outcome_value *v, const struct nw_outcome_row *row, double untreated) {
  v->untreated = untreated;
  v->evidence = row->evidence;
  v->change_pct = v->change = v->effect_pct = NAN;
  v->low = v->high = v->mean_low = v->mean_high = NAN;
  if (row->change == NW_CHANGE_ABSOLUTE || fabs(v->baseline) < row->resolution) {
    v->change = v->final - v->baseline;
    return;
  }
  v->change_pct = 100 * (v->final - v->baseline) / fabs(v->baseline); /* math: percent */
  v->effect_pct = 100 * (v->final - untreated) / fabs(v->baseline);   /* math: percent */
}

static void fill_outcome(const struct nw_case *c, struct nw_run *run) {
  const struct nw_tissue_history *twin = &run->tissue_untreated;
  const double *first = run->timeline.value[0], *last = run->timeline.value[run->timeline.n_rows - 1];
  double untreated[NW_OUTCOME_COUNT];
  for (size_t i = 0; i < NW_OUTCOME_COUNT; i++)
    untreated[i] = NAN;
  if (twin->count > 0)
    nw_outcome_read(c, &run->skin, &twin->item[0], &twin->item[twin->count - 1], untreated);
  for (size_t i = 0; i < NW_OUTCOME_COUNT; i++) {
    struct nw_outcome_value *v = &run->outcome[i];
    *v = (struct nw_outcome_value){
        .present = isfinite(first[i]) && isfinite(last[i]), .baseline = first[i], .final = last[i]};
    if (v->present) compare(v, &rows[i], untreated[i]);
  }
}

static void fill_safety(const struct nw_case *c, struct nw_run *run) {
  const double exposure = nw_adverse_exposure(&run->tissue);
  const double redness = nw_aftermath_redness(c, &run->timeline);
  run->safety = (struct nw_safety){.downtime = nw_aftermath_downtime(c, &run->timeline),
                                   .erythema_peak = nw_aftermath_erythema_peak(&run->timeline),
                                   .pih_risk = nw_aftermath_pih_risk(c, &run->skin, &run->tissue),
                                   .redness = redness,
                                   .prolonged_erythema = nw_adverse_prolonged(&c->params, redness),
                                   .infection = nw_adverse_infection(c, exposure),
                                   .tram_track = nw_adverse_tram_track(c, run),
                                   .milia = nw_adverse_milia(c, exposure)};
}

enum nw_status nw_outcome_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  if (run->tissue.count == 0) return NW_OK;
  NW_TRY(fill_timeline(context, c, run));
  fill_outcome(c, run);
  fill_safety(c, run);
  return NW_OK;
}
