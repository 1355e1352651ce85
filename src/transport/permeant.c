/* SPDX-License-Identifier: BSD-3-Clause
   Correlations from molecule to skin: the microscopic model of the stratum corneum (Wang, Kasting and
   Nitsche 2007 as simplified by Dancik 2013), a polar path beside it, viable tissue, capillaries. */
#include "permeant.h"

#include <math.h>

static const double centimetre = 0.01;    /* math: unit, regressions are in cm and s */
static const double angstrom = 1e-10;     /* math: unit */
static const double gram_per_mole = 1e-3; /* math: unit, 1 Da = 1 g/mol */

/* Fits to the microscopic model by Dancik (2013): hindrance in the corneocyte, limit of small lateral
   transfer and the table of log10 Phat in powers of log10 sigma (rows) and log10 R (columns). */
struct microscopic_fit {
  double hindrance[4]; /* polynomial in solute over fibre radius [1] */
  double floor, sigma_slope,
      ratio_slope;    /* R > 100: Phat = floor + 1/(sigma_slope sigma + ratio_slope/R) [1] */
  double table[5][5]; /* [1] */
};

static const struct microscopic_fit fit_hydrated = {
    .hindrance = {0.9999, -1.2762, 0.0718, 0.1195}, /* math: fitted curve, Dancik2013 */
    .floor = 7.611e-4,                              /* math: fitted curve, Dancik2013 */
    .sigma_slope = 0.9685,                          /* math: fitted curve, Dancik2013 */
    .ratio_slope = 1.827e5,                         /* math: fitted curve, Dancik2013 */
    .table = {
        {-4.48116, 0.823855, -0.200615, 0.0874482, -0.00969133},            /* math: fitted curve */
        {0.00388257, 0.000726031, -0.0163362, 0.0115681, -0.00217086},      /* math: fitted curve */
        {8.34108e-5, -0.000956469, -0.000716288, 0.00195218, -0.000707896}, /* math: fitted curve */
        {-0.00094815, -0.000809313, 0.0037365, -0.00169451, 9.24718e-5},    /* math: fitted curve */
        {-0.000209213, -0.000142974, 0.000835781, -0.000433507, 4.3709e-5}, /* math: fitted curve */
    }};

static const struct microscopic_fit fit_partial = {
    .hindrance = {1.0001, -2.4497, 1.141, 0.5432}, /* math: fitted curve, Dancik2013 */
    .floor = 2.935e-4,                             /* math: fitted curve, Dancik2013 */
    .sigma_slope = 0.8979,                         /* math: fitted curve, Dancik2013 */
    .ratio_slope = 5.536e5,                        /* math: fitted curve, Dancik2013 */
    .table = {
        {-4.95725, 0.838263, -0.207133, 0.0837613, -0.00861439},            /* math: fitted curve */
        {0.00187015, -0.000105288, -0.00849198, 0.00666713, -0.00119412},   /* math: fitted curve */
        {0.000745813, -0.00018624, -0.00360234, 0.00343394, -0.000768073},  /* math: fitted curve */
        {0.000182904, -8.28876e-5, -0.000526007, 0.00071352, -0.000213017}, /* math: fitted curve */
        {2.83838e-5, -1.98892e-5, -6.05354e-6, 4.84676e-5, -2.1566e-5},     /* math: fitted curve */
    }};

static const double ratio_of_table = 100;    /* math: R up to which the table holds, Dancik2013 */
static const double least_open_share = 1e-6; /* math: keeps the corneocyte path finite for large solutes */
static const double sigma_span = 4;          /* math: decades of sigma within which a quartic is believed */

static double mass_of(const struct nw_product *product) {
  return product->molar_mass / gram_per_mole;
}

static double log10_mass(const struct nw_product *product) {
  return log10(mass_of(product));
}

double nw_permeant_neutral_share(const struct nw_product *product, double ph) {
  const bool acid = !isnan(product->pka_acid), base = !isnan(product->pka_base);
  const double anion = acid ? ph - product->pka_acid : -INFINITY;
  const double cation = base ? product->pka_base - ph : -INFINITY;
  if (acid && base && product->pka_base > product->pka_acid)
    return 1 / (1 + pow(10, -anion) + pow(10, -cation)); /* math: powers of ten of a pH */
  return 1 / (1 + pow(10, anion) + pow(10, cation));     /* math: powers of ten of a pH */
}

double nw_permeant_potts_guy(const struct nw_params *p, const struct nw_product *product) {
  const double exponent =
      p->potts_guy_intercept + p->potts_guy_kow * product->log_kow + p->potts_guy_mass * mass_of(product);
  return pow(10, exponent) * centimetre; /* math: powers of ten */
}

/* Wilke-Chang type diffusion in water and the radius of the solute, both from the molar volume at the
   boiling point by Schroeder's rule; the two branches meet at 445 cm3/mol (Dancik 2013). */
