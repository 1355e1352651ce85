/* SPDX-License-Identifier: BSD-3-Clause
   Columns of fractional lasers: how deep and wide by pulse energy, and what a beam can be. All SI. */
#pragma once
#include "run.h"

/* The column that one pulse leaves, before any scatter. */
struct nw_beam {
  double hole_depth, hole_radius; /* what is vaporised; 0 without ablation [m] */
  double depth, radius;           /* hole and coagulated tissue together [m] */
  double rim;                     /* thickness of the heated, living tissue around it [m] */
};

/* By device.laser.energy and spot, or from the library's depth when no energy is given. */
struct nw_beam nw_beam_of(const struct nw_params *p, const struct nw_device *device);
/* Whether an energy was given that nobody measured columns at. */
bool nw_beam_extrapolated(const struct nw_params *p, const struct nw_device *device);
/* NW_BAD_PLAN with the reason when a laser of this kind cannot exist. */
enum nw_status nw_beam_check(struct nw_context *context, const struct nw_params *p,
                             const struct nw_device *device);
