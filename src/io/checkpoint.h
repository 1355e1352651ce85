/* SPDX-License-Identifier: BSD-3-Clause
   checkpoint.h5: named blocks of bytes that belong to one plan, seed and version. Written to a
   temporary name, synced and renamed; a torn or foreign file is refused with a clear message. */
#pragma once
#include "base/base.h"

struct nw_block {
  const char *name;
  void *data;
  size_t bytes;
};

/* `identity` is any text that must match on reading (plan digest, seed, version, grid, precision).
   NW_IO. */
enum nw_status nw_checkpoint_write(struct nw_context *context, const char *path, const char *identity,
                                   const struct nw_block *block, size_t n_blocks);
/* Fills the blocks, whose names and sizes must match the file's; each is guarded by a checksum.
   NW_BAD_PLAN: the file is of another identity; NW_IO: it is torn, or a block does not fit. */
enum nw_status nw_checkpoint_read(struct nw_context *context, const char *path, const char *identity,
                                  const struct nw_block *block, size_t n_blocks);
