/* SPDX-License-Identifier: BSD-3-Clause
   What the commands of the program share. Only cli/ prints and picks exit codes. */
#pragma once
#include "arguments.h"
#include "plan/case.h"
#include "run.h"

/* The commands, in the order of the help; ends with a row without a name. */
extern const struct command commands[];

enum nw_status command_run(const struct arguments *arguments);
enum nw_status command_check(const struct arguments *arguments);
enum nw_status command_compare(const struct arguments *arguments);
enum nw_status command_sensitivity(const struct arguments *arguments);
enum nw_status command_template(const struct arguments *arguments);
enum nw_status command_validate(const struct arguments *arguments);
enum nw_status command_calibrate(const struct arguments *arguments);
enum nw_status command_claims(const struct arguments *arguments);
enum nw_status command_params(const struct arguments *arguments);
enum nw_status command_cite(const struct arguments *arguments);
enum nw_status command_schema(const struct arguments *arguments);
enum nw_status command_report(const struct arguments *arguments);
enum nw_status command_version(const struct arguments *arguments);
enum nw_status command_help(const struct arguments *arguments);

/* The whole command line as given, for naming the command that resumes; borrowed from main. */
extern int program_argc;
extern char *const *program_argv;

/* Reads a plan, lays --set over it and compiles it. All mistakes go to the context. */
enum nw_status load_case(struct nw_context *context, const struct arguments *arguments, struct nw_case **out);
/* What a command does that leaves a state behind when it is interrupted. */
typedef enum nw_status (*worker)(struct nw_context *, const struct arguments *);
/* The whole of such a command: does the work, and says what there is to say. */
enum nw_status compute(const struct arguments *arguments, worker work);
/* Prints the context's messages to stderr from the `from`-th on; notes only when `verbose`. */
void print_messages(struct nw_context *context, size_t from, bool verbose);
/* Where memory was short even for a message: what the status means. */
void print_reason(enum nw_status status);
/* Writes text to stdout. NW_IO, with a message, when that fails (a full disk, a closed pipe). */
enum nw_status print_result(const struct nw_text *text);

/* What --json prints in place of results: one document with the messages. */
void print_failure(const struct nw_context *context, enum nw_status status);
/* Cores this process may use. */
int core_count(void);
/* Appends the plan's name with `ending` in place of .yaml or .yml: where results go by default. */
void default_folder(const char *plan, const char *ending, struct nw_text *folder);

/* ---- answer.c ---- */

/* Of a study that was finished before: says so, and prints folder/name under --json. */
enum nw_status answer_again(struct nw_context *context, const struct arguments *arguments, const char *folder,
                            const char *name);
/* The folder of -o while an answer is worked out: held against other processes. */
struct answer_place {
  int lock;
  bool made; /* it was not there before */
};

/* Makes the folder of -o and holds it, or refuses one that holds results; without -o there is nothing to
   make. What --force replaces stays until there is an answer. answer_release in any case. */
enum nw_status answer_prepare(struct nw_context *context, const struct arguments *arguments,
                              struct answer_place *place);
/* Lets the folder go, and removes it where it was made for an answer that never came. */
void answer_release(const struct arguments *arguments, struct answer_place *place);
/* Writes the document as `name` into the folder of -o, where there is one. */
enum nw_status answer_keep(struct nw_context *context, const struct arguments *arguments, const char *name,
                           const struct nw_text *document);

/* ---- interruption.c ---- */

/* The first signal asks the work to save and stop; the second ends the program at once. */
void catch_interruption(struct nw_context *context);
/* Signals no longer reach the context. */
void release_interruption(void);
/* Says that the work was stopped and left nothing behind. */
void print_interrupted(void);
/* Says that the state is saved, and the command that goes on. */
void print_resume_command(const struct arguments *arguments);

/* Appends a cell of a table: `width` characters, blanks behind a shorter text, dots at the end of a longer
   one, and everything on one line. */
void text_cell(struct nw_text *out, const char *text, size_t width);

/* ---- progress.c ---- */

/* Draws the bar when stderr is a terminal and `quiet` is false. */
void progress_begin(struct nw_context *context, bool quiet);
/* Clears the bar's line. */
void progress_end(struct nw_context *context);

/* ---- json_text.c ---- */

/* Appends a JSON string with quotes; NULL becomes null. (json_string is a name of jansson, which io/ links
 * to.) */
void json_text(struct nw_text *out, const char *text);
/* Appends a number; null when it is not finite. */
void json_number(struct nw_text *out, double value);
/* Appends a list of the context's messages as objects {severity, text}. */
void json_messages(struct nw_text *out, const struct nw_context *context);
