/* SPDX-License-Identifier: BSD-3-Clause
   Status codes, diagnostics, checked memory and growing text. */
#include "base.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "utf8.h"

struct status_row {
  const char *name;
  int exit_code;
};

static const struct status_row status_rows[NW_STATUS_COUNT] = {
#define STATUS(name, exit_code, meaning) {#name, exit_code},
#include "../../model/status.def"
#undef STATUS
};

const char *nw_status_name(enum nw_status status) {
  return (unsigned)status < NW_STATUS_COUNT ? status_rows[status].name : "?";
}

int nw_status_exit_code(enum nw_status status) {
  return (unsigned)status < NW_STATUS_COUNT ? status_rows[status].exit_code : 4;
}

const char *nw_version(void) {
  return NW_VERSION;
}

/* ---- memory: a header in front of each block keeps its size for the live counter ---- */

enum { BLOCK_ALIGNMENT = 64, LARGE_PAGE = 1 << 21 };

static atomic_size_t live_bytes, peak_bytes, fail_countdown;

void nw_allocation_fail_at(size_t n) {
  fail_countdown = n;
}

static bool allocation_should_fail(void) {
  size_t left = fail_countdown;
  while (left > 0) {
    if (atomic_compare_exchange_weak(&fail_countdown, &left, left - 1)) return left == 1;
  }
  return false;
}

static void count_peak(size_t now) {
  size_t peak = peak_bytes;
  while (now > peak && !atomic_compare_exchange_weak(&peak_bytes, &peak, now))
    continue;
}

/* Large blocks ask for large pages: fields are read at dozens of places at once. */
static char *block_create(size_t bytes) {
  if (bytes < 2 * LARGE_PAGE) return aligned_alloc(BLOCK_ALIGNMENT, bytes);
  char *block = aligned_alloc(LARGE_PAGE, (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE);
  if (block) madvise(block, bytes, MADV_HUGEPAGE); /* a wish: it may be refused */
  return block;
}

void *nw_allocate(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2 || allocation_should_fail())
    return NULL;
  const size_t padded = (bytes + 2 * BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
  char *block = block_create(padded);
  if (!block) return NULL;
  memset(block, 0, padded);
  memcpy(block, &bytes, sizeof bytes);
  count_peak(atomic_fetch_add(&live_bytes, bytes) + bytes);
  return block + BLOCK_ALIGNMENT;
}

void nw_release(void *memory) {
  if (!memory) return;
  char *block = (char *)memory - BLOCK_ALIGNMENT;
  size_t bytes;
  memcpy(&bytes, block, sizeof bytes);
  live_bytes -= bytes;
  free(block);
}

size_t nw_live_bytes(void) {
  return live_bytes;
}

double nw_seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

uint64_t nw_digest(uint64_t digest, const void *data, size_t bytes) {
  const unsigned char *byte = data;
  for (size_t i = 0; i < bytes; i++)
    digest = (digest ^ byte[i]) * 0x100000001b3u;
  return digest;
}

size_t nw_peak_bytes(void) {
  return peak_bytes;
}

bool nw_grow(void *array, size_t *capacity, size_t needed, size_t size) {
  if (needed <= *capacity) return true;
  const size_t larger = *capacity > needed / 2 ? *capacity * 2 : needed;
  void *fresh = nw_allocate(larger, size);
  if (!fresh) return false;
  void *old;
  memcpy(&old, array, sizeof old);
  if (old) memcpy(fresh, old, *capacity * size);
  nw_release(old);
  memcpy(array, &fresh, sizeof fresh);
  *capacity = larger;
  return true;
}

char *nw_string_copy(const char *text) {
  if (!text) return NULL;
  const size_t bytes = strlen(text) + 1;
  char *copy = nw_allocate(bytes, 1);
  if (copy) memcpy(copy, text, bytes);
  return copy;
}

/* ---- text ---- */

void nw_text_append_bytes(struct nw_text *text, const void *bytes, size_t count) {
  if (text->failed || !nw_grow(&text->data, &text->capacity, text->length + count + 1, 1)) {
    text->failed = true;
    return;
  }
  if (count) memcpy(text->data + text->length, bytes, count);
  text->length += count;
  text->data[text->length] = '\0';
}

static void append_list(struct nw_text *text, const char *format, va_list list) {
  va_list again;
  va_copy(again, list);
  const int count = vsnprintf(NULL, 0, format, list);
  if (count < 0 || text->failed ||
      !nw_grow(&text->data, &text->capacity, text->length + (size_t)count + 1, 1)) {
    text->failed = true;
  } else {
    vsnprintf(text->data + text->length, (size_t)count + 1, format, again);
    text->length += (size_t)count;
  }
  va_end(again);
}

void nw_text_append(struct nw_text *text, const char *format, ...) {
  va_list list;
  va_start(list, format);
  append_list(text, format, list);
  va_end(list);
}

void nw_text_clear(struct nw_text *text) {
  nw_release(text->data);
  *text = (struct nw_text){0};
}

int nw_word_distance(const char *a, const char *b) {
  enum { LONGEST = 64 };
  const size_t n = strlen(b);
  int row[LONGEST + 1];
  if (n > LONGEST || strlen(a) > LONGEST) return LONGEST;
  for (size_t j = 0; j <= n; j++)
    row[j] = (int)j;
  for (size_t i = 1; a[i - 1]; i++) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= n; j++) {
      int best = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      if (row[j] + 1 < best) best = row[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
    }
  }
  return row[n];
}

