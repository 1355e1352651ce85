/* SPDX-License-Identifier: BSD-3-Clause
   Patterns of words over a line of free text, for tables that sort what trials wrote. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A pattern is clauses joined by '&', all of which must hold; a clause is alternatives joined by '|', of
   which one must occur, or with '!' in front none may. Alternatives are whole words, whatever their case; '*'
   at an end lets the word go on. An empty pattern fits everything. */
bool nw_words_fit(const char *pattern, const char *text);
/* Where one alternative (length bytes) begins in a text, NULL when it does not occur. */
const char *nw_words_find(const char *alternative, size_t length, const char *text);
