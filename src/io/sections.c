/* SPDX-License-Identifier: BSD-3-Clause
   Section pictures in group /sections of fields.h5. */
#include "sections.h"

#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "seal.h"

static const struct nw_field_row rows[NW_FIELD_COUNT] = {
#define FIELD(key, symbol, unit, group, text) {#key, unit, text},
#include "../../model/fields.def"
#undef FIELD
};

const struct nw_field_row *nw_field_row(enum nw_field field) {
  return &rows[field];
}

/* ---- writing ---- */

struct axis {
  const char *name, *edge_name, *text;
};
static const struct axis axes[3] = {
    {"/sections/x", "/sections/x_edge", "across the patch"},
    {"/sections/y", "/sections/y_edge", "along the patch"},
    {"/sections/z", "/sections/z_edge", "depth below the dermal-epidermal junction"},
};

static void write_scale(struct nw_hdf5 *h, const char *name, hsize_t count, const double *value,
                        const char *unit, const char *text) {
  nw_hdf5_write(h, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &count, value);
  nw_hdf5_text(h, name, "units", unit);
  nw_hdf5_text(h, name, "long_name", text);
  nw_hdf5_scale(h, name, strrchr(name, '/') + 1);
}

/* `scratch` has room for the cell centres. */
static void write_axis(struct nw_hdf5 *h, const struct axis *axis, size_t cells, const double *edge,
                       double *scratch) {
  for (size_t i = 0; i < cells; i++)
    scratch[i] = 0.5 * (edge[i] + edge[i + 1]);
  write_scale(h, axis->name, cells, scratch, "mm", axis->text);
  write_scale(h, axis->edge_name, cells + 1, edge, "mm", axis->text);
}

/* One picture kind over all times, gathered into `stack`; fields[t] NULL at any time: not written. */
static void write_stack(struct nw_hdf5 *h, const char *name, const char *unit, const char *text,
                        const struct nw_picture_store *p, const float *const *image, bool surface,
                        float *stack) {
  const hsize_t shape[3] = {p->count, surface ? p->ny : p->nz, p->nx};
  const size_t cells = (size_t)(shape[1] * shape[2]);
  for (size_t t = 0; t < p->count; t++) {
    if (!image[t]) return;
    memcpy(stack + t * cells, image[t], cells * sizeof *stack);
  }
  char path[96];
  snprintf(path, sizeof path, "/sections/%s", name);
  nw_hdf5_write(h, path, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 3, shape, stack);
  nw_hdf5_text(h, path, "units", unit);
  nw_hdf5_text(h, path, "long_name", text);
  nw_hdf5_attach(h, path, 0, "/sections/time");
  nw_hdf5_attach(h, path, 1, axes[surface ? 1 : 2].name);
  nw_hdf5_attach(h, path, 2, axes[0].name);
}

static void write_stacks(struct nw_hdf5 *h, const struct nw_picture_store *p, const float **image,
                         float *stack) {
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    for (size_t t = 0; t < p->count; t++)
      image[t] = p->item[t].field[f];
    write_stack(h, rows[f].key, rows[f].unit, rows[f].text, p, image, false, stack);
  }
  for (size_t t = 0; t < p->count; t++)
    image[t] = p->item[t].coverage;
  write_stack(h, "coverage", "1", "share of each cell with closed epidermis", p, image, true, stack);
  for (size_t t = 0; t < p->count; t++)
    image[t] = p->item[t].melanin;
  write_stack(h, "melanin", "1", "epidermal melanin relative to its baseline", p, image, true, stack);
}

void nw_sections_write(struct nw_context *context, struct nw_hdf5 *h, const struct nw_picture_store *p) {
  if (h->failed || !p || p->count == 0) return;
  const size_t longest = p->nz > p->ny ? p->nz : p->ny;
  const size_t most = p->nx + longest + p->count; /* of any scale */
  double *scale = nw_allocate(most, sizeof *scale);
  const float **image = nw_allocate(p->count, sizeof *image);
  float *stack = nw_allocate(p->count * longest * p->nx, sizeof *stack);
  if (scale && image && stack) {
    nw_hdf5_group(h, "/sections");
    for (size_t t = 0; t < p->count; t++)
      scale[t] = nw_unit_from_si(p->item[t].time, "d");
    write_scale(h, "/sections/time", p->count, scale, "d", "time since the first injury");
    write_axis(h, &axes[0], p->nx, p->x_edge, scale);
    write_axis(h, &axes[1], p->ny, p->y_edge, scale);
    write_axis(h, &axes[2], p->nz, p->z_edge, scale);
    write_stacks(h, p, image, stack);
  } else {
    nw_fail(context, NW_MEMORY, NULL, "out of memory writing the section pictures");
    nw_hdf5_fault(h, "out of memory");
  }
  nw_release(scale);
  nw_release(image);
  nw_release(stack);
}

