/* SPDX-License-Identifier: BSD-3-Clause
   The device of a plan: the library's values for its kind, then the preset's, then the plan's keys. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "case_compile.h"
#include "device_library.h"

#define BIT(kind) (1u << NW_DEVICE_##kind)
enum {
  NEEDLES = BIT(ROLLER) | BIT(STAMP) | BIT(PEN) | BIT(RF_NEEDLE),
  LASERS = BIT(FRACTIONAL_ABLATIVE_LASER) | BIT(FRACTIONAL_NONABLATIVE_LASER),
};

/* Kinds for which a key means something; keys that are not listed fit all. */
static const struct {
  const char *name;
  unsigned kinds;
} uses[] = {
    {"needle_length", NEEDLES},
    {"needle_count", NEEDLES},
    {"needle_diameter", NEEDLES},
    {"tip_radius", NEEDLES},
    {"frequency", BIT(PEN)},
    {"head_width", BIT(PEN) | BIT(STAMP) | BIT(RF_NEEDLE) | LASERS},
    {"glide_speed", BIT(PEN) | BIT(ROLLER)},
    {"stroke", BIT(PEN)},
    {"drum_diameter", BIT(ROLLER)},
    {"drum_width", BIT(ROLLER)},
    {"rows", BIT(ROLLER)},
    {"force", BIT(ROLLER) | BIT(STAMP)},
    {"punctures", NEEDLES},
    {"array", BIT(STAMP) | BIT(PEN) | BIT(RF_NEEDLE)},
    {"passes", NEEDLES | LASERS | BIT(PEEL)},
};

static bool is_kind(const struct nw_device *device, unsigned kinds) {
  return kinds >> device->kind & 1;
}

/* A key that does nothing here misleads, so it is pointed out, unless the kind was changed by --set:
   then the rest of the file is known to be about another device. */
static void check_uses(struct nw_compile *k) {
  const struct nw_device *device = &k->c->device;
  const struct nw_plan_value *kind = nw_plan_find(k->plan, "device.kind");
  if (kind->place.line == 0) return;
  for (size_t i = 0; i < NW_COUNT(uses); i++)
    if (!is_kind(device, uses[i].kinds) && nw_compile_given(k, "device", uses[i].name))
      nw_compile_warning(k, "device", uses[i].name, "means nothing for a device of kind %s and is ignored",
                         nw_device_kind_word(device->kind));
  if (!is_kind(device, LASERS) && nw_plan_find(k->plan, "device.laser.wavelength"))
    nw_compile_error(k, "device.laser", NULL, "belongs to a fractional laser, but the kind is %s",
                     nw_device_kind_word(device->kind));
  const struct nw_plan_value *peel = nw_plan_find(k->plan, "device.peel");
  if (!is_kind(device, BIT(PEEL)) && peel && peel->shape == NW_SHAPE_MAP)
    nw_compile_error(k, "device.peel", NULL, "belongs to a peel, but the kind is %s",
                     nw_device_kind_word(device->kind));
}

