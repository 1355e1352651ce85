/* SPDX-License-Identifier: BSD-3-Clause
   How living skin answers a puncture at once. Sources stand in the rows of params/puncture.def. */
#include "reaction.h"

#include <math.h>

#include "base/units.h"

double nw_reaction_bleeding(const struct nw_params *p, const struct nw_skin *skin, enum nw_site_name site,
                            double depth) {
  double vessels = skin->vessels;
  /* the measured ratio of hand to crow's feet, split evenly about the other sites */
  if (site == NW_SITE_hand) vessels *= sqrt(p->hand_capillaries);
  if (site == NW_SITE_periorbital) vessels /= sqrt(p->hand_capillaries);
  return fmin(vessels / (1 + exp(-(depth - p->bleed_depth) / p->bleed_width)), 1);
}

static bool on_face_or_neck(enum nw_site_name site) {
  return site <= NW_SITE_neck || site == NW_SITE_scalp;
}

static double threshold(const struct nw_params *p, enum nw_site_name site) {
  if (on_face_or_neck(site)) return p->pain_face;
  if (site == NW_SITE_back || site == NW_SITE_upper_arm) return p->pain_shoulder;
  return site == NW_SITE_hand ? p->pain_wrist : 1;
}

double nw_reaction_stick_pain(const struct nw_params *p, enum nw_site_name site, double length, int needles) {
  const double margin = 1e-9; /* math: rounding of units, so that both ends of the range are inside */
  if (length < p->pain_length * (1 - margin) || length > p->pain_length_limit * (1 + margin)) return NAN;
  if (needles < 1 || needles > p->pain_number_limit) return NAN;
  const double pain = p->pain_shortest * pow(length / p->pain_length, p->pain_length_exponent) *
                      pow(needles, p->pain_number_exponent);
  return fmin(pain / threshold(p, site), 1);
}

double nw_reaction_painful_share(const struct nw_params *p, double diameter) {
  const double place =
      log(diameter / p->pain_thin_diameter) / log(p->pain_thick_diameter / p->pain_thin_diameter);
  const double share = p->pain_thin_odds + place * (p->pain_thick_odds - p->pain_thin_odds);
  return fmin(fmax(share, 0), 1);
}

/* One impact of few needles is what the law of the single stick was measured on. */
static double bare_pain(const struct nw_params *p, const struct nw_device *device, enum nw_site_name site) {
  if (device->kind != NW_DEVICE_STAMP || device->passes > 1) return NAN;
  return p->pain_stick * nw_reaction_stick_pain(p, site, device->needle_length, device->needle_count);
}

double nw_reaction_session_pain(const struct nw_params *p, const struct nw_device *device,
                                enum nw_site_name site) {
  if (device->kind == NW_DEVICE_NONE || device->passes == 0) return 0;
  if (device->kind == NW_DEVICE_PEEL) return NAN;
  if (device->anaesthetic == NW_ANAESTHETIC_NONE) return bare_pain(p, device, site);
  const double drug = device->anaesthetic == NW_ANAESTHETIC_STRONG_CREAM ? p->pain_strong_cream : 1;
  if (device->kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER) return drug * p->pain_ablative;
  if (device->kind == NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER) return drug * p->pain_nonablative;
  const double shorter = fmin(device->needle_length / p->pain_session_length, 1);
  const double largest = 10; /* math: end of the scale */
  return fmin(p->pain_session * drug * pow(shorter, p->pain_length_exponent), largest);
}

double nw_reaction_barrier_half_life(const struct nw_params *p, bool occluded, int phototype, double age) {
  const double darkness = (phototype - 1) / 5.0; /* math: phototypes I to VI from 0 to 1 */
  const double colour = 1 + (p->colour_factor - 1) * darkness;
  const double years = nw_unit_to_si(age, "year");
  const double old = (years - p->closure_age_young) / (p->closure_age_old - p->closure_age_young);
  const double slower = 1 + (p->age_factor - 1) * fmax(old, 0);
  return p->barrier_open * (occluded ? p->occlusion_factor : 1) * colour * slower;
}

double nw_reaction_structure_half_life(const struct nw_params *p, double length, bool rat) {
  const double reference = rat ? p->structure_rat : p->structure_human;
  return reference * pow(length / p->structure_length, p->structure_exponent);
}

double nw_reaction_closing_time(const struct nw_params *p, double half_life) {
  return -half_life * log2(p->closed_level);
}
