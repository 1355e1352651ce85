/* SPDX-License-Identifier: BSD-3-Clause
   Colour: linear light to the screen, and colour maps that colour-blind readers can tell apart. */
#include "palette.h"

#include <math.h>
#include <stddef.h>

enum { ANCHORS = 6 };

/* Evenly spaced anchors in sRGB bytes. Lightness moves one way in each, so that print in grey works. */
static const unsigned char anchor[NW_MAP_COUNT][ANCHORS][3] = {
    /* depth: pale gold (shallow) to deep violet, in the manner of reversed perceptual maps */
    [NW_MAP_DEPTH] =
        {{247, 201, 72}, {240, 139, 71}, {212, 84, 98}, {155, 53, 121}, {90, 41, 117}, {37, 27, 79}},
    /* collagen: Masson's stain, from nearly unstained to dense blue */
    [NW_MAP_COLLAGEN] =
        {{244, 240, 236}, {205, 221, 232}, {152, 192, 220}, {94, 152, 200}, {45, 104, 168}, {20, 56, 112}},
    /* inflammation: paper to ember */
    [NW_MAP_INFLAMMATION] =
        {{250, 246, 243}, {251, 228, 206}, {250, 196, 153}, {240, 150, 104}, {214, 96, 72}, {160, 48, 52}},
};

double nw_palette_from_linear(double value) {
  if (value <= 0) return 0;
  return value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055; /* IEC 61966-2-1 */
}

unsigned char nw_palette_byte(double value) {
  if (!(value > 0)) return 0;
  return (unsigned char)(value >= 1 ? 255 : (int)(value * 255 + 0.5));
}

struct nw_colour nw_palette_mix(struct nw_colour from, struct nw_colour to, double share) {
  return (struct nw_colour){from.r + share * (to.r - from.r), from.g + share * (to.g - from.g),
                            from.b + share * (to.b - from.b)};
}

static struct nw_colour anchor_colour(enum nw_palette_map map, int i) {
  const unsigned char *byte = anchor[map][i];
  return (struct nw_colour){byte[0] / 255.0, byte[1] / 255.0, byte[2] / 255.0};
}

struct nw_colour nw_palette_of_map(enum nw_palette_map map, double t) {
  const double place = (t > 0 ? t < 1 ? t : 1 : 0) * (ANCHORS - 1);
  const int i = place >= ANCHORS - 1 ? ANCHORS - 2 : (int)place;
  return nw_palette_mix(anchor_colour(map, i), anchor_colour(map, i + 1), place - i);
}
