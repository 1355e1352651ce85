/* SPDX-License-Identifier: BSD-3-Clause
   Scenarios: the courses that the claims are judged on, rows of model/scenarios.def. Each runs once, whatever
   number of claims reads it. */
#pragma once
#include "outcome/safety.h"
#include "plan/plan.h"
#include "run.h"

enum nw_scenario {
#define SCENARIO(key, ...) NW_SCENARIO_##key,
#include "../../model/scenarios.def"
#undef SCENARIO
  NW_SCENARIO_COUNT
};

/* How far a scenario is carried. */
enum nw_reach { NW_REACH_PUNCTURES, NW_REACH_COURSE, NW_REACH_INTERVALS };

/* What is kept of each member of an ensemble, for each outcome KEY. */
enum nw_member_value { NW_MEMBER_FINAL, NW_MEMBER_EFFECT, NW_MEMBER_HIGHEST, NW_MEMBER_VALUES };
/* ... and once for the course. */
enum nw_member_total { NW_MEMBER_DOWNTIME, NW_MEMBER_ERYTHEMA, NW_MEMBER_RISK, NW_MEMBER_TOTALS };
enum { NW_MEMBER_SIZE = NW_MEMBER_VALUES * NW_OUTCOME_COUNT + NW_MEMBER_TOTALS };

/* One scenario with one pair of sweep values. */
struct nw_variant {
  enum nw_scenario scenario;
  size_t i, j;                                /* of the two sweeps */
  char *settings;                             /* owned: what is laid over the plan, "KEY=VALUE; ..." */
  struct nw_case *c;                          /* owned; NULL when these settings make no plan */
  char *problem;                              /* owned: why there is no result; NULL when all is well */
  struct nw_run base, run;                    /* before healing; the course, empty for PUNCTURES */
  struct nw_finding finding[NW_FINDINGS_MAX]; /* of the safety rules, texts owned */
  size_t n_findings;
  size_t n_members;
  double *member; /* owned (n_members, NW_MEMBER_SIZE); NULL without intervals */
};

struct nw_scenarios {
  bool own_plan; /* the user's plan in place of the examples */
  size_t n_variants;
  struct nw_variant *variant;          /* owned, in the order of the table */
  size_t first[NW_SCENARIO_COUNT + 1]; /* first variant of each scenario */
  size_t width[NW_SCENARIO_COUNT];     /* values of the second sweep */
};

struct nw_scenario_options {
  const char *plan_path;  /* the user's plan, NULL: the examples */
  const char *const *set; /* (n_set) assignments laid over every plan, borrowed */
  size_t n_set;
  enum nw_reach farthest; /* no scenario is carried beyond it, whatever its row says */
  size_t members;         /* of each ensemble */
};

/* Compiles and runs all scenarios on the threads of the context. A mistake in the user's plan or settings is
   NW_BAD_PLAN with its messages; a variant that this plan cannot be made into keeps its problem instead.
   Clear *out in any case. */
enum nw_status nw_scenarios_run(struct nw_context *context, const struct nw_scenario_options *options,
                                struct nw_scenarios *out);
void nw_scenarios_clear(struct nw_scenarios *scenarios);
/* Variant (i, j), borrowed; j is 0 with one sweep. */
const struct nw_variant *nw_scenario_variant(const struct nw_scenarios *scenarios, enum nw_scenario scenario,
                                             size_t i, size_t j);
size_t nw_scenario_rows(const struct nw_scenarios *scenarios, enum nw_scenario scenario);
size_t nw_scenario_columns(const struct nw_scenarios *scenarios, enum nw_scenario scenario);
/* Whether the variant has what its reach promises. */
bool nw_variant_done(const struct nw_variant *variant);
/* The i-th value of a sweep as written ("1.5 mm") into text; false beyond the end. `which` is 0 or 1. */
bool nw_scenario_value(enum nw_scenario scenario, int which, size_t i, char *text, size_t size);
