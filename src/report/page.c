/* SPDX-License-Identifier: BSD-3-Clause
   What the parts of the report share: the results, the growing page, the words for outcomes. */
#include "page.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

static const struct nw_page_label labels[] = {
#define LABEL(key, name, group) {#key, name, NW_GROUP_##group},
#include "page_labels.def"
#undef LABEL
};

struct evidence_note {
  const char *key, *text;
};
static const struct evidence_note notes[] = {
#define NOTE(key, text) {#key, text},
#include "../../model/evidence_notes.def"
#undef NOTE
};

const struct nw_page_label *nw_page_label(const char *key) {
  for (size_t i = 0; i < NW_COUNT(labels); i++)
    if (strcmp(labels[i].key, key) == 0) return &labels[i];
  return NULL;
}

const char *nw_page_group_name(enum nw_page_group group) {
  static const char *const name[NW_GROUP_COUNT] = {"The concern", "Dermis",  "Surface",
                                                   "Colour",      "Barrier", "Signals and cells at the end"};
  return (unsigned)group < NW_GROUP_COUNT ? name[group] : "";
}

void nw_page_name(struct nw_text *out, const char *key) {
  const struct nw_page_label *label = nw_page_label(key);
  if (label)
    nw_html_escape(out, label->name);
  else
    nw_html_words(out, key);
}

const char *nw_page_evidence_note(const char *key) {
  for (size_t i = 0; i < NW_COUNT(notes); i++)
    if (strcmp(notes[i].key, key) == 0) return notes[i].text;
  return NULL;
}

const char *nw_page_evidence_word(int grade) {
  static const char *const word[] = {"not graded",  "randomised trials", "controlled studies",
                                     "case series", "animal studies",    "in vitro or assumed"};
  return grade >= 1 && grade <= 5 ? word[grade] : word[0];
}

/* ---- outcomes and sessions ---- */

static double outcome_number(const struct nw_page *page, const char *key, const char *leaf) {
  char path[192];
  snprintf(path, sizeof path, "outcome.%s.%s", key, leaf);
  return nw_results_number(page->results, path);
}

static bool add_outcome(struct nw_page *page, const char *key, size_t length) {
  struct nw_text name = {0};
  nw_text_append_bytes(&name, key, length);
  if (name.failed ||
      !nw_grow(&page->outcome, &page->outcome_capacity, page->n_outcomes + 1, sizeof *page->outcome)) {
    nw_text_clear(&name);
    return false;
  }
  char path[192];
  snprintf(path, sizeof path, "outcome.%s.unit", name.data);
  const double grade = outcome_number(page, name.data, "evidence");
  page->outcome[page->n_outcomes++] = (struct nw_page_outcome){
      .key = name.data,
      .unit = nw_results_text(page->results, path),
      .baseline = outcome_number(page, name.data, "baseline"),
      .final = outcome_number(page, name.data, "final"),
      .untreated = outcome_number(page, name.data, "untreated"),
      .change_pct = outcome_number(page, name.data, "change_pct"),
      .change = outcome_number(page, name.data, "change"),
      .effect_pct = outcome_number(page, name.data, "effect_pct"),
      .low = outcome_number(page, name.data, "interval.0"),
      .high = outcome_number(page, name.data, "interval.1"),
      .mean_low = outcome_number(page, name.data, "interval_mean.0"),
      .mean_high = outcome_number(page, name.data, "interval_mean.1"),
      .evidence = grade >= 1 && grade <= 5 ? (int)grade : 0,
  };
  return true;
}

static bool gather_outcomes(struct nw_page *page) {
  static const char prefix[] = "outcome.";
  for (size_t i = 0; i < page->results->n_entries; i++) {
    const char *path = page->results->entry[i].path;
    if (strncmp(path, prefix, sizeof prefix - 1) != 0) continue;
    const char *key = path + sizeof prefix - 1;
    const size_t length = strcspn(key, ".");
    if (key[length] == '\0' || length == 0 || length > 100) continue;
    const size_t last = page->n_outcomes;
    if (last > 0 && strlen(page->outcome[last - 1].key) == length &&
        strncmp(page->outcome[last - 1].key, key, length) == 0)
      continue;
    if (!add_outcome(page, key, length)) return false;
  }
  return true;
}

static bool add_session(struct nw_page *page, double day) {
  if (!nw_grow(&page->session, &page->session_capacity, page->n_sessions + 1, sizeof(double))) return false;
  page->session[page->n_sessions++] = day;
  return true;
}

