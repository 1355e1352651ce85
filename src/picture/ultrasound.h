/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections as high-frequency ultrasound shows them (75 MHz): brightness is the computed echo density,
   the speckle is that of scatterers thrown at random, the same at each time. */
#pragma once
#include "section.h"

/* How echo depends on tissue; from the parameters of the outcomes. */
struct nw_echo {
  double collagen;   /* power of echo density in collagen [1] */
  double hyaluronan; /* loss per doubling of hyaluronan and its water [1] */
};
/* Echo density at a place relative to that of normal dermis [1]. */
double nw_ultrasound_echo(const struct nw_picture_section *section, const struct nw_echo *echo, double x,
                          double z);
/* Grey picture; decibels below the brightest grey end in black. The caller frees it. NW_MEMORY. */
enum nw_status nw_ultrasound_draw(struct nw_context *context, const struct nw_picture_section *section,
                                  const struct nw_echo *echo, struct nw_image *image);
/* Range of the grey map [dB]; size of a speckle along the beam and across it [mm]. */
double nw_ultrasound_range(void), nw_ultrasound_axial(void), nw_ultrasound_lateral(void);
