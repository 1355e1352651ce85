/* SPDX-License-Identifier: BSD-3-Clause
   Stage transport: products through vehicle, stratum corneum, polar path, channels that get plugged,
   viable epidermis, dermis and blood; needled and intact side by side, always double precision. */
#pragma once
#include "run.h"

/* Fills run->absorption for every product of the case. Reads run->skin and run->punctures. */
enum nw_status nw_transport_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* Releases run->absorption with its arrays and sets it to NULL; needs run->c. */
void nw_transport_free(struct nw_run *run);
/* A row of the product library (model/products.def) by name or alias, case-insensitive; false: none. */
bool nw_product_preset(const char *name, struct nw_product *product);
/* Names of the library, for messages; NULL-terminated. */
const char *const *nw_product_preset_names(void);
/* Reported harm of this product on open channels (granuloma, irritation ...), one sentence with its
   source; NULL when none is known. */
const char *nw_product_warning(const char *name);
/* The name of the library's row that a name or alias means; NULL when there is none. */
const char *nw_product_library_name(const char *name);
/* Sources of the library's row and of that warning, keys of refs.bib separated by spaces; NULL when it
   is not in the library. */
const char *nw_product_citation(const char *name);
