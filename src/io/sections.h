/* SPDX-License-Identifier: BSD-3-Clause
   Section pictures in group /sections of fields.h5: vertical sections at mid y and surface maps. */
#pragma once
#include "hdf5.h"
#include "results.h"

/* Writes group /sections into an open file; no pictures: no group. */
void nw_sections_write(struct nw_context *context, struct nw_hdf5 *h,
                       const struct nw_picture_store *pictures);
/* Reads /sections of a fields.h5. A file without the group leaves *sections zero. NW_IO for a torn
   file or one whose shapes do not fit together, NW_MEMORY. */
enum nw_status nw_sections_read(struct nw_context *context, const char *path, struct nw_sections *sections);
void nw_sections_clear(struct nw_sections *sections);

/* Key, unit and text of a field as fields.def writes them. */
struct nw_field_row {
  const char *key, *unit, *text;
};
const struct nw_field_row *nw_field_row(enum nw_field field);
