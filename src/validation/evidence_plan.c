/* SPDX-License-Identifier: BSD-3-Clause
   From a line of the evidence to the plan of its study. */
#include "evidence_plan.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/data.h"
#include "base/units.h"
#include "outcome/grade.h"
#include "study/words.h"

/* ---- the tables ---- */

static const struct {
  const char *study, *context, *plan;
} studies[] = {
#define STUDY(study_, context_, plan_) {study_, context_, plan_},
#include "../../model/evidence_plans.def"
    {NULL, NULL, NULL}};

static const struct {
  const char *pattern;
  enum nw_site_name site;
} sites[] = {
#define SITE(pattern_, site_) {pattern_, NW_SITE_##site_},
#include "../../model/evidence_plans.def"
};

static const struct {
  const char *pattern;
  enum nw_device_kind kind;
} devices[] = {
#define DEVICE(pattern_, kind_) {pattern_, NW_DEVICE_##kind_},
#include "../../model/evidence_plans.def"
};

static const struct {
  const char *pattern, *kind, *type;
} concerns[] = {
#define CONCERN(pattern_, kind_, type_) {pattern_, #kind_, type_},
#include "../../model/evidence_plans.def"
};

static const struct {
  const char *pattern;
  double years;
} ages[] = {
#define AGE(pattern_, years_, note_) {pattern_, years_},
#include "../../model/evidence_plans.def"
};

static const struct {
  const char *pattern, *phototype;
} phototypes[] = {
#define PHOTOTYPE(pattern_, phototype_) {pattern_, phototype_},
#include "../../model/evidence_plans.def"
};

static const char *const not_human[] = {
#define NOT_HUMAN(pattern_) pattern_,
#include "../../model/evidence_plans.def"
};

static const char *const added[] = {
#define ADDED(pattern_) pattern_,
#include "../../model/evidence_plans.def"
};

static const char *const harmless[] = {
#define HARMLESS(pattern_) pattern_,
#include "../../model/evidence_plans.def"
};

static bool fits_one(const char *const patterns[], size_t count, const char *text) {
  for (size_t i = 0; i < count; i++)
    if (nw_words_fit(patterns[i], text)) return true;
  return false;
}

/* ---- what can be scored ---- */

/* False where no word of the device is known. */
static bool find_device(const struct nw_evidence *row, enum nw_device_kind *kind) {
  *kind = NW_DEVICE_NONE;
  for (size_t i = 0; i < NW_COUNT(devices); i++)
    if (nw_words_fit(devices[i].pattern, row->device)) {
      *kind = devices[i].kind;
      return true;
    }
  return false;
}

static enum nw_device_kind device_kind(const struct nw_evidence *row) {
  enum nw_device_kind kind;
  find_device(row, &kind);
  return kind;
}

static bool is_human(const struct nw_evidence *row) {
  const char *texts[] = {row->study, row->population, row->site};
  for (size_t i = 0; i < NW_COUNT(texts); i++)
    if (fits_one(not_human, NW_COUNT(not_human), texts[i])) return false;
  return row->level < 4;
}

static bool is_needles(enum nw_device_kind kind) {
  return kind == NW_DEVICE_ROLLER || kind == NW_DEVICE_PEN || kind == NW_DEVICE_STAMP;
}

/* Length of what parts an adjunct here: a mark, or a word between blanks. */
static size_t parting(const char *at) {
  static const char *const words[] = {" and ", " or ",   " vs ",   " vs. ",   " versus ",      " with ",
                                      " in ",  " plus ", " then ", " after ", " followed by ", " before "};
  if (strchr(",;/+()&", *at)) return 1;
  for (size_t i = 0; i < NW_COUNT(words); i++)
    if (!strncasecmp(at, words[i], strlen(words[i]))) return strlen(words[i]) - 1;
  return 0;
}

