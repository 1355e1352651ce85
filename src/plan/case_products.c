/* SPDX-License-Identifier: BSD-3-Clause
   Products of a plan: by name from the library, by numbers, or a library product with own numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case_compile.h"
#include "product_library.h"

static void set_unknown(struct nw_product *product) {
  *product = (struct nw_product){.molar_mass = NAN,
                                 .log_kow = NAN,
                                 .pka_acid = NAN,
                                 .pka_base = NAN,
                                 .solubility = INFINITY,
                                 .volatile_share = NAN,
                                 .release_half_life = NAN,
                                 NW_PRODUCT_UNMEASURED};
}

/* A library row fills in what it knows; its name stays the plan's. */
static void take_preset(struct nw_product *product) {
  char *name = product->name, *label = product->label;
  product->in_library = nw_product_preset(name, product);
  product->name = name;
  product->label = label;
}

static void read_numbers(struct nw_compile *k, const char *section, struct nw_product *p) {
  nw_read_quantity(k, section, "molar_mass", &p->molar_mass);
  nw_read_quantity(k, section, "log_kow", &p->log_kow);
  nw_read_quantity(k, section, "pka_acid", &p->pka_acid);
  nw_read_quantity(k, section, "pka_base", &p->pka_base);
  nw_read_quantity(k, section, "solubility", &p->solubility);
  nw_read_quantity(k, section, "vehicle_ph", &p->vehicle_ph);
  nw_read_quantity(k, section, "concentration", &p->concentration);
  nw_read_quantity(k, section, "diffusivity_stratum_corneum", &p->diffusivity_stratum_corneum);
  nw_read_quantity(k, section, "diffusivity_viable_epidermis", &p->diffusivity_viable_epidermis);
  nw_read_quantity(k, section, "diffusivity_dermis", &p->diffusivity_dermis);
  nw_read_quantity(k, section, "partition_stratum_corneum", &p->partition_stratum_corneum);
  nw_read_quantity(k, section, "partition_viable_epidermis", &p->partition_viable_epidermis);
  nw_read_quantity(k, section, "partition_dermis", &p->partition_dermis);
  nw_read_quantity(k, section, "sites_viable_epidermis", &p->sites_viable_epidermis);
  nw_read_quantity(k, section, "sites_dermis", &p->sites_dermis);
  nw_read_quantity(k, section, "half_bound", &p->half_bound);
}

static void read_use(struct nw_compile *k, const char *section, struct nw_product *p) {
  int when = 0, word = -1;
  nw_read_choice(k, section, "when", &when);
  p->when = (enum nw_product_time)when;
  nw_read_mixed(k, section, "dose", &word, &p->dose);
  if (word >= 0) p->dose = INFINITY;
  nw_read_mixed(k, section, "duration", &word, &p->duration);
  if (word >= 0) p->duration = INFINITY;
  nw_read_flag(k, section, "occluded", &p->occluded);
  nw_read_quantity(k, section, "delay", &p->delay);
  nw_read_int(k, section, "applications", &p->doses);
  nw_read_quantity(k, section, "every", &p->dose_interval);
  nw_read_int(k, section, "sessions", &p->sessions);
  nw_read_quantity(k, section, "volatile_share", &p->volatile_share);
  nw_read_quantity(k, section, "vapour_pressure", &p->vapour_pressure);
  nw_read_quantity(k, section, "follicle_share", &p->follicle_share);
  nw_read_quantity(k, section, "channel_flow", &p->channel_flow);
}

/* Needles that bring a product need its mass, and have a vehicle above them only where one is given. */
static void read_form(struct nw_compile *k, const char *section, struct nw_product *p) {
  int form = 0;
  nw_read_choice(k, section, "form", &form);
  p->form = (enum nw_product_form)form;
  nw_read_quantity(k, section, "needle_load", &p->needle_load);
  nw_read_quantity(k, section, "release_half_life", &p->release_half_life);
  if (p->form == NW_FORM_TOPICAL) {
    if (nw_compile_given(k, section, "needle_load"))
      nw_compile_error(k, section, "needle_load", "needs a form: coated, dissolving or hydrogel");
    return;
  }
  if (!nw_compile_named(k, section, "dose")) p->dose = 0;
  if (!nw_compile_named(k, section, "needle_load") && p->form != NW_FORM_HYDROGEL)
    nw_compile_error(k, section, "form", "needles that bring the product need their needle_load");
  if (p->form == NW_FORM_HYDROGEL && !(p->needle_load > 0) && !(p->dose > 0))
    nw_compile_error(k, section, "form", "a hydrogel needs a needle_load, or a dose above it");
}

