/* SPDX-License-Identifier: BSD-3-Clause
   Stage transport: products through vehicle, stratum corneum, polar path, channels that get plugged,
   viable epidermis, dermis and blood; needled and intact side by side, always double precision. */
#pragma once
#include "run.h"

/* Fills run->absorption for every product of the case. Reads run->skin and run->punctures.
   NW_NUMERICAL when the balance of mass is lost, NW_INTERRUPTED. */
enum nw_status nw_transport_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* Releases run->absorption with its arrays and sets it to NULL; needs run->c. */
void nw_transport_free(struct nw_run *run);
