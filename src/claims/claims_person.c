/* SPDX-License-Identifier: BSD-3-Clause
   Claims about persons: skin types, phototypes, concerns, sites. */
#include <math.h>
#include <string.h>

#include "base/units.h"
#include "claim_readers.h"

/* ---- C1: skin types ---- */

static void show_type(const struct nw_variant *v, const char *type, struct nw_prediction *prediction) {
  const size_t advice =
      nw_read_findings(v, NW_FINDING_CAUTION) + nw_read_findings(v, NW_FINDING_CONTRAINDICATED);
  nw_prediction_show(prediction, "g/(m^2 h)", nw_reading_plain(nw_read_baseline(v, NW_OUTCOME_tewl_g_m2_h)),
                     "%s: water loss before", type);
  nw_prediction_show(prediction, "ug/cm^2", nw_reading_plain(nw_read_baseline(v, NW_OUTCOME_sebum_ug_cm2)),
                     "%s: sebum before", type);
  nw_prediction_show(prediction, "AU", nw_read_erythema(v), "%s: redness, peak", type);
  nw_prediction_show(prediction, "d", nw_read_downtime(v), "%s: downtime", type);
  nw_prediction_show(prediction, "1", nw_reading_plain((double)advice), "%s: cautions", type);
}

static bool same_findings(const struct nw_variant *a, const struct nw_variant *b) {
  if (a->n_findings != b->n_findings) return false;
  for (size_t i = 0; i < a->n_findings; i++)
    if (!nw_read_finding(b, a->finding[i].key)) return false;
  return true;
}

static void compare_type(const struct nw_variant *normal, const struct nw_variant *v, const char *type,
                         double more, double less, const char *what, struct nw_prediction *prediction) {
  show_type(v, type, prediction);
  nw_prediction_part(prediction, nw_part_above(v, more, less), "%s skin: %s", type, what);
  if (nw_variant_done(v) && nw_variant_done(normal))
    nw_prediction_part(prediction, nw_part_true(!same_findings(normal, v)), "%s skin gets other advice",
                       type);
}

/* How long redness shows [s]. */
static double red_for(const struct nw_variant *v) {
  return nw_variant_done(v) ? v->run.safety.redness : NAN;
}

/* Mean reach over the thickness of epidermis and dermis [1]. */
static double relative_reach(const struct nw_variant *v) {
  const struct nw_skin *s = &v->base.skin;
  return nw_variant_done(v)
             ? v->base.punctures.reach.mean / (s->stratum_corneum + s->viable_epidermis + s->dermis)
             : NAN;
}

void nw_claim_read_C1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *normal = NW_SCENARIO(skin_types, 0, 0), *dry = NW_SCENARIO(skin_types, 1, 0),
                          *oily = NW_SCENARIO(skin_types, 2, 0), *mixed = NW_SCENARIO(skin_types, 3, 0),
                          *sensitive = NW_SCENARIO(skin_types, 4, 0), *thin = NW_SCENARIO(skin_thin, 0, 0),
                          *acne = NW_SCENARIO(acne_prone, 0, 0);
  const enum nw_outcome water = NW_OUTCOME_tewl_g_m2_h, sebum = NW_OUTCOME_sebum_ug_cm2;
  show_type(normal, "normal", prediction);
  compare_type(normal, dry, "dry", nw_read_baseline(dry, water), nw_read_baseline(normal, water),
               "loses more water", prediction);
  compare_type(normal, oily, "oily", nw_read_baseline(oily, sebum), nw_read_baseline(normal, sebum),
               "more sebum", prediction);
  compare_type(normal, mixed, "combination", nw_read_baseline(mixed, sebum), nw_read_baseline(normal, sebum),
               "more sebum", prediction);
  compare_type(normal, sensitive, "sensitive", nw_read_erythema(sensitive).value,
               nw_read_erythema(normal).value, "reddens more", prediction);
  nw_prediction_part(prediction, nw_part_above(sensitive, red_for(sensitive), red_for(normal)),
                     "sensitive skin: reddens longer");
  compare_type(normal, thin, "thin", relative_reach(thin), relative_reach(normal),
               "needles reach relatively deeper", prediction);
  compare_type(normal, acne, "acne-prone", nw_read_baseline(acne, NW_OUTCOME_comedo_load), 1,
               "more plugged follicles than normal", prediction);
}

/* ---- C2: phototypes ---- */

