/* SPDX-License-Identifier: BSD-3-Clause
   Tables of text from CSV: a walk over the bytes that knows where it is. */
#include "csv.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "utf8.h"

enum {
  MOST_COLUMNS = 1024,
  MOST_ROWS = 1000000,
  LONGEST_CELL = 1 << 16,
  MOST_MESSAGES = 40, /* of the form of one table */
  MOST_REPORTS = 100, /* of what its cells mean */
  LARGEST_FILE = 64 << 20
};

struct walk {
  struct nw_context *context;
  const char *name; /* of the file */
  const char *at, *end;
  int line, column; /* 1-based, of `at`; columns count characters */
  char *text, *out; /* cells of the row at hand; where their next byte goes */
  char separator;   /* of cells */
  struct nw_csv_cell *row;
  size_t n_row, row_capacity;
  size_t n_columns; /* of the header */
  int mistakes;
};

/* ---- messages ---- */

static void mistake(struct walk *w, int line, int column, const char *text) {
  w->mistakes++;
  if (w->mistakes <= MOST_MESSAGES)
    nw_diagnose(w->context, NW_ERROR, NW_BAD_PLAN, w->name, line, column, NULL, "%s", text);
  if (w->mistakes == MOST_MESSAGES)
    nw_diagnose(w->context, NW_ERROR, NW_BAD_PLAN, w->name, line, column, NULL,
                "too many mistakes; the rest of this table is not read");
}

static enum nw_status no_memory(struct walk *w) {
  return nw_fail(w->context, NW_MEMORY, NULL, "out of memory reading %s", w->name);
}

/* ---- bytes ---- */

static void step(struct walk *w) {
  if (*w->at == '\n') {
    w->line++;
    w->column = 1;
  } else if (((unsigned char)*w->at & 0xc0) != 0x80) {
    w->column++;
  }
  w->at++;
}

static bool at_line_end(const struct walk *w) {
  return w->at == w->end || *w->at == '\n' || (*w->at == '\r' && w->at + 1 < w->end && w->at[1] == '\n') ||
         (*w->at == '\r' && w->at + 1 == w->end);
}

static void skip_line_end(struct walk *w) {
  if (w->at < w->end && *w->at == '\r') step(w);
  if (w->at < w->end && *w->at == '\n') step(w);
}

