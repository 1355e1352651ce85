/* SPDX-License-Identifier: BSD-3-Clause
   A sensitivity study as JSON, as CSV, and as a table for the terminal. Texts are appended to `out`; one that
   ran out of memory has out->failed set. */
#pragma once
#include "study/sensitivity.h"

/* sensitivity.json: the leading inputs, and for every output the screening and the shares of its variance. */
void nw_sensitivity_json(const struct nw_sensitivity *s, struct nw_text *out);
/* One row for each output and input that moves it. */
void nw_sensitivity_csv(const struct nw_sensitivity *s, struct nw_text *out);
void nw_sensitivity_text(const struct nw_sensitivity *s, struct nw_text *out);
