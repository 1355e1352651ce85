/* SPDX-License-Identifier: BSD-3-Clause
   The device library: rows of model/devices.def, and the defaults of each kind. */
#include "device_library.h"

#include <string.h>

#include "base/units.h"

/* One row of the library, in the units of model/devices.def. */
struct library_row {
  const char *name;
  enum nw_device_kind kind;
  double needle_length, needle_diameter, tip_radius;    /* [um] */
  double frequency;                                     /* [Hz] */
  double head_width, stroke, drum_diameter, drum_width; /* [mm] */
  double glide_speed;                                   /* [mm/s] */
  int needle_count, rows, passes;
};

static const struct library_row library[] = {
#define DEVICE(key, kind_, length_um, count, diameter_um, tip_um, frequency_hz, head_mm, glide_mm_s, \
               stroke_mm, drum_mm, width_mm, rows_, passes_, citation, note)                         \
  {.name = #key,                                                                                     \
   .kind = NW_DEVICE_##kind_,                                                                        \
   .needle_length = length_um,                                                                       \
   .needle_count = count,                                                                            \
   .needle_diameter = diameter_um,                                                                   \
   .tip_radius = tip_um,                                                                             \
   .frequency = frequency_hz,                                                                        \
   .head_width = head_mm,                                                                            \
   .glide_speed = glide_mm_s,                                                                        \
   .stroke = stroke_mm,                                                                              \
   .drum_diameter = drum_mm,                                                                         \
   .drum_width = width_mm,                                                                           \
   .rows = rows_,                                                                                    \
   .passes = passes_},
#include "../../model/devices.def"
#undef DEVICE
};

static const char *const names[] = {
#define DEVICE(key, ...) #key,
#include "../../model/devices.def"
#undef DEVICE
    NULL};

const char *const *nw_device_preset_names(void) {
  return names;
}

static void lay_over(const struct library_row *row, struct nw_device *device) {
  device->kind = row->kind;
  device->needle_length = nw_unit_to_si(row->needle_length, "um");
  device->needle_count = row->needle_count;
  device->needle_diameter = nw_unit_to_si(row->needle_diameter, "um");
  device->tip_radius = nw_unit_to_si(row->tip_radius, "um");
  device->frequency = row->frequency;
  device->head_width = nw_unit_to_si(row->head_width, "mm");
  device->glide_speed = nw_unit_to_si(row->glide_speed, "mm/s");
  device->stroke = nw_unit_to_si(row->stroke, "mm");
  device->drum_diameter = nw_unit_to_si(row->drum_diameter, "mm");
  device->drum_width = nw_unit_to_si(row->drum_width, "mm");
  device->rows = row->rows;
  device->passes = row->passes;
}

bool nw_device_preset(const char *name, struct nw_device *device) {
  for (size_t i = 0; i < NW_COUNT(library); i++) {
    if (strcmp(library[i].name, name) != 0) continue;
    lay_over(&library[i], device);
    return true;
  }
  return false;
}

struct nw_device nw_device_default(enum nw_device_kind kind) {
  struct nw_device device = {.kind = kind, .anaesthetic = NW_ANAESTHETIC_CREAM, .sterile = true};
  /* the first row of a kind is named after it (tested) */
  for (size_t i = 0; i < NW_COUNT(library); i++) {
    if (library[i].kind != kind) continue;
    lay_over(&library[i], &device);
    break;
  }
  return device;
}

bool nw_device_has_needles(enum nw_device_kind kind) {
  return kind == NW_DEVICE_ROLLER || kind == NW_DEVICE_STAMP || kind == NW_DEVICE_PEN ||
         kind == NW_DEVICE_RF_NEEDLE;
}
