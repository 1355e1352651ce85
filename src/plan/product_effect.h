/* SPDX-License-Identifier: BSD-3-Clause
   What products do to the biology once they are in the skin: rows of model/product_effects.def. */
#pragma once
#include "base/params.h"

enum nw_effect_mechanism {
  NW_EFFECT_NOTHING,
  NW_EFFECT_STIMULATED, /* holds back melanocyte activity above that of unstimulated skin */
  NW_EFFECT_PIGMENT,    /* holds back all melanocyte activity */
  NW_EFFECT_PLATELETS   /* brings mitogen and latent TGF-beta into the dermis */
};

struct nw_product_effect {
  const char *product; /* name in the library */
  enum nw_effect_mechanism mechanism;
  const char *size, *half; /* keys of the parameters; "none" where the mechanism has none */
  int evidence;            /* 1 randomised ... 5 in vitro or assumed */
  const char *citation, *note;
};

/* By a product's name or alias; NULL: it has no row, and does nothing. */
const struct nw_product_effect *nw_product_effect(const char *name);
/* "holds back melanocytes" ... */
const char *nw_effect_mechanism_word(enum nw_effect_mechanism mechanism);
/* Largest share held back [1] and concentration in the viable epidermis of half of it [kg/m3]; 0 where the
   mechanism has none. */
double nw_effect_size(const struct nw_product_effect *effect, const struct nw_params *p);
double nw_effect_half(const struct nw_product_effect *effect, const struct nw_params *p);
