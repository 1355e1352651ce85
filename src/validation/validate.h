/* SPDX-License-Identifier: BSD-3-Clause
   Validation: predictions beside published values, suite by suite. A suite is a row of model/suites.def
   and a function that adds its cases. */
#pragma once
#include "clinical.h"

/* One prediction beside what was published. Texts are borrowed and static. */
struct nw_validation_case {
  const char *suite, *id, *quantity, *unit, *source, *note;
  double published; /* [unit] */
  double predicted; /* [unit] */
  double low, high; /* where a prediction agrees: published spread or tolerance; trials: the interval of the
                       prediction, widened by the error of what was published [unit] */
  bool inside;      /* low <= predicted <= high; trials: low <= published <= high */
  double score;     /* distance from the middle of the interval over its half width: at most 1 inside [1] */
  const struct nw_clinical_row *trial; /* borrowed from the list's `clinical`; NULL: no trial's */
};

/* A row of somebody's table that no prediction is held against. Texts as above; `reason` is owned. */
struct nw_validation_left {
  const char *id, *quantity, *source;
  char *reason;
};

struct nw_validation {
  struct nw_validation_case *item; /* owned */
  size_t count, capacity, inside;
  struct nw_validation_left *left; /* owned */
  size_t n_left, left_capacity;
  char **text; /* owned: texts of cases that the program did not have before */
  size_t n_texts, text_capacity;
  struct nw_csv csv;            /* the table that texts are borrowed from; owned */
  struct nw_clinical *clinical; /* the trials behind the cases; owned, NULL: the suite is no trials */
};

struct nw_suite {
  const char *name, *about, *goal;
  double wanted; /* share of cases inside that meets the goal [1] */
  /* Appends the suite's cases, predicted with these parameters (SI). */
  enum nw_status (*run)(struct nw_context *context, const struct nw_params *p, struct nw_validation *out);
};

size_t nw_suite_count(void);
/* Suite i (< count), borrowed. */
const struct nw_suite *nw_suite_at(size_t i);
/* NULL when there is none of this name. */
const struct nw_suite *nw_suite_find(const char *name);
/* Row i of the parameters that were fitted to the cases of a suite, whose range is then the 90 % interval of
   the fit; NULL past the last. */
const struct nw_param_row *nw_suite_fitted(const struct nw_suite *suite, size_t i);
/* Runs one suite into an empty or cleared list. */
enum nw_status nw_validation_run(struct nw_context *context, const struct nw_suite *suite,
                                 const struct nw_params *p, struct nw_validation *out);
/* A table of somebody's own measurements, taken over also on failure; its columns say of what kind it is.
 *suite becomes the suite that its cases belong to. NW_BAD_PLAN when the columns are of no known kind. */
enum nw_status nw_validation_table(struct nw_context *context, struct nw_csv *csv, const struct nw_params *p,
                                   const struct nw_suite **suite, struct nw_validation *out);
/* Adds a case whose published value, prediction and interval are set: works out the rest. NW_MEMORY. */
enum nw_status nw_validation_add(struct nw_context *context, struct nw_validation *list,
                                 const struct nw_validation_case *one);
/* Enough cases inside, and at least one case. */
bool nw_validation_met(const struct nw_suite *suite, const struct nw_validation *list);
void nw_validation_clear(struct nw_validation *list);
