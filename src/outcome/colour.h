/* SPDX-License-Identifier: BSD-3-Clause
   The colour of skin: light passes the melanin of the epidermis, scatters in a dermis that holds blood,
   and passes the melanin again. Melanin in the dermis lies under fibres that send back blue light before it
   gets there, so what is missing is red. Two chromophores, 16 bands, CIE 1931 observer, daylight D65. */
#pragma once
#include "base/params.h"

/* What colours the skin. */
struct nw_tint {
  double melanin; /* share of melanosomes in an epidermis of normal thickness: an amount per area [1] */
  double blood;   /* volume share in the upper dermis [1] */
  double scatter; /* scattering relative to normal dermis [1] */
  double dermal;  /* melanosomes at z_dermal below the junction, an amount per area as `melanin` [1] */
};

enum { NW_COLOUR_BANDS = 16 };

struct nw_lab {
  double L, a, b; /* CIELAB [1] */
};

/* Diffuse reflectance in a band, a row of model/optics.def. */
double nw_colour_reflectance(const struct nw_params *p, const struct nw_tint *tint, size_t band);
/* Its parts: what melanin of the epidermis passes, down and up; what returns from below it; both together. */
double nw_colour_passed(const struct nw_params *p, double melanin, size_t band);
double nw_colour_below(const struct nw_params *p, const struct nw_tint *tint, size_t band);
double nw_colour_returned(const struct nw_params *p, double passed, double below);
/* Wavelength of a band [m]. */
double nw_colour_wavelength(size_t band);
/* The dermis as light meets it in a band. */
struct nw_turbid {
  double absorption, scattering; /* the latter reduced [1/m] */
};
struct nw_turbid nw_colour_dermis(const struct nw_params *p, const struct nw_tint *tint, size_t band);
struct nw_lab nw_colour_lab(const struct nw_params *p, const struct nw_tint *tint);
/* Colour difference of CIE 1976 [1]. */
double nw_colour_difference(struct nw_lab a, struct nw_lab b);
/* Individual typology angle [rad]. */
double nw_colour_typology(struct nw_lab lab);
/* Melanin index of a narrow-band reflectometer that corrects for blood: 100 log10(1 / R) at its red light, of
   skin with these melanosomes of epidermis and dermis and the blood of a young adult. */
double nw_colour_melanin_index(const struct nw_params *p, double melanin, double dermal);
/* Rise of the erythema index of that reflectometer with so many times the normal blood: it takes green from
   red light, and the more blood there is, the less of it green light reaches [AU]. */
double nw_colour_erythema(const struct nw_params *p, double blood);
/* Share of melanosomes of a phototype without sun [1]. */
double nw_colour_melanin(const struct nw_params *p, int phototype);
/* Relative spread of melanin over a cheek: the less the more there is, as of a sum of many small patches;
   more in skin that the sun has damaged (elastosis 0..1) [1]. */
double nw_colour_mottle(const struct nw_params *p, double melanin, double elastosis);
/* Linear light of sRGB, 0..1, clipped to the gamut: for pictures. */
void nw_colour_rgb(const struct nw_params *p, const struct nw_tint *tint, double rgb[3]);
/* The same of skin that reflects so much in each band. */
void nw_colour_rgb_of(const double reflectance[NW_COLOUR_BANDS], double rgb[3]);
