/* SPDX-License-Identifier: BSD-3-Clause
   The progress bar: stage, simulated time, bar, time left; on a terminal only. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

enum { BAR_WIDTH = 28 };

struct progress {
  char stage[32];
  double stage_start, last_drawn; /* [s] */
  double first_fraction;          /* where the stage began, not 0 after a resume [1] */
  bool shown;
};

static struct progress bar;

/* Time left of the stage, by the pace since it began; NAN while there is no pace yet [s]. */
static double time_left(double elapsed, double fraction) {
  const double done = fraction - bar.first_fraction;
  return done > 0.005 && elapsed > 0.5 ? elapsed * (1 - fraction) / done : NAN;
}

static void draw(double fraction, double time_d, double left) {
  char cells[BAR_WIDTH + 1];
  const int full = (int)(fraction * BAR_WIDTH + 0.5);
  for (int i = 0; i < BAR_WIDTH; i++)
    cells[i] = i < full ? '#' : '.';
  cells[BAR_WIDTH] = '\0';
  fprintf(stderr, "\r\033[K%-10s [%s] %3.0f %%", bar.stage, cells, 100 * fraction);
  if (time_d > 0) fprintf(stderr, "  day %.4g", time_d);
  if (isfinite(left)) fprintf(stderr, "  %d:%02d left", (int)left / 60, (int)left % 60);
  fflush(stderr);
  bar.shown = true;
}

static void on_progress(void *data, const char *stage, double fraction, double time_d) {
  (void)data;
  const double t = nw_seconds_now();
  fraction = fmin(fmax(fraction, 0), 1);
  const bool new_stage = strncmp(bar.stage, stage, sizeof bar.stage - 1) != 0;
  if (new_stage) {
    snprintf(bar.stage, sizeof bar.stage, "%s", stage);
    bar.stage_start = t;
    bar.first_fraction = fraction;
  }
  if (!new_stage && t - bar.last_drawn < 0.1) return; /* ten frames a second are plenty */
  bar.last_drawn = t;
  draw(fraction, time_d, time_left(t - bar.stage_start, fraction));
}

void progress_begin(struct nw_context *context, bool quiet) {
  bar = (struct progress){0};
  if (!quiet && isatty(STDERR_FILENO)) nw_context_progress(context, on_progress, NULL);
}

void progress_end(struct nw_context *context) {
  nw_context_progress(context, NULL, NULL);
  if (bar.shown) fprintf(stderr, "\r\033[K");
}
