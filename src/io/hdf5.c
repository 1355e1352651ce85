/* SPDX-License-Identifier: BSD-3-Clause
   HDF5 without its own error printing. */
#include "hdf5.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>

#include "hdf5_driver.h"

/* The innermost record names the cause; for a failed system call it holds "error message = '...'". */
static herr_t keep_first(unsigned n, const H5E_error2_t *record, void *data) {
  struct nw_hdf5 *h = data;
  if (n > 0) return 0;
  const char *mark = record->desc ? strstr(record->desc, "error message = '") : NULL;
  const char *text = mark ? mark + strlen("error message = '") : record->desc;
  const int length = text ? (int)strcspn(text, mark ? "'" : "") : 0;
  snprintf(h->reason, sizeof h->reason, "%.*s", length, text ? text : "");
  return 0;
}

void nw_hdf5_fault(struct nw_hdf5 *h, const char *text) {
  if (h->failed) return;
  h->failed = true;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, h);
  if (!h->reason[0]) snprintf(h->reason, sizeof h->reason, "%s", text);
}

/* Every file is closed here, so nothing is left for the library to do at the end of the program; and where
   the memory ran out while it closed one, it would fall over what is left of it. */
static void silence(struct nw_hdf5 *h) {
  H5dont_atexit();
  *h = (struct nw_hdf5){.file = H5I_INVALID_HID};
  H5Eget_auto2(H5E_DEFAULT, &h->printer, &h->printer_data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5Eclear2(H5E_DEFAULT);
}

void nw_hdf5_create(struct nw_hdf5 *h, const char *path, uint64_t room) {
  silence(h);
  const hid_t list = nw_hdf5_driver_list(room, &h->write_error);
  h->file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, list);
  if (h->file < 0) nw_hdf5_fault(h, "the file cannot be created");
  H5Pclose(list);
}

void nw_hdf5_open(struct nw_hdf5 *h, const char *path) {
  silence(h);
  const hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(list, H5F_CLOSE_STRONG); /* everything still open inside goes with the file */
  h->file = H5Fopen(path, H5F_ACC_RDONLY, list);
  if (h->file < 0) nw_hdf5_fault(h, "it is no HDF5 file");
  H5Pclose(list);
}

enum nw_status nw_hdf5_close(struct nw_context *context, struct nw_hdf5 *h, const char *what,
                             const char *path) {
  if (h->file >= 0 && H5Fclose(h->file) < 0) nw_hdf5_fault(h, "the file cannot be closed");
  h->file = H5I_INVALID_HID;
  if (h->write_error) snprintf(h->reason, sizeof h->reason, "%s", strerror(h->write_error));
  h->failed |= h->write_error != 0;
  H5Eclear2(H5E_DEFAULT);
  H5Eset_auto2(H5E_DEFAULT, h->printer, h->printer_data);
  if (!h->failed) return NW_OK;
  return nw_fail(context, NW_IO, NULL, "cannot %s %s: %s", what, path, h->reason);
}

void nw_hdf5_group(struct nw_hdf5 *h, const char *name) {
  if (h->failed) return;
  const hid_t list = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(list, 0); /* same run, same bytes */
  const hid_t group = H5Gcreate2(h->file, name, H5P_DEFAULT, list, H5P_DEFAULT);
  if (group < 0 || H5Gclose(group) < 0) nw_hdf5_fault(h, "a group cannot be made");
  H5Pclose(list);
}

static void write_set(struct nw_hdf5 *h, const char *name, hid_t file, hid_t memory, int rank,
                      const hsize_t *shape, const void *data, hid_t list) {
  const hid_t space = rank > 0 ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
  H5Pset_obj_track_times(list, 0);
  const hid_t set = H5Dcreate2(h->file, name, file, space, H5P_DEFAULT, list, H5P_DEFAULT);
  const bool empty = H5Sget_simple_extent_npoints(space) == 0;
  if (set < 0 || (data && !empty && H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0))
    nw_hdf5_fault(h, "a dataset cannot be written");
  if (set >= 0 && H5Dclose(set) < 0) nw_hdf5_fault(h, "a dataset cannot be closed");
  H5Pclose(list);
  H5Sclose(space);
}

void nw_hdf5_write(struct nw_hdf5 *h, const char *name, hid_t file, hid_t memory, int rank,
                   const hsize_t *shape, const void *data) {
  if (!h->failed) write_set(h, name, file, memory, rank, shape, data, H5Pcreate(H5P_DATASET_CREATE));
}

void nw_hdf5_write_packed(struct nw_hdf5 *h, const char *name, int rank, const hsize_t *shape,
                          const float *data) {
  enum { PIECE = 1 << 18, LEVEL = 1, MOST_RANK = 3 }; /* numbers in a piece: 1 MiB, what HDF5 caches */
  hsize_t piece[MOST_RANK], inner = 1;
  if (h->failed) return;
  for (int i = rank; i-- > 0; inner *= shape[i])
    piece[i] = inner >= PIECE ? 1 : inner * shape[i] <= PIECE ? shape[i] : PIECE / inner;
  const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  if (H5Pset_chunk(list, rank, piece) < 0 || H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, LEVEL) < 0)
    nw_hdf5_fault(h, "a dataset cannot be compressed");
  write_set(h, name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, rank, shape, data, list);
}

