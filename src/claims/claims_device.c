/* SPDX-License-Identifier: BSD-3-Clause
   Claims about the device: what it does to the skin at once, and how sessions add up. */
#include <math.h>

#include "base/units.h"
#include "claim_readers.h"

/* ---- D1, D4: punctures ---- */

static double mean_width(const struct nw_punctures *p) {
  double sum = 0;
  for (size_t i = 0; i < p->count; i++)
    sum += p->item[i].lumen_diameter;
  return p->count > 0 ? sum / (double)p->count : NAN;
}

void nw_claim_read_D1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(single, 0, 0);
  if (!nw_variant_done(v)) return;
  const struct nw_punctures *p = &v->base.punctures;
  const double density = nw_read_density(v).value, width = mean_width(p);
  const double um = nw_unit_from_si(1, "um");
  nw_prediction_show(prediction, "1/cm^2", nw_reading_plain(density), "punctures of a session");
  nw_prediction_show(prediction, "um", nw_reading_plain(um * p->reach.mean), "depth, mean");
  nw_prediction_show(prediction, "um", nw_reading_plain(um * p->reach.sd), "depth, standard deviation");
  nw_prediction_show(prediction, "um", nw_reading_plain(um * width), "width of what stays open, mean");
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * p->layer_fraction[NW_RETICULAR_DERMIS]),
                     "punctures that end in the deep dermis");
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * p->layer_fraction[NW_SUBCUTIS]),
                     "punctures that pass through the dermis");
  const double many = nw_unit_from_si(v->c->params.claims_many, "1/cm^2");
  nw_prediction_part(prediction, nw_part_true(density >= many),
                     "more than %.0f punctures on a square centimetre", many);
  nw_prediction_part(prediction, nw_part_within(width, v->c->device.needle_diameter),
                     "each hole is no wider than a needle");
  nw_prediction_part(prediction, nw_part_within(p->count > 0 ? p->reach.sd : NAN, 0.5 * p->reach.mean),
                     "the depth is controlled: it spreads by less than half of itself");
}

void nw_claim_read_D4(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(standard, 0, 0);
  if (!nw_variant_done(v)) return;
  const double face = v->c->params.claims_face, count = v->base.punctures.density * face;
  nw_prediction_show(prediction, "1/cm^2", nw_read_density(v), "punctures of a session");
  nw_prediction_show(prediction, "1", nw_reading_plain(count), "punctures on %.0f cm2 of face",
                     nw_unit_from_si(face, "cm^2"));
  nw_prediction_part(prediction, nw_part_true(count >= 1000), "thousands of punctures in a session");
}

/* ---- D2: patterns ---- */

/* Mean distance to the nearest neighbour in the first pass, over that of a random pattern as dense: 1 random,
   up to 2.1 for a regular one, towards 0 for clusters. */
static double regularity(const struct nw_variant *v) {
  const struct nw_punctures *p = &v->base.punctures;
  const struct nw_patch *patch = &v->c->patch;
  double sum = 0;
  size_t n = 0;
  for (size_t i = 0; i < p->count; i++) {
    if (p->item[i].pass != 0) continue;
    double nearest = INFINITY;
    for (size_t k = 0; k < p->count; k++)
      if (k != i && p->item[k].pass == 0)
        nearest = fmin(nearest, hypot(p->item[i].x - p->item[k].x, p->item[i].y - p->item[k].y));
    if (isfinite(nearest)) sum += nearest;
    n++;
  }
  return n > 1 ? 2 * sqrt((double)n / (patch->width * patch->height)) * sum / (double)n : NAN;
}

