/* SPDX-License-Identifier: BSD-3-Clause
   The pictures of a course as files: before, an hour after the first session, a day after each, the end. */
#pragma once
#include "run.h"

/* Draws the pictures of a run that went through stage outcome into its folder; nothing for skin in a
   diffusion cell or where the plan wants none. Of many sessions, the first, the last and some between. NW_IO,
   NW_MEMORY, NW_INTERRUPTED.
 */
enum nw_status nw_skin_album_write(struct nw_context *context, const struct nw_run *run, const char *folder);