static void write_attribute(struct nw_hdf5 *h, const char *name, const char *attribute, hid_t file,
                            hid_t memory, const void *data) {
  const hid_t object = H5Oopen(h->file, name, H5P_DEFAULT);
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t id = object < 0 ? -1 : H5Acreate2(object, attribute, file, space, H5P_DEFAULT, H5P_DEFAULT);
  if (id < 0 || H5Awrite(id, memory, data) < 0) nw_hdf5_fault(h, "an attribute cannot be written");
  if (id >= 0) H5Aclose(id);
  if (object >= 0) H5Oclose(object);
  H5Sclose(space);
}

void nw_hdf5_text(struct nw_hdf5 *h, const char *name, const char *attribute, const char *text) {
  if (h->failed || !text || !*text) return; /* HDF5 has no text of length 0: an empty one is left out */
  const hid_t type = H5Tcopy(H5T_C_S1);
  bool ascii = true;
  for (const char *p = text; *p; p++)
    ascii &= (unsigned char)*p < 128;
  H5Tset_size(type, strlen(text));
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8);
  write_attribute(h, name, attribute, type, type, text);
  H5Tclose(type);
}

void nw_hdf5_number(struct nw_hdf5 *h, const char *name, const char *attribute, double number) {
  if (!h->failed) write_attribute(h, name, attribute, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &number);
}

void nw_hdf5_scale(struct nw_hdf5 *h, const char *name, const char *label) {
  if (h->failed) return;
  const hid_t set = H5Dopen2(h->file, name, H5P_DEFAULT);
  if (set < 0 || H5DSset_scale(set, label) < 0) nw_hdf5_fault(h, "a dimension scale cannot be made");
  if (set >= 0) H5Dclose(set);
}

void nw_hdf5_attach(struct nw_hdf5 *h, const char *dataset, int dimension, const char *scale) {
  if (h->failed) return;
  const hid_t set = H5Dopen2(h->file, dataset, H5P_DEFAULT);
  const hid_t along = H5Dopen2(h->file, scale, H5P_DEFAULT);
  if (set < 0 || along < 0 || H5DSattach_scale(set, along, (unsigned)dimension) < 0)
    nw_hdf5_fault(h, "a dimension scale cannot be attached");
  if (along >= 0) H5Dclose(along);
  if (set >= 0) H5Dclose(set);
}

/* H5Lexists answers for one step of a path only, so each parent is asked first. */
bool nw_hdf5_has(struct nw_hdf5 *h, const char *name) {
  char part[256];
  if (h->failed || strlen(name) >= sizeof part) return false;
  strcpy(part, name);
  for (char *slash = strchr(part + (part[0] == '/'), '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (H5Lexists(h->file, part, H5P_DEFAULT) <= 0) return false;
    *slash = '/';
  }
  return H5Lexists(h->file, name, H5P_DEFAULT) > 0 && H5Oexists_by_name(h->file, name, H5P_DEFAULT) > 0;
}

bool nw_hdf5_shape(struct nw_hdf5 *h, const char *name, int rank, hsize_t *shape) {
  if (!nw_hdf5_has(h, name)) return false;
  const hid_t set = H5Dopen2(h->file, name, H5P_DEFAULT);
  const hid_t space = set < 0 ? -1 : H5Dget_space(set);
  const bool fits = space >= 0 && H5Sget_simple_extent_ndims(space) == rank &&
                    H5Sget_simple_extent_dims(space, shape, NULL) == rank;
  if (space >= 0) H5Sclose(space);
  if (set >= 0) H5Dclose(set);
  return fits;
}

void nw_hdf5_read(struct nw_hdf5 *h, const char *name, hid_t memory, int rank, const hsize_t *shape,
                  void *data) {
  if (h->failed) return;
  hsize_t found[8];
  bool same = rank <= 8 && nw_hdf5_shape(h, name, rank, found);
  for (int i = 0; same && i < rank; i++)
    same = found[i] == shape[i];
  if (!same) {
    H5Eclear2(H5E_DEFAULT);
    h->failed = true;
    snprintf(h->reason, sizeof h->reason, "dataset %s is missing or has another shape", name);
    return;
  }
  const hid_t set = H5Dopen2(h->file, name, H5P_DEFAULT);
  if (set < 0 || H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
    nw_hdf5_fault(h, "a dataset cannot be read");
  if (set >= 0) H5Dclose(set);
}

static char *read_text(hid_t id) {
  const hid_t type = H5Aget_type(id);
  const size_t size = H5Tget_size(type);
  char *text = NULL;
  if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0) text = nw_allocate(size + 1, 1);
  if (text && H5Aread(id, type, text) < 0) {
    nw_release(text);
    text = NULL;
  }
  H5Tclose(type);
  return text;
}

char *nw_hdf5_text_of(struct nw_hdf5 *h, const char *name, const char *attribute) {
  if (!nw_hdf5_has(h, name) && strcmp(name, "/") != 0) return NULL;
  const hid_t object = H5Oopen(h->file, name, H5P_DEFAULT);
  const hid_t id =
      object < 0 || H5Aexists(object, attribute) <= 0 ? -1 : H5Aopen(object, attribute, H5P_DEFAULT);
  char *text = id < 0 ? NULL : read_text(id);
  if (id >= 0) H5Aclose(id);
  if (object >= 0) H5Oclose(object);
  return text;
}
