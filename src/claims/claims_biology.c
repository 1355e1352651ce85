/* SPDX-License-Identifier: BSD-3-Clause
   Claims about the biology: what happens below and in the skin, with needles and without. */
#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "claim_readers.h"
#include "outcome/outcome.h"

/* ---- B1: phases ---- */

static double show_peak(const struct nw_variant *v, enum nw_outcome outcome, const char *words,
                        struct nw_prediction *prediction) {
  const double day = nw_read_peak_time(v, outcome);
  nw_prediction_show(prediction, "d", nw_reading_plain(day), "%s: most on day", words);
  return day;
}

/* First time at which half of the largest rise is reached [d]. */
static double rising_time(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_timeline *t = &v->run.timeline;
  const double half = 0.5 * nw_read_rise(v, outcome).value;
  for (size_t i = 0; i < t->n_rows && half > 0; i++)
    if (t->value[i][outcome] - t->value[0][outcome] >= half) return nw_unit_from_si(t->time[i], "d");
  return NAN;
}

static void part_before(double first, double then, const char *words, struct nw_prediction *prediction) {
  const bool known = isfinite(first) && isfinite(then);
  nw_prediction_part(prediction, known ? nw_part_true(first < then) : NW_PART_FAILS, "%s", words);
}

void nw_claim_read_B1(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(single, 0, 0);
  const double neutrophils = show_peak(v, NW_OUTCOME_neutrophil, "neutrophils", prediction);
  show_peak(v, NW_OUTCOME_macrophage_m1, "pro-inflammatory macrophages", prediction);
  const double repair = show_peak(v, NW_OUTCOME_macrophage_m2, "repair macrophages", prediction);
  const double fibroblasts = show_peak(v, NW_OUTCOME_fibroblast, "fibroblasts", prediction);
  const double matrix = show_peak(v, NW_OUTCOME_collagen_total, "collagen", prediction);
  const double share = v->c ? v->c->params.claims_gone : NAN;
  const double gone = nw_read_gone_time(v, NW_OUTCOME_macrophage_m2, share);
  nw_prediction_show(prediction, "d", nw_reading_plain(gone), "repair macrophages: gone on day");
  part_before(neutrophils, repair, "neutrophils come before repair macrophages", prediction);
  part_before(repair, fibroblasts, "repair macrophages come before fibroblasts", prediction);
  part_before(fibroblasts, matrix, "fibroblasts come before most of the collagen", prediction);
  part_before(rising_time(v, NW_OUTCOME_fibroblast), isfinite(repair) && !isfinite(gone) ? INFINITY : gone,
              "the phases overlap: fibroblasts are half way up before repair macrophages are gone",
              prediction);
}

/* ---- B2: signals ---- */

void nw_claim_read_B2(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  static const struct {
    enum nw_outcome outcome;
    const char *words;
  } signal[] = {{NW_OUTCOME_inflammatory, "inflammatory cytokines"},
                {NW_OUTCOME_mitogen, "platelet and fibroblast growth factors"},
                {NW_OUTCOME_tgf_beta, "TGF-beta 1 and 2"},
                {NW_OUTCOME_tgf_beta_3, "TGF-beta 3"},
                {NW_OUTCOME_vegf, "VEGF"}};
  const struct nw_variant *v = NW_SCENARIO(single, 0, 0);
  for (size_t i = 0; i < NW_COUNT(signal); i++) {
    show_peak(v, signal[i].outcome, signal[i].words, prediction);
    nw_prediction_show(prediction, "ng/mL", nw_read_rise(v, signal[i].outcome), "%s: rise", signal[i].words);
    nw_prediction_show(
        prediction, "d",
        nw_reading_plain(nw_read_gone_time(v, signal[i].outcome, v->c ? v->c->params.claims_gone : NAN)),
        "%s: gone on day", signal[i].words);
    nw_prediction_part(prediction, nw_part_rise(v, signal[i].outcome), "%s rise", signal[i].words);
  }
}

/* ---- B3 to B5: vessels and matrix ---- */

void nw_claim_read_B3(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(single, 0, 0);
  const double baseline = nw_read_baseline(v, NW_OUTCOME_vessel_density);
  const struct nw_reading rise = nw_read_rise(v, NW_OUTCOME_vessel_density);
  show_peak(v, NW_OUTCOME_vessel_density, "vessels", prediction);
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * rise.value / baseline), "vessels, largest rise");
  nw_prediction_show(prediction, "%",
                     nw_reading_plain(nw_read_effect_pct_at(v, NW_OUTCOME_vessel_density, 90)),
                     "vessels on day 90, against untreated");
  nw_prediction_part(prediction, nw_part_rise(v, NW_OUTCOME_vessel_density), "vessels grow for a while");
  nw_prediction_effect(prediction, v, NW_OUTCOME_vessel_density, 1, "vessels at the end of follow-up");
}

