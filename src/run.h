/* SPDX-License-Identifier: BSD-3-Clause
   The run: everything that changes. Each stage writes only its own part; the parts stand here in
   the order of the line. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/case.h"

/* ---- skin: what the subject's site is before anything happens ---- */

enum nw_layer {
  NW_STRATUM_CORNEUM,
  NW_VIABLE_EPIDERMIS,
  NW_PAPILLARY_DERMIS,
  NW_RETICULAR_DERMIS,
  NW_SUBCUTIS
};

/* How an instrument reads the relief of this skin while its features change in size: made once from
   profiles of the height map (relief/relief_response.h), so that reading a state costs next to nothing. */
enum { NW_RELIEF_PARTS_MOST = 5, NW_RELIEF_PORE_NODES = 5 };
struct nw_relief_response {
  double start[NW_RELIEF_PARTS_MOST]; /* size of each part at which its share is 1 [m] */
  /* Ra^2 and Rz^2 = sum over i, j of form[i][j] share_i share_j [m2] */
  double ra[NW_RELIEF_PARTS_MOST][NW_RELIEF_PARTS_MOST], rz[NW_RELIEF_PARTS_MOST][NW_RELIEF_PARTS_MOST];
  /* pores that the image rule counts [1/m2] and their area [1], for openings this often the first */
  double pore_scale[NW_RELIEF_PORE_NODES], pore_count[NW_RELIEF_PORE_NODES], pore_area[NW_RELIEF_PORE_NODES];
  /* variance of that area, as the pores of a patch are a random number of random size [1] */
  double pore_variance[NW_RELIEF_PORE_NODES];
};

struct nw_skin {
  double stratum_corneum, viable_epidermis;   /* thicknesses of this subject at this site [m] */
  double papillary_dermis, dermis;            /* papillary part; whole dermis [m] */
  double subcutis;                            /* soft tissue below the dermis, down to bone or muscle [m] */
  bool over_bone;                             /* bone close below (forehead, nose, ...) */
  double elastic_modulus;                     /* by shear wave, whole skin [Pa] */
  double follicle_density, follicle_diameter; /* [1/m2], [m] */
  double tewl;                                /* baseline transepidermal water loss [kg/(m2 s)] */
  double collagen;                            /* areal collagen relative to a young adult: age and sun [1] */
  double elastin;                             /* functional elastin relative to a young adult [1] */
  double elastosis;                           /* elastotic material, 0..1 [1] */
  double fibroblasts;                         /* density relative to a young adult [1] */
  double vessels;                             /* density relative to a young adult [1] */
  double synthesis;     /* collagen synthesis relative to a young adult: age, smoking [1] */
  double inflammation;  /* reactivity of inflammation relative to normal skin: skin type [1] */
  double barrier;       /* integrity of the intact barrier relative to normal skin [1] */
  double sebum;         /* gland activity relative to normal skin [1] */
  double surface_lipid; /* usual sebum on the surface of the site, before skin type [kg/m2] */
  double tension_lines; /* direction of the lines of tension against the horizontal of the body [rad] */
  struct nw_relief_response relief;
};

/* ---- device: strikes ---- */

/* One needle meeting the skin surface. */
struct nw_strike {
  int session, pass;
  float x, y;      /* on the patch [m] */
  float angle;     /* needle axis against the surface normal at entry [rad] */
  float direction; /* of motion in the surface plane [rad] */
  float drag;      /* distance the device moves while the needle is in the skin [m] */
  uint32_t needle; /* which needle of the device */
};

struct nw_strikes {
  struct nw_strike *item;
  size_t count, capacity; /* owned */
  double density;         /* punctures of one session, all passes, per treated area [1/m2] */
  double needles_in_skin; /* at once, mean [1] */
  double drag;            /* lateral travel of the device while a needle is in the skin [m] */
  bool tearing;           /* drag exceeds the needle's diameter */
};

/* ---- puncture ---- */

struct nw_puncture {
  int session, pass;
  float x, y;                        /* [m] */
  float reach;                       /* depth of the tip below the surface [m] */
  float lumen_depth, lumen_diameter; /* what stays open after withdrawal [m] */
  float angle;                       /* [rad] */
  float slit, direction;             /* length of the surface cut [m] and its direction [rad] */
  uint8_t layer;                     /* enum nw_layer that the tip reached */
  bool bleeds;
};

struct nw_statistic {
  double mean, sd, min, max; /* [as said where it stands] */
};

