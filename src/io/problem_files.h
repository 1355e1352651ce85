/* SPDX-License-Identifier: BSD-3-Clause
   The YAML file of a calibration problem: names of its tables, and how to fit. */
#pragma once
#include "calibration/problem.h"

enum { NW_PROBLEM_TABLES = 8 }; /* most files of one kind */

struct nw_problem_list {
  char *path[NW_PROBLEM_TABLES];                          /* owned: found from the folder of the YAML file */
  int line[NW_PROBLEM_TABLES], column[NW_PROBLEM_TABLES]; /* where the YAML file names it */
  size_t count;
};

struct nw_problem_files {
  char *folder; /* owned: of the YAML file, with its last slash; "" for the current one */
  struct nw_problem_list parameters, conditions, observables, measurements;
};

/* Reads names and options out of the file's text; all mistakes at once, with file, line and column.
   NW_BAD_PLAN, NW_MEMORY. Safe to clear in any case. */
enum nw_status nw_problem_files_read(struct nw_context *context, const char *name, const char *text,
                                     size_t length, struct nw_problem_files *files,
                                     struct nw_problem_options *option);
void nw_problem_files_clear(struct nw_problem_files *files);
