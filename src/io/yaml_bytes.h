/* SPDX-License-Identifier: BSD-3-Clause
   A look over the bytes of a YAML file before a parser sees them: our messages name what a person did. */
#pragma once
#include <stddef.h>

struct nw_yaml_flaw {
  const char *what; /* NULL: none */
  int line, column; /* 1-based, in characters */
};

/* Length of a byte order mark at the beginning, 0 without one. */
size_t nw_yaml_mark(const char *text, size_t length);
/* The first flaw of a text (behind its byte order mark) that is to be plain UTF-8, indented by spaces. */
struct nw_yaml_flaw nw_yaml_inspect(const char *text, size_t length);
