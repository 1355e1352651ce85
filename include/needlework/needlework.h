/* SPDX-License-Identifier: BSD-3-Clause
   Needlework: an open simulator of microneedling, from needle to skin, from minutes to years.

   What every part of the library speaks: statuses, stages, the context and its messages. The line is

       plan -> skin -> device -> puncture -> transport -> healing -> outcome -> report

   and its objects are told by src/plan/plan.h (as written, with positions), src/plan/case.h (compiled,
   SI, constant) and src/run.h (mutable: results). Not installed: the program and its files are the
   interface so far. Functions that can fail return enum nw_status and leave located messages in the
   context; the library never prints, exits or reads the environment. For research, design and
   teaching; no medical device. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NW_API __attribute__((visibility("default")))

enum nw_status {
#define STATUS(name, exit_code, meaning) NW_##name,
#include "../../model/status.def"
#undef STATUS
  NW_STATUS_COUNT
};

enum nw_severity { NW_NOTE, NW_WARNING, NW_ERROR };

enum nw_stage {
#define STAGE(name, text) NW_STAGE_##name,
#include "../../model/stages.def"
#undef STAGE
  NW_STAGE_COUNT
};

struct nw_context;
struct nw_plan;
struct nw_case;
struct nw_run;

/// Called now and then by long work, from the thread that does it: stage name (borrowed), fraction done
/// [0..1], simulated time [d].
typedef void (*nw_progress_function)(void *data, const char *stage, double fraction, double time_d);

/// Creates a context: where messages go and how work is done, one thread. Owned by the caller; NULL when
/// out of memory. One thread at a time may use it.
NW_API struct nw_context *nw_context_create(void);
/// Frees a context and sets the pointer to NULL. NULL is fine.
NW_API void nw_context_free(struct nw_context **context);
/// Number of threads that work may use; less than 1 counts as 1. Results do not depend on it.
NW_API void nw_context_threads(struct nw_context *context, int threads);
/// Listener for progress; `data` is borrowed and handed back. NULL switches it off.
NW_API void nw_context_progress(struct nw_context *context, nw_progress_function listener, void *data);
/// Asks running work to save its state and stop at the next step, with NW_INTERRUPTED. Safe in a signal
/// handler and from other threads.
NW_API void nw_context_interrupt(struct nw_context *context);
/// Number of messages gathered so far.
NW_API size_t nw_context_message_count(const struct nw_context *context);
/// The i-th message as "file:line:column: severity: text", borrowed until the next call with this
/// context; NULL beyond the end.
NW_API const char *nw_context_message(struct nw_context *context, size_t i);
/// Severity of the i-th message (i < count).
NW_API enum nw_severity nw_context_message_severity(const struct nw_context *context, size_t i);

/// Name of a status, "BAD_PLAN" for NW_BAD_PLAN; static.
NW_API const char *nw_status_name(enum nw_status status);
/// Exit code of a program that ends with this status.
NW_API int nw_status_exit_code(enum nw_status status);
/// Version as "major.minor.patch"; static.
NW_API const char *nw_version(void);

#ifdef __cplusplus
}
#endif
