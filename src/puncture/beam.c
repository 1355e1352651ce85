/* SPDX-License-Identifier: BSD-3-Clause
   Columns of fractional lasers. Sources stand in the rows of params/puncture.def. */
#include "beam.h"

#include <math.h>

#include "base/units.h"

static double ablated_depth(const struct nw_params *p, const struct nw_device *d) {
  if (!(d->laser.energy > 0)) return d->needle_length;
  return p->beam_ablated * pow(d->laser.energy / p->beam_ablated_energy, p->beam_ablated_exponent) *
         pow(d->needle_diameter / p->beam_ablated_spot, p->beam_spot_exponent);
}

static struct nw_beam ablative(const struct nw_params *p, const struct nw_device *d) {
  struct nw_beam b = {.hole_depth = ablated_depth(p, d), .hole_radius = 0.5 * d->needle_diameter};
  b.depth = b.hole_depth > 0 ? b.hole_depth + p->beam_floor : 0;
  b.radius = b.hole_radius + p->beam_shell;
  b.rim = p->heat_rim;
  return b;
}

static struct nw_beam heating(const struct nw_params *p, const struct nw_device *d) {
  struct nw_beam b = {
      .depth = d->needle_length, .radius = 0.5 * p->beam_coagulated_width, .rim = p->heat_rim};
  if (!(d->laser.energy > 0)) return b;
  const double more = d->laser.energy / p->beam_coagulated_energy;
  b.depth = p->beam_coagulated * pow(more, p->beam_coagulated_exponent);
  b.radius *= pow(more, p->beam_width_exponent);
  return b;
}

struct nw_beam nw_beam_of(const struct nw_params *p, const struct nw_device *device) {
  return device->kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER ? ablative(p, device) : heating(p, device);
}

bool nw_beam_extrapolated(const struct nw_params *p, const struct nw_device *device) {
  const double energy = device->laser.energy;
  const bool ablates = device->kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER;
  const double margin = 1e-9; /* math: rounding of units at the ends of the range */
  const double least = ablates ? p->beam_ablated_least : p->beam_coagulated_least;
  const double most = ablates ? p->beam_ablated_most : p->beam_coagulated_most;
  return energy > 0 && (energy < least * (1 - margin) || energy > most * (1 + margin));
}

enum nw_status nw_beam_check(struct nw_context *context, const struct nw_params *p,
                             const struct nw_device *device) {
  const double wavelength = device->laser.wavelength;
  if (!(wavelength > 0)) return NW_OK;
  const bool ablates = device->kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER;
  if (ablates == (wavelength >= p->beam_ablates)) return NW_OK;
  return nw_fail(
      context, NW_BAD_PLAN, "device.laser.wavelength", "%.4g nm: %s", nw_unit_from_si(wavelength, "nm"),
      ablates ? "light of this wavelength heats skin and does not vaporise it; "
                "fractional_nonablative_laser is the kind for it"
              : "light of this wavelength vaporises skin; fractional_ablative_laser is the kind for it");
}
