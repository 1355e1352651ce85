/* SPDX-License-Identifier: BSD-3-Clause
   What several commands do: load a case, print messages and results. */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "plan/plan.h"
#include "base/utf8.h"
#include "program.h"

enum nw_status load_case(struct nw_context *context, const struct arguments *arguments,
                         struct nw_case **out) {
  struct nw_plan *plan = NULL;
  *out = NULL;
  NW_TRY(nw_plan_read(context, arguments->positional[0], &plan));
  enum nw_status status = NW_OK;
  for (size_t i = 0; i < arguments->n_set; i++) {
    const enum nw_status one = nw_plan_override(context, plan, arguments->set[i]);
    if (one != NW_OK) status = one; /* go on: all mistakes at once */
  }
  struct nw_case *made = NULL;
  const enum nw_status compiled = nw_case_create(context, plan, &made);
  nw_plan_free(&plan);
  if (status == NW_OK) status = compiled;
  if (status != NW_OK) {
    nw_case_free(&made);
    return status;
  }
  *out = made;
  return NW_OK;
}

static bool reason_told;

void print_messages(struct nw_context *context, size_t from, bool verbose) {
  for (size_t i = from; i < nw_context_message_count(context); i++) {
    const bool error = nw_context_message_severity(context, i) == NW_ERROR;
    if (!verbose && !error) continue;
    fprintf(stderr, "%s\n", nw_context_message(context, i));
    reason_told |= error;
  }
}

void print_reason(enum nw_status status) {
  static const char *const meaning[] = {
#define STATUS(name, exit_code, words) [NW_##name] = words,
#include "../model/status.def"
#undef STATUS
  };
  const bool said_elsewhere = status == NW_USAGE || status == NW_REFUSED || status == NW_INTERRUPTED;
  if (status != NW_OK && !said_elsewhere && !reason_told)
    fprintf(stderr, "needlework: %s\n", meaning[status]);
}

enum nw_status print_result(const struct nw_text *text) {
  if (text->failed) return NW_MEMORY;
  const size_t length = text->data ? text->length : 0;
  if (fwrite(text->data ? text->data : "", 1, length, stdout) == length && fflush(stdout) == 0) return NW_OK;
  fprintf(stderr, "needlework: the result could not be written to standard output\n");
  reason_told = true;
  return NW_IO;
}

int core_count(void) {
  cpu_set_t cores;
  return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
}

void default_folder(const char *plan, const char *ending, struct nw_text *folder) {
  size_t length = strlen(plan);
  static const char *const endings[] = {".yaml", ".yml"};
  for (size_t i = 0; i < NW_COUNT(endings); i++) {
    const size_t n = strlen(endings[i]);
    if (length <= n || strcmp(plan + length - n, endings[i])) continue;
    length -= n;
    break;
  }
  nw_text_append(folder, "%.*s%s", (int)length, plan, ending);
}

enum nw_status compute(const struct arguments *arguments, worker work) {
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  nw_context_threads(context, arguments->threads ? arguments->threads : core_count());
  const enum nw_status status = work(context, arguments);
  print_messages(context, 0, !arguments->quiet);
  if (status == NW_INTERRUPTED) print_resume_command(arguments);
  if (status != NW_OK && arguments->json) print_failure(context, status);
  nw_context_free(&context);
  return status;
}

void print_failure(const struct nw_context *context, enum nw_status status) {
  struct nw_text out = {0};
  nw_text_append(&out, "{\"status\": \"%s\", \"messages\": ", nw_status_name(status));
  json_messages(&out, context);
  nw_text_append(&out, "}\n");
  print_result(&out);
  nw_text_clear(&out);
}

static size_t character_length(const char *at) {
  const size_t length = nw_utf8_step(at, strlen(at));
  return length ? length : 1;
}

void text_cell(struct nw_text *out, const char *text, size_t width) {
  size_t count = 0, n = 0;
  for (const char *at = text; *at; at += character_length(at))
    count++;
  const size_t kept = count > width ? width - 3 : count;
  for (const char *at = text; n < kept; at += character_length(at), n++) {
    const bool breaks = *at == '\n' || *at == '\r' || *at == '\t';
    nw_text_append_bytes(out, breaks ? " " : at, breaks ? 1 : character_length(at));
  }
  nw_text_append(out, "%*s", (int)(width - kept), count > width ? "..." : "");
}
