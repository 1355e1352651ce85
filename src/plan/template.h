/* SPDX-License-Identifier: BSD-3-Clause
   A commented plan to begin with, generated from the key table. */
#pragma once
#include "base/base.h"

/* Appends a plan for `concern` (a word of concerns.kind; NULL: acne_scar) in which every key of the key table
   stands, commented with its meaning and range; keys that only some plans need are commented out.
   NW_USAGE for an unknown concern, NW_MEMORY. Caller clears `text`. */
enum nw_status nw_template_text(struct nw_context *context, const char *concern, struct nw_text *text);