void nw_claim_read_B4(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(standard, 0, 0), *once = NW_SCENARIO(single, 0, 0);
  nw_prediction_effect(prediction, v, NW_OUTCOME_collagen_III, 1, "collagen III");
  nw_prediction_effect(prediction, v, NW_OUTCOME_collagen_I, 1, "collagen I");
  nw_prediction_show(prediction, "%", nw_read_effect_pct(v, NW_OUTCOME_collagen_total_reticular),
                     "collagen of the deep dermis, against untreated");
  const double third = nw_read_half_time(once, NW_OUTCOME_collagen_III);
  const double first = nw_read_half_time(once, NW_OUTCOME_collagen_I);
  nw_prediction_show(prediction, "d", nw_reading_plain(third),
                     "one session: half of the gain of collagen III by day");
  nw_prediction_show(prediction, "d", nw_reading_plain(first),
                     "one session: half of the gain of collagen I by day");
  const double ratio = nw_read_rise(once, NW_OUTCOME_collagen_ratio_III_I).value;
  nw_prediction_show(prediction, "1", nw_reading_plain(ratio),
                     "one session: largest rise of the ratio of III to I");
  part_before(third, first, "collagen III comes before collagen I", prediction);
}

void nw_claim_read_B5(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(standard, 0, 0);
  nw_prediction_show(prediction, "1", nw_read_rise(v, NW_OUTCOME_tropoelastin),
                     "precursor of elastin, largest rise");
  nw_prediction_part(prediction, nw_part_rise(v, NW_OUTCOME_tropoelastin),
                     "the precursor of elastin is made");
  nw_prediction_show(prediction, "%", nw_reading_plain(nw_read_effect_pct_at(v, NW_OUTCOME_elastin, 90)),
                     "functional elastin on day 90, against untreated");
  nw_prediction_effect(prediction, v, NW_OUTCOME_elastin, 1, "functional elastin");
}

/* ---- B6, B10: epidermis and barrier ---- */

struct turnover {
  double most;        /* largest drive of division over rest [1] */
  double days;        /* for which it is above rest by more than what counts [d] */
  double least_horny; /* thinnest horny layer over the first [1] */
};

static struct turnover turnover_of(const struct nw_variant *v) {
  const struct nw_tissue_history *h = &v->run.tissue;
  struct turnover t = {1, 0, 1};
  for (size_t i = 0; i + 1 < h->count; i++) {
    const double drive = h->item[i].proliferative_drive;
    t.most = fmax(t.most, drive);
    if (drive > 1 + v->c->params.claims_differ)
      t.days += nw_unit_from_si(h->item[i + 1].time - h->item[i].time, "d");
    t.least_horny = fmin(t.least_horny, h->item[i].stratum_corneum / h->item[0].stratum_corneum);
  }
  return t;
}

void nw_claim_read_B6(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(single, 0, 0), *course = NW_SCENARIO(standard, 0, 0);
  if (!nw_variant_done(v)) return;
  const struct turnover t = turnover_of(v);
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * (t.most - 1)),
                     "drive of division, largest rise");
  nw_prediction_show(prediction, "d", nw_reading_plain(t.days), "faster turnover lasts");
  nw_prediction_show(prediction, "%", nw_reading_plain(100 * (t.least_horny - 1)),
                     "horny layer at its thinnest");
  nw_prediction_part(prediction, nw_part_above(v, t.most, 1), "cells divide faster for a while");
  nw_prediction_part(prediction, nw_part_above(v, 1, t.least_horny), "the horny layer is shed in part");
  nw_prediction_effect(prediction, course, NW_OUTCOME_epidermal_thickness_um, 1,
                       "thickness of the epidermis after the course");
}

void nw_claim_read_B10(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(standard, 0, 0), *once = NW_SCENARIO(single, 0, 0);
  const double share = once->c ? once->c->params.claims_gone : NAN;
  nw_prediction_effect(prediction, v, NW_OUTCOME_dermal_thickness_um, 1, "dermis, thickness");
  nw_prediction_show(prediction, "g/(m^2 h)", nw_read_rise(once, NW_OUTCOME_tewl_g_m2_h),
                     "one session: water loss, largest rise");
  nw_prediction_show(prediction, "d",
                     nw_reading_plain(nw_read_gone_time(once, NW_OUTCOME_tewl_g_m2_h, share)),
                     "one session: nine tenths of that gone on day");
  nw_prediction_effect(prediction, v, NW_OUTCOME_tewl_g_m2_h, -1, "water loss");
  nw_prediction_effect(prediction, v, NW_OUTCOME_hydration, 1, "hydration");
}

/* ---- B7, B12: glands ---- */

void nw_claim_read_B7(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(pores, 0, 0);
  nw_prediction_show(prediction, "ug/cm^2", nw_reading_plain(nw_read_baseline(v, NW_OUTCOME_sebum_ug_cm2)),
                     "sebum before the course");
  nw_prediction_effect(prediction, v, NW_OUTCOME_sebum_ug_cm2, -1, "sebum of oily skin");
}

void nw_claim_read_B12(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(comedones, 0, 0);
  nw_prediction_show(prediction, "1", nw_reading_plain(nw_read_baseline(v, NW_OUTCOME_comedo_load)),
                     "comedo load before the course");
  nw_prediction_effect(prediction, v, NW_OUTCOME_comedo_load, -1, "comedo load");
}

