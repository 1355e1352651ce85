/* SPDX-License-Identifier: BSD-3-Clause
   The case: a plan compiled to SI, checked, and constant for ever after. Stages read it only. */
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/params.h"

enum nw_sex { NW_FEMALE, NW_MALE };
enum nw_skin_type { NW_SKIN_NORMAL, NW_SKIN_DRY, NW_SKIN_OILY, NW_SKIN_COMBINATION, NW_SKIN_SENSITIVE };
enum nw_sun { NW_SUN_NONE, NW_SUN_LOW, NW_SUN_MODERATE, NW_SUN_HIGH };
enum nw_operator { NW_PHYSICIAN, NW_NURSE, NW_AESTHETICIAN, NW_ACUPUNCTURIST, NW_SELF };
enum nw_anaesthetic { NW_ANAESTHETIC_NONE, NW_ANAESTHETIC_CREAM, NW_ANAESTHETIC_STRONG_CREAM };
/* What brings the product: a vehicle, or the needles themselves. */
enum nw_product_form { NW_FORM_TOPICAL, NW_FORM_COATED, NW_FORM_DISSOLVING, NW_FORM_HYDROGEL };
enum nw_product_time { NW_BEFORE, NW_DURING, NW_AFTER };

enum nw_device_kind {
  NW_DEVICE_ROLLER,
  NW_DEVICE_STAMP,
  NW_DEVICE_PEN,
  NW_DEVICE_RF_NEEDLE,
  NW_DEVICE_FRACTIONAL_ABLATIVE_LASER,
  NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER,
  NW_DEVICE_PEEL,
  NW_DEVICE_NONE
};

enum nw_site_name {
#define SITE(key, ...) NW_SITE_##key,
#include "../../model/sites.def"
#undef SITE
  NW_SITE_COUNT
};

/* Closed list of conditions of the subject; bit i of nw_subject.conditions. */
/* clang-format off */
#define NW_CONDITIONS(X)                                                                          \
  X(active_acne) X(isotretinoin) X(keloid_history) X(herpes_history) X(anticoagulants)            \
  X(diabetes) X(pregnancy) X(immunosuppressed) X(eczema) X(psoriasis) X(vitiligo) X(infection)    \
  X(rosacea) X(open_wound) X(metal_allergy) X(haemostatic_disorder) X(recent_procedure)           \
  X(skin_cancer) X(actinic_keratosis)
/* clang-format on */
enum nw_condition {
#define X(name) NW_CONDITION_##name,
  NW_CONDITIONS(X)
#undef X
      NW_CONDITION_COUNT
};

struct nw_subject {
  double age; /* [y] */
  enum nw_sex sex;
  int phototype; /* Fitzpatrick phototype 1..6 */
  enum nw_skin_type skin_type;
  bool skin_thin, acne_prone, ageing, smoker;
  enum nw_site_name site;
  enum nw_sun sun_exposure;
  double uv_dose;      /* daily ultraviolet dose that follows from sun_exposure or is given [MED/d] */
  uint32_t conditions; /* bits by enum nw_condition */
};

enum nw_concern_kind {
  NW_CONCERN_ACNE_SCAR,
  NW_CONCERN_SURGICAL_SCAR,
  NW_CONCERN_WRINKLE,
  NW_CONCERN_PORES,
  NW_CONCERN_MELASMA,
  NW_CONCERN_LENTIGO,
  NW_CONCERN_PIH,
  NW_CONCERN_STRETCH_MARK,
  NW_CONCERN_TEXTURE,
  NW_CONCERN_LAXITY,
  NW_CONCERN_PHOTOAGEING,
  NW_CONCERN_DULLNESS,
  NW_CONCERN_KIND_COUNT
};
enum nw_concern_type {
  NW_TYPE_NONE,
  NW_TYPE_ROLLING,
  NW_TYPE_BOXCAR,
  NW_TYPE_ICE_PICK,
  NW_TYPE_FINE,
  NW_TYPE_DEEP,
  NW_TYPE_EPIDERMAL,
  NW_TYPE_DERMAL,
  NW_TYPE_MIXED,
  NW_TYPE_RED,
  NW_TYPE_WHITE
};

