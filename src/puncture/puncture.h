/* SPDX-License-Identifier: BSD-3-Clause
   Stage puncture: strikes in this skin become punctures, and punctures become injuries. */
#pragma once
#include "run.h"

/* Fills run->punctures and run->injuries from run->strikes and run->skin. NW_MEMORY. */
enum nw_status nw_puncture_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
