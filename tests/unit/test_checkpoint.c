/* SPDX-License-Identifier: BSD-3-Clause
   Checkpoints: what is written comes back bit for bit; torn, changed and foreign files end in a message. */
#include "io/checkpoint.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
  struct nw_context *context;
  char folder[64], path[96];
  double fields[300];
  int counter;
  size_t live;
};

static const char identity[] = "plan 7, seed 1, version 0.1.0, grid 3 x 4 x 5, double";

static int set_up(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  f->live = nw_live_bytes();
  f->context = nw_context_create();
  strcpy(f->folder, "checkpoint-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  snprintf(f->path, sizeof f->path, "%s/checkpoint.h5", f->folder);
  for (size_t i = 0; i < NW_COUNT(f->fields); i++)
    f->fields[i] = sin((double)i) / 3;
  f->fields[7] = NAN;
  f->counter = 41;
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  unlink(f->path);
  assert_int_equal(rmdir(f->folder), 0); /* no temporary file is left either */
  nw_context_free(&f->context);
  assert_int_equal(nw_live_bytes(), f->live);
  free(f);
  return 0;
}

static enum nw_status write_file(struct fixture *f) {
  const struct nw_block block[] = {{"fields", f->fields, sizeof f->fields},
                                   {"counter", &f->counter, sizeof f->counter},
                                   {"nothing", NULL, 0}};
  return nw_checkpoint_write(f->context, f->path, identity, block, NW_COUNT(block));
}

static enum nw_status read_file(struct fixture *f, const char *whose, double fields[300], int *counter) {
  const struct nw_block block[] = {
      {"counter", counter, sizeof *counter}, {"fields", fields, sizeof f->fields}, {"nothing", NULL, 0}};
  return nw_checkpoint_read(f->context, f->path, whose, block, NW_COUNT(block));
}

static char *slurp(const char *path, size_t *size) {
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  *size = (size_t)status.st_size;
  char *bytes = malloc(*size);
  FILE *stream = fopen(path, "rb");
  assert_int_equal(fread(bytes, 1, *size, stream), *size);
  fclose(stream);
  return bytes;
}

static void spill(const char *path, const char *bytes, size_t size) {
  FILE *stream = fopen(path, "wb");
  assert_int_equal(fwrite(bytes, 1, size, stream), size);
  fclose(stream);
}

static void read_gives_the_bits_written(void **state) {
  struct fixture *f = *state;
  double fields[300] = {0};
  int counter = 0;
  assert_int_equal(write_file(f), NW_OK);
  assert_int_equal(read_file(f, identity, fields, &counter), NW_OK);
  assert_memory_equal(fields, f->fields, sizeof fields);
  assert_int_equal(counter, 41);
  assert_int_equal(nw_context_message_count(f->context), 0);
}

static void write_is_the_same_bytes_each_time(void **state) {
  struct fixture *f = *state;
  size_t first_size, second_size;
  assert_int_equal(write_file(f), NW_OK);
  char *first = slurp(f->path, &first_size);
  sleep(1); /* no time of day may slip in */
  assert_int_equal(write_file(f), NW_OK);
  char *second = slurp(f->path, &second_size);
  assert_int_equal(first_size, second_size);
  assert_memory_equal(first, second, first_size);
  free(first);
  free(second);
}

static void read_refuses_another_identity(void **state) {
  struct fixture *f = *state;
  double fields[300] = {0};
  int counter = 5;
  assert_int_equal(write_file(f), NW_OK);
  assert_int_equal(read_file(f, "plan 7, seed 2, version 0.1.0, grid 3 x 4 x 5, double", fields, &counter),
                   NW_BAD_PLAN);
  assert_int_equal(read_file(f, "plan 7", fields, &counter), NW_BAD_PLAN);
  assert_int_equal(counter, 5); /* untouched */
  assert_non_null(strstr(nw_context_message(f->context, 0), "belongs to another"));
}

static void read_refuses_wrong_names_and_sizes(void **state) {
  struct fixture *f = *state;
  double fields[300];
  const struct nw_block missing = {"vessels", fields, 8}, shorter = {"fields", fields, 8 * 299};
  assert_int_equal(write_file(f), NW_OK);
  assert_int_equal(nw_checkpoint_read(f->context, f->path, identity, &missing, 1), NW_IO);
  assert_int_equal(nw_checkpoint_read(f->context, f->path, identity, &shorter, 1), NW_IO);
  assert_non_null(strstr(nw_context_message(f->context, 0), "vessels"));
}

static void expect_refusal(struct fixture *f) {
  double fields[300];
  int counter;
  const size_t before = nw_context_message_count(f->context);
  assert_int_equal(read_file(f, identity, fields, &counter), NW_IO);
  assert_int_equal(nw_context_message_count(f->context), before + 1);
  assert_non_null(strstr(nw_context_message(f->context, before), f->path));
}

static void read_refuses_every_truncation(void **state) {
  struct fixture *f = *state;
  size_t size;
  assert_int_equal(write_file(f), NW_OK);
  char *bytes = slurp(f->path, &size);
  for (size_t length = 0; length < size; length += length < 64 || length > size - 64 ? 1 : 61) {
    spill(f->path, bytes, length);
    expect_refusal(f);
  }
  free(bytes);
}

static void read_refuses_every_flipped_byte(void **state) {
  struct fixture *f = *state;
  size_t size;
  assert_int_equal(write_file(f), NW_OK);
  char *bytes = slurp(f->path, &size);
  for (size_t i = 0; i < size; i += 5) {
    bytes[i] ^= (char)(1 << i % 8);
    spill(f->path, bytes, size);
    expect_refusal(f);
    bytes[i] ^= (char)(1 << i % 8);
  }
  free(bytes);
}

static void read_refuses_foreign_files(void **state) {
  struct fixture *f = *state;
  static const char text[] = "title: no checkpoint at all\n";
  expect_refusal(f); /* absent */
  spill(f->path, text, sizeof text - 1);
  expect_refusal(f);
  unlink(f->path);
  assert_int_equal(mkdir(f->path, 0777), 0);
  expect_refusal(f);
  rmdir(f->path);
}

/* A limit on file sizes makes writes fail as a full disk does. */
static void write_survives_a_full_disk(void **state) {
  struct fixture *f = *state;
  double fields[300];
  int counter;
  struct rlimit old, small;
  assert_int_equal(write_file(f), NW_OK);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  f->counter = 42;
  for (rlim_t limit = 0; limit < 6000; limit += 500) {
    small.rlim_cur = limit;
    setrlimit(RLIMIT_FSIZE, &small);
    const enum nw_status status = write_file(f);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, NW_IO);
  }
  assert_non_null(strstr(nw_context_message(f->context, 0), "cannot write"));
  assert_int_equal(read_file(f, identity, fields, &counter), NW_OK);
  assert_int_equal(counter, 41); /* the old one stands */
}

static void write_reports_an_unwritable_place(void **state) {
  struct fixture *f = *state;
  assert_int_equal(nw_checkpoint_write(f->context, "no-such-folder/checkpoint.h5", identity, NULL, 0), NW_IO);
  assert_int_equal(mkdir(f->path, 0777), 0);
  assert_int_equal(write_file(f), NW_IO);
  assert_int_equal(rmdir(f->path), 0);
}

int main(void) {
  const struct CMUnitTest test[] = {
      cmocka_unit_test_setup_teardown(read_gives_the_bits_written, set_up, tear_down),
      cmocka_unit_test_setup_teardown(write_is_the_same_bytes_each_time, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_refuses_another_identity, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_refuses_wrong_names_and_sizes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_refuses_every_truncation, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_refuses_every_flipped_byte, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_refuses_foreign_files, set_up, tear_down),
      cmocka_unit_test_setup_teardown(write_survives_a_full_disk, set_up, tear_down),
      cmocka_unit_test_setup_teardown(write_reports_an_unwritable_place, set_up, tear_down),
  };
  return cmocka_run_group_tests(test, NULL, NULL);
}
