/* SPDX-License-Identifier: BSD-3-Clause
   Experiments of published absorption studies: protocol to case, case to column, column to a reading. */
#include "transport_protocol.h"

#include <math.h>

#include "transport/permeant.h"
#include "transport/transport_build.h"
#include "base/units.h"

enum { READINGS = 120 };

static double si(double value, const char *unit) {
  return nw_unit_to_si(value, unit);
}

static double dose_of(const struct nw_transport_protocol *t) {
  if (t->dose < 0) return 0;
  return t->dose > 0 ? si(t->dose, "uL/cm^2") : INFINITY;
}

static struct nw_product product_of(const struct nw_transport_protocol *t) {
  const struct nw_transport_molecule *m = t->molecule;
  return (struct nw_product){.molar_mass = si(m->mass, "Da"),
                             .log_kow = m->log_kow,
                             .pka_acid = t->ph > 0 ? m->pka_acid : NAN,
                             .pka_base = t->ph > 0 ? m->pka_base : NAN,
                             .vehicle_ph = t->ph > 0 ? t->ph : NAN,
                             .concentration = si(t->concentration, "mg/mL"),
                             .solubility = INFINITY,
                             .dose = dose_of(t),
                             .duration = t->contact > 0 ? si(t->contact, "h") : INFINITY,
                             .when = NW_AFTER,
                             .occluded = t->occluded,
                             .volatile_share = t->dries,
                             .form = t->form,
                             .needle_load = t->density > 0 ? si(t->load / t->density, "ug") : 0,
                             .release_half_life = t->release > 0 ? si(t->release, "h") : NAN,
                             NW_PRODUCT_UNMEASURED};
}

static void remove_stratum_corneum(struct nw_column_spec *s) {
  for (int i = 1; i < s->n_layers; i++)
    s->layer[i - 1] = s->layer[i];
  s->n_layers--;
  s->viable = 0;
  s->polar = 0;
  s->top_factor = 1;
}

static struct nw_column_spec spec_of(const struct nw_params *p, const struct nw_transport_protocol *t) {
  const struct nw_product product = product_of(t);
  const double whole = si(t->thickness, "um");
  const struct nw_case c = {
      .params = *p,
      .subject = {.phototype = 1, .age = 25},
      .device = {.kind = t->device},
      .experiment = {
          .present = !t->alive, .skin = t->skin, .thickness = whole, .receptor_volume = INFINITY, .area = 1}};
  const struct nw_run run = {.c = &c,
                             .skin = {.stratum_corneum = p->sc_thickness_partial,
                                      .viable_epidermis = p->in_vitro_epidermis / 2,
                                      .dermis = whole,
                                      .barrier = 1 / nw_transport_species_leak(p, t->skin)}};
  const struct nw_channels channels = {
      .density = si(t->density, "1/cm^2"), .radius = si(t->radius, "um"), .depth = si(t->depth, "um")};
  struct nw_column_spec s = nw_transport_column(&run, p, &product, channels, NW_TRANSPORT_COARSE);
  if (t->bare) remove_stratum_corneum(&s);
  return s;
}

static double in_tissue(const struct nw_column_spec *s, const struct nw_column_reading *r) {
  double amount = 0, depth = 0;
  for (int i = s->viable; i < s->n_layers; i++) {
    amount += r->layer[i];
    depth += s->layer[i].thickness;
  }
  return amount / depth;
}

static double value_of(const struct nw_column_spec *s, const struct nw_column_reading *r,
                       enum nw_transport_measure measure) {
  switch (measure) {
    case NW_MEASURE_PASSED:
      return s->bottom == NW_BOTTOM_CLOSED ? r->past : r->receptor;
    case NW_MEASURE_PAST:
      return r->past;
    case NW_MEASURE_SHARE:
      return r->receptor / r->dose;
    case NW_MEASURE_FLUX:
      return s->bottom == NW_BOTTOM_CLOSED ? r->flux : r->receptor_flux;
    default:
      return in_tissue(s, r);
  }
}

/* Peak and lag need the whole course. */
static double highest(struct nw_column *column, enum nw_transport_measure measure, double end) {
  struct nw_column_reading r;
  double peak = 0, lag = 0;
  for (int i = 1; i <= READINGS; i++) {
    const double time = end * i / READINGS;
    if (nw_column_advance(column, time) != NW_OK) return NAN;
    nw_column_read(column, &r);
    const double flux = measure == NW_MEASURE_PEAK ? r.flux : r.receptor_flux;
    if (flux <= peak) continue;
    peak = flux;
    lag = time - r.receptor / flux;
  }
  return measure == NW_MEASURE_PEAK ? peak : lag;
}

double nw_transport_measured(const struct nw_params *p, const struct nw_transport_protocol *t,
                             enum nw_transport_measure measure, double hours) {
  struct nw_column_reading r;
  if (measure == NW_MEASURE_KP) {
    struct nw_permeant m;
    const struct nw_product product = product_of(t);
    nw_permeant_init(&m, p, &product, true);
    return nw_permeant_intact(&m);
  }
  const struct nw_column_spec s = spec_of(p, t);
  struct nw_column *column;
  if (nw_column_create(&s, &column) != NW_OK) return NAN;
  const double end = si(hours, "h");
  double value = NAN;
  if (measure == NW_MEASURE_PEAK || measure == NW_MEASURE_LAG) {
    value = highest(column, measure, end);
  } else if (nw_column_advance(column, end) == NW_OK) {
    nw_column_read(column, &r);
    value = value_of(&s, &r, measure);
  }
  nw_column_free(&column);
  return value;
}
