/* SPDX-License-Identifier: BSD-3-Clause
   A sensitivity study as JSON, as CSV, as a page, and as a table for the terminal. */
#pragma once
#include "study/sensitivity.h"

void nw_sensitivity_json(const struct nw_sensitivity *s, struct nw_text *out);
/* One row for each output and input that moves it. */
void nw_sensitivity_csv(const struct nw_sensitivity *s, struct nw_text *out);
void nw_sensitivity_html(const struct nw_sensitivity *s, struct nw_text *out);
void nw_sensitivity_text(const struct nw_sensitivity *s, struct nw_text *out);