static bool gather_sessions(struct nw_page *page) {
  static const char list[] = "case.course.session_times_d";
  const size_t given = nw_results_list_length(page->results, list);
  for (size_t i = 0; i < given; i++) {
    char path[64];
    snprintf(path, sizeof path, "%s.%zu", list, i);
    if (!add_session(page, nw_results_number(page->results, path))) return false;
  }
  if (given > 0) return true;
  const double count = nw_results_number(page->results, "case.course.sessions");
  const double interval = nw_page_days(page, "case.course.interval");
  const double most = 1000;
  for (int i = 0; i < count && i < most && (i == 0 || isfinite(interval)); i++)
    if (!add_session(page, i == 0 ? 0 : interval * i)) return false;
  const double upkeep = nw_page_days(page, "case.course.maintenance");
  const double follow_up = nw_page_days(page, "case.course.follow_up");
  if (page->n_sessions == 0 || !(upkeep > 0)) return true;
  const double last = page->session[page->n_sessions - 1];
  for (double t = upkeep; t <= follow_up && (double)page->n_sessions < most; t += upkeep)
    if (!add_session(page, last + t)) return false;
  return true;
}

enum nw_status nw_page_open(struct nw_page *page, struct nw_context *context,
                            const struct nw_results *results, struct nw_text *out) {
  *page = (struct nw_page){.context = context, .results = results, .out = out};
  if (gather_outcomes(page) && gather_sessions(page)) return NW_OK;
  nw_page_clear(page);
  return nw_fail(context, NW_MEMORY, NULL, "out of memory while composing the report");
}

void nw_page_clear(struct nw_page *page) {
  for (size_t i = 0; i < page->n_outcomes; i++)
    nw_release(page->outcome[i].key);
  nw_release(page->outcome);
  nw_release(page->session);
  *page = (struct nw_page){0};
}

const struct nw_page_outcome *nw_page_outcome(const struct nw_page *page, const char *key) {
  for (size_t i = 0; i < page->n_outcomes; i++)
    if (strcmp(page->outcome[i].key, key) == 0) return &page->outcome[i];
  return NULL;
}

/* ---- quantities whose key ends in a unit ---- */

struct suffix {
  const char *end, *unit;
  double days; /* of one unit, 0 when it is no time [d] */
};
static const struct suffix suffixes[] = {
    {"_ug_cm2_h", "ug/(cm^2 h)", 0},
    {"_g_m2_h", "g/(m^2 h)", 0},
    {"_mm3_cm2", "mm^3/cm^2", 0},
    {"_mm2_cm2", "mm^2/cm^2", 0},
    {"_uL_cm2", "uL/cm^2", 0},
    {"_ug_cm2", "ug/cm^2", 0},
    {"_per_cm2", "1/cm^2", 0},
    {"_mg_mL", "mg/mL", 0},
    {"_MED_d", "MED/d", 0},
    {"_mm_s", "mm/s", 0},
    {"_cm_s", "cm/s", 0},
    {"_um_s", "um/s", 0},
    {"_ug", "ug", 0},
    {"_kPa", "kPa", 0},
    {"_cm2", "cm^2", 0},
    {"_mm2", "mm^2", 0},
    {"_degC", "degC", 0},
    {"_deg", "deg", 0},
    {"_pct", "%", 0},
    {"_g_mol", "g/mol", 0},
    {"_m2_s", "m^2/s", 0},
    {"_MB", "MB", 0},
    {"_Hz", "Hz", 0},
    {"_mJ", "mJ", 0},
    {"_um", "um", 0},
    {"_nm", "nm", 0},
    {"_mm", "mm", 0},
    {"_cm", "cm", 0},
    {"_mL", "mL", 0},
    {"_N", "N", 0},
    {"_y", "years", 365.25},
    {"_d", "d", 1},
    {"_h", "h", 1.0 / 24},
    {"_min", "min", 1.0 / 1440},
    {"_s", "s", 1.0 / 86400},
    {"_m", "m", 0},
};

static const struct suffix *suffix_of(const char *key) {
  const size_t length = strlen(key);
  for (size_t i = 0; i < NW_COUNT(suffixes); i++) {
    const size_t tail = strlen(suffixes[i].end);
    if (length > tail && strcmp(key + length - tail, suffixes[i].end) == 0) return &suffixes[i];
  }
  return NULL;
}

const char *nw_page_unit_suffix(const char *key, size_t *stem) {
  const struct suffix *found = suffix_of(key);
  *stem = strlen(key) - (found ? strlen(found->end) : 0);
  return found ? found->unit : NULL;
}

/* The entry at `path`, exact or with a unit suffix behind it. */
static const struct nw_summary_entry *find_quantity(const struct nw_page *page, const char *path,
                                                    const struct suffix **suffix) {
  const size_t length = strlen(path);
  *suffix = NULL;
  for (size_t i = 0; i < page->results->n_entries; i++) {
    const struct nw_summary_entry *entry = &page->results->entry[i];
    if (strncmp(entry->path, path, length) != 0) continue;
    *suffix = suffix_of(entry->path);
    if (entry->path[length] == '\0') return entry;
    if (*suffix && strcmp(entry->path + length, (*suffix)->end) == 0) return entry;
  }
  *suffix = NULL;
  return NULL;
}