static const char *bad_byte(const struct walk *w) {
  const unsigned char byte = (unsigned char)*w->at;
  const bool marked = w->line == 1 && w->column == 1 && w->at + 1 < w->end;
  if (marked && (!memcmp(w->at, "\xff\xfe", 2) || !memcmp(w->at, "\xfe\xff", 2)))
    return "this table is UTF-16; save it as UTF-8";
  if (byte == 0) return "a zero byte: this is no table of text (or it is UTF-16; save it as UTF-8)";
  if (nw_utf8_step(w->at, (size_t)(w->end - w->at)) == 0)
    return "a byte that is not UTF-8; save the table as UTF-8";
  if (byte == '\r' && !at_line_end(w)) return "a carriage return that ends no line";
  if ((byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f)
    return "a control character";
  return NULL;
}

/* One look over all bytes first: past a wrong encoding no other message makes sense. */
static enum nw_status check_bytes(struct walk w) {
  while (w.at < w.end) {
    const char *wrong = bad_byte(&w);
    if (wrong) {
      mistake(&w, w.line, w.column, wrong);
      return NW_BAD_PLAN;
    }
    const size_t size = nw_utf8_step(w.at, (size_t)(w.end - w.at));
    for (size_t i = 0; i < size; i++)
      step(&w);
  }
  return NW_OK;
}

/* ---- cells ---- */

static void keep(struct walk *w) {
  *w->out++ = *w->at;
  step(w);
}

static bool is_blank(const struct walk *w, char byte) {
  return (byte == ' ' || byte == '\t') && byte != w->separator;
}

static void skip_to_separator(struct walk *w) {
  while (!at_line_end(w) && *w->at != w->separator)
    step(w);
}

/* Reads behind the opening quotation mark up to and with the closing one. */
static void read_quoted(struct walk *w) {
  const int line = w->line, column = w->column;
  for (step(w); w->at < w->end; keep(w)) {
    if (*w->at != '"') continue;
    step(w);
    if (w->at == w->end || *w->at != '"') {
      if (at_line_end(w) || *w->at == w->separator) return;
      mistake(w, w->line, w->column, "text behind a closing quotation mark; a mark inside a cell is doubled");
      skip_to_separator(w);
      return;
    }
  }
  mistake(w, line, column, "a quotation that is opened here is never closed");
}

static void read_plain(struct walk *w, const char *begin) {
  bool quoted = false;
  while (!at_line_end(w) && *w->at != w->separator) {
    if (*w->at == '"' && !quoted) {
      mistake(w, w->line, w->column,
              "a quotation mark inside a cell; put the whole cell in quotation marks and double this one");
      quoted = true;
    }
    keep(w);
  }
  while (w->out > begin && is_blank(w, w->out[-1]))
    w->out--;
}

static enum nw_status read_cell(struct walk *w) {
  if (!nw_grow(&w->row, &w->row_capacity, w->n_row + 1, sizeof *w->row)) return no_memory(w);
  while (w->at < w->end && is_blank(w, *w->at))
    step(w);
  const struct nw_csv_cell cell = {.text = w->out, .line = w->line, .column = w->column};
  if (w->at < w->end && *w->at == '"')
    read_quoted(w);
  else
    read_plain(w, cell.text);
  if (w->out - cell.text > LONGEST_CELL) mistake(w, cell.line, cell.column, "a cell of more than 64 KiB");
  *w->out++ = '\0';
  w->row[w->n_row++] = cell;
  return NW_OK;
}

/* Skips blank lines and remarks; false at the end of the file. */
static bool next_row(struct walk *w) {
  while (w->at < w->end) {
    if (*w->at == '#') {
      while (!at_line_end(w))
        step(w);
    } else if (!at_line_end(w)) {
      return w->mistakes < MOST_MESSAGES;
    }
    skip_line_end(w);
  }
  return false;
}

static enum nw_status read_row(struct walk *w) {
  w->n_row = 0;
  w->out = w->text;
  for (;;) {
    NW_TRY(read_cell(w));
    if (at_line_end(w)) break;
    step(w); /* the separator */
    if (w->n_row == MOST_COLUMNS) {
      mistake(w, w->line, w->column, "more than 1024 columns");
      while (!at_line_end(w))
        step(w);
      break;
    }
  }
  skip_line_end(w);
  return NW_OK;
}

/* ---- the table ---- */

/* Cells of a .tsv file are separated by tabs, of any other by commas. */
static char separator_of(const char *name) {
  const size_t length = strlen(name);
  return length > 4 && !strcmp(name + length - 4, ".tsv") ? '\t' : ',';
}

static void check_titles(struct walk *w) {
  for (size_t j = 0; j < w->n_row; j++) {
    const struct nw_csv_cell *title = &w->row[j];
    if (!*title->text) mistake(w, title->line, title->column, "a column without a name");
    if (strpbrk(title->text, "\t\r\n"))
      mistake(w, title->line, title->column, "a line break in a column's name");
    for (size_t k = 0; k < j; k++)
      if (*title->text && !strcmp(title->text, w->row[k].text))
        mistake(w, title->line, title->column, "a second column of this name");
  }
  if (w->n_row == 1 && strchr(w->row[0].text, ';'))
    mistake(w, w->row[0].line, w->row[0].column,
            "one column only: cells are separated by commas, not by semicolons");
}

static enum nw_status read_header(struct walk *w) {
  if (!next_row(w)) {
    mistake(w, 1, 1, "a table needs a header row, and this file is empty");
    return NW_BAD_PLAN;
  }
  NW_TRY(read_row(w));
  w->n_columns = w->n_row;
  if (!w->mistakes) check_titles(w);
  return w->n_row == 1 && strchr(w->row[0].text, ';') ? NW_BAD_PLAN : NW_OK;
}

static void check_row(struct walk *w) {
  if (w->n_row == w->n_columns) return;
  char text[96];
  snprintf(text, sizeof text, "this row has %zu cells where the header has %zu columns", w->n_row,
           w->n_columns);
  mistake(w, w->row[0].line, w->row[0].column, text);
}

/* Behind a mistake the walk goes on to find the others, but nothing is handed over any more. */
static enum nw_status scan(struct walk *w, nw_csv_row_function row, void *data) {
  NW_TRY(check_bytes(*w));
  NW_TRY(read_header(w));
  if (!w->mistakes) NW_TRY(row(data, w->row, w->n_row));
  while (next_row(w)) {
    NW_TRY(read_row(w));
    check_row(w);
    if (!w->mistakes) NW_TRY(row(data, w->row, w->n_row));
  }
  return w->mistakes ? NW_BAD_PLAN : NW_OK;
}

enum nw_status nw_csv_scan(struct nw_context *context, const char *name, const char *text, size_t length,
                           nw_csv_row_function row, void *data) {
  struct walk w = {.context = context,
                   .name = name,
                   .at = text,
                   .end = text + length,
                   .line = 1,
                   .column = 1,
                   .text = nw_allocate(length + 2, 1),
                   .separator = separator_of(name)};
  if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) w.at += 3;
  const enum nw_status status = w.text ? scan(&w, row, data) : no_memory(&w);
  nw_release(w.text);
  nw_release(w.row);
  return status;
}

