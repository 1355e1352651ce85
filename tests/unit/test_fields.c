/* SPDX-License-Identifier: BSD-3-Clause
   Field files: steps and pictures come back, a killed run goes on to the same bytes, a full disk and
   torn files end in a message. */
#include "io/fields.h"

#include <fcntl.h>
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

#include "io/hdf5.h"
#include "io/sections.h"

enum { NX = 5, NY = 4, NZ = 3, CELLS = NX * NY * NZ, N_STEPS = 4, N_PICTURES = 2 };

struct fixture {
  struct nw_context *context;
  struct nw_case c;
  struct nw_field_grid grid;
  struct nw_picture_store pictures;
  struct nw_section section[N_PICTURES];
  double edge[3][8];
  float image[4][N_PICTURES][NX * NY];
  char folder[64], h5[96], xdmf[96], partial[96];
  size_t live;
};

static const double step_time[N_STEPS] = {0, 0.25, 1, 14};

static void make_pictures(struct fixture *f) {
  for (int t = 0; t < N_PICTURES; t++) {
    for (int i = 0; i < NX * NY; i++)
      for (int k = 0; k < 4; k++)
        f->image[k][t][i] = (float)(k + 1000 * t + i);
    f->section[t].time = 86400.0 * t;
    f->section[t].field[NW_FIELD_collagen_III] = f->image[0][t];
    f->section[t].field[NW_FIELD_tgf_beta] = t == 0 ? f->image[1][t] : NULL; /* not at all times: left out */
    f->section[t].coverage = f->image[2][t];
    f->section[t].melanin = f->image[3][t];
  }
  f->pictures = (struct nw_picture_store){.nx = NX,
                                          .ny = NY,
                                          .nz = NZ,
                                          .x_edge = f->edge[0],
                                          .y_edge = f->edge[1],
                                          .z_edge = f->edge[2],
                                          .item = f->section,
                                          .count = N_PICTURES};
}

static int set_up(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  f->live = nw_live_bytes();
  f->context = nw_context_create();
  strcpy(f->folder, "fields-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  snprintf(f->h5, sizeof f->h5, "%s/fields.h5", f->folder);
  snprintf(f->xdmf, sizeof f->xdmf, "%s/fields.xdmf", f->folder);
  snprintf(f->partial, sizeof f->partial, "%s/fields.partial", f->folder);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 8; j++)
      f->edge[i][j] = 0.025 * j * (i < 2 ? 1 : 1 + j);
  f->grid = (struct nw_field_grid){NX, NY, NZ, f->edge[0], f->edge[1], f->edge[2]};
  f->c.title = (char *)(uintptr_t) "Narben <Wange> & Stirn äöü";
  f->c.plan_path = (char *)(uintptr_t) "plan.yaml";
  f->c.plan_text = (char *)(uintptr_t) "device: {kind: pen}\n";
  f->c.patch.seed = 1;
  f->c.params = nw_params_default();
  f->c.output.fields = 1u << NW_FIELD_collagen_III | 1u << NW_FIELD_fibroblast;
  f->c.output.melanin = true;
  make_pictures(f);
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  unlink(f->h5);
  unlink(f->xdmf);
  unlink(f->partial);
  assert_int_equal(rmdir(f->folder), 0); /* nothing else is left behind */
  nw_context_free(&f->context);
  assert_int_equal(nw_live_bytes(), f->live);
  free(f);
  return 0;
}

static float value_at(int field, int step, int cell) {
  return (float)(field * 1000 + step * 100 + cell); /* no more bits than are kept */
}

static enum nw_status append(struct fixture *f, struct nw_field_file *file, int step) {
  float fields[2][CELLS], melanin[NX * NY];
  const float *value[NW_FIELD_COUNT] = {NULL};
  for (int i = 0; i < CELLS; i++) {
    fields[0][i] = value_at(NW_FIELD_collagen_III, step, i);
    fields[1][i] = value_at(NW_FIELD_fibroblast, step, i);
  }
  for (int i = 0; i < NX * NY; i++)
    melanin[i] = value_at(NW_FIELD_COUNT, step, i);
  value[NW_FIELD_collagen_III] = fields[0];
  value[NW_FIELD_fibroblast] = fields[1];
  return nw_field_file_append(f->context, file, step_time[step], value, melanin);
}

