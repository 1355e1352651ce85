/* SPDX-License-Identifier: BSD-3-Clause
   Raters apart from instruments. What the outcome stage reads on a clinical scale is the latent severity,
   with values between grades. A rater meets it with an error, normal and new at every visit, and says the
   nearest grade of the scale. From the latent values of persons follow shares of persons by grade and the
   share that a trial would call responders. Rows: model/scales.def. */
#pragma once
#include "run.h"

enum nw_success { NW_SUCCESS_GRADE, NW_SUCCESS_HALF };
struct nw_scale {
  enum nw_outcome outcome;
  int lowest, highest;
  size_t error; /* offset of the parameter in struct nw_params */
  enum nw_success success;
};
/* NULL where the outcome is read by an instrument. */
const struct nw_scale *nw_scale_of(enum nw_outcome outcome);
/* "at least one grade better" ... */
const char *nw_success_text(enum nw_success success);

/* Probability that a rater gives the grade to this latent severity [1]; grades outside the scale: 0. */
double nw_rater_says(const struct nw_params *p, const struct nw_scale *scale, double latent, int grade);
/* By how much people who know of the treatment find a severity less than blinded raters do, where it was
   `before` in the mean [unit of before]. */
double nw_rater_hope(const struct nw_params *p, double before);
/* Probability that ratings before and after make a responder [1]. */
double nw_rater_responds(const struct nw_params *p, const struct nw_scale *scale, double before,
                         double after);
/* The same of a scale of grades where only the improvement is known, latent severities before spread evenly
 * [1]. */
double nw_rater_improves(const struct nw_params *p, const struct nw_scale *scale, double improvement);
/* Grades and responders among persons: latent severities of `count` persons before, after, and at the same
   time without treatment, NAN for persons left out. Not present when all are. */
struct nw_rating nw_rating_of(const struct nw_params *p, const struct nw_scale *scale, size_t count,
                              const double *before, const double *after, const double *untreated);
