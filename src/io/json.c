/* SPDX-License-Identifier: BSD-3-Clause
   JSON written in the order of the calls. */
#include "json.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

/* Length of the well-formed UTF-8 sequence at p, 0 when there is none (Unicode 15, table 3-7). */
static size_t utf8_length(const unsigned char *p, size_t left) {
  const unsigned char c = p[0];
  if (c < 0x80) return 1;
  const size_t n = c >= 0xc2 && c <= 0xdf ? 2 : (c & 0xf0) == 0xe0 ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
  if (n == 0 || n > left) return 0;
  for (size_t i = 1; i < n; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  const bool overlong = (c == 0xe0 && p[1] < 0xa0) || (c == 0xf0 && p[1] < 0x90);
  const bool surrogate = c == 0xed && p[1] > 0x9f;
  return overlong || surrogate || (c == 0xf4 && p[1] > 0x8f) ? 0 : n;
}

static void append_escape(struct nw_text *text, unsigned char c) {
  switch (c) {
    case '"':
      nw_text_append(text, "\\\"");
      break;
    case '\\':
      nw_text_append(text, "\\\\");
      break;
    case '\n':
      nw_text_append(text, "\\n");
      break;
    case '\t':
      nw_text_append(text, "\\t");
      break;
    default:
      nw_text_append(text, "\\u%04x", c);
  }
}

static void append_string(struct nw_text *text, const char *string, size_t length) {
  const unsigned char *p = (const unsigned char *)string;
  nw_text_append_bytes(text, "\"", 1);
  for (size_t i = 0; i < length;) {
    const size_t n = utf8_length(p + i, length - i);
    if (n == 0) {
      nw_text_append(text, "\\ufffd");
    } else if (p[i] < 0x20 || p[i] == 0x7f || p[i] == '"' || p[i] == '\\') {
      append_escape(text, p[i]);
    } else {
      nw_text_append_bytes(text, p + i, n);
    }
    i += n ? n : 1;
  }
  nw_text_append_bytes(text, "\"", 1);
}

static void start_item(struct nw_json *json, const char *key) {
  if (json->depth > 0) {
    if (!json->open) nw_text_append_bytes(json->text, ",", 1);
    nw_text_append(json->text, "\n%*s", 2 * json->depth, "");
  }
  json->open = false;
  if (!key) return;
  append_string(json->text, key, strlen(key));
  nw_text_append_bytes(json->text, ": ", 2);
}

static void begin(struct nw_json *json, const char *key, const char *bracket) {
  start_item(json, key);
  nw_text_append_bytes(json->text, bracket, 1);
  json->depth++;
  json->open = true;
}

static void end(struct nw_json *json, const char *bracket) {
  json->depth--;
  if (!json->open) nw_text_append(json->text, "\n%*s", 2 * json->depth, "");
  nw_text_append(json->text, "%s%s", bracket, json->depth == 0 ? "\n" : "");
  json->open = false;
}

void nw_json_object(struct nw_json *json, const char *key) {
  begin(json, key, "{");
}

void nw_json_list(struct nw_json *json, const char *key) {
  begin(json, key, "[");
}

void nw_json_end_object(struct nw_json *json) {
  end(json, "}");
}

void nw_json_end_list(struct nw_json *json) {
  end(json, "]");
}

void nw_json_text_bytes(struct nw_json *json, const char *key, const char *text, size_t length) {
  start_item(json, key);
  append_string(json->text, text, length);
}

void nw_json_text(struct nw_json *json, const char *key, const char *text) {
  if (text) nw_json_text_bytes(json, key, text, strlen(text));
}

static void append_number(struct nw_json *json, double number) {
  char digits[NW_NUMBER_SIZE];
  nw_text_append_bytes(json->text, digits, nw_number_write(digits, number));
}

void nw_json_number(struct nw_json *json, const char *key, double number) {
  if (!isfinite(number)) return;
  start_item(json, key);
  append_number(json, number);
}

void nw_json_number_or_null(struct nw_json *json, const char *key, double number) {
  if (isfinite(number)) {
    nw_json_number(json, key, number);
  } else {
    start_item(json, key);
    nw_text_append(json->text, "null");
  }
}

void nw_json_count(struct nw_json *json, const char *key, uint64_t count) {
  const char *quote = count > (uint64_t)1 << 53 ? "\"" : "";
  start_item(json, key);
  nw_text_append(json->text, "%s%llu%s", quote, (unsigned long long)count, quote);
}

void nw_json_bool(struct nw_json *json, const char *key, bool value) {
  start_item(json, key);
  nw_text_append(json->text, value ? "true" : "false");
}

void nw_json_interval(struct nw_json *json, const char *key, double low, double high) {
  if (!isfinite(low) || !isfinite(high)) return;
  start_item(json, key);
  nw_text_append_bytes(json->text, "[", 1);
  append_number(json, low);
  nw_text_append_bytes(json->text, ", ", 2);
  append_number(json, high);
  nw_text_append_bytes(json->text, "]", 1);
}
