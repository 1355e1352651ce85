/* SPDX-License-Identifier: BSD-3-Clause
   Tables of numbers and words from CSV. A column holds numbers, or words when one of its cells is not a
   number: that is known behind the last row only, so words are fetched in a second walk. */
#include "table.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "csv.h"
#include "file.h"
#include "number.h"

static const size_t largest_file = (size_t)1 << 30;

struct filling {
  struct nw_context *context;
  const char *path;
  struct nw_table *table;
  size_t capacity;    /* of each column of numbers */
  size_t *text_bytes; /* (n_columns) that the words of a column take; owned */
  bool *has_words;    /* (n_columns) owned */
  char **room;        /* (n_columns) where the next word goes; owned */
  size_t row;         /* of the second walk, the header counted */
};

static enum nw_status no_memory(const struct filling *f) {
  return nw_fail(f->context, NW_MEMORY, NULL, "out of memory reading %s", f->path);
}

static bool take_titles(struct filling *f, const struct nw_csv_cell *cell, size_t count) {
  struct nw_table *t = f->table;
  t->name = nw_allocate(count, sizeof *t->name);
  t->number = nw_allocate(count, sizeof *t->number);
  t->word = nw_allocate(count, sizeof *t->word);
  f->text_bytes = nw_allocate(count, sizeof *f->text_bytes);
  f->has_words = nw_allocate(count, sizeof *f->has_words);
  f->room = nw_allocate(count, sizeof *f->room);
  if (!t->name || !t->number || !t->word || !f->text_bytes || !f->has_words || !f->room) return false;
  for (; t->n_columns < count; t->n_columns++)
    if (!(t->name[t->n_columns] = nw_string_copy(cell[t->n_columns].text))) return false;
  return true;
}

static bool is_missing(const char *text) {
  return !*text || !strcasecmp(text, "nan");
}

static bool take_numbers(struct filling *f, const struct nw_csv_cell *cell) {
  struct nw_table *t = f->table;
  size_t capacity = f->capacity;
  for (size_t j = 0; j < t->n_columns; j++) {
    capacity = f->capacity; /* the same for every column */
    if (!nw_grow(&t->number[j], &capacity, t->n_rows + 1, sizeof(double))) return false;
    const size_t length = strlen(cell[j].text);
    double *number = &t->number[j][t->n_rows];
    *number = NAN;
    f->text_bytes[j] += length + 1;
    if (!nw_number_read(cell[j].text, length, number)) f->has_words[j] |= !is_missing(cell[j].text);
  }
  f->capacity = capacity;
  t->n_rows++;
  return true;
}

static enum nw_status first_walk(void *data, const struct nw_csv_cell *cell, size_t count) {
  struct filling *f = data;
  const bool done = f->table->name ? take_numbers(f, cell) : take_titles(f, cell, count);
  return done ? NW_OK : no_memory(f);
}

static enum nw_status second_walk(void *data, const struct nw_csv_cell *cell, size_t count) {
  struct filling *f = data;
  const size_t row = f->row++;
  for (size_t j = 0; row > 0 && j < count; j++) {
    if (!f->room[j]) continue;
    f->table->word[j][row - 1] = strcpy(f->room[j], cell[j].text);
    f->room[j] += strlen(cell[j].text) + 1;
  }
  return NW_OK;
}

/* The words of a column and the pointers to them live in one block: one release frees both. */
static bool make_room(struct filling *f, bool *any) {
  struct nw_table *t = f->table;
  for (size_t j = 0; j < t->n_columns; j++) {
    if (!f->has_words[j]) continue;
    char *block = nw_allocate(t->n_rows * sizeof(char *) + f->text_bytes[j], 1);
    if (!block) return false;
    t->word[j] = (char **)(void *)block;
    f->room[j] = block + t->n_rows * sizeof(char *);
    *any = true;
  }
  return true;
}

static enum nw_status fill(struct filling *f, const struct nw_text *text) {
  const char *bytes = text->data ? text->data : "";
  bool any = false;
  NW_TRY(nw_csv_scan(f->context, f->path, bytes, text->length, first_walk, f));
  if (!make_room(f, &any)) return no_memory(f);
  return any ? nw_csv_scan(f->context, f->path, bytes, text->length, second_walk, f) : NW_OK;
}

enum nw_status nw_table_read(struct nw_context *context, const char *path, struct nw_table *table) {
  struct filling f = {.context = context, .path = path, .table = table};
  struct nw_text text = {0};
  *table = (struct nw_table){0};
  NW_TRY(nw_file_read_text(context, path, largest_file, &text));
  const enum nw_status status = fill(&f, &text);
  nw_text_clear(&text);
  nw_release(f.text_bytes);
  nw_release(f.has_words);
  nw_release(f.room);
  if (status != NW_OK) nw_table_clear(table);
  return status;
}

void nw_table_clear(struct nw_table *table) {
  for (size_t j = 0; j < table->n_columns; j++) {
    nw_release(table->name[j]);
    nw_release(table->number[j]);
    nw_release(table->word[j]);
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
