/* SPDX-License-Identifier: BSD-3-Clause
   From a case to the column that is solved: layers, vehicle, channels, needles that bring the product. */
#include "transport_build.h"

#include <math.h>
#include <stddef.h>

#include "permeant.h"
#include "puncture/reaction.h"

enum place { SC, VE, DE };

/* Solver knobs: how fine, how careful. */
struct fineness {
  int sc, ve, de;    /* cells */
  double first_step; /* [s] */
  double step_ratio; /* [1] */
};
static const struct fineness fine = {24, 24, 56, 1, 0.05};   /* math: solver knobs */
static const struct fineness coarse = {10, 10, 24, 10, 0.2}; /* math: solver knobs */
static const double deepest_channel = 0.98; /* math: share of the tissue; a tip needs a cell below */

/* The channels that the session left: mean over punctures with an open lumen. */
struct nw_channels nw_transport_channels(const struct nw_run *run) {
  const struct nw_punctures *all = &run->punctures;
  double depth = 0, diameter = 0, lumina = 0, count = 0;
  for (size_t i = 0; i < all->count; i++) {
    const struct nw_puncture *one = &all->item[i];
    if (one->session != 0) continue;
    count++;
    if (!(one->lumen_depth > 0) || !(one->lumen_diameter > 0)) continue;
    lumina++;
    depth += (double)one->lumen_depth;
    diameter += (double)one->lumen_diameter;
  }
  if (!(lumina > 0) || !(all->density > 0)) return (struct nw_channels){0};
  return (struct nw_channels){
      .density = all->density * lumina / count, .radius = diameter / lumina / 2, .depth = depth / lumina};
}

