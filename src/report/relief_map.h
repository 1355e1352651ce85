/* SPDX-License-Identifier: BSD-3-Clause
   The parts of a skin surface, each as a map of unit height or unit strength. */
#pragma once
#include "relief.h"

enum nw_relief_part {
  NW_RELIEF_TEXTURE, /* micro-relief, mean |height| one */
  NW_RELIEF_SCAR,    /* 0..1 */
  NW_RELIEF_WRINKLE, /* 0..1 */
  NW_RELIEF_STRIA,   /* 0..1 */
  NW_RELIEF_PORE,    /* 0..1 */
  NW_RELIEF_SPOT,    /* 0..1 */
  NW_RELIEF_MOTTLE,  /* pigment, standard deviation about one */
  NW_RELIEF_BLOOD,   /* capillaries, about -1..1 */
  NW_RELIEF_DOT,     /* bleeding points: whole part = rank [1/cm^2], fraction = darkness */
  NW_RELIEF_PARTS
};

/* Fills all parts, (height, width) each. */
void nw_relief_map_fill(const struct nw_relief_scene *scene, size_t width, size_t height,
                        float *const part[NW_RELIEF_PARTS]);
