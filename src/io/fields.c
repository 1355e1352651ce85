/* SPDX-License-Identifier: BSD-3-Clause
   fields.h5 + fields.xdmf: one 3-D dataset per step and field, a virtual 4-D dataset over them with
   dimension scales and CF attributes, the parameters, the section pictures. */
#include "fields.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "field_log.h"
#include "hdf5.h"
#include "seal.h"
#include "sections.h"
#include "xdmf.h"

struct nw_field_file {
  const struct nw_case *c; /* borrowed */
  char *folder;            /* owned */
  double *edge[3];         /* x, y, z; owned [mm] */
  struct nw_field_log log;
};

/* ---- what a file is about ---- */

static void hash_text(struct nw_hash *hash, const char *text) {
  if (text) nw_hash_add(hash, text, strlen(text) + 1);
}

static uint64_t identity_of(const struct nw_case *c, const struct nw_field_grid *g) {
  struct nw_hash hash = nw_hash_start();
  hash_text(&hash, nw_version());
  hash_text(&hash, c->plan_text);
  nw_hash_add(&hash, &c->patch.seed, sizeof c->patch.seed);
  nw_hash_add(&hash, &c->params, sizeof c->params);
  nw_hash_add(&hash, g->x_edge, (g->nx + 1) * sizeof(double));
  nw_hash_add(&hash, g->y_edge, (g->ny + 1) * sizeof(double));
  nw_hash_add(&hash, g->z_edge, (g->nz + 1) * sizeof(double));
  return nw_hash_value(&hash);
}

static bool is_overridden(const struct nw_case *c, const struct nw_param_row *row) {
  for (size_t i = 0; i < c->n_overrides; i++)
    if (c->overrides[i].row == row) return true;
  return false;
}

static void write_parameters(struct nw_hdf5 *h, const struct nw_case *c) {
  nw_hdf5_group(h, "/parameters");
  for (size_t i = 0; i < nw_param_count(); i++) {
    const struct nw_param_row *row = &nw_param_rows()[i];
    const double value = nw_param_get(&c->params, row);
    char name[160];
    snprintf(name, sizeof name, "/parameters/%s", row->key);
    nw_hdf5_write(h, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, NULL, &value);
    nw_hdf5_text(h, name, "units", row->unit);
    nw_hdf5_text(h, name, "long_name", row->note);
    nw_hdf5_text(h, name, "symbol", row->symbol);
    nw_hdf5_text(h, name, "section", row->section);
    nw_hdf5_text(h, name, "kind", nw_param_kind_name(row->kind));
    nw_hdf5_text(h, name, "source", row->citation);
    nw_hdf5_number(h, name, "default", row->value);
    nw_hdf5_text(h, name, "origin", is_overridden(c, row) ? "overridden" : "default");
  }
}

static void write_root(struct nw_hdf5 *h, const struct nw_case *c, uint64_t identity) {
  char text[64];
  nw_hdf5_text(h, "/", "Conventions", "CF-1.8");
  nw_hdf5_text(h, "/", "title", c->title);
  snprintf(text, sizeof text, "needlework %s", nw_version());
  nw_hdf5_text(h, "/", "source", text);
  nw_hdf5_text(h, "/", "comment", "simulated; for research, design and teaching, no medical device");
  nw_hdf5_text(h, "/", "plan", c->plan_path);
  snprintf(text, sizeof text, "%llu", (unsigned long long)c->patch.seed);
  nw_hdf5_text(h, "/", "seed", text);
  snprintf(text, sizeof text, "%016llx", (unsigned long long)identity);
  nw_hdf5_text(h, "/", "identity", text);
}

/* ---- fields ---- */

static void write_scale(struct nw_hdf5 *h, const char *name, size_t count, const double *value,
                        const char *unit, const char *text, const char *axis) {
  const hsize_t shape[1] = {count};
  nw_hdf5_write(h, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, shape, value);
  nw_hdf5_text(h, name, "units", unit);
  nw_hdf5_text(h, name, "long_name", text);
  nw_hdf5_text(h, name, "axis", axis);
  if (axis && *axis == 'Z') nw_hdf5_text(h, name, "positive", "down");
  nw_hdf5_scale(h, name, name + 1);
}

