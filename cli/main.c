/* SPDX-License-Identifier: BSD-3-Clause
   The `needlework` program: finds the command, reads its arguments, runs it, picks the exit code. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

int program_argc;
char *const *program_argv;

const struct command commands[] = {
    {"run", "needlework run PLAN [options]", "simulate a plan and write a results folder",
     "Stages: skin, device, puncture, transport, healing, outcome, report. Interrupted with Ctrl-C, it "
     "saves\n"
     "its state and names the command that goes on.",
     TAKES_COMPUTE | TAKES_SET | TAKES_UNTIL | TAKES_JSON, 1, 1, command_run},
    {"check", "needlework check PLAN [options]", "mistakes, safety warnings and contraindications of a plan",
     "Simulates no healing and writes nothing. Exit code 1 when something is contraindicated, 3 when the "
     "plan has\n"
     "mistakes. It informs and decides for nobody.",
     TAKES_SET | TAKES_JSON, 1, 1, command_check},
    {"compare", "needlework compare PLAN... [--with laser,peel,none] [options]",
     "the same skin under other treatments, side by side",
     "Treatments: laser (fractional ablative), nonablative_laser, peel (superficial), medium_peel, "
     "rf_needle, "
     "none.\nOne plan alone is compared with laser,peel,none; several plans are compared with each other. "
     "Writes one\nfolder for each, compare.json and compare.html, beside what trials found.",
     TAKES_COMPUTE | TAKES_SET | TAKES_WITH | TAKES_JSON, 1, MAX_POSITIONAL, command_compare},
    {"sensitivity", "needlework sensitivity PLAN [--goal KEY,KEY] [--vary LIST] [-n N] [options]",
     "which numbers of the model drive which outcome",
     "Moves every parameter through its range (Morris), then shares out the variance among the leading ones\n"
     "(Sobol indices, N rows, 128 unless told). KEY is an outcome, downtime_d, erythema_peak, pih_risk or "
     "pain_vas;\nwithout --goal all are read. Writes sensitivity.json, .csv and .html.",
     TAKES_COMPUTE | TAKES_SET | TAKES_GOAL | TAKES_VARY | TAKES_COUNT | TAKES_JSON, 1, 1,
     command_sensitivity},
    {"template", "needlework template [CONCERN]", "a commented plan to start from",
     "CONCERN is a kind of concern such as acne_scar, melasma or stretch_mark.", 0, 0, 1, command_template},
    {"validate", "needlework validate [SUITE|DATA.csv] [options]",
     "predictions beside published values, inside or outside",
     "SUITE: mechanics, transport, healing, clinical; without it all suites run. DATA.csv: measurements of "
     "one's\n"
     "own in the columns of data/evidence.csv, of mechanics or of absorption (docs/validation.md). Exit code "
     "1\n"
     "when a stated goal is missed. `--set model.KEY=VALUE` tries another number. -o keeps the answer as\n"
     "validate.json; --resume computes it again.",
     TAKES_COMPUTE | TAKES_SET | TAKES_JSON, 0, 1, command_validate},
    {"calibrate", "needlework calibrate PROBLEM [options]",
     "fit named parameters to measurements, and say what the data leave open",
     "PROBLEM is a YAML file that names tables of parameters, conditions, observables and measurements "
     "after\n"
     "PEtab; docs/calibration.md tells what they hold. Interrupted with Ctrl-C, it saves its state and names "
     "the\n"
     "command that goes on.",
     TAKES_COMPUTE | TAKES_JSON, 1, 1, command_calibrate},
    {"claims", "needlework claims [PLAN] [options]",
     "what is claimed for microneedling: simulated, published, and a verdict",
     "Without PLAN each claim is judged on a plan that suits it (examples/claims); with one, on that\n"
     "treatment. The verdict follows a stated rule: docs/claims.md. -o keeps the answer as\nclaims.json; "
     "--resume computes it again.",
     TAKES_COMPUTE | TAKES_SET | TAKES_JSON, 0, 1, command_claims},
    {"params", "needlework params [PATTERN] [--json]",
     "every number the model believes, with range and source",
     "PATTERN is matched in keys, sections and notes. Change one with `run --set model.KEY=VALUE`.",
     TAKES_JSON, 0, 1, command_params},
    {"cite", "needlework cite PLAN [--set KEY=VALUE]", "BibTeX of exactly what a plan uses", "", TAKES_SET, 1,
     1, command_cite},
    {"schema", "needlework schema", "the JSON Schema of a plan, for editors that complete and check",
     "Draft 2020-12. An editor with a YAML language server takes it from the first line of a plan:\n"
     "# yaml-language-server: $schema=plan.schema.json",
     0, 0, 0, command_schema},
    {"report", "needlework report DIR", "write report.html again from a results folder", "", 0, 1, 1,
     command_report},
    {"version", "needlework version", "version of the program", "", 0, 0, 0, command_version},
    {"help", "needlework help [COMMAND]", "this list, or what a command takes", "", 0, 0, 1, command_help},
    {0},
};

static const struct command *find_command(const char *name) {
  if (!strcmp(name, "--version")) name = "version";
  if (!strcmp(name, "--help") || !strcmp(name, "-h")) name = "help";
  for (const struct command *c = commands; c->name; c++)
    if (!strcmp(c->name, name)) return c;
  return NULL;
}

static int unknown_command(const char *name) {
  const char *known[NW_COUNT(commands)] = {NULL};
  for (size_t i = 0; commands[i].name; i++)
    known[i] = commands[i].name;
  const char *near = nearest_word(name, known);
  fprintf(stderr, "needlework: no command '%s'", name);
  if (near) fprintf(stderr, "; did you mean %s?", near);
  fprintf(stderr, "\nSee `needlework help`.\n");
  return nw_status_exit_code(NW_USAGE);
}

/* Started under mpiexec, every process would write the same folder. */
static bool one_of_several_processes(void) {
  static const char *const sizes[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS",
                                      "MV2_COMM_WORLD_SIZE"};
  for (size_t i = 0; i < NW_COUNT(sizes); i++) {
    const char *size = getenv(sizes[i]);
    if (size && atoi(size) > 1) {
      fprintf(stderr,
              "needlework: started as one of %s MPI processes (%s), which would write the same folder; "
              "start it once, it uses threads\n",
              size, sizes[i]);
      return true;
    }
  }
  return false;
}

int main(int argc, char *argv[]) {
  program_argc = argc;
  program_argv = argv;
  if (one_of_several_processes()) return nw_status_exit_code(NW_USAGE);
  if (argc < 2) {
    const struct arguments none = {0};
    command_help(&none);
    return nw_status_exit_code(NW_USAGE);
  }
  const struct command *command = find_command(argv[1]);
  if (!command) return unknown_command(argv[1]);
  struct arguments arguments;
  struct nw_text mistakes = {0};
  enum nw_status status = arguments_read(command, argc - 2, argv + 2, &arguments, &mistakes);
  if (arguments.help) {
    arguments = (struct arguments){.positional = {command->name}, .n_positional = 1};
    status = command_help(&arguments);
  } else if (status != NW_OK) {
    fprintf(stderr, "%s", mistakes.data);
    fprintf(stderr, "See `needlework help %s`.\n", command->name);
  } else {
    status = command->run(&arguments);
    print_reason(status);
  }
  nw_text_clear(&mistakes);
  return nw_status_exit_code(status);
}
