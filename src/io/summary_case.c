/* SPDX-License-Identifier: BSD-3-Clause
   Object "case" of summary.json. */
#include <math.h>

#include "base/number.h"
#include "base/units.h"
#include "plan/device_library.h"
#include "summary.h"

void nw_summary_quantity(struct nw_json *json, const char *key, double si, const char *unit) {
  enum { DIGITS = 15 }; /* of the 15.95 that a double holds: 250 um stay 250, not 250.00000000000003 */
  if (isfinite(si)) nw_json_number(json, key, nw_number_round(nw_unit_from_si(si, unit), DIGITS));
}

/* Zero stands for "not given" in the case: such a key is left out. */
static void given(struct nw_json *json, const char *key, double si, const char *unit) {
  if (si != 0) nw_summary_quantity(json, key, si, unit);
}

/* Infinity has a meaning of its own for doses and durations, and JSON has no number for it. */
static void quantity_or_word(struct nw_json *json, const char *key, double si, const char *unit,
                             const char *word) {
  if (isinf(si)) {
    nw_json_text(json, key, word);
  } else {
    nw_summary_quantity(json, key, si, unit);
  }
}

static void write_subject(struct nw_json *json, const struct nw_subject *s) {
  nw_json_object(json, "subject");
  nw_summary_quantity(json, "age_y", s->age, "1"); /* the case keeps ages in years */
  nw_json_text(json, "sex", s->sex == NW_FEMALE ? "female" : "male");
  nw_json_text(json, "phototype", nw_phototype_word(s->phototype));
  nw_json_text(json, "skin_type", nw_skin_type_word(s->skin_type));
  nw_json_bool(json, "skin_thin", s->skin_thin);
  nw_json_bool(json, "acne_prone", s->acne_prone);
  nw_json_bool(json, "ageing", s->ageing);
  nw_json_text(json, "site", nw_site_word(s->site));
  nw_json_text(json, "sun_exposure", nw_sun_word(s->sun_exposure));
  nw_json_number(json, "uv_dose_MED_d", s->uv_dose);
  nw_json_bool(json, "smoker", s->smoker);
  nw_json_list(json, "conditions");
  for (int i = 0; i < NW_CONDITION_COUNT; i++)
    if (s->conditions >> i & 1) nw_json_text(json, NULL, nw_condition_word((enum nw_condition)i));
  nw_json_end_list(json);
  nw_json_end_object(json);
}

