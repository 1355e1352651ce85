/* SPDX-License-Identifier: BSD-3-Clause
   Reads the command line by a table of options; all mistakes are gathered, none stops the reading. */
#include "arguments.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct option {
  const char *name, *brief; /* "--output" and "-o"; brief may be NULL */
  const char *value;        /* what the help calls its value, NULL: a switch */
  const char *text;
  unsigned group; /* which commands take it; 0: every command */
  bool (*take)(struct arguments *arguments, const char *value, struct nw_text *mistakes);
};

static bool take_folder(struct arguments *a, const char *value, struct nw_text *mistakes) {
  if (!*value) nw_text_append(mistakes, "-o: the folder's name is empty\n");
  a->folder = value;
  return *value != '\0';
}

static bool take_set(struct arguments *a, const char *value, struct nw_text *mistakes) {
  const char *equals = strchr(value, '=');
  if (!equals || equals == value) {
    nw_text_append(mistakes, "--set %s: wants KEY=VALUE, as in --set device.passes=6\n", value);
    return false;
  }
  if (a->n_set == MAX_SET) {
    nw_text_append(mistakes, "--set %s: more than %d settings; write them into the plan\n", value, MAX_SET);
    return false;
  }
  a->set[a->n_set++] = value;
  return true;
}

static bool take_threads(struct arguments *a, const char *value, struct nw_text *mistakes) {
  char *end;
  errno = 0;
  const long n = strtol(value, &end, 10);
  if (errno || end == value || *end || n < 1 || n > 4096) {
    nw_text_append(mistakes, "--threads %s: wants a whole number from 1 to 4096\n", value);
    return false;
  }
  a->threads = (int)n;
  return true;
}

static bool take_until(struct arguments *a, const char *value, struct nw_text *mistakes) {
  (void)mistakes;
  a->until = value;
  return true;
}

static bool take_with(struct arguments *a, const char *value, struct nw_text *mistakes) {
  if (!*value) nw_text_append(mistakes, "--with: wants treatments, as in --with laser,peel,none\n");
  a->with = value;
  return *value != '\0';
}

static bool take_goal(struct arguments *a, const char *value, struct nw_text *mistakes) {
  if (!*value) nw_text_append(mistakes, "--goal: wants outcome keys, as in --goal scar_depth_um,pih_risk\n");
  a->goals = value;
  return *value != '\0';
}

static bool take_vary(struct arguments *a, const char *value, struct nw_text *mistakes) {
  if (!*value) nw_text_append(mistakes, "--vary: wants parameters or sections, as in --vary healing,k_E\n");
  a->vary = value;
  return *value != '\0';
}

static bool take_count(struct arguments *a, const char *value, struct nw_text *mistakes) {
  char *end;
  errno = 0;
  const long n = strtol(value, &end, 10);
  if (errno || end == value || *end || n < 2 || n > 1000000) {
    nw_text_append(mistakes, "-n %s: wants a whole number from 2 to 1000000\n", value);
    return false;
  }
  a->count = (size_t)n;
  return true;
}

static bool take_precision(struct arguments *a, const char *value, struct nw_text *mistakes) {
  a->double_precision = !strcmp(value, "double");
  if (a->double_precision || !strcmp(value, "single")) return true;
  nw_text_append(mistakes, "--precision %s: wants single or double\n", value);
  return false;
}

#define SWITCH(member)                                                                          \
  static bool take_##member(struct arguments *a, const char *value, struct nw_text *mistakes) { \
    (void)value;                                                                                \
    (void)mistakes;                                                                             \
    return a->member = true;                                                                    \
  }
SWITCH(resume)
SWITCH(force)
SWITCH(quiet)
SWITCH(json)
SWITCH(help)

static const struct option options[] = {
    {"--output", "-o", "DIR", "results folder (default: the plan's name with .out; claims, validate: none)",
     TAKES_COMPUTE, take_folder},
    {"--set", NULL, "KEY=VALUE", "set a plan key, or a parameter as model.KEY; may be repeated", TAKES_SET,
     take_set},
    {"--until", NULL, "WHEN", "stop after a stage (skin, device ...) or a time (\"30 d\")", TAKES_UNTIL,
     take_until},
    {"--with", NULL, "LIST", "treatments to compare with, as laser,peel,none", TAKES_WITH, take_with},
    {"--goal", NULL, "KEYS", "outcomes to look at, as scar_depth_um,pih_risk", TAKES_GOAL, take_goal},
    {"--vary", NULL, "LIST", "parameters or sections to move (default: all between needle and reading)",
     TAKES_VARY, take_vary},
    {"--count", "-n", "N", "size of the sample", TAKES_COUNT, take_count},
    {"--threads", NULL, "N", "threads to use (default: all cores); results do not depend on it",
     TAKES_COMPUTE, take_threads},
    {"--precision", NULL, "P",
     "of the fields of a patch: single (default) or double; studies on unit cells: double", TAKES_COMPUTE,
     take_precision},
    {"--resume", NULL, NULL, "go on from the checkpoint in the folder", TAKES_COMPUTE, take_resume},
    {"--force", NULL, NULL, "overwrite results in the folder", TAKES_COMPUTE, take_force},
    {"--quiet", "-q", NULL, "no progress and no summary; errors only", TAKES_COMPUTE, take_quiet},
    {"--json", NULL, NULL, "print one JSON document", TAKES_JSON, take_json},
    {"--help", "-h", NULL, "this text", 0, take_help},
};