struct nw_concern {
  enum nw_concern_kind kind;
  enum nw_concern_type type; /* NW_TYPE_NONE where the kind has none */
  double width, depth;       /* 0 when not given: the feature's default holds [m] */
};

/* As the plan gives them; NAN where it does not. */
struct nw_laser {
  double wavelength; /* [m] */
  double energy;     /* of one pulse [J] */
  double density;    /* columns per area and pass [1/m2] */
  double spot;       /* diameter of the beam on the skin [m] */
};
enum nw_peel_depth { NW_PEEL_SUPERFICIAL, NW_PEEL_MEDIUM };
struct nw_peel {
  char *agent;          /* owned by the case, NULL when not given */
  double concentration; /* NAN when not given [1] */
  enum nw_peel_depth depth;
};

struct nw_device {
  enum nw_device_kind kind;
  char *preset;         /* owned by the case, NULL when none */
  double needle_length; /* nominal length or pen setting [m] */
  int needle_count;
  double needle_diameter;           /* base diameter [m] */
  double tip_radius;                /* [m] */
  double frequency;                 /* pen: strokes per second [Hz] */
  double head_width;                /* pen, stamp [m] */
  double glide_speed;               /* pen, roller [m/s] */
  double stroke;                    /* pen [m] */
  double drum_diameter, drum_width; /* roller [m] */
  int rows;     /* roller: rows of needles across the drum, each a ring around it; 0 = from count */
  double force; /* roller, stamp: on the hand; 0 = what full insertion needs [N] */
  enum nw_anaesthetic anaesthetic;
  int passes;
  bool sterile;
  char *punctures_file;  /* owned by the case, NULL: use kinematics */
  char *array_file;      /* owned by the case, NULL: needle positions by kind and count */
  struct nw_laser laser; /* fractional lasers */
  struct nw_peel peel;   /* peels */
};

struct nw_product {
  char *name;  /* owned by the case */
  char *label; /* in results, where the name does not tell it from others; NULL: the name; owned */
  bool in_library;
  double molar_mass;         /* [kg/mol] */
  double log_kow;            /* of the neutral form [1] */
  double pka_acid, pka_base; /* NAN when it has none [1] */
  double concentration;      /* in the vehicle [kg/m3] */
  double solubility;         /* in the vehicle; INFINITY when not limiting [kg/m3] */
  double vehicle_ph;         /* [1] */
  double dose;               /* volume per area; INFINITY for an infinite dose [m3/m2] */
  double duration;           /* contact time before wash-off; INFINITY: never [s] */
  enum nw_product_time when;
  double delay; /* between session and application, either way; 0: not given [s] */
  bool occluded;
  int doses, sessions;    /* doses a session; sessions followed; 0 counts as 1 */
  double dose_interval;   /* [s] */
  double volatile_share;  /* of the vehicle; NAN: the parameter's [1] */
  double vapour_pressure; /* of the product itself; 0: it stays [Pa] */
  double follicle_share;  /* of the dose [1] */
  enum nw_product_form form;
  double needle_load;       /* mass in each needle [kg] */
  double release_half_life; /* from the needles; NAN: usual of the form [s] */
  /* measured values that override the correlations; NAN: use the correlation */
  double diffusivity_stratum_corneum, diffusivity_viable_epidermis, diffusivity_dermis; /* [m2/s] */
  double partition_stratum_corneum, partition_viable_epidermis, partition_dermis;       /* to water [1] */
  double sites_viable_epidermis, sites_dermis; /* that bind it, as what they hold when full [kg/m3] */
  double half_bound;                           /* in tissue water, where half of them are taken [kg/m3] */
  double channel_flow;                         /* of fluid in open channels, inwards [m/s] */
};

/* Among the initialisers of a product: nobody has measured it, the correlations hold. */
#define NW_PRODUCT_UNMEASURED                                                                         \
  .diffusivity_stratum_corneum = NAN, .diffusivity_viable_epidermis = NAN, .diffusivity_dermis = NAN, \
  .partition_stratum_corneum = NAN, .partition_viable_epidermis = NAN, .partition_dermis = NAN