static void write_axes(struct nw_hdf5 *h, const struct nw_field_file *file, double *centre) {
  static const char *const name[3] = {"/x", "/y", "/z"}, *const edge_name[3] = {"/x_edge", "/y_edge",
                                                                                "/z_edge"};
  static const char *const axis[3] = {"X", "Y", "Z"};
  static const char *const text[3] = {"across the patch, cell centres", "along the patch, cell centres",
                                      "depth below the dermal-epidermal junction, cell centres"};
  static const char *const edge_text[3] = {"across the patch, cell edges", "along the patch, cell edges",
                                           "depth below the dermal-epidermal junction, cell edges"};
  const size_t count[3] = {file->log.nx, file->log.ny, file->log.nz};
  /* "d" and not "days": xarray would turn plain days into durations */
  write_scale(h, "/time", file->log.n_steps, file->log.time, "d", "time since the first injury", "T");
  for (int i = 0; i < 3; i++) {
    for (size_t j = 0; j < count[i]; j++)
      centre[j] = 0.5 * (file->edge[i][j] + file->edge[i][j + 1]);
    write_scale(h, name[i], count[i], centre, "mm", text[i], axis[i]);
    write_scale(h, edge_name[i], count[i] + 1, file->edge[i], "mm", edge_text[i], NULL);
  }
}

/* Bits of each number that are kept, the leading one among them: an error of 2e-5 at most, far finer than
   that of a step, and half the room once compressed. */
enum { KEPT_BITS = 16 };

/* UDUNITS, and with it CF, knows no cells: a number density is a bare one. */
static const char *cf_unit(const char *unit) {
  return strcmp(unit, "cells/mm^3") ? unit : "mm-3";
}

static const struct nw_field_row melanin_row = {"melanin", "1", "epidermal melanin relative to its baseline"};

static bool keeps_nothing(const struct nw_field_log *log) {
  return log->n_steps == 0 || (log->mask == 0 && !log->melanin);
}

static void describe(struct nw_hdf5 *h, const char *name, const struct nw_field_row *row) {
  nw_hdf5_text(h, name, "units", cf_unit(row->unit));
  nw_hdf5_text(h, name, "long_name", row->text);
  nw_hdf5_number(h, name, "significant_bits", KEPT_BITS);
}

/* Rounding twice changes nothing, so a resumed run gives the same bytes. */
static void keep_significant(float *value, size_t count) {
  enum { DROPPED = FLT_MANT_DIG - KEPT_BITS };
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    if (!isfinite(value[i])) continue;
    memcpy(&bits, &value[i], sizeof bits);
    bits = (bits + (1u << (DROPPED - 1))) >> DROPPED << DROPPED;
    memcpy(&value[i], &bits, sizeof bits);
  }
}

/* What the log holds of field (or map) `nth` at a step, as a dataset of that step. */
static enum nw_status write_step(struct nw_context *context, struct nw_hdf5 *h, struct nw_field_log *log,
                                 size_t step, size_t nth, const struct nw_field_row *row) {
  const hsize_t shape[3] = {log->nz, log->ny, log->nx};
  const bool flat = row == &melanin_row;
  char name[128];
  NW_TRY(nw_field_log_read(context, log, step, nth));
  keep_significant(log->buffer, log->nx * log->ny * (flat ? 1 : log->nz));
  snprintf(name, sizeof name, "/steps/%06zu/%s", step, row->key);
  nw_hdf5_write_packed(h, name, flat ? 2 : 3, shape + flat, log->buffer);
  describe(h, name, row);
  return NW_OK;
}

static enum nw_status write_steps(struct nw_context *context, struct nw_hdf5 *h, struct nw_field_log *log) {
  nw_hdf5_group(h, "/steps");
  for (size_t step = 0; step < log->n_steps && !h->failed; step++) {
    char name[128];
    snprintf(name, sizeof name, "/steps/%06zu", step);
    nw_hdf5_group(h, name);
    nw_hdf5_number(h, name, "time_d", log->time[step]);
    size_t nth = 0;
    for (int f = 0; f < NW_FIELD_COUNT; f++)
      if (log->mask >> f & 1)
        NW_TRY(write_step(context, h, log, step, nth++, nw_field_row((enum nw_field)f)));
    if (log->melanin) NW_TRY(write_step(context, h, log, step, nth, &melanin_row));
  }
  return NW_OK;
}

