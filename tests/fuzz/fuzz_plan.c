/* SPDX-License-Identifier: BSD-3-Clause
   libFuzzer target: any bytes as a plan; the last line, when it begins with "--set ", as an override. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"
#include "plan/case.h"
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Splits off "--set KEY=VALUE" behind the last line break; false when there is none. */
static bool split_override(const char *text, size_t *length, char *assignment, size_t capacity) {
  static const char mark[] = "\n--set ";
  const size_t skip = sizeof mark - 1;
  for (size_t at = *length; at-- > 0;) {
    if (text[at] != '\n') continue;
    const size_t rest = *length - at;
    if (rest <= skip || memcmp(text + at, mark, skip) || rest - skip >= capacity) return false;
    memcpy(assignment, text + at + skip, rest - skip);
    assignment[rest - skip] = '\0';
    *length = at + 1;
    return true;
  }
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char assignment[512];
  const char *text = (const char *)data;
  const bool override = split_override(text, &size, assignment, sizeof assignment);
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  enum nw_status status = nw_plan_parse(context, "fuzz", text, size, &plan);
  if (status == NW_OK && override) status = nw_plan_override(context, plan, assignment);
  if (status == NW_OK) status = nw_case_create(context, plan, &c);
  /* What fails says why; what succeeds has no errors. */
  assert((status == NW_OK) == (nw_error_count(context) == 0));
  assert((status == NW_OK) == (c != NULL));
  for (size_t i = 0; i < nw_context_message_count(context); i++)
    assert(nw_context_message(context, i));
  nw_plan_free(&plan);
  nw_case_free(&c);
  nw_context_free(&context);
  assert(nw_live_bytes() == 0);
  return 0;
}
