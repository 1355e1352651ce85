/* SPDX-License-Identifier: BSD-3-Clause
   Report: title, one sentence, key numbers, warnings, and what was done. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"

/* ---- which outcomes matter for a concern, most telling first ---- */

enum { MOST_GOALS = 4 };
struct concern_goals {
  const char *kind;
  const char *key[MOST_GOALS];
};
static const struct concern_goals goals[] = {
    {"acne_scar", {"goodman_baron", "scar_depth_um", "scar_volume_mm3_cm2", "collagen_total"}},
    {"surgical_scar", {"scar_depth_um", "scar_volume_mm3_cm2", "collagen_total", NULL}},
    {"wrinkle", {"wrinkle_grade", "wrinkle_depth_um", "collagen_total", NULL}},
    {"pores", {"pore_area_mm2_cm2", "pore_count_cm2", NULL, NULL}},
    {"melasma", {"mmasi", "spot_contrast", "melanin_index", NULL}},
    {"lentigo", {"spot_contrast", "melanin_index", NULL, NULL}},
    {"pih", {"spot_contrast", "melanin_index", NULL, NULL}},
    {"stretch_mark", {"stria_contrast", "stria_depth_um", "stria_width_um", "collagen_total"}},
    {"texture", {"texture_grade", "ra_um", "rz_um", NULL}},
    {"laxity", {"laxity", "elasticity_r2", "dermal_thickness_um", NULL}},
    {"photoageing", {"glogau", "collagen_total", "wrinkle_depth_um", "ra_um"}},
    {"dullness", {"ita_deg", "lab_L", "tone_variance", NULL}},
};

static void add_goal(const struct nw_page *page, const char *key, const struct nw_page_outcome **list,
                     size_t most, size_t *n) {
  const struct nw_page_outcome *o = nw_page_outcome(page, key);
  if (!o || !isfinite(o->final) || !isfinite(o->baseline) || *n >= most) return;
  for (size_t i = 0; i < *n; i++)
    if (list[i] == o) return;
  list[(*n)++] = o;
}

size_t nw_part_goals(const struct nw_page *page, size_t least, const struct nw_page_outcome **list,
                     size_t most) {
  size_t n = 0;
  const size_t concerns = nw_results_list_length(page->results, "case.concerns");
  for (size_t i = 0; i < concerns; i++) {
    char path[64];
    snprintf(path, sizeof path, "case.concerns.%zu.kind", i);
    const char *kind = nw_results_text(page->results, path);
    for (size_t g = 0; kind && g < NW_COUNT(goals); g++) {
      if (strcmp(goals[g].kind, kind) != 0) continue;
      for (int k = 0; k < MOST_GOALS && goals[g].key[k]; k++)
        add_goal(page, goals[g].key[k], list, most, &n);
    }
  }
  static const char *const always[] = {"collagen_total", "melanin_index", "ra_um",
                                       "dermal_density", "elastin",       "epidermal_thickness_um"};
  for (size_t i = 0; i < NW_COUNT(always) && n < least; i++)
    add_goal(page, always[i], list, most, &n);
  return n;
}

bool nw_part_in_vitro(const struct nw_page *page) {
  return nw_results_list_length(page->results, "case.experiment") > 0;
}

/* ---- one sentence ---- */

static const char *text_at(const struct nw_page *page, const char *path) {
  return nw_results_text(page->results, path);
}

/* A word of the plan file as plain English: "rf_needle" becomes "rf needle". */
static void append_plain(struct nw_page *page, const char *word) {
  for (const char *p = word; *p; p++)
    nw_html_escape(page->out, (const char[2]){*p == '_' ? ' ' : *p, '\0'});
}

static void append_sessions(struct nw_page *page) {
  static const char *const number_word[] = {"No",    "One",   "Two",  "Three", "Four",   "Five",  "Six",
                                            "Seven", "Eight", "Nine", "Ten",   "Eleven", "Twelve"};
  const double sessions = nw_results_number(page->results, "case.course.sessions");
  if (sessions >= 0 && sessions < NW_COUNT(number_word)) {
    nw_text_append(page->out, "%s session%s", number_word[(int)sessions], sessions == 1 ? "" : "s");
  } else if (isfinite(sessions)) {
    nw_text_append(page->out, "%.0f sessions", sessions);
  } else {
    nw_text_append(page->out, "Treatment");
  }
}

