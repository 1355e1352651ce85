/* SPDX-License-Identifier: BSD-3-Clause
   A sensitivity study into a results folder: screening, indices, tables and a page. */
#pragma once
#include "study/sensitivity.h"

struct nw_sensitivity_options {
  const char *folder;  /* borrowed */
  const char *goals;   /* "KEY,KEY"; NULL: all outcomes */
  const char *vary;    /* "KEY,SECTION"; NULL: all that act */
  size_t rounds, rows; /* of the screening, of the indices */
  bool resume, force;
};

/* Fills *s (clear it with nw_sensitivity_clear in any case) and writes sensitivity.json, .csv and .html.
   NW_INTERRUPTED: what was run is kept, and `resume` goes on to the same numbers. A folder that holds this
   study already is left as it is: *finished. */
enum nw_status nw_sensitivity_run(struct nw_context *context, const struct nw_case *c,
                                  const struct nw_sensitivity_options *options, struct nw_sensitivity *s,
                                  bool *finished);