/* ---- a table that is kept ---- */

struct keeper {
  struct nw_context *context;
  struct nw_csv *csv;
  char *out; /* where the text of the next cell goes */
  size_t capacity;
};

static void keep_cells(struct keeper *k, const struct nw_csv_cell *cell, size_t count,
                       struct nw_csv_cell *kept) {
  for (size_t j = 0; j < count; j++) {
    const size_t size = strlen(cell[j].text) + 1;
    kept[j] = cell[j];
    kept[j].text = memcpy(k->out, cell[j].text, size);
    k->out += size;
  }
}

static enum nw_status keep_title(struct keeper *k, const struct nw_csv_cell *cell, size_t count) {
  struct nw_csv *t = k->csv;
  if (!(t->title = nw_allocate(count, sizeof *t->title)))
    return nw_fail(k->context, NW_MEMORY, NULL, "out of memory reading %s", t->name);
  t->n_columns = count;
  keep_cells(k, cell, count, t->title);
  return NW_OK;
}

static enum nw_status keep_row(void *data, const struct nw_csv_cell *cell, size_t count) {
  struct keeper *k = data;
  struct nw_csv *t = k->csv;
  if (!t->title) return keep_title(k, cell, count);
  if (t->n_rows == MOST_ROWS) {
    nw_diagnose(k->context, NW_ERROR, NW_BAD_PLAN, t->name, cell->line, cell->column, NULL,
                "more than a million rows");
    return NW_BAD_PLAN;
  }
  if (!nw_grow(&t->cell, &k->capacity, (t->n_rows + 1) * count, sizeof *t->cell))
    return nw_fail(k->context, NW_MEMORY, NULL, "out of memory reading %s", t->name);
  keep_cells(k, cell, count, t->cell + t->n_rows++ * count);
  return NW_OK;
}

static enum nw_status keep_table(struct keeper *k, const char *text, size_t length) {
  struct nw_csv *t = k->csv;
  if (length > LARGEST_FILE)
    return nw_fail(k->context, NW_BAD_PLAN, NULL, "%s: a table of more than 64 MiB", t->name);
  NW_TRY(nw_csv_scan(k->context, t->name, text, length, keep_row, k));
  if (t->n_rows > 0) return NW_OK;
  nw_diagnose(k->context, NW_ERROR, NW_BAD_PLAN, t->name, t->title->line, t->title->column, NULL,
              "a header and no rows below it");
  return NW_BAD_PLAN;
}

enum nw_status nw_csv_parse(struct nw_context *context, const char *name, const char *text, size_t length,
                            struct nw_csv *out) {
  *out = (struct nw_csv){.name = nw_string_copy(name), .text = nw_allocate(length + 2, 1)};
  struct keeper k = {.context = context, .csv = out, .out = out->text};
  const enum nw_status status = out->name && out->text
                                    ? keep_table(&k, text, length)
                                    : nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", name);
  if (status != NW_OK) nw_csv_clear(out);
  return status;
}

