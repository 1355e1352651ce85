/* SPDX-License-Identifier: BSD-3-Clause
   The case: a plan compiled to SI, with defaults filled in and every mistake reported at once. */
#include "case.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case_compile.h"
#include "base/units.h"

/* A sun word sits where the given dose is nearest; safety rules ask for the word. */
static enum nw_sun sun_of_dose(const struct nw_params *p, double dose) {
  if (dose >= nw_unit_from_si(p->uv_high, "MED/day")) return NW_SUN_HIGH;
  if (dose >= nw_unit_from_si(p->uv_moderate, "MED/day")) return NW_SUN_MODERATE;
  return dose > 0 ? NW_SUN_LOW : NW_SUN_NONE;
}

static void compile_sun(struct nw_compile *k, struct nw_subject *s) {
  const struct nw_params *p = &k->c->params;
  const double dose_of_word[] = {0, p->uv_low, p->uv_moderate, p->uv_high};
  int word;
  double dose = 0;
  nw_read_mixed(k, "subject", "sun_exposure", &word, &dose);
  if (word >= 0) dose = dose_of_word[word];
  s->uv_dose = nw_unit_from_si(dose, "MED/day");
  s->sun_exposure = word >= 0 ? (enum nw_sun)word : sun_of_dose(p, s->uv_dose);
  if (!s->ageing) s->uv_dose = 0;
}

static void compile_subject(struct nw_compile *k) {
  struct nw_subject *s = &k->c->subject;
  double age = 0;
  int sex = 0, phototype = 0, skin_type = 0, site = 0;
  uint64_t conditions = 0;
  nw_read_quantity(k, "subject", "age", &age);
  nw_read_choice(k, "subject", "sex", &sex);
  nw_read_choice(k, "subject", "phototype", &phototype);
  nw_read_choice(k, "subject", "skin_type", &skin_type);
  nw_read_choice(k, "subject", "site", &site);
  nw_read_choices(k, "subject", "conditions", &conditions);
  nw_read_flag(k, "subject", "skin_thin", &s->skin_thin);
  nw_read_flag(k, "subject", "acne_prone", &s->acne_prone);
  nw_read_flag(k, "subject", "ageing", &s->ageing);
  nw_read_flag(k, "subject", "smoker", &s->smoker);
  s->age = nw_unit_from_si(age, "y");
  s->sex = (enum nw_sex)sex;
  s->phototype = phototype + 1;
  s->skin_type = (enum nw_skin_type)skin_type;
  s->site = (enum nw_site_name)site;
  s->conditions = (uint32_t)conditions;
  compile_sun(k, s);
}

/* ---- concerns ---- */

/* First and last type of each kind that has types, and the one that holds when none is given. */
static const struct {
  enum nw_concern_kind kind;
  enum nw_concern_type first, last, usual;
} concern_types[] = {
    {NW_CONCERN_ACNE_SCAR, NW_TYPE_ROLLING, NW_TYPE_ICE_PICK, NW_TYPE_ROLLING},
    {NW_CONCERN_WRINKLE, NW_TYPE_FINE, NW_TYPE_DEEP, NW_TYPE_FINE},
    {NW_CONCERN_MELASMA, NW_TYPE_EPIDERMAL, NW_TYPE_MIXED, NW_TYPE_MIXED},
    {NW_CONCERN_STRETCH_MARK, NW_TYPE_RED, NW_TYPE_WHITE, NW_TYPE_WHITE},
};

static void refuse_type(struct nw_compile *k, const char *section, const struct nw_concern *concern) {
  const char *kind = nw_concern_kind_word(concern->kind), *type = nw_concern_type_word(concern->type);
  for (size_t i = 0; i < NW_COUNT(concern_types); i++) {
    if (concern_types[i].kind != concern->kind) continue;
    char all[80] = "";
    for (int t = (int)concern_types[i].first; t <= (int)concern_types[i].last; t++) {
      const size_t used = strlen(all);
      snprintf(all + used, sizeof all - used, "%s%s", used ? ", " : "",
               nw_concern_type_word((enum nw_concern_type)t));
    }
    nw_compile_error(k, section, "type", "%s is no type of %s; one of %s", type, kind, all);
    return;
  }
  nw_compile_error(k, section, "type", "%s has no types: leave %s out", kind, type);
}

static void compile_type(struct nw_compile *k, const char *section, struct nw_concern *concern) {
  int type = -1;
  const bool given = nw_read_choice(k, section, "type", &type);
  concern->type = given ? (enum nw_concern_type)(type + 1) : NW_TYPE_NONE;
  bool fits = !given;
  for (size_t i = 0; i < NW_COUNT(concern_types); i++) {
    if (concern_types[i].kind != concern->kind) continue;
    if (!given)
      concern->type = concern_types[i].usual;
    else
      fits = concern->type >= concern_types[i].first && concern->type <= concern_types[i].last;
  }
  if (!fits) refuse_type(k, section, concern);
}

