/* SPDX-License-Identifier: BSD-3-Clause
   A table of names by their digest, open addressing with steps of one, at most half full. */
#include "names.h"

#include <string.h>

enum { FEWEST_PLACES = 64 };

/* Where a name stands or would stand. */
static struct nw_name *seek(const struct nw_names *names, const char *text) {
  size_t i = (size_t)nw_digest(NW_DIGEST_NONE, text, strlen(text)) % names->places;
  while (names->place[i].text && strcmp(names->place[i].text, text) != 0)
    i = (i + 1) % names->places;
  return &names->place[i];
}

static bool make_room(struct nw_names *names) {
  if (2 * (names->count + 1) <= names->places) return true;
  struct nw_names wider = {.count = names->count, .places = 2 * names->places + FEWEST_PLACES};
  wider.place = nw_allocate(wider.places, sizeof *wider.place);
  if (!wider.place) return false;
  for (size_t i = 0; i < names->places; i++)
    if (names->place[i].text) *seek(&wider, names->place[i].text) = names->place[i];
  nw_release(names->place);
  *names = wider;
  return true;
}

bool nw_names_number(struct nw_names *names, const char *text, size_t fresh, size_t *number) {
  if (!make_room(names)) return false;
  struct nw_name *place = seek(names, text);
  if (!place->text) {
    *place = (struct nw_name){text, fresh};
    names->count++;
  }
  *number = place->number;
  return true;
}

void nw_names_clear(struct nw_names *names) {
  nw_release(names->place);
  *names = (struct nw_names){0};
}
