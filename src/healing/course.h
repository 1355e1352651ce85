/* SPDX-License-Identifier: BSD-3-Clause
   The calendar of a course: when sessions are and when outcomes are read. Times in days since the
   first injury. */
#pragma once
#include "plan/case.h"

struct nw_course_calendar {
  double *session; /* (n_sessions) increasing [d] owned */
  size_t n_sessions;
  double *output; /* (n_outputs) increasing, from 0 to end [d] owned */
  size_t n_outputs;
  bool *regular;   /* (n_outputs) on the plan's own rhythm: fields are written; owned */
  double *picture; /* (n_pictures) subset of output: sections are kept [d] owned */
  size_t n_pictures;
  double end; /* [d] */
};

/* Sessions, upkeep sessions, output times after each session and on the plan's rhythm. Clear the calendar
   with nw_course_calendar_clear, also after NW_MEMORY. */
enum nw_status nw_course_calendar_create(struct nw_context *context, const struct nw_case *c,
                                         struct nw_course_calendar *calendar);
void nw_course_calendar_clear(struct nw_course_calendar *calendar);
