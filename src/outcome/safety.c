/* SPDX-License-Identifier: BSD-3-Clause
   Safety rules: the rows of model/safety.def over the facts of a case. */
#include "safety.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "plan/device_library.h"
#include "plan/product_library.h"

/* What the rules ask of a case, worked out once. */
struct facts {
  bool pierces, injures; /* needles enter the skin; the skin is injured at all */
  bool opens, beam;      /* channels stand open to products; a laser */
  bool medium_peel;      /* beyond the epidermis */
  size_t unrecorded;     /* products that the library does not know */
  bool inflamed;         /* skin that answers injury with more inflammation */
  bool sunny, over_bone;
  bool tearing;             /* by the computed motion */
  double length;            /* needle length, 0 for devices without needles [m] */
  double bone;              /* soft tissue over bone, INFINITY: no bone near or not computed [m] */
  double site_length;       /* deepest setting that a chart gives for the site, INFINITY: none [m] */
  double density;           /* punctures of one session per treated area, 0 when not computed [1/m2] */
  double drag;              /* lateral travel while a needle is in the skin [m] */
  double subcutis_fraction; /* of punctures that end below the dermis [1] */
};

static bool has(const struct nw_case *c, enum nw_condition condition) {
  return c->subject.conditions >> condition & 1u;
}

static double site_length(const struct nw_case *c) {
  switch (c->subject.site) {
    case NW_SITE_forehead:
    case NW_SITE_temple:
      return c->params.safety_length_forehead;
    case NW_SITE_nose:
      return c->params.safety_length_nose;
    case NW_SITE_periorbital:
      return c->params.safety_length_periorbital;
    case NW_SITE_perioral:
      return c->params.safety_length_perioral;
    case NW_SITE_cheek:
    case NW_SITE_chin:
      return c->params.safety_length_cheek;
    default:
      return INFINITY;
  }
}

static size_t unrecorded(const struct nw_case *c) {
  size_t n = 0;
  for (size_t i = 0; i < c->n_products; i++)
    n += nw_product_citation(c->products[i].name) == NULL;
  return n;
}

static double soft_tissue(const struct nw_skin *skin) {
  return skin->over_bone ? skin->stratum_corneum + skin->viable_epidermis + skin->dermis + skin->subcutis
                         : INFINITY;
}

static struct facts gather(const struct nw_case *c, const struct nw_run *run) {
  const enum nw_device_kind kind = c->device.kind;
  struct facts f = {.pierces = nw_device_has_needles(kind) && c->device.passes > 0,
                    .inflamed = c->subject.skin_type == NW_SKIN_SENSITIVE ||
                                has(c, NW_CONDITION_active_acne) || has(c, NW_CONDITION_rosacea) ||
                                has(c, NW_CONDITION_eczema),
                    .sunny = c->subject.sun_exposure >= NW_SUN_MODERATE,
                    .bone = INFINITY,
                    .unrecorded = unrecorded(c),
                    .site_length = site_length(c)};
  f.injures = f.pierces || (kind != NW_DEVICE_NONE && !nw_device_has_needles(kind));
  f.beam = f.injures && !f.pierces && kind != NW_DEVICE_PEEL;
  f.opens = f.pierces || (f.beam && kind == NW_DEVICE_FRACTIONAL_ABLATIVE_LASER);
  f.medium_peel = f.injures && kind == NW_DEVICE_PEEL && c->device.peel.depth == NW_PEEL_MEDIUM;
  if (f.pierces) f.length = c->device.needle_length;
  if (run) {
    f.over_bone = run->skin.over_bone;
    f.bone = soft_tissue(&run->skin);
    f.density = run->punctures.density;
    f.tearing = run->strikes.tearing;
    f.drag = run->strikes.drag;
    if (run->punctures.count > 0) f.subcutis_fraction = run->punctures.layer_fraction[NW_SUBCUTIS];
  }
  return f;
}

/* The caller's list; counts on when it is full, and drops texts that it cannot keep. */
struct findings {
  struct nw_finding *item;
  size_t count, capacity;
};

static void add(struct findings *list, enum nw_finding_severity severity, const char *key,
                struct nw_text *text, const char *source) {
  if (list->count < list->capacity)
    list->item[list->count] = (struct nw_finding){severity, key, nw_string_copy(text->data), source};
  list->count++;
  nw_text_clear(text);
}

#define HAS(condition) has(c, NW_CONDITION_##condition)
#define MM(metres) nw_unit_from_si(metres, "mm")
#define PER_CM2(density) nw_unit_from_si(density, "1/cm^2")
#define DAYS(seconds) nw_unit_from_si(seconds, "day")
#define PERCENT(fraction) nw_unit_from_si(fraction, "%")
#define TEXT(...) nw_text_append(&text, __VA_ARGS__)

/* The rows of one severity, in their order. */
static void apply_rules(const struct nw_case *c, const struct facts *f, enum nw_finding_severity wanted,
                        struct findings *list) {
  const struct nw_params *p = &c->params;
  struct nw_text text = {0};
#define RULE(key, severity, when, write_text, source)      \
  if (wanted == NW_FINDING_##severity && (when)) {         \
    write_text;                                            \
    add(list, NW_FINDING_##severity, #key, &text, source); \
  }
#include "../../model/safety.def"
#undef RULE
}

/* Harm that a product is known to do on open channels; the library names the source. */
static void apply_products(const struct nw_case *c, struct findings *list) {
  for (size_t i = 0; i < c->n_products; i++) {
    const char *warning = nw_product_warning(c->products[i].name);
    if (!warning) continue;
    struct nw_text text = {0};
    nw_text_append(&text, "%s on open channels: %s", c->products[i].name, warning);
    add(list, NW_FINDING_CAUTION, "product_on_channels", &text, nw_product_citation(c->products[i].name));
  }
}

size_t nw_safety_check(const struct nw_case *c, const struct nw_run *run, struct nw_finding *out,
                       size_t capacity) {
  const struct facts f = gather(c, run);
  struct findings list = {.item = out, .capacity = capacity};
  apply_rules(c, &f, NW_FINDING_CONTRAINDICATED, &list);
  if (f.opens) apply_products(c, &list);
  apply_rules(c, &f, NW_FINDING_CAUTION, &list);
  apply_rules(c, &f, NW_FINDING_NOTE, &list);
  return list.count;
}

void nw_findings_clear(struct nw_finding *finding, size_t count) {
  for (size_t i = 0; i < count; i++) {
    nw_release(finding[i].text);
    finding[i] = (struct nw_finding){0};
  }
}

const char *nw_finding_severity_name(enum nw_finding_severity severity) {
  static const char *const name[] = {"note", "caution", "contraindicated"};
  return name[severity];
}
