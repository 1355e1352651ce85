/* SPDX-License-Identifier: BSD-3-Clause
   The page of a calibration: verdicts, profiles, and measurements beside what the model makes of them. */
#pragma once
#include "calibration/calibrate.h"

/* Writes folder/report.html. NW_IO, NW_MEMORY. */
enum nw_status nw_calibration_page_write(struct nw_context *context, const char *folder,
                                         const struct nw_calibration *calibration);
