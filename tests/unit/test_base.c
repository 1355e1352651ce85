/* SPDX-License-Identifier: BSD-3-Clause
   Messages where memory is short: something is said, whatever allocation fails. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_message_is_never_null(void **state) {
  (void)state;
  bool whole = false;
  for (size_t n = 1; !whole && n < 20; n++) {
    struct nw_context *context = nw_context_create();
    nw_allocation_fail_at(n);
    assert_int_equal(nw_fail(context, NW_IO, "key", "cannot write %s", "file"), NW_IO);
    const size_t count = nw_context_message_count(context);
    const char *text = nw_context_message(context, 0);
    assert_true(count <= 1 && (text != NULL) == (count == 1));
    if (text) assert_true(strlen(text) > 0);
    whole = text && !strcmp(text, "error: key: cannot write file");
    nw_allocation_fail_at(0);
    nw_context_free(&context);
  }
  assert_true(whole);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_message_is_never_null)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
