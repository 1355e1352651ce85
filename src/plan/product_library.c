/* SPDX-License-Identifier: BSD-3-Clause
   The product library: rows of model/products.def by name or alias. */
#include "product_library.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"

enum product_class { ACID, BASE, ZWITTERION, NEUTRAL, CATION, POLYMER, PROTEIN };
enum product_grade { A, B, K };

struct product_row {
  const char *name, *aliases;
  double mass;               /* molar mass [Da] */
  double log_kow;            /* [1] */
  double pka_acid, pka_base; /* NAN: none [1] */
  enum product_class klass;
  enum product_grade grade;
  const char *citation, *warning;
};

#define NONE NAN
static const struct product_row library[] = {
#define PRODUCT(name_, aliases_, mass_, log_kow_, pka_acid_, pka_base_, klass_, grade_, citation_, warning_) \
  {name_, aliases_, mass_, log_kow_, pka_acid_, pka_base_, klass_, grade_, citation_, warning_},
#include "../../model/products.def"
};

static const char *const names[] = {
#define PRODUCT(name_, ...) name_,
#include "../../model/products.def"
    NULL};

static bool alias_matches(const char *aliases, const char *name) {
  const size_t length = strlen(name);
  for (const char *start = aliases; *start;) {
    const size_t span = strcspn(start, "|");
    if (span == length && span > 0 && !strncasecmp(start, name, span)) return true;
    start += span + (start[span] == '|');
  }
  return false;
}

static const struct product_row *find(const char *name) {
  if (!name) return NULL;
  for (size_t i = 0; i < NW_COUNT(library); i++)
    if (!strcasecmp(library[i].name, name) || alias_matches(library[i].aliases, name)) return &library[i];
  return NULL;
}

bool nw_product_preset(const char *name, struct nw_product *product) {
  const struct product_row *row = find(name);
  if (!row) return false;
  product->in_library = true;
  product->molar_mass = nw_unit_to_si(row->mass, "Da");
  product->log_kow = row->log_kow;
  product->pka_acid = row->pka_acid;
  product->pka_base = row->pka_base;
  return true;
}

const char *const *nw_product_preset_names(void) {
  return names;
}

const char *nw_product_warning(const char *name) {
  const struct product_row *row = find(name);
  return row ? row->warning : NULL;
}

const char *nw_product_library_name(const char *name) {
  const struct product_row *row = find(name);
  return row ? row->name : NULL;
}

const char *nw_product_citation(const char *name) {
  const struct product_row *row = find(name);
  return row ? row->citation : NULL;
}