/* A dataset over time without data of its own: step t is the dataset /steps/t/key of the same file, with
   the `rank` last of the axes z, y, x. */
static void write_virtual(struct nw_hdf5 *h, const struct nw_field_log *log, const struct nw_field_row *row,
                          int rank) {
  if (h->failed) return;
  const hsize_t axis[3] = {log->nz, log->ny, log->nx};
  hsize_t shape[4] = {log->n_steps}, one[4] = {1};
  memcpy(shape + 1, axis + 3 - rank, (size_t)rank * sizeof *axis);
  memcpy(one + 1, axis + 3 - rank, (size_t)rank * sizeof *axis);
  const hid_t space = H5Screate_simple(rank + 1, shape, NULL),
              source = H5Screate_simple(rank, shape + 1, NULL);
  const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  bool good = H5Pset_obj_track_times(list, 0) >= 0;
  for (size_t step = 0; step < log->n_steps && good; step++) {
    const hsize_t start[4] = {step, 0, 0, 0};
    char name[128];
    snprintf(name, sizeof name, "/steps/%06zu/%s", step, row->key);
    good = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, one, NULL) >= 0 &&
           H5Pset_virtual(list, space, ".", name, source) >= 0;
  }
  H5Sselect_all(space);
  const hid_t set =
      good ? H5Dcreate2(h->file, row->key, H5T_IEEE_F32LE, space, H5P_DEFAULT, list, H5P_DEFAULT) : -1;
  if (set < 0 || H5Dclose(set) < 0) nw_hdf5_fault(h, "a virtual dataset cannot be made");
  H5Pclose(list);
  H5Sclose(source);
  H5Sclose(space);
}

static void write_view(struct nw_hdf5 *h, const struct nw_field_log *log, const struct nw_field_row *row,
                       int rank) {
  static const char *const scale[3] = {"/z", "/y", "/x"};
  write_virtual(h, log, row, rank);
  describe(h, row->key, row);
  nw_hdf5_text(h, row->key, "coordinates", rank == 3 ? "time z y x" : "time y x");
  nw_hdf5_attach(h, row->key, 0, "/time");
  for (int i = 0; i < rank; i++)
    nw_hdf5_attach(h, row->key, i + 1, scale[3 - rank + i]);
}

static void write_views(struct nw_hdf5 *h, const struct nw_field_log *log) {
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    if (log->mask >> f & 1) write_view(h, log, nw_field_row((enum nw_field)f), 3);
  if (log->melanin) write_view(h, log, &melanin_row, 2);
}

static enum nw_status write_fields(struct nw_context *context, struct nw_hdf5 *h,
                                   struct nw_field_file *file) {
  struct nw_field_log *log = &file->log;
  if (keeps_nothing(log)) return NW_OK;
  double *centre = nw_allocate(log->nx + log->ny + log->nz, sizeof *centre);
  if (!centre) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing fields.h5");
  write_axes(h, file, centre);
  nw_release(centre);
  NW_TRY(write_steps(context, h, log));
  write_views(h, log);
  return NW_OK;
}

/* ---- whole files ---- */

/* Metadata, sections and rounding on top of the fields themselves. */
static uint64_t room_needed(const struct nw_field_log *log, const struct nw_picture_store *p) {
  uint64_t bytes = (uint64_t)4 << 20;
  if (log)
    bytes +=
        (uint64_t)log->n_steps * (nw_field_log_field_count(log) * (nw_field_log_field_bytes(log) + 8192) +
                                  nw_field_log_map_bytes(log) + 8192);
  if (p) bytes += (uint64_t)p->count * p->nx * (p->nz * NW_FIELD_COUNT + 2 * p->ny) * sizeof(float);
  return bytes;
}

