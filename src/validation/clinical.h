/* SPDX-License-Identifier: BSD-3-Clause
   Trials on people against the model: each line of the evidence becomes a plan and a question, each plan a
   trial with an ensemble, each answer a row of the table. Lines of one cohort count once together. */
#pragma once
#include "evidence_plan.h"

struct nw_clinical_row {
  const struct nw_evidence *evidence; /* borrowed from the table */
  struct nw_evidence_mapping mapping;
  struct nw_published published; /* the unit of all numbers here */
  enum nw_evidence_use use;
  size_t cohort, plan;      /* plan: SIZE_MAX where nothing is asked */
  double predicted;         /* NAN: not asked */
  double low, high;         /* 90 % interval of the mean of such a trial */
  double half_width;        /* of interval_mean alone */
  double error;             /* distance over what the goal allows: up to 1 is good */
  bool inside;              /* low <= published <= high */
  bool signed_, sign_right; /* direction was published as significant; and is the model's */
};

struct nw_clinical_cohort {
  char *name; /* owned */
  size_t rows, inside;
  double error; /* median of its rows */
};

struct nw_clinical_plan {
  char *name, *text; /* owned */
};

struct nw_clinical_summary {
  size_t rows, scored, cohorts;
  size_t use[NW_USE_COUNT];
  double coverage;           /* mean over cohorts of the share of rows inside */
  double error;              /* median over cohorts of the median error over what is allowed */
  size_t signs, signs_right; /* where direction was significant */
  double mean_width,
      median_width; /* half-widths of the intervals, share of |published| or points: percent rows */
  bool coverage_met, error_met, sign_met, met;
};

struct nw_clinical {
  struct nw_evidence_table table; /* owned */
  struct nw_clinical_row *row;    /* (table.count) owned */
  struct nw_clinical_cohort *cohort;
  size_t n_cohorts, cohort_capacity; /* owned */
  struct nw_clinical_plan *plan;
  size_t n_plans, plan_capacity; /* owned */
  struct nw_clinical_summary summary;
};

/* Takes the table over, also on failure, and predicts every line that can be. Parameters in SI. */
enum nw_status nw_clinical_run(struct nw_context *context, struct nw_evidence_table *table,
                               const struct nw_params *p, struct nw_clinical *out);
void nw_clinical_clear(struct nw_clinical *clinical);

/* ---- arithmetic of the score, by itself ---- */

/* Sets low, high, half_width, inside, error and sign of a row from its published numbers, its prediction and
   the 90 % interval [mean_low, mean_high] of the prediction for a population; `persons` is the spread between
   persons [unit], which stands in where no error was published. */
void nw_clinical_score(struct nw_clinical_row *row, double mean_low, double mean_high, double persons);
/* Works the summary and the cohorts out of scored rows. */
void nw_clinical_sum(struct nw_clinical *clinical);
/* Whether a line tells which way an outcome went in people after needles, with or without something else. */
bool nw_clinical_tells(const struct nw_clinical_row *row, int key);
/* Whether lines disagree about the direction of an outcome. */
bool nw_clinical_contradicts(const struct nw_clinical *clinical, int key);
/* Median of the finite among count values; NAN when there is none. Reorders them. */
double nw_clinical_median(double *value, size_t count);
