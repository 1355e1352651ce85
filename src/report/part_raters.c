/* SPDX-License-Identifier: BSD-3-Clause
   Report: what raters would say of many persons with this plan. */
#include <math.h>
#include <stdio.h>

#include "parts.h"

static double leaf(const struct nw_page *page, const char *outcome, const char *name) {
  char path[96];
  snprintf(path, sizeof path, "outcome.%s.%s", outcome, name);
  return nw_results_number(page->results, path);
}

static void share_cell(struct nw_page *page, double share) {
  nw_text_append(page->out, "<td>");
  nw_html_fixed(page->out, 100 * share, 0);
  nw_text_append(page->out, "<span class=\"unit\">\u202f%%</span></td>");
}

/* "2: 8 %, 3: 74 %": grades that at least one in a hundred has. */
static void grades_cell(struct nw_page *page, const char *outcome, const char *list) {
  enum { HIGHEST = 5 };
  bool first = true;
  nw_text_append(page->out, "<td>");
  for (int grade = 0; grade <= HIGHEST; grade++) {
    char name[48];
    snprintf(name, sizeof name, "%s.%d", list, grade);
    const double share = leaf(page, outcome, name);
    if (!(share >= 0.005)) continue;
    nw_text_append(page->out, "%s%d: ", first ? "" : ", ", grade);
    nw_html_fixed(page->out, 100 * share, 0);
    nw_text_append(page->out, "\u202f%%");
    first = false;
  }
  nw_text_append(page->out, "</td>");
}

static void rater_row(struct nw_page *page, const char *outcome) {
  char path[96];
  snprintf(path, sizeof path, "outcome.%s.responder", outcome);
  nw_text_append(page->out, "<tr><th>");
  nw_page_name(page->out, outcome);
  nw_text_append(page->out, "</th>");
  grades_cell(page, outcome, "grades_before");
  grades_cell(page, outcome, "grades");
  share_cell(page, leaf(page, outcome, "responders"));
  share_cell(page, leaf(page, outcome, "responders_untreated"));
  nw_text_append(page->out, "<td>");
  nw_html_escape(page->out, nw_results_text(page->results, path));
  nw_text_append(page->out, "</td></tr>");
}

void nw_part_raters(struct nw_page *page) {
  bool open = false;
  for (size_t i = 0; i < page->n_outcomes; i++) {
    const char *outcome = page->outcome[i].key;
    if (!isfinite(leaf(page, outcome, "responders"))) continue;
    if (!open)
      nw_text_append(
          page->out,
          "<h3>What raters would say</h3><p>Shares of persons with this plan. Raters err as they do in "
          "published tests of agreement, so some of the untreated count as responders, too.</p><div "
          "class=\"table\"><table><thead><tr><th></th><th>grades before</th><th>grades at the end</th>"
          "<th>responders</th><th>untreated</th><th>a responder is</th></tr></thead><tbody>");
    open = true;
    rater_row(page, outcome);
  }
  if (open) nw_text_append(page->out, "</tbody></table></div>");
}
