/* SPDX-License-Identifier: BSD-3-Clause
   Pictures in a results folder. The surface of the skin: skin_000d.png is before, skin_015d.png 15 days after
   the first injury, skin_000d_01h.png an hour after it, skin_250d_untreated.png the untreated twin. Sections:
   section_000d_masson.png and so on, a file for each look. */
#pragma once
#include "base/base.h"

struct nw_skin_file {
  double time; /* since the first injury [d] */
  bool treated;
  struct nw_text png; /* owned: the bytes of the file */
};
struct nw_skin_files {
  struct nw_skin_file *item;
  size_t count, capacity; /* owned, by time, treated before untreated */
};

enum { NW_SKIN_FILE_NAME = 48 };
/* The name of a picture; times are told to the hour. */
void nw_skin_file_name(char name[NW_SKIN_FILE_NAME], double time, bool treated);
/* Writes one picture. NW_IO, NW_MEMORY. */
enum nw_status nw_skin_file_write(struct nw_context *context, const char *folder,
                                  const struct nw_skin_file *file);
/* Reads all pictures of a folder; none is fine. NW_IO; *files is empty then. */
enum nw_status nw_skin_files_read(struct nw_context *context, const char *folder,
                                  struct nw_skin_files *files);
void nw_skin_files_clear(struct nw_skin_files *files);
/* The looks of sections: "masson", "picrosirius", "elastin", "cells", "ultrasound"; ends with NULL. */
extern const char *const nw_section_looks[];
/* The name of a section seen in one of these looks. */
void nw_section_file_name(char name[NW_SKIN_FILE_NAME], double time, const char *look);
/* Removes the pictures of a folder, surface and sections. NW_IO. */
enum nw_status nw_skin_files_remove(struct nw_context *context, const char *folder);
