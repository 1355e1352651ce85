/* SPDX-License-Identifier: BSD-3-Clause
   Encoding, control characters and indentation of YAML. */
#include "yaml_bytes.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static bool starts_with(const char *text, size_t length, const char *bytes, size_t count) {
  return length >= count && !memcmp(text, bytes, count);
}

size_t nw_yaml_mark(const char *text, size_t length) {
  return starts_with(text, length, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* A tab in the indentation of a line that says something. */
static bool tab_indents(const char *line, size_t left) {
  size_t i = 0;
  bool tab = false;
  for (; i < left && (line[i] == ' ' || line[i] == '\t'); i++)
    tab |= line[i] == '\t';
  return tab && i < left && line[i] != '\n' && line[i] != '\r' && line[i] != '#';
}

struct nw_yaml_flaw nw_yaml_inspect(const char *text, size_t length) {
  struct nw_yaml_flaw flaw = {NULL, 1, 1};
  if (starts_with(text, length, "\xff\xfe", 2) || starts_with(text, length, "\xfe\xff", 2))
    flaw.what = "the file is UTF-16: save it as UTF-8";
  for (size_t i = 0; i < length && !flaw.what;) {
    const size_t step = nw_utf8_step(text + i, length - i);
    const unsigned char c = (unsigned char)text[i];
    if (step == 0)
      flaw.what = "the text is not UTF-8 here: save the file as UTF-8";
    else if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      flaw.what = "a control character stands here: only plain text is read";
    else if (flaw.column == 1 && tab_indents(text + i, length - i))
      flaw.what = "a tab indents this line: YAML wants spaces";
    if (flaw.what) break;
    flaw.column = c == '\n' ? 1 : flaw.column + 1;
    flaw.line += c == '\n';
    i += step;
  }
  return flaw;
}
