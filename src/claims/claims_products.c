/* SPDX-License-Identifier: BSD-3-Clause
   Claims about products: what channels let in, and what it does. */
#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "claim_readers.h"
#include "outcome/outcome.h"
#include "plan/product_library.h"

/* Amount in blood when last followed [kg/m2]. */
static double in_blood(const struct nw_variant *v) {
  if (!nw_variant_done(v) || !v->base.absorption || v->c->n_products == 0) return NAN;
  const struct nw_absorption *a = &v->base.absorption[0];
  return a->n_times > 0 ? a->needled.blood[a->n_times - 1] : NAN;
}

void nw_claim_read_P1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  char name[64], delay[32];
  const size_t delays = nw_scenario_columns(scenarios, NW_SCENARIO_absorption);
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_absorption); i++) {
    const struct nw_variant *at_once = NW_SCENARIO(absorption, i, 0);
    const double first = nw_read_enhancement(at_once, 0);
    if (!nw_scenario_value(NW_SCENARIO_absorption, 0, i, name, sizeof name)) return;
    for (size_t j = 0; j < delays; j++)
      if (nw_scenario_value(NW_SCENARIO_absorption, 1, j, delay, sizeof delay))
        nw_prediction_show(prediction, "1",
                           nw_reading_plain(nw_read_enhancement(NW_SCENARIO(absorption, i, j), 0)),
                           "%s, %s after: needled over intact", name, delay);
    nw_prediction_show(prediction, "ug/cm^2", nw_reading_plain(nw_unit_from_si(in_blood(at_once), "ug/cm^2")),
                       "%s: in blood", name);
    nw_prediction_part(prediction, nw_part_above(at_once, first, 1), "%s: more gets in", name);
    nw_prediction_part(
        prediction,
        nw_part_above(at_once, first, nw_read_enhancement(NW_SCENARIO(absorption, i, delays - 1), 0)),
        "%s: less so as channels close", name);
  }
}

/* A serum before or after: what it adds to collagen, in percent of the baseline. */
static double added(const struct nw_scenarios *scenarios, size_t i, size_t j) {
  return nw_read_effect_pct(NW_SCENARIO(serums, i, j), NW_OUTCOME_collagen_total).value -
         nw_read_effect_pct(NW_SCENARIO(no_serum, 0, 0), NW_OUTCOME_collagen_total).value;
}

void nw_claim_read_P2(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const double resolution = 100 * nw_outcome_rows()[NW_OUTCOME_collagen_total].resolution;
  char name[64];
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_serums); i++) {
    const struct nw_variant *after = NW_SCENARIO(serums, i, 1);
    if (!nw_scenario_value(NW_SCENARIO_serums, 0, i, name, sizeof name)) return;
    const double ratio = nw_read_enhancement(after, 0),
                 more = fmax(added(scenarios, i, 0), added(scenarios, i, 1));
    const char *warning = nw_product_warning(name);
    nw_prediction_show(prediction, "1", nw_reading_plain(nw_read_enhancement(NW_SCENARIO(serums, i, 0), 0)),
                       "%s before: needled over intact", name);
    nw_prediction_show(prediction, "1", nw_reading_plain(ratio), "%s after: needled over intact", name);
    nw_prediction_show(prediction, "%", nw_reading_plain(more), "%s: collagen beyond that of needles alone",
                       name);
    nw_prediction_part(prediction, nw_part_above(after, ratio, 1), "%s gets in through the channels", name);
    nw_prediction_part(prediction, isfinite(more) ? nw_part_true(more >= resolution) : NW_PART_UNKNOWN,
                       "%s adds to the healing", name);
    nw_prediction_part(prediction, nw_part_true(!warning), "%s carries no warning on open channels%s%.120s",
                       name, warning ? ": " : "", warning ? warning : "");
  }
}