static void append_device(struct nw_page *page, const char *kind) {
  nw_text_append(page->out,
                 strchr("aeiou", kind[0]) || strncmp(kind, "rf", 2) == 0 ? " with an " : " with a ");
  append_plain(page, kind);
  const double length = nw_page_quantity(page, "case.device.needle_length", NULL);
  if (isfinite(length) || text_at(page, "case.device.needle_length")) {
    nw_text_append(page->out, " at ");
    nw_page_append_quantity(page, "case.device.needle_length");
  }
}

static void append_course(struct nw_page *page) {
  const char *kind = text_at(page, "case.device.kind");
  const double sessions = nw_results_number(page->results, "case.course.sessions");
  const double interval = nw_page_days(page, "case.course.interval");
  const bool needled = kind && strcmp(kind, "none") != 0;
  if (nw_part_in_vitro(page)) {
    nw_text_append(page->out, needled ? "Permeation in a Franz cell, skin treated"
                                      : "Permeation in a Franz cell, intact skin");
  } else if (kind && !needled) {
    nw_text_append(page->out, "No treatment, only time");
  } else {
    append_sessions(page);
  }
  if (needled) append_device(page, kind);
  if (needled && sessions > 1 && isfinite(interval)) {
    nw_text_append(page->out, ", ");
    nw_html_duration(page->out, interval);
    nw_text_append(page->out, " apart");
  }
}

static void append_person(struct nw_page *page) {
  const char *site = text_at(page, "case.subject.site"), *sex = text_at(page, "case.subject.sex");
  const double age = nw_page_quantity(page, "case.subject.age", NULL);
  if (site) {
    nw_text_append(page->out, ", on the ");
    append_plain(page, site);
    nw_text_append(page->out,
                   strcmp(site, "periorbital") == 0 || strcmp(site, "perioral") == 0 ? " skin" : "");
  }
  if (isfinite(age)) {
    nw_text_append(page->out, " of a %.0f-year-old %s", age,
                   sex && strcmp(sex, "male") == 0 ? "man"
                   : sex                           ? "woman"
                                                   : "person");
  }
  if (text_at(page, "case.subject.phototype")) {
    nw_text_append(page->out, ", phototype ");
    nw_html_escape(page->out, text_at(page, "case.subject.phototype"));
  }
}

/* "is predicted to fall by 21 % (90 % of persons: 12 to 30 %)" */
static void append_prediction(struct nw_page *page, const struct nw_page_outcome *o, bool first) {
  const bool percent = isfinite(o->change_pct);
  const double size = percent ? o->change_pct : o->final - o->baseline;
  nw_text_append(page->out, first ? " <b>" : "; <b>");
  nw_page_name(page->out, o->key);
  nw_text_append(page->out, "</b> is predicted to ");
  if (percent ? fabs(size) < 1 : fabs(size) < 0.05) { /* what rounding would hide */
    nw_text_append(page->out, "stay as it is");
  } else {
    nw_text_append(page->out, size < 0 ? "fall by <b>" : "rise by <b>");
    nw_html_fixed(page->out, fabs(size), percent ? (fabs(size) < 10 ? 1 : 0) : 1);
    nw_text_append(page->out, percent ? "\u202f%%</b>" : "</b>");
  }
  if (!isfinite(o->low) || !isfinite(o->high)) return;
  nw_text_append(page->out, " (to ");
  nw_page_value(page, o->final, nw_html_decimals(o->final, o->low, o->high), o->unit);
  nw_text_append(page->out, ", 90\u202f%% of persons between ");
  nw_html_fixed(page->out, o->low, nw_html_decimals(o->final, o->low, o->high));
  nw_text_append(page->out, " and ");
  nw_html_fixed(page->out, o->high, nw_html_decimals(o->final, o->low, o->high));
  nw_text_append(page->out, ")");
}

/* In percent; what rounds to nothing is "below 0.1", not 0. */
static void append_risk(struct nw_page *page, double risk) {
  const double percent = 100 * risk, least = 0.1;
  if (percent < least) nw_text_append(page->out, "&lt;\u202f");
  nw_html_fixed(page->out, fmax(percent, least), percent < 10 ? 1 : 0);
}

