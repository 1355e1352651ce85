/* SPDX-License-Identifier: BSD-3-Clause
   Stage report: one self-contained report.html out of the files of a results folder. */
#pragma once
#include "base/base.h"

/* Reads the results in `folder` and writes folder/report.html (temporary name, then renamed). */
enum nw_status nw_report_write(struct nw_context *context, const char *folder);

struct nw_results;
/* Appends the page for results that are in memory already. NW_MEMORY, or NW_IO from the picture encoder. */
enum nw_status nw_report_compose(struct nw_context *context, const struct nw_results *results,
                                 struct nw_text *html);