/* What results call a product. */
const char *nw_product_title(const struct nw_product *product);

struct nw_course {
  int sessions;
  double interval;    /* between sessions [s] */
  double follow_up;   /* after the last session [s] */
  double maintenance; /* interval of upkeep sessions in the follow-up; 0 = none [s] */
};

enum nw_experiment_skin { NW_SKIN_HUMAN, NW_SKIN_PIG_EAR, NW_SKIN_RAT, NW_SKIN_MOUSE, NW_SKIN_SILICONE };
struct nw_experiment {
  bool present; /* an in-vitro permeation experiment takes the place of a course */
  enum nw_experiment_skin skin;
  double thickness, area;       /* [m], [m2] */
  double receptor_volume;       /* INFINITY: perfect sink [m3] */
  double duration, temperature; /* [s], [K] */
};

struct nw_aftercare {
  bool sunscreen, moisturiser, gentle_cleansing;
  double sun_avoidance; /* [s] */
};

enum nw_absorption_kind { NW_ABSORPTION_COLUMN, NW_ABSORPTION_PATCH };
struct nw_patch {
  double width, height; /* x and y extents [m] */
  double resolution;    /* lateral cell size [m] */
  uint64_t seed;
  enum nw_absorption_kind absorption; /* of products: by columns, or in three dimensions besides */
};

/* What the biology computes on the grid: rows of model/fields.def. */
enum nw_field {
#define FIELD(key, ...) NW_FIELD_##key,
#include "../../model/fields.def"
#undef FIELD
  NW_FIELD_COUNT
};

struct nw_output_spec {
  double every;  /* [s] */
  double *times; /* owned by the case: more output times after the first session [s] */
  size_t n_times;
  uint32_t fields; /* bits by enum nw_field: written to fields.h5 */
  bool melanin;    /* the melanin map too */
  bool pictures;   /* of the skin surface, as files */
};

/* A parameter that the user overrode, for provenance. */
struct nw_override {
  const struct nw_param_row *row;
  double value; /* [row unit] */
};

struct nw_case {
  char *title, *plan_path; /* owned */
  char *plan_text;         /* owned: the file as read, for provenance */
  struct nw_subject subject;
  struct nw_concern *concerns;
  size_t n_concerns; /* owned */
  struct nw_device device;
  enum nw_operator operator_role;
  struct nw_product *products;
  size_t n_products; /* owned */
  struct nw_course course;
  struct nw_experiment experiment;
  struct nw_aftercare aftercare;
  struct nw_patch patch;
  struct nw_output_spec output;
  struct nw_params params; /* defaults with the overrides applied, SI */
  struct nw_override *overrides;
  size_t n_overrides; /* owned */
};

/* Compiles a plan: every key to SI, defaults filled in (device.preset first), ranges and impossible
   combinations checked, all mistakes reported in the context at once with their positions.
   NW_BAD_PLAN when there was one; *out is then NULL. */
enum nw_status nw_case_create(struct nw_context *context, const struct nw_plan *plan, struct nw_case **out);
void nw_case_free(struct nw_case **c);

/* First concern of a kind; NULL when the plan has none. */
const struct nw_concern *nw_case_concern(const struct nw_case *c, enum nw_concern_kind kind);
/* Sessions of the course, upkeep sessions of the follow-up included; 1 in an experiment. */
int nw_case_session_count(const struct nw_case *c);
/* When session 0, 1, ... is held, since the first [s]. */
double nw_case_session_time(const struct nw_case *c, int session);

/* Words as the plan file writes them ("pen", "periorbital", "boxcar", "IV"). */
const char *nw_device_kind_word(enum nw_device_kind kind);
const char *nw_site_word(enum nw_site_name site);
const char *nw_concern_kind_word(enum nw_concern_kind kind);
const char *nw_concern_type_word(enum nw_concern_type type);
const char *nw_condition_word(enum nw_condition condition);
const char *nw_operator_word(enum nw_operator role);
const char *nw_phototype_word(int phototype);
const char *nw_skin_type_word(enum nw_skin_type type);
const char *nw_sun_word(enum nw_sun sun);
