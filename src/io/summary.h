/* SPDX-License-Identifier: BSD-3-Clause
   Parts of summary.json that stand in files of their own. */
#pragma once
#include "run.h"
#include "json.h"

/* Object "case": the plan as compiled, in readable words and user units, each key with its unit. */
void nw_summary_case(struct nw_json *json, const struct nw_case *c);
/* "overrides", "assumptions" and "references": where the numbers of this run come from. */
void nw_summary_sources(struct nw_json *json, const struct nw_case *c);
/* Number of an SI value in `unit` under `key`; left out when it is not finite. */
void nw_summary_quantity(struct nw_json *json, const char *key, double si, const char *unit);
/* "stratum_corneum" ... */
const char *nw_layer_word(int layer);
