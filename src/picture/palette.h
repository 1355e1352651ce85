/* SPDX-License-Identifier: BSD-3-Clause
   Colour: linear light to the screen, and colour maps that colour-blind readers can tell apart. */
#pragma once

struct nw_colour {
  double r, g, b; /* sRGB, 0..1 [1] */
};

/* sRGB byte of a value 0..1, clipped, rounded. */
unsigned char nw_palette_byte(double value);
/* sRGB value of linear light, 0..1. */
double nw_palette_from_linear(double value);
/* `share` 0 gives `from`, 1 gives `to`. */
struct nw_colour nw_palette_mix(struct nw_colour from, struct nw_colour to, double share);

enum nw_palette_map { NW_MAP_DEPTH, NW_MAP_COLLAGEN, NW_MAP_INFLAMMATION, NW_MAP_COUNT };
/* Colour of a map at t in 0..1 (clipped). */
struct nw_colour nw_palette_of_map(enum nw_palette_map map, double t);
