/* SPDX-License-Identifier: BSD-3-Clause
   A product on the patch in three dimensions, with the punctures where they are. */
#pragma once
#include "box.h"
#include "transport_build.h"

/* Punctures of the first session that conduct: the open share of those with a lumen, spread evenly over them,
   each with its own plug time from the half-life of `column`. Into `out` (nullable), at most `most`; returns
   how many there are. */
size_t nw_transport_patch_channels(const struct nw_run *run, const struct nw_params *p,
                                   const struct nw_column_spec *column, struct nw_box_channel *out,
                                   size_t most);
/* Fills a->patch, a->patch_channels and the maps, whose memory and times stand ready. `column` is the needled
   one; the vehicle follows a column with as many channels as the patch has. NW_NUMERICAL, NW_INTERRUPTED. */
enum nw_status nw_transport_patch(struct nw_context *context, const struct nw_run *run,
                                  const struct nw_column_spec *column, struct nw_absorption *a);
