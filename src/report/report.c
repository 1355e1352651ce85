/* SPDX-License-Identifier: BSD-3-Clause
   Stage report: one self-contained report.html out of the files of a results folder. */
#include "report.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "parts.h"

static void open_document(struct nw_page *page) {
  const char *title = nw_results_text(page->results, "title");
  nw_text_append(page->out,
                 "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                 "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light "
                 "dark\"><title>");
  nw_html_escape(page->out, title ? title : "Needlework report");
  nw_text_append(page->out, "</title><style>");
  for (const char *const *piece = nw_style_sheet; *piece; piece++)
    nw_text_append(page->out, "%s", *piece);
  nw_text_append(page->out, "</style></head><body>");
}

/* Menu and sections: the menu lists what was written, so the body is composed first. */
static void append_menu(struct nw_text *out, const struct nw_text *body) {
  static const struct {
    const char *mark, *id, *name;
  } part[] = {
      {"<section id=\"case\"", "case", "What was done"},
      {"<section id=\"punctures\"", "punctures", "Punctures"},
      {"<section id=\"absorption\"", "absorption", "Absorption"},
      {"<section id=\"healing\"", "healing", "Healing"},
      {"<section id=\"tissue\"", "tissue", "Inside the skin"},
      {"<section id=\"surface\"", "surface", "Surface"},
      {"<section id=\"outcome\"", "outcome", "Outcomes"},
      {"<section id=\"safety\"", "safety", "Safety"},
      {"<section id=\"sources\"", "sources", "Sources"},
  };
  nw_text_append(out, "<nav><ol>");
  for (size_t i = 0; i < NW_COUNT(part); i++)
    if (body->data && strstr(body->data, part[i].mark))
      nw_text_append(out, "<li><a href=\"#%s\">%s</a></li>", part[i].id, part[i].name);
  nw_text_append(out, "</ol></nav>");
}

static enum nw_status compose_body(struct nw_page *page) {
  nw_part_case(page);
  nw_part_punctures(page);
  NW_TRY(nw_part_absorption(page));
  nw_part_healing(page);
  NW_TRY(nw_part_tissue(page));
  NW_TRY(nw_part_skin(page));
  nw_part_outcome(page);
  nw_part_safety(page);
  nw_part_sources(page);
  return NW_OK;
}

static void append_footer(struct nw_page *page) {
  const char *version = nw_results_text(page->results, "version"),
             *plan = nw_results_text(page->results, "plan");
  const double seed = nw_results_number(page->results, "seed");
  nw_text_append(page->out, "<footer>");
  nw_text_append(page->out, "Needlework ");
  nw_html_escape(page->out, version ? version : nw_version());
  if (plan) {
    nw_text_append(page->out, " · plan ");
    nw_html_escape(page->out, plan);
  }
  if (isfinite(seed)) nw_text_append(page->out, " · seed %.0f", seed);
  nw_text_append(page->out,
                 " · the same plan, version and seed give the same result.</footer></body></html>\n");
}

enum nw_status nw_report_compose(struct nw_context *context, const struct nw_results *results,
                                 const char *folder, struct nw_text *html) {
  struct nw_text body = {0};
  struct nw_page page;
  NW_TRY(nw_page_open(&page, context, results, &body));
  page.folder = folder;
  enum nw_status status = compose_body(&page);
  if (status == NW_OK) {
    page.out = html;
    open_document(&page);
    status = nw_part_head(&page);
    append_menu(html, &body);
    nw_text_append(html, "<main>");
    nw_text_append_bytes(html, body.data, body.length);
    nw_text_append(html, "</main>");
    append_footer(&page);
    if (status == NW_OK && (html->failed || body.failed))
      status = nw_fail(context, NW_MEMORY, NULL, "out of memory while composing the report");
  }
  nw_text_clear(&body);
  nw_page_clear(&page);
  return status;
}

enum nw_status nw_report_write(struct nw_context *context, const char *folder) {
  struct nw_results results = {0};
  NW_TRY(nw_results_read(context, folder, &results));
  struct nw_text html = {0};
  enum nw_status status = nw_report_compose(context, &results, folder, &html);
  nw_results_clear(&results);
  char *path = status == NW_OK ? nw_file_join(folder, "report.html") : NULL;
  if (status == NW_OK)
    status =
        path ? nw_file_write_text(context, path, &html) : nw_fail(context, NW_MEMORY, NULL, "out of memory");
  nw_release(path);
  nw_text_clear(&html);
  return status;
}
