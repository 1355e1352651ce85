/* SPDX-License-Identifier: BSD-3-Clause
   Speed of absorption: a thousand molecules through needled skin for two days, with and without the
   interval of the enhancement and the intact skin beside it. */
#include <math.h>

#include "bench.h"
#include "transport/transport.h"
#include "transport/transport_build.h"

enum { MOLECULES = 1000, THREADS = 2 };

static const double two_days = 2 * 86400.0;

/* Molar mass from 100 to 1000 Da, partition over six decades, in two strides that share no factor. */
static struct nw_product molecule(int i) {
  return (struct nw_product){.name = (char *)"molecule",
                             .molar_mass = 0.1 + 0.9e-3 * (i * 37 % MOLECULES),
                             .log_kow = -2 + 6e-3 * (i * 101 % MOLECULES),
                             .pka_acid = NAN,
                             .pka_base = NAN,
                             .concentration = 10,
                             .solubility = INFINITY,
                             .vehicle_ph = 7,
                             .dose = 1e-4,
                             .duration = two_days,
                             .when = NW_AFTER,
                             .volatile_share = NAN,
                             .release_half_life = NAN,
                             NW_PRODUCT_UNMEASURED};
}

static double columns_only(const struct nw_run *run, const struct nw_case *c) {
  const struct nw_channels channels = nw_transport_channels(run);
  const double begin = bench_now();
#pragma omp parallel for schedule(dynamic) num_threads(THREADS)
  for (size_t i = 0; i < c->n_products; i++) {
    const struct nw_column_spec spec =
        nw_transport_column(run, &c->params, &c->products[i], channels, NW_TRANSPORT_FINE);
    struct nw_column *column;
    if (nw_column_create(&spec, &column) != NW_OK) continue;
    (void)nw_column_advance(column, two_days);
    nw_column_free(&column);
  }
  return bench_now() - begin;
}

int main(void) {
  struct nw_context *context = nw_context_create();
  struct nw_product *products = nw_allocate(MOLECULES, sizeof *products);
  bench_must_have(products, "products");
  for (int i = 0; i < MOLECULES; i++)
    products[i] = molecule(i);
  struct nw_case c = {.params = nw_params_default(),
                      .subject = {.phototype = 2, .age = 35},
                      .device = {.kind = NW_DEVICE_PEN},
                      .products = products,
                      .n_products = MOLECULES};
  struct nw_puncture puncture = {.lumen_depth = 150e-6f, .lumen_diameter = 70e-6f};
  struct nw_run run = {
      .c = &c,
      .skin = {.stratum_corneum = 13e-6, .viable_epidermis = 60e-6, .dermis = 1.5e-3, .barrier = 1},
      .punctures = {.item = &puncture, .count = 1, .density = 200e4}};
  context->threads = THREADS;
  const double columns = columns_only(&run, &c), begin = bench_now();
  bench_must(context, nw_transport_run(context, &c, &run), "transport");
  const double stage = bench_now() - begin;
  BENCH_ROW("transport", "1000 molecules, 48 h, 2 threads", {"needled [s]", columns},
            {"needled, intact and interval [s]", stage});
  nw_transport_free(&run);
  nw_release(products);
  nw_context_free(&context);
  return 0;
}
