/* SPDX-License-Identifier: BSD-3-Clause
   Stage puncture: each strike gets its reach, channel, layer and blood; the session its force, pain and
   closure; and every treatment leaves as injuries, which is all that the biology sees. */
#include "puncture.h"

#include <float.h>
#include <math.h>

#include "base/random.h"
#include "base/table.h"
#include "base/units.h"
#include "beam.h"
#include "coverage.h"
#include "mechanics.h"
#include "peel.h"
#include "plan/device_library.h"
#include "reaction.h"

/* What all punctures of one session share. */
struct needle {
  double length;     /* protrusion of this session [m] */
  double tip_radius; /* after wear [m] */
  double tip_force;  /* to enter [N] */
  double reach;      /* before scatter [m] */
  double mouth;      /* [m] */
  double hard_floor; /* bone; INFINITY when there is none near [m] */
  bool enters;       /* false: stays at the stratum corneum */
};

/* Punctures that one needle made before this session: none when every session has new needles. */
static double earlier_punctures(const struct nw_case *c, const struct nw_strikes *strikes, int session) {
  if (c->device.sterile) return 0;
  return session * strikes->density * c->params.treated_area / c->device.needle_count;
}

/* A force given on the hand that is less than the needles ask for leaves them on the surface. */
static bool force_suffices(const struct nw_case *c, const struct nw_strikes *strikes, double tip_force) {
  const enum nw_device_kind kind = c->device.kind;
  if (c->device.force <= 0 || (kind != NW_DEVICE_ROLLER && kind != NW_DEVICE_STAMP)) return true;
  return c->device.force >= tip_force * strikes->needles_in_skin;
}

static struct needle prepare(const struct nw_case *c, const struct nw_run *run, int session) {
  const struct nw_params *p = &c->params;
  const struct nw_device *d = &c->device;
  const struct nw_skin *skin = &run->skin;
  struct needle n = {.length = d->needle_length, .enters = true, .hard_floor = INFINITY};
  if (skin->over_bone)
    n.hard_floor = skin->stratum_corneum + skin->viable_epidermis + skin->dermis + skin->subcutis;
  if (!nw_device_has_needles(d->kind)) {
    const struct nw_beam beam = nw_beam_of(p, d);
    n.reach = beam.hole_depth > 0 ? beam.hole_depth : beam.depth;
    n.mouth = 2 * beam.hole_radius;
    return n;
  }
  if (d->kind == NW_DEVICE_PEN)
    n.length += p->setting_error *
                (2 * nw_random_uniform(c->patch.seed, NW_STREAM_PUNCTURE, UINT64_MAX, (uint64_t)session) - 1);
  n.length = fmax(n.length, 0);
  n.tip_radius = nw_mechanics_worn_tip(p, d->tip_radius, earlier_punctures(c, &run->strikes, session));
  n.tip_force = nw_mechanics_tip_force(p, d->kind, 2 * n.tip_radius);
  n.enters = n.length >= nw_mechanics_gate(p, d->kind, skin, 2 * n.tip_radius) &&
             force_suffices(c, &run->strikes, n.tip_force);
  n.reach = nw_mechanics_reach(n.length, nw_mechanics_dimple(p, d->kind, skin));
  n.mouth = nw_mechanics_mouth(p, d->needle_diameter);
  return n;
}

/* Needles and spots differ: lognormal about the mean, but no tip goes beyond its needle or into bone. */
static double scattered(const struct nw_case *c, const struct nw_skin *skin, const struct needle *n,
                        uint64_t item) {
  if (!nw_device_has_needles(c->device.kind)) return n->reach;
  const double variance = log1p(c->params.reach_scatter * c->params.reach_scatter);
  const double z = variance > 0 ? nw_random_normal(c->patch.seed, NW_STREAM_PUNCTURE, item, 0) : 0;
  const double reach = n->reach * exp(sqrt(variance) * z - 0.5 * variance);
  const double limit = n->enters ? fmin(n->length, n->hard_floor) : skin->stratum_corneum;
  return fmin(reach, limit);
}

static enum nw_layer layer_at(const struct nw_skin *skin, double depth) {
  const double junction = skin->stratum_corneum + skin->viable_epidermis;
  if (depth <= skin->stratum_corneum) return NW_STRATUM_CORNEUM;
  if (depth <= junction) return NW_VIABLE_EPIDERMIS;
  if (depth <= junction + skin->papillary_dermis) return NW_PAPILLARY_DERMIS;
  return depth <= junction + skin->dermis ? NW_RETICULAR_DERMIS : NW_SUBCUTIS;
}