static void append_side_effects(struct nw_page *page) {
  const double downtime = nw_page_days(page, "safety.downtime");
  const double risk = nw_results_number(page->results, "safety.pih_risk");
  if (isfinite(downtime)) {
    nw_text_append(page->out, downtime > 0 ? " Downtime about " : " No downtime");
    if (downtime > 0) nw_html_duration(page->out, downtime);
  }
  if (isfinite(risk)) {
    nw_text_append(page->out, isfinite(downtime) ? ", risk" : " Risk");
    nw_text_append(page->out, " of darkening after inflammation ");
    append_risk(page, risk);
    nw_text_append(page->out, "\u202f%%");
  }
  if (isfinite(downtime) || isfinite(risk)) nw_text_append(page->out, ".");
}

static void append_uptake(struct nw_page *page) {
  const char *name = text_at(page, "products.0.name");
  const double ratio = nw_results_number(page->results, "products.0.enhancement_ratio");
  if (!name || !isfinite(ratio)) return;
  nw_text_append(page->out, ": <b>");
  nw_html_number(page->out, ratio);
  nw_text_append(page->out, "\u202f×</b> as much ");
  nw_html_escape(page->out, name);
  nw_text_append(page->out, " as through intact skin");
}

static void append_sentence(struct nw_page *page) {
  const struct nw_page_outcome *goal[2];
  const size_t n = nw_part_goals(page, 1, goal, NW_COUNT(goal));
  nw_text_append(page->out, "<p class=\"summary\">");
  append_course(page);
  if (!nw_part_in_vitro(page)) append_person(page);
  if (n) nw_text_append(page->out, ":");
  for (size_t i = 0; i < n; i++)
    append_prediction(page, goal[i], i == 0);
  if (n == 0) append_uptake(page);
  nw_text_append(page->out, ".");
  if (!nw_part_in_vitro(page)) append_side_effects(page);
  nw_text_append(page->out, "</p>");
}

/* ---- cards ---- */

void nw_part_grade(struct nw_page *page, int grade) {
  nw_text_append(page->out, "<div class=\"grade\" title=\"evidence grade %d of 5, 1 is best\">", grade);
  for (int i = 5; i >= 1; i--)
    nw_text_append(page->out, "<i%s></i>", grade && i >= grade ? " class=\"on\"" : "");
  nw_text_append(page->out, "<span>%s</span></div>", nw_page_evidence_word(grade));
}

static void outcome_card(struct nw_page *page, const struct nw_page_outcome *o) {
  const int decimals = nw_html_decimals(o->final, o->low, o->high);
  nw_text_append(page->out, "<div class=\"card\"><div class=\"name\">");
  nw_page_name(page->out, o->key);
  nw_text_append(page->out, "</div><div class=\"big\">");
  const bool percent = isfinite(o->change_pct);
  const double size = percent ? o->change_pct : o->final - o->baseline;
  if (size > 0) nw_text_append(page->out, "+");
  nw_html_fixed(page->out, size, percent ? (fabs(size) < 10 ? 1 : 0) : fabs(size) < 10 ? 2 : 1);
  nw_text_append(page->out, percent ? "<span class=\"unit\">\u202f%%</span>" : "");
  nw_text_append(page->out, "</div><div class=\"sub\">");
  nw_html_fixed(page->out, o->baseline, decimals);
  nw_text_append(page->out, " → ");
  nw_page_value(page, o->final, decimals, o->unit);
  if (isfinite(o->low) && isfinite(o->high)) {
    nw_text_append(page->out, "<br><span class=\"unit\">90\u202f%% of persons ");
    nw_html_fixed(page->out, o->low, decimals);
    nw_text_append(page->out, " to ");
    nw_html_fixed(page->out, o->high, decimals);
    nw_text_append(page->out, "</span>");
  }
  nw_text_append(page->out, "</div>");
  nw_part_grade(page, o->evidence);
  nw_text_append(page->out, "</div>");
}

static void plain_card(struct nw_page *page, const char *name, double value, const char *unit,
                       const char *sub) {
  if (!isfinite(value)) return;
  nw_text_append(page->out, "<div class=\"card\"><div class=\"name\">");
  nw_html_escape(page->out, name);
  nw_text_append(page->out, "</div><div class=\"big\">");
  nw_html_fixed(page->out, value, nw_html_decimals(value, 0, fabs(value)));
  nw_text_append(page->out, "<span class=\"unit\">\u202f");
  nw_html_unit(page->out, unit);
  nw_text_append(page->out, "</span></div><div class=\"sub unit\">");
  nw_html_escape(page->out, sub);
  nw_text_append(page->out, "</div></div>");
}

