/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections of the skin out of the fields of one time: what slide, cell picture and ultrasound share. */
#pragma once
#include "io/results.h"
#include "png.h"

/* One section to be drawn. */
struct nw_picture_section {
  const struct nw_sections *sections;       /* borrowed */
  size_t time;                              /* index of the output time */
  double left, width;                       /* window in x [mm] */
  double depth;                             /* shown below the junction [mm] */
  double viable_epidermis, stratum_corneum; /* thickness drawn [mm] */
  double dermis;                            /* thickness: fat below it [mm] */
  double ridges;                            /* height of the rete ridges over that of young skin [1] */
  double elastosis;                         /* sun-damaged elastic material, 0..1 [1] */
  double melanin;                           /* darkness of the pigment cap over basal cells, 0..1 [1] */
  double inflammatory_scale;                /* signal at the end of its colour map [ng/mL] */
  double slice;                             /* thickness of the slice whose cells are shown [mm] */
  size_t pixels;                            /* width of the picture */
};

/* Millimetres per pixel; height of the upper edge of the picture, negative above the junction [mm]. */
double nw_section_pitch(const struct nw_picture_section *p);
double nw_section_top(const struct nw_picture_section *p);
/* Height of air drawn above the skin [mm]. */
double nw_picture_air(void);
/* A field between cell centres, constant beyond them; 0 when it was not kept. x from the start of the patch,
   z below the junction [mm]. */
double nw_section_field(const struct nw_picture_section *p, enum nw_field field, double x, double z);
/* Share of the epidermis that is closed at x, 0..1. */
double nw_section_coverage(const struct nw_picture_section *p, double x);
/* All collagen, normal total 1, and the young part of it: type III and type I not yet cross-linked. */
double nw_section_collagen(const struct nw_picture_section *p, double x, double z, double *young);
/* How far the epidermis dips below the mean junction; height of the surface below the horny layer [mm]. */
double nw_section_ridge(const struct nw_picture_section *p, double x);
double nw_section_surface(const struct nw_picture_section *p, double x);
/* Lower border of the band of elastotic material under the junction [mm]. */
double nw_section_elastotic_depth(const struct nw_picture_section *p);
/* Fills a picture pixel by pixel, on several threads. NW_MEMORY. */
typedef struct nw_colour (*nw_section_painter)(const struct nw_picture_section *p, double x, double z,
                                               const void *data);
enum nw_status nw_section_paint(struct nw_context *context, const struct nw_picture_section *p,
                                nw_section_painter painter, const void *data, struct nw_image *image);
/* Window of `width` [mm] that holds most clot and debris over all times: its left edge [mm]. */
double nw_picture_busiest_window(const struct nw_sections *sections, double width);
