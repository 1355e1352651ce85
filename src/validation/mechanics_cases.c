/* SPDX-License-Identifier: BSD-3-Clause
   Published values of the mechanics against what the laws give. The conditions of each study stand here
   as literals: they are data, not beliefs. */
#include "mechanics_cases.h"

#include <math.h>

#include "base/units.h"
#include "device/device.h"
#include "plan/device_library.h"
#include "puncture/beam.h"
#include "puncture/mechanics.h"
#include "puncture/reaction.h"
#include "skin/skin.h"

static double um(double value) {
  return nw_unit_to_si(value, "um");
}

/* A young woman's skin at a site, without sun. */
static struct nw_skin skin_at(const struct nw_params *p, enum nw_site_name site, double age) {
  const struct nw_case c = {
      .params = *p, .subject = {.age = age, .sex = NW_FEMALE, .phototype = 1, .ageing = true, .site = site}};
  struct nw_run run = {.c = &c};
  (void)nw_skin_run(NULL, &c, &run);
  return run.skin;
}

static double reach_at(const struct nw_params *p, enum nw_device_kind kind, double length, double age) {
  const struct nw_skin skin = skin_at(p, NW_SITE_forearm, age);
  return nw_mechanics_reach(length, nw_mechanics_dimple(p, kind, &skin));
}

static double sharp_tip_force(const struct nw_params *p) {
  return nw_mechanics_tip_force(p, NW_DEVICE_STAMP, um(5));
}

static double blunt_tip_force(const struct nw_params *p) {
  return nw_mechanics_tip_force(p, NW_DEVICE_STAMP, um(37));
}

static double blunt_tip_stroke(const struct nw_params *p) {
  const struct nw_skin skin = skin_at(p, NW_SITE_forearm, 30);
  return nw_mechanics_gate(p, NW_DEVICE_STAMP, &skin, um(37)) + um(160);
}

/* Past the gate the reach is one law for every tip. */
static double tip_spread(const struct nw_params *p) {
  const struct nw_skin skin = skin_at(p, NW_SITE_forearm, 30);
  const double stroke = um(1500), reach = reach_at(p, NW_DEVICE_ROLLER, stroke, 30);
  const double sharp = nw_mechanics_gate(p, NW_DEVICE_ROLLER, &skin, um(5)) <= stroke ? reach : 0;
  const double blunt = nw_mechanics_gate(p, NW_DEVICE_ROLLER, &skin, um(37)) <= stroke ? reach : 0;
  return (blunt - sharp) / reach;
}

static double hand_ratio(const struct nw_params *p) {
  return reach_at(p, NW_DEVICE_ROLLER, um(1000), 30) / um(1000);
}

static double array_reach(const struct nw_params *p) {
  return reach_at(p, NW_DEVICE_STAMP, um(600), 30);
}

static double pen_reach(const struct nw_params *p) {
  return reach_at(p, NW_DEVICE_PEN, um(500), 30);
}

static double old_reach(const struct nw_params *p) {
  return reach_at(p, NW_DEVICE_STAMP, um(600), 70) / reach_at(p, NW_DEVICE_STAMP, um(600), 25);
}

static double rat_mouth(const struct nw_params *p) {
  return nw_mechanics_mouth(p, um(140));
}

static double hip_lumen(const struct nw_params *p) {
  const struct nw_skin skin = skin_at(p, NW_SITE_hip, 40);
  return fmin(reach_at(p, NW_DEVICE_RF_NEEDLE, um(1500), 40), skin.stratum_corneum + skin.viable_epidermis);
}

static double fast_force(const struct nw_params *p) {
  const double slow = nw_unit_to_si(30, "mN");
  return slow * nw_mechanics_speed_factor(p, nw_unit_to_si(1, "mm/s")) /
         nw_mechanics_speed_factor(p, nw_unit_to_si(0.5, "mm/s"));
}

static double retraction(const struct nw_params *p) {
  return nw_mechanics_retraction(p, um(100), um(100));
}

static double small_probe(const struct nw_params *p) {
  return nw_mechanics_probe_modulus(p, um(0.5));
}

static double large_probe(const struct nw_params *p) {
  return nw_mechanics_probe_modulus(p, um(20));
}

static double open_closing(const struct nw_params *p) {
  return nw_reaction_closing_time(p, nw_reaction_barrier_half_life(p, false, 1, 25));
}

static double patch_half_life(const struct nw_params *p) {
  return nw_reaction_barrier_half_life(p, true, 1, 25);
}

static double patch_closing(const struct nw_params *p) {
  return nw_reaction_closing_time(p, patch_half_life(p));
}

static double short_dye(const struct nw_params *p) {
  return nw_reaction_closing_time(p, nw_reaction_structure_half_life(p, um(370), true));
}

