/* SPDX-License-Identifier: BSD-3-Clause
   The bibliography in the program: entries are found whole, and a case cites what it used, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/data.h"
#include "io/cite.h"

static struct nw_case plain(void) {
  struct nw_case c = {0};
  c.params = nw_params_default();
  c.subject.site = NW_SITE_cheek;
  c.device =
      (struct nw_device){.kind = NW_DEVICE_ROLLER, .needle_length = 1e-3, .passes = 2, .sterile = true};
  return c;
}

static bool cited(const struct nw_case *c, const char *entry) {
  struct nw_text out = {0};
  nw_cite_case(c, &out);
  const char *first = strstr(out.data, entry);
  const bool found = first != NULL;
  if (found) assert_null(strstr(first + 1, entry));
  nw_text_clear(&out);
  assert_int_equal(nw_live_bytes(), 0);
  return found;
}

static void cite_entry_is_whole(void **state) {
  (void)state;
  size_t length;
  const char *entry = nw_cite_entry("Spring2017", &length);
  assert_non_null(entry);
  assert_memory_equal(entry, "@article{Spring2017,", 20);
  assert_int_equal(entry[length - 1], '}');
  assert_int_equal(entry[length - 2], '\n');
  assert_null(memchr(entry + 1, '@', length - 1));
}

static void cite_entry_knows_no_half_keys(void **state) {
  (void)state;
  size_t length;
  assert_null(nw_cite_entry("Spring201", &length));
  assert_null(nw_cite_entry("pring2017", &length));
  assert_null(nw_cite_entry("", &length));
}

static void cite_entry_finds_every_key(void **state) {
  (void)state;
  size_t n = 0, size;
  for (const char *at = nw_data_find("references.bib", &size); (at = strstr(at, "\n@")); at++, n++) {
    const char *key = strchr(at, '{') + 1;
    char copy[128] = "";
    strncat(copy, key, strcspn(key, ","));
    assert_ptr_equal(nw_cite_entry(copy, &size), at + 1);
    assert_true(at[size] == '}');
  }
  assert_true(n > 200);
}

static void cite_case_names_device_and_overrides(void **state) {
  (void)state;
  struct nw_case c = plain();
  assert_true(cited(&c, "{CFR8784430,") == false); /* only a finding that applies cites it */
  assert_true(cited(&c, "{Babraj2005,"));
  struct nw_override own = {.row = nw_param_find("k_c"), .value = 0.01};
  c.overrides = &own;
  c.n_overrides = 1;
  assert_false(cited(&c, "{Babraj2005,"));
}

static void cite_case_leaves_needles_out_when_there_are_none(void **state) {
  (void)state;
  struct nw_case c = plain();
  assert_true(cited(&c, "{SciRep2022,"));
  c.device.kind = NW_DEVICE_NONE;
  assert_false(cited(&c, "{SciRep2022,"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cite_entry_is_whole),
      cmocka_unit_test(cite_entry_knows_no_half_keys),
      cmocka_unit_test(cite_entry_finds_every_key),
      cmocka_unit_test(cite_case_names_device_and_overrides),
      cmocka_unit_test(cite_case_leaves_needles_out_when_there_are_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
