/* SPDX-License-Identifier: BSD-3-Clause
   A comparison: the line run for several treatments of the same skin, each into a folder of its own. */
#pragma once
#include "report/comparison.h"

struct nw_comparison_options {
  const char *folder; /* borrowed */
  bool resume, force, single_precision;
};

/* Adds a course; takes over *c (set to NULL) also on failure. `label` is borrowed; `name` is copied and
   becomes unlike the others. Plans come before their treatments. */
enum nw_status nw_comparison_add(struct nw_context *context, struct nw_comparison *comparison,
                                 const char *name, const char *label, const struct nw_treatment *treatment,
                                 struct nw_case **c);
/* Runs every arm that is not finished, then writes compare.json and compare.html. NW_INTERRUPTED: the arm
   that was being run left a checkpoint, and `resume` goes on. */
enum nw_status nw_comparison_run(struct nw_context *context, struct nw_comparison *comparison,
                                 const struct nw_comparison_options *options);
