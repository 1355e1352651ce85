/* SPDX-License-Identifier: BSD-3-Clause
   Multigrid for diffusion in an uneven medium.

   Where cells are flat, coupling along z is the strongest: it is solved exactly, line by line. The smoother
   goes from row to row (Gauss-Seidel), all columns of a row at once, which takes DAMPING of the couplings
   along x into the diagonal. Down goes the sweep M, up its transpose, so a cycle is symmetric, and positive
   whatever the coarse grids answer, as M + M' - A > 0. Only x and y are halved, the one with the stronger
   coupling first, so that no direction is left which the smoother does not reach (semi-coarsening:
   Trottenberg, Oosterlee and Schueller 2001, Multigrid, section 5.1).

   Every other cell goes on to the next level. One that does not follows its two neighbours, each by its
   share of the conductances to both, so a fast cell clings to its channel and not to the slow one beside it
   (the idea of operator-dependent interpolation: Alcouffe, Brandt, Dendy and Painter 1981,
   doi:10.1137/0902035). Along the halved axis conductances join in series, which is exact there; volumes and
   the conductances across are dealt out by the same shares. */
#include "levels.h"

#include "base/base.h"

#define DAMPING ((real)0.5) /* of couplings along x: 0 leaves waves of two cells undamped, 1 is slower */

static size_t margin(const struct level *l) {
  return l->slab + LANES;
}

real *NW_VARIANT(level_field)(const struct level *l) {
  real *memory = nw_allocate(l->ny * l->slab + 2 * margin(l), sizeof(real));
  return memory ? memory + margin(l) : NULL;
}

void NW_VARIANT(level_free)(const struct level *l, real *field) {
  if (field) nw_release(field - margin(l));
}

/* ---- conductances ---- */

static bool level_allocate(struct level *l, size_t nx, size_t ny, size_t nz) {
  *l = (struct level){.nx = nx, .ny = ny, .nz = nz, .row = PADDED(nx), .smooth = true};
  l->slab = l->nz * l->row;
  l->x = NW_VARIANT(level_field)(l);
  l->y = NW_VARIANT(level_field)(l);
  l->z = NW_VARIANT(level_field)(l);
  l->volume = NW_VARIANT(level_field)(l);
  l->share = NW_VARIANT(level_field)(l);
  return l->x && l->y && l->z && l->volume && l->share;
}

static void level_clear(struct level *l) {
  NW_VARIANT(level_free)(l, l->x);
  NW_VARIANT(level_free)(l, l->y);
  NW_VARIANT(level_free)(l, l->z);
  NW_VARIANT(level_free)(l, l->volume);
  NW_VARIANT(level_free)(l, l->share);
}

NW_INLINE size_t cell(const struct level *l, size_t x, size_t y, size_t z) {
  return y * l->slab + z * l->row + x;
}

/* Conductance of face k of an axis between cells a and b: harmonic means are exact in layers. */
static real between(const struct nw_axis *axis, size_t k, double width, double a, double b) {
  return (real)(axis->face[k] * axis->inverse_distance[k] * width * 2 / (1 / a + 1 / b));
}

static bool finest(struct level *l, const struct nw_grid *grid, const double *ratio) {
  const struct nw_axis *ax = &grid->axis[0], *ay = &grid->axis[1], *az = &grid->axis[2];
  if (!level_allocate(l, ax->n, ay->n, az->n)) return false;
  for (size_t z = 0; z < l->nz; z++)
    for (size_t y = 0; y < l->ny; y++)
      for (size_t x = 0; x < l->nx; x++, ratio++) {
        const size_t i = cell(l, x, y, z), layer = l->nx * l->ny;
        const double vx = ax->volume[x], vy = ay->volume[y], vz = az->volume[z];
        l->volume[i] = (real)(vx * vy * vz);
        if (x > 0) l->x[i] = between(ax, x, vy * vz, *ratio, *(ratio - 1));
        if (y > 0) l->y[i] = between(ay, y, vx * vz, *ratio, *(ratio - l->nx));
        if (z > 0) l->z[i] = between(az, z, vx * vy, *ratio, *(ratio - layer));
      }
  return true;
}

/* An odd cell follows its neighbours as the conductances to them tell. */
static void share_out(struct level *f) {
  const size_t step = f->along_y ? f->slab : 1, odd_y = f->along_y ? 1 : 0, odd_x = 1 - odd_y;
  const real *face = f->along_y ? f->y : f->x;
  for (size_t z = 0; z < f->nz; z++)
    for (size_t y = odd_y; y < f->ny; y += 1 + odd_y)
      for (size_t x = odd_x; x < f->nx; x += 1 + odd_x) {
        const size_t i = cell(f, x, y, z);
        f->share[i] = face[i] / (face[i] + face[i + step]);
      }
}

