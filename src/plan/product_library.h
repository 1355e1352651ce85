/* SPDX-License-Identifier: BSD-3-Clause
   The product library: rows of model/products.def. What is handed out is borrowed from the program. */
#pragma once
#include "case.h"

/* Lays the row of this name or alias, case-insensitive, over a product; false: there is none. */
bool nw_product_preset(const char *name, struct nw_product *product);
/* Names of the library, for messages; NULL-terminated. */
const char *const *nw_product_preset_names(void);
/* Reported harm of this product on open channels (granuloma, irritation ...), one sentence with its
   source; NULL when none is known. */
const char *nw_product_warning(const char *name);
/* The name of the library's row that a name or alias means; NULL when there is none. */
const char *nw_product_library_name(const char *name);
/* Sources of the library's row and of that warning, keys of the bibliography separated by spaces; NULL when
   it is not in the library. */
const char *nw_product_citation(const char *name);
