/* SPDX-License-Identifier: BSD-3-Clause
   Stage device: the motion of roller, stamp or pen places every strike of every pass and session. */
#pragma once
#include "run.h"

/* Fills run->strikes for all sessions of the course. NW_BAD_PLAN for an impossible device, with the
   reason. Device kind none leaves the list empty. */
enum nw_status nw_device_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* A row of the device library (model/devices.def) laid over the defaults; false: no such preset. */
bool nw_device_preset(const char *name, struct nw_device *device);
/* Defaults by kind, before preset and plan keys. */
struct nw_device nw_device_default(enum nw_device_kind kind);
/* Names of the presets, for messages; NULL-terminated. */
const char *const *nw_device_preset_names(void);
/* Sessions of the course, upkeep sessions of the follow-up included; 1 in an experiment. */
int nw_device_session_count(const struct nw_case *c);
/* When session 0, 1, ... is held, since the first [s]. */
double nw_device_session_time(const struct nw_case *c, int session);
/* True when the kind drives needles into the skin. */
bool nw_device_has_needles(enum nw_device_kind kind);
/* Punctures of one pass per treated area that the motion of a roller, stamp or pen with so many needles
   makes [1/m2]; for lasers the columns. */
double nw_device_pass_density(const struct nw_params *p, const struct nw_device *device, int needles);