/* An even cell of a fine level, and which odd neighbours it shares along the axis that is halved. */
struct even {
  size_t i, step;
  bool before, after;
};

/* What an even cell and its shares in the odd ones beside it have of a quantity; across: distance of the
   cell on the other side for a quantity of lower faces, whose shares are means of both sides, or 0. */
static real gathered(const struct level *f, const real *of, const struct even *e, size_t across) {
  const size_t up = e->i + e->step, down = e->i - e->step;
  double sum = (double)of[e->i];
  if (e->after) sum += 0.5 * ((double)f->share[up] + (double)f->share[up - across]) * (double)of[up];
  if (e->before)
    sum += (1 - 0.5 * ((double)f->share[down] + (double)f->share[down - across])) * (double)of[down];
  return (real)sum;
}

static real in_series(const real *face, size_t i, size_t step) {
  return face[i] * face[i - step] / (face[i] + face[i - step]);
}

static void coarsen_cell(const struct level *f, const struct level *c, size_t x, size_t y, size_t z) {
  const bool along_y = f->along_y;
  const size_t to = cell(c, x, y, z), k = along_y ? y : x, step = along_y ? f->slab : 1;
  const size_t i = along_y ? cell(f, x, 2 * y, z) : cell(f, 2 * x, y, z);
  const struct even e = {i, step, k > 0, 2 * k + 1 < (along_y ? f->ny : f->nx)};
  c->volume[to] = gathered(f, f->volume, &e, 0);
  if (z > 0) c->z[to] = gathered(f, f->z, &e, f->row);
  if (x > 0) c->x[to] = along_y ? gathered(f, f->x, &e, 1) : in_series(f->x, i, step);
  if (y > 0) c->y[to] = along_y ? in_series(f->y, i, step) : gathered(f, f->y, &e, f->slab);
}

static double sum_of(const struct level *l, const real *face) {
  double sum = 0;
  for (size_t i = 0; i < l->ny * l->slab; i++)
    sum += (double)face[i];
  return sum;
}

/* Halves the axis of the stronger coupling. Where both are alike, the next level is but a station on the
   way to the one with the other axis halved too. */
static bool coarser(struct level *f, struct level *c) {
  const double x = f->nx > 1 ? sum_of(f, f->x) / (double)(f->nx - 1) * (double)f->nx : 0,
               y = f->ny > 1 ? sum_of(f, f->y) / (double)(f->ny - 1) * (double)f->ny : 0;
  f->along_y = f->smooth ? y > x : !f[-1].along_y;
  share_out(f);
  if (!level_allocate(c, f->along_y ? f->nx : (f->nx + 1) / 2, f->along_y ? (f->ny + 1) / 2 : f->ny, f->nz))
    return false;
  c->smooth = !f->smooth || 2 * (x < y ? x : y) < (x < y ? y : x);
  for (size_t k = 0; k < c->nz; k++)
    for (size_t j = 0; j < c->ny; j++)
      for (size_t i = 0; i < c->nx; i++)
        coarsen_cell(f, c, i, j, k);
  return true;
}

bool NW_VARIANT(levels_create)(struct levels *levels, const struct nw_grid *grid, const double *ratio) {
  *levels = (struct levels){.n = 1};
  if (!finest(&levels->level[0], grid, ratio)) return false;
  for (struct level *l = levels->level; l->nx * l->ny > 1 && levels->n < MOST_LEVELS; l++) {
    levels->n++;
    if (!coarser(l, l + 1)) return false;
  }
  return true;
}

void NW_VARIANT(levels_clear)(struct levels *levels) {
  for (size_t i = 0; i < levels->n; i++)
    level_clear(&levels->level[i]);
  levels->n = 0;
}

/* ---- the cycle ---- */

bool NW_VARIANT(cycle_create)(struct cycle *c, const struct levels *levels) {
  bool done = true;
  for (size_t i = 0; i < levels->n; i++) {
    struct level_work *w = &c->work[i];
    w->inverse = NW_VARIANT(level_field)(&levels->level[i]);
    w->right = NW_VARIANT(level_field)(&levels->level[i]);
    w->answer = NW_VARIANT(level_field)(&levels->level[i]);
    done = done && w->inverse && w->right && w->answer;
  }
  c->line = nw_allocate(levels->level[0].nz * levels->level[0].row, sizeof(real));
  return done && c->line;
}

