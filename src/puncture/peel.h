/* SPDX-License-Identifier: BSD-3-Clause
   Peels: how deep an agent of a given strength goes, and whether it opens the barrier. All SI. */
#pragma once
#include "run.h"

/* Depth that one application destroys [m]. By agent and strength of device.peel within the class that the
   plan names: what is superficial ends in the epidermis, what is medium below it. An agent that is not in
   model/peels.def, or one without a strength, goes as deep as the library's peel of its class. */
double nw_peel_depth(const struct nw_device *device, const struct nw_skin *skin);
/* Whether the agent precipitates proteins, so that the barrier is open at once; also of an agent that is not
   in the table. */
bool nw_peel_coagulates(const struct nw_device *device);
/* Whether depth can follow from this agent. */
bool nw_peel_known(const char *agent);