struct nw_punctures {
  struct nw_puncture *item;
  size_t count, capacity;                 /* owned, ordered by session, pass, strike */
  struct nw_statistic reach, lumen_depth; /* [m] */
  double layer_fraction[NW_SUBCUTIS + 1]; /* of punctures by layer that the tip reached [1] */
  double density;                         /* of one session per treated area [1/m2] */
  double covered_fraction;                /* union of channel mouths of one session [1] */
  double overlap_fraction;                /* punctures of one session whose mouth overlaps another's [1] */
  double follicle_fraction;               /* punctures that hit a follicle [1] */
  double bleeding_density;                /* bleeding punctures of one session [1/m2] */
  bool bleeding_endpoint;                 /* dense enough to be called uniform pinpoint bleeding */
  double force;                           /* on the hand [N] */
  double pain_vas;                        /* of the worst session, 0..10 [1] */
  double buckling_margin, bending_margin; /* strength over load [1] */
  double barrier_half_life, structure_half_life; /* two clocks of closure [s] */
  bool extrapolated;                             /* denser than the biology was ever calibrated on */
};

/* ---- injury: all that the biology sees of a treatment ---- */

enum nw_injury_kind { NW_INJURY_NEEDLE, NW_INJURY_THERMAL, NW_INJURY_REMOVAL };

/* A vertical column (needle, laser) or, for NW_INJURY_REMOVAL, everything above `depth`. */
struct nw_injury {
  enum nw_injury_kind kind;
  int session;
  float x, y;         /* on the patch [m] */
  float depth;        /* of the core below the skin surface [m] */
  float core_radius;  /* core at the surface: cut, after recoil; or all that is ablated or coagulated [m] */
  float rim_radius;   /* outer radius of the sheared or heated rim [m] */
  float taper;        /* length over which the core narrows to the tip [m] */
  float mouth_radius; /* where the epidermis is cut, vaporised or dead, at the surface [m] */
  float open_radius;  /* where the horny layer is open as well; 0 under a lid that heat left in place [m] */
  float hole_depth;   /* how deep tissue is vaporised inside the open radius; 0 when none is taken away [m] */
};

struct nw_injuries {
  struct nw_injury *item;
  size_t count, capacity; /* owned, ordered by session */
};

/* ---- transport ---- */

/* One product over time, with and without needling; arrays of length n_times, owned. */
enum nw_absorbed {
  NW_ABSORBED_PEAK_FLUX,
  NW_ABSORBED_LAG,
  NW_ABSORBED_CUMULATIVE,
  NW_ABSORBED_STRATUM_CORNEUM,
  NW_ABSORBED_VIABLE_EPIDERMIS,
  NW_ABSORBED_DERMIS,
  NW_ABSORBED_BLOOD,
  NW_ABSORBED_COUNT
};

struct nw_absorption_course {
  double *flux;       /* into viable tissue, or the receptor in vitro [kg/(m2 s)] */
  double *cumulative; /* [kg/m2] */
  double *stratum_corneum, *viable_epidermis, *dermis, *blood; /* amounts [kg/m2] */
  double *open_fraction;                                       /* channels still open [1] */
  double *exposure;      /* mean concentration in the viable epidermis over time, since 0 [kg s/m3] */
  double peak_flux, lag; /* [kg/(m2 s)], [s] */
  double mass_balance;   /* largest |sum of all places - dose| / dose [1] */
  double profile_time;   /* when the profile was taken: end of contact [s] */
  double *profile;       /* (n_depths) total concentration at profile_time [kg/m3] */
  /* 90 % of peak flux, lag and the amounts at profile_time; both 0: not known [SI] */
  double interval[NW_ABSORBED_COUNT][2];
};

struct nw_absorption {
  const struct nw_product *product; /* borrowed from the case */
  size_t n_times;
  double *time; /* [s] owned */
  size_t n_depths;
  double *depth; /* cell centres below the surface [m] owned */
  struct nw_absorption_course needled, intact;
  double
      enhancement_ratio; /* amount past the stratum corneum at the end of contact, needled over intact [1] */
  double enhancement_low, enhancement_high; /* 90 % interval [1] */
  /* in three dimensions, where the plan asks for it; else empty */
  struct nw_absorption_course patch;
  size_t patch_channels;              /* punctures of the patch that conduct */
  size_t map_nx, map_ny;              /* 0: not computed in three dimensions */
  double *map_epidermis, *map_dermis; /* (ny, nx) mean concentration in the viable epidermis and in the dermis
                                         at the end of contact [kg/m3] owned */
};

/* ---- healing and skin surface: what outcome reads ---- */

/* Means of one output time. Zones: papillary = 0-400 um below the junction, reticular = the rest;
   junction = uppermost dermal cells. All over the treated area. Tissue units of fields.def. */