/* Share of a device's channels that conducts. */
#define SHARE(kind_, key_) \
  { kind_, #key_, offsetof(struct nw_params, key_) }
static const struct {
  enum nw_device_kind kind;
  const char *key;
  size_t offset;
} shares[] = {SHARE(NW_DEVICE_ROLLER, open_share_roller), SHARE(NW_DEVICE_PEN, open_share_pen),
              SHARE(NW_DEVICE_STAMP, open_share_stamp), SHARE(NW_DEVICE_RF_NEEDLE, open_share_rf),
              SHARE(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, open_share_laser)};
#undef SHARE

const char *nw_transport_open_share(enum nw_device_kind kind) {
  for (size_t i = 0; i < NW_COUNT(shares); i++)
    if (shares[i].kind == kind) return shares[i].key;
  return NULL;
}

static double open_share(const struct nw_params *p, enum nw_device_kind kind) {
  for (size_t i = 0; i < NW_COUNT(shares); i++)
    if (shares[i].kind == kind) return *(const double *)((const char *)p + shares[i].offset);
  return 0;
}

static bool silicone(const struct nw_case *c) {
  return c->experiment.present && c->experiment.skin == NW_SKIN_SILICONE;
}

/* A donor solution or a patch wets the stratum corneum through; under a film open to air it stays partly
   hydrated. */
static bool hydrated(const struct nw_case *c, const struct nw_product *product) {
  return product->occluded || (c->experiment.present && !isfinite(product->dose));
}

double nw_transport_species_leak(const struct nw_params *p, enum nw_experiment_skin skin) {
  switch (skin) {
    case NW_SKIN_PIG_EAR:
      return p->permeability_pig;
    case NW_SKIN_RAT:
      return p->permeability_rat;
    case NW_SKIN_MOUSE:
      return p->permeability_mouse;
    default:
      return 1;
  }
}

static void membrane_layer(const struct nw_case *c, const struct nw_params *p,
                           const struct nw_product *product, const struct nw_permeant *m,
                           struct nw_column_spec *s) {
  struct nw_column_layer *layer = &s->layer[0];
  s->n_layers = 1;
  layer->thickness = c->experiment.thickness;
  layer->partition = isnan(product->partition_dermis)
                         ? p->silicone_partition * m->lipid_partition * m->neutral_vehicle
                         : product->partition_dermis;
  layer->diffusivity =
      isnan(product->diffusivity_dermis) ? p->silicone_diffusivity : product->diffusivity_dermis;
  s->top_factor = 1;
}

/* Thicknesses of excised skin: dermatomed from below, so the dermis takes what the epidermis leaves. */
static void excised(const struct nw_case *c, const struct nw_params *p, const struct nw_permeant *m,
                    struct nw_column_spec *s) {
  const double whole = c->experiment.thickness;
  const double sc = fmin(m->sc_reference, whole / 2), ve = fmin(p->in_vitro_epidermis, whole - sc);
  s->layer[SC].thickness = sc;
  s->layer[VE].thickness = ve;
  s->layer[DE].thickness = whole - sc - ve;
  s->n_layers = s->layer[DE].thickness > 0 ? DE + 1 : VE + 1;
}

static void in_place(const struct nw_run *run, const struct nw_params *p, bool wet,
                     struct nw_column_spec *s) {
  const double swollen = wet ? p->sc_thickness_hydrated / p->sc_thickness_partial : 1;
  s->layer[SC].thickness = run->skin.stratum_corneum * swollen;
  s->layer[VE].thickness = run->skin.viable_epidermis;
  s->layer[DE].thickness = run->skin.dermis;
  s->n_layers = DE + 1;
}

static void skin_layers(const struct nw_run *run, const struct nw_params *p, const struct nw_product *product,
                        const struct nw_permeant *m, struct nw_column_spec *s) {
  const struct nw_case *c = run->c;
  const bool vitro = c->experiment.present;
  const double leak = vitro ? nw_transport_species_leak(p, c->experiment.skin) : 1 / run->skin.barrier;
  if (vitro)
    excised(c, p, m, s);
  else
    in_place(run, p, product->occluded, s);
  s->viable = VE;
  s->polar = m->polar_conductance * leak;
  s->top_factor = m->neutral_vehicle / m->neutral_tissue;
  s->layer[SC].partition = m->sc_partition * m->neutral_tissue;
  s->layer[SC].diffusivity = m->sc_diffusivity * (isnan(product->diffusivity_stratum_corneum) ? leak : 1);
  s->layer[VE].partition = m->epidermis_partition;
  s->layer[VE].diffusivity = m->epidermis_diffusivity;
  s->layer[DE].partition = m->dermis_partition;
  s->layer[DE].diffusivity = m->dermis_diffusivity;
  s->layer[DE].clearance = vitro ? 0 : m->clearance;
  s->layer[VE].sites = product->sites_viable_epidermis;
  s->layer[DE].sites = product->sites_dermis;
  s->layer[VE].half_bound = s->layer[DE].half_bound = product->half_bound;
}

/* ---- vehicle ---- */

/* Transfer through the still air over skin, Dancik 2013: in cm/h for an air speed in m/s, mass in Da. */
static double gas_transfer(const struct nw_params *p, double molar_mass) {
  const double dalton = 1e-3, centimetre_per_hour = 0.01 / 3600;                 /* math: units */
  return p->gas_transfer * pow(p->air_speed, 0.78) / cbrt(molar_mass / dalton) * /* math: fitted curve */
         centimetre_per_hour;
}

/* Vapour over a surface, as a density. */
static double vapour_density(const struct nw_params *p, double pressure, double molar_mass) {
  const double gas_constant = 8.314; /* math: J/(mol K) */
  return pressure * molar_mass / (gas_constant * p->surface_temperature);
}

static void set_evaporation(const struct nw_params *p, const struct nw_product *product,
                            struct nw_column_spec *s) {
  const double water = 0.018, density = 1000; /* math: molar mass and density of water, SI */
  const double volatile_share =
      isnan(product->volatile_share) ? p->vehicle_volatile : product->volatile_share;
  s->residue = 1;
  if (product->occluded || product->form != NW_FORM_TOPICAL || !isfinite(product->dose)) return;
  s->residue = 1 - volatile_share;
  s->drying = gas_transfer(p, water) * vapour_density(p, p->vapour_deficit, water) / density;
  if (product->vapour_pressure > 0 && isfinite(s->solubility))
    s->evaporation = gas_transfer(p, product->molar_mass) *
                     vapour_density(p, product->vapour_pressure, product->molar_mass) / s->solubility;
}

/* Before: the dose stands on intact skin first. After: it comes to channels that are some time old. */
double nw_transport_dose_time(const struct nw_params *p, const struct nw_product *product) {
  const double lead = product->delay > 0 ? product->delay : p->lead_time;
  if (product->when == NW_BEFORE) return -fmin(product->duration, lead);
  return product->when == NW_AFTER ? product->delay : 0;
}

static void set_order(const struct nw_params *p, const struct nw_product *product, struct nw_column_spec *s) {
  s->fill = product->when == NW_AFTER ? 0 : 1;
  s->open_at = -nw_transport_dose_time(p, product);
  s->doses = product->doses;
  s->dose_interval = product->dose_interval;
}

/* An oil or an emulsion may hold more than water does, but drives no harder than saturated water: the
   excess waits in the vehicle as a pool. */
static void set_vehicle(const struct nw_case *c, const struct nw_params *p, const struct nw_product *product,
                        const struct nw_permeant *m, struct nw_column_spec *s) {
  s->concentration = product->concentration;
  s->solubility = fmin(product->solubility > 0 ? product->solubility : INFINITY, m->saturation);
  s->vehicle = product->dose;
  s->contact = product->duration;
  s->elimination = p->blood_elimination;
  s->bottom = NW_BOTTOM_CLOSED;
  s->follicle_share = product->follicle_share;
  s->follicle_release = p->follicle_release;
  s->follicle_depth = p->follicle_depth;
  set_order(p, product, s);
  set_evaporation(p, product, s);
  if (!c->experiment.present) {
    s->sessions = product->sessions;
    s->session_interval = c->course.interval;
    return;
  }
  s->bottom = isfinite(c->experiment.receptor_volume) ? NW_BOTTOM_RECEPTOR : NW_BOTTOM_SINK;
  s->receptor = c->experiment.receptor_volume / c->experiment.area;
}

/* ---- channels ---- */

/* Excised skin does not heal: its channels stay. */
static void set_closing(const struct nw_case *c, const struct nw_params *p, const struct nw_product *product,
                        struct nw_column_spec *s) {
  s->half_life = s->close_after = INFINITY;
  if (c->experiment.present) return;
  s->half_life = nw_reaction_barrier_half_life(p, product->occluded, c->subject.phototype, c->subject.age);
  s->close_after = nw_reaction_closing_time(p, s->half_life);
}

static double release_half_life(const struct nw_params *p, const struct nw_product *product) {
  if (!isnan(product->release_half_life)) return product->release_half_life;
  switch (product->form) {
    case NW_FORM_COATED:
      return p->release_coated;
    case NW_FORM_DISSOLVING:
      return p->release_dissolving;
    default:
      return p->release_hydrogel;
  }
}

/* Needles that are the product: each is its own channel's fill, so all of them conduct. */
static void set_needles(const struct nw_params *p, const struct nw_product *product,
                        struct nw_column_spec *s) {
  const bool stays = product->form == NW_FORM_HYDROGEL || product->form == NW_FORM_DISSOLVING;
  s->needle_load = product->needle_load * s->channels.density;
  s->needle_release = log(2) / release_half_life(p, product);
  s->hold = stays && isfinite(product->duration) ? product->duration : 0;
  s->fill = 0;
  if (product->form == NW_FORM_HYDROGEL) s->channel_diffusivity /= p->hydrogel_hindrance;
}

/* Channels of a real treatment are sparse: each feeds only what its flux can reach. */
static void set_channels(const struct nw_params *p, enum nw_device_kind kind,
                         const struct nw_product *product, struct nw_channels channels, double whole,
                         struct nw_column_spec *s) {
  const struct nw_column_layer *deepest = &s->layer[s->n_layers - 1];
  s->channels = channels;
  if (product->form == NW_FORM_TOPICAL)
    s->channels.density *= fmin(open_share(p, kind), 1);
  else
    set_needles(p, product, s);
  s->channels.depth = fmin(channels.depth, deepest_channel * whole);
  s->channels.reach =
      nw_channel_reach(channels.radius, s->channels.depth, s->bottom == NW_BOTTOM_CLOSED ? INFINITY : whole,
                       sqrt(deepest->clearance / deepest->diffusivity));
}

struct nw_column_spec nw_transport_column(const struct nw_run *run, const struct nw_params *p,
                                          const struct nw_product *product, struct nw_channels channels,
                                          enum nw_transport_grid fineness) {
  const struct fineness *grid = fineness == NW_TRANSPORT_FINE ? &fine : &coarse;
  struct nw_column_spec s = {.first_step = grid->first_step, .step_ratio = grid->step_ratio};
  struct nw_permeant m;
  double whole = 0;
  nw_permeant_init(&m, p, product, hydrated(run->c, product));
  if (silicone(run->c))
    membrane_layer(run->c, p, product, &m, &s);
  else
    skin_layers(run, p, product, &m, &s);
  const int cells[] = {grid->sc, grid->ve, grid->de};
  for (int i = 0; i < s.n_layers; i++) {
    s.layer[i].cells = cells[i];
    whole += s.layer[i].thickness;
  }
  set_vehicle(run->c, p, product, &m, &s);
  set_closing(run->c, p, product, &s);
  s.channel_diffusivity = m.water_diffusivity / p->channel_viscosity;
  s.flow = product->channel_flow;
  set_channels(p, run->c->device.kind, product, channels, whole, &s);
  return s;
}

/* Against needles that bring the product stands the same amount in a film on intact skin. */
void nw_transport_close_skin(const struct nw_params *p, struct nw_column_spec *s) {
  const double load = s->needle_load;
  s->channels.density = s->needle_load = 0;
  if (!(load > 0)) return;
  const double film = s->vehicle > 0 ? s->vehicle : p->film_thickness;
  if (isfinite(film)) s->concentration = (s->concentration * s->vehicle + load) / film;
  s->vehicle = film;
}
