/* SPDX-License-Identifier: BSD-3-Clause
   The calendar of a course. */
#include "course.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"

/* Days after each session at which outcomes are read, besides the plan's own rhythm; and those after
   the first session and after the last at which sections are kept for pictures: the first hour shows
   the fresh wound. */
/* math: days of the output contract, from an hour on, and a choice of them */
static const double after_session[] = {0, 1.0 / 24, 0.25, 0.5, 1, 2, 3, 5, 7, 10, 14};
static const double picture_after_first[] = {0, 1.0 / 24, 1, 3, 7, 14};
static const double picture_after_last[] = {1, 14};

struct list {
  double *item;
  size_t count, capacity;
};

static bool add(struct list *list, double value) {
  if (!nw_grow(&list->item, &list->capacity, list->count + 1, sizeof(double))) return false;
  list->item[list->count++] = value;
  return true;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts and drops what comes twice (within a millisecond) or lies after the end. */
static void tidy(struct list *list, double end) {
  const double close = 1e-8; /* math: about a millisecond, in days */
  size_t kept = 0;
  qsort(list->item, list->count, sizeof(double), by_value);
  for (size_t i = 0; i < list->count; i++)
    if (list->item[i] <= end + close && (kept == 0 || list->item[i] - list->item[kept - 1] > close))
      list->item[kept++] = fmin(list->item[i], end);
  list->count = kept;
}

static bool has(const struct list *list, double value) {
  const double close = 1e-8; /* math: about a millisecond, in days */
  for (size_t i = 0; i < list->count; i++)
    if (fabs(list->item[i] - value) <= close) return true;
  return false;
}

static bool list_sessions(const struct nw_case *c, struct list *session, double *end) {
  const double interval = nw_unit_from_si(c->course.interval, "d");
  const double follow_up = nw_unit_from_si(c->course.follow_up, "d");
  const double upkeep = nw_unit_from_si(c->course.maintenance, "d");
  bool done = true;
  for (int s = 0; s < c->course.sessions; s++)
    done = done && add(session, s * interval);
  const double last = c->course.sessions > 0 ? (c->course.sessions - 1) * interval : 0;
  *end = last + follow_up;
  for (double t = last + upkeep; upkeep > 0 && t < *end && done; t += upkeep)
    done = add(session, t);
  return done;
}

static bool list_regular(const struct nw_case *c, struct list *regular, double end) {
  const double every = nw_unit_from_si(c->output.every, "d");
  bool done = add(regular, 0) && add(regular, end);
  for (size_t k = 1; every > 0 && (double)k * every < end && done; k++)
    done = add(regular, (double)k * every);
  for (size_t k = 0; k < c->output.n_times && done; k++)
    done = add(regular, nw_unit_from_si(c->output.times[k], "d"));
  tidy(regular, end);
  return done;
}

static bool list_pictures(const struct list *session, struct list *picture, double end) {
  bool done = add(picture, 0) && add(picture, end);
  if (session->count > 0) {
    for (size_t k = 0; k < NW_COUNT(picture_after_first); k++)
      done = done && add(picture, session->item[0] + picture_after_first[k]);
    for (size_t k = 0; k < NW_COUNT(picture_after_last); k++)
      done = done && add(picture, session->item[session->count - 1] + picture_after_last[k]);
  }
  tidy(picture, end);
  return done;
}

enum nw_status nw_course_calendar_create(struct nw_context *context, const struct nw_case *c,
                                         struct nw_course_calendar *calendar) {
  struct list session = {0}, output = {0}, regular = {0}, picture = {0};
  double end = 0;
  bool done = list_sessions(c, &session, &end) && list_regular(c, &regular, end) &&
              list_pictures(&session, &picture, end);
  for (size_t i = 0; i < regular.count && done; i++)
    done = add(&output, regular.item[i]);
  for (size_t i = 0; i < picture.count && done; i++)
    done = add(&output, picture.item[i]);
  for (size_t s = 0; s < session.count; s++)
    for (size_t k = 0; k < NW_COUNT(after_session) && done; k++)
      done = add(&output, session.item[s] + after_session[k]);
  tidy(&output, end);
  bool *is_regular = nw_allocate(output.count + 1, sizeof *is_regular);
  done = done && is_regular;
  for (size_t i = 0; i < output.count && done; i++)
    is_regular[i] = has(&regular, output.item[i]);
  nw_release(regular.item);
  *calendar = (struct nw_course_calendar){session.item, session.count, output.item,   output.count,
                                          is_regular,   picture.item,  picture.count, end};
  if (done) return NW_OK;
  nw_course_calendar_clear(calendar);
  return nw_fail(context, NW_MEMORY, NULL, "no memory for the calendar of the course");
}

void nw_course_calendar_clear(struct nw_course_calendar *calendar) {
  nw_release(calendar->session);
  nw_release(calendar->output);
  nw_release(calendar->regular);
  nw_release(calendar->picture);
  *calendar = (struct nw_course_calendar){0};
}
