/* SPDX-License-Identifier: BSD-3-Clause
   One published measurement of needles meeting skin: from words to a law. */
#include "mechanics_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "device/device.h"
#include "evidence.h"
#include "plan/device_library.h"
#include "puncture/mechanics.h"
#include "puncture/reaction.h"
#include "skin/skin.h"
#include "study/words.h"

const char *const nw_mechanics_row_columns[] = {
#define X(name) #name,
    NW_MECHANICS_COLUMNS_LIST(X)
#undef X
};

/* What a law may ask about a row. SI, NAN where the row is silent. */
struct measured {
  const struct nw_params *p;
  struct nw_skin skin;
  enum nw_site_name site;
  enum nw_device_kind kind;
  double length, tip_diameter, base_diameter, age;
  int phototype;
  bool rat, occluded, known_site;
  const char *quantity, *device, *notes;
};

/* ---- words of a row ---- */

static const struct {
  const char *pattern;
  enum nw_site_name site;
} sites[] = {
    {"forehead|glabella", NW_SITE_forehead},
    {"temple", NW_SITE_temple},
    {"eyelid|periorbital|crow's", NW_SITE_periorbital},
    {"nose|nasal|radix", NW_SITE_nose},
    {"perioral|lip", NW_SITE_perioral},
    {"chin|submandibular", NW_SITE_chin},
    {"neck", NW_SITE_neck},
    {"scalp", NW_SITE_scalp},
    {"cheek|zygoma|face|midface|preauricular|cheekbone", NW_SITE_cheek},
    {"hand&!palm", NW_SITE_hand},
    {"forearm", NW_SITE_forearm},
    {"arm|shoulder|deltoid", NW_SITE_upper_arm},
    {"suprascapular|back", NW_SITE_back},
    {"breast", NW_SITE_breast},
    {"chest", NW_SITE_chest},
    {"hip|buttock", NW_SITE_hip},
    {"thigh", NW_SITE_thigh},
    {"abdomen|abdominal|waist", NW_SITE_abdomen},
};

static void read_site(struct measured *m, const char *text) {
  m->site = NW_SITE_forearm;
  for (size_t i = 0; i < NW_COUNT(sites) && !m->known_site; i++) {
    if (!nw_words_fit(sites[i].pattern, text)) continue;
    m->site = sites[i].site;
    m->known_site = true;
  }
}

static enum nw_device_kind kind_of(const char *device) {
  if (nw_words_fit("rf|motor-inserted|motor array", device)) return NW_DEVICE_RF_NEEDLE;
  if (nw_words_fit("pen|dermapen|motorised|motorized", device)) return NW_DEVICE_PEN;
  if (nw_words_fit("array|arrays|patch|stamp|hydrogel", device)) return NW_DEVICE_STAMP;
  return NW_DEVICE_ROLLER;
}

static int phototype_of(const char *subject) {
  if (nw_words_fit("black|african", subject)) return 6;
  if (nw_words_fit("white|caucasian", subject)) return 1;
  return 3;
}

static double number(const char *cell, const char *unit) {
  const double value = nw_evidence_number(cell).value;
  return isfinite(value) ? nw_unit_to_si(value, unit) : NAN;
}

static struct measured read_row(const struct nw_params *p, const char *const cell[], const char *context) {
  const bool men = nw_words_fit("men|man|male|(m)|m", cell[NW_MEASURED_subject]) ||
                   nw_words_fit("(m)", cell[NW_MEASURED_site]);
  struct measured m = {
      .p = p,
      .kind = kind_of(cell[NW_MEASURED_device]),
      .length = number(cell[NW_MEASURED_needle_length_um], "um"),
      .tip_diameter = 2 * number(cell[NW_MEASURED_tip_radius_um], "um"),
      .base_diameter = number(cell[NW_MEASURED_base_diameter_um], "um"),
      .age = nw_words_fit(">65|elderly|old", context) ? p->closure_age_old : p->closure_age_young,
      .phototype = phototype_of(cell[NW_MEASURED_subject]),
      .rat = nw_words_fit("rat|rats|mouse|guinea", cell[NW_MEASURED_subject]),
      .occluded = nw_words_fit("patch|occluded&!non-occluded|not occluded", context) &&
                  !strstr(cell[NW_MEASURED_quantity], "non_occluded"),
      .quantity = cell[NW_MEASURED_quantity],
      .device = cell[NW_MEASURED_device],
      .notes = cell[NW_MEASURED_notes]};
  m.age = nw_unit_from_si(m.age, "y");
  read_site(&m, cell[NW_MEASURED_site]);
  /* the middle of the adults that sites.def holds for */
  const struct nw_case c = {.params = *p,
                            .subject = {.age = 45,
                                        .sex = men ? NW_MALE : NW_FEMALE,
                                        .phototype = m.phototype,
                                        .ageing = true,
                                        .site = m.site}};
  struct nw_run run = {.c = &c};
  (void)nw_skin_run(NULL, &c, &run);
  m.skin = run.skin;
  return m;
}

