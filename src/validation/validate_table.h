/* SPDX-License-Identifier: BSD-3-Clause
   Tables of somebody's own measurements of mechanics and of absorption, row by row. */
#pragma once
#include "validate.h"

/* Whether the columns are those of such a table. */
bool nw_validate_is_mechanics(const struct nw_csv *csv);
bool nw_validate_is_transport(const struct nw_csv *csv);
/* Take the table over, also on failure; cases and what is left go to an empty list. NW_BAD_PLAN: mistakes. */
enum nw_status nw_validate_mechanics(struct nw_context *context, struct nw_csv *csv,
                                     const struct nw_params *p, struct nw_validation *out);
enum nw_status nw_validate_transport(struct nw_context *context, struct nw_csv *csv,
                                     const struct nw_params *p, struct nw_validation *out);
