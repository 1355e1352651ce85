/* SPDX-License-Identifier: BSD-3-Clause
   From a case to the column that is solved. */
#pragma once
#include "column.h"
#include "run.h"

enum nw_transport_grid { NW_TRANSPORT_FINE, NW_TRANSPORT_COARSE };

/* The channels that the first session left: mean over punctures with an open lumen; all 0 without. */
struct nw_channels nw_transport_channels(const struct nw_run *run);
/* Key of the parameter that says which share of a device's channels conducts; NULL: it makes none. */
const char *nw_transport_open_share(enum nw_device_kind kind);
/* The column of one product on needled skin. Reads run->c and, in vivo, run->skin. `channels` before the
   open share. */
struct nw_column_spec nw_transport_column(const struct nw_run *run, const struct nw_params *p,
                                          const struct nw_product *product, struct nw_channels channels,
                                          enum nw_transport_grid fineness);
/* Permeability of the stratum corneum of this skin over that of human skin [1]. */
double nw_transport_species_leak(const struct nw_params *p, enum nw_experiment_skin skin);
/* When the first dose of a session is given, counted from its needling; below 0: before it [s]. */
double nw_transport_dose_time(const struct nw_params *p, const struct nw_product *product);
/* Turns that column into the intact skin beside it. */
void nw_transport_close_skin(const struct nw_params *p, struct nw_column_spec *s);