double nw_page_quantity(const struct nw_page *page, const char *path, char unit[32]) {
  const struct suffix *suffix;
  const struct nw_summary_entry *entry = find_quantity(page, path, &suffix);
  if (unit) snprintf(unit, 32, "%s", entry && suffix ? suffix->unit : "");
  return entry && entry->is_number ? entry->number : NAN;
}

bool nw_page_append_quantity(struct nw_page *page, const char *path) {
  const struct suffix *suffix;
  const struct nw_summary_entry *entry = find_quantity(page, path, &suffix);
  if (!entry || (!entry->is_number && !entry->text)) return false;
  if (!entry->is_number) {
    nw_html_escape(page->out, entry->text);
    return true;
  }
  if (!isfinite(entry->number)) return false;
  const bool whole = entry->number == floor(entry->number) && fabs(entry->number) < 1e6;
  if (whole) nw_html_fixed(page->out, entry->number, 0);
  if (!whole) nw_html_number(page->out, entry->number);
  if (suffix) nw_text_append(page->out, "\u202f");
  if (suffix) nw_html_unit(page->out, suffix->unit);
  return true;
}

double nw_page_days(const struct nw_page *page, const char *path) {
  const struct suffix *suffix;
  const struct nw_summary_entry *entry = find_quantity(page, path, &suffix);
  if (!entry) return NAN;
  if (entry->is_number) return entry->number * (suffix && suffix->days > 0 ? suffix->days : 1);
  char *rest;
  const double value = strtod(entry->text, &rest);
  if (rest == entry->text) return NAN;
  char tail[40];
  snprintf(tail, sizeof tail, "x_%.30s", rest + strspn(rest, " "));
  const struct suffix *unit = suffix_of(tail);
  return unit && unit->days > 0 ? value * unit->days : NAN;
}

/* ---- timeline ---- */

const double *nw_page_timeline(const struct nw_page *page, const char *key) {
  const struct nw_table *t = &page->results->timeline;
  const int column = t->n_columns ? nw_table_column(t, key) : -1;
  if (column < 0) return NULL;
  for (size_t i = 0; i < t->n_rows; i++)
    if (isfinite(t->number[column][i])) return t->number[column];
  return NULL;
}

double nw_page_timeline_at(const struct nw_page *page, const char *key, double time) {
  const double *day = nw_page_timeline(page, "time_d"), *value = nw_page_timeline(page, key);
  if (!day || !value) return NAN;
  size_t best = 0;
  for (size_t i = 0; i < page->results->timeline.n_rows; i++)
    if (fabs(day[i] - time) < fabs(day[best] - time)) best = i;
  return value[best];
}

/* ---- furniture ---- */

void nw_page_section(struct nw_page *page, const char *id, const char *title, const char *lead) {
  nw_text_append(page->out, "\n<section id=\"%s\"><h2>%s</h2>", id, title);
  if (lead) nw_text_append(page->out, "<p class=\"lead\">%s</p>", lead);
}

void nw_page_section_end(struct nw_page *page) {
  nw_text_append(page->out, "</section>\n");
}

void nw_page_figure(struct nw_page *page, const char *title, const char *unit) {
  nw_text_append(page->out, "<figure><div class=\"head\"><b>");
  nw_html_escape(page->out, title);
  nw_text_append(page->out, "</b> <span>");
  nw_html_unit(page->out, unit);
  nw_text_append(page->out, "</span></div>");
}

void nw_page_figure_end(struct nw_page *page, const char *caption) {
  if (caption) {
    nw_text_append(page->out, "<figcaption>");
    nw_html_escape(page->out, caption);
    nw_text_append(page->out, "</figcaption>");
  }
  nw_text_append(page->out, "</figure>");
}

void nw_page_value(struct nw_page *page, double value, int decimals, const char *unit) {
  nw_html_fixed(page->out, value, decimals);
  if (!unit || !isfinite(value) || strcmp(unit, "1") == 0) return;
  nw_text_append(page->out, "<span class=\"unit\">\u202f");
  nw_html_unit(page->out, unit);
  nw_text_append(page->out, "</span>");
}

void nw_page_number_row(struct nw_page *page, const char *name, const char *path, double factor,
                        const char *unit) {
  const double value = nw_results_number(page->results, path) * factor;
  if (!isfinite(value)) return;
  nw_text_append(page->out, "<tr><th>");
  nw_html_escape(page->out, name);
  nw_text_append(page->out, "</th><td>");
  nw_html_number(page->out, value);
  nw_text_append(page->out, "<span class=\"unit\">\u202f");
  nw_html_unit(page->out, unit);
  nw_text_append(page->out, "</span></td></tr>");
}