void NW_VARIANT(cycle_clear)(struct cycle *c, const struct levels *levels) {
  for (size_t i = 0; i < levels->n; i++) {
    NW_VARIANT(level_free)(&levels->level[i], c->work[i].inverse);
    NW_VARIANT(level_free)(&levels->level[i], c->work[i].right);
    NW_VARIANT(level_free)(&levels->level[i], c->work[i].answer);
  }
  nw_release(c->line);
}

/* Sum of the conductances of both faces of LANES cells along an axis. */
NW_INLINE vreal both(const real *face, size_t i, size_t stride) {
  return load(face + i) + load(face + i + stride);
}

/* Inverse pivots of the lines of row y, 0 in the padding. */
static void factor_row(const struct level *l, real *inverse, size_t y, real mass) {
  for (size_t z = 0; z < l->nz; z++)
    for (size_t x = 0; x < l->row; x += LANES) {
      const size_t i = cell(l, x, y, z);
      const vreal volume = load(l->volume + i), below = load(l->z + i);
      vreal pivot = volume * mass + both(l->x, i, 1) * (1 + DAMPING) + both(l->y, i, l->slab) + below;
      if (z + 1 < l->nz) pivot += load(l->z + i + l->row);
      if (z > 0) pivot -= below * below * load(inverse + i - l->row);
      store(inverse + i, pick(volume > (vreal){0}, (real)1 / pivot, (vreal){0}));
    }
}

void NW_VARIANT(cycle_factor)(struct cycle *c, const struct levels *levels, double mass) {
  for (size_t n = 0; n < levels->n; n++)
    for (size_t y = 0; y < levels->level[n].ny; y++)
      factor_row(&levels->level[n], c->work[n].inverse, y, (real)mass);
}

/* answer = M^-1 right of row y: what the row before couples to is known. */
static void sweep_down(const struct level *l, const struct level_work *w, size_t y) {
  for (size_t z = 0; z < l->nz; z++)
    for (size_t x = 0; x < l->row; x += LANES) {
      const size_t i = cell(l, x, y, z);
      vreal right = load(w->right + i);
      if (y > 0) right += load(l->y + i) * load(w->answer + i - l->slab);
      if (z > 0) right += load(l->z + i) * load(w->answer + i - l->row);
      store(w->answer + i, right * load(w->inverse + i));
    }
  for (size_t z = l->nz - 1; z-- > 0;)
    for (size_t x = 0; x < l->row; x += LANES) {
      const size_t i = cell(l, x, y, z), up = i + l->row;
      store(w->answer + i,
            load(w->answer + i) + load(w->inverse + i) * load(l->z + up) * load(w->answer + up));
    }
}

/* (M - A) u without what couples to the row before: the residual once M has been solved. */
NW_INLINE vreal rest(const struct level *l, const real *u, size_t i) {
  const vreal left = load(l->x + i), right = load(l->x + i + 1);
  return (left + right) * DAMPING * load(u + i) + left * load(u + i - 1) + right * load(u + i + 1) +
         load(l->y + i + l->slab) * load(u + i + l->slab);
}

/* answer += M'^-1 (right - A answer) in row y, by way of `line`. */
static void sweep_up(const struct level *l, const struct level_work *w, size_t y, real *line) {
  const real *u = w->answer;
  for (size_t z = 0; z < l->nz; z++)
    for (size_t x = 0; x < l->row; x += LANES) {
      const size_t i = cell(l, x, y, z), at = z * l->row + x;
      vreal right = load(w->right + i) + rest(l, u, i) + load(l->y + i) * load(u + i - l->slab);
      if (z > 0) right += load(l->z + i) * load(line + at - l->row);
      store(line + at, right * load(w->inverse + i));
    }
  for (size_t z = l->nz; z-- > 0;)
    for (size_t x = 0; x < l->row; x += LANES) {
      const size_t i = cell(l, x, y, z), up = i + l->row;
      vreal value = load(line + z * l->row + x);
      if (z + 1 < l->nz) value += load(w->inverse + i) * load(l->z + up) * load(w->answer + up);
      store(w->answer + i, value);
    }
}

/* ---- between levels ---- */

/* Residual of one row of a level: nothing has been done yet at a station. */
static void residual_row(const struct level *l, const struct level_work *w, size_t y, size_t z, real *row) {
  for (size_t x = 0; x < l->row; x += LANES) {
    const size_t i = cell(l, x, y, z);
    store(row + x, l->smooth ? rest(l, w->answer, i) : load(w->right + i));
  }
}

