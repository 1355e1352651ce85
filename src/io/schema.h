/* SPDX-License-Identifier: BSD-3-Clause
   The plan file as a JSON schema, for editors and forms. */
#pragma once
#include "base/base.h"

/* Appends the schema (draft 2020-12) generated from the key table. Quantities are strings and carry their
   unit and range as "unit", "low" and "high" under "quantity". NW_MEMORY. Caller clears `text`. */
enum nw_status nw_schema_text(struct nw_context *context, struct nw_text *text);
