/* SPDX-License-Identifier: BSD-3-Clause
   What was published about a claim: rows of the evidence table, of the validation suites and of the measured
   parameters, as model/claim_sources.def ties them to the claim. */
#pragma once
#include "claims.h"

/* The tables that evidence borrows from. */
struct nw_claim_tables;
enum nw_status nw_claim_tables_create(struct nw_context *context, const struct nw_params *p,
                                      struct nw_claim_tables **out);
void nw_claim_tables_free(struct nw_claim_tables **tables);
/* Appends the evidence of claim->row->id. NW_BAD_PLAN when a source is not in its table. */
enum nw_status nw_claim_evidence_gather(struct nw_context *context, const struct nw_claim_tables *tables,
                                        struct nw_claim *claim);
