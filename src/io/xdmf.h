/* SPDX-License-Identifier: BSD-3-Clause
   fields.xdmf: tells ParaView and VisIt how to read fields.h5. */
#pragma once
#include "field_log.h"

/* Appends the document for the steps of a log. Refers to whole datasets only: readers disagree on
   hyperslabs and can take wrong values silently. */
void nw_xdmf_append(struct nw_text *text, const struct nw_field_log *log, const char *title);