/* One part of an adjunct: "saline", "no PRP", "lidocaine 2.5 %", "60 min under occlusion". */
static bool is_harmless(const char *part) {
  const char *text = part + strspn(part, " ");
  if (!*text) return true;
  if (!strncasecmp(text, "no ", 3) || !strncasecmp(text, "without ", 8)) return true;
  if (fits_one(added, NW_COUNT(added), text)) return false;
  if (isdigit((unsigned char)*text) && nw_words_fit("min|mins|minutes|h|hour|hours|occlu*", text))
    return true;
  return fits_one(harmless, NW_COUNT(harmless), text);
}

/* Nothing else, or what acts on nothing that is read: in every part. */
static bool is_alone(const char *adjunct) {
  if (nw_words_fit("with/without|with or without|+/-|\xc2\xb1", adjunct)) return false;
  if (nw_words_fit("n/a|na|nr|-", adjunct) && strlen(adjunct) <= 4) return true;
  for (const char *at = adjunct; *at;) {
    char part[256];
    size_t n = 0, gap = 0;
    while (at[n] && (gap = parting(at + n)) == 0)
      n++;
    if (n >= sizeof part) return false;
    memcpy(part, at, n);
    part[n] = '\0';
    if (!is_harmless(part)) return false;
    at += n + (at[n] ? gap : 0);
  }
  return true;
}

/* Something was added that the adjunct's own column does not say. */
static bool is_with_more(const struct nw_evidence *row) {
  if (fits_one(added, NW_COUNT(added), row->device)) return true;
  const bool arm = nw_words_fit("side|arm|group|+", row->outcome);
  return !*row->adjunct && arm && fits_one(added, NW_COUNT(added), row->outcome);
}

const char *nw_evidence_use_name(enum nw_evidence_use use) {
  static const char *const name[NW_USE_COUNT] = {"scored",
                                                 "outcome not modelled",
                                                 "not human skin in vivo",
                                                 "not needles alone",
                                                 "device not told or not known",
                                                 "with an adjunct",
                                                 "number cannot be compared",
                                                 "in words, no number",
                                                 "no such reading"};
  return name[use];
}

enum nw_evidence_use nw_evidence_use(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                                     const struct nw_published *published) {
  if (!is_human(row)) return NW_USE_NOT_HUMAN;
  enum nw_device_kind kind;
  if (!find_device(row, &kind)) return NW_USE_UNKNOWN;
  if (!is_needles(kind)) return NW_USE_DEVICE;
  if (!is_alone(row->adjunct) || is_with_more(row)) return NW_USE_ADJUNCT;
  if (!m->mapped) return NW_USE_UNMAPPED;
  if (published->problem) return NW_USE_UNREAD;
  return isfinite(published->value) ? NW_USE_SCORED : NW_USE_WORDS;
}

/* ---- cohorts ---- */

/* The number of the trial in a registry: two papers that share it are one group of people. */
static const char *trial_number(const char *text) {
  const char *at = strstr(text, "NCT");
  return at && strspn(at + 3, "0123456789") == 8 ? at : NULL;
}

void nw_evidence_cohort(const struct nw_evidence *row, struct nw_text *name) {
  const char *texts[] = {row->study, row->reference, row->population, row->notes};
  for (size_t i = 0; i < NW_COUNT(texts); i++) {
    const char *number = trial_number(texts[i]);
    if (!number) continue;
    nw_text_append(name, "%.11s", number);
    return;
  }
  nw_text_append(name, "%s", row->study);
  /* a review holds many groups */
  if (nw_words_fit("review|table|meta*", row->study)) nw_text_append(name, ": %s", row->population);
}

/* ---- people ---- */

static double age_behind(const char *word, const char *population) {
  const char *at = nw_words_find(word, strlen(word), population);
  if (!at) return NAN;
  at += strlen(word);
  at += strspn(at, " :=");
  return nw_evidence_number(at + (strncmp(at, "age", 3) ? 0 : 3 + strspn(at + 3, " :=of"))).value;
}

static const char *back_over(const char *set, const char *begin, const char *at) {
  while (at > begin && strchr(set, at[-1]))
    at--;
  return at;
}

