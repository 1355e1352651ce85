/* SPDX-License-Identifier: BSD-3-Clause
   Stage device: the motion of roller, stamp or pen places every strike of every pass and session. */
#pragma once
#include "run.h"

/* Fills run->strikes for all sessions of the course. NW_BAD_PLAN for an impossible device, with the
   reason. Device kind none leaves the list empty. */
enum nw_status nw_device_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* Punctures of one pass per treated area that the motion of a roller, stamp or pen with so many needles
   makes [1/m2]; for lasers the columns. */
double nw_device_pass_density(const struct nw_params *p, const struct nw_device *device, int needles);