static struct nw_field_file *open_file(struct fixture *f, bool resume, double time) {
  struct nw_field_file *file = NULL;
  assert_int_equal(nw_field_file_open(f->context, f->folder, &f->c, &f->grid, resume, time, &file), NW_OK);
  return file;
}

static void write_all(struct fixture *f) {
  struct nw_field_file *file = open_file(f, false, 0);
  for (int step = 0; step < N_STEPS; step++)
    assert_int_equal(append(f, file, step), NW_OK);
  assert_int_equal(nw_field_file_close(f->context, &file, &f->pictures), NW_OK);
  assert_null(file);
}

static char *slurp(const char *path, size_t *size) {
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  *size = (size_t)status.st_size;
  char *bytes = malloc(*size + 1);
  FILE *stream = fopen(path, "rb");
  assert_int_equal(fread(bytes, 1, *size, stream), *size);
  fclose(stream);
  bytes[*size] = '\0';
  return bytes;
}

static void expect_same_file(const char *path, const char *bytes, size_t size) {
  size_t found;
  char *now = slurp(path, &found);
  assert_int_equal(found, size);
  assert_memory_equal(now, bytes, size);
  free(now);
}

static void check_steps(struct nw_hdf5 *h, int steps) {
  const hsize_t shape[4] = {(hsize_t)steps, NZ, NY, NX};
  float *value = malloc(sizeof *value * CELLS * (size_t)steps);
  nw_hdf5_read(h, "/fibroblast", H5T_NATIVE_FLOAT, 4, shape, value); /* through the virtual dataset */
  assert_false(h->failed);
  for (int step = 0; step < steps; step++)
    for (int i = 0; i < CELLS; i++)
      assert_true(value[step * CELLS + i] == value_at(NW_FIELD_fibroblast, step, i));
  nw_hdf5_read(h, "/steps/000002/collagen_III", H5T_NATIVE_FLOAT, 3, shape + 1, value);
  assert_false(h->failed);
  for (int i = 0; i < CELLS; i++)
    assert_true(value[i] == value_at(NW_FIELD_collagen_III, 2, i));
  const hsize_t map[3] = {(hsize_t)steps, NY, NX};
  nw_hdf5_read(h, "/melanin", H5T_NATIVE_FLOAT, 3, map, value);
  assert_false(h->failed);
  for (int step = 0; step < steps; step++)
    for (int i = 0; i < NX * NY; i++)
      assert_true(value[step * NX * NY + i] == value_at(NW_FIELD_COUNT, step, i));
  free(value);
}

static void close_gives_every_step_and_attribute(void **state) {
  struct fixture *f = *state;
  struct nw_hdf5 h;
  const hsize_t n = N_STEPS;
  double time[N_STEPS], rate;
  write_all(f);
  nw_hdf5_open(&h, f->h5);
  check_steps(&h, N_STEPS);
  nw_hdf5_read(&h, "/time", H5T_NATIVE_DOUBLE, 1, &n, time);
  assert_memory_equal(time, step_time, sizeof time);
  nw_hdf5_read(&h, "/parameters/delta_T", H5T_NATIVE_DOUBLE, 0, NULL, &rate);
  assert_false(h.failed);
  assert_float_equal(rate, nw_param_find("delta_T")->value, 1e-12);
  char *unit = nw_hdf5_text_of(&h, "/fibroblast", "units"),
       *origin = nw_hdf5_text_of(&h, "/parameters/delta_T", "origin");
  char *title = nw_hdf5_text_of(&h, "/", "title");
  assert_string_equal(unit, "mm-3");
  assert_string_equal(origin, "default");
  assert_string_equal(title, f->c.title);
  nw_release(unit);
  nw_release(origin);
  nw_release(title);
  assert_false(nw_hdf5_has(&h, "/vegf")); /* not asked for */
  assert_int_equal(nw_hdf5_close(f->context, &h, "read", f->h5), NW_OK);
  assert_int_not_equal(access(f->partial, F_OK), 0);
}