/* Back over what stands between the ends of a range; `at` itself when nothing does. */
static const char *back_over_dash(const char *begin, const char *at) {
  static const char *const dashes[] = {"-", "to", "\xe2\x80\x93", "\xe2\x80\x94"};
  const char *end = back_over(" ", begin, at);
  for (size_t i = 0; i < NW_COUNT(dashes); i++) {
    const size_t n = strlen(dashes[i]);
    if ((size_t)(end - begin) > n && !strncmp(end - n, dashes[i], n)) return back_over(" ", begin, end - n);
  }
  return at;
}

/* The number or range right before a unit: "18-40 y", "25 to 45 years", with any dash. */
static double age_before(const char *unit, const char *population) {
  const char *at = nw_words_find(unit, strlen(unit), population), *digits = "0123456789.";
  if (!at) return NAN;
  at = back_over(digits, population, back_over(" -", population, at));
  const char *dash = back_over_dash(population, at), *first = back_over(digits, population, dash);
  return nw_evidence_number(dash < at && first < dash ? first : at).value;
}

static double age_of(const struct nw_evidence *row, const char *context) {
  static const char *const heads[] = {"mean", "median", "average", "aged", "age", "ages"};
  static const char *const units[] = {"y", "years", "yrs", "year", "yr", "yo"};
  for (size_t i = 0; i < NW_COUNT(heads); i++) {
    const double age = age_behind(heads[i], row->population);
    if (age >= 10 && age <= 90) return age;
  }
  for (size_t i = 0; i < NW_COUNT(units); i++) {
    const double age = age_before(units[i], row->population);
    if (age >= 10 && age <= 90) return age;
  }
  for (size_t i = 0; i < NW_COUNT(ages); i++)
    if (nw_words_fit(ages[i].pattern, context)) return ages[i].years;
  return ages[NW_COUNT(ages) - 1].years;
}

/* Value of a Roman numeral I..VI, or of a digit, that stands here; 0 when none does. */
static int roman(const char *at, size_t *length) {
  static const char *const words[] = {"I", "II", "III", "IV", "V", "VI"};
  *length = 1;
  if (*at >= '1' && *at <= '6' && !isalnum((unsigned char)at[1])) return *at - '0';
  *length = strspn(at, "IV");
  for (int i = 0; i < 6; i++)
    if (strlen(words[i]) == *length && !strncmp(words[i], at, *length) &&
        !isalpha((unsigned char)at[*length]))
      return i + 1;
  return 0;
}

/* The other end of "III-IV", "III to V", "III and IV", "III/IV"; 0 when there is none. */
static int roman_end(const char *at) {
  static const char *const between[] = {"-", "/", "to ", "and ", "\xe2\x80\x93", "\xe2\x80\x94"};
  at += strspn(at, " ");
  for (size_t i = 0; i < NW_COUNT(between); i++) {
    size_t n = strlen(between[i]);
    if (!strncmp(at, between[i], n)) return roman(at + n + strspn(at + n, " "), &n);
  }
  return 0;
}

/* "FST III-IV": the middle, the darker one of two; "FST II 75% III 12.5%": the first, which is the commonest.
 */
static const char *phototype_of(const struct nw_evidence *row, const char *context) {
  static const char *const words[] = {"I", "II", "III", "IV", "V", "VI"};
  static const char *const heads[] = {"FST",        "FSTs",      "Fitzpatrick", "phototype",
                                      "phototypes", "skin type", "skin types",  "SPT"};
  for (size_t i = 0; i < NW_COUNT(heads); i++) {
    const char *at = nw_words_find(heads[i], strlen(heads[i]), row->population);
    if (!at) continue;
    size_t n;
    at += strlen(heads[i]);
    at += strspn(at, " :s");
    const int first = roman(at, &n), last = first ? roman_end(at + n) : 0;
    if (first) return words[last > first ? (first + last + 1) / 2 - 1 : first - 1];
  }
  for (size_t i = 0; i < NW_COUNT(phototypes); i++)
    if (nw_words_fit(phototypes[i].pattern, context)) return phototypes[i].phototype;
  return "III";
}

