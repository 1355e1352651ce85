/* SPDX-License-Identifier: BSD-3-Clause
   Words and numbers as HTML: escaping, sensible rounding, units with proper signs. */
#pragma once
#include "base/base.h"

/* Appends text with the five special characters escaped; NULL appends nothing. */
void nw_html_escape(struct nw_text *out, const char *text);
/* Decimals that show `value` to about three significant digits, or to the digits that its interval
   [low, high] supports (two digits of its width); pass NAN where there is no interval. */
int nw_html_decimals(double value, double low, double high);
/* Appends a number with thin spaces between thousands and a true minus; an en dash when not finite. */
void nw_html_fixed(struct nw_text *out, double value, int decimals);
/* The same with a plus before positive numbers; no sign on what rounds to zero. */
void nw_html_signed(struct nw_text *out, double value, int decimals);
/* Appends a number to about three significant digits. */
void nw_html_number(struct nw_text *out, double value);
/* Appends a unit as one would print it ("ug/(cm^2 h)" becomes "µg/(cm² h)", "1" nothing), escaped. */
void nw_html_unit(struct nw_text *out, const char *unit);
/* Appends a duration given in days in the unit a reader expects: min, h, d, months. */
void nw_html_duration(struct nw_text *out, double days);
/* Appends `key` as words: underscores become spaces, the first letter a capital; escaped. */
void nw_html_words(struct nw_text *out, const char *key);
