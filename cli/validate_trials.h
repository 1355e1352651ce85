/* SPDX-License-Identifier: BSD-3-Clause
   What `needlework validate` says of trials beside the table of cases. */
#pragma once
#include "validation/clinical.h"

/* Cohorts, directions, contradictions, what is not scored, and the summary, as text. */
void trials_text(const struct nw_clinical *clinical, struct nw_text *out);
/* Members that a trial's row has beside those of every case, each with a comma before it. */
void trials_case_json(const struct nw_clinical *clinical, const struct nw_clinical_row *row,
                      struct nw_text *out);
/* Members of the suite's summary, each with a comma before it. */
void trials_json(const struct nw_clinical *clinical, struct nw_text *out);
