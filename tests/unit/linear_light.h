/* SPDX-License-Identifier: BSD-3-Clause
   Linear light of an sRGB value, 0..1. */
#pragma once
#include <math.h>

static double linear_light(double value) {
  return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4); /* IEC 61966-2-1 */
}