/* ---- B8: time and sun ---- */

/* Areal collagen at the end of the untreated years, relative to a young adult [1]. */
static double collagen_left(const struct nw_variant *v) {
  const struct nw_tissue_history *h = &v->run.tissue;
  return nw_variant_done(v) && h->count > 0 ? h->item[h->count - 1].collagen_per_area : NAN;
}

/* Its change per year over the untreated years [%/year]. */
static double yearly(const struct nw_variant *v) {
  const struct nw_tissue_history *h = &v->run.tissue;
  if (!nw_variant_done(v) || h->count < 2) return NAN;
  const struct nw_tissue_state *a = &h->item[0], *b = &h->item[h->count - 1];
  return 100 * (b->collagen_per_area / a->collagen_per_area - 1) / nw_unit_from_si(b->time - a->time, "year");
}

static double elastin(const struct nw_variant *v) {
  return nw_variant_done(v) ? v->base.skin.elastin : NAN;
}

void nw_claim_read_B8(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const size_t ages = nw_scenario_rows(scenarios, NW_SCENARIO_ages);
  char age[32];
  for (size_t i = 0; i < ages; i++) {
    const struct nw_variant *shade = NW_SCENARIO(ages, i, 0), *sun = NW_SCENARIO(ages, i, 1);
    if (!nw_scenario_value(NW_SCENARIO_ages, 0, i, age, sizeof age)) return;
    nw_prediction_show(prediction, "%/year", nw_reading_plain(yearly(shade)),
                       "collagen from %s, out of the sun", age);
    nw_prediction_show(prediction, "%/year", nw_reading_plain(yearly(sun)), "collagen from %s, much sun",
                       age);
    nw_prediction_show(prediction, "1", nw_reading_plain(elastin(shade)), "elastin at %s, out of the sun",
                       age);
    nw_prediction_show(prediction, "1", nw_reading_plain(elastin(sun)), "elastin at %s, much sun", age);
    nw_prediction_part(prediction, nw_part_above(shade, collagen_left(shade), collagen_left(sun)),
                       "from %s on, sun leaves less collagen", age);
  }
  const struct nw_variant *young = NW_SCENARIO(ages, 0, 0), *old = NW_SCENARIO(ages, ages - 1, 0);
  const struct nw_variant *old_sun = NW_SCENARIO(ages, ages - 1, 1);
  nw_prediction_part(prediction, nw_part_above(young, collagen_left(young), collagen_left(old)),
                     "collagen is lost with age");
  nw_prediction_part(prediction, nw_part_above(young, elastin(young), elastin(old)),
                     "elastin is lost with age");
  nw_prediction_part(prediction, nw_part_above(old, elastin(old), elastin(old_sun)),
                     "sun adds to the loss of elastin");
}

/* ---- B9: pigment ---- */

void nw_claim_read_B9(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *light = NW_SCENARIO(melasma, 0, 0), *dense = NW_SCENARIO(dark_dense, 0, 0);
  nw_prediction_effect(prediction, light, NW_OUTCOME_mmasi, -1, "melasma score under the short roller");
  nw_prediction_effect(prediction, light, NW_OUTCOME_melanin_index, -1, "melanin under the short roller");
  nw_prediction_show(prediction, "%", nw_read_risk(light), "short roller: risk of dark marks");
  nw_prediction_effect(prediction, dense, NW_OUTCOME_melanin_index, -1,
                       "melanin of dark skin in the sun after dense needling");
  nw_prediction_show(prediction, "%", nw_read_risk(dense),
                     "dark skin in the sun, dense needling: risk of dark marks");
}

/* ---- B11: scars, session by session ---- */

void nw_claim_read_B11(const struct nw_scenarios *scenarios, struct nw_prediction *prediction) {
  const struct nw_variant *v = NW_SCENARIO(standard, 0, 0);
  char words[32];
  const size_t most = nw_scenario_rows(scenarios, NW_SCENARIO_sessions);
  for (size_t i = 0; i < most; i++)
    if (nw_scenario_value(NW_SCENARIO_sessions, 0, i, words, sizeof words))
      nw_prediction_show(prediction, "%",
                         nw_read_effect_pct(NW_SCENARIO(sessions, i, 0), NW_OUTCOME_scar_depth_um),
                         "scar depth after %s sessions, against untreated", words);
  nw_prediction_effect(prediction, v, NW_OUTCOME_collagen_total, 1, "collagen below the scar");
  nw_prediction_effect(prediction, v, NW_OUTCOME_scar_depth_um, -1, "scar depth");
  const struct nw_variant *one = NW_SCENARIO(sessions, 0, 0), *all = NW_SCENARIO(sessions, most - 1, 0);
  nw_prediction_part(prediction,
                     nw_part_above(v, -nw_read_effect_pct(all, NW_OUTCOME_scar_depth_um).value,
                                   -nw_read_effect_pct(one, NW_OUTCOME_scar_depth_um).value),
                     "it goes on over sessions");
}