static double long_dye(const struct nw_params *p) {
  return nw_reaction_closing_time(p, nw_reaction_structure_half_life(p, um(770), true));
}

static double rat_barrier(const struct nw_params *p) {
  return nw_reaction_closing_time(p, p->barrier_rat);
}

static double human_hole(const struct nw_params *p) {
  return nw_reaction_closing_time(p, nw_reaction_structure_half_life(p, p->structure_length, false));
}

static double colour_ratio(const struct nw_params *p) {
  return nw_reaction_barrier_half_life(p, true, 6, 25) / nw_reaction_barrier_half_life(p, true, 1, 25);
}

static double stick(const struct nw_params *p, double length_um, int needles) {
  return nw_reaction_stick_pain(p, NW_SITE_forearm, um(length_um), needles);
}

static double longer_pain(const struct nw_params *p) {
  return stick(p, 1440, 1) / stick(p, 480, 1);
}

static double more_pain(const struct nw_params *p) {
  return stick(p, 620, 50) / stick(p, 620, 5);
}

static double least_pain(const struct nw_params *p) {
  return stick(p, 480, 1);
}

static double cream_pain(const struct nw_params *p) {
  struct nw_device roller = nw_device_default(NW_DEVICE_ROLLER);
  roller.needle_length = um(1000);
  roller.anaesthetic = NW_ANAESTHETIC_CREAM;
  return nw_reaction_session_pain(p, &roller, NW_SITE_cheek);
}

static double driven_pain(const struct nw_params *p) {
  return cream_pain(p) * p->pain_driven_cream;
}

static double thin_pain(const struct nw_params *p) {
  return nw_reaction_painful_share(p, um(235));
}

static double thick_pain(const struct nw_params *p) {
  return nw_reaction_painful_share(p, um(641));
}

/* Sun-protected: between 25 and 65 years, of the young value. */
static double thinning(const struct nw_params *p) {
  return (nw_skin_collagen_at(p, 25, 0, false) - nw_skin_collagen_at(p, 65, 0, false)) / 4;
}

static double roller_density(const struct nw_params *p) {
  const struct nw_device roller = nw_device_default(NW_DEVICE_ROLLER);
  return 15 * nw_device_pass_density(p, &roller, roller.needle_count);
}

static struct nw_beam beam(const struct nw_params *p, enum nw_device_kind kind, double energy_mJ,
                           double spot_um) {
  struct nw_device laser = nw_device_default(kind);
  laser.laser.energy = nw_unit_to_si(energy_mJ, "mJ");
  laser.needle_diameter = um(spot_um);
  return nw_beam_of(p, &laser);
}

static double hole(const struct nw_params *p, double energy_mJ, double spot_um) {
  return beam(p, NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, energy_mJ, spot_um).hole_depth;
}

static double hole_80(const struct nw_params *p) {
  return hole(p, 80, 120);
}

static double hole_160(const struct nw_params *p) {
  return hole(p, 160, 120);
}

static double burn_80(const struct nw_params *p) {
  return beam(p, NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 80, 120).depth;
}

static double burn_160(const struct nw_params *p) {
  return beam(p, NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 160, 120).depth;
}

static double hole_middle(const struct nw_params *p) {
  return hole(p, 140, 300);
}

static double hole_wide(const struct nw_params *p) {
  return hole(p, 140, 1000);
}

static double column_depth(const struct nw_params *p) {
  return beam(p, NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 40, 0).depth;
}

static double column_width(const struct nw_params *p) {
  return 2 * beam(p, NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 40, 0).radius;
}

struct row {
  struct nw_mechanics_case fixed;
  double (*predict)(const struct nw_params *p); /* SI */
};

static const struct row rows[] = {
#define MECHANICS_CASE(id_, predict_, quantity_, unit_, published_, low_, high_, citation_, note_) \
  {{.id = #id_,                                                                                    \
    .quantity = quantity_,                                                                         \
    .unit = unit_,                                                                                 \
    .published = published_,                                                                       \
    .low = low_,                                                                                   \
    .high = high_,                                                                                 \
    .citation = citation_,                                                                         \
    .note = note_},                                                                                \
   predict_},
#include "../../model/mechanics_cases.def"
#undef MECHANICS_CASE
};

size_t nw_mechanics_case_count(void) {
  return NW_COUNT(rows);
}

struct nw_mechanics_case nw_mechanics_case_at(const struct nw_params *p, size_t i) {
  struct nw_mechanics_case result = rows[i].fixed;
  result.predicted = nw_unit_from_si(rows[i].predict(p), result.unit);
  result.inside = result.low <= result.predicted && result.predicted <= result.high;
  return result;
}
