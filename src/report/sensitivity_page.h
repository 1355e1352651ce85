/* SPDX-License-Identifier: BSD-3-Clause
   The page of a sensitivity study. */
#pragma once
#include "study/sensitivity.h"

/* Appends sensitivity.html; one that ran out of memory has out->failed set. */
void nw_sensitivity_html(const struct nw_sensitivity *s, struct nw_text *out);
