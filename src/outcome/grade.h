/* SPDX-License-Identifier: BSD-3-Clause
   What raters say of one skin: clinical scales as functions of its features and of the tissue below. Grades
   between the whole ones are means of raters. */
#pragma once
#include "relief/feature.h"

/* Lemperle grade 0..5: a class spans the same depth each, more in deep wrinkles than in fine lines; whole
   grades lie in the middle of their class. */
double nw_wrinkle_grade(const struct nw_params *p, bool deep, double depth);

/* Goodman and Baron grade 1..4, linear between depths. */
double nw_scar_grade(const struct nw_params *p, double depth);
/* Goodman and Baron quantitative score of scars of that mean depth: one point for mild, two for moderate,
   three for severe scars, times 1, 2 or 3 for up to 10, up to 20 and more of that class. */
double nw_scar_score(const struct nw_params *p, double depth);
/* ECCA: weight of the type times the class of number 0..3, interpolated. */
double nw_scar_ecca(const struct nw_scar *scar, double count);

/* Gross elasticity R2, 0..1: what skin recovers of its stretch [1]. */
double nw_elasticity(const struct nw_params *p, const struct nw_support *support);
/* Laxity grade 0..4. */
double nw_laxity_grade(const struct nw_params *p, const struct nw_support *support);
/* Glogau class of photoageing 1..4. */
double nw_glogau(const struct nw_params *p, const struct nw_skin *skin, const struct nw_support *support);
/* Texture grade 0..4 of skin of a roughness Ra [m] at a site. */
double nw_texture_grade(const struct nw_params *p, enum nw_site_name site, double ra);
