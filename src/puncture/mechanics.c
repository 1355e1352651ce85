/* SPDX-License-Identifier: BSD-3-Clause
   Closed-form laws of a needle meeting skin. Their sources stand in the rows of params/puncture.def. */
#include "mechanics.h"

#include <float.h>
#include <math.h>

double nw_mechanics_reach(double length, double dimple) {
  if (length <= 0) return 0;
  if (dimple <= 0) return length;
  /* expm1 keeps the parabola d ~ L^2 / (2 dimple) of short needles exact */
  return length + dimple * expm1(-length / dimple);
}

double nw_mechanics_dimple(const struct nw_params *p, enum nw_device_kind kind, const struct nw_skin *skin) {
  double dimple = p->delta_hand;
  if (kind == NW_DEVICE_STAMP) dimple = p->delta_array;
  if (kind == NW_DEVICE_PEN) dimple = p->delta_pen;
  if (kind == NW_DEVICE_RF_NEEDLE) dimple = p->delta_motor_array;
  /* F = K d^2 at equal force: the dimple goes with the root of compliance */
  dimple *= sqrt(p->stiffness_reference / skin->elastic_modulus);
  const double soft_tissue = skin->stratum_corneum + skin->viable_epidermis + skin->dermis + skin->subcutis;
  return skin->over_bone ? fmin(dimple, p->bone_dimple * soft_tissue) : dimple;
}

double nw_mechanics_tip_force(const struct nw_params *p, enum nw_device_kind kind, double tip_diameter) {
  const double vibration = kind == NW_DEVICE_PEN ? p->vibration_force : 1;
  return p->force_per_tip * tip_diameter * vibration;
}

double nw_mechanics_speed_factor(const struct nw_params *p, double speed) {
  const double within = fmin(fmax(speed, p->speed_reference), p->speed_limit);
  return pow(within / p->speed_reference, p->speed_exponent);
}

double nw_mechanics_gate(const struct nw_params *p, enum nw_device_kind kind, const struct nw_skin *skin,
                         double tip_diameter) {
  /* a round number on the border must not fall to either side by rounding */
  if (tip_diameter <= p->blunt_tip * (1 + FLT_EPSILON)) return 0;
  double stiffness = p->dimple_stiffness * skin->elastic_modulus / p->stiffness_reference;
  if (kind == NW_DEVICE_PEN || kind == NW_DEVICE_RF_NEEDLE) stiffness *= p->fast_stiffening;
  return sqrt(nw_mechanics_tip_force(p, kind, tip_diameter) / stiffness);
}

double nw_mechanics_probe_modulus(const struct nw_params *p, double radius) {
  return p->probe_modulus * pow(radius / p->probe_radius, p->probe_exponent);
}

double nw_mechanics_entry_angle(double drum_radius, double depth) {
  return acos(drum_radius / (drum_radius + fmax(depth, 0)));
}

double nw_mechanics_slit(const struct nw_params *p, double drum_radius, double depth) {
  const double angle = nw_mechanics_entry_angle(drum_radius, depth);
  return 2 * drum_radius * (tan(angle) - angle) * (1 - p->slit_following);
}

double nw_mechanics_needles_in_skin(int count, double drum_radius, double depth) {
  return count * nw_mechanics_entry_angle(drum_radius, depth) / NW_PI;
}

double nw_mechanics_pen_drag(double frequency, double glide_speed, double stroke, double depth) {
  const double cosine = fmax(1 - 2 * depth / stroke, -1);
  return glide_speed / frequency * acos(cosine) / NW_PI;
}

double nw_mechanics_retraction(const struct nw_params *p, double diameter, double depth) {
  return p->friction_stress * NW_PI * diameter * depth;
}

double nw_mechanics_buckling_load(const struct nw_params *p, double length, double diameter) {
  const double effective = p->column_fixity * length;
  const double second_moment = NW_PI * pow(diameter, 4) / 64; /* math: of a round rod */
  return NW_PI * NW_PI * p->steel_modulus * second_moment / (effective * effective);
}

double nw_mechanics_bending_stress(double length, double diameter, double side_force) {
  return 32 * side_force * length / (NW_PI * pow(diameter, 3)); /* math: outer fibre of a round cantilever */
}

double nw_mechanics_worn_tip(const struct nw_params *p, double tip_radius, double punctures) {
  const double worn = tip_radius + p->tip_wear * punctures;
  return fmin(worn, fmax(tip_radius, p->worn_tip));
}

double nw_mechanics_mouth(const struct nw_params *p, double needle_diameter) {
  return p->mouth_ratio * needle_diameter;
}
