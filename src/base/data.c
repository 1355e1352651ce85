/* SPDX-License-Identifier: BSD-3-Clause
   Files that the program carries within itself. */
#include "data.h"

#include <string.h>

const char *nw_data_find(const char *name, size_t *length) {
  for (size_t i = 0; i < nw_data_file_count; i++) {
    if (strcmp(name, nw_data_files[i].name) != 0) continue;
    *length = nw_data_files[i].length;
    return (const char *)nw_data_files[i].text;
  }
  return NULL;
}
