/* SPDX-License-Identifier: BSD-3-Clause
   The table of what products do to the biology. */
#include "product_effect.h"

#include <string.h>

#include "product_library.h"

static const struct nw_product_effect effects[] = {
#define EFFECT(product_, mechanism_, size_, half_, evidence_, citation_, note_) \
  {product_, NW_EFFECT_##mechanism_, #size_, #half_, evidence_, citation_, note_},
#include "../../model/product_effects.def"
};

const struct nw_product_effect *nw_product_effect(const char *name) {
  const char *known = nw_product_library_name(name);
  for (size_t i = 0; known && i < NW_COUNT(effects); i++)
    if (!strcmp(effects[i].product, known)) return &effects[i];
  return NULL;
}

const char *nw_effect_mechanism_word(enum nw_effect_mechanism mechanism) {
  static const char *const word[] = {
      [NW_EFFECT_NOTHING] = "none",
      [NW_EFFECT_STIMULATED] = "holds back stimulated melanocytes",
      [NW_EFFECT_PIGMENT] = "holds back melanocytes",
      [NW_EFFECT_PLATELETS] = "brings growth factors of platelets into the dermis"};
  return word[mechanism];
}

/* 0 for the key `none`. */
static double value(const char *key, const struct nw_params *p) {
  const struct nw_param_row *row = nw_param_find(key);
  return row ? *(const double *)((const char *)p + row->offset) : 0;
}

double nw_effect_size(const struct nw_product_effect *effect, const struct nw_params *p) {
  return value(effect->size, p);
}

double nw_effect_half(const struct nw_product_effect *effect, const struct nw_params *p) {
  return value(effect->half, p);
}
