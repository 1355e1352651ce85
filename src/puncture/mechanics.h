/* SPDX-License-Identifier: BSD-3-Clause
   Closed-form laws of a needle meeting skin: dimple, reach, gate, force, slit, drag, strength. All SI. */
#pragma once
#include "run.h"

/* Depth of the tip below the surface for a needle of `length` whose dimple saturates at `dimple`:
   d = L - dimple (1 - exp(-L / dimple)) [m]. dimple 0 gives the whole length. */
double nw_mechanics_reach(double length, double dimple);
/* Saturated dimple by class of device, stiffness of the site and bone below [m]. */
double nw_mechanics_dimple(const struct nw_params *p, enum nw_device_kind kind, const struct nw_skin *skin);
/* Force to drive one tip of this diameter [m] through the surface; less where the needle vibrates [N]. */
double nw_mechanics_tip_force(const struct nw_params *p, enum nw_device_kind kind, double tip_diameter);
/* Factor of that force at insertion speed [m/s], held constant outside the measured range [1]. */
double nw_mechanics_speed_factor(const struct nw_params *p, double speed);
/* Dimple that a blunt tip must press before it enters; 0 for a tip sharp enough to slide in [m]. */
double nw_mechanics_gate(const struct nw_params *p, enum nw_device_kind kind, const struct nw_skin *skin,
                         double tip_diameter);
/* Apparent elastic modulus under a round probe of this radius [m]: stiffness depends on size [Pa]. */
double nw_mechanics_probe_modulus(const struct nw_params *p, double radius);
/* Angle against the normal at which a needle on a drum of this radius enters to reach `depth` [rad]. */
double nw_mechanics_entry_angle(double drum_radius, double depth);
/* Length of the cut that such a needle leaves, less what the skin follows [m]. */
double nw_mechanics_slit(const struct nw_params *p, double drum_radius, double depth);
/* Needles of a drum in the skin at once [1]. */
double nw_mechanics_needles_in_skin(int count, double drum_radius, double depth);
/* Travel of a gliding pen while a needle is in the skin; a stroke shorter than twice half the depth
   leaves the needle in all the time [m]. */
double nw_mechanics_pen_drag(double frequency, double glide_speed, double stroke, double depth);
/* Force to pull a buried cylinder out [N]. */
double nw_mechanics_retraction(const struct nw_params *p, double diameter, double depth);
/* Euler load of a steel needle [N], and stress of a sideways force at its tip [Pa]. */
double nw_mechanics_buckling_load(const struct nw_params *p, double length, double diameter);
double nw_mechanics_bending_stress(double length, double diameter, double side_force);
/* Tip radius after so many punctures by one needle [m]. */
double nw_mechanics_worn_tip(const struct nw_params *p, double tip_radius, double punctures);
/* Open mouth of a channel by base diameter [m]. */
double nw_mechanics_mouth(const struct nw_params *p, double needle_diameter);