static void compile_concern(struct nw_compile *k, size_t index) {
  char section[32];
  snprintf(section, sizeof section, "concerns.%zu", index);
  struct nw_concern *concern = &k->c->concerns[index];
  int kind = 0;
  if (nw_read_choice(k, section, "kind", &kind)) {
    concern->kind = (enum nw_concern_kind)kind;
    compile_type(k, section, concern);
  } else if (!nw_compile_named(k, section, "kind") && !k->plan->broken) {
    nw_compile_error(k, section, NULL, "a concern needs its kind, such as kind: acne_scar");
  }
  nw_read_quantity(k, section, "width", &concern->width);
  nw_read_quantity(k, section, "depth", &concern->depth);
}

static void compile_concerns(struct nw_compile *k) {
  const size_t count = nw_plan_list_length(k->plan, "concerns");
  if (count == 0) return;
  k->c->concerns = nw_allocate(count, sizeof *k->c->concerns);
  if (!k->c->concerns) {
    k->no_memory = true;
    return;
  }
  k->c->n_concerns = count;
  for (size_t i = 0; i < count; i++)
    compile_concern(k, i);
}

/* ---- course, experiment, aftercare, patch, output ---- */

static void compile_course(struct nw_compile *k) {
  struct nw_course *course = &k->c->course;
  nw_read_int(k, "course", "sessions", &course->sessions);
  nw_read_quantity(k, "course", "interval", &course->interval);
  nw_read_quantity(k, "course", "follow_up", &course->follow_up);
  nw_read_quantity(k, "course", "maintenance", &course->maintenance);
}

static void compile_experiment(struct nw_compile *k) {
  struct nw_experiment *e = &k->c->experiment;
  const struct nw_plan_value *section = nw_plan_find(k->plan, "experiment");
  e->present = section && section->shape == NW_SHAPE_MAP;
  int kind = 0, skin = 0, receptor = 0;
  nw_read_choice(k, "experiment", "kind", &kind);
  nw_read_choice(k, "experiment", "skin", &skin);
  nw_read_quantity(k, "experiment", "thickness", &e->thickness);
  nw_read_quantity(k, "experiment", "area", &e->area);
  nw_read_mixed(k, "experiment", "receptor", &receptor, &e->receptor_volume);
  nw_read_quantity(k, "experiment", "duration", &e->duration);
  nw_read_quantity(k, "experiment", "temperature", &e->temperature);
  e->skin = (enum nw_experiment_skin)skin;
  if (receptor >= 0) e->receptor_volume = INFINITY;
}

static void compile_aftercare(struct nw_compile *k) {
  struct nw_aftercare *a = &k->c->aftercare;
  nw_read_flag(k, "aftercare", "sunscreen", &a->sunscreen);
  nw_read_flag(k, "aftercare", "moisturiser", &a->moisturiser);
  nw_read_flag(k, "aftercare", "gentle_cleansing", &a->gentle_cleansing);
  nw_read_quantity(k, "aftercare", "sun_avoidance", &a->sun_avoidance);
}

static void compile_patch(struct nw_compile *k) {
  struct nw_patch *patch = &k->c->patch;
  nw_read_quantity(k, "patch", "width", &patch->width);
  nw_read_quantity(k, "patch", "height", &patch->height);
  nw_read_quantity(k, "patch", "resolution", &patch->resolution);
  nw_read_count(k, "patch", "seed", &patch->seed);
  int absorption = 0;
  nw_read_choice(k, "patch", "absorption", &absorption);
  patch->absorption = (enum nw_absorption_kind)absorption;
}

/* The words of output.fields are the fields in their order, then what stands for several or for a map
   of the surface. */
static void read_fields(uint64_t bits, struct nw_output_spec *output) {
  const uint32_t single = ((uint32_t)1 << NW_FIELD_COUNT) - 1;
  enum { COLLAGEN_I = NW_FIELD_COUNT, MELANIN, ALL };
  const bool all = bits >> ALL & 1;
  output->fields = (uint32_t)bits & single;
  if (bits >> COLLAGEN_I & 1)
    output->fields |= 1u << NW_FIELD_collagen_I_new | 1u << NW_FIELD_collagen_I_mature;
  if (all) output->fields = single;
  output->melanin = all || bits >> MELANIN & 1;
}

static void compile_output(struct nw_compile *k) {
  struct nw_output_spec *output = &k->c->output;
  uint64_t bits = 0;
  nw_read_quantity(k, "output", "every", &output->every);
  nw_read_quantities(k, "output", "times", &output->times, &output->n_times);
  nw_read_flag(k, "output", "pictures", &output->pictures);
  nw_read_choices(k, "output", "fields", &bits);
  read_fields(bits, output);
}

/* ---- the model's own numbers ---- */

static bool parse_parameter(struct nw_compile *k, const struct nw_param_row *row, const char *text,
                            double *number) {
  char problem[200] = "";
  double value;
  struct nw_dimension dimension;
  struct nw_unit wanted = {.scale = 1};
  bool has_unit;
  if (!nw_quantity_parse(text, &value, &dimension, &has_unit, problem, sizeof problem)) {
    nw_compile_error(k, "model", row->key, "%s; write a number in %s", problem, row->unit);
    return false;
  }
  nw_unit_parse(row->unit, &wanted, NULL, 0);
  if (has_unit && !nw_dimension_equal(dimension, wanted.dimension)) {
    nw_compile_error(k, "model", row->key, "\"%.40s\" does not fit; write it in %s", text, row->unit);
    return false;
  }
  *number = has_unit ? nw_unit_from_si(value, row->unit) : value;
  return true;
}

