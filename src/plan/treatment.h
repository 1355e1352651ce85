/* SPDX-License-Identifier: BSD-3-Clause
   Treatments that a plan can be compared with: rows of model/treatments.def. */
#pragma once
#include "case.h"

struct nw_treatment {
  const char *word, *name, *text;
  enum nw_device_kind kind;
  const char *peel_depth, *agent; /* NULL for anything but a peel */
  int percent;                    /* strength of the agent [%] */
  size_t gap;                     /* offset in struct nw_params of the least interval between sessions [s] */
};

/* Rows; ends with a row without a word. */
const struct nw_treatment *nw_treatments(void);
/* NULL when there is none of this name. */
const struct nw_treatment *nw_treatment_find(const char *word);

/* The course of a plan when another treatment is held in its place. Sessions closer together than the
   treatment's least interval move apart to that; as many of the plan's are held as then fit between its
   first and its last; the end of the follow-up stays where it is. */
struct nw_course nw_treatment_course(const struct nw_case *c, const struct nw_treatment *treatment);

/* Puts the treatment in the place of the plan's device, whatever file and command line say about that, and
   sets the course. Subject, concerns, products, aftercare, patch and seed stay; so do anaesthetic and
   sterility. `c` is the plan as compiled. Statuses of nw_plan_override. */
enum nw_status nw_treatment_apply(struct nw_context *context, struct nw_plan *plan, const struct nw_case *c,
                                  const struct nw_treatment *treatment);