enum nw_status nw_csv_read(struct nw_context *context, const char *path, struct nw_csv *out) {
  struct nw_text text = {0};
  *out = (struct nw_csv){0};
  NW_TRY(nw_file_read_text(context, path, LARGEST_FILE, &text));
  const enum nw_status status = nw_csv_parse(context, path, text.data ? text.data : "", text.length, out);
  nw_text_clear(&text);
  return status;
}

void nw_csv_clear(struct nw_csv *csv) {
  nw_release(csv->name);
  nw_release(csv->text);
  nw_release(csv->title);
  nw_release(csv->cell);
  *csv = (struct nw_csv){0};
}

/* ---- columns ---- */

int nw_csv_column(const struct nw_csv *csv, const char *name) {
  for (size_t j = 0; j < csv->n_columns; j++)
    if (!strcmp(csv->title[j].text, name)) return (int)j;
  return -1;
}

bool nw_csv_has(const struct nw_csv *csv, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (nw_csv_column(csv, names[i]) < 0) return false;
  return true;
}

static bool is_named(const char *const *names, size_t count, const char *title) {
  for (size_t i = 0; i < count; i++)
    if (!strcmp(names[i], title)) return true;
  return false;
}

/* The missing column that a title may have been meant as, NULL when none is near. */
static const char *meant(const char *const *names, size_t count, const int *index, const char *title) {
  const char *best = NULL;
  int least = 3;
  for (size_t i = 0; i < count; i++) {
    const int distance = index[i] < 0 ? nw_word_distance(title, names[i]) : INT_MAX;
    if (distance < least) least = distance, best = names[i];
  }
  return best;
}

static bool report_slip(struct nw_context *context, const struct nw_csv *csv, const struct nw_csv_cell *title,
                        const char *const *names, size_t count, const int *index) {
  const char *near = meant(names, count, index, title->text);
  if (near)
    nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, csv->name, title->line, title->column, title->text,
                "no such column; did you mean %s?", near);
  return near != NULL;
}

enum nw_status nw_csv_spelling(struct nw_context *context, const struct nw_csv *csv, const char *const *names,
                               size_t count, const int *index) {
  enum nw_status status = NW_OK;
  for (size_t j = 0; j < csv->n_columns; j++)
    if (!is_named(names, count, csv->title[j].text) &&
        report_slip(context, csv, &csv->title[j], names, count, index))
      status = NW_BAD_PLAN;
  return status;
}

enum nw_status nw_csv_columns(struct nw_context *context, const struct nw_csv *csv, const char *const *names,
                              size_t count, int *index) {
  enum nw_status status = NW_OK;
  for (size_t i = 0; i < count; i++) {
    index[i] = nw_csv_column(csv, names[i]);
    if (index[i] >= 0) continue;
    nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, csv->name, csv->title[0].line, 1, names[i],
                "this column is missing");
    status = NW_BAD_PLAN;
  }
  for (size_t j = 0; j < csv->n_columns; j++) {
    const struct nw_csv_cell *title = &csv->title[j];
    if (is_named(names, count, title->text) || report_slip(context, csv, title, names, count, index))
      continue;
    nw_diagnose(context, NW_WARNING, NW_OK, csv->name, title->line, title->column, title->text,
                "no such column: it is not read");
  }
  return status;
}

const struct nw_csv_cell *nw_csv_at(const struct nw_csv *csv, size_t row, int column) {
  return &csv->cell[row * csv->n_columns + (size_t)column];
}

void nw_csv_report(struct nw_context *context, const struct nw_csv *csv, size_t row, int column,
                   const char *format, ...) {
  const struct nw_csv_cell *cell = nw_csv_at(csv, row, column);
  const size_t before = nw_error_count(context);
  char text[512];
  va_list list;
  if (before > MOST_REPORTS) return;
  if (before == MOST_REPORTS) format = "more than 100 mistakes: the rest is not listed";
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  nw_diagnose(context, NW_ERROR, NW_BAD_PLAN, csv->name, cell->line, cell->column, csv->title[column].text,
              "%s", text);
}
