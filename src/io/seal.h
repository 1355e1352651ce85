/* SPDX-License-Identifier: BSD-3-Clause
   A seal behind the last byte of a file: its length and a checksum of all of it. A sealed file that
   was torn or changed is refused before any library tries to make sense of it. HDF5 ignores what
   stands behind its end of file, so a sealed HDF5 file stays one for everybody. */
#pragma once
#include <stdint.h>

#include "base/base.h"

struct nw_hash {
  uint64_t lane[4];
  uint64_t bytes;
};

/* Checksum in pieces. The value depends on where pieces end unless all but the last are multiples of
   32 bytes. Each step is one to one in state and data, so a change inside one 8-byte word is always seen. */
struct nw_hash nw_hash_start(void);
void nw_hash_add(struct nw_hash *hash, const void *data, size_t bytes);
uint64_t nw_hash_value(const struct nw_hash *hash);

enum nw_seal { NW_SEAL_WHOLE, NW_SEAL_NONE, NW_SEAL_BROKEN };

/* Appends the seal. NW_IO with the reason. */
enum nw_status nw_seal_write(struct nw_context *context, const char *path);
/* Says whether a file is sealed and whole. NW_IO with the reason when it cannot be read at all. */
enum nw_status nw_seal_check(struct nw_context *context, const char *path, enum nw_seal *seal);
