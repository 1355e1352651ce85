/* SPDX-License-Identifier: BSD-3-Clause
   Safety: what a careful clinician would want to be told about a plan. Rules are rows of
   model/safety.def; they inform and never decide for anyone. */
#pragma once
#include "run.h"

enum nw_finding_severity { NW_FINDING_NOTE, NW_FINDING_CAUTION, NW_FINDING_CONTRAINDICATED };

struct nw_finding {
  enum nw_finding_severity severity;
  const char *key;    /* borrowed, static: name of the rule's row */
  char *text;         /* owned: one or two sentences with the plan's own numbers */
  const char *source; /* borrowed, static: keys of refs.bib, separated by spaces */
};

/* Findings about a case, contraindications first, then in the order of the rows. `run` is nullable:
   with one that has punctures, rules on reach and density use what was computed; without, what the plan
   says. Writes up to `capacity` findings and returns how many there are in all (the surplus is not
   written); clear each written one with nw_findings_clear. Nothing is reported for device none. */
size_t nw_safety_check(const struct nw_case *c, const struct nw_run *run, struct nw_finding *out,
                       size_t capacity);
/* Frees the texts of `count` findings. */
void nw_findings_clear(struct nw_finding *finding, size_t count);
/* "note", "caution" or "contraindicated". */
const char *nw_finding_severity_name(enum nw_finding_severity severity);
/* More than any case can produce: size for a caller's array. */
#define NW_FINDINGS_MAX 64
