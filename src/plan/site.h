/* SPDX-License-Identifier: BSD-3-Clause
   Sites of the body: rows of model/sites.def, in the units of the table. */
#pragma once
#include "case.h"

struct nw_site {
  double stratum_corneum, viable_epidermis, dermis_women, dermis_men; /* [um] */
  double subcutis;                                                    /* [mm] */
  bool over_bone;
  double elastic_modulus; /* [kPa] */
  double follicles;       /* [1/cm2] */
  double sebum;           /* [ug/cm2] */
  double tewl;            /* [g/(m2 h)] */
  double blood, relief;   /* of the upper dermis, Ra of the lines; relative to the cheek [1] */
  double tension;         /* direction of the lines of tension [deg] */
  const char *citation;   /* keys of the bibliography, separated by spaces */
};

/* Borrowed from the program. */
const struct nw_site *nw_site_row(enum nw_site_name site);
