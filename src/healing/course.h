/* SPDX-License-Identifier: BSD-3-Clause
   The calendar of a course: when sessions are and when outcomes are read. Times in days since the
   first injury. */
#pragma once
#include "plan/case.h"

struct nw_course_calendar {
  double *session;
  size_t n_sessions; /* increasing; owned */
  double *output;
  size_t n_outputs; /* increasing, from 0 to end; owned */
  bool *regular;    /* (n_outputs) on the plan's own rhythm: fields are written; owned */
  double *picture;
  size_t n_pictures; /* subset of output: sections are kept; owned */
  double end;
};

/* Sessions, upkeep sessions, output times after each session and on the plan's rhythm. */
enum nw_status nw_course_calendar_create(struct nw_context *context, const struct nw_case *c,
                                         struct nw_course_calendar *calendar);
void nw_course_calendar_clear(struct nw_course_calendar *calendar);
