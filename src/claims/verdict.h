/* SPDX-License-Identifier: BSD-3-Clause
   The verdict on a claim, from two sides that know nothing of each other: what the simulation shows, and what
   was published. Pure: no claim is named here. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum nw_verdict { NW_SUPPORTED, NW_PARTLY, NW_UNPROVEN, NW_CONTRADICTED };

/* How one part of a claim fares in the simulation. */
enum nw_part_result {
  NW_PART_HOLDS,    /* as claimed, beyond what an instrument resolves and beyond the interval */
  NW_PART_FAILS,    /* nothing that an instrument would see */
  NW_PART_OPPOSITE, /* the other way round, as clearly */
  NW_PART_UNKNOWN   /* this plan does not say */
};

enum nw_stance { NW_FOR, NW_AGAINST };
/* DIRECT: this treatment, on people, without another treatment that could explain the result. INDIRECT: heat,
   drugs or peels beside the needles, other devices, animals, cells. CONTEXT: says nothing for or against. */
enum nw_bearing { NW_DIRECT, NW_INDIRECT, NW_CONTEXT };

/* One published value as it bears on a claim. */
struct nw_weighed {
  const char *study; /* borrowed: rows of one study count once */
  enum nw_stance stance;
  enum nw_bearing bearing;
  int grade; /* 1 randomised ... 5 in vitro or assumed */
};

enum nw_simulated { NW_SIMULATED_SO, NW_SIMULATED_IN_PART, NW_SIMULATED_NOT, NW_SIMULATED_NOTHING };
/* WEAK, DOUBTED: a single study without controls for it, against it. REMOTE: only indirect evidence. */
enum nw_trials_say {
  NW_TRIALS_FOR,
  NW_TRIALS_WEAK,
  NW_TRIALS_DIVIDED,
  NW_TRIALS_DOUBTED,
  NW_TRIALS_AGAINST,
  NW_TRIALS_REMOTE,
  NW_TRIALS_NOTHING
};

struct nw_weighing {
  enum nw_trials_say published;
  size_t studies_for, studies_against; /* direct ones */
  double against;                      /* their share of the weight [1] */
  int grade;                           /* best of the direct ones; 5 when there is none */
};

/* All parts hold, some, or none; unknown parts do not count. */
enum nw_simulated nw_verdict_simulated(const enum nw_part_result *part, size_t count);
/* Weighs direct studies by 1/grade, each once at its best grade on each side; they are divided when the
   smaller side has more than the share `mixed` of the weight. */
struct nw_weighing nw_verdict_weigh(const struct nw_weighed *item, size_t count, double mixed);
enum nw_verdict nw_verdict_of(enum nw_simulated simulated, enum nw_trials_say published);

/* "supported", "partly", "unproven", "contradicted". */
const char *nw_verdict_name(enum nw_verdict verdict);
const char *nw_part_result_name(enum nw_part_result result);
/* One sentence each, in plain words. */
const char *nw_simulated_words(enum nw_simulated simulated);
const char *nw_trials_words(enum nw_trials_say published);
