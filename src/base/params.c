/* SPDX-License-Identifier: BSD-3-Clause
   The parameter table: rows of model/params/ as data. */
#include "params.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "units.h"

/* The running section is known to the preprocessor only by position, so each row looks up the last
   section that began at or before it: rows and section marks share one counted list. */
struct listed {
  const char *section; /* set on a mark, NULL on a parameter */
  struct nw_param_row row;
};

static const struct listed list[] = {
#define PARAM_SECTION(name) {.section = #name},
#define PARAM(key_, symbol_, unit_, value_, low_, high_, kind_, citation_, note_) \
  {.row = {.key = #key_,                                                          \
           .symbol = symbol_,                                                     \
           .unit = unit_,                                                         \
           .value = value_,                                                       \
           .low = low_,                                                           \
           .high = high_,                                                         \
           .kind = NW_##kind_,                                                    \
           .citation = citation_,                                                 \
           .note = note_,                                                         \
           .offset = offsetof(struct nw_params, key_)}},
#include "../../model/params.def"
#undef PARAM
};

static struct nw_param_row rows[NW_COUNT(list)];
static size_t n_rows;

__attribute__((constructor)) static void build_rows(void) {
  const char *section = "";
  for (size_t i = 0; i < NW_COUNT(list); i++) {
    if (list[i].section) {
      section = list[i].section;
    } else {
      rows[n_rows] = list[i].row;
      rows[n_rows++].section = section;
    }
  }
}

size_t nw_param_count(void) {
  return n_rows;
}

const struct nw_param_row *nw_param_rows(void) {
  return rows;
}

const struct nw_param_row *nw_param_find(const char *key) {
  for (size_t i = 0; i < n_rows; i++)
    if (!strcmp(rows[i].key, key)) return &rows[i];
  return NULL;
}

static double *member(struct nw_params *params, const struct nw_param_row *row) {
  return (double *)((char *)params + row->offset);
}

struct nw_params nw_params_default(void) {
  struct nw_params params;
  for (size_t i = 0; i < n_rows; i++)
    nw_param_set(&params, &rows[i], rows[i].value);
  return params;
}

double nw_param_get(const struct nw_params *params, const struct nw_param_row *row) {
  double si;
  memcpy(&si, (const char *)params + row->offset, sizeof si);
  return nw_unit_from_si(si, row->unit);
}

void nw_param_set(struct nw_params *params, const struct nw_param_row *row, double value_in_unit) {
  *member(params, row) = nw_unit_to_si(value_in_unit, row->unit);
}

struct nw_params nw_params_coherent(const struct nw_params *si, double metre, double second,
                                    double kilogram) {
  struct nw_params scaled = *si;
  for (size_t i = 0; i < n_rows; i++) {
    struct nw_unit unit;
    if (!nw_unit_parse(rows[i].unit, &unit, NULL, 0)) continue;
    const struct nw_dimension d = unit.dimension;
    *member(&scaled, &rows[i]) *= pow(metre, d.metre) * pow(second, d.second) * pow(kilogram, d.kilogram);
  }
  return scaled;
}

const char *nw_param_kind_name(enum nw_param_kind kind) {
  static const char *const name[] = {"MEASURED", "DERIVED", "FITTED", "ASSUMED"};
  return name[kind];
}
