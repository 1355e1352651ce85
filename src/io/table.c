/* SPDX-License-Identifier: BSD-3-Clause
   Tables from CSV: RFC 4180 with \n or \r\n, an optional byte order mark, lines that start with # and
   blank lines left out. A column holds numbers, or words when one of its cells is not a number. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "file.h"
#include "number.h"
#include "results.h"

enum { LARGEST_COLUMNS = 4096 };
static const size_t largest_file = (size_t)1 << 30;

struct cursor {
  const char *at, *end;
  size_t line; /* 1-based, of `at` */
};

struct cell {
  const char *text;
  size_t length;
  bool quoted, last; /* last of its row */
};

/* Skips what is no row; false at the end of the file. */
static bool next_row(struct cursor *c) {
  while (c->at < c->end && (*c->at == '#' || *c->at == '\n' || *c->at == '\r')) {
    const char *newline = memchr(c->at, '\n', (size_t)(c->end - c->at));
    if (*c->at == '\r' && c->at + 1 < c->end && c->at[1] != '\n') return true;
    c->at = newline ? newline + 1 : c->end;
    c->line++;
  }
  return c->at < c->end;
}

/* Moves behind the closing quote; false when there is none. */
static bool skip_quoted(struct cursor *c, struct cell *cell) {
  cell->quoted = true;
  cell->text = ++c->at;
  for (; c->at < c->end; c->at++) {
    c->line += *c->at == '\n';
    if (*c->at != '"') continue;
    if (c->at + 1 < c->end && c->at[1] == '"') {
      c->at++;
      continue;
    }
    cell->length = (size_t)(c->at++ - cell->text);
    return true;
  }
  return false;
}

static void trim(struct cell *cell) {
  while (cell->length > 0 && (*cell->text == ' ' || *cell->text == '\t'))
    cell->text++, cell->length--;
  while (cell->length > 0 && strchr(" \t\r", cell->text[cell->length - 1]))
    cell->length--;
}

static bool next_cell(struct cursor *c, struct cell *cell) {
  *cell = (struct cell){.text = c->at};
  if (c->at < c->end && *c->at == '"') {
    if (!skip_quoted(c, cell)) return false;
    if (c->at < c->end && *c->at == '\r') c->at++;
    if (c->at < c->end && *c->at != ',' && *c->at != '\n') return false;
  } else {
    while (c->at < c->end && *c->at != ',' && *c->at != '\n')
      c->at++;
    cell->length = (size_t)(c->at - cell->text);
    trim(cell);
  }
  cell->last = c->at == c->end || *c->at == '\n';
  if (c->at < c->end) c->line += *c->at++ == '\n';
  return true;
}

static size_t unquote(const struct cell *cell, char *out) {
  if (!cell->quoted) {
    if (cell->length) memcpy(out, cell->text, cell->length);
    out[cell->length] = '\0';
    return cell->length + 1;
  }
  size_t n = 0;
  for (size_t i = 0; i < cell->length; i++) {
    out[n++] = cell->text[i];
    i += cell->text[i] == '"';
  }
  out[n] = '\0';
  return n + 1;
}

static enum nw_status bad_row(struct nw_context *context, const char *path, size_t line, const char *text) {
  nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, path, (int)(line < 1u << 30 ? line : 0), 1, NULL, "%s", text);
  return NW_BAD_PLAN;
}

static enum nw_status no_memory(struct nw_context *context, const char *path) {
  return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", path);
}

static enum nw_status read_header(struct nw_context *context, const char *path, struct cursor *c,
                                  struct nw_table *table) {
  struct cell cell = {0};
  size_t capacity = 0;
  if (!next_row(c)) return bad_row(context, path, 1, "a table needs a header row, and this file is empty");
  for (const size_t line = c->line; !cell.last;) {
    if (!next_cell(c, &cell)) return bad_row(context, path, line, "the header row has a broken quotation");
    if (table->n_columns >= LARGEST_COLUMNS) return bad_row(context, path, line, "more than 4096 columns");
    if (!nw_grow(&table->name, &capacity, table->n_columns + 1, sizeof *table->name))
      return no_memory(context, path);
    char *name = nw_allocate(cell.length + 1, 1);
    if (!name) return no_memory(context, path);
    unquote(&cell, name);
    table->name[table->n_columns++] = name;
  }
  return NW_OK;
}

/* Counts the rows and checks that each has as many cells as the header. */
static enum nw_status count_rows(struct nw_context *context, const char *path, struct cursor c,
                                 struct nw_table *table) {
  while (next_row(&c)) {
    struct cell cell = {0};
    size_t cells = 0;
    const size_t line = c.line;
    for (; !cell.last; cells++)
      if (!next_cell(&c, &cell))
        return bad_row(context, path, line, "a quotation does not end or is followed by text");
    if (cells != table->n_columns) {
      nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, path, (int)(line < 1u << 30 ? line : 0), 1, NULL,
                  "this row has %zu cells where the header has %zu columns", cells, table->n_columns);
      return NW_BAD_PLAN;
    }
    table->n_rows++;
  }
  return NW_OK;
}

