/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections of the tissue as a stained slide would show them, from the fields of one time. */
#pragma once
#include "io/results.h"
#include "picture/png.h"

/* One section to be drawn. */
struct nw_picture_section {
  const struct nw_sections *sections;       /* borrowed */
  size_t time;                              /* index of the output time */
  double left, width;                       /* window in x [mm] */
  double depth;                             /* shown below the junction [mm] */
  double viable_epidermis, stratum_corneum; /* thickness drawn [mm] */
  double melanin;                           /* darkness of the pigment cap over basal cells, 0..1 [1] */
  double inflammatory_scale;                /* signal at the end of its colour map [ng/mL] */
  double slice;                             /* thickness of the slice whose cells are shown [mm] */
  size_t pixels;                            /* width of the picture */
};

/* Height of air drawn above the skin [mm]. */
double nw_picture_air(void);
/* Collagen after the manner of Masson's trichrome: blue by collagen density (map NW_MAP_COLLAGEN from
   nw_picture_collagen_low to _high), greener where it is young, red fibrin. */
enum nw_status nw_picture_collagen(struct nw_context *context, const struct nw_picture_section *section,
                                   struct nw_image *image);
double nw_picture_collagen_low(void), nw_picture_collagen_high(void);
/* Cells as dots, one for each cell of a slice, on the inflammatory signal as background. */
enum nw_status nw_picture_cells(struct nw_context *context, const struct nw_picture_section *section,
                                struct nw_image *image);
/* The kinds of cell that are drawn: field, name, colour; ends with a NULL name. */
struct nw_picture_cell {
  enum nw_field field;
  const char *name;
  struct nw_colour colour;
  double radius;  /* drawn [mm] */
  double stretch; /* length over width of the drawn shape [1] */
};
const struct nw_picture_cell *nw_picture_cell_kinds(void);
/* Window of `width` [mm] that holds most clot and debris over all times: its left edge [mm]. */
double nw_picture_busiest_window(const struct nw_sections *sections, double width);
