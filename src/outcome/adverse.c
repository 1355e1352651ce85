/* SPDX-License-Identifier: BSD-3-Clause
   Adverse courses. */
#include "adverse.h"

#include <math.h>

#include "plan/device_library.h"

double nw_adverse_prolonged(const struct nw_params *p, double redness) {
  if (!(redness > 0)) return 0;
  return 0.5 * erfc(log(p->red_long / redness) / p->s_red * M_SQRT1_2);
}

double nw_adverse_exposure(const struct nw_tissue_history *h) {
  double sum = 0;
  for (size_t i = 0; i + 1 < h->count; i++)
    sum += 0.5 * (h->item[i].open_area + h->item[i + 1].open_area) * (h->item[i + 1].time - h->item[i].time);
  return fmax(sum, 0);
}

static bool has(const struct nw_case *c, enum nw_condition condition) {
  return c->subject.conditions >> condition & 1;
}

double nw_adverse_infection(const struct nw_case *c, double exposure) {
  const struct nw_params *p = &c->params;
  double rate = p->infect_rate;
  if (!c->device.sterile) rate *= p->infect_unsterile;
  if (c->operator_role == NW_SELF) rate *= p->infect_self;
  if (has(c, NW_CONDITION_diabetes)) rate *= p->infect_weak;
  if (has(c, NW_CONDITION_immunosuppressed)) rate *= p->infect_weak;
  if (has(c, NW_CONDITION_active_acne) || has(c, NW_CONDITION_infection) || has(c, NW_CONDITION_open_wound))
    rate *= p->infect_near;
  return -expm1(-rate * exposure);
}

double nw_adverse_tram_track(const struct nw_case *c, const struct nw_run *run) {
  const struct nw_params *p = &c->params;
  if (!nw_device_has_needles(c->device.kind) || run->punctures.count == 0) return 0;
  double odds = p->tram_0 * pow(run->punctures.reach.mean / p->tram_reach, p->tram_power);
  odds *= (double)nw_case_session_count(c) / p->tram_sessions;
  if (run->skin.over_bone) odds *= p->tram_bone;
  if (has(c, NW_CONDITION_keloid_history)) odds *= p->tram_keloid;
  if (c->device.kind != NW_DEVICE_ROLLER) odds *= run->strikes.tearing ? sqrt(p->tram_free) : p->tram_free;
  return odds / (1 + odds);
}

double nw_adverse_milia(const struct nw_case *c, double exposure) {
  const struct nw_params *p = &c->params;
  double rate = p->milia_rate;
  bool occluded = false;
  for (size_t i = 0; i < c->n_products; i++)
    occluded = occluded || (c->products[i].occluded && c->products[i].when != NW_BEFORE);
  if (occluded) rate *= p->milia_occluded;
  if (c->subject.acne_prone) rate *= p->milia_acne;
  return -expm1(-rate * exposure);
}