/* `file` is NULL for a file with pictures only. */
static enum nw_status write_h5(struct nw_context *context, const char *path, const struct nw_case *c,
                               struct nw_field_file *file, const struct nw_picture_store *pictures) {
  char *temporary = nw_file_temporary(path);
  struct nw_hdf5 h;
  if (!temporary) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing %s", path);
  enum nw_status status = NW_OK;
  nw_hdf5_create(&h, temporary, room_needed(file ? &file->log : NULL, pictures));
  write_root(&h, c, file ? file->log.identity : 0);
  write_parameters(&h, c);
  if (file) status = write_fields(context, &h, file);
  if (status == NW_OK) nw_sections_write(context, &h, pictures);
  const enum nw_status closed = nw_hdf5_close(context, &h, "write", path);
  if (status == NW_OK) status = closed;
  if (status == NW_OK) status = nw_seal_write(context, temporary);
  status = nw_file_finish(context, status, temporary, path);
  nw_release(temporary);
  return status;
}

static enum nw_status write_xdmf(struct nw_context *context, const struct nw_field_file *file) {
  struct nw_text text = {0};
  char *path = nw_file_join(file->folder, "fields.xdmf");
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing fields.xdmf");
  nw_xdmf_append(&text, &file->log, file->c->title);
  const enum nw_status status = nw_file_write_text(context, path, &text);
  nw_text_clear(&text);
  nw_release(path);
  return status;
}

enum nw_status nw_field_file_pictures(struct nw_context *context, const char *folder, const struct nw_case *c,
                                      const struct nw_picture_store *pictures) {
  char *path = nw_file_join(folder, "fields.h5");
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing fields.h5");
  const enum nw_status status = write_h5(context, path, c, NULL, pictures);
  nw_release(path);
  return status;
}

/* ---- going on from a finished fields.h5 ---- */

/* The map goes behind the fields. */
static bool read_step(struct nw_hdf5 *h, const struct nw_field_log *log, size_t step, float *block,
                      const float **value, const float **melanin) {
  const hsize_t shape[3] = {log->nz, log->ny, log->nx};
  char name[128];
  float *map = block + nw_field_log_field_count(log) * (nw_field_log_field_bytes(log) / sizeof(float));
  for (int f = 0, nth = 0; f < NW_FIELD_COUNT; f++) {
    if (!(log->mask >> f & 1)) continue;
    float *field = block + (size_t)nth++ * (nw_field_log_field_bytes(log) / sizeof(float));
    snprintf(name, sizeof name, "/steps/%06zu/%s", step, nw_field_row((enum nw_field)f)->key);
    nw_hdf5_read(h, name, H5T_NATIVE_FLOAT, 3, shape, field);
    value[f] = field;
  }
  snprintf(name, sizeof name, "/steps/%06zu/melanin", step);
  if (log->melanin) nw_hdf5_read(h, name, H5T_NATIVE_FLOAT, 2, shape + 1, map);
  *melanin = map;
  return !h->failed;
}

static enum nw_status copy_steps(struct nw_context *context, struct nw_hdf5 *h, struct nw_field_log *log,
                                 double last, const double *time, size_t n_times) {
  const float *value[NW_FIELD_COUNT] = {NULL}, *melanin;
  enum nw_status status = NW_OK;
  float *block = nw_allocate(
      nw_field_log_field_count(log) * nw_field_log_field_bytes(log) + nw_field_log_map_bytes(log), 1);
  if (!block) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading fields.h5");
  for (size_t i = 0; i < n_times && status == NW_OK && time[i] <= last; i++) {
    if (!read_step(h, log, i, block, value, &melanin)) break;
    status = nw_field_log_append(context, log, time[i], value, melanin);
  }
  nw_release(block);
  return status;
}

/* A run stopped by --until has closed its file: its steps come back from there. */
static enum nw_status recover_steps(struct nw_context *context, const char *path, struct nw_field_log *log,
                                    double last) {
  enum nw_seal seal = NW_SEAL_NONE;
  struct nw_hdf5 h;
  hsize_t n = 0;
  char ours[32];
  if (!nw_file_exists(path)) return NW_OK;
  NW_TRY(nw_seal_check(context, path, &seal));
  if (seal != NW_SEAL_WHOLE) return NW_OK;
  enum nw_status status = NW_OK;
  nw_hdf5_open(&h, path);
  char *identity = h.failed ? NULL : nw_hdf5_text_of(&h, "/", "identity");
  snprintf(ours, sizeof ours, "%016llx", (unsigned long long)log->identity);
  if (identity && !strcmp(identity, ours) && nw_hdf5_shape(&h, "/time", 1, &n) && n > 0) {
    double *time = nw_allocate((size_t)n, sizeof *time);
    if (time) nw_hdf5_read(&h, "/time", H5T_NATIVE_DOUBLE, 1, &n, time);
    if (time && !h.failed) status = copy_steps(context, &h, log, last, time, (size_t)n);
    nw_release(time);
  }
  nw_release(identity);
  const enum nw_status closed = nw_hdf5_close(context, &h, "read", path);
  return status == NW_OK ? closed : status;
}

