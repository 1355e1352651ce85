/* SPDX-License-Identifier: BSD-3-Clause
   The colour of skin by a layered, two-chromophore model (Jacques 1998, 1999, 2013; Findlay 1970). */
#include "colour.h"

#include <assert.h>
#include <math.h>

#include "base/units.h"

struct band {
  double wavelength;        /* [nm] */
  double oxy, deoxy;        /* decadic molar extinction of haemoglobin [1/(cm M)] */
  double x, y, z, daylight; /* observer and light [1] */
};

static const struct band bands[] = {
#define BAND(wavelength_, oxy_, deoxy_, x_, y_, z_, daylight_) \
  {wavelength_, oxy_, deoxy_, x_, y_, z_, daylight_},
#include "../../model/optics.def"
#undef BAND
};
static_assert(NW_COUNT(bands) == NW_COLOUR_BANDS, "one band for each row of model/optics.def");

double nw_colour_wavelength(size_t band) {
  return bands[band].wavelength * 1e-9; /* math: nm to m */
}

/* Absorption of whole blood [1/m]. */
static double blood_absorption(const struct nw_params *p, const struct band *band) {
  const double decadic = p->sat_blood * band->oxy + (1 - p->sat_blood) * band->deoxy;
  const double molar = decadic * 0.1; /* math: 1/(cm mol/L) is 0.1 m^2/mol */
  return M_LN10 * molar * p->c_haem / p->M_haem;
}

struct nw_turbid nw_colour_dermis(const struct nw_params *p, const struct nw_tint *tint, size_t index) {
  const struct band *band = &bands[index];
  const double lambda = nw_colour_wavelength(index), blood = blood_absorption(p, band);
  /* light strongly absorbed does not reach the middle of a vessel: the blood there is hidden */
  const double seen = blood / (1 + blood * p->k_pack);
  const double tissue = p->mu_skin + p->mu_skin_uv * exp(-(lambda - p->lambda_skin) / p->l_skin);
  return (struct nw_turbid){
      .absorption = tint->blood * seen + tissue,
      .scattering = tint->scatter * p->mu_scatter * pow(lambda / p->lambda_s, -p->n_scatter)};
}

/* Diffuse reflectance of a half-space of scattering fibres with blood in vessels. */
static double half_space(const struct nw_params *p, const struct nw_turbid *t) {
  return exp(-p->A_diffuse /
             sqrt(3 * (1 + t->scattering / t->absorption))); /* math: diffusion theory, 3 (μ_a + μ_s') */
}

/* Absorption of melanosomes [1/m]. */
static double melanosome(const struct nw_params *p, size_t index) {
  return p->mu_mel * pow(nw_colour_wavelength(index) / p->lambda_mel, -p->n_mu);
}

/* Reflectance R of a half-space with a sheet of pigment at depth z, by two fluxes (Kubelka 1948). The fibres
   above the sheet are a layer of the same half-space, so without pigment R is left as it was:
   S = 3/4 μ_s',   a = (1 + R^2)/(2 R),   b = (1 - R^2)/(2 R),   x = b S z
   R_z = sinh x/(a sinh x + b cosh x),   T_z = b/(a sinh x + b cosh x)
   R -> R_z + T_z^2 t^2 R/(1 - R_z t^2 R),   t: passed by the sheet once [1] */
static double veiled(const struct nw_params *p, double whole, double scattering, double passed) {
  const double strength = 0.75 * scattering * p->z_dermal; /* math: two fluxes in the diffusion limit */
  const double a = (1 + whole * whole) / (2 * whole), b = (1 - whole * whole) / (2 * whole);
  const double x = b * strength, below = a * sinh(x) + b * cosh(x);
  const double above = sinh(x) / below, through = b / below, back = passed * passed * whole;
  return above + through * through * back / (1 - above * back);
}

double nw_colour_below(const struct nw_params *p, const struct nw_tint *tint, size_t index) {
  const struct nw_turbid t = nw_colour_dermis(p, tint, index);
  const double whole = half_space(p, &t);
  if (!(tint->dermal > 0 && whole > 0 && whole < 1)) return whole;
  const double once = 0.5 * p->path_mel; /* math: half of the way down and up */
  return veiled(p, whole, t.scattering, exp(-melanosome(p, index) * tint->dermal * once));
}

double nw_colour_passed(const struct nw_params *p, double melanin, size_t index) {
  return exp(-melanosome(p, index) * melanin * p->path_mel);
}

double nw_colour_returned(const struct nw_params *p, double passed, double below) {
  return p->R_surface + (1 - p->R_surface) * passed * below;
}

