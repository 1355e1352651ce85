/* SPDX-License-Identifier: BSD-3-Clause
   Tables of numbers from CSV, and of texts where a column holds words. */
#pragma once
#include "base.h"

struct nw_table {
  size_t n_columns, n_rows;
  char **name;     /* (n_columns) owned */
  double **number; /* (n_columns)(n_rows) NAN where not a number; owned */
  char ***word;    /* (n_columns)(n_rows) owned; only for columns that hold words, else NULL */
};
/* Reads a file of at most 1 GiB. NW_IO, NW_BAD_PLAN with file:line:column, NW_MEMORY; the table is then
 * empty. */
enum nw_status nw_table_read(struct nw_context *context, const char *path, struct nw_table *table);
void nw_table_clear(struct nw_table *table);
/* Index of a column, or -1. */
int nw_table_column(const struct nw_table *table, const char *name);
