/* SPDX-License-Identifier: BSD-3-Clause
   Experiments beside the courses of patients that the healing cases are read from: one dose of sun, skin
   wiped free of its fat, the lesions of a laser. Parameters are SI. */
#pragma once
#include "study/trial.h"

/* What a short dose of sun does to the melanin of normal skin: day of its maximum, and what is left of the
   maximum at a day [%]. */
double nw_scene_tan_day(struct nw_context *context, const struct nw_params *p, double unused);
double nw_scene_tan_left(struct nw_context *context, const struct nw_params *p, double day);
/* Fat that skin wiped clean and not washed gathers: mean rate of the first hours [ug/(cm^2 h)], and amount
   after so many days [ug/cm^2]. */
double nw_scene_sebum_rate(struct nw_context *context, const struct nw_params *p, double hours);
double nw_scene_sebum_amount(struct nw_context *context, const struct nw_params *p, double days);
/* Dermal collagen per area lost from 25 to 75 years out of the sun [%/decade]. */
double nw_scene_ageing(struct nw_context *context, const struct nw_params *p, double unused);
/* Collagen per area at an age after a life in moderate sun, over the same out of the sun, less one [%]. */
double nw_scene_sun(struct nw_context *context, const struct nw_params *p, double age);
/* Time by which half, or 84 in 100, of people have skin over the lesions of a fractional non-ablative laser
   of so many millijoules [h]. */
double nw_scene_lesion_half(struct nw_context *context, const struct nw_params *p, double millijoules);
double nw_scene_lesion_most(struct nw_context *context, const struct nw_params *p, double millijoules);
