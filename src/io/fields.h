/* SPDX-License-Identifier: BSD-3-Clause
   fields.h5 + fields.xdmf: fields in time for ParaView and xarray, and the sections for pictures. */
#pragma once
#include "run.h"

/* While a run goes on, steps are gathered in <folder>/fields.partial: fixed-size records, each with its
   checksum, so that a run killed at any moment finds every whole step again. fields.h5 is made from it
   in one go on close: the same bytes whether or not the run was interrupted. */
struct nw_field_file;

/* What a field file needs to know of the grid; all borrowed. Index order (nz, ny, nx), x fastest. */
struct nw_field_grid {
  size_t nx, ny, nz;
  const double *x_edge, *y_edge, *z_edge; /* [mm], z below the dermal-epidermal junction, downwards */
};
/* Opens <folder>/fields.h5 for writing the fields of c->output.fields, and c->output.melanin. With `resume`
   it goes on after the last step at or before `time` [d] and drops later ones. NW_IO. */
enum nw_status nw_field_file_open(struct nw_context *context, const char *folder, const struct nw_case *c,
                                  const struct nw_field_grid *grid, bool resume, double time,
                                  struct nw_field_file **file);
/* Appends one time step: value[f] (nz, ny, nx) for each field asked for, and the melanin map (ny, nx);
   what was not asked for is ignored and may be NULL. `time` [d]; NW_IO. */
enum nw_status nw_field_file_append(struct nw_context *context, struct nw_field_file *file, double time,
                                    const float *const value[NW_FIELD_COUNT], const float *melanin);
/* Writes section pictures and attributes (CF, every parameter used), the virtual 4-D datasets and the XDMF
 * sidecar, and closes: *file is NULL then, also after NW_IO. */
enum nw_status nw_field_file_close(struct nw_context *context, struct nw_field_file **file,
                                   const struct nw_picture_store *pictures);
/* Makes sure that every step appended so far survives a power cut: call before writing a checkpoint.
   NW_IO. */
enum nw_status nw_field_file_flush(struct nw_context *context, struct nw_field_file *file);
/* Closes without making fields.h5: fields.partial stays for a later resume. NULL is fine. */
void nw_field_file_suspend(struct nw_field_file **file);
/* A fields.h5 with the section pictures only, for a run that keeps no fields. NW_IO. */
enum nw_status nw_field_file_pictures(struct nw_context *context, const char *folder, const struct nw_case *c,
                                      const struct nw_picture_store *pictures);
