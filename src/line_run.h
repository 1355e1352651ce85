/* SPDX-License-Identifier: BSD-3-Clause
   The line: plan to report, stage by stage, into a results folder. */
#pragma once
#include "run.h"

struct nw_line_options {
  const char *folder;    /* results folder, borrowed */
  bool resume, force;    /* go on from a checkpoint; overwrite results */
  enum nw_stage until;   /* last stage to run */
  double until_time;     /* stop healing at this time after the first injury; INFINITY: to the end [s] */
  bool single_precision; /* of the healing fields; transport is always double */
};

/* Runs the stages in order and writes the results folder. NW_INTERRUPTED leaves a checkpoint there.
 *run is set whenever there is anything to look at, also on failure; free it with nw_run_free. */
enum nw_status nw_line_run(struct nw_context *context, const struct nw_case *c,
                           const struct nw_line_options *options, struct nw_run **run);
