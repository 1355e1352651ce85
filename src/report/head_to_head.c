/* SPDX-License-Identifier: BSD-3-Clause
   Trials that held two treatments side by side, beside what the comparison predicts. */
#include <math.h>
#include <string.h>

#include "comparison.h"

static const struct nw_head_to_head rows[] = {
#define HEAD_TO_HEAD(id_, evidence_, first_, second_, measure_, relation_, published_, low_, high_, unit_, \
                     source_, text_)                                                                       \
  {.id = #id_,                                                                                             \
   .evidence = #evidence_,                                                                                 \
   .first = #first_,                                                                                       \
   .second = #second_,                                                                                     \
   .measure = measure_,                                                                                    \
   .unit = unit_,                                                                                          \
   .source = source_,                                                                                      \
   .text = text_,                                                                                          \
   .relation = NW_TRIAL_##relation_,                                                                       \
   .published = published_,                                                                                \
   .low = low_,                                                                                            \
   .high = high_},
#include "../../model/head_to_head.def"
    {0},
};

const struct nw_head_to_head *nw_head_to_head_rows(void) {
  return rows;
}

static const char *group_of(const struct nw_case *c) {
  switch (c->device.kind) {
    case NW_DEVICE_ROLLER:
    case NW_DEVICE_STAMP:
    case NW_DEVICE_PEN:
      return "NEEDLES";
    case NW_DEVICE_RF_NEEDLE:
      return "RF_NEEDLE";
    case NW_DEVICE_FRACTIONAL_ABLATIVE_LASER:
      return "ABLATIVE";
    case NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER:
      return "NONABLATIVE";
    case NW_DEVICE_PEEL:
      return c->device.peel.depth == NW_PEEL_MEDIUM ? "MEDIUM_PEEL" : "SUPERFICIAL_PEEL";
    case NW_DEVICE_NONE:
      break;
  }
  return "NONE";
}

/* The first arm of a group: where several plans use needles, the first speaks for them. */
static const struct nw_comparison_arm *arm_of(const struct nw_comparison *comparison, const char *group) {
  for (size_t i = 0; i < comparison->n_arms; i++)
    if (!strcmp(group_of(comparison->arm[i].c), group)) return &comparison->arm[i];
  return NULL;
}

static bool overlap(struct nw_comparison_value a, struct nw_comparison_value b) {
  return fmax(a.low, b.low) <= fmin(a.high, b.high);
}

static enum nw_trial_verdict judge(const struct nw_head_to_head *row, double predicted, bool overlapping) {
  const double neutral = row->relation == NW_TRIAL_RATIO ? 1 : 0;
  if (!isfinite(predicted)) return NW_TRIAL_NOT_COMPARED;
  if (row->relation == NW_TRIAL_EQUAL) return overlapping ? NW_TRIAL_INSIDE : NW_TRIAL_AGAINST;
  if (row->low < row->high && predicted >= row->low && predicted <= row->high) return NW_TRIAL_INSIDE;
  return (predicted - neutral) * (row->published - neutral) > 0 ? NW_TRIAL_SAME_SIDE : NW_TRIAL_AGAINST;
}

struct nw_head_to_head_result nw_head_to_head_result(const struct nw_comparison *comparison,
                                                     const struct nw_head_to_head *row) {
  struct nw_head_to_head_result result = {
      .first = arm_of(comparison, row->first), .second = arm_of(comparison, row->second), .predicted = NAN};
  if (!result.first || !result.second) return result;
  const struct nw_comparison_value a = nw_comparison_read(result.first, row->measure),
                                   b = nw_comparison_read(result.second, row->measure);
  result.predicted = row->relation == NW_TRIAL_RATIO ? a.value / b.value : a.value - b.value;
  result.verdict = judge(row, result.predicted, overlap(a, b));
  return result;
}

const char *nw_trial_relation_word(enum nw_trial_relation relation) {
  static const char *const word[] = {"difference", "ratio", "less", "more", "equal"};
  return word[relation];
}

const char *nw_trial_verdict_word(enum nw_trial_verdict verdict) {
  static const char *const word[] = {"not compared", "inside", "same side", "against"};
  return word[verdict];
}
