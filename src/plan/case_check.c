/* SPDX-License-Identifier: BSD-3-Clause
   What cannot be together: each rule names the key that a user would change. */
#include <math.h>
#include <string.h>

#include "case_compile.h"
#include "base/units.h"

/* Fewest cells along an edge that can carry a gradient, and the most columns that a run may ask for:
   past these a typing error in the resolution would fill the memory of a workstation. */
enum { FEWEST_CELLS = 4, MOST_COLUMNS = 1000000, MOST_OUTPUT_TIMES = 20000 };

static double days(double seconds) {
  return nw_unit_from_si(seconds, "d");
}

/* The first of two keys that the plan gives: where the message points. */
static const char *pointed(const struct nw_compile *k, const char *section, const char *a, const char *b) {
  return nw_compile_given(k, section, a) || !nw_compile_given(k, section, b) ? a : b;
}

static double course_length(const struct nw_course *course) {
  return (course->sessions - 1) * course->interval + course->follow_up;
}

static bool any_refused(const struct nw_compile *k, const char *section, const char *a, const char *b,
                        const char *c) {
  return nw_compile_refused(k, section, a) || nw_compile_refused(k, section, b) ||
         nw_compile_refused(k, section, c);
}

static void check_course(struct nw_compile *k) {
  const struct nw_course *course = &k->c->course;
  const double longest = 36600; /* math: a hundred years in days */
  if (course->sessions > 1 && course->interval <= 0)
    nw_compile_error(k, "course", "interval",
                     "%d sessions cannot be 0 d apart: give an interval, or more passes", course->sessions);
  if (days(course_length(course)) > longest)
    nw_compile_error(k, "course", pointed(k, "course", "interval", "follow_up"),
                     "the course lasts %g years; at most 100", nw_unit_from_si(course_length(course), "y"));
  if (course->maintenance > course->follow_up)
    nw_compile_error(k, "course", "maintenance", "upkeep every %g d never happens in a follow-up of %g d",
                     days(course->maintenance), days(course->follow_up));
  if (course->follow_up <= 0)
    nw_compile_warning(k, "course", "follow_up",
                       "is 0: the final values are those of the last session's day");
}

static void check_output(struct nw_compile *k) {
  const struct nw_output_spec *output = &k->c->output;
  const double end = k->c->experiment.present ? k->c->experiment.duration : course_length(&k->c->course);
  if (output->every > 0 && end / output->every > MOST_OUTPUT_TIMES)
    nw_compile_error(k, "output", "every", "asks for %.0f output times; at most %d", end / output->every,
                     MOST_OUTPUT_TIMES);
  for (size_t i = 0; i < output->n_times; i++)
    if (output->times[i] > end) {
      nw_compile_error(k, "output", "times", "%g d is after the end, %g d after the first session",
                       days(output->times[i]), days(end));
      return;
    }
}

static void check_patch(struct nw_compile *k) {
  const struct nw_patch *patch = &k->c->patch;
  const double cells_x = patch->width / patch->resolution, cells_y = patch->height / patch->resolution;
  const char *edge = cells_x < cells_y ? "width" : "height";
  if (fmin(cells_x, cells_y) < FEWEST_CELLS)
    nw_compile_error(k, "patch", pointed(k, "patch", edge, "resolution"),
                     "the patch is %.3g cells across at a resolution of %g um; at least %d",
                     fmin(cells_x, cells_y), nw_unit_from_si(patch->resolution, "um"), FEWEST_CELLS);
  if (cells_x * cells_y > MOST_COLUMNS)
    nw_compile_error(
        k, "patch", pointed(k, "patch", "resolution", edge),
        "the patch has %.2g million columns; at most 1: make it smaller or the resolution coarser",
        cells_x * cells_y / MOST_COLUMNS);
}

static bool present(const struct nw_compile *k, const char *section) {
  const struct nw_plan_value *value = nw_plan_find(k->plan, section);
  return value && value->shape != NW_SHAPE_NOTHING && (value->shape != NW_SHAPE_LIST || value->count > 0);
}

static void check_experiment(struct nw_compile *k) {
  if (present(k, "course"))
    nw_compile_error(k, "course", NULL, "an experiment takes the place of course: remove one of the two");
  if (present(k, "concerns"))
    nw_compile_error(k, "concerns", NULL, "an experiment takes the place of concerns: remove one of the two");
  if (k->c->n_products == 0 && !k->plan->broken)
    nw_compile_error(k, "experiment", NULL, "a permeation experiment needs a product");
}

static void check_contact(struct nw_compile *k) {
  const struct nw_course *course = &k->c->course;
  for (size_t i = 0; i < k->c->n_products && course->sessions > 1; i++) {
    const double duration = k->c->products[i].duration;
    if (isfinite(duration) && duration > course->interval && course->interval > 0)
      nw_compile_warning(k, "products", NULL,
                         "product %zu stays on for %g d, longer than the interval of %g d", i + 1,
                         days(duration), days(course->interval));
  }
}

void nw_compile_check(struct nw_compile *k) {
  if (k->c->experiment.present) {
    check_experiment(k);
    check_output(k);
  } else if (!any_refused(k, "course", "sessions", "interval", "follow_up")) {
    check_course(k);
    check_contact(k);
    check_output(k);
  }
  if (!any_refused(k, "patch", "width", "height", "resolution")) check_patch(k);
}
