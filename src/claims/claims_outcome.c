/* SPDX-License-Identifier: BSD-3-Clause
   Claims about outcomes: what an instrument or a rater would read, against the same skin left alone. */
#include <math.h>
#include <stdio.h>

#include "claim_readers.h"

/* Sweep value, for words. */
static const char *swept(enum nw_scenario scenario, size_t i, char text[64]) {
  if (!nw_scenario_value(scenario, 0, i, text, 64)) text[0] = '\0';
  return text;
}

/* The effect of each value of a sweep, `format` with its word: "%s scar, depth". */
static void each(const struct nw_scenarios *scenarios, enum nw_scenario scenario, enum nw_outcome outcome,
                 int sign, const char *what, struct nw_prediction *prediction) {
  char word[64], words[96];
  for (size_t i = 0; i < nw_scenario_rows(scenarios, scenario); i++) {
    snprintf(words, sizeof words, "%s %.30s", swept(scenario, i, word), what);
    nw_prediction_effect(prediction, nw_scenario_variant(scenarios, scenario, i, 0), outcome, sign, words);
  }
}

static double fall_pct(const struct nw_variant *v, enum nw_outcome outcome) {
  return -nw_read_effect_pct(v, outcome).value;
}

void nw_claim_read_O1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(pores, 0, 0);
  nw_prediction_effect(prediction, v, NW_OUTCOME_pore_area_mm2_cm2, -1, "visible pore area");
  nw_prediction_effect(prediction, v, NW_OUTCOME_pore_count_cm2, -1, "visible pores, count");
}

void nw_claim_read_O2(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(texture, 0, 0);
  nw_prediction_effect(prediction, v, NW_OUTCOME_ra_um, -1, "roughness Ra");
  nw_prediction_effect(prediction, v, NW_OUTCOME_rz_um, -1, "roughness Rz");
  nw_prediction_show(prediction, "1", nw_read_effect(v, NW_OUTCOME_texture_grade),
                     "texture grade, against untreated");
}

void nw_claim_read_O3(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *fine = NW_SCENARIO(wrinkle, 0, 0), *deep = NW_SCENARIO(wrinkle, 1, 0);
  each(scenarios, NW_SCENARIO_wrinkle, NW_OUTCOME_wrinkle_depth_um, -1, "wrinkle, depth", prediction);
  nw_prediction_show(prediction, "1", nw_read_effect(fine, NW_OUTCOME_wrinkle_grade),
                     "fine wrinkle, Lemperle grade");
  nw_prediction_show(prediction, "1", nw_read_effect(deep, NW_OUTCOME_wrinkle_grade),
                     "deep wrinkle, Lemperle grade");
  nw_prediction_part(prediction,
                     nw_part_above(fine, fall_pct(fine, NW_OUTCOME_wrinkle_depth_um),
                                   fall_pct(deep, NW_OUTCOME_wrinkle_depth_um)),
                     "fine lines gain more than deep wrinkles");
}

void nw_claim_read_O4(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *rolling = NW_SCENARIO(acne_scar, 0, 0), *pick = NW_SCENARIO(acne_scar, 2, 0);
  each(scenarios, NW_SCENARIO_acne_scar, NW_OUTCOME_scar_depth_um, -1, "scar, depth", prediction);
  nw_prediction_effect(prediction, NW_SCENARIO(surgical_scar, 0, 0), NW_OUTCOME_scar_depth_um, -1,
                       "surgical scar, depth");
  nw_prediction_show(prediction, "%", nw_read_effect_pct(rolling, NW_OUTCOME_scar_volume_mm3_cm2),
                     "rolling scar, volume, against untreated");
  nw_prediction_show(prediction, "1", nw_read_effect(rolling, NW_OUTCOME_goodman_baron),
                     "rolling scar, Goodman-Baron grade, against untreated");
  nw_prediction_show(prediction, "1", nw_read_effect(rolling, NW_OUTCOME_ecca),
                     "rolling scar, ECCA, against untreated");
  nw_prediction_part(prediction,
                     nw_part_above(rolling, fall_pct(rolling, NW_OUTCOME_scar_depth_um),
                                   fall_pct(pick, NW_OUTCOME_scar_depth_um)),
                     "rolling scars gain more than ice-pick scars");
}

