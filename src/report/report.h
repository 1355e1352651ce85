/* SPDX-License-Identifier: BSD-3-Clause
   Stage report: one self-contained report.html out of the files of a results folder. */
#pragma once
#include "base/base.h"

/* Reads the results in `folder` and writes folder/report.html and, where the plan wants pictures, sections as
   folder/section_*.png. NW_IO, NW_MEMORY. */
enum nw_status nw_report_write(struct nw_context *context, const char *folder);

struct nw_results;
/* Appends the page for results that are in memory already; sections are kept as files in `folder`, nullable.
   NW_MEMORY, or NW_IO from the picture encoder. */
enum nw_status nw_report_compose(struct nw_context *context, const struct nw_results *results,
                                 const char *folder, struct nw_text *html);
