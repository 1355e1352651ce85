/* SPDX-License-Identifier: BSD-3-Clause
   What trials published: the table of evidence, row by row, from the program's own data/evidence.csv or from
   a file of the user with the same columns. */
#pragma once
#include "base/csv.h"

/* A cell that may hold a number, a range ("1.1-2"), a bound ("up to 2.5") or words. Ranges stand for their
   middle. NAN where there is none. A minus may be the typographer's, also as a dash. */
struct nw_evidence_number {
  double value, low, high;
  double rounding; /* half of the last digit that was printed; 0 without a number */
};

/* One published value. Texts are borrowed from the table, never NULL. Units as in the columns. */
struct nw_evidence {
  const char *id, *claims, *study, *reference, *population, *site, *device, *density, *passes, *adjunct,
      *outcome, *unit, *spread, *notes;
  const char *needle_text, *sessions_text, *value_text; /* the same three as written */
  struct nw_evidence_number needle_length;              /* [mm] */
  struct nw_evidence_number sessions;                   /* [1] */
  struct nw_evidence_number interval;                   /* [d] */
  double time;                                          /* since the first session [d] */
  struct nw_evidence_number baseline, value;            /* [unit] */
  struct nw_evidence_number change;                     /* against baseline or comparator [%] */
  int level;  /* 1 randomised or meta-analysis, 2 controlled, 3 series, 4 animal, 5 in vitro; 0 not given */
  size_t row; /* of the table */
};

struct nw_evidence_table {
  struct nw_csv csv;
  struct nw_evidence *row; /* (count) owned */
  size_t count;
};

/* Whether a table has the columns of the evidence: tells it from other tables. */
bool nw_evidence_is(const struct nw_csv *csv);
/* Reads meaning into a table and takes it over, also on failure. All mistakes at once: NW_BAD_PLAN. */
enum nw_status nw_evidence_from(struct nw_context *context, struct nw_csv *csv,
                                struct nw_evidence_table *out);
/* The program's own table. */
enum nw_status nw_evidence_builtin(struct nw_context *context, struct nw_evidence_table *out);
void nw_evidence_clear(struct nw_evidence_table *table);
/* Row with this id, NULL when there is none; borrowed. */
const struct nw_evidence *nw_evidence_find(const struct nw_evidence_table *table, const char *id);
/* Number, range or bound that a text begins with; NAN when it begins with something else. */
struct nw_evidence_number nw_evidence_number(const char *text);
/* What stands behind that number or range, past blanks; the text itself when there is none. Borrowed. */
const char *nw_evidence_behind(const char *text);
/* "6/30", "18 of 30 (60 %)": how many and of how many. False where the text is something else. */
bool nw_evidence_part(const char *text, double *some, double *all);
/* Unit of `like`'s kind ("d": a time, "mm": a length) whose word occurs in a text ("48 hrs", "weeks"), as
   nw_unit_to_si knows it; NULL when none does. Static. */
const char *nw_evidence_unit(const char *text, const char *like);
