/* SPDX-License-Identifier: BSD-3-Clause
   Claims about safety and aftercare. */
#include <math.h>

#include "base/units.h"
#include "claim_readers.h"
#include "outcome/outcome.h"

void nw_claim_read_S1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(single, 0, 0);
  if (!nw_variant_done(v)) return;
  const struct nw_params *p = &v->c->params;
  const double little = nw_unit_from_si(p->claims_downtime, "d");
  const double spots = nw_unit_from_si(p->claims_bleeding, "1/cm^2");
  const double downtime = nw_read_downtime(v).value, pain = nw_read_pain(v).value;
  nw_prediction_show(prediction, "AU", nw_read_erythema(v), "redness, peak");
  nw_prediction_show(prediction, "d",
                     nw_reading_plain(nw_read_gone_time(v, NW_OUTCOME_erythema_index, p->claims_gone)),
                     "redness: nine tenths gone on day");
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * nw_read_rise(v, NW_OUTCOME_oedema).value),
                     "swelling, peak");
  nw_prediction_show(prediction, "1/cm^2", nw_read_rise(v, NW_OUTCOME_petechiae), "bleeding points, peak");
  nw_prediction_show(prediction, "1", nw_reading_plain(pain), "pain, 0 to 10");
  nw_prediction_show(prediction, "d", nw_read_downtime(v), "downtime");
  nw_prediction_part(prediction, nw_part_rise(v, NW_OUTCOME_erythema_index), "redness comes");
  nw_prediction_part(prediction, nw_part_rise(v, NW_OUTCOME_oedema), "swelling comes");
  nw_prediction_part(prediction, nw_part_true(nw_read_rise(v, NW_OUTCOME_petechiae).value >= spots),
                     "bleeding points show");
  nw_prediction_part(prediction, nw_part_within(pain, p->claims_pain), "pain of at most %.0f of 10",
                     p->claims_pain);
  nw_prediction_part(prediction, nw_part_within(downtime, little), "downtime of at most %.0f d", little);
}

void nw_claim_read_S2(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(standard, 0, 0), *unsterile = NW_SCENARIO(unsterile, 0, 0);
  if (!nw_variant_done(v)) return;
  const size_t cautions = nw_read_findings(v, NW_FINDING_CAUTION),
               stops = nw_read_findings(v, NW_FINDING_CONTRAINDICATED);
  char condition[64];
  nw_prediction_show(prediction, "1", nw_reading_plain((double)stops), "as planned: contraindications");
  nw_prediction_show(prediction, "1", nw_reading_plain((double)cautions), "as planned: cautions");
  nw_prediction_part(prediction, nw_part_true(stops == 0), "as planned nothing forbids it");
  nw_prediction_part(prediction, nw_part_true(cautions == 0), "as planned nothing asks for caution");
  if (v->base.injuries.count == 0) return;
  if (nw_variant_done(unsterile))
    nw_prediction_part(prediction, nw_part_true(nw_read_finding(unsterile, "not_sterile")),
                       "without sterile needles it is refused");
  for (size_t i = 1; i < nw_scenario_rows(scenarios, NW_SCENARIO_suitability); i++) {
    const struct nw_variant *w = NW_SCENARIO(suitability, i, 0);
    if (!nw_scenario_value(NW_SCENARIO_suitability, 0, i, condition, sizeof condition) || !nw_variant_done(w))
      continue;
    const size_t more =
        nw_read_findings(w, NW_FINDING_CAUTION) + nw_read_findings(w, NW_FINDING_CONTRAINDICATED);
    nw_prediction_show(prediction, "1",
                       nw_reading_plain((double)nw_read_findings(w, NW_FINDING_CONTRAINDICATED)),
                       "%s: contraindications", condition);
    nw_prediction_part(prediction, nw_part_true(more > cautions + stops), "an assessment that finds %s warns",
                       condition);
  }
}

/* Whether a rule about who treats objects, from a caution on. */
static bool objects(const struct nw_variant *v) {
  return nw_read_finding(v, "operator_self") || nw_read_finding(v, "operator_opens_skin") ||
         nw_read_finding(v, "operator_trained");
}

void nw_claim_read_S3(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  char who[32], length[32];
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_operators); i++)
    for (size_t j = 0; j < nw_scenario_columns(scenarios, NW_SCENARIO_operators); j++) {
      const struct nw_variant *v = NW_SCENARIO(operators, i, j);
      if (!nw_variant_done(v) || v->base.injuries.count == 0) continue;
      nw_scenario_value(NW_SCENARIO_operators, 0, i, who, sizeof who);
      nw_scenario_value(NW_SCENARIO_operators, 1, j, length, sizeof length);
      const size_t findings = nw_read_findings(v, NW_FINDING_CAUTION) + nw_read_findings(v, NW_FINDING_NOTE);
      nw_prediction_show(prediction, "1", nw_reading_plain((double)findings), "%s, %s: cautions and notes",
                         who, length);
      const bool claimed = v->c->operator_role == NW_PHYSICIAN || v->c->operator_role == NW_ACUPUNCTURIST ||
                           v->c->operator_role == NW_AESTHETICIAN;
      if (claimed)
        nw_prediction_part(prediction, nw_part_true(!objects(v)), "no objection to %s with %s", who, length);
    }
}

/* ---- A1: aftercare ---- */

void nw_claim_read_A1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *care = NW_SCENARIO(care, 0, 0), *bare = NW_SCENARIO(care_no_sunscreen, 0, 0),
                          *sun = NW_SCENARIO(care_sun, 0, 0), *dry = NW_SCENARIO(care_dry, 0, 0),
                          *harsh = NW_SCENARIO(care_harsh, 0, 0);
  const double risk = nw_read_risk(care).value, water = nw_read_final(care, NW_OUTCOME_hydration).value;
  nw_prediction_show(prediction, "%", nw_read_risk(care), "with all care: risk of dark marks");
  nw_prediction_show(prediction, "%", nw_read_risk(bare), "without sunscreen: risk of dark marks");
  nw_prediction_show(prediction, "%", nw_read_risk(sun), "without sun avoidance: risk of dark marks");
  nw_prediction_show(prediction, "AU", nw_read_final(care, NW_OUTCOME_melanin_index),
                     "with all care: melanin index");
  nw_prediction_show(prediction, "AU", nw_read_final(bare, NW_OUTCOME_melanin_index),
                     "without sunscreen: melanin index");
  nw_prediction_show(prediction, "AU", nw_reading_plain(water), "with all care: hydration");
  nw_prediction_show(prediction, "AU", nw_read_final(dry, NW_OUTCOME_hydration),
                     "without moisturiser: hydration");
  nw_prediction_show(prediction, "d", nw_read_downtime(care), "with all care: downtime");
  nw_prediction_show(prediction, "d", nw_read_downtime(harsh), "with harsh cleansing: downtime");
  nw_prediction_part(prediction, nw_part_above(care, nw_read_risk(bare).value, risk),
                     "sunscreen lowers the risk of dark marks");
  nw_prediction_part(prediction, nw_part_above(care, nw_read_risk(sun).value, risk),
                     "staying out of the sun lowers it");
  nw_prediction_part(prediction, nw_part_above(care, water, nw_read_final(dry, NW_OUTCOME_hydration).value),
                     "moisturiser keeps the skin hydrated");
  nw_prediction_part(prediction,
                     nw_part_above(care, nw_read_downtime(harsh).value, nw_read_downtime(care).value),
                     "gentle cleansing shortens the downtime");
}