void nw_claim_read_O5(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  each(scenarios, NW_SCENARIO_melasma, NW_OUTCOME_mmasi, -1, "melasma, score", prediction);
  each(scenarios, NW_SCENARIO_spots, NW_OUTCOME_spot_contrast, -1, "spot, contrast", prediction);
  nw_prediction_show(prediction, "%", nw_read_risk(NW_SCENARIO(melasma, 0, 0)), "risk of dark marks");
}

void nw_claim_read_O6(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  each(scenarios, NW_SCENARIO_stria, NW_OUTCOME_stria_contrast, -1, "mark, contrast", prediction);
  each(scenarios, NW_SCENARIO_stria, NW_OUTCOME_stria_width_um, -1, "mark, width", prediction);
  each(scenarios, NW_SCENARIO_stria_sites, NW_OUTCOME_stria_depth_um, -1, "mark, depth", prediction);
  const size_t most = nw_scenario_rows(scenarios, NW_SCENARIO_stria_sessions);
  char word[64];
  for (size_t i = 0; i < most; i++)
    nw_prediction_show(
        prediction, "%",
        nw_reading_plain(-fall_pct(NW_SCENARIO(stria_sessions, i, 0), NW_OUTCOME_stria_depth_um)),
        "depth after %s sessions, against untreated", swept(NW_SCENARIO_stria_sessions, i, word));
  const struct nw_variant *one = NW_SCENARIO(stria_sessions, 0, 0),
                          *all = NW_SCENARIO(stria_sessions, most - 1, 0);
  nw_prediction_part(
      prediction,
      nw_part_above(one, fall_pct(all, NW_OUTCOME_stria_depth_um), fall_pct(one, NW_OUTCOME_stria_depth_um)),
      "many sessions do more than one");
}

void nw_claim_read_O7(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(firmness, 0, 0);
  nw_prediction_effect(prediction, v, NW_OUTCOME_elasticity_r2, 1, "elasticity R2");
  nw_prediction_effect(prediction, v, NW_OUTCOME_laxity, -1, "laxity grade");
  nw_prediction_effect(prediction, v, NW_OUTCOME_dermal_thickness_um, 1, "dermis, thickness");
  nw_prediction_effect(prediction, v, NW_OUTCOME_dermal_density, 1, "dermis, echo density");
}

void nw_claim_read_O8(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(glow, 0, 0);
  nw_prediction_effect(prediction, v, NW_OUTCOME_lab_L, 1, "lightness L*");
  nw_prediction_effect(prediction, v, NW_OUTCOME_ita_deg, 1, "typology angle");
  nw_prediction_effect(prediction, v, NW_OUTCOME_tone_variance, -1, "spread of lightness");
}

void nw_claim_read_O9(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(sun_damage, 0, 0), *sun = NW_SCENARIO(sun_damage, 1, 0);
  if (nw_variant_done(v))
    nw_prediction_show(prediction, "%", nw_reading_plain(100 * v->base.skin.elastosis),
                       "elastotic material that the sun has left, share of full");
  nw_prediction_effect(prediction, v, NW_OUTCOME_collagen_total, 1, "collagen");
  nw_prediction_effect(prediction, v, NW_OUTCOME_ra_um, -1, "roughness Ra");
  nw_prediction_effect(prediction, NW_SCENARIO(sun_spot, 0, 0), NW_OUTCOME_spot_contrast, -1,
                       "sun spot, contrast");
  nw_prediction_effect(prediction, v, NW_OUTCOME_elastin, 1, "functional elastin");
  nw_prediction_effect(prediction, v, NW_OUTCOME_glogau, -1, "Glogau class");
  nw_prediction_show(prediction, "1", nw_read_final(v, NW_OUTCOME_collagen_total),
                     "collagen at the end over the start, sunscreen");
  nw_prediction_show(prediction, "1", nw_read_final(sun, NW_OUTCOME_collagen_total),
                     "collagen at the end over the start, the sun as before");
  nw_prediction_show(prediction, "%",
                     nw_reading_plain(-fall_pct(NW_SCENARIO(sun_spot, 1, 0), NW_OUTCOME_spot_contrast)),
                     "sun spot with the sun as before, contrast");
}
