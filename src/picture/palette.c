/* SPDX-License-Identifier: BSD-3-Clause
   Colour: CIELAB to the screen, and colour maps that colour-blind readers can tell apart. */
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

double nw_palette_to_linear(double value) {
  return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4); /* IEC 61966-2-1 */
}

double nw_palette_from_linear(double value) {
  if (value <= 0) return 0;
  return value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055; /* IEC 61966-2-1 */
}

unsigned char nw_palette_byte(double value) {
  if (!(value > 0)) return 0;
  return (unsigned char)(value >= 1 ? 255 : (int)(value * 255 + 0.5));
}

static double lab_inverse(double t) {
  const double knee = 6.0 / 29.0; /* CIE 15: where the cube root becomes a line */
  return t > knee ? t * t * t : 3 * knee * knee * (t - 4.0 / 29.0);
}

static double clip(double value) {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

struct nw_colour nw_palette_from_lab(double lightness, double a, double b) {
  const double fy = (lightness + 16) / 116; /* CIE 15 */
  const double x = 0.95047 * lab_inverse(fy + a / 500);
  const double y = lab_inverse(fy);
  const double z = 1.08883 * lab_inverse(fy - b / 200); /* D65 white */
  return (struct nw_colour){
      clip(nw_palette_from_linear(3.2404542 * x - 1.5371385 * y - 0.4985314 * z)),
      clip(nw_palette_from_linear(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z)),
      clip(nw_palette_from_linear(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)),
  };
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
