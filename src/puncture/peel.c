/* SPDX-License-Identifier: BSD-3-Clause
   Peels: rows of model/peels.def. */
#include "peel.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"

struct agent {
  const char *name, *aliases;
  double horny, epidermis, papillary; /* [%]; 0: not reached */
  bool coagulates;
};

static const struct agent agents[] = {
#define PEEL_AGENT(name_, aliases_, horny_, epidermis_, papillary_, coagulates_, citation_, note_) \
  {name_, aliases_, horny_, epidermis_, papillary_, coagulates_},
#include "../../model/peels.def"
};

static bool is_among(const char *aliases, const char *name) {
  const size_t length = strlen(name);
  for (const char *start = aliases; *start;) {
    const size_t span = strcspn(start, "|");
    if (span == length && !strncasecmp(start, name, span)) return true;
    start += span + (start[span] == '|');
  }
  return false;
}

static const struct agent *find(const char *name) {
  for (size_t i = 0; name && i < NW_COUNT(agents); i++)
    if (!strcasecmp(agents[i].name, name) || is_among(agents[i].aliases, name)) return &agents[i];
  return NULL;
}

bool nw_peel_known(const char *agent) {
  return find(agent) != NULL;
}

bool nw_peel_coagulates(const struct nw_device *device) {
  const struct agent *agent = find(device->peel.agent);
  return !agent || agent->coagulates;
}

/* Straight between the strengths at which the agent is through one layer and through the next; it stays
   where the last one ends. */
static double depth_by_strength(const struct agent *agent, double percent, const struct nw_skin *skin) {
  const double strength[] = {agent->horny, agent->epidermis, agent->papillary};
  const double layer[] = {skin->stratum_corneum, skin->viable_epidermis, skin->papillary_dermis};
  double depth = 0, before = 0;
  for (size_t i = 0; i < NW_COUNT(layer) && strength[i] > 0 && percent > before; i++) {
    depth += layer[i] * fmin((percent - before) / (strength[i] - before), 1);
    before = strength[i];
  }
  return depth;
}

double nw_peel_depth(const struct nw_device *device, const struct nw_skin *skin) {
  const double junction = skin->stratum_corneum + skin->viable_epidermis, usual = device->needle_length;
  const struct agent *agent = find(device->peel.agent);
  const bool strong = device->peel.depth == NW_PEEL_MEDIUM;
  if (!agent || !isfinite(device->peel.concentration)) return strong ? usual : fmin(usual, junction);
  const double depth = depth_by_strength(agent, nw_unit_from_si(device->peel.concentration, "%"), skin);
  if (!strong) return fmin(depth, junction);
  /* more coats of a weak agent: the class says that it went through */
  return depth > junction ? depth : usual;
}
