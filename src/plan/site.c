/* SPDX-License-Identifier: BSD-3-Clause
   Sites of the body: the table. */
#include "site.h"

static const struct nw_site sites[NW_SITE_COUNT] = {
#define SITE(key, sc, ve, women, men, fat, bone, modulus, follicle, lipid, loss, red, coarse, lines, \
             citation_, note)                                                                        \
  [NW_SITE_##key] = {.stratum_corneum = sc,                                                          \
                     .viable_epidermis = ve,                                                         \
                     .dermis_women = women,                                                          \
                     .dermis_men = men,                                                              \
                     .subcutis = fat,                                                                \
                     .over_bone = bone,                                                              \
                     .elastic_modulus = modulus,                                                     \
                     .follicles = follicle,                                                          \
                     .sebum = lipid,                                                                 \
                     .tewl = loss,                                                                   \
                     .blood = red,                                                                   \
                     .relief = coarse,                                                               \
                     .tension = lines,                                                               \
                     .citation = citation_},
#include "../../model/sites.def"
#undef SITE
};

const struct nw_site *nw_site_row(enum nw_site_name site) {
  return &sites[site];
}
