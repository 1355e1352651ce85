/* SPDX-License-Identifier: BSD-3-Clause
   What raters say of one skin: clinical scales as functions of its features and of the tissue below. */
#include "grade.h"

#include <math.h>

#include "plan/site.h"

static double clamp(double x, double low, double high) {
  return fmin(fmax(x, low), high);
}

/* Grade by depth: marks[0] < marks[1] < ... are the depths of first, first + 1, ...; linear between. */
static double grade(double depth, double first, const double *marks, int count) {
  if (depth <= 0) return first - 1;
  if (depth < marks[0]) return first - 1 + depth / marks[0];
  for (int i = 1; i < count; i++)
    if (depth < marks[i]) return first + i - 1 + (depth - marks[i - 1]) / (marks[i] - marks[i - 1]);
  return first + count - 1;
}

/* ---- wrinkles ---- */

double nw_wrinkle_grade(const struct nw_params *p, bool deep, double depth) {
  const double class = deep ? p->lemperle_fold : p->lemperle_line;
  double marks[5]; /* math: grades 1 to 5 */
  for (int i = 0; i < (int)NW_COUNT(marks); i++)
    marks[i] = (i + 0.5) * class;
  return grade(depth, 1, marks, NW_COUNT(marks));
}

/* ---- scars ---- */

double nw_scar_grade(const struct nw_params *p, double depth) {
  const double marks[] = {p->gb_2, p->gb_3, p->gb_4};
  return grade(depth, 2, marks, NW_COUNT(marks));
}

/* Up to 10, up to 20 and more scars count 1, 2, 3; joined by straight lines so that the mean of raters moves
   smoothly. */
static double many(double count) {
  return count <= 10 ? count / 10 : fmin(1 + (count - 10) / 10, 3); /* math: the scale's classes */
}

double nw_scar_score(const struct nw_params *p, double depth) {
  const double mild = nw_scar_count(p, depth, p->gb_2), moderate = nw_scar_count(p, depth, p->gb_3),
               severe = nw_scar_count(p, depth, p->gb_4);
  return many(mild - moderate) + 2 * many(moderate - severe) + 3 * many(severe);
}

/* Classes of number: none 0, up to five 1, up to twenty 2, more 3. */
double nw_scar_ecca(const struct nw_scar *scar, double count) {
  const double few = 5, several = 20, many = 50; /* math: the scale's classes; 3 holds from 50 on */
  double class = fmin(2 + (count - several) / (many - several), 3); /* math: highest class */
  if (count < few)
    class = count / few;
  else if (count < several)
    class = 1 + (count - few) / (several - few);
  return scar->weight * class;
}

/* ---- mechanics and grades ---- */

/* What recovers over what does not goes with a power of the support: no surplus of matrix makes skin recover
   more than all of its stretch. */
double nw_elasticity(const struct nw_params *p, const struct nw_support *s) {
  const double support = p->w_R2 * s->collagen_per_area + (1 - p->w_R2) * s->elastin_now;
  const double odds = p->R2_0 / (1 - p->R2_0) * pow(fmax(support, 0), p->n_R2);
  return odds / (1 + odds);
}

double nw_laxity_grade(const struct nw_params *p, const struct nw_support *s) {
  const double support = p->w_collagen * s->collagen_per_area + (1 - p->w_collagen) * s->elastin_now;
  return clamp(p->k_lax * (1 - support), 0, 4); /* math: grades 0..4 */
}

double nw_glogau(const struct nw_params *p, const struct nw_skin *skin, const struct nw_support *s) {
  const double damage = p->glogau_C * (1 - s->collagen_per_area) + p->glogau_X * skin->elastosis;
  return clamp(1 + damage, 1, 4); /* math: classes 1..4 */
}

double nw_texture_grade(const struct nw_params *p, enum nw_site_name site, double ra) {
  const double young = p->ra_line * nw_site_row(site)->relief;
  return clamp((ra - young) / p->texture_step, 0, 4); /* math: grades 0..4 */
}
