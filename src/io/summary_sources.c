/* SPDX-License-Identifier: BSD-3-Clause
   Where the numbers of a run come from: overrides, assumptions and references of summary.json. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cite.h"
#include "summary.h"

static void write_overrides(struct nw_json *json, const struct nw_case *c) {
  nw_json_list(json, "overrides");
  for (size_t i = 0; i < c->n_overrides; i++) {
    const struct nw_override *o = &c->overrides[i];
    nw_json_object(json, NULL);
    nw_json_text(json, "key", o->row->key);
    nw_json_number(json, "value", o->value);
    nw_json_number(json, "default", o->row->value);
    nw_json_text(json, "unit", o->row->unit);
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
}

/* Stages that a case does not run read none of their section's rows. */
static bool is_used(const struct nw_case *c, const struct nw_param_row *row) {
  if (!strcmp(row->section, "transport")) return c->n_products > 0;
  const bool biology = !strcmp(row->section, "healing") || !strcmp(row->section, "surface") ||
                       !strcmp(row->section, "outcome");
  return !biology || !c->experiment.present;
}

static bool is_overridden(const struct nw_case *c, const struct nw_param_row *row) {
  for (size_t i = 0; i < c->n_overrides; i++)
    if (c->overrides[i].row == row) return true;
  return false;
}

