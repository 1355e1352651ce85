/* SPDX-License-Identifier: BSD-3-Clause
   An illustration of the skin surface, drawn from outcome values: always the same patch, camera and
   light, so that pictures of one course can be compared. */
#pragma once
#include "png.h"

enum nw_relief_scar { NW_SCAR_NONE, NW_SCAR_ROLLING, NW_SCAR_BOXCAR, NW_SCAR_ICE_PICK, NW_SCAR_LINEAR };
enum nw_relief_spot { NW_SPOT_NONE, NW_SPOT_MELASMA, NW_SPOT_LENTIGO, NW_SPOT_PIH };

/* What is on the patch; fixed for a course. */
struct nw_relief_scene {
  double width, height; /* of the view [mm] */
  size_t pixels;        /* width of the picture */
  uint64_t seed;
  enum nw_relief_scar scar;
  double scar_width; /* [mm] */
  bool wrinkle_deep, wrinkle_fine, stria, stria_red;
  enum nw_relief_spot spot;
  double gloss; /* 0 matt .. 1 oily [1] */
};

/* The values of one time; NAN: not computed, the feature is left out or drawn neutrally. */
struct nw_relief_look {
  double lab_l, lab_a, lab_b;      /* CIELAB of the skin between features [1] */
  double ra;                       /* arithmetic mean roughness [um] */
  double scar_depth;               /* [um] */
  double wrinkle_depth;            /* [um] */
  double pore_area, pore_count;    /* visible [mm^2/cm^2], [1/cm^2] */
  double spot_lightness;           /* L* of a spot below its surround [1] */
  double stria_width, stria_depth; /* [um] */
  double stria_contrast;           /* colour difference to the surround [1] */
  double petechiae;                /* [1/cm^2] */
  double tone_sd;                  /* standard deviation of L* over the patch [1] */
};

struct nw_relief;
/* Prepares the parts of the relief that all pictures share; NULL: no memory. */
struct nw_relief *nw_relief_create(const struct nw_relief_scene *scene);
void nw_relief_free(struct nw_relief **relief);
enum nw_status nw_relief_draw(struct nw_context *context, struct nw_relief *relief,
                              const struct nw_relief_look *look, struct nw_image *image);
