/* SPDX-License-Identifier: BSD-3-Clause
   Treatments that a plan can be compared with. */
#include "treatment.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "plan.h"

static const struct nw_treatment rows[] = {
#define TREATMENT(word_, kind_, peel_depth_, agent_, percent_, gap_, name_, text_) \
  {.word = #word_,                                                                 \
   .kind = NW_DEVICE_##kind_,                                                      \
   .peel_depth = peel_depth_,                                                      \
   .agent = agent_,                                                                \
   .percent = percent_,                                                            \
   .gap = offsetof(struct nw_params, gap_),                                        \
   .name = name_,                                                                  \
   .text = text_},
#include "../../model/treatments.def"
    {0},
};

const struct nw_treatment *nw_treatments(void) {
  return rows;
}

const struct nw_treatment *nw_treatment_find(const char *word) {
  for (const struct nw_treatment *t = rows; t->word; t++)
    if (!strcmp(t->word, word)) return t;
  return NULL;
}

struct nw_course nw_treatment_course(const struct nw_case *c, const struct nw_treatment *treatment) {
  struct nw_course course = c->course;
  double gap;
  memcpy(&gap, (const char *)&c->params + treatment->gap, sizeof gap);
  const double span = (course.sessions - 1) * course.interval;
  if (course.sessions > 1 && course.interval < gap) {
    course.interval = gap;
    course.sessions = 1 + (int)floor(span / gap + 1e-9 /* math: roundings */);
  }
  course.follow_up += span - (course.sessions - 1) * course.interval;
  if (course.maintenance > 0) course.maintenance = fmax(course.maintenance, gap);
  return course;
}

static enum nw_status set_days(struct nw_context *context, struct nw_plan *plan, const char *key,
                               double time) {
  char assignment[96];
  snprintf(assignment, sizeof assignment, "%s=%.17g d", key, nw_unit_from_si(time, "d"));
  return nw_plan_override(context, plan, assignment);
}

static enum nw_status set_course(struct nw_context *context, struct nw_plan *plan,
                                 const struct nw_course *course) {
  char assignment[64];
  snprintf(assignment, sizeof assignment, "course.sessions=%d", course->sessions);
  NW_TRY(nw_plan_override(context, plan, assignment));
  if (course->sessions > 1) NW_TRY(set_days(context, plan, "course.interval", course->interval));
  NW_TRY(set_days(context, plan, "course.follow_up", course->follow_up));
  return course->maintenance > 0 ? set_days(context, plan, "course.maintenance", course->maintenance) : NW_OK;
}

static enum nw_status set_peel(struct nw_context *context, struct nw_plan *plan,
                               const struct nw_treatment *treatment) {
  char assignment[64];
  snprintf(assignment, sizeof assignment, "device.peel.depth=%s", treatment->peel_depth);
  NW_TRY(nw_plan_override(context, plan, assignment));
  snprintf(assignment, sizeof assignment, "device.peel.agent=%s", treatment->agent);
  NW_TRY(nw_plan_override(context, plan, assignment));
  snprintf(assignment, sizeof assignment, "device.peel.concentration=%d %%", treatment->percent);
  return nw_plan_override(context, plan, assignment);
}

enum nw_status nw_treatment_apply(struct nw_context *context, struct nw_plan *plan, const struct nw_case *c,
                                  const struct nw_treatment *treatment) {
  const struct nw_course course = nw_treatment_course(c, treatment);
  NW_TRY(nw_plan_exchange_device(context, plan, nw_device_kind_word(treatment->kind)));
  if (treatment->peel_depth) NW_TRY(set_peel(context, plan, treatment));
  return set_course(context, plan, &course);
}
