/* SPDX-License-Identifier: BSD-3-Clause
   Raters apart from instruments. */
#include "rater.h"

#include <math.h>
#include <stddef.h>

static const struct nw_scale scales[] = {
#define SCALE(key, lowest_, highest_, error_, success_) \
  {.outcome = NW_OUTCOME_##key,                         \
   .lowest = lowest_,                                   \
   .highest = highest_,                                 \
   .error = offsetof(struct nw_params, error_),         \
   .success = NW_SUCCESS_##success_},
#include "../../model/scales.def"
#undef SCALE
};

const struct nw_scale *nw_scale_of(enum nw_outcome outcome) {
  for (size_t i = 0; i < NW_COUNT(scales); i++)
    if (scales[i].outcome == outcome) return &scales[i];
  return NULL;
}

const char *nw_success_text(enum nw_success success) {
  return success == NW_SUCCESS_GRADE ? "at least one grade better" : "at most half of the score before";
}

static double error_of(const struct nw_params *p, const struct nw_scale *scale) {
  return *(const double *)((const char *)p + scale->error);
}

/* Probability that a normal variable stays below z standard deviations; a certain rater has error 0. */
static double below(double distance, double error) {
  if (!(error > 0)) return distance > 0 ? 1 : distance < 0 ? 0 : 0.5;
  return 0.5 * erfc(-distance / error * M_SQRT1_2);
}

double nw_rater_says(const struct nw_params *p, const struct nw_scale *scale, double latent, int grade) {
  if (grade < scale->lowest || grade > scale->highest) return 0;
  const double error = error_of(p, scale);
  const double up_to = grade == scale->highest ? 1 : below(grade + 0.5 - latent, error);
  const double under = grade == scale->lowest ? 0 : below(grade - 0.5 - latent, error);
  return up_to - under;
}

double nw_rater_hope(const struct nw_params *p, double before) {
  return p->rater_hope * p->rater_people * fabs(before);
}

double nw_rater_responds(const struct nw_params *p, const struct nw_scale *scale, double before,
                         double after) {
  if (scale->success == NW_SUCCESS_HALF) /* after - before / 2 has the errors of both ratings */
    return below(0.5 * before - after, error_of(p, scale) * sqrt(1 + 0.5 * 0.5));
  double sum = 0, reached = 0; /* reached: probability of any grade under the one before */
  for (int grade = scale->lowest; grade <= scale->highest; grade++) {
    sum += nw_rater_says(p, scale, before, grade) * reached;
    reached += nw_rater_says(p, scale, after, grade);
  }
  return sum;
}

/* A severity anywhere between two borders that falls by d, both ratings in error, crosses one with the
   probability d, at least 0, at most 1: the mean of that over the normal d. */
double nw_rater_improves(const struct nw_params *p, const struct nw_scale *scale, double improvement) {
  const double error = M_SQRT2 * error_of(p, scale);
  if (!(error > 0)) return fmin(fmax(improvement, 0), 1);
  const double a = -improvement / error, b = (1 - improvement) / error;
  const double bells = (exp(-0.5 * a * a) - exp(-0.5 * b * b)) / sqrt(2 * NW_PI);
  return improvement * (below(b, 1) - below(a, 1)) + error * bells + below(-b, 1);
}

static void add_person(const struct nw_params *p, const struct nw_scale *scale, double before, double after,
                       struct nw_rating *rating) {
  for (int i = 0; scale->success == NW_SUCCESS_GRADE && i <= scale->highest - scale->lowest; i++) {
    rating->before[i] += nw_rater_says(p, scale, before, scale->lowest + i);
    rating->after[i] += nw_rater_says(p, scale, after, scale->lowest + i);
  }
  rating->responders += nw_rater_responds(p, scale, before, after);
}

struct nw_rating nw_rating_of(const struct nw_params *p, const struct nw_scale *scale, size_t count,
                              const double *before, const double *after, const double *untreated) {
  struct nw_rating rating = {.lowest = scale->lowest};
  double persons = 0;
  if (scale->success == NW_SUCCESS_GRADE) rating.grades = (size_t)(scale->highest - scale->lowest + 1);
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(before[i]) || !isfinite(after[i]) || !isfinite(untreated[i])) continue;
    add_person(p, scale, before[i], after[i], &rating);
    rating.untreated_responders += nw_rater_responds(p, scale, before[i], untreated[i]);
    persons++;
  }
  rating.present = persons > 0;
  for (size_t i = 0; rating.present && i < rating.grades; i++) {
    rating.before[i] /= persons;
    rating.after[i] /= persons;
  }
  if (rating.present) rating.responders /= persons, rating.untreated_responders /= persons;
  return rating;
}
