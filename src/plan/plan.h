/* SPDX-License-Identifier: BSD-3-Clause
   The plan as written: text values by key of model/keys.def, each with its place in the file. */
#pragma once
#include "base/base.h"

/* Reads a YAML plan file. Syntax errors, unknown and duplicate keys are all reported in the context
   with file, line and column. NW_BAD_PLAN or NW_IO on failure; *out is then NULL. */
enum nw_status nw_plan_read(struct nw_context *context, const char *path, struct nw_plan **out);
/* Same from memory, without NW_IO; `name` stands for the file in messages. */
enum nw_status nw_plan_parse(struct nw_context *context, const char *name, const char *text, size_t length,
                             struct nw_plan **out);
/* Sets "device.passes=6" (list items as products.0.dose) or "model.KEY=VALUE" over what the file says.
   Lists are written "[a, b]" or "a, b"; ~ leaves a key or a section out; another device.kind drops the file's
   other keys of the device but anaesthetic and sterile. NW_USAGE when it is no assignment, NW_BAD_PLAN for
   an unknown key; what is wrong with the value is said by nw_case_create. */
enum nw_status nw_plan_override(struct nw_context *context, struct nw_plan *plan, const char *assignment);
/* Puts a device of this kind, at the library's settings, in the place of the plan's: all that file and
   command line say of the device goes, but anaesthetic and sterile. Statuses as above. */
enum nw_status nw_plan_exchange_device(struct nw_context *context, struct nw_plan *plan, const char *kind);
void nw_plan_free(struct nw_plan **plan);