double nw_colour_reflectance(const struct nw_params *p, const struct nw_tint *tint, size_t index) {
  return nw_colour_returned(p, nw_colour_passed(p, tint->melanin, index), nw_colour_below(p, tint, index));
}

static void spectrum(const struct nw_params *p, const struct nw_tint *tint,
                     double reflectance[NW_COLOUR_BANDS]) {
  for (size_t i = 0; i < NW_COLOUR_BANDS; i++)
    reflectance[i] = nw_colour_reflectance(p, tint, i);
}

static void tristimulus(const double reflectance[NW_COLOUR_BANDS], double xyz[3], double white[3]) {
  for (int k = 0; k < 3; k++)
    xyz[k] = white[k] = 0;
  for (size_t i = 0; i < NW_COLOUR_BANDS; i++) {
    const double light[3] = {bands[i].x * bands[i].daylight, bands[i].y * bands[i].daylight,
                             bands[i].z * bands[i].daylight};
    for (int k = 0; k < 3; k++) {
      white[k] += light[k];
      xyz[k] += light[k] * reflectance[i];
    }
  }
}

/* Lightness curve of CIELAB: a cube root with a straight foot below (6/29)^3. */
static double lightness(double t) {
  const double foot = 6.0 / 29;                                               /* math: CIE 15 */
  return t > foot * foot * foot ? cbrt(t) : t / (3 * foot * foot) + 4.0 / 29; /* math: CIE 15 */
}

struct nw_lab nw_colour_lab(const struct nw_params *p, const struct nw_tint *tint) {
  double reflectance[NW_COLOUR_BANDS], xyz[3], white[3], f[3];
  spectrum(p, tint, reflectance);
  tristimulus(reflectance, xyz, white);
  for (int k = 0; k < 3; k++)
    f[k] = lightness(xyz[k] / white[k]);
  return (struct nw_lab){116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])}; /* math: CIE 15 */
}

double nw_colour_difference(struct nw_lab a, struct nw_lab b) {
  return sqrt((a.L - b.L) * (a.L - b.L) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
}

double nw_colour_typology(struct nw_lab lab) {
  return atan2(lab.L - 50, lab.b); /* math: the definition of the angle */
}

/* The band nearest to a wavelength [m]. */
static size_t band_at(double wavelength) {
  size_t best = 0;
  for (size_t i = 1; i < NW_COLOUR_BANDS; i++)
    if (fabs(nw_colour_wavelength(i) - wavelength) < fabs(nw_colour_wavelength(best) - wavelength)) best = i;
  return best;
}

double nw_colour_melanin_index(const struct nw_params *p, double melanin, double dermal) {
  const struct nw_tint tint = {.melanin = melanin, .blood = p->f_blood, .scatter = 1, .dermal = dermal};
  return -100 * log10(nw_colour_reflectance(p, &tint, band_at(p->lambda_red)));
}

double nw_colour_erythema(const struct nw_params *p, double blood) {
  return p->k_E * (pow(blood, p->n_red) - 1) / (pow(2, p->n_red) - 1);
}

double nw_colour_melanin(const struct nw_params *p, int phototype) {
  const double relative[] = {p->mel_I, p->mel_II, p->mel_III, p->mel_IV, p->mel_V, p->mel_VI};
  const int index = phototype < 1 ? 0 : phototype > 6 ? 5 : phototype - 1; /* math: six phototypes */
  return p->f_mel * relative[index];
}

double nw_colour_mottle(const struct nw_params *p, double melanin, double elastosis) {
  return p->cv_mel * sqrt(p->f_mel / fmax(melanin, p->f_mel)) * (1 + p->mottle_sun * elastosis);
}

void nw_colour_rgb_of(const double reflectance[NW_COLOUR_BANDS], double rgb[3]) {
  /* IEC 61966-2-1, D65 white scaled to 1 */
  static const double matrix[3][3] = {{3.2406, -1.5372, -0.4986}, /* math: IEC 61966-2-1 */
                                      {-0.9689, 1.8758, 0.0415},  /* math: IEC 61966-2-1 */
                                      {0.0557, -0.2040, 1.0570}}; /* math: IEC 61966-2-1 */
  double xyz[3], white[3];
  tristimulus(reflectance, xyz, white);
  for (int row = 0; row < 3; row++) {
    double sum = 0;
    for (int k = 0; k < 3; k++)
      sum += matrix[row][k] * xyz[k] / white[1];
    rgb[row] = fmin(fmax(sum, 0), 1);
  }
}

void nw_colour_rgb(const struct nw_params *p, const struct nw_tint *tint, double rgb[3]) {
  double reflectance[NW_COLOUR_BANDS];
  spectrum(p, tint, reflectance);
  nw_colour_rgb_of(reflectance, rgb);
}
