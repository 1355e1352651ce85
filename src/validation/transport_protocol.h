/* SPDX-License-Identifier: BSD-3-Clause
   Experiments of published absorption studies, run on the column of transport. */
#pragma once
#include "plan/case.h"

struct nw_transport_molecule {
  const char *name;
  double mass;               /* [Da] */
  double log_kow;            /* [1] */
  double pka_acid, pka_base; /* NAN: none [1] */
};

/* In the units of the studies; 0 is none unless it says otherwise. */
struct nw_transport_protocol {
  const struct nw_transport_molecule *molecule;
  double ph;            /* of the donor; 0: it takes the neutral form */
  double concentration; /* [mg/mL] */
  double dose;          /* 0: endless, below 0: no vehicle [uL/cm^2] */
  double contact;       /* 0: to the end [h] */
  double dries;         /* share of the donor that does [1] */
  bool occluded;
  enum nw_experiment_skin skin;
  double thickness; /* [um] */
  bool alive;       /* blood carries away, channels close */
  bool bare;        /* stratum corneum removed */
  enum nw_device_kind device;
  double density;       /* channels or needles; 0: intact [1/cm^2] */
  double radius, depth; /* of a channel [um] */
  enum nw_product_form form;
  double load;    /* in all needles [ug/cm^2] */
  double release; /* half-life; 0: usual of the form [h] */
};

enum nw_transport_measure {
  NW_MEASURE_KP,     /* steady permeability of intact skin [m/s] */
  NW_MEASURE_PASSED, /* into the receptor, or past the stratum corneum in living skin [kg/m2] */
  NW_MEASURE_PAST,   /* past the stratum corneum [kg/m2] */
  NW_MEASURE_SHARE,  /* of what was given, in the receptor [1] */
  NW_MEASURE_FLUX,   /* [kg/(m2 s)] */
  NW_MEASURE_PEAK,   /* largest flux past the stratum corneum so far [kg/(m2 s)] */
  NW_MEASURE_LAG,    /* of the steepest tangent so far [s] */
  NW_MEASURE_TISSUE  /* mean concentration in viable tissue [kg/m3] */
};

/* One reading of an experiment after so many hours; NAN when the solver failed. */
double nw_transport_measured(const struct nw_params *p, const struct nw_transport_protocol *protocol,
                             enum nw_transport_measure measure, double hours);