static void close_keeps_sixteen_bits_of_each_number(void **state) {
  struct fixture *f = *state;
  struct nw_hdf5 h;
  const hsize_t shape[3] = {NZ, NY, NX};
  const float given[5] = {0, 1.f / 3, -7e5f / 9, 1e-30f, INFINITY};
  float field[CELLS], found[CELLS];
  const float *value[NW_FIELD_COUNT] = {NULL};
  f->c.output = (struct nw_output_spec){.fields = 1u << NW_FIELD_vessel};
  for (int i = 0; i < CELLS; i++)
    field[i] = given[i % 5];
  value[NW_FIELD_vessel] = field;
  struct nw_field_file *file = open_file(f, false, 0);
  assert_int_equal(nw_field_file_append(f->context, file, 0, value, NULL), NW_OK);
  assert_int_equal(nw_field_file_close(f->context, &file, &f->pictures), NW_OK);
  nw_hdf5_open(&h, f->h5);
  nw_hdf5_read(&h, "/steps/000000/vessel", H5T_NATIVE_FLOAT, 3, shape, found);
  assert_false(h.failed || nw_hdf5_has(&h, "/melanin"));
  for (int i = 0; i < CELLS; i++) {
    const bool exact = i % 5 == 0 || i % 5 == 4;
    assert_true(exact ? found[i] == field[i] : fabsf(found[i] - field[i]) <= ldexpf(fabsf(field[i]), -16));
    assert_true(exact || found[i] != field[i]);
  }
  assert_int_equal(nw_hdf5_close(f->context, &h, "read", f->h5), NW_OK);
}

static void xdmf_names_datasets_that_exist(void **state) {
  struct fixture *f = *state;
  struct nw_hdf5 h;
  size_t size, found = 0;
  write_all(f);
  char *text = slurp(f->xdmf, &size);
  nw_hdf5_open(&h, f->h5);
  for (char *at = text; (at = strstr(at, "fields.h5:")); found++) {
    char *name = at + strlen("fields.h5:");
    at = strchr(name, '<');
    *at++ = '\0';
    assert_true(nw_hdf5_has(&h, name));
  }
  assert_int_equal(found, N_STEPS * (3 + 2 + 2 + 1)); /* axes and fields, axes and map */
  assert_int_equal(nw_hdf5_close(f->context, &h, "read", f->h5), NW_OK);
  free(text);
}

static void sections_come_back(void **state) {
  struct fixture *f = *state;
  struct nw_sections s;
  write_all(f);
  assert_int_equal(nw_sections_read(f->context, f->h5, &s), NW_OK);
  assert_int_equal(s.n_times, N_PICTURES);
  assert_true(s.nx == NX && s.ny == NY && s.nz == NZ);
  assert_float_equal(s.time[1], 1, 1e-12);
  assert_memory_equal(s.z_edge, f->edge[2], (NZ + 1) * sizeof(double));
  for (int t = 0; t < N_PICTURES; t++) {
    assert_memory_equal(s.field[NW_FIELD_collagen_III] + t * NZ * NX, f->image[0][t],
                        NZ * NX * sizeof(float));
    assert_memory_equal(s.coverage + t * NY * NX, f->image[2][t], NY * NX * sizeof(float));
    assert_memory_equal(s.melanin + t * NY * NX, f->image[3][t], NY * NX * sizeof(float));
  }
  assert_null(s.field[NW_FIELD_tgf_beta]);
  nw_sections_clear(&s);
}

static void pictures_alone_make_a_file(void **state) {
  struct fixture *f = *state;
  struct nw_sections s;
  assert_int_equal(nw_field_file_pictures(f->context, f->folder, &f->c, &f->pictures), NW_OK);
  assert_int_equal(nw_sections_read(f->context, f->h5, &s), NW_OK);
  assert_int_equal(s.n_times, N_PICTURES);
  nw_sections_clear(&s);
}

