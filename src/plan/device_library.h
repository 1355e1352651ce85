/* SPDX-License-Identifier: BSD-3-Clause
   The device library: rows of model/devices.def. What is handed out is borrowed from the program. */
#pragma once
#include "case.h"

/* Lays the row of this preset over a device; false: no such preset. */
bool nw_device_preset(const char *name, struct nw_device *device);
/* Defaults by kind, before preset and plan keys. */
struct nw_device nw_device_default(enum nw_device_kind kind);
/* Names of the presets, for messages; NULL-terminated. */
const char *const *nw_device_preset_names(void);
/* True when the kind drives needles into the skin. */
bool nw_device_has_needles(enum nw_device_kind kind);