static bool accepts(const struct command *command, const struct option *option) {
  return option->group == 0 || (option->group & command->takes);
}

/* The option a word names, with the value after '=' if it has one. */
static const struct option *find_option(const char *word, const char **value) {
  const char *equals = strncmp(word, "--", 2) ? NULL : strchr(word, '=');
  const size_t length = equals ? (size_t)(equals - word) : strlen(word);
  *value = equals ? equals + 1 : NULL;
  for (size_t i = 0; i < NW_COUNT(options); i++) {
    const struct option *o = &options[i];
    if (strlen(o->name) == length && !strncmp(word, o->name, length)) return o;
    if (o->brief && !strcmp(word, o->brief)) return o;
  }
  return NULL;
}

const char *nearest_word(const char *word, const char *const *candidates) {
  const char *best = NULL;
  int least = 4; /* farther than this is another word, not a slip */
  for (; *candidates; candidates++) {
    const int distance = nw_word_distance(word, *candidates);
    if (distance < least && distance < (int)strlen(*candidates)) {
      least = distance;
      best = *candidates;
    }
  }
  return best;
}

static void unknown_option(const struct command *command, const char *word, struct nw_text *mistakes) {
  const char *known[NW_COUNT(options) + 1] = {NULL};
  size_t n = 0;
  for (size_t i = 0; i < NW_COUNT(options); i++)
    if (accepts(command, &options[i])) known[n++] = options[i].name;
  const char *near = nearest_word(word, known);
  nw_text_append(mistakes, "%s: `needlework %s` has no such option%s%s%s\n", word, command->name,
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* Takes the option at words[i]; returns how many words it used. */
static int take_option(const struct command *command, int count, char *const *words, int i,
                       struct arguments *out, struct nw_text *mistakes) {
  const char *value;
  const struct option *option = find_option(words[i], &value);
  if (!option || !accepts(command, option)) {
    unknown_option(command, words[i], mistakes);
    return 1;
  }
  if (!option->value) {
    if (value) nw_text_append(mistakes, "%s: takes no value\n", option->name);
    option->take(out, NULL, mistakes);
    return 1;
  }
  if (value) {
    option->take(out, value, mistakes);
    return 1;
  }
  if (i + 1 == count) {
    nw_text_append(mistakes, "%s: wants %s after it\n", words[i], option->value);
    return 1;
  }
  option->take(out, words[i + 1], mistakes);
  return 2;
}

static void check_together(const struct command *command, const struct arguments *a, size_t given,
                           struct nw_text *mistakes) {
  if (a->help) return;
  if (given < command->least) nw_text_append(mistakes, "missing argument: %s\n", command->usage);
  if (given > command->most)
    nw_text_append(mistakes, "%zu argument%s too many: %s\n", given - command->most,
                   given - command->most == 1 ? "" : "s", command->usage);
  if (a->resume && a->force)
    nw_text_append(mistakes, "--resume and --force contradict each other: go on, or start afresh\n");
}

enum nw_status arguments_read(const struct command *command, int count, char *const *words,
                              struct arguments *out, struct nw_text *mistakes) {
  *out = (struct arguments){0};
  size_t given = 0;
  bool only_names = false; /* after "--" nothing is an option */
  for (int i = 0; i < count;) {
    const char *word = words[i];
    if (!only_names && !strcmp(word, "--")) {
      only_names = true;
      i++;
    } else if (!only_names && word[0] == '-' && word[1]) {
      i += take_option(command, count, words, i, out, mistakes);
    } else {
      if (given < MAX_POSITIONAL) out->positional[given] = word;
      given++;
      i++;
    }
  }
  out->n_positional = given < MAX_POSITIONAL ? given : MAX_POSITIONAL;
  check_together(command, out, given, mistakes);
  return mistakes->length > 0 ? NW_USAGE : NW_OK;
}

void arguments_help(const struct command *command, struct nw_text *out) {
  for (size_t i = 0; i < NW_COUNT(options); i++) {
    const struct option *o = &options[i];
    if (!accepts(command, o)) continue;
    char left[64];
    snprintf(left, sizeof left, "%s%s%s%s%s", o->brief ? o->brief : "", o->brief ? ", " : "", o->name,
             o->value ? " " : "", o->value ? o->value : "");
    nw_text_append(out, "  %-22s %s\n", left, o->text);
  }
}
