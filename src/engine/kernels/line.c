/* SPDX-License-Identifier: BSD-3-Clause
   Transform of lines to the eigenbasis of an axis and back.

   The cosine transform of n values (n even) goes through a real transform of n reordered values
   (Makhoul 1980, doi:10.1109/TASSP.1980.1163351), that one through a complex transform of n / 2, done
   by self-sorting passes of radix 4, 2, 3, 5 and any other prime. All arithmetic acts on vectors of
   LANES independent lines, so no shuffles are needed. */
#include "line.h"

#include "base/base.h"

static real *copy_real(const double *from, size_t count) {
  real *to = from ? nw_allocate(count, sizeof(real)) : NULL;
  if (to)
    for (size_t i = 0; i < count; i++)
      to[i] = (real)from[i];
  return to;
}

bool NW_VARIANT(line_plan_create)(struct line_plan *plan, const struct nw_basis *basis) {
  const size_t n = basis->n, half = n / 2;
  *plan = (struct line_plan){
      .n = n, .cosine = basis->cosine, .n_factors = basis->n_factors, .factor = basis->factor};
  plan->eigenvalue = copy_real(basis->eigenvalue, n);
  plan->slot = nw_allocate(n, sizeof(size_t));
  if (!plan->eigenvalue || !plan->slot) return false;
  if (!basis->cosine) {
    for (size_t i = 0; i < n; i++)
      plan->slot[i] = i;
    plan->forward = copy_real(basis->forward, n * n);
    plan->inverse = copy_real(basis->inverse, n * n);
    return n == 1 || (plan->forward && plan->inverse);
  }
  for (size_t m = 0; m < n; m++)
    plan->slot[basis->order[m]] = m;
  plan->twiddle = copy_real(basis->twiddle, 2 * half);
  plan->split = copy_real(basis->split, 2 * (half / 2 + 1));
  plan->shift = copy_real(basis->shift, 2 * (half + 1));
  return plan->twiddle && plan->split && plan->shift;
}

void NW_VARIANT(line_plan_clear)(struct line_plan *plan) {
  nw_release(plan->eigenvalue);
  nw_release(plan->forward);
  nw_release(plan->inverse);
  nw_release(plan->twiddle);
  nw_release(plan->split);
  nw_release(plan->shift);
  nw_release(plan->slot);
  *plan = (struct line_plan){0};
}

struct complex_vector {
  vreal re, im;
};

NW_INLINE struct complex_vector get(const vreal *z, size_t k) {
  return (struct complex_vector){z[2 * k], z[2 * k + 1]};
}

NW_INLINE void put(vreal *z, size_t k, struct complex_vector c) {
  z[2 * k] = c.re;
  z[2 * k + 1] = c.im;
}

NW_INLINE struct complex_vector add(struct complex_vector a, struct complex_vector b) {
  return (struct complex_vector){a.re + b.re, a.im + b.im};
}

NW_INLINE struct complex_vector subtract(struct complex_vector a, struct complex_vector b) {
  return (struct complex_vector){a.re - b.re, a.im - b.im};
}

/* a times the complex number stored at w */
NW_INLINE struct complex_vector turn(struct complex_vector a, const real *w) {
  return (struct complex_vector){a.re * w[0] - a.im * w[1], a.re * w[1] + a.im * w[0]};
}

/* -i a */
NW_INLINE struct complex_vector quarter(struct complex_vector a) {
  return (struct complex_vector){a.im, -a.re};
}

/* One self-sorting pass: blocks of length `n` at stride `s` become blocks of length n / radix. */
struct pass {
  size_t n, s;
  const vreal *in;
  vreal *out;
  const real *twiddle; /* exp(-2 pi i k / (n s)) */
};

static void pass_2(const struct pass *t) {
  const size_t m = t->n / 2, s = t->s;
  for (size_t p = 0; p < m; p++)
    for (size_t q = 0; q < s; q++) {
      const struct complex_vector a = get(t->in, q + s * p), b = get(t->in, q + s * (p + m));
      put(t->out, q + s * 2 * p, add(a, b));
      put(t->out, q + s * (2 * p + 1), turn(subtract(a, b), t->twiddle + 2 * p * s));
    }
}

static void pass_4(const struct pass *t) {
  const size_t m = t->n / 4, s = t->s;
  for (size_t p = 0; p < m; p++)
    for (size_t q = 0; q < s; q++) {
      const struct complex_vector a = get(t->in, q + s * p), b = get(t->in, q + s * (p + m)),
                                  c = get(t->in, q + s * (p + 2 * m)), d = get(t->in, q + s * (p + 3 * m));
      const struct complex_vector ac = add(a, c), bd = add(b, d), ac_ = subtract(a, c),
                                  bd_ = quarter(subtract(b, d));
      put(t->out, q + s * 4 * p, add(ac, bd));
      put(t->out, q + s * (4 * p + 1), turn(add(ac_, bd_), t->twiddle + 2 * p * s));
      put(t->out, q + s * (4 * p + 2), turn(subtract(ac, bd), t->twiddle + 4 * p * s));
      put(t->out, q + s * (4 * p + 3), turn(subtract(ac_, bd_), t->twiddle + 6 * p * s));
    }
}