/* right of the coarse level <- every even cell's residual and its shares of the odd ones beside it */
static void restrict_x(const struct level *f, const struct level_work *w, const struct level *c, real *right,
                       size_t y, size_t z, real *row) {
  const real *share = f->share + cell(f, 0, y, z);
  real *to = right + cell(c, 0, y, z);
  residual_row(f, w, y, z, row);
  to[0] = row[0];
  for (size_t x = 1; x < c->nx; x++)
    to[x] = row[2 * x] + ((real)1 - share[2 * x - 1]) * row[2 * x - 1];
  for (size_t x = 0; x < f->nx / 2; x++)
    to[x] += share[2 * x + 1] * row[2 * x + 1];
}

static void restrict_y(const struct level *f, const struct level_work *w, const struct level *c, real *right,
                       size_t y, size_t z, real *row) {
  const real *share = f->share + cell(f, 0, y, z);
  real *to = right + cell(c, 0, y / 2, z);
  residual_row(f, w, y, z, row);
  for (size_t x = 0; x < f->row; x += LANES) {
    const vreal residual = load(row + x), lower = residual * load(share + x);
    if (y % 2 == 0) {
      store(to + x, y > 0 ? load(to + x) + residual : residual);
    } else {
      store(to + x, load(to + x) + lower);
      if (y + 1 < f->ny) store(to + c->slab + x, residual - lower);
    }
  }
}

/* What the coarse answer means for one row of the fine level, into `row`. */
static void prolong_x(const struct level *f, const struct level *c, const real *answer, size_t y, size_t z,
                      real *row) {
  const real *share = f->share + cell(f, 0, y, z), *from = answer + cell(c, 0, y, z);
  for (size_t x = 0; x < f->nx / 2; x++) {
    const real lower = from[x], upper = from[x + 1];
    row[2 * x] = lower;
    row[2 * x + 1] = upper + share[2 * x + 1] * (lower - upper);
  }
  if (f->nx % 2 == 1) row[f->nx - 1] = from[f->nx / 2];
  memset(row + f->nx, 0, (f->row - f->nx) * sizeof(real));
}

static void prolong_y(const struct level *f, const struct level *c, const real *answer, size_t y, size_t z,
                      real *row) {
  const real *share = f->share + cell(f, 0, y, z), *from = answer + cell(c, 0, y / 2, z);
  for (size_t x = 0; x < f->row; x += LANES) {
    const vreal lower = load(from + x), upper = load(from + x + c->slab);
    store(row + x, y % 2 == 0 ? lower : upper + load(share + x) * (lower - upper));
  }
}

static void descend(const struct level *f, const struct level_work *w, size_t y, real *row) {
  for (size_t z = 0; z < f->nz; z++)
    (f->along_y ? restrict_y : restrict_x)(f, w, f + 1, w[1].right, y, z, row);
}

static void ascend(const struct level *f, const struct level_work *w, size_t y, real *row) {
  for (size_t z = 0; z < f->nz; z++) {
    real *to = w->answer + cell(f, 0, y, z);
    (f->along_y ? prolong_y : prolong_x)(f, f + 1, w[1].answer, y, z, row);
    for (size_t x = 0; x < f->row; x += LANES)
      store(to + x, f->smooth ? load(to + x) + load(row + x) : load(row + x));
  }
}

/* Down to the next level, each row as soon as its residual stands, while it is near. */
static void go_down(const struct level *l, const struct level_work *w, bool last, real *line) {
  for (size_t y = 0; y < l->ny; y++) {
    if (l->smooth) sweep_down(l, w, y);
    if (y > 0 && !last) descend(l, w, y - 1, line);
  }
  if (!last) descend(l, w, l->ny - 1, line);
}

static void go_up(const struct level *l, const struct level_work *w, real *line) {
  ascend(l, w, l->ny - 1, line);
  for (size_t y = l->ny; y-- > 0;) {
    if (y > 0) ascend(l, w, y - 1, line);
    if (l->smooth) sweep_up(l, w, y, line);
  }
}

void NW_VARIANT(cycle)(struct cycle *cycle, const struct levels *levels) {
  for (size_t n = 0; n < levels->n; n++)
    go_down(&levels->level[n], &cycle->work[n], n + 1 == levels->n, cycle->line);
  for (size_t n = levels->n - 1; n-- > 0;)
    go_up(&levels->level[n], &cycle->work[n], cycle->line);
}
