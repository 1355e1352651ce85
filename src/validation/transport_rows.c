/* SPDX-License-Identifier: BSD-3-Clause
   One published measurement of absorption: a row of texts to an experiment to a prediction. */
#include "transport_rows.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"
#include "plan/product_library.h"
#include "puncture/mechanics.h"
#include "transport_protocol.h"

const char *const nw_transport_row_columns[] = {
#define X(name) #name,
    NW_TRANSPORT_COLUMNS_LIST(X)
#undef X
};

static const double normal_90 = 1.6449; /* 95 % point of the normal distribution */

/* ---- words and numbers in texts ---- */

static bool has(const char *text, const char *word) {
  const size_t n = strlen(word);
  for (; *text; text++)
    if (!strncasecmp(text, word, n)) return true;
  return false;
}

static bool has_any(const char *text, const char *const *word) {
  for (; *word; word++)
    if (has(text, *word)) return true;
  return false;
}

static bool starts(const char *text, const char *word) {
  return !strncasecmp(text, word, strlen(word));
}

/* NAN for a blank cell; *good is false where there is something else than a number. */
static double number_of(const char *text, bool *good) {
  char *end;
  if (!*text) return NAN;
  const double value = strtod(text, &end);
  *good = end != text && !*end && isfinite(value);
  return *good ? value : NAN;
}

/* The number that stands before `at`, blanks between them allowed, a range by its middle; NAN: none. */
static double number_before(const char *text, const char *at) {
  const char *end = at;
  while (end > text && end[-1] == ' ')
    end--;
  const char *start = end;
  while (start > text && (isdigit((unsigned char)start[-1]) || start[-1] == '.'))
    start--;
  if (start == end) return NAN;
  const double high = strtod(start, NULL);
  if (start == text || start[-1] != '-') return high;
  const double low = number_before(text, start - 1);
  return isnan(low) ? high : (low + high) / 2;
}

/* The first number that stands before one of these words; NAN: none. */
static double number_with(const char *text, const char *word) {
  const size_t n = strlen(word);
  for (const char *at = text; *at; at++) {
    if (strncasecmp(at, word, n) || isalnum((unsigned char)at[n])) continue;
    const double value = number_before(text, at);
    if (!isnan(value)) return value;
  }
  return NAN;
}

/* ---- what a row is about ---- */

/* One row on its way to an answer. */
struct reading {
  const struct nw_params *p;
  const char *const *cell;
  struct nw_transport_answer *out;
  struct nw_transport_molecule molecule;
  struct nw_transport_protocol protocol;
  bool has_concentration;
  double hours; /* NAN where the row gives none [h] */
};

