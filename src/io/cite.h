/* SPDX-License-Identifier: BSD-3-Clause
   Sources: the bibliography that the program carries, and what of it a case used. */
#pragma once
#include "plan/case.h"

/* Appends the BibTeX entries of everything the case used, in the order of first use, each once:
   parameters of the stages that it runs (but not those the user overrode), its site, presets and
   products, and the safety findings. Keys without an entry become a comment. */
void nw_cite_case(const struct nw_case *c, struct nw_text *out);
/* One entry of the bibliography, "@type{key, ...}", borrowed from the program and not terminated;
 *length is its size. NULL when there is none. */
const char *nw_cite_entry(const char *key, size_t *length);
