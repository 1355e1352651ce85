/* SPDX-License-Identifier: BSD-3-Clause
   Claims as one JSON document: a list of {id, claim, prediction, evidence, grade, verdict}. */
#pragma once
#include "claims/claims.h"

/* Caller clears the text. */
enum nw_status nw_claims_text(struct nw_context *context, const struct nw_claims *claims,
                              struct nw_text *text);