/* ---- laws ---- */

static double roller_density(const struct measured *m) {
  const struct nw_device roller = nw_device_default(NW_DEVICE_ROLLER);
  const char *after = strstr(m->quantity, "after_");
  const double passes = after ? nw_evidence_number(after + 6).value : 15;
  return passes * nw_device_pass_density(m->p, &roller, roller.needle_count);
}

static double tip_force(const struct measured *m) {
  const char *speed = strstr(m->notes, "speed ");
  const double v = speed ? number(speed + 6, "mm/s") : m->p->speed_reference;
  const double factor = nw_mechanics_speed_factor(m->p, v);
  return factor * nw_mechanics_tip_force(m->p, NW_DEVICE_STAMP, m->tip_diameter);
}

static double retraction(const struct measured *m) {
  return nw_mechanics_retraction(m->p, m->base_diameter, m->length);
}

static double reach(const struct measured *m) {
  return nw_mechanics_reach(m->length, nw_mechanics_dimple(m->p, m->kind, &m->skin));
}

static double reach_ratio(const struct measured *m) {
  return reach(m) / m->length;
}

static double site_modulus(const struct measured *m) {
  return m->known_site ? m->skin.elastic_modulus : NAN;
}

static double probe_modulus(const struct measured *m) {
  return nw_mechanics_probe_modulus(m->p, 0.5 * m->tip_diameter);
}

static double mouth(const struct measured *m) {
  return nw_mechanics_mouth(m->p, m->base_diameter);
}

static double visible_channel(const struct measured *m) {
  return fmin(reach(m), m->skin.stratum_corneum + m->skin.viable_epidermis);
}

static double barrier_half_life(const struct measured *m) {
  if (m->rat) return m->p->barrier_rat;
  return nw_reaction_barrier_half_life(m->p, m->occluded, m->phototype, m->age);
}

static double barrier_closing(const struct measured *m) {
  return nw_reaction_closing_time(m->p, barrier_half_life(m));
}

static double hole_closing(const struct measured *m) {
  const double length = isfinite(m->length) ? m->length : m->p->structure_length;
  return nw_reaction_closing_time(m->p, nw_reaction_structure_half_life(m->p, length, m->rat));
}

static double pain(const struct measured *m, double longer, int needles) {
  return nw_reaction_stick_pain(m->p, NW_SITE_forearm, m->p->pain_length * longer, needles);
}

static double pain_longer(const struct measured *m) {
  return pain(m, 3, 1) / pain(m, 1, 1);
}

static double pain_more(const struct measured *m) {
  return pain(m, 1, 10) / pain(m, 1, 1);
}

static double pain_least(const struct measured *m) {
  return pain(m, 1, 1);
}

static double session_pain(const struct measured *m) {
  struct nw_device device = nw_device_default(m->kind);
  if (isfinite(m->length)) device.needle_length = m->length;
  device.anaesthetic =
      nw_words_fit("7/7|tetracaine", m->device) ? NW_ANAESTHETIC_STRONG_CREAM : NW_ANAESTHETIC_CREAM;
  const double driven = nw_words_fit("driven", m->device) ? m->p->pain_driven_cream : 1;
  return driven * nw_reaction_session_pain(m->p, &device, m->site);
}

static double painful_share(const struct measured *m) {
  return isfinite(m->base_diameter) ? nw_reaction_painful_share(m->p, m->base_diameter) : NAN;
}

static double horny(const struct measured *m) {
  return m->known_site ? m->skin.stratum_corneum : NAN;
}

/* sites.def brings Raman values to the scale of biopsies by this ratio. */
static double horny_raman(const struct measured *m) {
  return horny(m) / 0.81;
}

static double viable(const struct measured *m) {
  return m->known_site ? m->skin.viable_epidermis : NAN;
}

static double epidermis(const struct measured *m) {
  return horny(m) + viable(m);
}

static double dermis(const struct measured *m) {
  return m->known_site ? m->skin.dermis : NAN;
}

