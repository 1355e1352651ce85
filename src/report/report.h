/* SPDX-License-Identifier: BSD-3-Clause
   Stage report: one self-contained report.html out of the files of a results folder. */
#pragma once
#include "../base.h"

/* Reads the results in `folder` and writes folder/report.html (temporary name, then renamed). */
enum nw_status nw_report_write(struct nw_context *context, const char *folder);
