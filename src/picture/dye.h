/* SPDX-License-Identifier: BSD-3-Clause
   The colour of skin for every pixel: the optics of outcome/colour.h once over a table of melanin of the
   epidermis, blood, scattering and melanin of the dermis, then by interpolation. */
#pragma once
#include "outcome/colour.h"

struct nw_dye;
/* NULL: no memory. Free with nw_dye_free. */
struct nw_dye *nw_dye_create(const struct nw_params *p);
void nw_dye_free(struct nw_dye **dye);
/* Linear light of sRGB that flat skin of this tint returns, white 1; tints beyond the table are clamped. */
void nw_dye_rgb(const struct nw_dye *dye, const struct nw_tint *tint, float rgb[3]);
