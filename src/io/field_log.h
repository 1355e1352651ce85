/* SPDX-License-Identifier: BSD-3-Clause
   fields.partial: steps of fields as they come, in fixed-size records that each carry a checksum. */
#pragma once
#include "fields.h"

struct nw_field_log {
  int descriptor; /* -1 when closed */
  char *path;     /* owned */
  size_t nx, ny, nz;
  uint32_t mask;     /* fields kept, bits by enum nw_field */
  bool melanin;      /* the melanin map is kept too, behind the fields */
  uint64_t identity; /* of case, version and grid */
  double *time;      /* (n_steps) owned [d] */
  size_t n_steps, capacity;
  float *buffer; /* (nz, ny, nx) one field [unit of fields.def] owned */
};

/* Opens or creates; with `resume` keeps the whole records at or before `time` [d] of a log that belongs
   to the same identity, and cuts off the rest. NW_IO, NW_MEMORY. */
enum nw_status nw_field_log_open(struct nw_context *context, struct nw_field_log *log, bool resume,
                                 double time);
/* Appends a step; one at the time of an earlier step replaces that and all later ones. NW_IO. */
enum nw_status nw_field_log_append(struct nw_context *context, struct nw_field_log *log, double time,
                                   const float *const value[NW_FIELD_COUNT], const float *melanin);
/* Reads field number `nth` of the mask at a step into log->buffer; the one behind the last is the map. NW_IO
   when it is not what was written. */
enum nw_status nw_field_log_read(struct nw_context *context, struct nw_field_log *log, size_t step,
                                 size_t nth);
/* Makes sure that what was appended survives a power cut. NW_IO. */
enum nw_status nw_field_log_sync(struct nw_context *context, struct nw_field_log *log);
void nw_field_log_close(struct nw_field_log *log);
/* Bytes of one field, of the map; number of fields kept. */
size_t nw_field_log_field_bytes(const struct nw_field_log *log);
size_t nw_field_log_map_bytes(const struct nw_field_log *log);
size_t nw_field_log_field_count(const struct nw_field_log *log);