static double water_diffusivity(double volume) {
  const double small = 1.92e-4 * pow(volume, -0.6), large = 3.78e-5 / cbrt(volume); /* math: fitted curve */
  return (volume < 445 ? small : large) * centimetre * centimetre;                  /* math: fitted curve */
}

static double solute_radius(double volume) {
  const double small = 0.145 * pow(volume, 0.6), large = 0.735 * cbrt(volume); /* math: fitted curve */
  return (volume < 445 ? small : large) * angstrom;                            /* math: fitted curve */
}

static double polynomial(const double *coefficient, int count, double x) {
  double sum = 0;
  for (int i = count - 1; i >= 0; i--)
    sum = sum * x + coefficient[i];
  return sum;
}

/* log10 Phat inside the table. Below R = 1 the quartic has no data: there transfer between bilayers
   limits and Phat falls in proportion to R, which continues the table by its physics. */
static double log_shape_of_table(const struct microscopic_fit *fit, double log_sigma, double log_ratio) {
  const double x = fmin(fmax(log_sigma, -sigma_span), sigma_span), y = fmax(log_ratio, 0);
  double in_sigma[5];
  for (int i = 0; i < 5; i++)
    in_sigma[i] = polynomial(fit->table[i], 5, y);        /* math: order of the fit */
  return polynomial(in_sigma, 5, x) + fmin(log_ratio, 0); /* math: order of the fit */
}

static double permeability_shape(const struct microscopic_fit *fit, double sigma, double ratio) {
  if (ratio > ratio_of_table) return fit->floor + 1 / (fit->sigma_slope * sigma + fit->ratio_slope / ratio);
  return pow(10, log_shape_of_table(fit, log10(sigma), log10(ratio))); /* math: powers of ten */
}

static void set_lipid(struct nw_permeant *m, const struct nw_params *p, const struct nw_product *product,
                      bool hydrated) {
  const double kow = pow(10, product->log_kow);     /* math: powers of ten */
  const double per_100_da = mass_of(product) / 100; /* math: reference mass of the fit */
  const double slower = hydrated ? 1 : p->partial_hydration_divisor;
  const double log_hop = p->hop_log_intercept + p->hop_log_slope * cbrt(mass_of(product));
  m->lipid_partition = p->lipid_partition_prefactor * pow(kow, p->lipid_partition_exponent);
  m->lipid_diffusivity = (p->lipid_diffusion_prefactor * pow(per_100_da, -p->lipid_diffusion_exponent) +
                          p->lipid_diffusion_floor) /
                         slower;
  m->hop = pow(10, log_hop) * centimetre / slower; /* math: powers of ten */
}

/* Diffusivity times partition of the corneocyte's water between keratin fibres. */
static double corneocyte_path(const struct nw_permeant *m, const struct nw_params *p,
                              const struct microscopic_fit *fit, double volume, bool hydrated) {
  const double size = solute_radius(volume) / p->fibre_radius;
  const double fibres = hydrated ? p->fibre_share_hydrated : p->fibre_share_partial;
  const double open = fmax(1 - fibres * (1 + size) * (1 + size), least_open_share);
  const double hindrance =
      fmax(polynomial(fit->hindrance, 4, size), least_open_share); /* math: order of the fit */
  return m->water_diffusivity * open * hindrance * open;
}

static double sc_partition(const struct nw_permeant *m, const struct nw_params *p, double log_kow,
                           bool hydrated) {
  const double share = hydrated ? p->corneocyte_share_hydrated : p->corneocyte_share_partial;
  const double water = hydrated ? p->corneocyte_water_hydrated : p->corneocyte_water_partial;
  const double bound =
      p->keratin_partition_prefactor * pow(pow(10, log_kow), p->keratin_partition_exponent); /* math */
  const double corneocyte =
      (p->keratin_mass_share * bound + water) / (p->keratin_mass_share / p->keratin_density + water);
  return (1 - share) * m->lipid_partition + share * corneocyte;
}

static void set_stratum_corneum(struct nw_permeant *m, const struct nw_params *p,
                                const struct nw_product *product, double volume, bool hydrated) {
  const struct microscopic_fit *fit = hydrated ? &fit_hydrated : &fit_partial;
  const double pitch = hydrated ? p->corneocyte_pitch_hydrated : p->corneocyte_pitch_partial;
  const double lipid = m->lipid_diffusivity * m->lipid_partition;
  m->sc_reference = hydrated ? p->sc_thickness_hydrated : p->sc_thickness_partial;
  m->resistance_ratio = m->hop * pitch * pitch / (p->lipid_bilayer * m->lipid_diffusivity);
  m->path_ratio = lipid / corneocyte_path(m, p, fit, volume, hydrated);
  m->permeability_shape = product->molar_mass > p->lipid_mass_limit
                              ? 0
                              : permeability_shape(fit, m->path_ratio, m->resistance_ratio);
  m->sc_partition = sc_partition(m, p, product->log_kow, hydrated);
  m->sc_diffusivity = m->permeability_shape * lipid / m->sc_partition;
  if (!isnan(product->partition_stratum_corneum)) m->sc_partition = product->partition_stratum_corneum;
  if (!isnan(product->diffusivity_stratum_corneum)) m->sc_diffusivity = product->diffusivity_stratum_corneum;
  m->sc_permeability = m->sc_diffusivity * m->sc_partition / m->sc_reference;
}