static void override_parameter(struct nw_compile *k, const struct nw_plan_value *value) {
  const struct nw_param_row *row = nw_param_find(value->path + strlen("model."));
  double number;
  if (!row || !parse_parameter(k, row, value->text, &number)) return;
  const double slack = 1e-12 /* math: a few roundings */ * (fabs(row->low) + fabs(row->high));
  if (number < row->low - slack || number > row->high + slack)
    nw_compile_warning(k, "model", row->key, "%g %s is outside of the plausible range, %g to %g", number,
                       row->unit, row->low, row->high);
  nw_param_set(&k->c->params, row, number);
  k->c->overrides[k->c->n_overrides++] = (struct nw_override){row, number};
}

void nw_compile_model(struct nw_compile *k) {
  size_t count = 0;
  for (size_t i = 0; i < k->plan->n_values; i++)
    count += !strncmp(k->plan->values[i].path, "model.", 6);
  if (count == 0) return;
  k->c->overrides = nw_allocate(count, sizeof *k->c->overrides);
  if (!k->c->overrides) {
    k->no_memory = true;
    return;
  }
  for (size_t i = 0; i < k->plan->n_values; i++) {
    const struct nw_plan_value *value = &k->plan->values[i];
    if (value->text && !strncmp(value->path, "model.", 6)) override_parameter(k, value);
  }
}

/* ---- the whole ---- */

static void compile(struct nw_compile *k) {
  int role = 0;
  k->c->params = nw_params_default();
  nw_compile_model(k);
  nw_read_text(k, "", "title", &k->c->title);
  nw_read_choice(k, "", "operator", &role);
  k->c->operator_role = (enum nw_operator)role;
  compile_subject(k);
  compile_concerns(k);
  nw_compile_device(k);
  compile_patch(k);
  nw_compile_products(k);
  compile_course(k);
  compile_experiment(k);
  compile_aftercare(k);
  compile_output(k);
  nw_compile_check(k);
}

static bool take_plan(struct nw_case *c, const struct nw_plan *plan) {
  c->plan_path = nw_string_copy(plan->name);
  c->plan_text = nw_string_copy(plan->text);
  return c->plan_path && c->plan_text;
}

enum nw_status nw_case_create(struct nw_context *context, const struct nw_plan *plan, struct nw_case **out) {
  *out = NULL;
  struct nw_compile k = {.context = context, .plan = plan};
  const size_t first = context->n_diagnostics;
  k.c = nw_allocate(1, sizeof *k.c);
  k.bad = nw_allocate(plan->n_values + 1, sizeof *k.bad);
  if (!k.c || !k.bad || !take_plan(k.c, plan))
    k.no_memory = true;
  else
    compile(&k);
  nw_release(k.bad);
  nw_plan_sort_messages(context, first);
  if (!k.no_memory && k.errors == 0) {
    *out = k.c;
    return NW_OK;
  }
  nw_case_free(&k.c);
  return k.no_memory ? nw_fail(context, NW_MEMORY, NULL, "out of memory while reading the plan")
                     : NW_BAD_PLAN;
}

static void free_device(struct nw_device *device) {
  nw_release(device->preset);
  nw_release(device->punctures_file);
  nw_release(device->array_file);
  nw_release(device->peel.agent);
}

void nw_case_free(struct nw_case **c) {
  if (!c || !*c) return;
  nw_release((*c)->title);
  nw_release((*c)->plan_path);
  nw_release((*c)->plan_text);
  nw_release((*c)->concerns);
  free_device(&(*c)->device);
  for (size_t i = 0; i < (*c)->n_products; i++) {
    nw_release((*c)->products[i].name);
    nw_release((*c)->products[i].label);
  }
  nw_release((*c)->products);
  nw_release((*c)->output.times);
  nw_release((*c)->overrides);
  nw_release(*c);
  *c = NULL;
}

/* ---- what many ask of a case ---- */

const struct nw_concern *nw_case_concern(const struct nw_case *c, enum nw_concern_kind kind) {
  for (size_t i = 0; i < c->n_concerns; i++)
    if (c->concerns[i].kind == kind) return &c->concerns[i];
  return NULL;
}

int nw_case_session_count(const struct nw_case *c) {
  if (c->experiment.present) return 1;
  const struct nw_course *course = &c->course;
  const int upkeep = course->maintenance > 0 ? (int)floor(course->follow_up / course->maintenance) : 0;
  return course->sessions > 0 ? course->sessions + upkeep : 0;
}

double nw_case_session_time(const struct nw_case *c, int session) {
  const int planned = c->course.sessions - 1;
  if (session <= planned) return session * c->course.interval;
  return planned * c->course.interval + (session - planned) * c->course.maintenance;
}
