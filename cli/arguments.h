/* SPDX-License-Identifier: BSD-3-Clause
   The command line as data: which options there are, and what the user gave. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"

enum { MAX_POSITIONAL = 16, MAX_SET = 256 };

/* Groups of options that a command accepts, as bits. */
enum option_group {
  TAKES_JSON = 1,
  TAKES_SET = 2,
  TAKES_COMPUTE = 4,
  TAKES_UNTIL = 8,
  TAKES_WITH = 16,
  TAKES_GOAL = 32,
  TAKES_COUNT = 64,
  TAKES_VARY = 128
};

struct arguments {
  const char *positional[MAX_POSITIONAL];
  size_t n_positional;
  const char *folder;       /* -o, NULL: not given */
  const char *set[MAX_SET]; /* --set KEY=VALUE, in order */
  size_t n_set;
  const char *until; /* NULL: to the end */
  const char *with;  /* treatments, as written; NULL: not given */
  const char *goals; /* outcome keys, as written; NULL: not given */
  const char *vary;  /* parameters and sections, as written; NULL: not given */
  size_t count;      /* -n, 0: not given */
  int threads;       /* 0: all cores */
  bool resume, force, quiet, json;
  bool double_precision;
  bool help;
};

struct command {
  const char *name, *usage, *summary;
  const char *details; /* shown by `help NAME` below usage and summary */
  unsigned takes;      /* enum option_group bits */
  size_t least, most;  /* number of positional arguments */
  enum nw_status (*run)(const struct arguments *arguments);
};

/* Reads the words after the command's name. Every mistake becomes one line of `mistakes`; the
   arguments borrow from argv. NW_USAGE when there was any. */
enum nw_status arguments_read(const struct command *command, int count, char *const *words,
                              struct arguments *out, struct nw_text *mistakes);
/* Appends the help lines of the options that a command takes. */
void arguments_help(const struct command *command, struct nw_text *out);
/* The candidate nearest to a word by spelling, NULL when none is near; candidates end with NULL. */
const char *nearest_word(const char *word, const char *const *candidates);