/* Named in the outcome ("... neck"), else the site, else wherever a word for one stands. */
static enum nw_site_name site_of(const struct nw_evidence *row) {
  const char *texts[] = {row->outcome, row->site, row->population, row->study};
  for (size_t k = 0; k < NW_COUNT(texts); k++) {
    if (nw_words_fit("face|facial", texts[k])) return NW_SITE_cheek;
    for (size_t i = 0; i < NW_COUNT(sites); i++)
      if (nw_words_fit(sites[i].pattern, texts[k])) return sites[i].site;
  }
  return NW_SITE_cheek;
}

static void write_subject(const struct nw_evidence *row, const char *context, struct nw_text *out) {
  const bool men = nw_words_fit("men|male|males&!women|female|females", row->population);
  nw_text_append(out, "subject: {age: %.3g y, sex: %s, phototype: %s, site: %s}\n", age_of(row, context),
                 men ? "male" : "female", phototype_of(row, context), nw_site_word(site_of(row)));
}

/* ---- concerns ---- */

/* Depth at which a scar or a fine line reads the published baseline grade, by bisection [m]; 0: leave it to
   the model. */
static double depth_of_grade(const struct nw_params *p, double grade, bool scar) {
  double low = nw_unit_to_si(1, "um"), high = nw_unit_to_si(2, "mm");
  const double first = scar ? nw_scar_grade(p, low) : nw_wrinkle_grade(p, false, low);
  const double last = scar ? nw_scar_grade(p, high) : nw_wrinkle_grade(p, false, high);
  if (!(grade > first && grade < last)) return 0;
  for (int i = 0; i < 60; i++) {
    const double middle = 0.5 * (low + high);
    *((scar ? nw_scar_grade(p, middle) : nw_wrinkle_grade(p, false, middle)) < grade ? &low : &high) = middle;
  }
  return 0.5 * (low + high);
}

static double published_depth(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                              const struct nw_params *p, const char *kind) {
  if (!m->mapped || !isfinite(row->baseline.value)) return 0;
  if (m->key == NW_OUTCOME_goodman_baron && !strcmp(kind, "acne_scar"))
    return depth_of_grade(p, row->baseline.value, true);
  if (m->key == NW_OUTCOME_wrinkle_grade && m->scale != NW_SCALE_RELATIVE && !strcmp(kind, "wrinkle"))
    return depth_of_grade(p, row->baseline.value, false);
  return 0;
}

/* The concern without which an outcome is not read. */
static const char *concern_of_key(int key) {
  switch (key) {
    case NW_OUTCOME_wrinkle_grade:
    case NW_OUTCOME_wrinkle_depth_um:
      return "wrinkle";
    case NW_OUTCOME_texture_grade:
      return "texture";
    case NW_OUTCOME_laxity:
      return "laxity";
    case NW_OUTCOME_glogau:
      return "photoageing";
    case NW_OUTCOME_mmasi:
    case NW_OUTCOME_spot_contrast:
      return "melasma";
    case NW_OUTCOME_pore_area_mm2_cm2:
    case NW_OUTCOME_pore_count_cm2:
    case NW_OUTCOME_comedo_load:
      return "pores";
    case NW_OUTCOME_scar_depth_um:
    case NW_OUTCOME_scar_volume_mm3_cm2:
    case NW_OUTCOME_goodman_baron:
    case NW_OUTCOME_goodman_baron_q:
    case NW_OUTCOME_ecca:
      return "acne_scar";
    case NW_OUTCOME_stria_contrast:
    case NW_OUTCOME_stria_width_um:
    case NW_OUTCOME_stria_depth_um:
      return "stretch_mark";
    default:
      return NULL;
  }
}

