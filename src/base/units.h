/* SPDX-License-Identifier: BSD-3-Clause
   Quantities with units. Inside, everything is SI; a number crosses the border with its unit. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Exponents of metre, second, kilogram, kelvin, mole, and of the two things we count: minimal
   erythema dose (MED) and arbitrary instrument units (AU). cells, needles, Da-free numbers: 1. */
struct nw_dimension {
  signed char metre, second, kilogram, kelvin, mole, med, au, ampere;
};

struct nw_unit {
  double scale;  /* SI value = number * scale + offset [SI of dimension] */
  double offset; /* only degC has one [SI of dimension] */
  struct nw_dimension dimension;
};

/* Parses a unit such as "mm^2/day", "ug/(cm^2 h)", "1/(mm^3 day)", "degC", "%", "-" or "1".
   false when it is not a unit; `problem` (nullable, capacity `size`) then says why. */
bool nw_unit_parse(const char *text, struct nw_unit *unit, char *problem, size_t size);
/* Whether quantities of these dimensions can be added. */
bool nw_dimension_equal(struct nw_dimension a, struct nw_dimension b);
/* Parses "1.5 mm". On success *value is SI. A missing unit is a problem unless the unit wanted is "1". */
bool nw_quantity_parse(const char *text, double *value, struct nw_dimension *dimension, bool *has_unit,
                       char *problem, size_t size);
/* SI value -> number in `unit`, which must parse (asserted). */
double nw_unit_from_si(double si, const char *unit);
/* Number in `unit`, which must parse (asserted) -> SI value. */
double nw_unit_to_si(double number, const char *unit);