/* ---- context and diagnostics ---- */

struct nw_context *nw_context_create(void) {
  struct nw_context *context = nw_allocate(1, sizeof *context);
  if (context) context->threads = 1;
  return context;
}

void nw_context_forget(struct nw_context *context, size_t from) {
  while (context->n_diagnostics > from) {
    struct nw_diagnostic *d = &context->diagnostics[--context->n_diagnostics];
    nw_release(d->file);
    nw_release(d->key);
    nw_release(d->text);
  }
}

void nw_context_free(struct nw_context **context) {
  if (!context || !*context) return;
  nw_context_forget(*context, 0);
  nw_release((*context)->diagnostics);
  nw_text_clear(&(*context)->message);
  nw_release(*context);
  *context = NULL;
}

void nw_context_threads(struct nw_context *context, int threads) {
  context->threads = threads > 1 ? threads : 1;
}

void nw_context_progress(struct nw_context *context, nw_progress_function listener, void *data) {
  context->progress = listener;
  context->progress_data = data;
}

void nw_context_interrupt(struct nw_context *context) {
  context->interrupt = 1;
}

size_t nw_context_message_count(const struct nw_context *context) {
  return context->n_diagnostics;
}

enum nw_severity nw_context_message_severity(const struct nw_context *context, size_t i) {
  return i < context->n_diagnostics ? context->diagnostics[i].severity : NW_NOTE;
}

const char *nw_context_message(struct nw_context *context, size_t i) {
  static const char *const word[] = {"note", "warning", "error"};
  if (i >= context->n_diagnostics) return NULL;
  const struct nw_diagnostic *d = &context->diagnostics[i];
  nw_text_clear(&context->message);
  if (d->file) nw_text_append(&context->message, "%s:", d->file);
  if (d->file && d->line > 0) nw_text_append(&context->message, "%d:%d:", d->line, d->column);
  nw_text_append(&context->message, "%s%s: ", d->file ? " " : "", word[d->severity]);
  if (d->key) nw_text_append(&context->message, "%s: ", d->key);
  nw_text_append(&context->message, "%s", d->text ? d->text : nw_status_name(d->status));
  return context->message.failed ? nw_status_name(d->status) : context->message.data;
}

static void add_diagnostic(struct nw_context *context, struct nw_diagnostic d) {
  if (!nw_grow(&context->diagnostics, &context->capacity, context->n_diagnostics + 1, sizeof d)) {
    nw_release(d.file);
    nw_release(d.key);
    nw_release(d.text);
    return;
  }
  context->diagnostics[context->n_diagnostics++] = d;
}

/* A copy without control characters: names and words of strangers go to a terminal. */
static char *plain_copy(const char *text) {
  char *copy = nw_string_copy(text);
  if (copy) nw_utf8_scrub(copy);
  return copy;
}

/* A sentence for a diagnostic; owned by the caller. */
static char *sentence(const char *format, va_list list) {
  struct nw_text text = {0};
  append_list(&text, format, list);
  if (text.data) nw_utf8_scrub(text.data);
  return text.data;
}

void nw_diagnose(struct nw_context *context, enum nw_severity severity, enum nw_status status,
                 const char *file, int line, int column, const char *key, const char *format, ...) {
  va_list list;
  va_start(list, format);
  char *text = sentence(format, list);
  va_end(list);
  add_diagnostic(context, (struct nw_diagnostic){severity, status, plain_copy(file), line, column,
                                                 plain_copy(key), text});
}

enum nw_status nw_fail(struct nw_context *context, enum nw_status status, const char *key, const char *format,
                       ...) {
  va_list list;
  va_start(list, format);
  char *text = sentence(format, list);
  va_end(list);
  add_diagnostic(context, (struct nw_diagnostic){NW_ERROR, status, NULL, 0, 0, plain_copy(key), text});
  return status;
}

void nw_context_place(struct nw_context *context, size_t from, const char *file, int line, int column) {
  for (size_t i = from; i < context->n_diagnostics; i++) {
    struct nw_diagnostic *d = &context->diagnostics[i];
    if (d->line > 0) continue;
    nw_release(d->file);
    d->file = plain_copy(file);
    d->line = line;
    d->column = column;
  }
}

size_t nw_error_count(const struct nw_context *context) {
  size_t count = 0;
  for (size_t i = 0; i < context->n_diagnostics; i++)
    count += context->diagnostics[i].severity == NW_ERROR;
  return count;
}

void nw_progress_report(struct nw_context *context, const char *stage, double fraction, double time_d) {
  if (context->progress) context->progress(context->progress_data, stage, fraction, time_d);
}
