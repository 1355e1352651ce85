/* SPDX-License-Identifier: BSD-3-Clause
   What a surface scanner reads of a scar: depth and volume of a basin below a plane fitted around it. Maps
   are periodic, (n, n), x fastest [m]. */
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"

/* An elliptic outline on a map [m]. */
struct outline {
  double x, y, half_x, half_y;
  double ring; /* the reference plane is fitted between the outline and this factor of it, > 1 [1] */
};
struct basin {
  double depth;  /* largest below the reference plane [m] */
  double volume; /* between plane and surface inside the outline [m3] */
  double area;   /* of the outline [m2] */
};
/* Sums of a least-squares plane a + b x + c y. */
struct plane_sums {
  double n, x, y, z, xx, xy, yy, xz, yz;
};

static bool solve_plane(const struct plane_sums *s, double plane[3]) {
  if (s->n < 3) return false;
  const double mx = s->x / s->n, my = s->y / s->n, mz = s->z / s->n;
  const double xx = s->xx - s->n * mx * mx, xy = s->xy - s->n * mx * my, yy = s->yy - s->n * my * my;
  const double xz = s->xz - s->n * mx * mz, yz = s->yz - s->n * my * mz;
  const double det = xx * yy - xy * xy;
  if (!(det > 0)) return false;
  plane[1] = (xz * yy - yz * xy) / det;
  plane[2] = (yz * xx - xz * xy) / det;
  plane[0] = mz - plane[1] * mx - plane[2] * my;
  return true;
}

static void add_point(struct plane_sums *s, double x, double y, double z) {
  s->n++, s->x += x, s->y += y, s->z += z;
  s->xx += x * x, s->xy += x * y, s->yy += y * y, s->xz += x * z, s->yz += y * z;
}

struct view {
  const float *height;
  size_t n;
  double pixel;
  const struct outline *outline;
};

/* Offset of a point from the middle of the outline [m], its height [m], and its elliptic radius [1]. */
static double look(const struct view *v, long i, long j, double *x, double *y, double *z) {
  const struct outline *o = v->outline;
  const long n = (long)v->n, ci = lround(o->x / v->pixel), cj = lround(o->y / v->pixel);
  const long px = (((ci + i) % n) + n) % n, py = (((cj + j) % n) + n) % n;
  *x = ((double)(ci + i) + 0.5) * v->pixel - o->x;
  *y = ((double)(cj + j) + 0.5) * v->pixel - o->y;
  *z = v->height[py * n + px];
  return hypot(*x / o->half_x, *y / o->half_y);
}

/* false: the ring holds fewer than three points. */
static bool basin_of(const float *height, size_t n, double pixel, const struct outline *o,
                     struct basin *out) {
  const struct view view = {height, n, pixel, o};
  const long wide = (long)ceil(o->ring * o->half_x / pixel) + 1,
             tall = (long)ceil(o->ring * o->half_y / pixel) + 1;
  struct plane_sums sums = {0};
  double plane[3], x, y, z;
  for (long j = -tall; j <= tall; j++)
    for (long i = -wide; i <= wide; i++) {
      const double r = look(&view, i, j, &x, &y, &z);
      if (r > 1 && r <= o->ring) add_point(&sums, x, y, z);
    }
  if (!solve_plane(&sums, plane)) return false;
  *out = (struct basin){0};
  for (long j = -tall; j <= tall; j++)
    for (long i = -wide; i <= wide; i++) {
      if (look(&view, i, j, &x, &y, &z) > 1) continue;
      const double below = plane[0] + plane[1] * x + plane[2] * y - z;
      out->depth = fmax(out->depth, below);
      out->volume += below * pixel * pixel;
      out->area += pixel * pixel;
    }
  return true;
}
