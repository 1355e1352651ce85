/* SPDX-License-Identifier: BSD-3-Clause
   Tables of text from CSV, or from TSV where the file's name ends in .tsv: RFC 4180 with \n or \r\n, an
   optional byte order mark, blank lines and lines that start with # left out. Every cell knows its place, so
   that whoever reads meaning into a cell can point at it; all mistakes are reported at once. */
#pragma once
#include "base.h"

struct nw_csv_cell {
  const char *text; /* borrowed from the table; never NULL; blanks around an unquoted cell are cut */
  int line, column; /* 1-based, of its first character in the file */
};

struct nw_csv {
  char *name;                /* of the file, for messages; owned */
  size_t n_columns, n_rows;  /* rows without the header */
  char *text;                /* owned */
  struct nw_csv_cell *title; /* (n_columns) owned */
  struct nw_csv_cell *cell;  /* (n_rows, n_columns) owned */
};

/* Takes the titles of a table, then row by row its cells, as many as there are titles; the cells are gone
   when it returns. Another status than NW_OK ends the table with it. */
typedef enum nw_status (*nw_csv_row_function)(void *data, const struct nw_csv_cell *cell, size_t count);
/* Hands a table over row by row: for tables too large to keep every cell. The table may be without rows.
   `name` stands for the file in messages. NW_BAD_PLAN with file:line:column, NW_MEMORY. */
enum nw_status nw_csv_scan(struct nw_context *context, const char *name, const char *text, size_t length,
                           nw_csv_row_function row, void *data);

/* Reads a file of at most 64 MiB. NW_IO, NW_BAD_PLAN with file:line:column, NW_MEMORY; the table is then
   empty. A table without rows is a mistake. */
enum nw_status nw_csv_read(struct nw_context *context, const char *path, struct nw_csv *out);
/* Same from memory, without NW_IO; `name` stands for the file in messages. */
enum nw_status nw_csv_parse(struct nw_context *context, const char *name, const char *text, size_t length,
                            struct nw_csv *out);
void nw_csv_clear(struct nw_csv *csv);

/* Column of this name, -1 when there is none. */
int nw_csv_column(const struct nw_csv *csv, const char *name);
/* Whether all these columns are there: tells kinds of tables apart. */
bool nw_csv_has(const struct nw_csv *csv, const char *const *names, size_t count);
/* Finds the named columns, in any order. A missing one is a mistake; one too many is a mistake when its
   name looks like a missing one, else a warning. index (count). NW_BAD_PLAN when there was a mistake. */
enum nw_status nw_csv_columns(struct nw_context *context, const struct nw_csv *csv, const char *const *names,
                              size_t count, int *index);
/* Of columns that may be left out: reports a title that is nearly the name of one that was not found (index
   -1). NW_BAD_PLAN when there is any. */
enum nw_status nw_csv_spelling(struct nw_context *context, const struct nw_csv *csv, const char *const *names,
                               size_t count, const int *index);
/* Cell of a row, counted from 0 below the titles, and a column (>= 0); borrowed. */
const struct nw_csv_cell *nw_csv_at(const struct nw_csv *csv, size_t row, int column);
/* Reports a mistake at a cell, with the column's name as key. */
void nw_csv_report(struct nw_context *context, const struct nw_csv *csv, size_t row, int column,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
