/* SPDX-License-Identifier: BSD-3-Clause
   Absorption as a measurement reads it. */
#include "permeation.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "device/device.h"
#include "puncture/puncture.h"
#include "skin/skin.h"
#include "transport/transport_build.h"

enum { TANGENTS = 60 }; /* readings between two times, where the steepest tangent is looked for */

static const struct {
  const char *word, *unit;
} quantities[NW_PERMEATION_COUNT] = {
    {"cumulative", "kg/m^2"},       {"flux", "kg/(m^2 s)"}, {"lag", "s"},       {"stratum_corneum", "kg/m^2"},
    {"viable_epidermis", "kg/m^2"}, {"dermis", "kg/m^2"},   {"blood", "kg/m^2"}};

bool nw_permeation_quantity_find(const char *word, enum nw_permeation_quantity *quantity) {
  for (int i = 0; i < NW_PERMEATION_COUNT; i++)
    if (!strcmp(word, quantities[i].word)) {
      *quantity = (enum nw_permeation_quantity)i;
      return true;
    }
  return false;
}

const char *nw_permeation_quantity_unit(enum nw_permeation_quantity quantity) {
  return quantities[quantity].unit;
}

/* ---- one reading ---- */

static double amount_of(const struct nw_column_spec *s, const struct nw_column_reading *r, int layer) {
  const bool skin = s->n_layers > 1; /* a membrane of one layer counts as dermis */
  if (!skin) return layer == NW_COLUMN_LAYERS - 1 ? r->layer[0] : 0;
  return layer < s->n_layers ? r->layer[layer] : 0;
}

static double value_of(const struct nw_column_spec *s, const struct nw_column_reading *r,
                       enum nw_permeation_quantity quantity) {
  const bool living = s->bottom == NW_BOTTOM_CLOSED;
  switch (quantity) {
    case NW_PERMEATION_CUMULATIVE:
      return living ? r->past : r->receptor;
    case NW_PERMEATION_FLUX:
      return living ? r->flux : r->receptor_flux;
    case NW_PERMEATION_STRATUM_CORNEUM:
      return amount_of(s, r, 0);
    case NW_PERMEATION_VIABLE_EPIDERMIS:
      return amount_of(s, r, 1);
    case NW_PERMEATION_DERMIS:
      return amount_of(s, r, 2);
    default:
      return r->blood;
  }
}

/* The steepest tangent so far of the cumulative curve, and where it meets the axis. */
struct tangent {
  double flux, lag;
};

static enum nw_status watch(struct nw_column *column, const struct nw_column_spec *s, double from, double to,
                            struct tangent *steepest) {
  struct nw_column_reading r;
  for (int k = 1; k <= TANGENTS; k++) {
    const double time = from + (to - from) * k / TANGENTS;
    NW_TRY(nw_column_advance(column, time));
    nw_column_read(column, &r);
    const double flux = value_of(s, &r, NW_PERMEATION_FLUX);
    if (!(flux > steepest->flux)) continue;
    steepest->flux = flux;
    steepest->lag = fmax(time - value_of(s, &r, NW_PERMEATION_CUMULATIVE) / flux, 0);
  }
  return NW_OK;
}

static enum nw_status read_times(struct nw_column *column, const struct nw_column_spec *s,
                                 enum nw_permeation_quantity quantity, const double *time, size_t n,
                                 double *out) {
  struct nw_column_reading r;
  struct tangent steepest = {0, 0};
  for (size_t i = 0; i < n; i++) {
    if (quantity == NW_PERMEATION_LAG) NW_TRY(watch(column, s, i ? time[i - 1] : 0, time[i], &steepest));
    NW_TRY(nw_column_advance(column, time[i]));
    nw_column_read(column, &r);
    out[i] = quantity == NW_PERMEATION_LAG ? steepest.lag : value_of(s, &r, quantity);
    if (!isfinite(out[i])) return NW_NUMERICAL;
  }
  return NW_OK;
}

/* ---- from case to column ---- */

enum nw_status nw_permeation_prepare(struct nw_context *context, const struct nw_case *c,
                                     struct nw_run *run) {
  run->c = c;
  NW_TRY(nw_skin_run(context, c, run));
  NW_TRY(nw_device_run(context, c, run));
  return nw_puncture_run(context, c, run);
}

static bool increasing(const double *time, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!(time[i] >= (i ? time[i - 1] : 0))) return false;
  return true;
}

enum nw_status nw_permeation_follow(struct nw_context *context, const struct nw_run *run,
                                    const struct nw_params *params, const struct nw_product *product,
                                    enum nw_permeation_quantity quantity, const double *time, size_t n,
                                    double *out) {
  struct nw_column *column;
  if (!increasing(time, n)) return nw_fail(context, NW_BAD_PLAN, "products", "times must not decrease");
  const struct nw_column_spec s =
      nw_transport_column(run, params, product, nw_transport_channels(run), NW_TRANSPORT_FINE);
  enum nw_status status = nw_column_create(&s, &column);
  if (status != NW_OK) return nw_fail(context, status, "products", "out of memory");
  status = read_times(column, &s, quantity, time, n, out);
  nw_column_free(&column);
  if (status == NW_OK) return NW_OK;
  return nw_fail(context, status, "products", "absorption of %s is not finite under these parameters",
                 product->name ? product->name : "the product");
}

/* ---- a product's own values ---- */

#define VALUE(member) \
  { #member, offsetof(struct nw_product, member) }
static const struct {
  const char *key;
  size_t offset;
} values[] = {VALUE(molar_mass),
              VALUE(log_kow),
              VALUE(pka_acid),
              VALUE(pka_base),
              VALUE(solubility),
              VALUE(vehicle_ph),
              VALUE(concentration),
              VALUE(dose),
              VALUE(duration),
              VALUE(delay),
              VALUE(volatile_share),
              VALUE(vapour_pressure),
              VALUE(follicle_share),
              VALUE(needle_load),
              VALUE(release_half_life),
              VALUE(diffusivity_stratum_corneum),
              VALUE(diffusivity_viable_epidermis),
              VALUE(diffusivity_dermis),
              VALUE(partition_stratum_corneum),
              VALUE(partition_viable_epidermis),
              VALUE(partition_dermis),
              VALUE(sites_viable_epidermis),
              VALUE(sites_dermis),
              VALUE(half_bound),
              VALUE(channel_flow)};
#undef VALUE

double *nw_permeation_product_value(struct nw_product *product, const char *key) {
  for (size_t i = 0; i < NW_COUNT(values); i++)
    if (!strcmp(values[i].key, key)) return (double *)((char *)product + values[i].offset);
  return NULL;
}
