/* SPDX-License-Identifier: BSD-3-Clause
   Files that are whole or absent: written to a temporary name beside the target, synced, renamed. */
#pragma once
#include <stdint.h>
#include <stdio.h>

#include "base.h"

struct nw_file {
  FILE *stream;           /* NULL when closed */
  char *path, *temporary; /* owned */
};

/* Opens the temporary file of `path` for writing. NW_IO with the reason, NW_MEMORY. */
enum nw_status nw_file_create(struct nw_context *context, const char *path, struct nw_file *file);
/* Flushes, syncs and renames; after a failed write removes the temporary file and returns NW_IO.
   Releases everything in either case. */
enum nw_status nw_file_commit(struct nw_context *context, struct nw_file *file);
/* Removes the temporary file. Safe on a zeroed struct and after commit. */
void nw_file_abandon(struct nw_file *file);
/* A whole text as one file. A text that ran out of memory gives NW_MEMORY. */
enum nw_status nw_file_write_text(struct nw_context *context, const char *path, const struct nw_text *text);
/* Reads a regular file of at most `limit` bytes; text->data is terminated. NW_IO with the reason. */
enum nw_status nw_file_read_text(struct nw_context *context, const char *path, size_t limit,
                                 struct nw_text *text);

/* folder/name; NULL when out of memory; release with nw_release. */
char *nw_file_join(const char *folder, const char *name);
/* path with ".tmp" behind it; NULL when out of memory; release with nw_release. */
char *nw_file_temporary(const char *path);
/* Whether there is anything of this name. */
bool nw_file_exists(const char *path);
/* After a temporary file was written with this status: publishes it when that was NW_OK, else removes it. */
enum nw_status nw_file_finish(struct nw_context *context, enum nw_status written, const char *temporary,
                              const char *path);
/* Syncs `temporary`, renames it to `path` and syncs the folder. NW_IO with the reason. */
enum nw_status nw_file_publish(struct nw_context *context, const char *temporary, const char *path);