/* The preset's kind must be the plan's; the library may change other keys at will. */
static void take_preset(struct nw_compile *k, enum nw_device_kind kind) {
  struct nw_device *device = &k->c->device;
  char *name = NULL;
  if (!nw_read_text(k, "device", "preset", &name)) return;
  struct nw_device laid = *device;
  if (!nw_device_preset(name, &laid)) {
    const char *nearest = nw_key_nearest(nw_device_preset_names(), name);
    nw_compile_error(k, "device", "preset", "\"%.60s\" is not in the device library%s%s%s", name,
                     nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
  } else if (laid.kind != kind) {
    nw_compile_error(k, "device", "preset", "%s is a %s, but the kind is %s", name,
                     nw_device_kind_word(laid.kind), nw_device_kind_word(kind));
  } else {
    *device = laid;
    device->preset = name;
    return;
  }
  nw_release(name);
}

static void read_numbers(struct nw_compile *k, struct nw_device *d) {
  nw_read_quantity(k, "device", "needle_length", &d->needle_length);
  nw_read_int(k, "device", "needle_count", &d->needle_count);
  nw_read_quantity(k, "device", "needle_diameter", &d->needle_diameter);
  nw_read_quantity(k, "device", "tip_radius", &d->tip_radius);
  nw_read_quantity(k, "device", "frequency", &d->frequency);
  nw_read_quantity(k, "device", "head_width", &d->head_width);
  nw_read_quantity(k, "device", "glide_speed", &d->glide_speed);
  nw_read_quantity(k, "device", "stroke", &d->stroke);
  nw_read_quantity(k, "device", "drum_diameter", &d->drum_diameter);
  nw_read_quantity(k, "device", "drum_width", &d->drum_width);
  nw_read_int(k, "device", "rows", &d->rows);
  nw_read_quantity(k, "device", "force", &d->force);
  nw_read_int(k, "device", "passes", &d->passes);
}

static void read_laser(struct nw_compile *k, struct nw_device *d) {
  d->laser = (struct nw_laser){NAN, NAN, NAN, NAN};
  nw_read_quantity(k, "device.laser", "wavelength", &d->laser.wavelength);
  nw_read_quantity(k, "device.laser", "energy", &d->laser.energy);
  nw_read_quantity(k, "device.laser", "density", &d->laser.density);
  nw_read_quantity(k, "device.laser", "spot", &d->laser.spot);
  if (!is_kind(d, LASERS)) return;
  /* The columns of a laser stand in a square field as wide as the head. */
  const double columns = d->laser.density * d->head_width * d->head_width;
  if (columns >= 1) d->needle_count = (int)lround(columns);
  if (d->kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER && d->laser.spot > 0) d->needle_diameter = d->laser.spot;
}

static void read_peel(struct nw_compile *k, struct nw_device *d) {
  static const char *const preset[] = {
      [NW_PEEL_SUPERFICIAL] = "superficial_peel", [NW_PEEL_MEDIUM] = "medium_peel"};
  int depth = NW_PEEL_SUPERFICIAL;
  d->peel.concentration = NAN;
  nw_read_text(k, "device.peel", "agent", &d->peel.agent);
  nw_read_quantity(k, "device.peel", "concentration", &d->peel.concentration);
  const bool given = nw_read_choice(k, "device.peel", "depth", &depth);
  d->peel.depth = (enum nw_peel_depth)depth;
  struct nw_device laid = *d;
  if (d->kind == NW_DEVICE_PEEL && given && nw_device_preset(preset[depth], &laid))
    d->needle_length = laid.needle_length;
}

/* The widest length in the plan's unit, for messages. */
static double mm(double metres) {
  return nw_unit_from_si(metres, "mm");
}

/* No rule can judge a value that was refused already. */
static bool any_refused(const struct nw_compile *k, const char *const *names) {
  for (; *names; names++)
    if (nw_compile_refused(k, "device", *names)) return true;
  return false;
}

static void check_needles(struct nw_compile *k, const struct nw_device *d) {
  static const char *const judged[] = {"tip_radius", "needle_diameter", "needle_count", "head_width", NULL};
  if (any_refused(k, judged)) return;
  if (d->tip_radius > 0.5 * d->needle_diameter)
    nw_compile_error(k, "device",
                     nw_compile_given(k, "device", "tip_radius") ? "tip_radius" : "needle_diameter",
                     "a tip of radius %g um does not fit a needle of %g um diameter",
                     nw_unit_from_si(d->tip_radius, "um"), nw_unit_from_si(d->needle_diameter, "um"));
  const double field = d->head_width * d->head_width;
  if (is_kind(d, BIT(STAMP) | BIT(PEN) | BIT(RF_NEEDLE)) && !d->array_file &&
      d->needle_count * d->needle_diameter * d->needle_diameter > field)
    nw_compile_error(k, "device", nw_compile_given(k, "device", "head_width") ? "head_width" : "needle_count",
                     "%d needles of %g mm do not fit a head of %g mm", d->needle_count,
                     mm(d->needle_diameter), mm(d->head_width));
}

static void check_pen(struct nw_compile *k, struct nw_device *d) {
  static const char *const judged[] = {"stroke", "needle_length", NULL};
  if (any_refused(k, judged)) return;
  if (d->stroke >= d->needle_length * (1 - 1e-9 /* math: roundings */)) return;
  if (nw_compile_given(k, "device", "stroke"))
    nw_compile_error(
        k, "device", "stroke",
        "%g mm is shorter than the needle length of %g mm: the needles would never leave the skin",
        mm(d->stroke), mm(d->needle_length));
  else
    d->stroke = d->needle_length;
}

static void check_roller(struct nw_compile *k, const struct nw_device *d) {
  static const char *const judged[] = {"rows",          "needle_count", "needle_diameter",
                                       "drum_diameter", "drum_width",   NULL};
  if (d->rows <= 0 || any_refused(k, judged)) return;
  const bool rows = nw_compile_given(k, "device", "rows");
  if (d->needle_count % d->rows) {
    nw_compile_error(k, "device", rows ? "rows" : "needle_count", "%d needles cannot stand in %d equal rows",
                     d->needle_count, d->rows);
    return;
  }
  const double around = NW_PI * d->drum_diameter / (d->needle_count / d->rows);
  if (around < d->needle_diameter || d->drum_width / d->rows < d->needle_diameter)
    nw_compile_error(k, "device",
                     nw_compile_given(k, "device", "drum_diameter") ? "drum_diameter" : "needle_count",
                     "%d needles of %g mm in %d rows do not fit a drum of %g mm x %g mm", d->needle_count,
                     mm(d->needle_diameter), d->rows, mm(d->drum_diameter), mm(d->drum_width));
}

static void check_device(struct nw_compile *k) {
  struct nw_device *d = &k->c->device;
  check_uses(k);
  if (is_kind(d, NEEDLES)) check_needles(k, d);
  if (d->kind == NW_DEVICE_PEN) check_pen(k, d);
  if (d->kind == NW_DEVICE_ROLLER) check_roller(k, d);
  if (d->punctures_file && d->array_file)
    nw_compile_error(k, "device", "array", "means nothing beside punctures: give one of the two");
}

void nw_compile_device(struct nw_compile *k) {
  struct nw_device *d = &k->c->device;
  int kind = NW_DEVICE_NONE, anaesthetic;
  const bool known = nw_read_choice(k, "device", "kind", &kind);
  if (!known && !nw_compile_named(k, "device", "kind") && !k->plan->broken)
    nw_compile_error(k, "device", "kind",
                     "is missing; one of roller, stamp, pen, rf_needle, "
                     "fractional_ablative_laser, fractional_nonablative_laser, peel, none");
  *d = nw_device_default((enum nw_device_kind)kind);
  if (known) take_preset(k, (enum nw_device_kind)kind);
  read_numbers(k, d);
  anaesthetic = (int)d->anaesthetic;
  nw_read_choice(k, "device", "anaesthetic", &anaesthetic);
  d->anaesthetic = (enum nw_anaesthetic)anaesthetic;
  nw_read_flag(k, "device", "sterile", &d->sterile);
  nw_read_file(k, "device", "punctures", &d->punctures_file);
  nw_read_file(k, "device", "array", &d->array_file);
  read_laser(k, d);
  read_peel(k, d);
  if (known) check_device(k);
}