/* ---- reading ---- */

/* More than any picture store, little enough that products of two do not overflow. */
enum { MOST_CELLS = 1 << 20, MOST_TIMES = 1 << 16 };

static double *read_axis(struct nw_hdf5 *h, const char *name, hsize_t least, hsize_t most, size_t *count) {
  hsize_t n;
  if (!nw_hdf5_shape(h, name, 1, &n) || n < least || n > most) {
    nw_hdf5_fault(h, "an axis of the sections is missing or has an impossible length");
    return NULL;
  }
  double *value = nw_allocate((size_t)n, sizeof *value);
  if (!value) nw_hdf5_fault(h, "out of memory");
  nw_hdf5_read(h, name, H5T_NATIVE_DOUBLE, 1, &n, value);
  *count = (size_t)n;
  return value;
}

static float *read_stack(struct nw_hdf5 *h, const char *name, size_t n_times, size_t rows_of,
                         size_t columns) {
  char path[96];
  snprintf(path, sizeof path, "/sections/%s", name);
  if (h->failed || !nw_hdf5_has(h, path)) return NULL;
  const hsize_t shape[3] = {n_times, rows_of, columns};
  hsize_t found[3];
  if (!nw_hdf5_shape(h, path, 3, found) || memcmp(shape, found, sizeof shape)) {
    nw_hdf5_fault(h, "a section picture has another shape than its axes");
    return NULL;
  }
  float *stack = rows_of * columns > SIZE_MAX / sizeof *stack / n_times
                     ? NULL
                     : nw_allocate(n_times * rows_of * columns, sizeof *stack);
  if (!stack) nw_hdf5_fault(h, "out of memory");
  nw_hdf5_read(h, path, H5T_NATIVE_FLOAT, 3, shape, stack);
  return stack;
}

static void read_group(struct nw_hdf5 *h, struct nw_sections *s) {
  size_t x = 1, y = 1, z = 1;
  if (!nw_hdf5_has(h, "/sections")) return;
  s->time = read_axis(h, "/sections/time", 1, MOST_TIMES, &s->n_times);
  s->x_edge = read_axis(h, axes[0].edge_name, 2, MOST_CELLS, &x);
  s->y_edge = read_axis(h, axes[1].edge_name, 2, MOST_CELLS, &y);
  s->z_edge = read_axis(h, axes[2].edge_name, 2, MOST_CELLS, &z);
  if (h->failed) return;
  s->nx = x - 1;
  s->ny = y - 1;
  s->nz = z - 1;
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    s->field[f] = read_stack(h, rows[f].key, s->n_times, s->nz, s->nx);
  s->coverage = read_stack(h, "coverage", s->n_times, s->ny, s->nx);
  s->melanin = read_stack(h, "melanin", s->n_times, s->ny, s->nx);
}

enum nw_status nw_sections_read(struct nw_context *context, const char *path, struct nw_sections *sections) {
  enum nw_seal seal = NW_SEAL_NONE;
  *sections = (struct nw_sections){0};
  NW_TRY(nw_seal_check(context, path, &seal));
  if (seal == NW_SEAL_BROKEN)
    return nw_fail(context, NW_IO, NULL, "cannot read %s: the file is torn or was changed", path);
  struct nw_hdf5 h;
  nw_hdf5_open(&h, path);
  if (!h.failed) read_group(&h, sections);
  const enum nw_status status = nw_hdf5_close(context, &h, "read", path);
  if (status != NW_OK) nw_sections_clear(sections);
  return status;
}

void nw_sections_clear(struct nw_sections *s) {
  nw_release(s->time);
  nw_release(s->x_edge);
  nw_release(s->y_edge);
  nw_release(s->z_edge);
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    nw_release(s->field[f]);
  nw_release(s->coverage);
  nw_release(s->melanin);
  *s = (struct nw_sections){0};
}
