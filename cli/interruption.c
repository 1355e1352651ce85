/* SPDX-License-Identifier: BSD-3-Clause
   Ctrl-C: long work saves its state and stops, and the user learns the command that goes on. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "program.h"

static struct nw_context *volatile interruptible;

static void on_signal(int signal_number) {
  (void)signal_number;
  if (interruptible) nw_context_interrupt(interruptible);
}

void catch_interruption(struct nw_context *context) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  interruptible = context;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

void release_interruption(void) {
  interruptible = NULL;
}

/* Prints a word so that a shell reads it back as one. */
static void print_word(const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (*word && strspn(word, plain) == strlen(word)) {
    fprintf(stderr, " %s", word);
    return;
  }
  fprintf(stderr, " '");
  for (; *word; word++) {
    if (*word == '\'') {
      fprintf(stderr, "'\\''");
    } else {
      fputc(*word, stderr);
    }
  }
  fprintf(stderr, "'");
}

void print_interrupted(void) {
  fprintf(stderr, "needlework: interrupted; nothing was kept, run it again\n");
}

void print_resume_command(const struct arguments *arguments) {
  fprintf(stderr, "needlework: interrupted, the state is saved; go on with\n ");
  for (int i = 0; i < program_argc; i++)
    if (strcmp(program_argv[i], "--force")) print_word(program_argv[i]);
  fprintf(stderr, "%s\n", arguments->resume ? "" : " --resume");
}