static double unbound_share(const struct nw_params *p, const struct nw_product *product, double neutral) {
  const bool acidic = !isnan(product->pka_acid) && product->pka_acid < p->tissue_ph;
  const double slope = acidic ? p->unbound_slope_acid : p->unbound_slope_neutral;
  const double offset = acidic ? p->unbound_offset_acid : p->unbound_offset_neutral;
  return 1 / (1 + slope * exp(product->log_kow + log10(neutral)) + offset);
}

/* Volume that tissue leaves to a polymer: falls softly around the mass that collagen excludes. */
static double excluded(const struct nw_params *p, double partition, double mass) {
  const double room = 1 / (1 + pow(mass / p->exclusion_mass, p->exclusion_steepness));
  return p->exclusion_partition + (partition - p->exclusion_partition) * room;
}

static void set_tissue(struct nw_permeant *m, const struct nw_params *p, const struct nw_product *product) {
  const double log_free = p->free_diffusion_log_intercept + p->free_diffusion_log_slope * log10_mass(product);
  const double spread =
      product->molar_mass > p->large_mass ? p->large_diffusion_factor : p->tissue_diffusion_factor;
  m->free_diffusivity = spread * pow(10, log_free) * centimetre * centimetre; /* math */
  m->unbound = unbound_share(p, product, m->neutral_tissue);
  m->binding =
      1 - p->albumin_space + p->albumin_space / m->unbound +
      p->tissue_lipid_share * m->neutral_tissue * pow(10, product->log_kow); /* math: powers of ten */
  const double carried = p->albumin_space * p->albumin_diffusivity * (1 - m->unbound) / m->unbound;
  const double diffusivity = (m->free_diffusivity + carried) / m->binding;
  const double partition = excluded(p, p->tissue_water_share * m->binding, product->molar_mass);
  m->epidermis_partition =
      isnan(product->partition_viable_epidermis) ? partition : product->partition_viable_epidermis;
  m->dermis_partition = isnan(product->partition_dermis) ? partition : product->partition_dermis;
  m->epidermis_diffusivity =
      isnan(product->diffusivity_viable_epidermis) ? diffusivity : product->diffusivity_viable_epidermis;
  m->dermis_diffusivity = isnan(product->diffusivity_dermis) ? diffusivity : product->diffusivity_dermis;
}

/* Below the lipid path's reach the capillary wall's pores carry, as the polar path does in the
   stratum corneum: without them small hydrophiles would stay in the dermis for days. */
static void set_clearance(struct nw_permeant *m, const struct nw_params *p,
                          const struct nw_product *product) {
  const double leak = fmax(nw_permeant_potts_guy(p, product), p->polar_path * m->free_diffusivity);
  const double wall = p->capillary_permeability * leak * p->capillary_area;
  m->clearance_free = 1 / (1 / wall + 1 / p->capillary_flow);
  m->clearance = m->clearance_free / m->binding;
}

static void set_polar(struct nw_permeant *m, const struct nw_params *p, const struct nw_product *product) {
  const double fits =
      1 / (1 + pow(product->molar_mass / p->polar_exclusion_mass, p->polar_exclusion_steepness));
  const double polar = p->polar_path * m->free_diffusivity * fits;
  const double ion = fmax(p->ion_permeability_share * m->sc_permeability - polar, 0);
  m->polar_conductance = polar + (1 - m->neutral_vehicle) * ion;
}

static double saturation(const struct nw_permeant *m, const struct nw_params *p,
                         const struct nw_product *product) {
  const double litres = 1000; /* math: unit, mol/L to mol/m3 */
  return litres * pow(10, p->saturation_intercept - product->log_kow) * product->molar_mass /
         m->neutral_vehicle; /* math */
}

void nw_permeant_init(struct nw_permeant *m, const struct nw_params *p, const struct nw_product *product,
                      bool hydrated) {
  const double volume = p->schroeder_volume * product->molar_mass / (centimetre * centimetre * centimetre);
  *m = (struct nw_permeant){0};
  m->neutral_tissue = nw_permeant_neutral_share(product, p->tissue_ph);
  m->neutral_vehicle = isnan(product->vehicle_ph) ? m->neutral_tissue
                                                  : nw_permeant_neutral_share(product, product->vehicle_ph);
  m->water_diffusivity = water_diffusivity(volume);
  set_lipid(m, p, product, hydrated);
  set_stratum_corneum(m, p, product, volume, hydrated);
  set_tissue(m, p, product);
  set_clearance(m, p, product);
  set_polar(m, p, product);
  m->saturation = saturation(m, p, product);
}

double nw_permeant_intact(const struct nw_permeant *m) {
  return m->neutral_vehicle * m->sc_permeability + m->polar_conductance;
}