static struct nw_puncture punctured(const struct nw_case *c, const struct nw_run *run,
                                    const struct nw_strike *strike, const struct needle *n, double reach,
                                    uint64_t item) {
  const struct nw_skin *skin = &run->skin;
  const bool needled = nw_device_has_needles(c->device.kind);
  const bool rolled = c->device.kind == NW_DEVICE_ROLLER && !c->device.punctures_file;
  const double radius = 0.5 * c->device.drum_diameter;
  /* below the epidermis the cut closes elastically; an ablated column stays a hole */
  const double open = needled        ? fmin(reach, skin->stratum_corneum + skin->viable_epidermis)
                      : n->mouth > 0 ? reach
                                     : 0;
  const double bleeding = needled ? nw_reaction_bleeding(&c->params, skin, c->subject.site, reach) : 0;
  return (struct nw_puncture){
      .session = strike->session,
      .pass = strike->pass,
      .x = strike->x,
      .y = strike->y,
      .reach = (float)reach,
      .lumen_depth = (float)open,
      .lumen_diameter = (float)n->mouth,
      .angle = rolled ? (float)nw_mechanics_entry_angle(radius, reach) : strike->angle,
      .slit = rolled ? (float)nw_mechanics_slit(&c->params, radius, reach) : 0,
      .direction = strike->direction,
      .layer = (uint8_t)layer_at(skin, reach),
      .bleeds = nw_random_uniform(c->patch.seed, NW_STREAM_PUNCTURE, item, 2) < bleeding,
  };
}

/* Depths that the user's own list gives in place of the laws; nullable column. */
struct given {
  struct nw_table table;
  int column;
};

static enum nw_status read_given(struct nw_context *context, const struct nw_case *c, struct given *given) {
  *given = (struct given){.column = -1};
  if (!c->device.punctures_file) return NW_OK;
  NW_TRY(nw_table_read(context, c->device.punctures_file, &given->table));
  given->column = nw_table_column(&given->table, "reach_um");
  return NW_OK;
}

static double reach_of(const struct nw_case *c, const struct nw_run *run, const struct given *given,
                       const struct needle *n, size_t i) {
  const struct nw_strike *strike = &run->strikes.item[i];
  if (given->column >= 0 && strike->needle < given->table.n_rows) {
    const double reach = given->table.number[given->column][strike->needle];
    if (reach >= 0) return nw_unit_to_si(reach, "um");
  }
  return scattered(c, &run->skin, n, i);
}

static enum nw_status puncture_all(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct nw_punctures *out = &run->punctures;
  struct given given;
  NW_TRY(read_given(context, c, &given));
  struct needle n = {0};
  if (!nw_grow(&out->item, &out->capacity, run->strikes.count, sizeof *out->item)) {
    nw_table_clear(&given.table);
    return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu punctures", run->strikes.count);
  }
  for (size_t i = 0; i < run->strikes.count; i++) {
    const struct nw_strike *strike = &run->strikes.item[i];
    if (i == 0 || strike->session != run->strikes.item[i - 1].session) n = prepare(c, run, strike->session);
    out->item[out->count++] = punctured(c, run, strike, &n, reach_of(c, run, &given, &n, i), i);
  }
  nw_table_clear(&given.table);
  return NW_OK;
}

static void include(struct nw_statistic *s, double value, size_t n) {
  if (n == 0) *s = (struct nw_statistic){.min = value, .max = value};
  const double off = value - s->mean;
  s->mean += off / (double)(n + 1);
  s->sd += off * (value - s->mean); /* sum of squares until finished */
  s->min = fmin(s->min, value);
  s->max = fmax(s->max, value);
}

static void count_up(const struct nw_params *p, struct nw_punctures *out) {
  size_t bleeding = 0, layer[NW_SUBCUTIS + 1] = {0};
  for (size_t i = 0; i < out->count; i++) {
    include(&out->reach, out->item[i].reach, i);
    include(&out->lumen_depth, out->item[i].lumen_depth, i);
    bleeding += out->item[i].bleeds;
    layer[out->item[i].layer]++;
  }
  const double n = (double)out->count;
  out->reach.sd = sqrt(out->reach.sd / n);
  out->lumen_depth.sd = sqrt(out->lumen_depth.sd / n);
  out->bleeding_density = out->density * (double)bleeding / n;
  out->bleeding_endpoint = out->bleeding_density >= p->bleed_endpoint;
  for (size_t k = 0; k < NW_COUNT(layer); k++)
    out->layer_fraction[k] = (double)layer[k] / n;
}

/* Mouths of the first session that has any; later sessions differ by chance only. */
static enum nw_status cover(struct nw_context *context, const struct nw_case *c, struct nw_punctures *out) {
  size_t n = 0;
  while (n < out->count && out->item[n].session == out->item[0].session)
    n++;
  struct nw_disc *disc = nw_allocate(n, sizeof *disc);
  if (!disc) return nw_fail(context, NW_MEMORY, NULL, "no memory for the coverage of %zu punctures", n);
  for (size_t i = 0; i < n; i++)
    disc[i] = (struct nw_disc){out->item[i].x, out->item[i].y, out->item[i].lumen_diameter};
  struct nw_coverage coverage;
  const enum nw_status status =
      nw_coverage_measure(context, disc, n, c->patch.width, c->patch.height, &coverage);
  nw_release(disc);
  out->covered_fraction = coverage.covered;
  out->overlap_fraction = coverage.overlapped;
  return status;
}