static void risk_card(struct nw_page *page) {
  const double risk = nw_results_number(page->results, "safety.pih_risk");
  if (!isfinite(risk)) return;
  nw_text_append(page->out,
                 "<div class=\"card\"><div class=\"name\">Risk of dark marks</div><div class=\"big\">");
  append_risk(page, risk);
  nw_text_append(page->out,
                 "<span class=\"unit\">\u202f%%</span></div><div class=\"sub unit\">post-inflammatory "
                 "hyperpigmentation</div></div>");
}

static void product_card(struct nw_page *page) {
  const double ratio = nw_results_number(page->results, "products.0.enhancement_ratio");
  const char *name = text_at(page, "products.0.name");
  if (!isfinite(ratio)) return;
  const double low = nw_results_number(page->results, "products.0.enhancement_interval.0");
  const double high = nw_results_number(page->results, "products.0.enhancement_interval.1");
  struct nw_text sub = {0};
  nw_text_append(&sub, "needled over intact skin, %s", name ? name : "first product");
  if (isfinite(low) && isfinite(high)) nw_text_append(&sub, "; 90\u202f%% %.3g to %.3g", low, high);
  if (!sub.failed) plain_card(page, "Absorption", ratio, "×", sub.data);
  nw_text_clear(&sub);
}

static void append_cards(struct nw_page *page) {
  const struct nw_page_outcome *goal[4];
  const size_t n = nw_part_goals(page, NW_COUNT(goal), goal, NW_COUNT(goal));
  nw_text_append(page->out, "<div class=\"cards\">");
  for (size_t i = 0; i < n; i++)
    outcome_card(page, goal[i]);
  product_card(page);
  if (!nw_part_in_vitro(page)) {
    plain_card(page, "Downtime", nw_page_days(page, "safety.downtime"), "d", "after one session");
    risk_card(page);
    plain_card(page, "Pain", nw_results_number(page->results, "pain_vas"), "of 10",
               "worst session, visual scale");
  }
  nw_text_append(page->out, "</div>");
}

/* ---- warnings ---- */

static const char *item_text(const struct nw_page *page, const char *list, size_t i, const char *leaf,
                             char path[128]) {
  snprintf(path, 128, "%s.%zu%s%s", list, i, leaf[0] ? "." : "", leaf);
  return text_at(page, path);
}

bool nw_part_extrapolated(const struct nw_page *page) {
  const double calibrated = 1000; /* punctures per cm2 above which no published wound data exist */
  const char *said = text_at(page, "calibration.extrapolated");
  return (said && strcmp(said, "true") == 0) ||
         nw_results_number(page->results, "device.density_per_cm2") > calibrated;
}

static void append_warnings(struct nw_page *page) {
  static const char list[] = "safety.warnings";
  const size_t n = nw_results_list_length(page->results, list);
  const double density = nw_results_number(page->results, "device.density_per_cm2");
  const bool extrapolated = nw_part_extrapolated(page);
  if (n == 0 && !extrapolated) return;
  bool told = false;
  nw_text_append(page->out, "<div class=\"warnings\" role=\"note\"><b>Please read</b><ul>");
  for (size_t i = 0; i < n; i++) {
    char path[128];
    const char *severity = item_text(page, list, i, "severity", path);
    const char *source = item_text(page, list, i, "source", path);
    const char *text = item_text(page, list, i, "text", path);
    if (!text) text = item_text(page, list, i, "", path);
    if (!text) continue;
    const bool beyond = strstr(text, "extrapolated") != NULL;
    told |= beyond;
    nw_text_append(page->out, "<li>");
    if (severity) {
      nw_text_append(page->out, "<b>");
      nw_html_words(page->out, beyond ? "extrapolated" : severity);
      nw_text_append(page->out, ":</b> ");
    }
    nw_html_escape(page->out, text);
    if (source) {
      nw_text_append(page->out, " <small>[");
      nw_html_escape(page->out, source);
      nw_text_append(page->out, "]</small>");
    }
    nw_text_append(page->out, "</li>");
  }
  if (extrapolated && !told) {
    nw_text_append(page->out, "<li><b>Extrapolated:</b> ");
    nw_html_fixed(page->out, density, 0);
    nw_text_append(
        page->out,
        " punctures per cm² in one session; no published healing data exist above about 1000.</li>");
  }
  nw_text_append(page->out, "</ul></div>");
}