static const char *usual_type(const char *kind) {
  for (size_t i = 0; i < NW_COUNT(concerns); i++)
    if (!strcmp(concerns[i].kind, kind)) return concerns[i].type;
  return "";
}

/* "rolling", "boxcar" and "ice-pick" where the outcome or the people are of one kind. */
static const char *scar_type(const char *context, const char *usual) {
  const bool rolling = nw_words_fit("rolling", context), boxcar = nw_words_fit("boxcar", context),
             pick = nw_words_fit("ice-pick|ice pick|icepick", context);
  if (rolling + boxcar + pick != 1) return usual;
  return rolling ? "rolling" : boxcar ? "boxcar" : "ice_pick";
}

static void write_concern(struct nw_text *out, const char *kind, const char *type, double depth) {
  nw_text_append(out, "  - {kind: %s", kind);
  if (*type) nw_text_append(out, ", type: %s", type);
  if (depth > 0) nw_text_append(out, ", depth: %.4g mm", nw_unit_from_si(depth, "mm"));
  nw_text_append(out, "}\n");
}

static void write_concerns(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                           const struct nw_params *p, const char *context, struct nw_text *out) {
  const char *needed = m->mapped ? concern_of_key(m->key) : NULL;
  const size_t start = out->length;
  for (size_t i = 0; i < NW_COUNT(concerns); i++) {
    char written[48];
    snprintf(written, sizeof written, "kind: %s", concerns[i].kind);
    if (!nw_words_fit(concerns[i].pattern, context)) continue;
    if (out->data && strstr(out->data + start, written)) continue;
    if (out->length == start) nw_text_append(out, "concerns:\n");
    const bool acne = !strcmp(concerns[i].kind, "acne_scar");
    write_concern(out, concerns[i].kind, acne ? scar_type(context, concerns[i].type) : concerns[i].type,
                  published_depth(row, m, p, concerns[i].kind));
    if (needed && !strcmp(needed, concerns[i].kind)) needed = NULL;
  }
  if (!needed) return;
  if (out->length == start) nw_text_append(out, "concerns:\n");
  write_concern(out, needed, usual_type(needed), published_depth(row, m, p, needed));
}

/* ---- treatment ---- */

static double needle_length(const struct nw_evidence *row, const struct nw_params *p) {
  const double length = nw_unit_to_si(row->needle_length.value, "mm");
  if (!(length > 0)) return p->trial_length;
  /* "up to 2.5 mm" is what the device can do, not what was done */
  return nw_words_fit("up to", row->needle_text) ? fmin(length, p->trial_length) : length;
}

/* Numbing cream as the line says it; where it does not, needles from a length on have one. */
static const char *anaesthetic(const struct nw_evidence *row, bool long_needles) {
  const char *denied =
      "no anaesthe*|no anesthe*|without anaesthe*|without anesthe*|no topical|without topical|"
      "no numbing|without cream|no cream|without lidocaine|without emla";
  const char *given = "anaesthe*|anesthe*|lidocaine|lignocaine|prilocaine|emla|lmx*|numbing";
  const char *strong = "tetracaine|pliaglis";
  const char *texts[] = {row->adjunct, row->outcome, row->notes};
  for (size_t i = 0; i < NW_COUNT(texts); i++)
    if (nw_words_fit(denied, texts[i])) return "none";
  for (size_t i = 0; i + 1 < NW_COUNT(texts); i++) {
    if (nw_words_fit(strong, texts[i])) return "strong_cream";
    if (nw_words_fit(given, texts[i])) return "cream";
  }
  return long_needles ? "cream" : "none";
}

static void write_device(const struct nw_evidence *row, const struct nw_params *p, struct nw_text *out) {
  const enum nw_device_kind kind = device_kind(row);
  const double length = fmin(fmax(needle_length(row, p), nw_unit_to_si(0.1, "mm")), nw_unit_to_si(4, "mm"));
  nw_text_append(out, "device: {kind: %s", nw_device_kind_word(kind));
  if (kind != NW_DEVICE_NONE && kind != NW_DEVICE_PEEL && kind != NW_DEVICE_FRACTIONAL_ABLATIVE_LASER)
    nw_text_append(out, ", needle_length: %.4g mm, anaesthetic: %s", nw_unit_from_si(length, "mm"),
                   anaesthetic(row, length >= p->trial_cream && kind != NW_DEVICE_STAMP));
  nw_text_append(out, "}\n");
}