static void strain(const struct nw_case *c, const struct nw_run *run, struct nw_punctures *out) {
  const struct nw_params *p = &c->params;
  const struct nw_device *d = &c->device;
  if (!nw_device_has_needles(d->kind)) return;
  /* the last session has the bluntest tips */
  const struct needle n = prepare(c, run, nw_case_session_count(c) - 1);
  const bool held = d->kind == NW_DEVICE_ROLLER || d->kind == NW_DEVICE_STAMP;
  out->force = held && d->force > 0 ? d->force : n.tip_force * run->strikes.needles_in_skin;
  out->buckling_margin = nw_mechanics_buckling_load(p, d->needle_length, d->needle_diameter) / n.tip_force;
  out->bending_margin = p->steel_strength / nw_mechanics_bending_stress(d->needle_length, d->needle_diameter,
                                                                        p->side_force * n.tip_force);
  const double wide = p->follicle_opening + n.mouth;
  out->follicle_fraction =
      -expm1(-run->skin.follicle_density * NW_PI * wide * wide / 4); /* math: disc area */
}

static bool occluded(const struct nw_case *c) {
  for (size_t i = 0; i < c->n_products; i++)
    if (c->products[i].when != NW_BEFORE && c->products[i].occluded) return true;
  return false;
}

/* Skin that is no longer alive closes nothing. */
static void set_clocks(const struct nw_case *c, struct nw_punctures *out) {
  const struct nw_params *p = &c->params;
  out->barrier_half_life = out->structure_half_life = INFINITY;
  if (c->experiment.present) return;
  out->barrier_half_life =
      nw_reaction_barrier_half_life(p, occluded(c), c->subject.phototype, c->subject.age);
  /* the law in needle length was read on needles; a beam's hole gets its reference */
  const bool needled = nw_device_has_needles(c->device.kind);
  const double length = needled ? c->device.needle_length : p->structure_length;
  out->structure_half_life = nw_reaction_structure_half_life(p, length, false);
}

static void warn_of_beam(struct nw_context *context, const struct nw_case *c) {
  const struct nw_beam beam = nw_beam_of(&c->params, &c->device);
  if (nw_beam_extrapolated(&c->params, &c->device))
    nw_diagnose(context, NW_WARNING, NW_OK, NULL, 0, 0, "device.laser.energy",
                "no column was measured at %.4g mJ: a depth of %.0f um is extrapolated",
                nw_unit_from_si(c->device.laser.energy, "mJ"), nw_unit_from_si(beam.depth, "um"));
}

static void warn_of_peel(struct nw_context *context, const struct nw_case *c) {
  const char *agent = c->device.peel.agent;
  if (c->device.kind != NW_DEVICE_PEEL || !agent || nw_peel_known(agent)) return;
  nw_diagnose(context, NW_WARNING, NW_OK, NULL, 0, 0, "device.peel.agent",
              "no depth is known of %s by strength: it goes as deep as a usual peel of its class", agent);
}

/* A patch that few columns fall on is a throw of dice, not the treated skin. */
static void warn_of_few(struct nw_context *context, const struct nw_case *c, const struct nw_run *run) {
  const double few = 4; /* math: below it one patch in fifty has no column at all */
  const double expected = run->punctures.density * c->patch.width * c->patch.height;
  if (expected <= 0 || expected >= few) return;
  nw_diagnose(context, NW_WARNING, NW_OK, NULL, 0, 0, "patch",
              "%.1f punctures of a session fall on the patch: too few to stand for the treated skin; take at "
              "least %.1f mm",
              expected, nw_unit_from_si(sqrt(few / run->punctures.density), "mm"));
}