/* ---- the interface ---- */

static bool copy_edges(struct nw_field_file *file, const struct nw_field_grid *g) {
  const double *const edge[3] = {g->x_edge, g->y_edge, g->z_edge};
  const size_t count[3] = {g->nx + 1, g->ny + 1, g->nz + 1};
  for (int i = 0; i < 3; i++) {
    file->edge[i] = nw_allocate(count[i], sizeof(double));
    if (!file->edge[i]) return false;
    memcpy(file->edge[i], edge[i], count[i] * sizeof(double));
  }
  return true;
}

void nw_field_file_suspend(struct nw_field_file **file) {
  if (!file || !*file) return;
  for (int i = 0; i < 3; i++)
    nw_release((*file)->edge[i]);
  nw_release((*file)->folder);
  nw_field_log_close(&(*file)->log);
  nw_release(*file);
  *file = NULL;
}

static enum nw_status open_log(struct nw_context *context, struct nw_field_file *file, bool resume,
                               double time) {
  NW_TRY(nw_field_log_open(context, &file->log, resume, time));
  if (!resume || file->log.n_steps > 0) return NW_OK;
  char *path = nw_file_join(file->folder, "fields.h5");
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory opening fields.h5");
  const enum nw_status status = recover_steps(context, path, &file->log, time);
  nw_release(path);
  if (status == NW_OK && file->log.n_steps == 0 && time > 0)
    nw_diagnose(context, NW_WARNING, NW_IO, NULL, 0, 0, NULL,
                "the fields kept before day %g are lost: fields.h5 will hold later ones only", time);
  return status;
}

enum nw_status nw_field_file_open(struct nw_context *context, const char *folder, const struct nw_case *c,
                                  const struct nw_field_grid *grid, bool resume, double time,
                                  struct nw_field_file **file) {
  *file = nw_allocate(1, sizeof **file);
  if (!*file) return nw_fail(context, NW_MEMORY, NULL, "out of memory opening fields.h5");
  **file = (struct nw_field_file){.c = c, .folder = nw_string_copy(folder), .log = {.descriptor = -1}};
  (*file)->log.path = nw_file_join(folder, "fields.partial");
  (*file)->log.nx = grid->nx;
  (*file)->log.ny = grid->ny;
  (*file)->log.nz = grid->nz;
  (*file)->log.mask = c->output.fields;
  (*file)->log.melanin = c->output.melanin;
  (*file)->log.identity = identity_of(c, grid);
  enum nw_status status = (*file)->folder && copy_edges(*file, grid)
                              ? open_log(context, *file, resume, time)
                              : nw_fail(context, NW_MEMORY, NULL, "out of memory opening fields.h5");
  if (status != NW_OK) nw_field_file_suspend(file);
  return status;
}

enum nw_status nw_field_file_append(struct nw_context *context, struct nw_field_file *file, double time,
                                    const float *const value[NW_FIELD_COUNT], const float *melanin) {
  return nw_field_log_append(context, &file->log, time, value, melanin);
}

enum nw_status nw_field_file_flush(struct nw_context *context, struct nw_field_file *file) {
  return nw_field_log_sync(context, &file->log);
}

enum nw_status nw_field_file_close(struct nw_context *context, struct nw_field_file **file,
                                   const struct nw_picture_store *pictures) {
  if (!file || !*file) return NW_OK;
  char *path = nw_file_join((*file)->folder, "fields.h5");
  enum nw_status status = path ? write_h5(context, path, (*file)->c, *file, pictures)
                               : nw_fail(context, NW_MEMORY, NULL, "out of memory writing fields.h5");
  if (status == NW_OK && !keeps_nothing(&(*file)->log)) status = write_xdmf(context, *file);
  if (status == NW_OK) unlink((*file)->log.path);
  nw_release(path);
  nw_field_file_suspend(file);
  return status;
}
