/* SPDX-License-Identifier: BSD-3-Clause
   Names and their numbers, found in a time that does not grow with how many there are. */
#pragma once
#include "base/base.h"

struct nw_name {
  const char *text; /* borrowed; NULL: a free place */
  size_t number;
};

/* A zeroed struct holds no names. */
struct nw_names {
  struct nw_name *place; /* owned (places) */
  size_t count, places;
};

/* Gives *number of a name. One that is not there yet is taken in with `fresh`, and its text borrowed until
   nw_names_clear. False when out of memory: nothing is taken in then. */
bool nw_names_number(struct nw_names *names, const char *text, size_t fresh, size_t *number);
void nw_names_clear(struct nw_names *names);
