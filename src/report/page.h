/* SPDX-License-Identifier: BSD-3-Clause
   What the parts of the report share: the results, the growing page, the words for outcomes. */
#pragma once
#include "io/results.h"
#include "chart.h"
#include "html.h"

/* One outcome of summary.json; absent numbers are NAN. */
struct nw_page_outcome {
  char *key;                             /* owned */
  const char *unit;                      /* borrowed from the results */
  double baseline, final, untreated;     /* [unit] */
  double change_pct, change, effect_pct; /* [%], [unit], [%] */
  double low, high, mean_low, mean_high; /* 90 % intervals of final: new person, population mean [unit] */
  int evidence;                          /* 1..5, 0 unknown */
};

struct nw_page {
  struct nw_context *context;       /* borrowed */
  const struct nw_results *results; /* borrowed */
  const char *folder;               /* borrowed: where drawn sections go as files too; NULL: nowhere */
  struct nw_text *out;              /* borrowed */
  struct nw_page_outcome *outcome;  /* owned, in file order */
  size_t n_outcomes, outcome_capacity;
  double *session; /* owned: when sessions take place [d] */
  size_t n_sessions, session_capacity;
};

enum nw_page_group {
  NW_GROUP_CONCERN,
  NW_GROUP_MATRIX,
  NW_GROUP_SURFACE,
  NW_GROUP_COLOUR,
  NW_GROUP_BARRIER,
  NW_GROUP_CELLS,
  NW_GROUP_COUNT
};
/* How an outcome is named and where it stands. */
struct nw_page_label {
  const char *key, *name;
  enum nw_page_group group;
};

/* Gathers outcomes and session times. NW_MEMORY. The page is cleared with nw_page_clear. */
enum nw_status nw_page_open(struct nw_page *page, struct nw_context *context,
                            const struct nw_results *results, struct nw_text *out);
void nw_page_clear(struct nw_page *page);

const struct nw_page_outcome *nw_page_outcome(const struct nw_page *page, const char *key);
/* NULL for a key without a name of its own. */
const struct nw_page_label *nw_page_label(const char *key);
const char *nw_page_group_name(enum nw_page_group group);
/* Appends the name of an outcome, field or key. */
void nw_page_name(struct nw_text *out, const char *key);
/* What trials say about this outcome, one sentence; NULL when there is nothing to add. */
const char *nw_page_evidence_note(const char *key);
/* "controlled studies" ... for 1..5; "not graded" otherwise. */
const char *nw_page_evidence_word(int grade);

/* Number in the results at `path`, or at `path` with any unit suffix ("case.device.needle_length" finds
   needle_length_mm). `unit` (nullable) gets the suffix as a unit. NAN when absent. */
double nw_page_quantity(const struct nw_page *page, const char *path, char unit[32]);
/* Appends "1.5 mm" of such a quantity, or its text; false when absent. */
bool nw_page_append_quantity(struct nw_page *page, const char *path);
/* Quantity in days whatever its unit; NAN when absent. */
double nw_page_days(const struct nw_page *page, const char *path);
/* The unit that a key's suffix names ("_um" gives "um"), and the length of the key without it. */
const char *nw_page_unit_suffix(const char *key, size_t *stem);

/* Column of the timeline, NULL when absent or without a single number. */
const double *nw_page_timeline(const struct nw_page *page, const char *key);
/* Row of the timeline nearest to a time [d]; its value of a column, NAN when absent. */
double nw_page_timeline_at(const struct nw_page *page, const char *key, double time);

/* <section> with a heading and its anchor, and its end. */
void nw_page_section(struct nw_page *page, const char *id, const char *title, const char *lead);
void nw_page_section_end(struct nw_page *page);
/* <figure> with a bold title and a quiet unit, and its end. */
void nw_page_figure(struct nw_page *page, const char *title, const char *unit);
void nw_page_figure_end(struct nw_page *page, const char *caption);
/* Value with its unit in a quiet span. */
void nw_page_value(struct nw_page *page, double value, int decimals, const char *unit);
/* Row of a two-column table from a number in the results; nothing when it is absent. */
void nw_page_number_row(struct nw_page *page, const char *name, const char *path, double factor,
                        const char *unit);
/* Charts of the report share width and height. */
#define NW_PAGE_CHART_WIDTH 420
#define NW_PAGE_CHART_HEIGHT 236
