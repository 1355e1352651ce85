/* SPDX-License-Identifier: BSD-3-Clause
   The report as a page: its sections, escaping, honesty about absent results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "report/report.h"
#include "report_fixture.h"

struct folder {
  struct nw_context *context;
  char path[64];
};

static int make_folder(void **state) {
  struct folder *f = calloc(1, sizeof *f);
  strcpy(f->path, "/tmp/nw_report_XXXXXX");
  f->context = nw_context_create();
  *state = f;
  return mkdtemp(f->path) && f->context ? 0 : -1;
}

static int drop_folder(void **state) {
  static const char *const name[] = {"summary.json", "timeline.csv", "punctures.csv", "absorption.csv",
                                     "report.html"};
  struct folder *f = *state;
  for (size_t i = 0; i < NW_COUNT(name); i++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->path, name[i]);
    unlink(path);
  }
  if (nw_skin_files_remove(f->context, f->path) != NW_OK) return -1;
  rmdir(f->path);
  nw_context_free(&f->context);
  free(f);
  return nw_live_bytes() == 0 ? 0 : -1;
}

static void compose(const struct folder *f, bool pictures, struct nw_text *html) {
  struct nw_results results = {0};
  assert_int_equal(nw_results_read(f->context, f->path, &results), NW_OK);
  if (pictures) assert_true(fixture_sections(&results.sections));
  assert_int_equal(nw_report_compose(f->context, &results, NULL, html), NW_OK);
  nw_results_clear(&results);
}

static void compose_writes_every_section_of_a_whole_run(void **state) {
  struct folder *f = *state;
  struct nw_text html = {0};
  fixture_write(f->context, f->path, "Scars");
  compose(f, true, &html);
  static const char *const id[] = {"case",    "punctures", "absorption", "healing", "tissue",
                                   "surface", "outcome",   "safety",     "sources"};
  const char *from = html.data;
  for (size_t i = 0; i < NW_COUNT(id); i++) { /* and in the order of the line */
    char mark[48];
    snprintf(mark, sizeof mark, "<section id=\"%s\"", id[i]);
    assert_non_null(from = strstr(from, mark));
  }
  assert_true(html.length < (size_t)4 << 20);
  nw_text_clear(&html);
}

static void compose_refers_to_nothing_outside_the_file(void **state) {
  struct folder *f = *state;
  struct nw_text html = {0};
  fixture_write(f->context, f->path, "Scars");
  compose(f, true, &html);
  for (const char *p = html.data; (p = strstr(p, "src=\"")); p++)
    assert_memory_equal(p, "src=\"data:", 10);
  for (const char *p = html.data; (p = strstr(p, "href=\"")); p++)
    assert_true(p[6] == '#' || strncmp(p + 6, "data:", 5) == 0);
  assert_null(strstr(html.data, "<script"));
  assert_null(strstr(html.data, "@import"));
  assert_null(strstr(html.data, "url("));
  nw_text_clear(&html);
}

static void compose_escapes_text_of_the_results(void **state) {
  struct folder *f = *state;
  struct nw_text html = {0};
  fixture_write(f->context, f->path, "<script>alert('x')</script> & more");
  compose(f, false, &html);
  assert_null(strstr(html.data, "<script"));
  assert_non_null(strstr(html.data, "<h1>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; more</h1>"));
  assert_non_null(strstr(html.data, "&lt;15 cases&gt; &amp; more"));
  nw_text_clear(&html);
}

/* Text between tags must hold no number that is none; base64 may hold any letters. */
static void compose_shows_no_missing_number_as_nan(void **state) {
  struct folder *f = *state;
  struct nw_text html = {0};
  fixture_write(f->context, f->path, "Scars");
  compose(f, false, &html);
  for (char *p = html.data; (p = strstr(p, "base64,")); p++)
    for (char *q = p + 7; *q && *q != '"'; q++)
      *q = ' ';
  for (char *p = html.data; *p; p++)
    *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
  static const char *const bad[] = {">nan",  ">inf<",   ">-inf", ">inf\u202f", " nan", " inf ",
                                    "\"nan", "\"inf\"", "-nan",  "(null)",     "lnan", "mnan"};
  for (size_t i = 0; i < NW_COUNT(bad); i++)
    assert_null(strstr(html.data, bad[i]));
  nw_text_clear(&html);
}

