/* SPDX-License-Identifier: BSD-3-Clause
   What every file stands on: status codes, diagnostics, checked memory, growing text. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "needlework/needlework.h"

/* Whoever takes a context and returns another status than NW_OK has said why in the context; NW_INTERRUPTED
   needs no words, and NW_MEMORY may have none left. Any of them may return NW_MEMORY: headers name what else.
 */

/* Returns early from a function that itself returns enum nw_status. */
#define NW_TRY(call)                                    \
  do {                                                  \
    const enum nw_status status_of_call = (call);       \
    if (status_of_call != NW_OK) return status_of_call; \
  } while (0)

#define NW_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NW_PI 3.14159265358979323846

/* One message to the user. line and column are 1-based, 0 where there is no position. */
struct nw_diagnostic {
  enum nw_severity severity;
  enum nw_status status;
  char *file; /* owned, may be NULL */
  int line, column;
  char *key;  /* owned, may be NULL: dotted plan key or parameter */
  char *text; /* owned: one sentence: what is wrong, what was expected, the range */
};

/* Growing text; zero-initialise, append, then take `data` or clear. `failed` is sticky. */
struct nw_text {
  char *data; /* owned, always terminated once anything was appended */
  size_t length, capacity;
  bool failed;
};

/* Everything that a call may report or ask: diagnostics, log, progress, interruption, threads. */
struct nw_context {
  struct nw_diagnostic *diagnostics; /* owned, in the order of discovery */
  size_t n_diagnostics, capacity;
  nw_progress_function progress; /* nullable */
  void *progress_data;           /* borrowed from the caller */
  volatile int interrupt;        /* set from a signal handler: stop at the next step boundary */
  struct nw_text message;        /* the last message handed out */
  int threads;                   /* >= 1 */
};

/* Appends a diagnostic and returns `status`, so that callers can `return nw_fail(...)`. */
enum nw_status nw_fail(struct nw_context *context, enum nw_status status, const char *key, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));
/* Appends a diagnostic with a position in a file. */
void nw_diagnose(struct nw_context *context, enum nw_severity severity, enum nw_status status,
                 const char *file, int line, int column, const char *key, const char *format, ...)
    __attribute__((format(printf, 8, 9)));
/* Forgets the diagnostics from the from-th on. */
void nw_context_forget(struct nw_context *context, size_t from);
/* Gives those from the from-th on that have no place in a file this one: whoever asked knows where. */
void nw_context_place(struct nw_context *context, size_t from, const char *file, int line, int column);
/* Number of diagnostics of severity NW_ERROR. */
size_t nw_error_count(const struct nw_context *context);
/* Reports progress if somebody listens: stage name, fraction done [0..1], simulated time [d]. */
void nw_progress_report(struct nw_context *context, const char *stage, double fraction, double time_d);

/* count * size bytes, zeroed, 64-byte aligned; NULL on overflow or exhaustion. */
void *nw_allocate(size_t count, size_t size);
/* Grows `*array` to hold at least `needed` items of `size` bytes; contents kept, the rest zero. false: out of
   memory, the array is as it was. */
bool nw_grow(void *array, size_t *capacity, size_t needed, size_t size);
/* NULL is fine. */
void nw_release(void *memory);
/* Bytes handed out by nw_allocate and not released: zero at the end of each test. */
size_t nw_live_bytes(void);
/* Highest value that nw_live_bytes has had. */
size_t nw_peak_bytes(void);
/* The n-th allocation from now fails (for torture tests); 0 switches this off. */
void nw_allocation_fail_at(size_t n);
/* Copy of a string (NULL gives NULL); release with nw_release. */
char *nw_string_copy(const char *text);
/* Text that grows. Without memory `failed` is set and stays: ask it once, at the end. */
void nw_text_append(struct nw_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void nw_text_append_bytes(struct nw_text *text, const void *bytes, size_t count);
void nw_text_clear(struct nw_text *text);

/* Seconds on a clock that only goes forward. */
double nw_seconds_now(void);

/* Digest of bytes (FNV-1a), to tell inputs apart: begins with NW_DIGEST_NONE, goes on with what came out. */
#define NW_DIGEST_NONE 0xcbf29ce484222325u
/* The digest of what came before and these bytes. */
uint64_t nw_digest(uint64_t digest, const void *data, size_t bytes);

/* Edit distance of two words, for "did you mean". */
int nw_word_distance(const char *a, const char *b);
