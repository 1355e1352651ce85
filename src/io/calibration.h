/* SPDX-License-Identifier: BSD-3-Clause
   The folder of a calibration: what it found, and the state from which it goes on. */
#pragma once
#include "calibration/calibrate.h"

/* Writes folder/calibration.state: every piece of work done so far. NW_IO. */
enum nw_status nw_calibration_save(struct nw_context *context, const char *folder,
                                   const struct nw_calibration *calibration);
/* Lays what an earlier call left over a new calibration; nothing when there is no state. NW_IO when it is of
   another problem or version. */
enum nw_status nw_calibration_load(struct nw_context *context, const char *folder,
                                   struct nw_calibration *calibration);
/* Of the problem, the program, and every number that the model believes. */
uint64_t nw_calibration_identity(const struct nw_problem *problem);
/* calibration.json as text. Caller clears. */
enum nw_status nw_calibration_text(struct nw_context *context, const struct nw_calibration *calibration,
                                   struct nw_text *text);
/* parameters.tsv, fit.csv, profiles.csv, and calibration.json last; then removes the state. NW_IO. */
enum nw_status nw_calibration_write(struct nw_context *context, const char *folder,
                                    const struct nw_calibration *calibration);