static void pass_3(const struct pass *t) {
  const size_t m = t->n / 3, s = t->s;
  const real sine = (real)0.86602540378443864676; /* sin(2 pi / 3) */
  for (size_t p = 0; p < m; p++)
    for (size_t q = 0; q < s; q++) {
      const struct complex_vector a = get(t->in, q + s * p), b = get(t->in, q + s * (p + m)),
                                  c = get(t->in, q + s * (p + 2 * m));
      const struct complex_vector sum = add(b, c), d = quarter(subtract(b, c));
      const struct complex_vector mid = {a.re - (real)0.5 * sum.re, a.im - (real)0.5 * sum.im};
      const struct complex_vector side = {d.re * sine, d.im * sine};
      put(t->out, q + s * 3 * p, add(a, sum));
      put(t->out, q + s * (3 * p + 1), turn(add(mid, side), t->twiddle + 2 * p * s));
      put(t->out, q + s * (3 * p + 2), turn(subtract(mid, side), t->twiddle + 4 * p * s));
    }
}

static void pass_5(const struct pass *t) {
  const size_t m = t->n / 5, s = t->s;
  const real c1 = (real)0.30901699437494742410, c2 = (real)-0.80901699437494742410; /* cos(2 pi k / 5) */
  const real s1 = (real)0.95105651629515357212, s2 = (real)0.58778525229247312917;  /* sin(2 pi k / 5) */
  for (size_t p = 0; p < m; p++)
    for (size_t q = 0; q < s; q++) {
      const struct complex_vector a = get(t->in, q + s * p), b = get(t->in, q + s * (p + m)),
                                  c = get(t->in, q + s * (p + 2 * m)), d = get(t->in, q + s * (p + 3 * m)),
                                  e = get(t->in, q + s * (p + 4 * m));
      const struct complex_vector be = add(b, e), cd = add(c, d), be_ = quarter(subtract(b, e)),
                                  cd_ = quarter(subtract(c, d));
      const struct complex_vector near = {a.re + c1 * be.re + c2 * cd.re, a.im + c1 * be.im + c2 * cd.im};
      const struct complex_vector far = {a.re + c2 * be.re + c1 * cd.re, a.im + c2 * be.im + c1 * cd.im};
      const struct complex_vector u = {s1 * be_.re + s2 * cd_.re, s1 * be_.im + s2 * cd_.im};
      const struct complex_vector v = {s2 * be_.re - s1 * cd_.re, s2 * be_.im - s1 * cd_.im};
      put(t->out, q + s * 5 * p, add(a, add(be, cd)));
      put(t->out, q + s * (5 * p + 1), turn(add(near, u), t->twiddle + 2 * p * s));
      put(t->out, q + s * (5 * p + 2), turn(add(far, v), t->twiddle + 4 * p * s));
      put(t->out, q + s * (5 * p + 3), turn(subtract(far, v), t->twiddle + 6 * p * s));
      put(t->out, q + s * (5 * p + 4), turn(subtract(near, u), t->twiddle + 8 * p * s));
    }
}

/* Any other prime: the sum as it is written. Patches should avoid such numbers of cells. */
static void pass_any(const struct pass *t, size_t radix) {
  const size_t m = t->n / radix, s = t->s, whole = t->n * s;
  for (size_t p = 0; p < m; p++)
    for (size_t j = 0; j < radix; j++)
      for (size_t q = 0; q < s; q++) {
        struct complex_vector sum = get(t->in, q + s * p);
        for (size_t k = 1; k < radix; k++)
          sum = add(
              sum, turn(get(t->in, q + s * (p + k * m)), t->twiddle + 2 * (j * k % radix * (whole / radix))));
        put(t->out, q + s * (radix * p + j), turn(sum, t->twiddle + 2 * (j * p * s % whole)));
      }
}

/* Complex transform of n / 2 numbers; returns where the result stands. */
static vreal *complex_transform(const struct line_plan *plan, vreal *a, vreal *b) {
  struct pass t = {.n = plan->n / 2, .s = 1, .in = a, .out = b, .twiddle = plan->twiddle};
  for (size_t i = 0; i < plan->n_factors; i++) {
    const int radix = plan->factor[i];
    switch (radix) {
      case 2:
        pass_2(&t);
        break;
      case 3:
        pass_3(&t);
        break;
      case 4:
        pass_4(&t);
        break;
      case 5:
        pass_5(&t);
        break;
      default:
        pass_any(&t, (size_t)radix);
    }
    vreal *done = t.out;
    t.out = done == a ? b : a;
    t.in = done;
    t.n /= (size_t)radix;
    t.s *= (size_t)radix;
  }
  return t.in == a ? a : b;
}

