/* SPDX-License-Identifier: BSD-3-Clause
   HDF5 without its own error printing: small helpers whose first failure sticks and is told in one
   sentence. Only src/io/ includes this. */
#pragma once
#include <hdf5.h>

#include "base/base.h"

/* An open file being written or read; after a failure every further call does nothing. */
struct nw_hdf5 {
  hid_t file;
  bool failed;
  int write_error;     /* errno of the first write that failed */
  char reason[200];    /* of the first failure */
  H5E_auto2_t printer; /* of the host program, put back on close */
  void *printer_data;
};

/* Creates a file (replacing one) of about `room` bytes, or opens one for reading. On failure h->failed is
   set. `h` must not move until it is closed, which it must be in any case. */
void nw_hdf5_create(struct nw_hdf5 *h, const char *path, uint64_t room);
void nw_hdf5_open(struct nw_hdf5 *h, const char *path);
/* Closes file and everything in it. NW_IO with "cannot <what> <path>: reason" if anything failed. */
enum nw_status nw_hdf5_close(struct nw_context *context, struct nw_hdf5 *h, const char *what,
                             const char *path);
/* Notes a failure: the library's innermost reason, or `text` where it has none. */
void nw_hdf5_fault(struct nw_hdf5 *h, const char *text);

void nw_hdf5_group(struct nw_hdf5 *h, const char *name);
/* Contiguous dataset of `memory` type, stored little-endian as `file`; data NULL writes nothing. */
void nw_hdf5_write(struct nw_hdf5 *h, const char *name, hid_t file, hid_t memory, int rank,
                   const hsize_t *shape, const void *data);
/* The same for (nz, ny, nx) or (ny, nx) numbers, in compressed pieces of whole layers or lines. */
void nw_hdf5_write_packed(struct nw_hdf5 *h, const char *name, int rank, const hsize_t *shape,
                          const float *data);
/* Attributes of the object `name`: fixed-length text, number. */
void nw_hdf5_text(struct nw_hdf5 *h, const char *name, const char *attribute, const char *text);
void nw_hdf5_number(struct nw_hdf5 *h, const char *name, const char *attribute, double number);
/* Makes a 1-D dataset a dimension scale; attaches a scale to a dimension of a dataset. */
void nw_hdf5_scale(struct nw_hdf5 *h, const char *name, const char *label);
void nw_hdf5_attach(struct nw_hdf5 *h, const char *dataset, int dimension, const char *scale);

bool nw_hdf5_has(struct nw_hdf5 *h, const char *name);
/* Shape of a dataset of exactly this rank; false and no failure when there is none. */
bool nw_hdf5_shape(struct nw_hdf5 *h, const char *name, int rank, hsize_t *shape);
/* Reads a dataset whose shape must be exactly this one. */
void nw_hdf5_read(struct nw_hdf5 *h, const char *name, hid_t memory, int rank, const hsize_t *shape,
                  void *data);
/* Text attribute of the object `name`, owned by the caller; NULL when absent. */
char *nw_hdf5_text_of(struct nw_hdf5 *h, const char *name, const char *attribute);
