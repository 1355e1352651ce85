/* SPDX-License-Identifier: BSD-3-Clause
   Light on a skin surface seen from straight above: a lamp low over one side with its shadows, the light of
   the room, light that seeps through skin (red further than blue), and gloss. Periodic square. */
#pragma once
#include "base/params.h"
#include "outcome/colour.h"
#include "png.h"

enum { NW_RGB = 3 };

/* Length of normalised diffusion (Christensen and Burley 2015) of red, green and blue light in skin of this
   tint: light seeps sideways with the profile (exp(-r/d) + exp(-r/3d)) / (8 π d r) [m]. */
void nw_shade_seep(const struct nw_params *p, const struct nw_tint *tint, double length[NW_RGB]);

struct nw_shade_scene {
  size_t n;            /* pixels along each side */
  double pixel;        /* [m] */
  const float *height; /* (n, n) [m] */
  const float *body;   /* (NW_RGB, n, n) what flat skin returns without gloss, white 1 */
  double seep[NW_RGB]; /* length of diffusion [m] */
  double gloss;        /* share of the surface that mirrors: horn under a film of oil or water [1] */
  double roughness;    /* of that film below the pixel: GGX α [1] */
};
/* Light of the lamp and the room on each pixel relative to that on a flat plane into `light` (n, n), and into
   `lit` (n, n), nullable, the share of the lamp that reaches it [1]. */
void nw_shade_irradiance(const struct nw_params *p, const struct nw_shade_scene *scene, int threads,
                         float *light, float *lit);
/* What a plane mirrors towards the camera of lamp and room, relative to a white flat surface, when its slope
   is (dx, dy) and the lamp reaches it with share `lit`. */
double nw_shade_gloss(const struct nw_params *p, double gloss, double roughness, double dx, double dy,
                      double lit);
/* Share of light falling from the angle with this cosine that the film mirrors (Schlick 1994). */
double nw_shade_mirrored(const struct nw_params *p, double cosine);
/* Draws the scene; the caller frees the picture. NW_MEMORY. */
enum nw_status nw_shade_draw(struct nw_context *context, const struct nw_params *p,
                             const struct nw_shade_scene *scene, struct nw_image *image);
