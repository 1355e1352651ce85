/* SPDX-License-Identifier: BSD-3-Clause
   Claims commonly made for microneedling, each with what the simulation shows, what was published, and a
   verdict by a stated rule. Rows: model/claims.def, model/claim_sources.def. */
#pragma once
#include "scenario.h"
#include "verdict.h"

struct nw_claim_row {
  const char *id, *theme, *text; /* "O3", "outcome", the claim in plain words */
  const char *observable, *how;  /* what is read, and how it is computed */
  const char *plan;              /* of examples/, which stands for the claim */
  const char *page;              /* docs page, NULL when the claim has none of its own */
};

/* A number with its 90 % interval for the mean of a population; NAN where there is none. */
struct nw_reading {
  double value, low, high; /* [unit] */
};

struct nw_claim_value {
  char name[96];
  const char *unit; /* borrowed, static */
  struct nw_reading reading;
};

/* One part of what is promised, and how it fares. */
struct nw_claim_part {
  char text[200];
  enum nw_part_result result;
};

/* What the simulation shows. Filled by the functions of claim_readers.h. */
struct nw_prediction {
  struct nw_claim_value *value; /* owned */
  size_t n_values, value_capacity;
  struct nw_claim_part *part; /* owned */
  size_t n_parts, part_capacity;
  bool failed; /* out of memory */
};

enum nw_source_kind { NW_SOURCE_TRIAL, NW_SOURCE_MEASUREMENT, NW_SOURCE_NUMBER };

/* Something published that bears on a claim. Texts are borrowed from the tables. */
struct nw_claim_evidence {
  enum nw_source_kind kind;
  const char *id, *study, *reference, *what, *unit, *reason;
  const char *group;       /* people behind it: studies of one group count once */
  double value, low, high; /* [unit]; NAN where none is given */
  double change_pct;       /* against baseline or comparator; NAN */
  double time_d;           /* since the first session [d]; NAN */
  double predicted;        /* of the same quantity, for measurements [unit]; NAN */
  enum nw_stance stance;
  enum nw_bearing bearing;
  int grade;
};

struct nw_claim {
  const struct nw_claim_row *row; /* borrowed, static */
  const char *plan;               /* whose simulation was read, borrowed */
  struct nw_prediction prediction;
  struct nw_claim_evidence *evidence; /* owned */
  size_t n_evidence, evidence_capacity;
  enum nw_simulated simulated;
  struct nw_weighing weighing;
  enum nw_verdict verdict;
};

struct nw_claim_tables; /* claim_evidence.h */

struct nw_claims {
  struct nw_claim *item; /* owned, in the order of the table */
  size_t count;
  struct nw_scenarios scenarios;
  struct nw_claim_tables *tables; /* owned: what the evidence borrows from */
};

/* Simulates every scenario once and judges every claim. NW_BAD_PLAN for the user's mistakes. Clear *out in
   any case. */
enum nw_status nw_claims_run(struct nw_context *context, const struct nw_scenario_options *options,
                             struct nw_claims *out);
void nw_claims_clear(struct nw_claims *claims);
/* Appends the verdict in plain words: two or three sentences. */
void nw_claim_words(const struct nw_claim *claim, struct nw_text *text);
const char *nw_stance_name(enum nw_stance stance);
const char *nw_bearing_name(enum nw_bearing bearing);