void nw_claim_read_D2(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  enum { KINDS = 3 };
  static const char *const kind[KINDS] = {"roller", "stamp", "pen"};
  double pattern[KINDS], density[KINDS];
  for (size_t i = 0; i < KINDS; i++) {
    const struct nw_variant *v = NW_SCENARIO(kinds, i, 0);
    density[i] = nw_read_density(v).value;
    pattern[i] = nw_variant_done(v) ? regularity(v) : NAN;
    nw_prediction_show(prediction, "1/cm^2", nw_reading_plain(density[i]), "%s: punctures of a session",
                       kind[i]);
    nw_prediction_show(prediction, "1", nw_reading_plain(pattern[i]), "%s: spacing over random", kind[i]);
  }
  for (size_t i = 0; i < KINDS; i++) {
    const size_t k = (i + 1) % KINDS;
    const struct nw_variant *v = NW_SCENARIO(kinds, i, 0);
    const bool differs = nw_part_above(v, pattern[i], pattern[k]) != NW_PART_FAILS ||
                         nw_part_above(v, density[i], density[k]) != NW_PART_FAILS;
    nw_prediction_part(prediction, nw_part_true(differs), "%s and %s leave different patterns", kind[i],
                       kind[k]);
  }
  const struct nw_variant *slow = NW_SCENARIO(power, 0, 0), *fast = NW_SCENARIO(power, 2, 0);
  const struct nw_variant *shallow = NW_SCENARIO(kinds, 2, 0), *deep = NW_SCENARIO(kinds, 2, 1);
  nw_prediction_part(prediction,
                     nw_part_above(slow, nw_read_density(fast).value, nw_read_density(slow).value),
                     "a faster pen makes more punctures");
  nw_prediction_part(prediction,
                     nw_part_above(deep, deep->base.punctures.reach.mean, shallow->base.punctures.reach.mean),
                     "a longer setting reaches deeper");
}

/* ---- D3: the best within limits ---- */

struct best {
  size_t i, j;
  double effect, least;
  bool found;
};

static struct best search(const struct nw_scenarios *scenarios, enum nw_scenario scenario) {
  struct best best = {.effect = -INFINITY, .least = INFINITY};
  for (size_t i = 0; i < nw_scenario_rows(scenarios, scenario); i++)
    for (size_t j = 0; j < nw_scenario_columns(scenarios, scenario); j++) {
      const struct nw_variant *v = nw_scenario_variant(scenarios, scenario, i, j);
      const double effect = nw_read_effect_pct(v, NW_OUTCOME_collagen_total).value;
      if (!isfinite(effect)) continue;
      best.least = fmin(best.least, effect);
      const struct nw_params *p = &v->c->params;
      const bool allowed = v->run.safety.pih_risk <= p->claims_risk_limit &&
                           v->run.safety.downtime <= p->claims_downtime_limit;
      if (!allowed || effect <= best.effect) continue;
      best = (struct best){i, j, effect, best.least, true};
    }
  return best;
}

static void show_best(const struct nw_scenarios *scenarios, enum nw_scenario scenario,
                      const struct best *best, const char *skin, struct nw_prediction *prediction) {
  char length[32] = "", passes[32] = "";
  nw_scenario_value(scenario, 0, best->i, length, sizeof length);
  nw_scenario_value(scenario, 1, best->j, passes, sizeof passes);
  const struct nw_variant *v = nw_scenario_variant(scenarios, scenario, best->i, best->j);
  nw_prediction_part(prediction, nw_part_true(best->found),
                     "%s has settings within %.0f d of downtime and %.0f %% of risk", skin,
                     nw_unit_from_si(v->c ? v->c->params.claims_downtime_limit : NAN, "d"),
                     100 * (v->c ? v->c->params.claims_risk_limit : NAN));
  if (!best->found) return;
  nw_prediction_show(prediction, "%", nw_reading_plain(best->effect),
                     "%s, best within limits (%s, passes: %s): collagen", skin, length, passes);
  nw_prediction_show(prediction, "d", nw_read_downtime(v), "%s, at these settings: downtime", skin);
  nw_prediction_show(prediction, "%", nw_read_risk(v), "%s, at these settings: risk of dark marks", skin);
}

