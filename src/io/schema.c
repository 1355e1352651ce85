/* SPDX-License-Identifier: BSD-3-Clause
   The JSON schema of a plan file, generated from the key table. */
#include "schema.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "plan/keys.h"

/* A number, then a unit. The unit itself is checked by the program, not by the pattern. */
#define NUMBER "^ *[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?"

static json_t *words_of(const struct nw_key *key) {
  json_t *words = json_array();
  for (size_t i = 0; key->words[i]; i++)
    json_array_append_new(words, json_string(key->words[i]));
  return words;
}

static json_t *quantity_of(const struct nw_key *key) {
  if (!strcmp(key->unit, "1"))
    return json_pack("{s:s, s:f, s:f}", "type", "number", "minimum", key->low, "maximum", key->high);
  return json_pack("{s:s, s:s, s:{s:s, s:f, s:f}}", "type", "string", "pattern", NUMBER " *[^0-9 ].*$",
                   "quantity", "unit", key->unit, "low", key->low, "high", key->high);
}

static json_t *value_of(const struct nw_key *key) {
  switch (key->type) {
    case NW_KEY_FLAG:
      return json_pack("{s:s}", "type", "boolean");
    case NW_KEY_COUNT:
      return json_pack("{s:s, s:f, s:f}", "type", "integer", "minimum", key->low, "maximum", key->high);
    case NW_KEY_QUANTITY:
      return quantity_of(key);
    case NW_KEY_CHOICE:
      return json_pack("{s:o}", "enum", words_of(key));
    case NW_KEY_MIXED:
      return json_pack("{s:[{s:o}, o]}", "anyOf", "enum", words_of(key), quantity_of(key));
    case NW_KEY_CHOICES:
      return json_pack("{s:s, s:{s:o}}", "type", "array", "items", "enum", words_of(key));
    case NW_KEY_QUANTITIES:
      return json_pack("{s:s, s:o}", "type", "array", "items", quantity_of(key));
    default:
      return json_pack("{s:s}", "type", "string");
  }
}

/* Any key may be null: not given. */
static json_t *property_of(const struct nw_key *key) {
  json_t *property =
      json_pack("{s:s, s:[o, {s:s}]}", "description", key->doc, "anyOf", value_of(key), "type", "null");
  if (key->fallback) json_object_set_new(property, "default", json_string(key->fallback));
  return property;
}

static json_t *section_of(const struct nw_key_section *section) {
  json_t *properties = json_object();
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  for (size_t i = 0; i < count; i++)
    if (!strcmp(key[i].section, section->name))
      json_object_set_new(properties, key[i].name, property_of(&key[i]));
  json_t *map = json_pack("{s:[s, s], s:o, s:b}", "type", "object", "null", "properties", properties,
                          "additionalProperties", 0);
  if (section->shape == NW_SECTION_LIST)
    map = json_pack("{s:[s, s], s:o}", "type", "array", "null", "items", map);
  json_object_set_new(map, "description", json_string(section->doc));
  return map;
}

static void add_section(json_t *root, const struct nw_key_section *section) {
  json_t *around = json_object_get(root, "properties");
  const char *name = section->name, *dot = strchr(name, '.');
  if (dot) {
    char *parent = strndup(name, (size_t)(dot - name));
    around = json_object_get(json_object_get(around, parent), "properties");
    free(parent);
    name = dot + 1;
  }
  json_object_set_new(around, name, section_of(section));
}

enum nw_status nw_schema_text(struct nw_context *context, struct nw_text *text) {
  size_t count;
  const struct nw_key_section *section = nw_key_sections(&count);
  json_t *root = section_of(&section[0]);
  json_object_set_new(root, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new(root, "title", json_string("Needlework plan"));
  for (size_t i = 1; i < count; i++)
    add_section(root, &section[i]);
  json_object_set_new(json_object_get(root, "properties"), "model",
                      json_pack("{s:[s, s], s:s}", "type", "object", "null", "description",
                                "numbers of the model by their key in `needlework params`"));
  json_object_set_new(root, "required", json_pack("[s]", "device"));
  char *dump = json_dumps(root, JSON_INDENT(2));
  json_decref(root);
  if (dump) nw_text_append(text, "%s\n", dump);
  free(dump);
  return dump && !text->failed ? NW_OK
                               : nw_fail(context, NW_MEMORY, NULL, "out of memory while writing the schema");
}