static double whole_skin(const struct measured *m) {
  return dermis(m) + epidermis(m);
}

static double subcutis(const struct measured *m) {
  return m->known_site ? m->skin.subcutis : NAN;
}

static double follicles(const struct measured *m) {
  return m->known_site ? m->skin.follicle_density : NAN;
}

static double dermis_loss(const struct measured *m) {
  return (nw_skin_collagen_at(m->p, 25, 0, false) - nw_skin_collagen_at(m->p, 65, 0, false)) / 4;
}

static const struct {
  const char *quantity, *context, *note;
  double (*law)(const struct measured *m); /* SI; NULL: no reading */
} table[] = {
#define MEASURE(quantity_, context_, law_, note_) {quantity_, context_, note_, law_},
#define NOT(quantity_, context_, note_) {quantity_, context_, note_, NULL},
#include "../../model/mechanics_map.def"
};

/* ---- answers ---- */

static const char *unit_of(const char *unit) {
  static const struct {
    const char *written, *ours;
  } other[] = {{"-", "1"}, {"x", "1"}, {"count", "1"}, {"1/cm2", "1/cm^2"}, {"%/decade", "%"}, {"", "1"}};
  for (size_t i = 0; i < NW_COUNT(other); i++)
    if (!strcmp(unit, other[i].written)) return other[i].ours;
  return unit;
}

static bool read_value(const char *const cell[], struct nw_mechanics_answer *out) {
  out->published = nw_evidence_number(cell[NW_MEASURED_value]).value;
  if (isfinite(out->published)) return true;
  snprintf(out->note, sizeof out->note, "'%.60s' is no number", cell[NW_MEASURED_value]);
  out->mistake = NW_MEASURED_value;
  return false;
}

static void agree(const char *const cell[], struct nw_mechanics_answer *out) {
  const double sd = nw_evidence_number(cell[NW_MEASURED_sd]).value;
  const double wide = sd > 0 ? sd : 0.25 * fabs(out->published);
  out->low = out->published - wide;
  out->high = out->published + wide;
  if (nw_words_fit("*upper_bound|below|until", cell[NW_MEASURED_quantity])) out->low = fmin(0, out->low);
  if (nw_words_fit("*lower_bound|*still_open_at", cell[NW_MEASURED_quantity]))
    out->high = fmax(out->prediction, out->high);
}

static void predict(const struct nw_params *p, const char *const cell[], const char *context,
                    const char *quantity, struct nw_mechanics_answer *out) {
  for (size_t i = 0; i < NW_COUNT(table); i++) {
    if (!nw_words_fit(table[i].quantity, quantity) || !nw_words_fit(table[i].context, context)) continue;
    const struct measured m = read_row(p, cell, context);
    const double si = table[i].law ? table[i].law(&m) : NAN;
    struct nw_unit unit;
    char problem[64];
    const bool known = nw_unit_parse(unit_of(cell[NW_MEASURED_unit]), &unit, problem, sizeof problem);
    out->predicted = isfinite(si) && known;
    if (out->predicted) out->prediction = nw_unit_from_si(si, unit_of(cell[NW_MEASURED_unit]));
    snprintf(out->note, sizeof out->note, "%s%s", table[i].note,
             !table[i].law || out->predicted ? "" : ", but the row does not say enough");
    return;
  }
  snprintf(out->note, sizeof out->note, "no law of the model gives this quantity");
}

struct nw_mechanics_answer nw_mechanics_row_answer(const struct nw_params *p,
                                                   const char *const cell[NW_MEASURED_COLUMNS]) {
  struct nw_mechanics_answer out = {
      .published = NAN, .prediction = NAN, .low = NAN, .high = NAN, .mistake = -1};
  struct nw_text context = {0}, quantity = {0};
  nw_text_append(&context, "%s; %s; %s; %s; %s", cell[NW_MEASURED_topic], cell[NW_MEASURED_subject],
                 cell[NW_MEASURED_site], cell[NW_MEASURED_device], cell[NW_MEASURED_notes]);
  nw_text_append(&quantity, "%s [%s]", cell[NW_MEASURED_quantity], cell[NW_MEASURED_unit]);
  if (!context.failed && !quantity.failed && read_value(cell, &out)) {
    predict(p, cell, context.data, quantity.data, &out);
    if (out.predicted) agree(cell, &out);
  }
  nw_text_clear(&context);
  nw_text_clear(&quantity);
  return out;
}
