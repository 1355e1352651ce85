/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections as a slide under the microscope shows them: densities are computed fields, the texture of
   fibres and the places of single cells are drawn from random numbers, the same at each time. */
#pragma once
#include "section.h"

enum nw_stain {
  NW_STAIN_MASSON,      /* trichrome: collagen blue, cells and fibrin red, nuclei dark */
  NW_STAIN_PICROSIRIUS, /* sirius red between crossed polarisers: thick bundles orange, thin young ones green
                         */
  NW_STAIN_ELASTIN,     /* Verhoeff and van Gieson: elastic fibres black on pale red */
};
/* The caller frees the picture. NW_MEMORY. */
enum nw_status nw_histology_draw(struct nw_context *context, const struct nw_picture_section *section,
                                 enum nw_stain stain, struct nw_image *image);
/* Cells as dots by kind, one for each cell of a slice, on the inflammatory signal as background. */
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
