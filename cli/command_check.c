/* SPDX-License-Identifier: BSD-3-Clause
   `needlework check`: mistakes of a plan, and what a careful clinician would want to be told. */
#include <stdio.h>

#include "device/device.h"
#include "line_run.h"
#include "outcome/safety.h"
#include "program.h"
#include "puncture/puncture.h"
#include "skin/skin.h"

struct findings {
  struct nw_finding item[NW_FINDINGS_MAX];
  size_t count;
  size_t of_severity[NW_FINDING_CONTRAINDICATED + 1];
};

/* The geometric stages take milliseconds and tell reach and density; no healing is computed. */
static enum nw_status find(struct nw_context *context, const struct nw_case *c, struct findings *findings) {
  struct nw_run *run = nw_allocate(1, sizeof *run);
  if (!run) return nw_fail(context, NW_MEMORY, NULL, "out of memory");
  run->c = c;
  enum nw_status status = nw_skin_run(context, c, run);
  if (status == NW_OK) status = nw_device_run(context, c, run);
  if (status == NW_OK) status = nw_puncture_run(context, c, run);
  if (status == NW_OK) {
    const size_t all = nw_safety_check(c, run, findings->item, NW_FINDINGS_MAX);
    findings->count = all < NW_FINDINGS_MAX ? all : NW_FINDINGS_MAX;
    for (size_t i = 0; i < findings->count; i++)
      findings->of_severity[findings->item[i].severity]++;
  }
  nw_run_free(&run);
  return status;
}

static void write_json(const struct nw_context *context, const struct arguments *arguments,
                       enum nw_status status, const struct findings *findings, struct nw_text *out) {
  const char *verdict = status != NW_OK                                     ? "mistakes"
                        : findings->of_severity[NW_FINDING_CONTRAINDICATED] ? "contraindicated"
                        : findings->of_severity[NW_FINDING_CAUTION]         ? "caution"
                                                                            : "nothing found";
  nw_text_append(out, "{\"plan\": ");
  json_text(out, arguments->positional[0]);
  nw_text_append(out, ", \"verdict\": \"%s\", \"messages\": ", verdict);
  json_messages(out, context);
  nw_text_append(out, ", \"findings\": [");
  for (size_t i = 0; i < findings->count; i++) {
    const struct nw_finding *f = &findings->item[i];
    nw_text_append(out, "%s{\"severity\": \"%s\", \"key\": \"%s\", \"text\": ", i ? ", " : "",
                   nw_finding_severity_name(f->severity), f->key);
    json_text(out, f->text);
    nw_text_append(out, ", \"source\": ");
    json_text(out, f->source);
    nw_text_append(out, "}");
  }
  nw_text_append(out, "]}\n");
}

static void write_text(const struct arguments *arguments, const struct findings *findings,
                       struct nw_text *out) {
  nw_text_append(out, "%s: no mistakes; %zu contraindicated, %zu caution, %zu note\n",
                 arguments->positional[0], findings->of_severity[NW_FINDING_CONTRAINDICATED],
                 findings->of_severity[NW_FINDING_CAUTION], findings->of_severity[NW_FINDING_NOTE]);
  for (size_t i = 0; i < findings->count; i++) {
    const struct nw_finding *f = &findings->item[i];
    nw_text_append(out, "%s: %s: %s", nw_finding_severity_name(f->severity), f->key, f->text);
    nw_text_append(out, f->source && *f->source ? " [%s]\n" : "\n", f->source);
  }
  nw_text_append(out, "These rules inform; a qualified person decides. Nothing found is not a clearance.\n");
}

enum nw_status command_check(const struct arguments *arguments) {
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  struct nw_case *c = NULL;
  struct findings findings = {.count = 0};
  struct nw_text out = {0};
  enum nw_status status = load_case(context, arguments, &c);
  if (status == NW_OK) status = find(context, c, &findings);
  print_messages(context, 0, true);
  if (arguments->json) {
    write_json(context, arguments, status, &findings, &out);
  } else if (status == NW_OK) {
    write_text(arguments, &findings, &out);
  }
  if (status == NW_OK && findings.of_severity[NW_FINDING_CONTRAINDICATED] > 0) status = NW_REFUSED;
  const enum nw_status printed = print_result(&out);
  if (printed != NW_OK) status = printed;
  nw_text_clear(&out);
  nw_findings_clear(findings.item, findings.count);
  nw_case_free(&c);
  nw_context_free(&context);
  return status;
}
