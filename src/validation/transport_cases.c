/* SPDX-License-Identifier: BSD-3-Clause
   Published absorption against what the model gives. The conditions of each study stand in the table:
   they are data, not beliefs. */
#include "transport_cases.h"

#include <math.h>
#include <stdlib.h>

#include "puncture/mechanics.h"
#include "transport/permeant.h"
#include "puncture/reaction.h"
#include "base/units.h"
#include "transport_protocol.h"

#define NONE NAN

enum molecule {
#define MOLECULE(key_, ...) MOLECULE_##key_,
#include "../../model/transport_cases.def"
};

static const struct nw_transport_molecule molecules[] = {
#define MOLECULE(key_, mass_, log_kow_, pka_acid_, pka_base_) {#key_, mass_, log_kow_, pka_acid_, pka_base_},
#include "../../model/transport_cases.def"
};

enum protocol {
#define PROTOCOL(key_, ...) PROTOCOL_##key_,
#include "../../model/transport_cases.def"
};

static const struct nw_transport_protocol protocols[] = {
#define PROTOCOL(key_, molecule_, ...) {.molecule = &molecules[MOLECULE_##molecule_], __VA_ARGS__},
#include "../../model/transport_cases.def"
};

/* ---- laws that need no course ---- */

static double dextran(const struct nw_params *p, double mass, bool dermis) {
  struct nw_permeant m;
  const struct nw_product product = {.molar_mass = nw_unit_to_si(mass, "Da"),
                                     .log_kow = molecules[MOLECULE_dextran].log_kow,
                                     .pka_acid = NAN,
                                     .pka_base = NAN,
                                     .vehicle_ph = NAN,
                                     NW_PRODUCT_UNMEASURED};
  nw_permeant_init(&m, p, &product, true);
  return dermis ? m.dermis_diffusivity : m.epidermis_diffusivity;
}

static double dextran_epidermis(const struct nw_params *p) {
  return sqrt(dextran(p, 70e3, false) * dextran(p, 500e3, false));
}

static double dextran_dermis(const struct nw_params *p) {
  return sqrt(dextran(p, 70e3, true) * dextran(p, 500e3, true));
}

static double roller_mouth(const struct nw_params *p) {
  return nw_mechanics_mouth(p, nw_unit_to_si(140, "um"));
}

static double rat_barrier(const struct nw_params *p) {
  return nw_reaction_closing_time(p, p->barrier_rat);
}

static double short_dye(const struct nw_params *p) {
  return nw_reaction_closing_time(p, nw_reaction_structure_half_life(p, nw_unit_to_si(370, "um"), true));
}

static double long_dye(const struct nw_params *p) {
  return nw_reaction_closing_time(p, nw_reaction_structure_half_life(p, nw_unit_to_si(770, "um"), true));
}

static double closing(const struct nw_params *p, int phototype) {
  return nw_reaction_closing_time(p, nw_reaction_barrier_half_life(p, true, phototype, 25));
}

static double closing_ii(const struct nw_params *p) {
  return closing(p, 2);
}

static double closing_iii(const struct nw_params *p) {
  return closing(p, 3);
}

static double closing_iv(const struct nw_params *p) {
  return closing(p, 4);
}

static double closing_vi(const struct nw_params *p) {
  return closing(p, 6);
}

/* ---- rows ---- */

struct row {
  struct nw_transport_case fixed;
  double (*law)(const struct nw_params *p); /* NULL: by protocol */
  enum nw_transport_measure measure;
  int protocol, over;       /* indices; over below 0: no ratio */
  double hours, over_hours; /* [h] */
};

enum { PROTOCOL_nothing = -1 };

#define FIXED(group_, id_, kind_, quantity_, unit_, published_, low_, high_, citation_, note_) \
  .fixed = {.group = group_,                                                                   \
            .id = id_,                                                                         \
            .quantity = quantity_,                                                             \
            .unit = unit_,                                                                     \
            .citation = citation_,                                                             \
            .note = note_,                                                                     \
            .kind = NW_TRANSPORT_##kind_,                                                      \
            .published = published_,                                                           \
            .low = low_,                                                                       \
            .high = high_}
static const struct row rows[] = {
#define TRANSPORT_CASE(group_, id_, kind_, measure_, protocol_, hours_, over_, over_hours_, quantity_, \
                       unit_, published_, low_, high_, citation_, note_)                               \
  {FIXED(group_, id_, kind_, quantity_, unit_, published_, low_, high_, citation_, note_),             \
   .measure = NW_MEASURE_##measure_,                                                                   \
   .protocol = PROTOCOL_##protocol_,                                                                   \
   .over = PROTOCOL_##over_,                                                                           \
   .hours = hours_,                                                                                    \
   .over_hours = over_hours_},
#define TRANSPORT_LAW(group_, id_, kind_, law_, quantity_, unit_, published_, low_, high_, citation_, note_) \
  {FIXED(group_, id_, kind_, quantity_, unit_, published_, low_, high_, citation_, note_), .law = law_},
#include "../../model/transport_cases.def"
};

size_t nw_transport_case_count(void) {
  return NW_COUNT(rows);
}

static double predict(const struct nw_params *p, const struct row *r) {
  if (r->law) return r->law(p);
  const double value = nw_transport_measured(p, &protocols[r->protocol], r->measure, r->hours);
  if (r->over < 0) return value;
  return value / nw_transport_measured(p, &protocols[r->over], r->measure, r->over_hours);
}

/* A ratio of two experiments keeps its order when it lies on the published side of 1. */
static bool is_kept(const struct row *r, const struct nw_transport_case *c) {
  if (c->kind == NW_TRANSPORT_LAG) return fabs(c->log_ratio) <= log10(2);
  if (c->kind == NW_TRANSPORT_CONTROL) return c->predicted <= c->published;
  const bool ordered = r->over >= 0 && r->over != r->protocol && (c->low > 1 || c->high < 1);
  return !ordered || (c->predicted > 1) == (c->published > 1);
}

bool nw_transport_case_at(const struct nw_params *p, size_t i, struct nw_transport_case *out) {
  if (i >= NW_COUNT(rows)) return false;
  *out = rows[i].fixed;
  out->predicted = nw_unit_from_si(predict(p, &rows[i]), out->unit);
  if (!isfinite(out->predicted)) return false;
  out->log_ratio = log10(out->predicted / out->published);
  out->kept = is_kept(&rows[i], out);
  if (out->kind == NW_TRANSPORT_CONTROL && out->kept) out->log_ratio = 0;
  return true;
}