static bool allocate_numbers(struct nw_table *table) {
  table->number = nw_allocate(table->n_columns, sizeof *table->number);
  table->word = nw_allocate(table->n_columns, sizeof *table->word);
  if (!table->number || !table->word) return false;
  for (size_t j = 0; j < table->n_columns; j++)
    if (!(table->number[j] = nw_allocate(table->n_rows, sizeof(double)))) return false;
  return true;
}

static bool is_missing(const struct cell *cell) {
  return cell->length == 0 || (cell->length == 3 && !strncasecmp(cell->text, "nan", 3));
}

/* Fills the numbers; text_bytes[j] becomes the room that the words of column j need, 0 without words. */
static void read_numbers(struct cursor c, struct nw_table *table, size_t *text_bytes, bool *has_words) {
  for (size_t i = 0; next_row(&c); i++) {
    for (size_t j = 0; j < table->n_columns; j++) {
      struct cell cell;
      next_cell(&c, &cell);
      double *number = &table->number[j][i];
      *number = NAN;
      text_bytes[j] += cell.length + 1;
      if (!nw_number_read(cell.text, cell.length, number)) has_words[j] |= !is_missing(&cell);
    }
  }
}

/* The words of a column and the pointers to them live in one block: one release frees both. */
static bool allocate_words(struct nw_table *table, const size_t *text_bytes, const bool *has_words,
                           char **room) {
  for (size_t j = 0; j < table->n_columns; j++) {
    if (!has_words[j]) continue;
    char *block = nw_allocate(table->n_rows * sizeof(char *) + text_bytes[j], 1);
    if (!block) return false;
    table->word[j] = (char **)(void *)block;
    room[j] = block + table->n_rows * sizeof(char *);
  }
  return true;
}

static void read_words(struct cursor c, struct nw_table *table, char **room) {
  for (size_t i = 0; next_row(&c); i++) {
    for (size_t j = 0; j < table->n_columns; j++) {
      struct cell cell;
      next_cell(&c, &cell);
      if (!room[j]) continue;
      table->word[j][i] = room[j];
      room[j] += unquote(&cell, room[j]);
    }
  }
}

static enum nw_status read_cells(struct nw_context *context, const char *path, struct cursor c,
                                 struct nw_table *table) {
  size_t *text_bytes = nw_allocate(table->n_columns, sizeof *text_bytes);
  bool *has_words = nw_allocate(table->n_columns, sizeof *has_words);
  char **room = nw_allocate(table->n_columns, sizeof *room);
  bool good = text_bytes && has_words && room && allocate_numbers(table);
  if (good) {
    read_numbers(c, table, text_bytes, has_words);
    good = allocate_words(table, text_bytes, has_words, room);
  }
  if (good) read_words(c, table, room);
  nw_release(text_bytes);
  nw_release(has_words);
  nw_release(room);
  return good ? NW_OK : no_memory(context, path);
}

static enum nw_status parse(struct nw_context *context, const char *path, const struct nw_text *text,
                            struct nw_table *table) {
  if (text->length && memchr(text->data, '\0', text->length))
    return nw_fail(context, NW_BAD_PLAN, NULL, "%s is not a table: it holds binary data", path);
  struct cursor c = {text->data, text->data + text->length, 1};
  if (text->length >= 3 && !memcmp(text->data, "\xef\xbb\xbf", 3)) c.at += 3;
  NW_TRY(read_header(context, path, &c, table));
  NW_TRY(count_rows(context, path, c, table));
  return read_cells(context, path, c, table);
}

enum nw_status nw_table_read(struct nw_context *context, const char *path, struct nw_table *table) {
  struct nw_text text = {0};
  *table = (struct nw_table){0};
  NW_TRY(nw_file_read_text(context, path, largest_file, &text));
  const enum nw_status status = parse(context, path, &text, table);
  nw_text_clear(&text);
  if (status != NW_OK) nw_table_clear(table);
  return status;
}

void nw_table_clear(struct nw_table *table) {
  for (size_t j = 0; j < table->n_columns; j++) {
    nw_release(table->name[j]);
    if (table->number) nw_release(table->number[j]);
    if (table->word) nw_release(table->word[j]);
  }
  nw_release(table->name);
  nw_release(table->number);
  nw_release(table->word);
  *table = (struct nw_table){0};
}

int nw_table_column(const struct nw_table *table, const char *name) {
  for (size_t j = 0; j < table->n_columns; j++)
    if (!strcmp(table->name[j], name)) return (int)j;
  return -1;
}
