/* SPDX-License-Identifier: BSD-3-Clause
   Stage transport: for each product the needled and the intact skin side by side, and the spread of
   their ratio. One session: products do not carry over from one session to the next. */
#include "transport.h"

#include <math.h>
#include <stdlib.h>

#include "column.h"
#include "permeant.h"
#include "random.h"
#include "reaction.h"

enum { OUTPUTS = 160, DRAWS = 60, COURSE_ARRAYS = 7 };
enum place { SC, VE, DE };

/* Solver knobs: how fine, how careful. */
struct fineness {
  int sc, ve, de;    /* cells */
  double first_step; /* [s] */
  double step_ratio; /* [1] */
};
static const struct fineness fine = {24, 24, 56, 1, 0.05};   /* math: solver knobs */
static const struct fineness coarse = {10, 10, 24, 10, 0.2}; /* math: solver knobs */
static const double day = 86400;                             /* math: unit */
static const double first_output = 10;                       /* math: seconds, solver knob */
static const double deepest_channel = 0.98;  /* math: share of the tissue; a tip needs a cell below */
static const double allowed_residual = 1e-9; /* math: promise of every run */

/* The channels that the session left: mean over punctures with an open lumen. */
static struct nw_channels session_channels(const struct nw_run *run) {
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

static double open_share(const struct nw_params *p, enum nw_device_kind kind) {
  switch (kind) {
    case NW_DEVICE_ROLLER:
      return p->open_share_roller;
    case NW_DEVICE_PEN:
      return p->open_share_pen;
    case NW_DEVICE_STAMP:
      return p->open_share_stamp;
    case NW_DEVICE_RF_NEEDLE:
      return p->open_share_rf;
    case NW_DEVICE_FRACTIONAL_ABLATIVE_LASER:
      return p->open_share_laser;
    default:
      return 0;
  }
}

static const char *open_share_key(enum nw_device_kind kind) {
  switch (kind) {
    case NW_DEVICE_ROLLER:
      return "open_share_roller";
    case NW_DEVICE_PEN:
      return "open_share_pen";
    case NW_DEVICE_STAMP:
      return "open_share_stamp";
    case NW_DEVICE_RF_NEEDLE:
      return "open_share_rf";
    default:
      return "open_share_laser";
  }
}

static bool silicone(const struct nw_case *c) {
  return c->experiment.present && c->experiment.skin == NW_SKIN_SILICONE;
}

/* A donor solution or a patch wets the stratum corneum through; open to air it stays partly hydrated. */
static bool hydrated(const struct nw_case *c, const struct nw_product *product) {
  return c->experiment.present || product->occluded;
}

static double species_factor(const struct nw_params *p, const struct nw_case *c) {
  switch (c->experiment.skin) {
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
  const double leak = vitro ? species_factor(p, c) : 1 / run->skin.barrier;
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
}

/* An oil or an emulsion may hold more than water does, but drives no harder than saturated water: the
   excess waits in the vehicle as a pool. */
static void set_vehicle(const struct nw_case *c, const struct nw_params *p, const struct nw_product *product,
                        const struct nw_permeant *m, struct nw_column_spec *s) {
  s->concentration = product->concentration;
  s->solubility = fmin(product->solubility > 0 ? product->solubility : INFINITY, m->saturation);
  s->vehicle = product->dose > 0 ? product->dose : INFINITY;
  if (!(product->dose > 0)) s->concentration = 0;
  s->contact = product->duration;
  s->open_at = product->when == NW_BEFORE ? fmin(product->duration, p->lead_time) : 0;
  s->elimination = p->blood_elimination;
  s->bottom = NW_BOTTOM_CLOSED;
  if (!c->experiment.present) return;
  s->bottom = isfinite(c->experiment.receptor_volume) ? NW_BOTTOM_RECEPTOR : NW_BOTTOM_SINK;
  s->receptor = c->experiment.receptor_volume / c->experiment.area;
}

/* Excised skin does not heal: its channels stay. */
static void set_closing(const struct nw_case *c, const struct nw_params *p, const struct nw_product *product,
                        struct nw_column_spec *s) {
  s->half_life = s->close_after = INFINITY;
  if (c->experiment.present) return;
  s->half_life = nw_reaction_barrier_half_life(p, product->occluded, c->subject.phototype, c->subject.age);
  s->close_after = nw_reaction_closing_time(p, s->half_life);
}

/* Channels of a real treatment are sparse: each feeds only what its flux can reach. */
static void set_channels(const struct nw_params *p, enum nw_device_kind kind, struct nw_channels channels,
                         double whole, struct nw_column_spec *s) {
  const struct nw_column_layer *deepest = &s->layer[s->n_layers - 1];
  s->channels = channels;
  s->channels.density *= fmin(open_share(p, kind), 1);
  s->channels.depth = fmin(channels.depth, deepest_channel * whole);
  s->channels.reach =
      nw_channel_reach(channels.radius, s->channels.depth, s->bottom == NW_BOTTOM_CLOSED ? INFINITY : whole,
                       sqrt(deepest->clearance / deepest->diffusivity));
}

static struct nw_column_spec spec_of(const struct nw_run *run, const struct nw_params *p,
                                     const struct nw_product *product, struct nw_channels channels,
                                     const struct fineness *grid) {
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
  set_channels(p, run->c->device.kind, channels, whole, &s);
  s.channel_diffusivity = m.water_diffusivity / p->channel_viscosity;
  return s;
}

/* ---- one course ---- */

static void record(const struct nw_column_reading *r, bool vitro, int n_layers,
                   struct nw_absorption_course *course, size_t i) {
  const int de = n_layers == 1 ? 0 : DE;
  course->flux[i] = vitro ? r->receptor_flux : r->flux;
  course->cumulative[i] = fmax(vitro ? r->receptor : r->past, 0);
  course->stratum_corneum[i] = n_layers == 1 ? 0 : fmax(r->layer[SC], 0);
  course->viable_epidermis[i] = n_layers == 1 ? 0 : fmax(r->layer[VE], 0);
  course->dermis[i] = fmax(r->layer[de], 0);
  course->blood[i] = fmax(r->blood, 0);
  course->open_fraction[i] = r->open_fraction;
}

/* Intercept of the steepest tangent of the cumulative curve with the time axis. */
static void find_peak(const struct nw_absorption *a, struct nw_absorption_course *course) {
  size_t best = 0;
  for (size_t i = 1; i < a->n_times; i++)
    if (best == 0 || course->flux[i] > course->flux[best]) best = i;
  course->peak_flux = course->flux[best];
  course->lag =
      course->peak_flux > 0 ? fmax(a->time[best] - course->cumulative[best] / course->peak_flux, 0) : 0;
}

static double residual_share(const struct nw_column_spec *s, const struct nw_column_reading *r) {
  const double whole = isfinite(s->vehicle) ? s->vehicle * s->concentration : r->supplied;
  return whole > 0 ? r->residual / whole : 0;
}

static enum nw_status follow(const struct nw_absorption *a, const struct nw_column_spec *s, bool vitro,
                             struct nw_column *column, struct nw_absorption_course *course, double *past) {
  struct nw_column_reading r;
  for (size_t i = 0; i < a->n_times; i++) {
    NW_TRY(nw_column_advance(column, a->time[i]));
    nw_column_read(column, &r);
    record(&r, vitro, s->n_layers, course, i);
    course->mass_balance = fmax(course->mass_balance, residual_share(s, &r));
    if (a->time[i] == course->profile_time) {
      nw_column_profile(column, course->profile);
      *past = r.past;
    }
  }
  find_peak(a, course);
  return course->mass_balance < allowed_residual ? NW_OK : NW_NUMERICAL;
}

static enum nw_status run_course(const struct nw_column_spec *s, bool vitro, struct nw_absorption *a,
                                 struct nw_absorption_course *course, double *past) {
  struct nw_column *column;
  NW_TRY(nw_column_create(s, &column));
  for (size_t i = 0; i < a->n_depths; i++)
    a->depth[i] = nw_column_depths(column)[i];
  const enum nw_status status = follow(a, s, vitro, column, course, past);
  nw_column_free(&column);
  return status;
}

/* ---- memory and output times ---- */

static double **course_arrays(struct nw_absorption_course *course, int i) {
  double **const array[COURSE_ARRAYS] = {
      &course->flux,   &course->cumulative, &course->stratum_corneum, &course->viable_epidermis,
      &course->dermis, &course->blood,      &course->open_fraction};
  return array[i];
}

static bool allocate_course(const struct nw_absorption *a, struct nw_absorption_course *course) {
  bool good = true;
  for (int i = 0; i < COURSE_ARRAYS; i++)
    good &= (*course_arrays(course, i) = nw_allocate(a->n_times, sizeof(double))) != NULL;
  return (course->profile = nw_allocate(a->n_depths, sizeof(double))) && good;
}

static void free_course(struct nw_absorption_course *course) {
  for (int i = 0; i < COURSE_ARRAYS; i++)
    nw_release(*course_arrays(course, i));
  nw_release(course->profile);
}

void nw_transport_free(struct nw_run *run) {
  for (size_t i = 0; run->absorption && i < run->c->n_products; i++) {
    struct nw_absorption *a = &run->absorption[i];
    free_course(&a->needled);
    free_course(&a->intact);
    nw_release(a->time);
    nw_release(a->depth);
  }
  nw_release(run->absorption);
  run->absorption = NULL;
}

static double end_of_run(const struct nw_case *c, const struct nw_product *product) {
  if (c->experiment.present) return c->experiment.duration;
  return isfinite(product->duration) ? fmax(product->duration, day) : day;
}

/* Dense at first, then at a constant ratio; the output nearest the end of contact moves onto it. */
static void set_times(struct nw_absorption *a, double end, double contact) {
  const double first = fmin(first_output, end / OUTPUTS);
  size_t nearest = a->n_times - 1;
  for (size_t i = 1; i < a->n_times; i++) {
    a->time[i] = first * pow(end / first, (double)(i - 1) / (double)(a->n_times - 2));
    if (fabs(a->time[i] - contact) < fabs(a->time[nearest] - contact)) nearest = i;
  }
  a->time[a->n_times - 1] = end;
  a->time[nearest] = contact;
  a->needled.profile_time = a->intact.profile_time = contact;
}

static bool allocate(struct nw_absorption *a, size_t n_depths) {
  a->n_times = OUTPUTS;
  a->n_depths = n_depths;
  a->time = nw_allocate(a->n_times, sizeof(double));
  a->depth = nw_allocate(a->n_depths, sizeof(double));
  const bool courses = allocate_course(a, &a->needled) && allocate_course(a, &a->intact);
  return courses && a->time && a->depth;
}

/* ---- spread of the enhancement ---- */

static const char *const uncertain[] = {
    "barrier_open",           "occlusion_factor",         "polar_path", "tissue_diffusion_factor",
    "large_diffusion_factor", "lipid_partition_prefactor"};

/* Log-normal on each side of the default, with the row's range as its 90 % interval. */
static void draw(struct nw_params *p, const char *key, double normal) {
  const struct nw_param_row *row = nw_param_find(key);
  const double quantile = 1.6449; /* math: 95 % point of the normal distribution */
  if (!row) return;
  const double value = nw_param_get(p, row),
               side = normal < 0 ? row->value / row->low : row->high / row->value;
  nw_param_set(p, row, value * pow(side, normal / quantile));
}

static double past_at_contact(const struct nw_column_spec *s, double contact) {
  struct nw_column *column;
  struct nw_column_reading r = {0};
  if (nw_column_create(s, &column) != NW_OK) return NAN;
  if (nw_column_advance(column, contact) == NW_OK) nw_column_read(column, &r);
  nw_column_free(&column);
  return r.past;
}

static double ratio(double needled, double intact) {
  return needled == intact ? 1 : needled / intact;
}

static double draw_ratio(const struct nw_run *run, size_t product, struct nw_channels channels,
                         double contact, int k) {
  const struct nw_case *c = run->c;
  const int per_draw = 2 * (int)NW_COUNT(uncertain) + 2;
  struct nw_params p = c->params;
  for (int j = 0; j <= (int)NW_COUNT(uncertain); j++) {
    const char *key = j < (int)NW_COUNT(uncertain) ? uncertain[j] : open_share_key(c->device.kind);
    draw(&p, key,
         nw_random_normal(c->patch.seed, NW_STREAM_ENSEMBLE, product, (uint64_t)(k * per_draw + 2 * j)));
  }
  struct nw_column_spec s = spec_of(run, &p, &c->products[product], channels, &coarse);
  const double needled = past_at_contact(&s, contact);
  s.channels.density = 0;
  return ratio(needled, past_at_contact(&s, contact));
}

static int ascending(const void *a, const void *b) {
  double x, y;
  x = *(const double *)a;
  y = *(const double *)b;
  return (x > y) - (x < y);
}

static void spread(const struct nw_run *run, size_t product, struct nw_channels channels,
                   struct nw_absorption *a) {
  double value[DRAWS];
  const int tail = DRAWS / 20; /* math: 5 % on each side */
  for (int k = 0; k < DRAWS; k++)
    value[k] = draw_ratio(run, product, channels, a->needled.profile_time, k);
  qsort(value, DRAWS, sizeof *value, ascending);
  a->enhancement_low = fmin(value[tail], a->enhancement_ratio);
  a->enhancement_high = fmax(value[DRAWS - 1 - tail], a->enhancement_ratio);
}

/* ---- the stage ---- */

static enum nw_status run_product(const struct nw_run *run, size_t i, struct nw_channels channels,
                                  struct nw_absorption *a) {
  const struct nw_case *c = run->c;
  const bool vitro = c->experiment.present;
  struct nw_column_spec s = spec_of(run, &c->params, &c->products[i], channels, &fine);
  struct nw_column *probe;
  double needled = 0, intact = 0;
  a->product = &c->products[i];
  NW_TRY(nw_column_create(&s, &probe));
  const size_t n_depths = nw_column_count(probe);
  nw_column_free(&probe);
  if (!allocate(a, n_depths)) return NW_MEMORY;
  const double end = end_of_run(c, a->product);
  set_times(a, end, fmin(a->product->duration, end));
  NW_TRY(run_course(&s, vitro, a, &a->needled, &needled));
  const bool pierced = s.channels.density > 0;
  s.channels.density = 0;
  NW_TRY(run_course(&s, vitro, a, &a->intact, &intact));
  a->enhancement_ratio = a->enhancement_low = a->enhancement_high = ratio(needled, intact);
  if (pierced) spread(run, i, channels, a);
  return NW_OK;
}

static enum nw_status report(struct nw_context *context, const struct nw_absorption *a,
                             enum nw_status status) {
  if (status == NW_MEMORY) return nw_fail(context, status, "products", "out of memory");
  return nw_fail(context, status, "products",
                 "absorption of %s lost its mass balance: %.1e of the dose, at most %.0e is allowed",
                 a->product->name, fmax(a->needled.mass_balance, a->intact.mass_balance), allowed_residual);
}

enum nw_status nw_transport_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  nw_transport_free(run);
  if (c->n_products == 0) return NW_OK;
  run->c = c;
  run->absorption = nw_allocate(c->n_products, sizeof *run->absorption);
  enum nw_status *status = nw_allocate(c->n_products, sizeof *status), worst = NW_OK;
  if (!run->absorption || !status) {
    nw_release(status);
    return nw_fail(context, NW_MEMORY, "products", "out of memory");
  }
  const struct nw_channels channels = session_channels(run);
#pragma omp parallel for schedule(dynamic) num_threads(context->threads)
  for (size_t i = 0; i < c->n_products; i++)
    status[i] = run_product(run, i, channels, &run->absorption[i]);
  for (size_t i = 0; i < c->n_products && worst == NW_OK; i++)
    if (status[i] != NW_OK) worst = report(context, &run->absorption[i], status[i]);
  nw_release(status);
  return worst;
}