struct nw_tissue_state {
  double time; /* since the first injury [s] */
  double papillary[NW_FIELD_COUNT], reticular[NW_FIELD_COUNT], junction[NW_FIELD_COUNT];
  double collagen_per_area; /* whole dermis, relative to the young adult [1] */
  /* skin surface, from surface.h */
  double coverage;                          /* share of the area with closed epidermis [1] */
  double proliferative_drive;               /* G of the epidermis, 1 at rest [1] */
  double viable_epidermis, stratum_corneum; /* [m] */
  double barrier;                           /* lipid barrier q_b, 1 intact [1] */
  double open_area;                         /* open channel mouths, share of the area [1] */
  double tewl;                              /* [kg/(m2 s)] */
  double melanin[3];                        /* basal, spinous, horny, relative to own baseline total [1] */
  double melanin_dermal;                    /* dropped into the dermis, same scale [1] */
  double melanin_lesion, dermal_lesion; /* of epidermis and dermis in a pigmented lesion, same scale [1] */
  double melanin_surround, dermal_surround; /* same, of the skin around it, treated alike [1] */
  double melanocyte_activity;               /* mu [1] */
  double sebum_surface, sebum_gland;        /* [kg/m2], gland activity [1] */
  double petechiae;                         /* bleeding spots still visible [1/m2] */
  double flare; /* injured skin per area whose vasoactive mediators are not yet gone [m] */
};

struct nw_tissue_history {
  struct nw_tissue_state *item;
  size_t count, capacity; /* owned */
};

struct nw_healing_state; /* fields on the grid: healing.h */

/* Kept for pictures: a vertical section at mid y, and maps of the surface. */
struct nw_section {
  double time;                  /* since the first injury [s] */
  float *field[NW_FIELD_COUNT]; /* (nz, nx) [unit of fields.def] owned */
  float *coverage, *melanin;    /* (ny, nx) closed epidermis; relative to its baseline [1] owned */
};
struct nw_picture_store {
  size_t nx, ny, nz;
  double *x_edge, *y_edge, *z_edge; /* [mm], z below the junction; owned */
  struct nw_section *item;
  size_t count, capacity; /* owned, in order of time */
};

/* ---- outcome ---- */

enum nw_outcome {
#define OUTCOME(key, ...) NW_OUTCOME_##key,
#include "../model/outcomes.def"
#undef OUTCOME
  NW_OUTCOME_COUNT
};

/* What raters would say of many persons with this plan (outcome/rater.h); shares of persons [1]. */
enum { NW_RATING_GRADES_MOST = 6 };
struct nw_rating {
  bool present;
  size_t grades; /* of a scale of whole grades; 0: a score */
  int lowest;    /* the first grade */
  double before[NW_RATING_GRADES_MOST], after[NW_RATING_GRADES_MOST]; /* (grades) [1] */
  double responders, untreated_responders; /* the latter by the errors of raters and by time alone [1] */
};

struct nw_outcome_value {
  bool present;                      /* a key that is not computed is absent, never 0 */
  double baseline, final, untreated; /* [unit of outcomes.def] */
  double change_pct, change;         /* NAN where not meaningful [%], [unit] */
  double effect_pct;                 /* final against untreated; NAN where not meaningful [%] */
  double low, high;                  /* 90 % interval of final, a new person [unit] */
  double mean_low, mean_high;        /* 90 % interval of final, a population mean [unit] */
  int evidence;                      /* 1..5 */
  struct nw_rating rating;           /* of clinical scales, with the intervals */
};

struct nw_timeline {
  size_t n_rows, capacity;
  double *time;                      /* (n_rows) since the first injury [s] owned */
  double (*value)[NW_OUTCOME_COUNT]; /* (n_rows) NAN where absent [unit of outcomes.def] owned */
};

struct nw_safety {
  double downtime;      /* [s] */
  double erythema_peak; /* erythema index above baseline [AU] */
  double pih_risk;      /* probability of post-inflammatory hyperpigmentation [1] */
  double redness;       /* longest that redness shows after a session [s] */
  /* probabilities of adverse courses (outcome/adverse.h) [1] */
  double prolonged_erythema, infection, tram_track, milia;
};

struct nw_checks {
  double mass_residual;  /* largest relative residual of the balance of fields, all steps [1] */
  double positivity;     /* most negative value met, relative to the field's scale [1] */
  double closure;        /* residual of the rest state [1] */
  double stability_gain; /* S2: must stay below 1 [1] */
};

struct nw_cost {
  double wall;                   /* of the whole run [s] */
  size_t cells, steps, rejected; /* of the healing stage */
  double peak_bytes;             /* most memory that was held at once [byte] */
};

struct nw_run {
  const struct nw_case *c; /* borrowed */
  struct nw_skin skin;
  struct nw_strikes strikes;
  struct nw_punctures punctures;
  struct nw_injuries injuries;
  struct nw_absorption *absorption;          /* owned (n_products) */
  struct nw_healing_state *healing;          /* owned */
  struct nw_tissue_history tissue;           /* at the output times, treated */
  struct nw_tissue_history tissue_untreated; /* same times, device none */
  struct nw_picture_store pictures;
  struct nw_timeline timeline;
  struct nw_outcome_value outcome[NW_OUTCOME_COUNT];
  struct nw_safety safety;
  struct nw_checks checks;
  struct nw_cost cost;
};

/* Frees what a run owns, whatever stages it went through, and leaves it empty. */
void nw_run_clear(struct nw_run *run);
/* The same and the run itself; sets the pointer to NULL, which is fine to begin with. */
void nw_run_free(struct nw_run **run);