void nw_claim_read_C2(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  char a[32], b[32];
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_tones); i++) {
    const struct nw_variant *v = NW_SCENARIO(tones, i, 0);
    const struct nw_reading risk = nw_read_risk(v);
    if (!v->c || !nw_scenario_value(NW_SCENARIO_tones, 0, i, a, sizeof a)) continue;
    const double least = 100 * v->c->params.claims_least_risk;
    nw_prediction_show(prediction, "%", risk, "phototype %s: risk of dark marks", a);
    nw_prediction_part(prediction, nw_part_within(risk.value, least), "phototype %s: risk of at most %.0f %%",
                       a, least);
  }
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_tone_settings); i++)
    for (size_t j = 0; j < nw_scenario_columns(scenarios, NW_SCENARIO_tone_settings); j++)
      if (nw_scenario_value(NW_SCENARIO_tone_settings, 0, i, a, sizeof a) &&
          nw_scenario_value(NW_SCENARIO_tone_settings, 1, j, b, sizeof b))
        nw_prediction_show(prediction, "%", nw_read_risk(NW_SCENARIO(tone_settings, i, j)),
                           "%s, %s passes: risk", a, b);
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_tone_sun); i++)
    if (nw_scenario_value(NW_SCENARIO_tone_sun, 0, i, a, sizeof a))
      nw_prediction_show(prediction, "%", nw_read_risk(NW_SCENARIO(tone_sun, i, 0)),
                         "sun %s, no sunscreen: risk", a);
}

/* ---- C3: concerns ---- */

void nw_claim_read_C3(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  static const struct {
    enum nw_outcome outcome;
    int sign;
    const char *words;
  } concern[] = {{NW_OUTCOME_scar_depth_um, -1, "acne scar, depth"},
                 {NW_OUTCOME_scar_depth_um, -1, "surgical scar, depth"},
                 {NW_OUTCOME_wrinkle_depth_um, -1, "wrinkle, depth"},
                 {NW_OUTCOME_pore_area_mm2_cm2, -1, "pores, visible area"},
                 {NW_OUTCOME_mmasi, -1, "melasma, score"},
                 {NW_OUTCOME_spot_contrast, -1, "sun spot, contrast"},
                 {NW_OUTCOME_spot_contrast, -1, "dark mark, contrast"},
                 {NW_OUTCOME_stria_depth_um, -1, "stretch mark, depth"},
                 {NW_OUTCOME_ra_um, -1, "texture, roughness Ra"},
                 {NW_OUTCOME_laxity, -1, "laxity, grade"},
                 {NW_OUTCOME_glogau, -1, "photoageing, Glogau class"},
                 {NW_OUTCOME_lab_L, 1, "dullness, lightness"}};
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_concerns) && i < NW_COUNT(concern); i++)
    nw_prediction_effect(prediction, NW_SCENARIO(concerns, i, 0), concern[i].outcome, concern[i].sign,
                         concern[i].words);
}

/* ---- C4: sites ---- */

static bool depth_caution(const struct nw_variant *v) {
  static const char *const key[] = {"site_length", "orbital_rim", "into_subcutis", "reaches_bone",
                                    "tram_track"};
  for (size_t i = 0; i < NW_COUNT(key); i++)
    if (nw_read_finding(v, key[i])) return true;
  return false;
}

static void show_site(const struct nw_variant *v, const char *site, struct nw_prediction *prediction) {
  const struct nw_punctures *p = &v->base.punctures;
  nw_prediction_show(prediction, "um", nw_reading_plain(nw_unit_from_si(p->reach.mean, "um")), "%s: reach",
                     site);
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * p->layer_fraction[NW_SUBCUTIS]),
                     "%s: through the dermis", site);
  nw_prediction_show(prediction, "1/cm^2", nw_reading_plain(nw_unit_from_si(p->bleeding_density, "1/cm^2")),
                     "%s: bleeding points", site);
  nw_prediction_show(prediction, "1", nw_reading_plain(nw_read_enhancement(v, 0)),
                     "%s: absorption over intact", site);
}

void nw_claim_read_C4(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  char site[32];
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_sites); i++) {
    const struct nw_variant *gentle = NW_SCENARIO(sites, i, 0), *v = NW_SCENARIO(sites, i, 1);
    if (!nw_scenario_value(NW_SCENARIO_sites, 0, i, site, sizeof site)) return;
    if (nw_variant_done(v)) show_site(v, site, prediction);
    if (!nw_variant_done(gentle) || gentle->base.injuries.count == 0) continue;
    nw_prediction_part(prediction, nw_part_true(!depth_caution(gentle)),
                       "%s: short needles (0.5 mm) need no caution of depth", site);
  }
}