static void warn(struct nw_context *context, const struct nw_case *c, const struct nw_run *run) {
  const struct nw_device *d = &c->device;
  if (!nw_device_has_needles(d->kind)) {
    warn_of_beam(context, c);
    return;
  }
  const struct needle n = prepare(c, run, nw_case_session_count(c) - 1);
  if (!n.enters)
    nw_diagnose(
        context, NW_WARNING, NW_OK, NULL, 0, 0, "device.tip_radius",
        "the needles do not enter: tips of %.1f um need %.2f N on %.0f needles and a dimple of %.2f mm",
        nw_unit_from_si(n.tip_radius, "um"), n.tip_force * run->strikes.needles_in_skin,
        run->strikes.needles_in_skin,
        nw_unit_from_si(nw_mechanics_gate(&c->params, d->kind, &run->skin, 2 * n.tip_radius), "mm"));
  if (n.reach > n.hard_floor)
    nw_diagnose(context, NW_WARNING, NW_OK, NULL, 0, 0, "device.needle_length",
                "the needles reach the bone, which lies %.1f mm below this skin",
                nw_unit_from_si(n.hard_floor, "mm"));
  if (run->strikes.tearing)
    nw_diagnose(context, NW_WARNING, NW_OK, NULL, 0, 0, "device",
                "the needles travel %.2f mm while in the skin, more than their width: the skin may tear",
                nw_unit_from_si(run->strikes.drag, "mm"));
  if (run->punctures.extrapolated)
    nw_diagnose(
        context, NW_WARNING, NW_OK, NULL, 0, 0, "device.passes",
        "%.0f punctures per cm2 are more than healing was ever calibrated on: results are extrapolated",
        nw_unit_from_si(run->punctures.density, "1/cm^2"));
}

static struct nw_injury beam_injury(const struct nw_case *c, const struct nw_puncture *q) {
  const struct nw_beam beam = nw_beam_of(&c->params, &c->device);
  return (struct nw_injury){.kind = NW_INJURY_THERMAL,
                            .session = q->session,
                            .x = q->x,
                            .y = q->y,
                            .depth = (float)beam.depth,
                            .core_radius = (float)beam.radius,
                            .rim_radius = (float)(beam.radius + beam.rim),
                            .taper = (float)(c->params.laser_taper * beam.depth),
                            .mouth_radius = (float)beam.radius,
                            .open_radius = (float)beam.hole_radius,
                            .hole_depth = (float)beam.hole_depth};
}

/* A needle cuts its channel; driven by radio frequency it coagulates a shell around it below the epidermis.
 */
static struct nw_injury needle_injury(const struct nw_case *c, const struct nw_puncture *q) {
  const struct nw_params *p = &c->params;
  const bool heats = c->device.kind == NW_DEVICE_RF_NEEDLE;
  const float mouth = 0.5f * q->lumen_diameter;
  const float core = mouth + (heats ? (float)p->rf_shell : 0);
  const double rim = heats ? p->heat_rim : p->l_sh - p->a_n;
  return (struct nw_injury){.kind = heats ? NW_INJURY_THERMAL : NW_INJURY_NEEDLE,
                            .session = q->session,
                            .x = q->x,
                            .y = q->y,
                            .depth = q->reach,
                            .core_radius = core,
                            .rim_radius = core + (float)rim,
                            .taper = fminf(q->reach, (float)(p->tip_cone * c->device.needle_diameter)),
                            .mouth_radius = mouth,
                            .open_radius = mouth};
}

static struct nw_injury injury_of(const struct nw_case *c, const struct nw_puncture *q) {
  return nw_device_has_needles(c->device.kind) ? needle_injury(c, q) : beam_injury(c, q);
}

static struct nw_injury peel_injury(const struct nw_case *c, const struct nw_skin *skin, int session) {
  const double depth = nw_peel_depth(&c->device, skin);
  return (struct nw_injury){.kind = NW_INJURY_REMOVAL, .session = session, .depth = (float)depth};
}

static enum nw_status injure(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct nw_injuries *out = &run->injuries;
  out->count = 0;
  const bool peel = c->device.kind == NW_DEVICE_PEEL;
  size_t n = run->punctures.count;
  if (peel) n = c->device.passes > 0 ? (size_t)nw_case_session_count(c) : 0;
  if (!nw_grow(&out->item, &out->capacity, n, sizeof *out->item))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu injuries", n);
  for (; out->count < n; out->count++)
    out->item[out->count] =
        peel ? peel_injury(c, &run->skin, (int)out->count) : injury_of(c, &run->punctures.item[out->count]);
  return NW_OK;
}

static void start_afresh(struct nw_punctures *out) {
  struct nw_puncture *item = out->item;
  const size_t capacity = out->capacity;
  *out = (struct nw_punctures){.item = item, .capacity = capacity};
}

enum nw_status nw_puncture_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct nw_punctures *out = &run->punctures;
  start_afresh(out);
  out->density = run->strikes.density;
  set_clocks(c, out);
  if (run->strikes.count) {
    NW_TRY(puncture_all(context, c, run));
    count_up(&c->params, out);
    NW_TRY(cover(context, c, out));
    strain(c, run, out);
  }
  out->extrapolated = nw_device_has_needles(c->device.kind) &&
                      out->density > c->params.density_calibrated * (1 + FLT_EPSILON);
  out->pain_vas = nw_reaction_session_pain(&c->params, &c->device, c->subject.site);
  if (run->strikes.count) warn(context, c, run);
  warn_of_few(context, c, run);
  warn_of_peel(context, c);
  return injure(context, c, run);
}
