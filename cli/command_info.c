/* SPDX-License-Identifier: BSD-3-Clause
   Commands that tell what the program knows: params, template, cite, schema, report, version, help. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/params.h"
#include "base/file.h"
#include "io/cite.h"
#include "io/results.h"
#include "io/schema.h"
#include "plan/template.h"
#include "program.h"
#include "report/report.h"

/* ---- params ---- */

static bool contains(const char *text, const char *pattern) {
  return strcasestr(text, pattern) != NULL;
}

/* Words anywhere in the row; with * or ? in it a pattern of keys, as a shell has them. */
static bool row_matches(const struct nw_param_row *row, const char *pattern) {
  if (strpbrk(pattern, "*?")) return fnmatch(pattern, row->key, 0) == 0;
  return contains(row->key, pattern) || contains(row->symbol, pattern) || contains(row->section, pattern) ||
         contains(row->note, pattern) || contains(row->citation, pattern);
}

static void params_row_json(const struct nw_param_row *row, bool first, struct nw_text *out) {
  const struct {
    const char *name, *text;
  } words[] = {
      {"symbol", row->symbol},     {"unit", row->unit},       {"kind", nw_param_kind_name(row->kind)},
      {"citation", row->citation}, {"section", row->section}, {"note", row->note}};
  nw_text_append(out, "%s  {\"key\": \"%s\"", first ? "" : ",\n", row->key);
  nw_text_append(out, ", \"value\": ");
  json_number(out, row->value);
  nw_text_append(out, ", \"low\": ");
  json_number(out, row->low);
  nw_text_append(out, ", \"high\": ");
  json_number(out, row->high);
  for (size_t i = 0; i < NW_COUNT(words); i++) {
    nw_text_append(out, ", \"%s\": ", words[i].name);
    json_text(out, words[i].text);
  }
  nw_text_append(out, "}");
}

static void params_row_text(const struct nw_param_row *row, struct nw_text *out) {
  nw_text_append(out, "%-10s %-26s %12g %-18s [%g, %g]  %-8s  %s%s%s\n", row->section, row->key, row->value,
                 row->unit, row->low, row->high, nw_param_kind_name(row->kind), row->note,
                 *row->citation ? "; " : "", row->citation);
}

static void params_head_text(struct nw_text *out) {
  nw_text_append(out, "%-10s %-26s %12s %-18s %s  %-8s  %s\n", "part", "key", "value", "unit", "[range]",
                 "kind", "what it is; sources (`needlework cite` has them in full)");
}

enum nw_status command_params(const struct arguments *arguments) {
  const char *pattern = arguments->n_positional ? arguments->positional[0] : "";
  struct nw_text out = {0};
  size_t found = 0;
  if (arguments->json) nw_text_append(&out, "[\n");
  for (size_t i = 0; i < nw_param_count(); i++) {
    const struct nw_param_row *row = &nw_param_rows()[i];
    if (!row_matches(row, pattern)) continue;
    if (arguments->json) {
      params_row_json(row, found == 0, &out);
    } else {
      if (found == 0) params_head_text(&out);
      params_row_text(row, &out);
    }
    found++;
  }
  if (arguments->json) nw_text_append(&out, "\n]\n");
  enum nw_status status = print_result(&out);
  nw_text_clear(&out);
  if (status == NW_OK && found == 0) {
    fprintf(stderr, "needlework: no parameter matches '%s'\n", pattern);
    status = NW_REFUSED;
  }
  return status;
}

/* ---- template, cite, report, version ---- */

enum nw_status command_template(const struct arguments *arguments) {
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  struct nw_text out = {0};
  const char *concern = arguments->n_positional ? arguments->positional[0] : NULL;
  enum nw_status status = nw_template_text(context, concern, &out);
  print_messages(context, 0, true);
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  nw_context_free(&context);
  return status;
}

enum nw_status command_cite(const struct arguments *arguments) {
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  struct nw_case *c = NULL;
  enum nw_status status = load_case(context, arguments, &c);
  print_messages(context, 0, true);
  if (status == NW_OK) {
    struct nw_text out = {0};
    nw_cite_case(c, &out);
    status = print_result(&out);
    nw_text_clear(&out);
  }
  nw_case_free(&c);
  nw_context_free(&context);
  return status;
}

enum nw_status command_report(const struct arguments *arguments) {
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  const char *folder = arguments->positional[0];
  struct nw_text out = {0};
  int lock = -1;
  enum nw_status status = nw_file_exists(folder) ? nw_results_lock(context, folder, &lock) : NW_OK;
  if (status == NW_OK) status = nw_report_write(context, folder);
  nw_results_unlock(&lock);
  nw_text_append(&out, "%s/report.html\n", folder);
  print_messages(context, 0, true);
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  nw_context_free(&context);
  return status;
}

enum nw_status command_schema(const struct arguments *arguments) {
  (void)arguments;
  struct nw_text out = {0};
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  enum nw_status status = nw_schema_text(context, &out);
  if (status == NW_OK) status = print_result(&out);
  print_messages(context, 0, false);
  nw_text_clear(&out);
  nw_context_free(&context);
  return status;
}

enum nw_status command_version(const struct arguments *arguments) {
  (void)arguments;
  struct nw_text out = {0};
  nw_text_append(&out, "needlework %s\n", nw_version());
  const enum nw_status status = print_result(&out);
  nw_text_clear(&out);
  return status;
}

/* ---- help ---- */

static void help_overview(struct nw_text *out) {
  nw_text_append(out,
                 "Needlework simulates microneedling, from needle to skin, from minutes to years.\n\n"
                 "  needlework COMMAND [arguments]\n\n");
  for (const struct command *c = commands; c->name; c++)
    nw_text_append(out, "  %-12s %s\n", c->name, c->summary);
  nw_text_append(out,
                 "\nStart with:  needlework template acne_scar > plan.yaml && needlework run plan.yaml\n"
                 "Exit codes:");
#define STATUS(name, exit_code, meaning) nw_text_append(out, "\n  %3d  %s", exit_code, meaning);
#include "../model/status.def"
#undef STATUS
  nw_text_append(out,
                 "\n\nFor research, design and teaching. Not a medical device; it advises no patient.\n");
}

enum nw_status command_help(const struct arguments *arguments) {
  struct nw_text out = {0};
  const char *name = arguments->n_positional ? arguments->positional[0] : NULL;
  const struct command *found = NULL;
  const char *known[32] = {NULL};
  for (size_t i = 0; commands[i].name; i++) {
    known[i] = commands[i].name;
    if (name && !strcmp(commands[i].name, name)) found = &commands[i];
  }
  if (name && !found) {
    const char *near = nearest_word(name, known);
    fprintf(stderr, "needlework: no command '%s'%s%s%s\n", name, near ? "; did you mean " : "",
            near ? near : "", near ? "?" : "");
    return NW_USAGE;
  }
  if (found) {
    nw_text_append(&out, "%s\n\n%s\n%s%s\n", found->usage, found->summary, found->details,
                   *found->details ? "\n" : "");
    arguments_help(found, &out);
  } else {
    help_overview(&out);
  }
  const enum nw_status status = print_result(&out);
  nw_text_clear(&out);
  return status;
}