static bool refuse(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(struct reading *r, const char *format, ...) {
  va_list list;
  va_start(list, format);
  vsnprintf(r->out->note, sizeof r->out->note, format, list);
  va_end(list);
  return false;
}

static bool mistaken(struct reading *r, enum nw_transport_column_name column, const char *wanted) {
  r->out->mistake = (int)column;
  return refuse(r, "%s \"%.40s\" is not %s", nw_transport_row_columns[column], r->cell[column], wanted);
}

static void assume(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void assume(struct reading *r, const char *format, ...) {
  char *note = r->out->note;
  const size_t used = strlen(note), room = sizeof r->out->note;
  va_list list;
  va_start(list, format);
  const int head = snprintf(note + used, room - used, "%s", used ? "; " : "assumed: ");
  vsnprintf(note + used + head, used + (size_t)head < room ? room - used - (size_t)head : 0, format, list);
  va_end(list);
}

/* ---- molecule ---- */

/* By the whole name, or by what is left without a salt or a remark in brackets. */
static bool find_product(const char *name, struct nw_product *product) {
  static const char *const tails[] = {" HCl", " hydrochloride", " succinate", " ion", NULL};
  char bare[80];
  if (nw_product_preset(name, product)) return true;
  snprintf(bare, sizeof bare, "%s", name);
  char *bracket = strstr(bare, " (");
  if (bracket) *bracket = '\0';
  for (size_t i = 0; tails[i]; i++) {
    const size_t n = strlen(bare), tail = strlen(tails[i]);
    if (n > tail && !strcasecmp(bare + n - tail, tails[i])) bare[n - tail] = '\0';
  }
  return nw_product_preset(bare, product);
}

/* A row's own numbers win over those of the library, but for a log Kow that its notes call calculated. */
static bool read_molecule(struct reading *r) {
  struct nw_product known = {.molar_mass = NAN, .log_kow = NAN, .pka_acid = NAN, .pka_base = NAN};
  bool good = true;
  const double mass = number_of(r->cell[NW_ROW_MW_Da], &good);
  if (!good || mass <= 0) return mistaken(r, NW_ROW_MW_Da, "a molar mass above 0");
  const double kow = number_of(r->cell[NW_ROW_logKow], &good);
  if (!good) return mistaken(r, NW_ROW_logKow, "a number");
  const bool in_library = find_product(r->cell[NW_ROW_molecule], &known);
  const bool calculated = in_library && has(r->cell[NW_ROW_notes], "logKow is a calculated");
  if (calculated) assume(r, "log Kow %.3g of the library", known.log_kow);
  r->molecule = (struct nw_transport_molecule){
      .name = r->cell[NW_ROW_molecule],
      .mass = isnan(mass) && in_library ? nw_unit_from_si(known.molar_mass, "Da") : mass,
      .log_kow = isnan(kow) || calculated ? known.log_kow : kow,
      .pka_acid = known.pka_acid,
      .pka_base = known.pka_base};
  if (isnan(r->molecule.mass) || isnan(r->molecule.log_kow))
    return refuse(r, "no molar mass and log Kow of %.40s, in the row or in the library", r->molecule.name);
  r->protocol.molecule = &r->molecule;
  return true;
}

/* ---- donor ---- */

/* A percentage is a concentration unless it is that of a solvent. */
static double percentage(const char *text) {
  static const char *const solvents[] = {"ethanol", "PVP", "PEG", "PVA", "DMSO", "propylene", "glycol", NULL};
  for (const char *at = text; (at = strchr(at, '%')); at++) {
    const char *next = at + 1;
    bool solvent = false;
    while (*next == ' ')
      next++;
    for (size_t i = 0; solvents[i]; i++)
      solvent = solvent || starts(next, solvents[i]);
    const double value = number_before(text, at);
    if (!solvent && !isnan(value)) return value;
  }
  return NAN;
}

static void read_ph(struct reading *r) {
  static const char *const salts[] = {"HCl", "hydrochloride", "succinate", NULL};
  const char *vehicle = r->cell[NW_ROW_vehicle];
  for (const char *at = vehicle; *at; at++)
    if (!strncasecmp(at, "pH ", 3)) r->protocol.ph = strtod(at + 3, NULL);
  const bool ionises = !isnan(r->molecule.pka_acid) || !isnan(r->molecule.pka_base);
  if (r->protocol.ph > 0 || !ionises) return;
  if (has(vehicle, "PBS")) r->protocol.ph = r->p->tissue_ph;
  if (has_any(r->molecule.name, salts)) r->protocol.ph = r->p->rows_salt_ph;
  if (r->protocol.ph > 0)
    assume(r, "pH %.3g", r->protocol.ph);
  else
    assume(r, "uncharged");
}

/* A dose that was given as mass per area comes in a film. */
static void read_donor(struct reading *r) {
  const char *vehicle = r->cell[NW_ROW_vehicle];
  const double mass = number_with(vehicle, "ug/cm2"), volume = number_with(vehicle, "uL/cm2");
  const double dense = number_with(vehicle, "mg/mL"), percent = percentage(vehicle);
  struct nw_transport_protocol *t = &r->protocol;
  if (!isnan(volume)) t->dose = volume;
  if (!isnan(mass)) {
    t->dose = nw_unit_from_si(r->p->film_thickness, "uL/cm^2");
    t->concentration = mass / t->dose; /* ug/uL is mg/mL */
    assume(r, "a film of %.3g uL/cm2", t->dose);
  } else if (!isnan(dense) || !isnan(percent)) {
    t->concentration = isnan(dense) ? 10 * percent : dense; /* 1 % (w/v) is 10 mg/mL */
  }
  r->has_concentration = t->concentration > 0;
  if (!r->has_concentration) t->concentration = 1;
  t->occluded = has(vehicle, "occluded") || has(vehicle, "patch");
  read_ph(r);
}

/* ---- skin ---- */

static bool read_skin(struct reading *r) {
  const char *site = r->cell[NW_ROW_species_site];
  static const char *const pigs[] = {"porc", "pig", NULL}, *const membranes[] = {"silicone", "silescol",
                                                                                 NULL};
  struct nw_transport_protocol *t = &r->protocol;
  if (has(site, "guinea")) return refuse(r, "no model of the skin of guinea pigs");
  if (has(site, "human"))
    t->skin = NW_SKIN_HUMAN;
  else if (has_any(site, pigs))
    t->skin = NW_SKIN_PIG_EAR;
  else if (has(site, "rat"))
    t->skin = NW_SKIN_RAT;
  else if (has(site, "mouse"))
    t->skin = NW_SKIN_MOUSE;
  else if (has_any(site, membranes))
    t->skin = NW_SKIN_SILICONE;
  else
    return refuse(r, "\"%.40s\" names no skin that is modelled: human, pig, rat, mouse, silicone", site);
  t->alive = has(site, "in vivo");
  t->thickness = number_with(site, "um");
  if (!isnan(t->thickness)) return true;
  t->thickness = nw_unit_from_si(r->p->rows_thickness, "um");
  return true;
}

/* ---- device ---- */

static enum nw_device_kind kind_of(const char *device) {
  static const char *const arrays[] = {"MN", "needle", "stamp", "patch", "array", "projection", NULL};
  if (has(device, "roller")) return NW_DEVICE_ROLLER;
  if (has(device, " pen")) return NW_DEVICE_PEN;
  if (has(device, "laser")) return NW_DEVICE_FRACTIONAL_ABLATIVE_LASER;
  return has_any(device, arrays) ? NW_DEVICE_STAMP : NW_DEVICE_NONE;
}

static enum nw_product_form form_of(const struct reading *r) {
  const char *device = r->cell[NW_ROW_device], *vehicle = r->cell[NW_ROW_vehicle];
  if (has(vehicle, "solution after")) return NW_FORM_TOPICAL;
  if (has(device, "dissolving")) return NW_FORM_DISSOLVING;
  if (has(device, "hydrogel")) return NW_FORM_HYDROGEL;
  return has(device, "coated") ? NW_FORM_COATED : NW_FORM_TOPICAL;
}

/* Rollers and pens leave channels a fifth of their needle deep; a pressed array goes in further. */
static bool read_channels(struct reading *r) {
  struct nw_transport_protocol *t = &r->protocol;
  bool good = true;
  const double length = number_of(r->cell[NW_ROW_needle_length_um], &good);
  if (!good || length <= 0) return mistaken(r, NW_ROW_needle_length_um, "a length above 0");
  const double density = number_of(r->cell[NW_ROW_density_per_cm2], &good);
  if (!good || density <= 0) return mistaken(r, NW_ROW_density_per_cm2, "a density above 0");
  const double usual = nw_unit_from_si(r->p->rows_length, "um");
  const double share = t->device == NW_DEVICE_STAMP ? r->p->rows_reach_array : r->p->rows_reach;
  t->density = isnan(density) ? nw_unit_from_si(r->p->rows_density, "1/cm^2") : density;
  t->depth = share * (isnan(length) ? usual : length);
  t->radius = nw_unit_from_si(nw_mechanics_mouth(r->p, r->p->rows_diameter), "um") / 2;
  if (isnan(density)) assume(r, "%.3g channels/cm2", t->density);
  if (isnan(length)) assume(r, "needles of %.3g um", usual);
  return true;
}

/* What needles bring: a load per patch is read as one per cm2. */
static void read_load(struct reading *r) {
  struct nw_transport_protocol *t = &r->protocol;
  const char *vehicle = r->cell[NW_ROW_vehicle];
  const double load = has(vehicle, "load") ? number_with(vehicle, "ug") : NAN;
  t->form = form_of(r);
  if (t->form == NW_FORM_TOPICAL) {
    if (isnan(load)) return;
    t->dose = nw_unit_from_si(r->p->rows_donor, "uL/cm^2");
    t->concentration = load / t->dose;
    assume(r, "the load in a donor of %.3g uL/cm2", t->dose);
  } else {
    t->dose = -1;
    t->load = isnan(load) ? 1 : load;
    t->occluded = true;
    assume(r, "the load per cm2");
  }
  r->has_concentration = !isnan(load);
}

static bool read_device(struct reading *r) {
  const bool needled = starts(r->cell[NW_ROW_condition], "needled");
  const char *device = r->cell[NW_ROW_device];
  const enum nw_device_kind kind = kind_of(device);
  if (kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER && !starts(r->cell[NW_ROW_condition], "intact")) {
    r->protocol.bare = true;
    assume(r, "the stratum corneum gone");
    return true;
  }
  if (!needled) return true;
  if (kind == NW_DEVICE_NONE) return refuse(r, "needled, but \"%.40s\" names no device", device);
  r->protocol.device = kind;
  if (!read_channels(r)) return false;
  read_load(r);
  return true;
}

static bool read_time(struct reading *r) {
  bool good = true;
  r->hours = number_of(r->cell[NW_ROW_time_h], &good);
  if (!good || r->hours <= 0) return mistaken(r, NW_ROW_time_h, "a time above 0");
  if (isnan(r->hours)) r->hours = number_with(r->cell[NW_ROW_vehicle], "h");
  return true;
}

static double hours_or_usual(struct reading *r) {
  const double usual = nw_unit_from_si(r->p->rows_time, "h");
  if (!isnan(r->hours)) return r->hours;
  assume(r, "after %.3g h", usual);
  return usual;
}

/* ---- quantities ---- */

/* "ug/cm2/h" as the program writes it, remarks in brackets left out; NULL: not one of these. */
static const char *unit_of(const char *text) {
  static const char *const spelling[][2] = {{"ug/cm2/h", "ug/(cm^2 h)"},
                                            {"mg/cm2/h", "mg/(cm^2 h)"},
                                            {"ng/cm2/h", "ng/(cm^2 h)"},
                                            {"ug/cm2", "ug/cm^2"},
                                            {"mg/cm2", "mg/cm^2"},
                                            {"ng/cm2", "ng/cm^2"},
                                            {"cm/h", "cm/h"},
                                            {"cm/s", "cm/s"},
                                            {"m/s", "m/s"},
                                            {"um/s", "um/s"},
                                            {"min", "min"},
                                            {"h", "h"},
                                            {"s", "s"},
                                            {"ug/g", "ug/mL"},
                                            {"mg/g", "mg/mL"},
                                            {"ug/mL", "ug/mL"},
                                            {"% dose", "%"},
                                            {"% load", "%"},
                                            {"%", "%"},
                                            {"ratio", "1"},
                                            {"-", "1"}};
  size_t length = strcspn(text, "(");
  while (length > 0 && text[length - 1] == ' ')
    length--;
  for (size_t i = 0; i < NW_COUNT(spelling); i++)
    if (strlen(spelling[i][0]) == length && !strncasecmp(text, spelling[i][0], length)) return spelling[i][1];
  return NULL;
}

/* The prediction in the row's unit; its spread is that between laboratories, or the study's own if wider. */
static bool give(struct reading *r, double si, const char *unit) {
  const double factor = pow(10, normal_90 * r->p->laboratory_spread);
  bool good = true;
  const double sd = number_of(r->cell[NW_ROW_sd], &good);
  if (!good) return mistaken(r, NW_ROW_sd, "a number");
  r->out->prediction = nw_unit_from_si(si, unit);
  r->out->low = fmin(r->out->published / factor, r->out->published - normal_90 * (isnan(sd) ? 0 : sd));
  r->out->high = fmax(r->out->published * factor, r->out->published + normal_90 * (isnan(sd) ? 0 : sd));
  if (!isfinite(r->out->prediction)) return refuse(r, "the solver gave no number");
  return r->out->predicted = true;
}

static bool same_dimension(struct reading *r, const char *unit, const char *wanted) {
  struct nw_unit a, b;
  const bool good = unit && nw_unit_parse(unit, &a, NULL, 0) && nw_unit_parse(wanted, &b, NULL, 0) &&
                    nw_dimension_equal(a.dimension, b.dimension);
  return good ||
         refuse(r, "the unit \"%.30s\" is not one for %s", r->cell[NW_ROW_unit], r->cell[NW_ROW_quantity]);
}

static double measured(const struct reading *r, enum nw_transport_measure measure, double hours) {
  return nw_transport_measured(r->p, &r->protocol, measure, hours);
}

/* Permeability in full, with a power of ten before the unit, or as a logarithm. */
static bool answer_permeability(struct reading *r) {
  const char *text = r->cell[NW_ROW_unit];
  char inner[16] = "";
  double power = 1;
  if (starts(r->cell[NW_ROW_condition], "needled"))
    return refuse(r, "permeability is predicted of intact skin; give a flux for needled skin");
  double kp = measured(r, NW_MEASURE_KP, 0);
  if (r->protocol.skin == NW_SKIN_PIG_EAR) kp *= r->p->permeability_pig;
  if (r->protocol.skin == NW_SKIN_RAT) kp *= r->p->permeability_rat;
  if (r->protocol.skin == NW_SKIN_MOUSE) kp *= r->p->permeability_mouse;
  const bool logarithm = sscanf(text, "log10(%15[^)])", inner) == 1;
  if (!logarithm && sscanf(text, "1e%lf %15s", &power, inner) == 2)
    power = pow(10, power);
  else if (!logarithm)
    snprintf(inner, sizeof inner, "%s", text);
  const char *unit = unit_of(inner);
  if (!same_dimension(r, unit, "cm/s")) return false;
  if (!give(r, kp / power, unit)) return false;
  if (!logarithm) return true;
  r->out->prediction = log10(r->out->prediction);
  r->out->low = r->out->published - normal_90 * r->p->laboratory_spread;
  r->out->high = r->out->published + normal_90 * r->p->laboratory_spread;
  return true;
}

static bool needs_donor(struct reading *r) {
  return r->has_concentration || refuse(r, "no concentration or dose of the donor in the row");
}

static bool answer_flux(struct reading *r) {
  const char *unit = unit_of(r->cell[NW_ROW_unit]);
  const bool peak = has(r->cell[NW_ROW_quantity], "max");
  if (!needs_donor(r) || !same_dimension(r, unit, "ug/(cm^2 h)")) return false;
  return give(r, measured(r, peak ? NW_MEASURE_PEAK : NW_MEASURE_FLUX, hours_or_usual(r)), unit);
}

static bool answer_amount(struct reading *r) {
  const char *unit = unit_of(r->cell[NW_ROW_unit]);
  if (unit && !strcmp(unit, "%")) return give(r, measured(r, NW_MEASURE_SHARE, hours_or_usual(r)), unit);
  if (!needs_donor(r) || !same_dimension(r, unit, "ug/cm^2")) return false;
  const bool past = has(r->cell[NW_ROW_quantity], "absorbed");
  return give(r, measured(r, past ? NW_MEASURE_PAST : NW_MEASURE_PASSED, hours_or_usual(r)), unit);
}

static bool answer_lag(struct reading *r) {
  const char *unit = unit_of(r->cell[NW_ROW_unit]);
  if (r->protocol.alive) return refuse(r, "a lag is predicted of a receptor, not of living skin");
  if (!same_dimension(r, unit, "h") || !give(r, measured(r, NW_MEASURE_LAG, hours_or_usual(r)), unit))
    return false;
  r->out->low = r->out->published / 2;
  r->out->high = r->out->published * 2;
  r->out->ordered = r->out->prediction >= r->out->low && r->out->prediction <= r->out->high;
  return true;
}

static bool answer_level(struct reading *r) {
  const char *unit = unit_of(r->cell[NW_ROW_unit]);
  if (!needs_donor(r) || !same_dimension(r, unit, "mg/mL")) return false;
  return give(r, measured(r, NW_MEASURE_TISSUE, hours_or_usual(r)), unit);
}

/* Over intact skin, and the same donor on it. */
static bool answer_ratio(struct reading *r) {
  const char *unit = unit_of(r->cell[NW_ROW_unit]);
  struct reading intact = *r;
  if (!r->protocol.bare && r->protocol.device == NW_DEVICE_NONE)
    return refuse(r, "a ratio to intact skin, but of intact skin");
  if (r->protocol.form != NW_FORM_TOPICAL) return refuse(r, "no donor on intact skin beside these needles");
  if (!same_dimension(r, unit, "1")) return false;
  intact.protocol.device = NW_DEVICE_NONE;
  intact.protocol.density = 0;
  intact.protocol.bare = false;
  const enum nw_transport_measure measure =
      has(r->cell[NW_ROW_quantity], "_Q") ? NW_MEASURE_PASSED : NW_MEASURE_FLUX;
  const double hours = hours_or_usual(r);
  if (!give(r, measured(r, measure, hours) / measured(&intact, measure, hours), unit)) return false;
  r->out->ordered = (r->out->prediction > 1) == (r->out->published > 1) || r->out->published == 1;
  return true;
}

/* By how the quantity's name begins. */
static bool (*answer_for(const char *quantity))(struct reading *) {
  static const struct {
    const char *name;
    bool (*answer)(struct reading *);
  } known[] = {{"log_kp", answer_permeability},
               {"kp", answer_permeability},
               {"flux_enhancement", answer_ratio},
               {"enhancement_ratio", answer_ratio},
               {"flux", answer_flux},
               {"J_max", answer_flux},
               {"Q_permeated", answer_amount},
               {"Q_cumulative", answer_amount},
               {"Q_absorbed", answer_amount},
               {"cumulative", answer_amount},
               {"lag", answer_lag},
               {"tissue_level", answer_level}};
  static const char *const others[] = {"_slope", "_intercept", "_r2", "times_sqrt", "increase", NULL};
  if (has_any(quantity, others)) return NULL;
  for (size_t i = 0; i < NW_COUNT(known); i++)
    if (starts(quantity, known[i].name)) return known[i].answer;
  return NULL;
}

static bool answer(struct reading *r) {
  bool good = true;
  const char *quantity = r->cell[NW_ROW_quantity];
  bool (*const with)(struct reading *) = answer_for(quantity);
  r->out->published = number_of(r->cell[NW_ROW_value], &good);
  if (!good || isnan(r->out->published)) return mistaken(r, NW_ROW_value, "a number");
  if (has(quantity, "model")) return refuse(r, "another model's prediction, not a measurement");
  if (!with) return refuse(r, "%.60s is not among the quantities that are predicted", quantity);
  if (with != answer_permeability && r->out->published <= 0)
    return refuse(r, "a published value of %g has no logarithm to compare", r->out->published);
  if (!read_skin(r) || !read_molecule(r)) return false;
  read_donor(r);
  return read_time(r) && read_device(r) && with(r);
}

const char *nw_transport_cell_wanted(const char *const cell[NW_ROW_COLUMNS], int column) {
  bool good = true;
  if (column != NW_ROW_MW_Da && column != NW_ROW_logKow && column != NW_ROW_needle_length_um &&
      column != NW_ROW_density_per_cm2 && column != NW_ROW_value && column != NW_ROW_sd &&
      column != NW_ROW_time_h)
    return NULL;
  const double value = number_of(cell[column], &good);
  if (column == NW_ROW_value && !*cell[column]) return "a number";
  if (column == NW_ROW_value || column == NW_ROW_logKow) return good ? NULL : "a number";
  if (column == NW_ROW_sd) return good && !(value < 0) ? NULL : "a number, not below 0";
  return good && !(value <= 0) ? NULL : "a number above 0";
}

struct nw_transport_answer nw_transport_row_answer(const struct nw_params *p,
                                                   const char *const cell[NW_ROW_COLUMNS]) {
  struct nw_transport_answer out = {.ordered = true, .mistake = -1};
  struct reading r = {.p = p, .cell = cell, .out = &out, .hours = NAN};
  snprintf(out.quantity, sizeof out.quantity, "%.30s, %.30s, %.30s", cell[NW_ROW_quantity],
           cell[NW_ROW_molecule], cell[NW_ROW_species_site]);
  answer(&r);
  return out;
}
