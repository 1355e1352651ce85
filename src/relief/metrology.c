/* SPDX-License-Identifier: BSD-3-Clause
   Instruments that read a height map. */
#include "metrology.h"

#include <math.h>
#include <stdint.h>

#include "base/base.h"

/* ---- profile filter ---- */

bool nw_profile_filter_create(const struct nw_params *p, double spacing, struct nw_profile_filter *filter) {
  const double width = p->alpha_filter * p->cutoff;
  /* at one cut-off from the middle a weight has fallen to 1e-6 of that in the middle */
  filter->reach = (size_t)ceil(p->cutoff / spacing);
  filter->weight = nw_allocate(filter->reach + 1, sizeof *filter->weight);
  if (!filter->weight) return false;
  double sum = 0;
  for (size_t i = 0; i <= filter->reach; i++) {
    const double x = (double)i * spacing / width;
    filter->weight[i] = exp(-NW_PI * x * x);
    sum += i > 0 ? 2 * filter->weight[i] : filter->weight[i];
  }
  for (size_t i = 0; i <= filter->reach; i++)
    filter->weight[i] /= sum;
  return true;
}

void nw_profile_filter_clear(struct nw_profile_filter *filter) {
  nw_release(filter->weight);
  *filter = (struct nw_profile_filter){0};
}

void nw_profile_roughness(const struct nw_profile_filter *f, const double *profile, size_t n, double *out) {
  for (size_t i = 0; i < n; i++) {
    double mean = f->weight[0] * profile[i];
    for (size_t k = 1; k <= f->reach; k++) {
      const size_t after = i + k < n ? i + k : i + k - n, before = i >= k ? i - k : i + n - k;
      mean += f->weight[k] * (profile[before] + profile[after]);
    }
    out[i] = profile[i] - mean;
  }
}

/* ---- roughness ---- */

enum { SECTIONS = 5 };

static double peak_to_valley(const double *z, size_t n) {
  double high = z[0], low = z[0];
  for (size_t i = 1; i < n; i++) {
    high = fmax(high, z[i]);
    low = fmin(low, z[i]);
  }
  return high - low;
}

struct nw_roughness nw_roughness_of(const double *roughness, size_t n, size_t section) {
  const size_t length = SECTIONS * section, lengths = n / length;
  struct nw_roughness sum = {0, 0};
  if (lengths == 0) return (struct nw_roughness){NAN, NAN};
  for (size_t i = 0; i < lengths * length; i++)
    sum.ra += fabs(roughness[i]);
  for (size_t s = 0; s < lengths * SECTIONS; s++)
    sum.rz += peak_to_valley(roughness + s * section, section);
  return (struct nw_roughness){sum.ra / (double)(lengths * length), sum.rz / (double)(lengths * SECTIONS)};
}

bool nw_roughness_of_map(const struct nw_params *p, const struct nw_profile_set *set, size_t read,
                         struct nw_roughness *out) {
  struct nw_profile_filter filter;
  const size_t n = set->n, section = (size_t)lround(p->cutoff / set->pixel);
  if (!nw_profile_filter_create(p, set->pixel, &filter)) return false;
  double *z = nw_allocate(2 * n, sizeof *z);
  *out = (struct nw_roughness){0, 0};
  for (size_t k = 0; z && k < read; k++) {
    const size_t x = (2 * k + 1) * set->columns / (2 * read);
    for (size_t y = 0; y < n; y++)
      z[y] = set->height[y * set->columns + x];
    nw_profile_roughness(&filter, z, n, z + n);
    const struct nw_roughness one = nw_roughness_of(z + n, n, section);
    out->ra += one.ra / (double)read;
    out->rz += one.rz / (double)read;
  }
  const bool done = z != NULL;
  nw_release(z);
  nw_profile_filter_clear(&filter);
  return done;
}

/* ---- pits ---- */

/* One connected region under growth. */
struct region {
  const float *depth;
  size_t n;
  double least;
  uint8_t *seen;
  uint32_t *queue;
  size_t points, edges; /* edges: sides of points that face the surround */
};

static void visit(struct region *r, uint32_t point, size_t *tail) {
  if (!(r->depth[point] > r->least)) {
    r->edges++;
    return;
  }
  if (r->seen[point]) return;
  r->seen[point] = 1;
  r->queue[(*tail)++] = point;
}

static void grow(struct region *r, uint32_t seed) {
  const uint32_t n = (uint32_t)r->n;
  size_t head = 0, tail = 0;
  r->edges = 0;
  visit(r, seed, &tail);
  while (head < tail) {
    const uint32_t point = r->queue[head++], x = point % n, y = point / n;
    visit(r, y * n + (x + 1 < n ? x + 1 : 0), &tail);
    visit(r, y * n + (x > 0 ? x - 1 : n - 1), &tail);
    visit(r, (y + 1 < n ? y + 1 : 0) * n + x, &tail);
    visit(r, (y > 0 ? y - 1 : n - 1) * n + x, &tail);
  }
  r->points = tail;
}

bool nw_pits_of(const float *depth, size_t n, double pixel, const struct nw_pit_rule *rule,
                struct nw_pits *out) {
  struct region r = {.depth = depth, .n = n, .least = rule->depth};
  r.seen = nw_allocate(n * n, sizeof *r.seen);
  r.queue = nw_allocate(n * n, sizeof *r.queue);
  *out = (struct nw_pits){0};
  const double least_area = NW_PI * 0.5 * rule->diameter * 0.5 * rule->diameter;
  for (size_t i = 0; r.seen && r.queue && i < n * n; i++) {
    if (r.seen[i] || !(depth[i] > rule->depth)) continue;
    grow(&r, (uint32_t)i);
    const double area = (double)r.points * pixel * pixel;
    /* a smooth outline crosses pi / 4 of the sides that its staircase has, averaged over directions */
    const double outline = (double)r.edges * pixel * NW_PI / 4;
    if (area < least_area || 4 * NW_PI * area < rule->roundness * outline * outline) continue;
    const double share = (double)r.points / (double)(n * n);
    out->count++;
    out->area += share;
    out->squares += share * share;
  }
  const bool done = r.seen && r.queue;
  nw_release(r.seen);
  nw_release(r.queue);
  return done;
}

/* ---- counts ---- */

/* Probability of at most `count` events where `mean` are expected. */
static double at_most(size_t count, double mean) {
  double sum = 0;
  for (size_t k = 0; k <= count; k++)
    sum += exp((double)k * log(mean) - mean - lgamma((double)k + 1));
  return sum;
}

/* The mean at which at most `count` events have this probability: it falls with the mean. */
static double mean_with(size_t count, double probability) {
  double low = 0, high = (double)count + 1;
  while (at_most(count, high) > probability)
    high *= 2;
  for (int i = 0; i < 60; i++) { /* halved to the last bit */
    const double middle = 0.5 * (low + high);
    if (at_most(count, middle) > probability)
      low = middle;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

void nw_poisson_interval(size_t count, double *low, double *high) {
  const double tail = 0.05; /* math: central 90 % */
  *low = count > 0 ? mean_with(count - 1, 1 - tail) : 0;
  *high = mean_with(count, tail);
}
