/* SPDX-License-Identifier: BSD-3-Clause
   checkpoint.h5: named blocks of one run. The seal is checked before HDF5 sees a byte, so that a torn
   or changed file ends in a message and not inside the library. */
#include "checkpoint.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "hdf5.h"
#include "seal.h"

static const char format_text[] = "needlework checkpoint 1";

static void name_block(char name[128], const char *block) {
  assert(*block && strlen(block) < 100 && !strchr(block, '/'));
  snprintf(name, 128, "/blocks/%s", block);
}

static void write_identity(struct nw_hdf5 *h, const char *identity) {
  const hsize_t length = strlen(identity);
  nw_hdf5_text(h, "/", "format", format_text);
  nw_hdf5_write(h, "/identity", H5T_STD_U8LE, H5T_NATIVE_UCHAR, 1, &length, identity);
}

static void write_blocks(struct nw_hdf5 *h, const struct nw_block *block, size_t n_blocks) {
  nw_hdf5_group(h, "/blocks");
  for (size_t i = 0; i < n_blocks; i++) {
    const hsize_t bytes = block[i].bytes;
    char name[128];
    name_block(name, block[i].name);
    nw_hdf5_write(h, name, H5T_STD_U8LE, H5T_NATIVE_UCHAR, 1, &bytes, block[i].data);
  }
}

static enum nw_status write_file(struct nw_context *context, const char *path, const char *temporary,
                                 const char *identity, const struct nw_block *block, size_t n_blocks) {
  struct nw_hdf5 h;
  uint64_t room = 1 << 20;
  for (size_t i = 0; i < n_blocks; i++)
    room += block[i].bytes + 4096;
  nw_hdf5_create(&h, temporary, room);
  if (!h.failed) {
    write_identity(&h, identity);
    write_blocks(&h, block, n_blocks);
  }
  NW_TRY(nw_hdf5_close(context, &h, "write", path));
  return nw_seal_write(context, temporary);
}

enum nw_status nw_checkpoint_write(struct nw_context *context, const char *path, const char *identity,
                                   const struct nw_block *block, size_t n_blocks) {
  char *temporary = nw_file_temporary(path);
  if (!temporary) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing %s", path);
  const enum nw_status written = write_file(context, path, temporary, identity, block, n_blocks);
  const enum nw_status status = nw_file_finish(context, written, temporary, path);
  nw_release(temporary);
  return status;
}

/* ---- reading ---- */

static enum nw_status open_whole(struct nw_context *context, const char *path, struct nw_hdf5 *h) {
  enum nw_seal seal = NW_SEAL_NONE;
  NW_TRY(nw_seal_check(context, path, &seal));
  if (seal == NW_SEAL_NONE)
    return nw_fail(context, NW_IO, NULL,
                   "cannot read %s: it is no whole checkpoint of this program: --force starts afresh", path);
  if (seal == NW_SEAL_BROKEN)
    return nw_fail(context, NW_IO, NULL,
                   "cannot read %s: the checkpoint is torn or was changed: --force starts afresh", path);
  nw_hdf5_open(h, path);
  char *format = h->failed ? NULL : nw_hdf5_text_of(h, "/", "format");
  if (!h->failed && (!format || strcmp(format, format_text)))
    nw_hdf5_fault(h, "it is no checkpoint of this version");
  nw_release(format);
  return NW_OK;
}

static bool same_identity(struct nw_hdf5 *h, const char *identity) {
  const hsize_t length = strlen(identity);
  hsize_t found;
  if (!nw_hdf5_shape(h, "/identity", 1, &found) || found != length) return false;
  char *text = nw_allocate((size_t)length + 1, 1);
  if (text) nw_hdf5_read(h, "/identity", H5T_NATIVE_UCHAR, 1, &length, text);
  const bool same = text && !h->failed && !memcmp(text, identity, (size_t)length);
  nw_release(text);
  return same;
}

static void read_blocks(struct nw_hdf5 *h, const struct nw_block *block, size_t n_blocks) {
  for (size_t i = 0; i < n_blocks && !h->failed; i++) {
    const hsize_t bytes = block[i].bytes;
    char name[128];
    name_block(name, block[i].name);
    nw_hdf5_read(h, name, H5T_NATIVE_UCHAR, 1, &bytes, block[i].data);
  }
}

enum nw_status nw_checkpoint_read(struct nw_context *context, const char *path, const char *identity,
                                  const struct nw_block *block, size_t n_blocks) {
  struct nw_hdf5 h;
  NW_TRY(open_whole(context, path, &h));
  const bool ours = h.failed || same_identity(&h, identity);
  if (ours) read_blocks(&h, block, n_blocks);
  NW_TRY(nw_hdf5_close(context, &h, "read", path));
  if (ours) return NW_OK;
  return nw_fail(context, NW_BAD_PLAN, NULL,
                 "%s belongs to another plan, seed, version, grid or precision: --force starts afresh", path);
}
