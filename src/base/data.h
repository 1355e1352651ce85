/* SPDX-License-Identifier: BSD-3-Clause
   Files that the program carries within itself, written at build time by cmake/Embed.cmake. */
#pragma once
#include <stddef.h>

struct nw_data_file {
  const char *name;          /* below data/, examples/NAME, or references.bib */
  const unsigned char *text; /* terminated */
  size_t length;
};
extern const struct nw_data_file nw_data_files[];
extern const size_t nw_data_file_count;

/* Text of a file by its name, borrowed and terminated; NULL when it is not carried. */
const char *nw_data_find(const char *name, size_t *length);