static void check_known(struct nw_compile *k, const char *section, const struct nw_product *p) {
  const bool mass = nw_compile_named(k, section, "molar_mass"), kow = nw_compile_named(k, section, "log_kow");
  if (p->in_library || (mass && kow)) return;
  const char *nearest = nw_key_nearest(nw_product_preset_names(), p->name);
  nw_compile_error(k, section, "name", "\"%.60s\" is not in the product library%s%s%s; %s give its %s",
                   p->name, nearest ? " (did you mean " : "", nearest ? nearest : "", nearest ? "?)" : "",
                   nearest ? "else" : "so",
                   mass  ? "log_kow"
                   : kow ? "molar_mass"
                         : "molar_mass and log_kow");
}

static void check_product(struct nw_compile *k, const char *section, const struct nw_product *p) {
  if (isfinite(p->solubility) && p->concentration > p->solubility &&
      nw_compile_given(k, section, "solubility"))
    nw_compile_warning(k, section, "concentration",
                       "is above the solubility: what is not dissolved waits in the vehicle");
  if ((p->sites_viable_epidermis > 0 || p->sites_dermis > 0) && !nw_compile_named(k, section, "half_bound"))
    nw_compile_error(k, section, "half_bound",
                     "binding sites need the concentration at which half are taken");
  if (p->when == NW_BEFORE && nw_compile_given(k, section, "when") && !isfinite(p->duration))
    nw_compile_error(k, section, "duration",
                     "a product from before the session cannot stay on for ever: give a duration");
}

/* Three dimensions know one dose of a vehicle, as diffusion carries it. */
static void check_dimensions(struct nw_compile *k, const char *section, const struct nw_product *p) {
  const struct {
    const char *key;
    bool wrong;
  } beyond[] = {{"form", p->form != NW_FORM_TOPICAL},
                {"applications", p->doses > 1},
                {"sessions", p->sessions > 1},
                {"channel_flow", p->channel_flow != 0},
                {"sites_dermis", p->sites_dermis > 0},
                {"sites_viable_epidermis", p->sites_viable_epidermis > 0},
                {"follicle_share", p->follicle_share > 0}};
  for (size_t i = 0; i < NW_COUNT(beyond); i++)
    if (beyond[i].wrong)
      nw_compile_error(k, section, beyond[i].key,
                       "patch.absorption: patch follows one application of a vehicle; this needs column");
}

static void compile_product(struct nw_compile *k, size_t index) {
  char section[32];
  snprintf(section, sizeof section, "products.%zu", index);
  struct nw_product *p = &k->c->products[index];
  set_unknown(p);
  nw_read_text(k, section, "name", &p->name);
  nw_read_text(k, section, "label", &p->label);
  if (k->no_memory) return;
  if (p->name)
    take_preset(p);
  else if (!nw_compile_named(k, section, "name") && !k->plan->broken)
    nw_compile_error(k, section, NULL, "a product needs its name, such as name: L-ascorbic acid");
  read_numbers(k, section, p);
  read_use(k, section, p);
  read_form(k, section, p);
  if (p->name) check_known(k, section, p);
  check_product(k, section, p);
  if (k->c->patch.absorption == NW_ABSORPTION_PATCH) check_dimensions(k, section, p);
}

const char *nw_product_title(const struct nw_product *product) {
  return product->label ? product->label : product->name;
}

/* Results are told apart by name, so a product given again at the same time needs a label. */
static void check_twins(struct nw_compile *k) {
  for (size_t i = 0; i < k->c->n_products; i++) {
    const struct nw_product *p = &k->c->products[i];
    for (size_t j = 0; j < i && p->name; j++) {
      const struct nw_product *other = &k->c->products[j];
      if (!other->name || strcmp(nw_product_title(p), nw_product_title(other)) || p->when != other->when)
        continue;
      char section[32];
      snprintf(section, sizeof section, "products.%zu", i);
      nw_compile_error(
          k, section, "name",
          "\"%.60s\" is given twice at the same time; the first is item %zu; a label tells them apart",
          nw_product_title(p), j + 1);
      break;
    }
  }
}

void nw_compile_products(struct nw_compile *k) {
  const size_t count = nw_plan_list_length(k->plan, "products");
  if (count == 0) return;
  k->c->products = nw_allocate(count, sizeof *k->c->products);
  if (!k->c->products) {
    k->no_memory = true;
    return;
  }
  k->c->n_products = count;
  for (size_t i = 0; i < count; i++)
    compile_product(k, i);
  check_twins(k);
}
