/* SPDX-License-Identifier: BSD-3-Clause
   What a line of the evidence published, as one number with its error, in the form in which the model can
   answer. */
#pragma once
#include "evidence_map.h"

struct nw_published {
  struct nw_question question; /* time from the row, NAN where it gives none */
  char unit[16];               /* of all numbers below: "%", "h", "d", "um", a scale's own "1" ... */
  double value;                /* NAN: in words only, or a problem */
  double half_range;           /* of a range that was published, or of what rounding hides */
  double error;                /* standard error of the mean or share; NAN: not given */
  int people;                  /* 0: not given */
  bool at_most, at_least;      /* "within", "more than": bounds */
  const char *problem;         /* why there is no number although one was printed; static, NULL: none */
  int sign;                    /* of the change: -1, 0, 1; 2: not told */
  bool significant;            /* said to differ from no change */
};

/* mapping must be mapped. usual_people: how many where the row does not say. */
struct nw_published nw_published_read(const struct nw_evidence *row,
                                      const struct nw_evidence_mapping *mapping, int usual_people);
/* Factor from the SI of an observable to published->unit. */
double nw_published_factor(const struct nw_published *published);

/* People behind a row's value, by its population ("n=35 (32 completed)", "20 per arm", "30 women"); 0 when
   not told. */
int nw_published_people(const char *population);
/* Standard error [unit of the value] from "SD 0.66", "SE 0.3", "95%CI 1-2", "0.44 / 0.98"; NAN without one.
 */
double nw_published_error(const char *spread, int people);
