/* SPDX-License-Identifier: BSD-3-Clause
   The score of a prediction, of a cohort, of all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clinical.h"

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double nw_clinical_median(double *value, size_t count) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++)
    if (isfinite(value[i])) value[n++] = value[i];
  if (n == 0) return NAN;
  qsort(value, n, sizeof *value, by_size);
  return n % 2 ? value[n / 2] : 0.5 * (value[n / 2 - 1] + value[n / 2]);
}

/* ---- one row ---- */

/* How far off a prediction may be: a quarter, or five points of a change or share below 20 %. */
static double allowance(const struct nw_published *p) {
  const bool percent = !strcmp(p->unit, "%");
  if (percent && fabs(p->value) < 20) return 5;
  return 0.25 * fabs(p->value);
}

static void score_sign(struct nw_clinical_row *row) {
  const struct nw_published *p = &row->published;
  row->signed_ = p->significant && (p->sign == 1 || p->sign == -1) && isfinite(row->predicted);
  row->sign_right = row->signed_ && row->predicted * p->sign > 0;
}

void nw_clinical_score(struct nw_clinical_row *row, double mean_low, double mean_high, double persons) {
  const double z = 1.6449; /* math: half of a 90 % interval of a normal distribution */
  const struct nw_published *p = &row->published;
  const double root = p->people > 0 ? sqrt(p->people) : INFINITY;
  const double error = isfinite(p->error) ? p->error : isfinite(persons) ? persons / root : 0;
  const double below = fmax(row->predicted - mean_low, 0), above = fmax(mean_high - row->predicted, 0);
  const double other = z * z * error * error + p->half_range * p->half_range;
  row->half_width = 0.5 * (below + above);
  row->low = row->predicted - sqrt(below * below + other);
  row->high = row->predicted + sqrt(above * above + other);
  if (p->question.observable != NW_OBSERVE_OUTCOME) { /* a share, a duration, a length, a ratio */
    row->low = fmax(row->low, 0);
    if (!strcmp(p->unit, "%")) row->high = fmin(row->high, 100);
  } else if (!strcmp(p->unit, "%")) { /* nothing that is read can be less than none */
    row->low = fmin(fmax(row->low, -100), row->predicted);
  }
  score_sign(row);
  double off = fabs(row->predicted - p->value);
  if (p->at_most && p->value > row->predicted) { /* a bound: whatever lies below it agrees */
    row->high = fmax(row->high, p->value);
    off = 0;
  }
  if (p->at_least && p->value < row->predicted) {
    row->low = fmin(row->low, p->value);
    off = 0;
  }
  row->inside = row->low <= p->value && p->value <= row->high;
  const double allowed = allowance(p);
  row->error = off == 0 ? 0 : allowed > 0 ? off / allowed : INFINITY;
}

/* ---- cohorts and all ---- */

static bool is_scored(const struct nw_clinical_row *row) {
  return row->use == NW_USE_SCORED && isfinite(row->predicted);
}

/* Errors are laid out cohort by cohort: `end` (n_cohorts) is where each one's stop. */
static void sum_each_cohort(struct nw_clinical *c, double *room, size_t *end) {
  for (size_t i = 0; i < c->n_cohorts; i++)
    c->cohort[i].rows = c->cohort[i].inside = 0;
  for (size_t i = 0; i < c->table.count; i++) {
    if (!is_scored(&c->row[i])) continue;
    c->cohort[c->row[i].cohort].rows++;
    c->cohort[c->row[i].cohort].inside += c->row[i].inside;
  }
  size_t rows = 0;
  for (size_t i = 0; i < c->n_cohorts; rows += c->cohort[i++].rows)
    end[i] = rows;
  for (size_t i = 0; i < c->table.count; i++)
    if (is_scored(&c->row[i])) room[end[c->row[i].cohort]++] = c->row[i].error;
  for (size_t i = 0; i < c->n_cohorts; i++)
    c->cohort[i].error = nw_clinical_median(room + end[i] - c->cohort[i].rows, c->cohort[i].rows);
}

/* Half-widths beside the published size: of it where it is 20 % and more, else in twentieths of 20 points. */
static double width(const struct nw_clinical_row *row) {
  const double size = allowance(&row->published) / 0.25;
  return size > 0 ? 0.5 * (row->high - row->low) / size : NAN;
}

static void sum_widths(struct nw_clinical *c, double *room) {
  size_t n = 0;
  double sum = 0;
  for (size_t i = 0; i < c->table.count; i++) {
    const double w = is_scored(&c->row[i]) ? width(&c->row[i]) : NAN;
    if (!isfinite(w)) continue;
    room[n++] = w;
    sum += w;
  }
  c->summary.mean_width = n ? sum / (double)n : NAN;
  c->summary.median_width = nw_clinical_median(room, n);
}

static void sum_cohorts(struct nw_clinical *c, double *room, size_t *end) {
  struct nw_clinical_summary *s = &c->summary;
  double covered = 0;
  sum_each_cohort(c, room, end);
  size_t n = 0;
  for (size_t i = 0; i < c->n_cohorts; i++) {
    const struct nw_clinical_cohort *cohort = &c->cohort[i];
    if (cohort->rows == 0) continue;
    covered += (double)cohort->inside / (double)cohort->rows;
    room[n++] = cohort->error;
  }
  s->cohorts = n;
  s->coverage = n ? covered / (double)n : NAN;
  s->error = nw_clinical_median(room, n);
}

void nw_clinical_sum(struct nw_clinical *c) {
  struct nw_clinical_summary *s = &c->summary;
  double *room = nw_allocate(c->table.count + c->n_cohorts + 1, sizeof *room);
  *s = (struct nw_clinical_summary){.rows = c->table.count};
  for (size_t i = 0; i < c->table.count; i++) {
    s->use[c->row[i].use]++;
    s->scored += is_scored(&c->row[i]);
    s->signs += c->row[i].signed_;
    s->signs_right += c->row[i].sign_right;
  }
  size_t *end = nw_allocate(c->n_cohorts + 1, sizeof *end);
  if (room && end) {
    sum_cohorts(c, room, end);
    sum_widths(c, room);
  }
  nw_release(end);
  nw_release(room);
  s->coverage_met = s->coverage >= 0.80 && s->coverage <= 0.97;
  s->error_met = s->error <= 1;
  s->sign_met = s->signs == s->signs_right;
  s->met = s->coverage_met && s->error_met && s->sign_met;
}

/* ---- contradictions ---- */

bool nw_clinical_tells(const struct nw_clinical_row *row, int key) {
  const bool person = row->use != NW_USE_NOT_HUMAN && row->use != NW_USE_DEVICE && row->mapping.mapped;
  return person && row->mapping.observable == NW_OBSERVE_OUTCOME && row->mapping.key == key &&
         row->published.sign != 2;
}

bool nw_clinical_contradicts(const struct nw_clinical *c, int key) {
  bool seen[3] = {false, false, false}; /* down, unchanged, up */
  for (size_t i = 0; i < c->table.count; i++)
    if (nw_clinical_tells(&c->row[i], key)) seen[c->row[i].published.sign + 1] = true;
  return seen[0] + seen[1] + seen[2] > 1;
}