enum nw_status nw_part_head(struct nw_page *page) {
  const char *title = text_at(page, "title");
  if (!title) title = text_at(page, "plan");
  nw_text_append(page->out, "<header><p class=\"brand\">Needlework report</p><h1>");
  nw_html_escape(page->out, title ? title : "Simulated microneedling");
  nw_text_append(page->out, "</h1>");
  append_sentence(page);
  nw_text_append(
      page->out,
      "<p class=\"fine\">A simulation of one virtual skin patch from needle to healed skin, for research, "
      "design and teaching. It is no medical device and no advice to any patient.</p>");
  NW_TRY(nw_part_skin_first(page));
  append_cards(page);
  append_warnings(page);
  nw_text_append(page->out, "</header>");
  return NW_OK;
}

/* ---- what was done: every fact of the case, group by group ---- */

static void fact_name(struct nw_page *page, const char *key) {
  size_t stem;
  nw_page_unit_suffix(key, &stem);
  struct nw_text name = {0};
  nw_text_append_bytes(&name, key, stem);
  for (char *p = name.data; p && *p; p++)
    if (*p == '.') *p = ' ';
  static const char *const spelled[][2] = {{"log_kow", "log K<sub>ow</sub>"},
                                           {"uv_dose", "UV dose"},
                                           {"vehicle_ph", "pH of the vehicle"},
                                           {"pka_acid", "pK<sub>a</sub>, acid"},
                                           {"pka_base", "pK<sub>a</sub>, base"}};
  size_t i = 0;
  while (i < NW_COUNT(spelled) && (name.failed || strcmp(spelled[i][0], name.data) != 0))
    i++;
  if (i < NW_COUNT(spelled)) {
    nw_text_append(page->out, "%s", spelled[i][1]);
  } else if (!name.failed) {
    nw_html_words(page->out, name.data);
  }
  nw_text_clear(&name);
}

static void fact_value(struct nw_page *page, const char *path) {
  const char *text = text_at(page, path);
  if (text && strcmp(text, "true") == 0) {
    nw_text_append(page->out, "yes");
  } else if (text && strcmp(text, "false") == 0) {
    nw_text_append(page->out, "no");
  } else if (text && strchr(text, '_')) {
    append_plain(page, text);
  } else {
    nw_page_append_quantity(page, path);
  }
}

/* One table of all entries below `path`; nothing when there are none. */
static void fact_table(struct nw_page *page, const char *title, const char *path) {
  const size_t length = strlen(path);
  bool open = false;
  for (size_t i = 0; i < page->results->n_entries; i++) {
    const char *entry = page->results->entry[i].path;
    if (strncmp(entry, path, length) != 0 || entry[length] != '.') continue;
    if (strstr(entry, "session_times") || strstr(entry, "in_library"))
      continue; /* drawn elsewhere; internal */
    if (page->results->entry[i].is_number && !isfinite(page->results->entry[i].number)) continue;
    if (!open) nw_text_append(page->out, "<div><h3>%s</h3><table class=\"facts\">", title);
    open = true;
    nw_text_append(page->out, "<tr><th>");
    fact_name(page, entry + length + 1);
    nw_text_append(page->out, "</th><td>");
    fact_value(page, entry);
    nw_text_append(page->out, "</td></tr>");
  }
  if (open) nw_text_append(page->out, "</table></div>");
}

static void fact_list(struct nw_page *page, const char *title, const char *path) {
  const size_t n = nw_results_list_length(page->results, path);
  for (size_t i = 0; i < n; i++) {
    char item[96], heading[64];
    snprintf(item, sizeof item, "%s.%zu", path, i);
    snprintf(heading, sizeof heading, n > 1 ? "%s %zu" : "%s", title, i + 1);
    fact_table(page, heading, item);
  }
}

void nw_part_case(struct nw_page *page) {
  if (nw_results_list_length(page->results, "case") == 0) return;
  nw_page_section(page, "case", "What was done", NULL);
  nw_text_append(page->out, "<div class=\"columns\">");
  fact_table(page, "Subject", "case.subject");
  fact_list(page, "Concern", "case.concerns");
  fact_table(page, "Device", "case.device");
  fact_table(page, "Course", "case.course");
  fact_list(page, "Product", "case.products");
  fact_table(page, "Experiment", "case.experiment");
  fact_table(page, "Aftercare", "case.aftercare");
  fact_table(page, "Patch", "case.patch");
  nw_text_append(page->out, "</div>");
  nw_page_section_end(page);
}
