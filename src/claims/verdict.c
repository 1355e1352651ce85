/* SPDX-License-Identifier: BSD-3-Clause
   The verdict on a claim: a table of two sides. */
#include "verdict.h"

#include <math.h>
#include <string.h>

enum nw_simulated nw_verdict_simulated(const enum nw_part_result *part, size_t count) {
  size_t known = 0, holds = 0;
  for (size_t i = 0; i < count; i++) {
    known += part[i] != NW_PART_UNKNOWN;
    holds += part[i] == NW_PART_HOLDS;
  }
  if (known == 0) return NW_SIMULATED_NOTHING;
  if (holds == known) return NW_SIMULATED_SO;
  return holds > 0 ? NW_SIMULATED_IN_PART : NW_SIMULATED_NOT;
}

/* Best grade of a study on one side; 0 when it has nothing direct there. */
static int best_grade(const struct nw_weighed *item, size_t count, const char *study, enum nw_stance stance) {
  int best = 0;
  for (size_t i = 0; i < count; i++) {
    if (item[i].bearing != NW_DIRECT || item[i].stance != stance || strcmp(item[i].study, study)) continue;
    if (best == 0 || item[i].grade < best) best = item[i].grade;
  }
  return best;
}

static bool seen_before(const struct nw_weighed *item, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (item[k].bearing == NW_DIRECT && !strcmp(item[k].study, item[i].study)) return true;
  return false;
}

static bool indirectly_for(const struct nw_weighed *item, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (item[i].bearing == NW_INDIRECT) return true;
  return false;
}

static enum nw_trials_say judge(const struct nw_weighing *w, double mixed, bool indirect) {
  if (w->studies_for + w->studies_against == 0) return indirect ? NW_TRIALS_REMOTE : NW_TRIALS_NOTHING;
  const bool uncontrolled = w->studies_for + w->studies_against == 1 && w->grade > 2;
  if (w->against > 1 - mixed) return uncontrolled ? NW_TRIALS_DOUBTED : NW_TRIALS_AGAINST;
  if (w->against > mixed) return NW_TRIALS_DIVIDED;
  return uncontrolled ? NW_TRIALS_WEAK : NW_TRIALS_FOR;
}

struct nw_weighing nw_verdict_weigh(const struct nw_weighed *item, size_t count, double mixed) {
  struct nw_weighing w = {.grade = 5};
  double weight[2] = {0, 0};
  for (size_t i = 0; i < count; i++) {
    if (item[i].bearing != NW_DIRECT || seen_before(item, i)) continue;
    for (enum nw_stance side = NW_FOR; side <= NW_AGAINST; side++) {
      const int grade = best_grade(item, count, item[i].study, side);
      if (grade == 0) continue;
      *(side == NW_FOR ? &w.studies_for : &w.studies_against) += 1;
      weight[side] += 1.0 / grade;
      if (grade < w.grade) w.grade = grade;
    }
  }
  if (weight[NW_FOR] + weight[NW_AGAINST] > 0)
    w.against = weight[NW_AGAINST] / (weight[NW_FOR] + weight[NW_AGAINST]);
  w.published = judge(&w, mixed, indirectly_for(item, count));
  return w;
}

/* Trials decide where there are any; the simulation can weaken what they say, never replace it. */
enum nw_verdict nw_verdict_of(enum nw_simulated simulated, enum nw_trials_say published) {
  static const enum nw_verdict table[][4] = {
      /*                          so               in part          not              nothing */
      [NW_TRIALS_FOR] = {NW_SUPPORTED, NW_PARTLY, NW_PARTLY, NW_PARTLY},
      [NW_TRIALS_WEAK] = {NW_PARTLY, NW_PARTLY, NW_UNPROVEN, NW_UNPROVEN},
      [NW_TRIALS_DIVIDED] = {NW_PARTLY, NW_PARTLY, NW_UNPROVEN, NW_UNPROVEN},
      [NW_TRIALS_DOUBTED] = {NW_PARTLY, NW_PARTLY, NW_CONTRADICTED, NW_UNPROVEN},
      [NW_TRIALS_AGAINST] = {NW_CONTRADICTED, NW_CONTRADICTED, NW_CONTRADICTED, NW_CONTRADICTED},
      [NW_TRIALS_REMOTE] = {NW_UNPROVEN, NW_UNPROVEN, NW_UNPROVEN, NW_UNPROVEN},
      [NW_TRIALS_NOTHING] = {NW_UNPROVEN, NW_UNPROVEN, NW_UNPROVEN, NW_UNPROVEN}};
  return table[published][simulated];
}

const char *nw_verdict_name(enum nw_verdict verdict) {
  static const char *const name[] = {"supported", "partly", "unproven", "contradicted"};
  return name[verdict];
}

const char *nw_part_result_name(enum nw_part_result result) {
  static const char *const name[] = {"holds", "does not", "the opposite", "not known"};
  return name[result];
}

const char *nw_simulated_words(enum nw_simulated simulated) {
  static const char *const words[] = {"the simulation shows all of it", "the simulation shows a part of it",
                                      "the simulation does not show it",
                                      "the simulation of this plan says nothing about it"};
  return words[simulated];
}

const char *nw_trials_words(enum nw_trials_say published) {
  static const char *const words[] = {
      "published studies bear it out",
      "one study without controls bears it out",
      "published studies disagree",
      "one study without controls speaks against it",
      "published studies speak against it",
      "no trial tested it with needles alone: other devices, added products, animals or cells only",
      "no trial tested it"};
  return words[published];
}
