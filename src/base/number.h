/* SPDX-License-Identifier: BSD-3-Clause
   Numbers as text: the shortest text that reads back as the same number, fixed decimals for long
   tables, and a fast exact reader. Independent of the locale of the host program. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { NW_NUMBER_SIZE = 40 };

/* Writes a finite number so that nw_number_read gives the same bits; returns the length. */
size_t nw_number_write(char out[NW_NUMBER_SIZE], double value);
/* The nearest number with this many significant digits (1..17): what a conversion of units adds behind
   the digits that were given goes away. Not finite stays so. */
double nw_number_round(double value, int digits);
/* Writes with `decimals` (0..9) digits after the point, trailing zeros dropped; returns the length.
   Falls back to nw_number_write beyond 1e9. */
size_t nw_number_write_fixed(char out[NW_NUMBER_SIZE], double value, int decimals);
/* Reads a decimal number that fills text[0..length). false when it is something else or not finite. */
bool nw_number_read(const char *text, size_t length, double *value);