static void compose_shows_numbers_with_unit_interval_and_grade(void **state) {
  struct folder *f = *state;
  struct nw_text html = {0};
  fixture_write(f->context, f->path, "Scars");
  compose(f, false, &html);
  assert_non_null(
      strstr(html.data,
             "Six sessions with a pen at 1.5\u202fmm, 14\u00a0d apart, on the cheek of a 28-year-old "
             "woman, phototype IV"));
  assert_non_null(strstr(html.data, "400 → 262<span class=\"unit\">\u202fµm</span>"));
  assert_non_null(strstr(html.data, "90\u202f% of persons 189 to 335"));
  assert_non_null(strstr(html.data, "<span>case series</span>"));
  assert_non_null(strstr(
      html.data, "2710<span class=\"unit\">\u202fper cm²</span> <span class=\"flag\">extrapolated</span>"));
  assert_non_null(strstr(html.data, "<td>3: 100\u202f%</td><td>2: 61\u202f%, 3: 39\u202f%</td><td>61<span"));
  assert_non_null(strstr(html.data, "at most half of the score before"));
  assert_non_null(strstr(html.data, "Risk of infection"));
  assert_non_null(strstr(html.data, "no medical device"));
  nw_text_clear(&html);
}

static void compose_hides_what_was_not_computed(void **state) {
  struct folder *f = *state;
  struct nw_text html = {0};
  FILE *file = fixture_file(f->path, "summary.json");
  fprintf(file,
          "{\"version\":\"0.1.0\",\"plan\":\"p.yaml\",\"seed\":3,\"stage\":\"skin\",\"case\":{\"device\":{"
          "\"kind\":\"none\"}}}");
  fclose(file);
  compose(f, false, &html);
  assert_non_null(strstr(html.data, "<section id=\"case\""));
  static const char *const absent[] = {"punctures", "absorption", "healing", "tissue",
                                       "surface",   "outcome",    "safety"};
  for (size_t i = 0; i < NW_COUNT(absent); i++) {
    char mark[48];
    snprintf(mark, sizeof mark, "<section id=\"%s\"", absent[i]);
    assert_null(strstr(html.data, mark));
  }
  nw_text_clear(&html);
}

static void compose_survives_every_failed_allocation(void **state) {
  struct folder *f = *state;
  struct nw_results results = {0};
  FILE *file = fixture_file(f->path, "summary.json");
  fprintf(file,
          "{\"version\":\"0.1.0\",\"title\":\"t\",\"case\":{\"course\":{\"sessions\":2,\"interval_d\":14}},"
          "\"outcome\":{\"elastin\":"
          "{\"baseline\":1,\"final\":1.1,\"unit\":\"1\",\"evidence\":3}}}");
  fclose(file);
  assert_int_equal(nw_results_read(f->context, f->path, &results), NW_OK);
  const size_t before = nw_live_bytes();
  enum nw_status status = NW_MEMORY;
  size_t n = 1;
  for (; n < 500 && status != NW_OK; n++) {
    struct nw_text html = {0};
    nw_allocation_fail_at(n);
    status = nw_report_compose(f->context, &results, NULL, &html);
    nw_allocation_fail_at(0);
    assert_true(status == NW_OK || status == NW_MEMORY);
    nw_text_clear(&html);
  }
  assert_true(n > 3 && status == NW_OK);
  assert_true(nw_live_bytes() >= before);
  nw_results_clear(&results);
}

static void write_leaves_a_whole_file(void **state) {
  struct folder *f = *state;
  fixture_write(f->context, f->path, "Scars");
  assert_int_equal(nw_report_write(f->context, f->path), NW_OK);
  char path[128], tail[16] = "";
  snprintf(path, sizeof path, "%s/report.html", f->path);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, -8, SEEK_END), 0);
  assert_int_equal(fread(tail, 1, 8, file), 8);
  assert_string_equal(tail, "</html>\n");
  fclose(file);
}

static void write_refuses_a_folder_without_results(void **state) {
  struct folder *f = *state;
  assert_int_equal(nw_report_write(f->context, f->path), NW_IO);
  assert_int_equal(nw_context_message_count(f->context), 1);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
  const struct CMUnitTest tests[] = {
      CASE(compose_writes_every_section_of_a_whole_run),
      CASE(compose_refers_to_nothing_outside_the_file),
      CASE(compose_escapes_text_of_the_results),
      CASE(compose_shows_no_missing_number_as_nan),
      CASE(compose_shows_numbers_with_unit_interval_and_grade),
      CASE(compose_hides_what_was_not_computed),
      CASE(compose_survives_every_failed_allocation),
      CASE(write_leaves_a_whole_file),
      CASE(write_refuses_a_folder_without_results),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