/* "every 2 weeks for 12 weeks": how many; 0 when it is told otherwise. */
static double sessions_in_words(const char *text) {
  const char *every = nw_words_find("every", 5, text), *lasts = nw_words_find("for", 3, text);
  if (!every || !lasts) return 0;
  const double one = nw_evidence_number(every + 5 + strspn(every + 5, " ")).value;
  const double all = nw_evidence_number(lasts + 3 + strspn(lasts + 3, " ")).value;
  return one > 0 && all >= one ? round(all / one) : 0;
}

static void write_course(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                         struct nw_text *out) {
  const bool once =
      m->mapped && (nw_observable_is_quick(m->observable) || m->observable == NW_OBSERVE_BARRIER_BACK);
  double sessions = round(row->sessions.value);
  if (!isfinite(sessions)) sessions = sessions_in_words(row->sessions_text);
  if (nw_words_fit("single|one|once", row->sessions_text)) sessions = 1;
  if (!(sessions >= 1)) sessions = once ? 1 : 3;
  if (sessions > 60) sessions = 60;
  const double interval = row->interval.value > 0 ? row->interval.value : 28;
  nw_text_append(out, "course: {sessions: %g, ", sessions);
  if (sessions > 1) nw_text_append(out, "interval: %g d, ", interval);
  nw_text_append(out, "follow_up: 1 d}\n");
}

static void derive(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                   const struct nw_params *p, struct nw_text *out) {
  struct nw_text context = {0};
  nw_evidence_context(row, &context);
  nw_text_append(&context, "; %s", row->reference);
  if (!context.failed) {
    write_subject(row, context.data, out);
    write_concerns(row, m, p, context.data, out);
    write_device(row, p, out);
    write_course(row, m, out);
    nw_text_append(out, "patch: {width: 2 mm, height: 2 mm}\n");
  }
  nw_text_clear(&context);
}

/* ---- plans ---- */

static const char *study_plan(const struct nw_evidence *row) {
  struct nw_text study = {0}, context = {0};
  const char *plan = NULL;
  nw_text_append(&study, "%s; %s", row->study, row->reference);
  nw_text_append(&context, "%s; %s; %s; %s mm; at %s", row->population, row->site, row->outcome,
                 row->needle_text, nw_site_word(site_of(row)));
  for (size_t i = 0; studies[i].study && !plan && !study.failed && !context.failed; i++)
    if (nw_words_fit(studies[i].study, study.data) && nw_words_fit(studies[i].context, context.data))
      plan = studies[i].plan;
  nw_text_clear(&study);
  nw_text_clear(&context);
  return plan;
}

/* Whether a written plan has the concern that the outcome is read from. */
static bool has_concern(const char *text, const struct nw_evidence_mapping *m) {
  const char *needed = m->mapped ? concern_of_key(m->key) : NULL;
  char words[48];
  snprintf(words, sizeof words, "kind: %s", needed ? needed : "");
  return !needed || strstr(text, words);
}

void nw_evidence_plan(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                      const struct nw_params *p, struct nw_text *name, struct nw_text *text) {
  const char *plan = study_plan(row);
  char file[96];
  size_t length;
  snprintf(file, sizeof file, "studies/%s.yaml", plan ? plan : "");
  const char *known = plan ? nw_data_find(file, &length) : NULL;
  if (known && has_concern(known, m)) {
    nw_text_append(name, "data/%s", file);
    nw_text_append_bytes(text, known, length);
  } else {
    nw_text_append(name, "plan of %s", row->id);
    derive(row, m, p, text);
  }
}
