/* SPDX-License-Identifier: BSD-3-Clause
   Claims about other treatments and about the years. */
#include <math.h>

#include "base/units.h"
#include "claim_readers.h"
#include "outcome/outcome.h"

/* ---- K1: side by side ---- */

static void show_treatment(const struct nw_variant *v, const char *name, struct nw_prediction *prediction) {
  if (!nw_variant_done(v)) return;
  nw_prediction_show(prediction, "%", nw_read_effect_pct(v, NW_OUTCOME_scar_depth_um),
                     "%s: scar depth, against untreated", name);
  nw_prediction_show(prediction, "%", nw_read_effect_pct(v, NW_OUTCOME_collagen_total),
                     "%s: collagen, against untreated", name);
  nw_prediction_show(prediction, "d", nw_read_downtime(v), "%s: downtime", name);
  nw_prediction_show(prediction, "1", nw_read_pain(v), "%s: pain, 0 to 10", name);
  nw_prediction_show(prediction, "%", nw_read_risk(v), "%s: risk of dark marks", name);
}

static void compare_treatment(const struct nw_variant *own, const struct nw_variant *other, const char *name,
                              struct nw_prediction *prediction) {
  show_treatment(other, name, prediction);
  nw_prediction_part(prediction, nw_part_above(own, nw_read_pain(other).value, nw_read_pain(own).value),
                     "less pain than %s", name);
  nw_prediction_part(prediction,
                     nw_part_above(own, nw_read_downtime(other).value, nw_read_downtime(own).value),
                     "shorter recovery than %s", name);
  nw_prediction_part(prediction, nw_part_above(own, nw_read_risk(other).value, nw_read_risk(own).value),
                     "less risk of dark marks than %s", name);
}

void nw_claim_read_K1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *own = NW_SCENARIO(needled, 0, 0);
  show_treatment(own, scenarios->own_plan ? "as planned" : "needles", prediction);
  compare_treatment(own, NW_SCENARIO(alternatives, 0, 0), "ablative laser", prediction);
  compare_treatment(own, NW_SCENARIO(alternatives, 1, 0), "non-ablative laser", prediction);
  compare_treatment(own, NW_SCENARIO(alternatives, 2, 0), "superficial peel", prediction);
  compare_treatment(own, NW_SCENARIO(medium_peel, 0, 0), "medium peel", prediction);
  show_treatment(NW_SCENARIO(alternatives, 3, 0), "nothing", prediction);
}

/* ---- T1: years ---- */

/* Fall against the untreated twin at a time [%]. */
static double fall_at(const struct nw_variant *v, double time_d) {
  return -nw_read_effect_pct_at(v, NW_OUTCOME_wrinkle_depth_um, time_d);
}

static double swelling_at(const struct nw_variant *v, double time_d) {
  return nw_read_effect_pct_at(v, NW_OUTCOME_dermal_thickness_um, time_d);
}

void nw_claim_read_T1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  static const double day[] = {1, 30, 90, 180, 365, 730, 1095, 1460, 1826};
  const struct nw_variant *kept = NW_SCENARIO(upkeep, 0, 0), *left = NW_SCENARIO(no_upkeep, 0, 0);
  for (size_t i = 0; i < NW_COUNT(day); i++) {
    nw_prediction_show(prediction, "%", nw_reading_plain(-fall_at(kept, day[i])),
                       "day %.0f, upkeep: line depth", day[i]);
    nw_prediction_show(prediction, "%", nw_reading_plain(-fall_at(left, day[i])),
                       "day %.0f, no upkeep: line depth", day[i]);
  }
  const double at_once = swelling_at(kept, 1), months = fall_at(left, 180);
  nw_prediction_show(prediction, "%", nw_reading_plain(at_once), "day 1: dermis thicker, by swelling");
  const double resolution = nw_outcome_rows()[NW_OUTCOME_dermal_thickness_um].resolution;
  const double seen = 100 * resolution / nw_read_baseline(kept, NW_OUTCOME_dermal_thickness_um);
  nw_prediction_part(prediction, isfinite(at_once) ? nw_part_true(at_once >= seen) : NW_PART_UNKNOWN,
                     "some effect at once: swelling that ultrasound sees");
  nw_prediction_part(prediction, nw_part_above(kept, months, fall_at(left, 30)), "more over weeks to months");
  nw_prediction_effect(prediction, kept, NW_OUTCOME_wrinkle_depth_um, -1,
                       "five years with upkeep: line depth");
  nw_prediction_part(prediction, nw_part_above(kept, fall_at(kept, 1826), fall_at(left, 1826)),
                     "upkeep is what makes it last");
  nw_prediction_show(prediction, "%", nw_reading_plain(months > 0 ? 100 * fall_at(left, 1826) / months : NAN),
                     "without upkeep: share of the gain of day 180 that is left after five years");
}
