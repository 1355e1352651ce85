/* SPDX-License-Identifier: BSD-3-Clause
   The state of the skin at one output time, as pictures need it. */
#include <math.h>

#include "outcome/outcome.h"
#include "skin_surface.h"

/* The last session held before a time [s], -1 when there is none. */
static int last_session(const struct nw_case *c, double time) {
  int last = -1;
  for (int i = 0; i < nw_case_session_count(c); i++)
    if (nw_case_session_time(c, i) < time) last = i;
  return last;
}

/* What is left at `now` of the most that a reading had since the session. */
static double share_left(const struct nw_tissue_history *h, double begin, size_t now,
                         double (*read)(const struct nw_tissue_state *)) {
  double most = 0;
  for (size_t i = 0; i <= now; i++)
    if (h->item[i].time > begin) most = fmax(most, read(&h->item[i]));
  return most > 0 ? fmin(read(&h->item[now]) / most, 1) : 0;
}

static double read_open(const struct nw_tissue_state *s) {
  return s->open_area;
}

static double read_petechiae(const struct nw_tissue_state *s) {
  return s->petechiae;
}

static void read_marks(const struct nw_run *run, size_t row, struct nw_skin_moment *m) {
  const struct nw_tissue_history *h = &run->tissue;
  const double time = h->item[row].time;
  m->session = last_session(run->c, time);
  if (m->session < 0) return;
  const double begin = nw_case_session_time(run->c, m->session);
  m->since = time - begin;
  m->open = share_left(h, begin, row, read_open);
  m->bleeding = share_left(h, begin, row, read_petechiae);
}

static double or_zero(double value) {
  return isfinite(value) ? value : 0;
}

/* Oil fills the roughness of horn and mirrors. */
static void read_gloss(const struct nw_params *p, const struct nw_tissue_state *now,
                       struct nw_skin_moment *m) {
  const double film = fmin(p->gloss_oil * now->sebum_surface / (1 - p->gloss_dry), 1);
  m->gloss = p->gloss_dry + film * (1 - p->gloss_dry);
  m->roughness = p->rough_dry + film * (p->rough_oil - p->rough_dry);
}

/* A run keeps the melanin of a lesion and of the skin around it apart where the plan has one. */
static void read_lesion(const struct nw_tissue_state *now, struct nw_skin_moment *m) {
  const double seen = now->melanin[0] + now->melanin[1] + now->melanin[2];
  m->lesion = 1;
  if (!(now->melanin_lesion > 0 && now->melanin_surround > 0 && seen > 0)) return;
  const double pigment = m->tint.melanin / seen; /* melanosomes per melanin of the state */
  m->lesion = now->melanin_lesion / now->melanin_surround;
  m->lesion_dermal = pigment * (now->dermal_lesion - now->dermal_surround);
  m->tint.melanin = pigment * now->melanin_surround;
  m->tint.dermal = pigment * now->dermal_surround;
}

struct nw_skin_moment nw_skin_moment_of(const struct nw_run *run, size_t row, bool treated) {
  const struct nw_tissue_history *h = treated ? &run->tissue : &run->tissue_untreated;
  const struct nw_tissue_state *start = &h->item[0], *now = &h->item[row];
  const struct nw_concern *stria = nw_case_concern(run->c, NW_CONCERN_STRETCH_MARK);
  double value[NW_OUTCOME_COUNT], first[NW_OUTCOME_COUNT];
  nw_outcome_read(run->c, &run->skin, start, now, value);
  nw_outcome_read(run->c, &run->skin, start, start, first);
  struct nw_skin_moment m = {.size = nw_outcome_relief(run->c, &run->skin, start, now),
                             .tint = nw_outcome_tint(run->c, start, now),
                             .blood_at_start = nw_outcome_tint(run->c, start, start).blood,
                             .elastosis = fmax(run->skin.elastosis, 0),
                             .stria = or_zero(value[NW_OUTCOME_stria_contrast]),
                             .stria_red = stria && stria->type == NW_TYPE_RED,
                             .session = -1};
  read_lesion(now, &m);
  read_gloss(&run->c->params, now, &m);
  if (treated) read_marks(run, row, &m);
  const double swollen = fmax(value[NW_OUTCOME_oedema] - first[NW_OUTCOME_oedema], 0);
  if (m.session >= 0) m.wheal = run->c->params.h_wheal * swollen * run->skin.dermis;
  return m;
}