static void write_assumptions(struct nw_json *json, const struct nw_case *c) {
  nw_json_list(json, "assumptions");
  for (size_t i = 0; i < nw_param_count(); i++) {
    const struct nw_param_row *row = &nw_param_rows()[i];
    if (row->kind != NW_ASSUMED || !is_used(c, row) || is_overridden(c, row)) continue;
    nw_json_object(json, NULL);
    nw_json_text(json, "key", row->key);
    nw_json_text(json, "symbol", row->symbol);
    nw_json_number(json, "value", row->value);
    nw_json_text(json, "unit", row->unit);
    nw_json_interval(json, "range", row->low, row->high);
    nw_json_text(json, "note", row->note);
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
}

/* ---- references: BibTeX to one line of text ---- */

struct span {
  const char *text;
  size_t length;
};

/* Value of a field: what stands between its braces or quotes, or the bare word. */
static struct span field_value(const char *p, const char *end) {
  while (p < end && (*p == ' ' || *p == '=' || *p == '\t'))
    p++;
  const bool braced = p < end && *p == '{', quoted = p < end && *p == '"';
  const char *start = p += braced || quoted;
  for (int depth = 0; p < end; p++) {
    if (*p == '}' && depth-- == 0) break;
    depth += *p == '{';
    if (quoted && *p == '"' && depth == 0) break;
    if (!braced && !quoted && (*p == ',' || isspace((unsigned char)*p))) break;
  }
  return (struct span){start, (size_t)(p - start)};
}

/* Finds `name = ...` at the top level of an entry. */
static struct span field_of(struct span entry, const char *name) {
  const char *end = entry.text + entry.length;
  const size_t length = strlen(name);
  int depth = 0;
  for (const char *p = entry.text; p < end; p++) {
    depth += (*p == '{') - (*p == '}');
    if (depth != 1 || (size_t)(end - p) <= length + 1 || strncasecmp(p, name, length)) continue;
    if (p > entry.text && (isalnum((unsigned char)p[-1]) || p[-1] == '_')) continue;
    const char *after = p + length;
    while (after < end && *after == ' ')
      after++;
    if (after < end && *after == '=') return field_value(after, end);
  }
  return (struct span){NULL, 0};
}

/* Braces only guard capitals in BibTeX, a tilde is a space that does not break, -- is a dash. */
static void append_plain(struct nw_text *out, struct span value) {
  bool space = false;
  for (size_t i = 0; i < value.length; i++) {
    const char c = value.text[i];
    if (c == '{' || c == '}' || (c == '\\' && i + 1 < value.length && strchr("&%_$#", value.text[i + 1])))
      continue;
    const bool blank = c == '~' || isspace((unsigned char)c);
    if (blank && space) continue;
    space = blank;
    if (c == '-' && i + 1 < value.length && value.text[i + 1] == '-') {
      nw_text_append(out, "\xe2\x80\x93");
      i++;
    } else {
      nw_text_append_bytes(out, blank ? " " : &c, 1);
    }
  }
}

/* The next " and " outside braces, which keep "Food and Drug Administration" together; NULL when none. */
static const char *next_and(struct span authors) {
  int depth = 0;
  for (size_t i = 0; i + 5 <= authors.length; i++) {
    depth += (authors.text[i] == '{') - (authors.text[i] == '}');
    if (depth == 0 && !memcmp(authors.text + i, " and ", 5)) return authors.text + i;
  }
  return NULL;
}

/* "First and Second and Third" -> "First, Second, Third"; from the fourth on "et al." */
static void append_authors(struct nw_text *out, struct span authors) {
  for (int n = 0; authors.length > 0; n++) {
    const char *cut = next_and(authors);
    const struct span one = {authors.text, cut ? (size_t)(cut - authors.text) : authors.length};
    const bool others = one.length == 6 && !memcmp(one.text, "others", 6);
    if ((n == 3 && cut) || others) {
      nw_text_append(out, " et al.");
      return;
    }
    if (n > 0) nw_text_append(out, "; ");
    append_plain(out, one);
    if (!cut) return;
    authors.length -= one.length + 5;
    authors.text = cut + 5;
  }
}

static void append_sentence(struct nw_text *out, const char *before, struct span value, const char *after) {
  if (!value.length) return;
  nw_text_append(out, "%s", before);
  append_plain(out, value);
  nw_text_append(out, "%s", after);
}

static struct span first_field(struct span entry, const char *const *name) {
  struct span value = {NULL, 0};
  for (; *name && !value.length; name++)
    value = field_of(entry, *name);
  return value;
}

static void format_entry(struct nw_text *out, struct span entry) {
  static const char *const where[] = {"journal",      "booktitle",    "publisher", "institution",
                                      "organization", "howpublished", NULL};
  static const char *const what[] = {"title", "note", NULL};
  append_authors(out, field_of(entry, "author"));
  append_sentence(out, out->length ? " (" : "(", field_of(entry, "year"), ")");
  struct span about = first_field(entry, what);
  if (about.length > 4 && !memcmp(about.text, "on: ", 4)) { /* our notes say so where no title is known */
    about.text += 4;
    about.length -= 4;
  }
  append_sentence(out, out->length ? ". " : "", about, "");
  append_sentence(out, ". ", first_field(entry, where), "");
  append_sentence(out, " ", field_of(entry, "volume"), "");
  append_sentence(out, ": ", field_of(entry, "pages"), "");
  append_sentence(out, ". doi:", field_of(entry, "doi"), "");
  if (!field_of(entry, "doi").length) append_sentence(out, ". ", field_of(entry, "url"), "");
}

static void write_reference(struct nw_json *json, const char *key, size_t length) {
  struct span entry = {NULL, 0};
  char name[128];
  struct nw_text line = {0};
  if (length >= sizeof name) return;
  memcpy(name, key, length);
  name[length] = '\0';
  entry.text = nw_cite_entry(name, &entry.length);
  if (entry.text) format_entry(&line, entry);
  if (line.length) nw_json_text_bytes(json, name, line.data, line.length);
  nw_text_clear(&line);
}

/* nw_cite_case knows what a case used: its entries begin "@type{key,". */
static void write_references(struct nw_json *json, const struct nw_case *c) {
  struct nw_text used = {0};
  nw_cite_case(c, &used);
  nw_json_object(json, "references");
  for (const char *at = used.data; at && (at = strchr(at, '@')); at++) {
    if (at > used.data && at[-1] != '\n') continue;
    const char *brace = at + strcspn(at, "{\n");
    const size_t length = *brace == '{' ? strcspn(brace + 1, ",}\n ") : 0;
    if (length > 0) write_reference(json, brace + 1, length);
  }
  nw_json_end_object(json);
  json->text->failed |= used.failed;
  nw_text_clear(&used);
}

void nw_summary_sources(struct nw_json *json, const struct nw_case *c) {
  write_overrides(json, c);
  write_assumptions(json, c);
  write_references(json, c);
}