void nw_claim_read_D3(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct best light = search(scenarios, NW_SCENARIO_tune_light),
                    dark = search(scenarios, NW_SCENARIO_tune_dark);
  show_best(scenarios, NW_SCENARIO_tune_light, &light, "phototype II", prediction);
  show_best(scenarios, NW_SCENARIO_tune_dark, &dark, "phototype VI", prediction);
  const struct nw_variant *v = NW_SCENARIO(tune_light, 0, 0);
  nw_prediction_part(prediction, light.found ? nw_part_above(v, light.effect, light.least) : NW_PART_FAILS,
                     "length and passes change the outcome");
  nw_prediction_part(prediction,
                     nw_part_true(light.found && dark.found && (light.i != dark.i || light.j != dark.j)),
                     "dark skin is best served by other settings than light skin");
}

/* ---- D5: what is left intact ---- */

static double closing_time(const struct nw_variant *v) {
  const struct nw_tissue_history *h = &v->run.tissue;
  bool open = false;
  for (size_t i = 0; i < h->count; i++) {
    const bool closed = h->item[i].coverage >= v->c->params.claims_closed;
    if (open && closed) return nw_unit_from_si(h->item[i].time, "d");
    open = open || !closed;
  }
  return open ? INFINITY : 0;
}

static void show_perforation(const struct nw_variant *v, const char *words,
                             struct nw_prediction *prediction) {
  if (!nw_variant_done(v) || v->base.injuries.count == 0) return;
  const double share = v->base.punctures.covered_fraction, time = closing_time(v);
  const struct nw_params *p = &v->c->params;
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * share), "%s: epidermis perforated", words);
  nw_prediction_show(prediction, "d", nw_reading_plain(time), "%s: closed after at most", words);
  nw_prediction_part(prediction, nw_part_within(share, p->claims_intact), "%s: at least %.0f %% left intact",
                     words, 100 * (1 - p->claims_intact));
  nw_prediction_part(prediction, nw_part_within(time, nw_unit_from_si(p->claims_closure, "d")),
                     "%s: closed within %.0f d", words, nw_unit_from_si(p->claims_closure, "d"));
}

void nw_claim_read_D5(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  show_perforation(NW_SCENARIO(single, 0, 0), "as planned", prediction);
  if (scenarios->own_plan) return;
  show_perforation(NW_SCENARIO(perforation, 0, 1), "roller, 8 passes", prediction);
  show_perforation(NW_SCENARIO(perforation, 1, 0), "pen, 2 passes", prediction);
  show_perforation(NW_SCENARIO(perforation, 1, 1), "pen, 8 passes", prediction);
}

/* ---- D6: sessions ---- */

static double collagen_gain(const struct nw_variant *v) {
  return nw_read_effect_pct(v, NW_OUTCOME_collagen_total).value;
}

void nw_claim_read_D6(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const size_t most = nw_scenario_rows(scenarios, NW_SCENARIO_sessions);
  char words[32];
  for (size_t i = 0; i < most; i++)
    if (nw_scenario_value(NW_SCENARIO_sessions, 0, i, words, sizeof words))
      nw_prediction_show(prediction, "%", nw_reading_plain(collagen_gain(NW_SCENARIO(sessions, i, 0))),
                         "collagen after %s sessions", words);
  for (size_t i = 0; i < nw_scenario_rows(scenarios, NW_SCENARIO_pauses); i++)
    if (nw_scenario_value(NW_SCENARIO_pauses, 0, i, words, sizeof words))
      nw_prediction_show(prediction, "%", nw_reading_plain(collagen_gain(NW_SCENARIO(pauses, i, 0))),
                         "collagen after four sessions %s apart", words);
  const struct nw_variant *v = NW_SCENARIO(sessions, 0, 0);
  const double one = collagen_gain(v), all = collagen_gain(NW_SCENARIO(sessions, most - 1, 0));
  nw_prediction_part(prediction, nw_part_above(v, all, one), "%zu sessions do more than one", most);
  nw_prediction_part(
      prediction,
      nw_part_above(v, collagen_gain(NW_SCENARIO(pauses, 3, 0)), collagen_gain(NW_SCENARIO(pauses, 0, 0))),
      "pauses matter: four weeks apart do more than three days apart");
}
