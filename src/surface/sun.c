/* SPDX-License-Identifier: BSD-3-Clause
   The ultraviolet dose of a day, with and without aftercare. */
#include "sun.h"

#include "base/units.h"

static bool avoiding(const struct nw_case *c, double time) {
  const int sessions = nw_case_session_count(c);
  for (int i = 0; i < sessions; i++) {
    const double since = time - nw_case_session_time(c, i);
    if (since >= 0 && since < c->aftercare.sun_avoidance) return true;
  }
  return false;
}

/* U = habit, times f_screen with sunscreen, times f_avoid while the sun is avoided [MED/d] */
double nw_sun_dose(const struct nw_case *c, double time) {
  double dose = nw_unit_to_si(c->subject.uv_dose, "MED/day");
  if (time < 0) return dose;
  if (c->aftercare.sunscreen) dose *= c->params.f_screen;
  if (avoiding(c, time)) dose *= c->params.f_avoid;
  return dose;
}

/* sun = 1 + k_U type^2/(p_tan^2 + type^2) U/(K_U + U); what melanin there is darkens by k_IPD tau_IPD U at
   once [1] */
double nw_sun_activity(const struct nw_case *c, double dose) {
  const struct nw_params *p = &c->params;
  const double type = (double)c->subject.phototype * c->subject.phototype;
  const double tanning = type / (p->p_tan * p->p_tan + type);
  return 1 + p->k_U * tanning * dose / (p->K_U + dose);
}
