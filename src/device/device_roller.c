/* SPDX-License-Identifier: BSD-3-Clause
   A roller prints its lattice of needles in strips as wide as its drum. */
#include <math.h>

#include "device_motion.h"

int nw_roller_rows(const struct nw_device *device) {
  if (device->rows > 0) return device->rows;
  const double even = sqrt(device->needle_count * device->drum_width / (NW_PI * device->drum_diameter));
  int best = 1;
  for (int rows = 1; rows <= device->needle_count; rows++)
    if (device->needle_count % rows == 0 && fabs(log(rows / even)) < fabs(log(best / even))) best = rows;
  return best;
}

/* A drum pressed home rolls on its own surface: N needles for each turn of 2 pi R. */
double nw_roller_density(const struct nw_device *device) {
  return device->needle_count / (NW_PI * device->drum_diameter * device->drum_width);
}

/* Needles of one ring land a pitch apart along the line v. */
static enum nw_status roll_ring(const struct nw_pass *pass, double v, double phase, double pitch, int ring,
                                int around) {
  const double reach = pass->reach_out;
  for (double i = ceil((-reach - phase) / pitch); phase + i * pitch <= reach; i++) {
    const int64_t turn = (int64_t)i % around;
    const uint32_t needle = (uint32_t)(ring * around + (turn < 0 ? turn + around : turn));
    NW_TRY(nw_pass_strike(pass, phase + i * pitch, v, needle, 0));
  }
  return NW_OK;
}

/* Strips abut, as a careful hand lays them; each starts at a random turn of the drum. */
enum nw_status nw_pass_roll(const struct nw_pass *pass) {
  const struct nw_device *device = &pass->c->device;
  const int rows = nw_roller_rows(device), around = device->needle_count / rows;
  const double width = device->drum_width, pitch = NW_PI * device->drum_diameter / around;
  const double reach = pass->reach_out, origin = -reach - width * nw_pass_uniform(pass, 0, 0, 1);
  for (int64_t strip = 0; origin + (double)strip * width <= reach; strip++) {
    const double phase = pitch * nw_pass_uniform(pass, strip, 0, 0);
    for (int ring = 0; ring < rows; ring++) {
      const double v = origin + (double)strip * width + (ring + 0.5) * width / rows;
      if (fabs(v) <= reach) NW_TRY(roll_ring(pass, v, phase, pitch, ring, around));
    }
  }
  return NW_OK;
}