/* Cosine modes k and n - k out of the k-th number of the real transform. */
NW_INLINE void put_modes(vreal *mode, size_t n, size_t k, struct complex_vector v, const real *shift) {
  const struct complex_vector w = turn(v, shift + 2 * k);
  mode[k] = w.re;
  mode[n - k] = -w.im;
}

static void cosine_forward(const struct line_plan *plan, vreal *a, vreal *b, vreal **result) {
  const size_t n = plan->n, half = n / 2;
  vreal *z = complex_transform(plan, a, b), *mode = z == a ? b : a;
  const struct complex_vector first = get(z, 0);
  mode[0] = first.re + first.im;
  mode[half] = (first.re - first.im) * plan->shift[2 * half];
  for (size_t k = 1; 2 * k <= half; k++) {
    const struct complex_vector p = get(z, k), q = get(z, half - k);
    const struct complex_vector even = {(real)0.5 * (p.re + q.re), (real)0.5 * (p.im - q.im)};
    const struct complex_vector odd = turn(
        (struct complex_vector){(real)0.5 * (p.im + q.im), (real)0.5 * (q.re - p.re)}, plan->split + 2 * k);
    put_modes(mode, n, k, add(even, odd), plan->shift);
    struct complex_vector other = subtract(even, odd);
    other.im = -other.im;
    if (2 * k < half) put_modes(mode, n, half - k, other, plan->shift);
  }
  *result = mode;
}

NW_INLINE struct complex_vector get_modes(const vreal *mode, size_t n, size_t k, const real *shift) {
  const real back[2] = {shift[2 * k], -shift[2 * k + 1]};
  return turn((struct complex_vector){mode[k], -mode[n - k]}, back);
}

static void cosine_inverse(const struct line_plan *plan, vreal *a, vreal *b, vreal **result) {
  const size_t n = plan->n, half = n / 2;
  /* real and imaginary parts are written in each other's place: that turns the transform around */
  const vreal last = a[half] * ((real)1 / plan->shift[2 * half]);
  b[1] = (real)0.5 * (a[0] + last);
  b[0] = (real)0.5 * (a[0] - last);
  for (size_t k = 1; 2 * k <= half; k++) {
    const struct complex_vector p = get_modes(a, n, k, plan->shift),
                                q = get_modes(a, n, half - k, plan->shift);
    const struct complex_vector even = {(real)0.5 * (p.re + q.re), (real)0.5 * (p.im - q.im)};
    const real back[2] = {plan->split[2 * k], -plan->split[2 * k + 1]};
    const struct complex_vector odd =
        turn((struct complex_vector){(real)0.5 * (p.re - q.re), (real)0.5 * (p.im + q.im)}, back);
    put(b, k, (struct complex_vector){even.im + odd.re, even.re - odd.im});
    if (2 * k < half) put(b, half - k, (struct complex_vector){odd.re - even.im, even.re + odd.im});
  }
  *result = complex_transform(plan, b, a);
}

/* b = matrix * a, four rows at a time so that each loaded vector serves four sums. */
static void multiply(const real *matrix, size_t n, const vreal *a, vreal *b) {
  size_t k = 0;
  for (; k + 4 <= n; k += 4) {
    const real *row = matrix + k * n;
    vreal s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (size_t i = 0; i < n; i++) {
      s0 += row[i] * a[i];
      s1 += row[n + i] * a[i];
      s2 += row[2 * n + i] * a[i];
      s3 += row[3 * n + i] * a[i];
    }
    b[k] = s0;
    b[k + 1] = s1;
    b[k + 2] = s2;
    b[k + 3] = s3;
  }
  for (; k < n; k++) {
    vreal sum = {0};
    for (size_t i = 0; i < n; i++)
      sum += matrix[k * n + i] * a[i];
    b[k] = sum;
  }
}

void NW_VARIANT(line_forward)(const struct line_plan *plan, vreal *a, vreal *b, vreal **result) {
  *result = a;
  if (plan->n == 1) return;
  if (plan->cosine) {
    cosine_forward(plan, a, b, result);
  } else {
    multiply(plan->forward, plan->n, a, b);
    *result = b;
  }
}

void NW_VARIANT(line_inverse)(const struct line_plan *plan, vreal *a, vreal *b, vreal **result) {
  *result = a;
  if (plan->n == 1) return;
  if (plan->cosine) {
    cosine_inverse(plan, a, b, result);
  } else {
    multiply(plan->inverse, plan->n, a, b);
    *result = b;
  }
}