static void resume_gives_the_same_bytes(void **state) {
  struct fixture *f = *state;
  size_t size;
  write_all(f);
  char *whole = slurp(f->h5, &size);
  for (int kept = 0; kept < N_STEPS; kept++) {
    unlink(f->h5);
    struct nw_field_file *file = open_file(f, false, 0);
    for (int step = 0; step < N_STEPS; step++)
      assert_int_equal(append(f, file, step), NW_OK);
    assert_int_equal(nw_field_file_flush(f->context, file), NW_OK);
    nw_field_file_suspend(&file); /* as if killed: fields.partial stays, with steps after the checkpoint */
    file = open_file(f, true, step_time[kept]);
    for (int step = kept + 1; step < N_STEPS; step++)
      assert_int_equal(append(f, file, step), NW_OK);
    assert_int_equal(nw_field_file_close(f->context, &file, &f->pictures), NW_OK);
    expect_same_file(f->h5, whole, size);
  }
  free(whole);
}

static void resume_goes_on_from_a_closed_file(void **state) {
  struct fixture *f = *state;
  size_t size;
  write_all(f);
  char *whole = slurp(f->h5, &size);
  struct nw_field_file *file = open_file(f, true, step_time[1]);
  for (int step = 2; step < N_STEPS; step++)
    assert_int_equal(append(f, file, step), NW_OK);
  assert_int_equal(nw_field_file_close(f->context, &file, &f->pictures), NW_OK);
  expect_same_file(f->h5, whole, size);
  free(whole);
}

static void append_replaces_a_step_of_the_same_time(void **state) {
  struct fixture *f = *state;
  size_t size;
  write_all(f);
  char *whole = slurp(f->h5, &size);
  struct nw_field_file *file = open_file(f, false, 0);
  for (int step = 0; step < N_STEPS; step++) {
    assert_int_equal(append(f, file, step), NW_OK);
    assert_int_equal(append(f, file, step), NW_OK);
  }
  assert_int_equal(nw_field_file_close(f->context, &file, &f->pictures), NW_OK);
  expect_same_file(f->h5, whole, size);
  free(whole);
}

/* Killed in the middle of a write: whatever stands behind the last whole record is dropped. */
static void resume_drops_a_torn_record(void **state) {
  struct fixture *f = *state;
  size_t size;
  write_all(f);
  char *whole = slurp(f->h5, &size);
  for (off_t cut = 1; cut < 600; cut += 37) {
    struct stat status;
    unlink(f->h5);
    struct nw_field_file *file = open_file(f, false, 0);
    for (int step = 0; step < 3; step++)
      assert_int_equal(append(f, file, step), NW_OK);
    nw_field_file_suspend(&file);
    assert_int_equal(stat(f->partial, &status), 0);
    assert_int_equal(truncate(f->partial, status.st_size - cut), 0);
    file = open_file(f, true, 5);
    const int next = cut <= (off_t)(24 + (2 * CELLS + NX * NY) * sizeof(float)) ? 2 : 1; /* one record */
    for (int step = next; step < N_STEPS; step++)
      assert_int_equal(append(f, file, step), NW_OK);
    assert_int_equal(nw_field_file_close(f->context, &file, &f->pictures), NW_OK);
    expect_same_file(f->h5, whole, size);
  }
  free(whole);
}

static void resume_drops_a_record_with_a_flipped_bit(void **state) {
  struct fixture *f = *state;
  struct stat status;
  struct nw_hdf5 h;
  char byte;
  struct nw_field_file *file = open_file(f, false, 0);
  for (int step = 0; step < 4; step++)
    assert_int_equal(append(f, file, step), NW_OK);
  nw_field_file_suspend(&file);
  assert_int_equal(stat(f->partial, &status), 0);
  const int descriptor = open(f->partial, O_RDWR);
  assert_int_equal(pread(descriptor, &byte, 1, status.st_size - 100), 1);
  byte ^= 4;
  assert_int_equal(pwrite(descriptor, &byte, 1, status.st_size - 100), 1);
  close(descriptor);
  file = open_file(f, true, 99);
  assert_int_equal(nw_field_file_close(f->context, &file, NULL), NW_OK);
  nw_hdf5_open(&h, f->h5);
  check_steps(&h, 3);
  assert_int_equal(nw_hdf5_close(f->context, &h, "read", f->h5), NW_OK);
}