static void write_concerns(struct nw_json *json, const struct nw_case *c) {
  nw_json_list(json, "concerns");
  for (size_t i = 0; i < c->n_concerns; i++) {
    const struct nw_concern *concern = &c->concerns[i];
    nw_json_object(json, NULL);
    nw_json_text(json, "kind", nw_concern_kind_word(concern->kind));
    if (concern->type != NW_TYPE_NONE) nw_json_text(json, "type", nw_concern_type_word(concern->type));
    given(json, "width_mm", concern->width, "mm");
    given(json, "depth_mm", concern->depth, "mm");
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
}

static void write_motion(struct nw_json *json, const struct nw_device *d) {
  if (d->kind == NW_DEVICE_PEN) {
    nw_summary_quantity(json, "frequency_Hz", d->frequency, "Hz");
    nw_summary_quantity(json, "stroke_mm", d->stroke, "mm");
  }
  if (d->kind == NW_DEVICE_PEN || d->kind == NW_DEVICE_STAMP)
    nw_summary_quantity(json, "head_width_mm", d->head_width, "mm");
  if (d->kind == NW_DEVICE_PEN || d->kind == NW_DEVICE_ROLLER)
    nw_summary_quantity(json, "glide_speed_mm_s", d->glide_speed, "mm/s");
  if (d->kind == NW_DEVICE_ROLLER) {
    nw_summary_quantity(json, "drum_diameter_mm", d->drum_diameter, "mm");
    nw_summary_quantity(json, "drum_width_mm", d->drum_width, "mm");
    if (d->rows > 0) nw_json_number(json, "rows", d->rows);
  }
  given(json, "force_N", d->force, "N");
}

static void write_needles(struct nw_json *json, const struct nw_device *d) {
  nw_summary_quantity(json, "needle_length_mm", d->needle_length, "mm");
  nw_json_number(json, "needle_count", d->needle_count);
  nw_summary_quantity(json, "needle_diameter_um", d->needle_diameter, "um");
  nw_summary_quantity(json, "tip_radius_um", d->tip_radius, "um");
  write_motion(json, d);
  nw_json_bool(json, "sterile", d->sterile);
  nw_json_text(json, "punctures", d->punctures_file);
  nw_json_text(json, "array", d->array_file);
}

/* A laser without an energy takes the depth of its column from the library. */
static void write_beam(struct nw_json *json, const struct nw_device *d) {
  nw_summary_quantity(json, "wavelength_nm", d->laser.wavelength, "nm");
  if (d->laser.energy > 0) nw_summary_quantity(json, "energy_mJ", d->laser.energy, "mJ");
  if (!(d->laser.energy > 0)) nw_summary_quantity(json, "column_depth_um", d->needle_length, "um");
  given(json, "spot_um", d->needle_diameter, "um");
  nw_json_number(json, "columns_per_field", d->needle_count);
  nw_summary_quantity(json, "field_width_mm", d->head_width, "mm");
}

static void write_device(struct nw_json *json, const struct nw_device *d) {
  static const char *const anaesthetic[] = {"none", "cream", "strong_cream"};
  nw_json_object(json, "device");
  nw_json_text(json, "kind", nw_device_kind_word(d->kind));
  if (d->kind != NW_DEVICE_NONE) {
    nw_json_text(json, "preset", d->preset);
    if (nw_device_has_needles(d->kind)) {
      write_needles(json, d);
    } else if (d->kind == NW_DEVICE_PEEL) {
      nw_json_text(json, "agent", d->peel.agent);
      nw_summary_quantity(json, "concentration_pct", d->peel.concentration, "%");
      nw_summary_quantity(json, "peel_depth_um", d->needle_length, "um");
    } else {
      write_beam(json, d);
    }
    nw_json_text(json, "anaesthetic", anaesthetic[d->anaesthetic]);
    nw_json_number(json, "passes", d->passes);
  }
  nw_json_end_object(json);
}

static void write_product(struct nw_json *json, const struct nw_product *p) {
  static const char *const when[] = {"before", "during", "after"};
  static const char *const form[] = {"topical", "coated", "dissolving", "hydrogel"};
  nw_json_object(json, NULL);
  nw_json_text(json, "name", p->name);
  if (p->label) nw_json_text(json, "label", p->label);
  nw_json_bool(json, "in_library", p->in_library);
  nw_json_text(json, "when", when[p->when]);
  nw_summary_quantity(json, "molar_mass_g_mol", p->molar_mass * 1e3, "1"); /* math: g per kg */
  nw_json_number(json, "log_kow", p->log_kow);
  nw_json_number(json, "pka_acid", p->pka_acid);
  nw_json_number(json, "pka_base", p->pka_base);
  nw_summary_quantity(json, "concentration_mg_mL", p->concentration, "mg/mL");
  nw_summary_quantity(json, "solubility_mg_mL", p->solubility, "mg/mL");
  nw_json_number(json, "vehicle_ph", p->vehicle_ph);
  quantity_or_word(json, "dose_uL_cm2", p->dose, "uL/cm^2", "infinite");
  quantity_or_word(json, "duration_h", p->duration, "h", "unlimited");
  nw_json_bool(json, "occluded", p->occluded);
  nw_summary_quantity(json, "diffusivity_stratum_corneum_m2_s", p->diffusivity_stratum_corneum, "m^2/s");
  nw_summary_quantity(json, "diffusivity_viable_epidermis_m2_s", p->diffusivity_viable_epidermis, "m^2/s");
  nw_summary_quantity(json, "diffusivity_dermis_m2_s", p->diffusivity_dermis, "m^2/s");
  nw_json_text(json, "form", form[p->form]);
  given(json, "needle_load_ug", p->needle_load, "ug");
  given(json, "delay_h", p->delay, "h");
  nw_json_number(json, "applications", p->doses > 1 ? p->doses : 1);
  nw_json_number(json, "sessions", p->sessions > 1 ? p->sessions : 1);
  nw_json_number(json, "partition_stratum_corneum", p->partition_stratum_corneum);
  nw_json_number(json, "partition_viable_epidermis", p->partition_viable_epidermis);
  nw_json_number(json, "partition_dermis", p->partition_dermis);
  given(json, "sites_viable_epidermis_mg_mL", p->sites_viable_epidermis, "mg/mL");
  given(json, "sites_dermis_mg_mL", p->sites_dermis, "mg/mL");
  if (p->sites_viable_epidermis > 0 || p->sites_dermis > 0)
    nw_summary_quantity(json, "half_bound_mg_mL", p->half_bound, "mg/mL");
  if (p->channel_flow != 0) nw_summary_quantity(json, "channel_flow_um_s", p->channel_flow, "um/s");
  nw_json_end_object(json);
}

static void write_course(struct nw_json *json, const struct nw_case *c) {
  nw_json_object(json, "course");
  nw_json_number(json, "sessions", c->course.sessions);
  nw_summary_quantity(json, "interval_d", c->course.interval, "d");
  nw_summary_quantity(json, "follow_up_d", c->course.follow_up, "d");
  given(json, "maintenance_d", c->course.maintenance, "d");
  nw_json_list(json, "session_times_d");
  for (int i = 0; i < nw_case_session_count(c); i++)
    nw_summary_quantity(json, NULL, nw_case_session_time(c, i), "d");
  nw_json_end_list(json);
  nw_json_end_object(json);
}

static void write_experiment(struct nw_json *json, const struct nw_experiment *e) {
  static const char *const skin[] = {"human", "pig_ear", "rat", "mouse", "silicone"};
  nw_json_object(json, "experiment");
  nw_json_text(json, "kind", "franz_cell");
  nw_json_text(json, "skin", skin[e->skin]);
  nw_summary_quantity(json, "thickness_um", e->thickness, "um");
  nw_summary_quantity(json, "area_cm2", e->area, "cm^2");
  quantity_or_word(json, "receptor_mL", e->receptor_volume, "mL", "sink");
  nw_summary_quantity(json, "duration_h", e->duration, "h");
  nw_summary_quantity(json, "temperature_degC", e->temperature, "degC");
  nw_json_end_object(json);
}

static void write_aftercare(struct nw_json *json, const struct nw_aftercare *a) {
  nw_json_object(json, "aftercare");
  nw_json_bool(json, "sunscreen", a->sunscreen);
  nw_summary_quantity(json, "sun_avoidance_d", a->sun_avoidance, "d");
  nw_json_bool(json, "moisturiser", a->moisturiser);
  nw_json_bool(json, "gentle_cleansing", a->gentle_cleansing);
  nw_json_end_object(json);
}

static void write_patch(struct nw_json *json, const struct nw_patch *p) {
  nw_json_object(json, "patch");
  nw_summary_quantity(json, "width_mm", p->width, "mm");
  nw_summary_quantity(json, "height_mm", p->height, "mm");
  nw_summary_quantity(json, "resolution_um", p->resolution, "um");
  nw_json_end_object(json);
}

void nw_summary_case(struct nw_json *json, const struct nw_case *c) {
  nw_json_object(json, "case");
  write_subject(json, &c->subject);
  write_concerns(json, c);
  write_device(json, &c->device);
  nw_json_text(json, "operator", nw_operator_word(c->operator_role));
  nw_json_list(json, "products");
  for (size_t i = 0; i < c->n_products; i++)
    write_product(json, &c->products[i]);
  nw_json_end_list(json);
  if (c->experiment.present) {
    write_experiment(json, &c->experiment);
  } else {
    write_course(json, c);
  }
  write_aftercare(json, &c->aftercare);
  write_patch(json, &c->patch);
  nw_json_object(json, "output");
  nw_json_bool(json, "pictures", c->output.pictures);
  nw_json_end_object(json);
  nw_json_end_object(json);
}
