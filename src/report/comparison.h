/* SPDX-License-Identifier: BSD-3-Clause
   Several results folders side by side: compare.json, compare.html, and the table for the terminal. */
#pragma once
#include "io/results.h"
#include "plan/treatment.h"

/* One course of the comparison. */
struct nw_comparison_arm {
  char *name, *folder;                  /* owned: below the comparison; its path */
  const char *label;                    /* for readers; borrowed from the treatment or the case */
  const struct nw_treatment *treatment; /* NULL: a plan as it is */
  size_t plan;                          /* index of the plan it belongs to */
  struct nw_case *c;                    /* owned */
  struct nw_results results;            /* of the folder */
};

struct nw_comparison {
  struct nw_comparison_arm *arm; /* owned (n_arms): each plan, then its treatments */
  size_t n_arms, n_plans, capacity;
};

void nw_comparison_clear(struct nw_comparison *comparison);

/* A reading of an arm: an outcome KEY gives its change from the baseline (percent, or absolute for colour and
   grades) with the 90 % interval of a population mean; pain_vas, downtime_d, erythema_d, erythema_peak and
   pih_risk have none. NAN where absent. */
struct nw_comparison_value {
  double value, low, high; /* [%] where `percent`, else [unit of the measure] */
  bool percent;
};
struct nw_comparison_value nw_comparison_read(const struct nw_comparison_arm *arm, const char *measure);

/* Trials that held two treatments side by side: rows of model/head_to_head.def. */
enum nw_trial_relation { NW_TRIAL_DIFFERENCE, NW_TRIAL_RATIO, NW_TRIAL_LESS, NW_TRIAL_MORE, NW_TRIAL_EQUAL };
enum nw_trial_verdict {
  NW_TRIAL_NOT_COMPARED, /* an arm is missing, or the measure is not computed for it */
  NW_TRIAL_INSIDE,       /* within the published interval; for EQUAL: the two intervals overlap */
  NW_TRIAL_SAME_SIDE,
  NW_TRIAL_AGAINST
};
struct nw_head_to_head {
  const char *id, *evidence, *first, *second, *measure, *unit, *source, *text;
  enum nw_trial_relation relation;
  double published, low, high; /* [unit] */
};
struct nw_head_to_head_result {
  const struct nw_comparison_arm *first, *second; /* NULL: no such arm in the comparison */
  double predicted;                               /* difference or ratio [unit] */
  enum nw_trial_verdict verdict;
};
/* Rows; ends with a row without an id. */
const struct nw_head_to_head *nw_head_to_head_rows(void);
struct nw_head_to_head_result nw_head_to_head_result(const struct nw_comparison *comparison,
                                                     const struct nw_head_to_head *row);
const char *nw_trial_relation_word(enum nw_trial_relation relation);
const char *nw_trial_verdict_word(enum nw_trial_verdict verdict);

/* Outcomes worth a line: those that matter for the concerns of the plans, then those that any arm moves
   beyond what an instrument resolves. Writes at most `most` keys, borrowed from outcomes.def; returns how
   many. */
size_t nw_comparison_keys(const struct nw_comparison *comparison, const char **key, size_t most);

/* compare.json as text. NW_MEMORY. */
enum nw_status nw_comparison_json(struct nw_context *context, const struct nw_comparison *comparison,
                                  struct nw_text *out);
/* compare.html. */
enum nw_status nw_comparison_html(struct nw_context *context, const struct nw_comparison *comparison,
                                  struct nw_text *out);
/* The part of compare.html with the pictures of the skin; nothing where there are none. */
enum nw_status nw_comparison_skin(struct nw_context *context, const struct nw_comparison *comparison,
                                  struct nw_text *out);
/* The table for a terminal. */
void nw_comparison_text(const struct nw_comparison *comparison, struct nw_text *out);