static void resume_says_when_steps_of_another_plan_are_lost(void **state) {
  struct fixture *f = *state;
  struct nw_field_file *file = open_file(f, false, 0);
  assert_int_equal(append(f, file, 0), NW_OK);
  nw_field_file_suspend(&file);
  f->c.patch.seed = 2;
  file = open_file(f, true, 7);
  assert_int_equal(nw_context_message_count(f->context), 1);
  assert_int_equal(nw_context_message_severity(f->context, 0), NW_WARNING);
  nw_field_file_suspend(&file);
}

static void sections_refuse_every_truncation(void **state) {
  struct fixture *f = *state;
  struct nw_sections s;
  size_t size;
  write_all(f);
  char *bytes = slurp(f->h5, &size);
  for (size_t length = 0; length < size; length += length < 40 || length > size - 40 ? 1 : 997) {
    FILE *stream = fopen(f->h5, "wb");
    fwrite(bytes, 1, length, stream);
    fclose(stream);
    const size_t before = nw_context_message_count(f->context);
    const enum nw_status status = nw_sections_read(f->context, f->h5, &s);
    if (status == NW_OK) { /* only the seal is gone: still a whole HDF5 file */
      assert_true(length >= size - 24);
      nw_sections_clear(&s);
    } else {
      assert_int_equal(status, NW_IO);
      assert_int_equal(nw_context_message_count(f->context), before + 1);
    }
  }
  free(bytes);
}

static void sections_refuse_a_flipped_byte(void **state) {
  struct fixture *f = *state;
  struct nw_sections s;
  size_t size;
  write_all(f);
  char *bytes = slurp(f->h5, &size);
  for (size_t i = 0; i < size - 24; i += 1009) {
    bytes[i] ^= 16;
    FILE *stream = fopen(f->h5, "wb");
    fwrite(bytes, 1, size, stream);
    fclose(stream);
    bytes[i] ^= 16;
    assert_int_equal(nw_sections_read(f->context, f->h5, &s), NW_IO);
  }
  free(bytes);
}

static void a_full_disk_is_an_error_and_leaves_no_file(void **state) {
  struct fixture *f = *state;
  struct rlimit old, small;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  struct nw_field_file *file = open_file(f, false, 0);
  assert_int_equal(append(f, file, 0), NW_OK);
  small.rlim_cur = 800; /* room for the first step only */
  setrlimit(RLIMIT_FSIZE, &small);
  const enum nw_status appended = append(f, file, 1);
  setrlimit(RLIMIT_FSIZE, &old);
  assert_int_equal(appended, NW_IO);
  assert_int_equal(append(f, file, 1), NW_OK); /* room again: the run may go on */
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  const enum nw_status closed = nw_field_file_close(f->context, &file, &f->pictures);
  setrlimit(RLIMIT_FSIZE, &old);
  assert_int_equal(closed, NW_IO);
  assert_null(file);
  assert_int_not_equal(access(f->h5, F_OK), 0);
  assert_int_equal(access(f->partial, F_OK), 0); /* nothing is lost */
}

int main(void) {
  const struct CMUnitTest test[] = {
      cmocka_unit_test_setup_teardown(close_gives_every_step_and_attribute, set_up, tear_down),
      cmocka_unit_test_setup_teardown(close_keeps_sixteen_bits_of_each_number, set_up, tear_down),
      cmocka_unit_test_setup_teardown(xdmf_names_datasets_that_exist, set_up, tear_down),
      cmocka_unit_test_setup_teardown(sections_come_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(pictures_alone_make_a_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(resume_gives_the_same_bytes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(resume_goes_on_from_a_closed_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(append_replaces_a_step_of_the_same_time, set_up, tear_down),
      cmocka_unit_test_setup_teardown(resume_drops_a_torn_record, set_up, tear_down),
      cmocka_unit_test_setup_teardown(resume_drops_a_record_with_a_flipped_bit, set_up, tear_down),
      cmocka_unit_test_setup_teardown(resume_says_when_steps_of_another_plan_are_lost, set_up, tear_down),
      cmocka_unit_test_setup_teardown(sections_refuse_every_truncation, set_up, tear_down),
      cmocka_unit_test_setup_teardown(sections_refuse_a_flipped_byte, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_full_disk_is_an_error_and_leaves_no_file, set_up, tear_down),
  };
  return cmocka_run_group_tests(test, NULL, NULL);
}
