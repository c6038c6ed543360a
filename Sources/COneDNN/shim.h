#pragma once
// The border to oneDNN: the C API of 2.x and of 3.x, of which only products with packed weights
// differ. A packed product is c = a · wᵀ for dense rows a (m, k), weights (n, k) that were laid out
// once for the processor, and 32-bit results c (m, n).
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdlib.h>

/// What the factors are; results are 32-bit floats (of integers: exact to 2^24).
enum shoken_packed_kind {
  shoken_packed_float32 = 0,
  shoken_packed_bfloat16 = 1,
  shoken_packed_int8 = 2,
};

/// One shape of product, ready to run; safe to run from several threads at once.
struct shoken_packed_product {
  dnnl_primitive_t primitive;
  size_t weight_bytes, scratch_bytes;
  int64_t m, k, n;
  int kind;
  dnnl_memory_desc_t source, weights, result, scratch;
};

static inline dnnl_data_type_t shoken_packed_type(int kind) {
  return kind == shoken_packed_int8 ? dnnl_s8 : kind == shoken_packed_bfloat16 ? dnnl_bf16 : dnnl_f32;
}

/// The one engine of the process: the processor.
static inline dnnl_engine_t shoken_dnnl_engine(void) {
  static dnnl_engine_t engine;
  dnnl_engine_t found = __atomic_load_n(&engine, __ATOMIC_ACQUIRE);
  if (found) return found;
  dnnl_engine_t made = NULL, none = NULL;
  if (dnnl_engine_create(&made, dnnl_cpu, 0) != dnnl_success) return NULL;
  if (__atomic_compare_exchange_n(&engine, &none, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return made;
  dnnl_engine_destroy(made);
  return none;
}

/// A stream of the calling thread, kept as long as the thread.
static inline dnnl_stream_t shoken_dnnl_stream(void) {
  static _Thread_local dnnl_stream_t stream;
  if (!stream) dnnl_stream_create(&stream, shoken_dnnl_engine(), dnnl_stream_default_flags);
  return stream;
}

static inline void shoken_packed_product_destroy(struct shoken_packed_product *product) {
  if (!product) return;
  if (product->primitive) dnnl_primitive_destroy(product->primitive);
#if DNNL_VERSION_MAJOR >= 3
  if (product->source) dnnl_memory_desc_destroy(product->source);
  if (product->weights) dnnl_memory_desc_destroy(product->weights);
  if (product->result) dnnl_memory_desc_destroy(product->result);
  if (product->scratch) dnnl_memory_desc_destroy(product->scratch);
#endif
  free(product);
}

/// A product of a shape, or NULL where oneDNN has none for it on this processor. With `accumulate`
/// it adds to c; not of integers.
static inline struct shoken_packed_product *shoken_packed_product_create(
    int kind, int64_t m, int64_t k, int64_t n, int accumulate) {
  struct shoken_packed_product *product = calloc(1, sizeof *product);
  if (!product) return NULL;
  product->m = m, product->k = k, product->n = n, product->kind = kind;
  dnnl_data_type_t type = shoken_packed_type(kind);
  dnnl_dims_t source = {m, k}, weights = {k, n}, result = {m, n};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_post_ops_t sum = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (status == dnnl_success)
    status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  if (status == dnnl_success && accumulate) {
    status = dnnl_post_ops_create(&sum);
#if DNNL_VERSION_MAJOR >= 3
    if (status == dnnl_success) status = dnnl_post_ops_append_sum(sum, 1, 0, dnnl_data_type_undef);
#else
    if (status == dnnl_success) status = dnnl_post_ops_append_sum(sum, 1);
#endif
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, sum);
  }
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t any = NULL;
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_tag(&product->source, 2, source, type, dnnl_ab);
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_tag(&any, 2, weights, type, dnnl_format_tag_any);
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_tag(&product->result, 2, result, dnnl_f32, dnnl_ab);
  if (status == dnnl_success)
    status = dnnl_matmul_primitive_desc_create(&description, shoken_dnnl_engine(), product->source,
                                               any, NULL, product->result, attributes);
  if (any) dnnl_memory_desc_destroy(any);
  if (status == dnnl_success)
    status = dnnl_memory_desc_clone(&product->weights, dnnl_primitive_desc_query_md(
                                                           description, dnnl_query_weights_md, 0));
  if (status == dnnl_success)
    status = dnnl_memory_desc_clone(&product->scratch, dnnl_primitive_desc_query_md(
                                                           description, dnnl_query_scratchpad_md, 0));
  if (status == dnnl_success) {
    product->weight_bytes = dnnl_memory_desc_get_size(product->weights);
    product->scratch_bytes = dnnl_memory_desc_get_size(product->scratch);
  }
#else
  dnnl_memory_desc_t any;
  dnnl_matmul_desc_t operation;
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_tag(&product->source, 2, source, type, dnnl_ab);
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_tag(&any, 2, weights, type, dnnl_format_tag_any);
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_tag(&product->result, 2, result, dnnl_f32, dnnl_ab);
  if (status == dnnl_success)
    status = dnnl_matmul_desc_init(&operation, &product->source, &any, NULL, &product->result);
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create(&description, &operation, attributes, shoken_dnnl_engine(), NULL);
  if (status == dnnl_success) {
    product->weights = *dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    product->scratch = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    product->weight_bytes = dnnl_memory_desc_get_size(&product->weights);
    product->scratch_bytes = dnnl_memory_desc_get_size(&product->scratch);
  }
#endif
  if (status == dnnl_success) status = dnnl_primitive_create(&product->primitive, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (sum) dnnl_post_ops_destroy(sum);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) return product;
  shoken_packed_product_destroy(product);
  return NULL;
}

#if DNNL_VERSION_MAJOR >= 3
#define SHOKEN_DESCRIPTION(d) (d)
#else
#define SHOKEN_DESCRIPTION(d) (&(d))
#endif

/// Whether weights packed for one product serve another of the same matrix.
static inline int shoken_packed_same_layout(
    const struct shoken_packed_product *a, const struct shoken_packed_product *b) {
  return dnnl_memory_desc_equal(SHOKEN_DESCRIPTION(a->weights), SHOKEN_DESCRIPTION(b->weights));
}

/// Lays out dense weights (n, k), or back with `unpack`; 0 where oneDNN cannot.
static inline int shoken_pack_weights(
    const struct shoken_packed_product *product, void *dense, void *packed, int unpack) {
  dnnl_dims_t lengths = {product->k, product->n}, strides = {1, product->k};
  dnnl_memory_t from = NULL, to = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_primitive_t reorder = NULL;
  dnnl_memory_desc_t plain;
#if DNNL_VERSION_MAJOR >= 3
  dnnl_status_t status = dnnl_memory_desc_create_with_strides(
      &plain, 2, lengths, shoken_packed_type(product->kind), strides);
#else
  dnnl_status_t status = dnnl_memory_desc_init_by_strides(
      &plain, 2, lengths, shoken_packed_type(product->kind), strides);
#endif
  if (status != dnnl_success) return 0;
  dnnl_engine_t engine = shoken_dnnl_engine();
  status = dnnl_memory_create(&from, SHOKEN_DESCRIPTION(plain), engine, dense);
  if (status == dnnl_success)
    status = dnnl_memory_create(&to, SHOKEN_DESCRIPTION(product->weights), engine, packed);
  if (unpack) {
    dnnl_memory_t other = from;
    from = to, to = other;
  }
  if (status == dnnl_success)
    status = unpack ? dnnl_reorder_primitive_desc_create(
                          &description, SHOKEN_DESCRIPTION(product->weights), engine,
                          SHOKEN_DESCRIPTION(plain), engine, NULL)
                    : dnnl_reorder_primitive_desc_create(
                          &description, SHOKEN_DESCRIPTION(plain), engine,
                          SHOKEN_DESCRIPTION(product->weights), engine, NULL);
  if (status == dnnl_success) status = dnnl_primitive_create(&reorder, description);
  dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  if (status == dnnl_success)
    status = dnnl_primitive_execute(reorder, shoken_dnnl_stream(), 2, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(shoken_dnnl_stream());
  if (reorder) dnnl_primitive_destroy(reorder);
  if (description) dnnl_primitive_desc_destroy(description);
  if (from) dnnl_memory_destroy(from);
  if (to) dnnl_memory_destroy(to);
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_destroy(plain);
#endif
  return status == dnnl_success;
}

/// Multiplies; `scratch` has `scratch_bytes`. 0 where it fails.
static inline int shoken_packed_product_run(
    const struct shoken_packed_product *product, const void *a, const void *packed, float *c,
    void *scratch) {
  dnnl_engine_t engine = shoken_dnnl_engine();
  dnnl_memory_t memories[4] = {NULL, NULL, NULL, NULL};
  dnnl_status_t status =
      dnnl_memory_create(&memories[0], SHOKEN_DESCRIPTION(product->source), engine, (void *)a);
  if (status == dnnl_success)
    status =
        dnnl_memory_create(&memories[1], SHOKEN_DESCRIPTION(product->weights), engine, (void *)packed);
  if (status == dnnl_success)
    status = dnnl_memory_create(&memories[2], SHOKEN_DESCRIPTION(product->result), engine, c);
  if (status == dnnl_success)
    status = dnnl_memory_create(&memories[3], SHOKEN_DESCRIPTION(product->scratch), engine, scratch);
  dnnl_exec_arg_t arguments[4] = {{DNNL_ARG_SRC, memories[0]},
                                  {DNNL_ARG_WEIGHTS, memories[1]},
                                  {DNNL_ARG_DST, memories[2]},
                                  {DNNL_ARG_SCRATCHPAD, memories[3]}};
  if (status == dnnl_success)
    status = dnnl_primitive_execute(product->primitive, shoken_dnnl_stream(), 4, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(shoken_dnnl_stream());
  for (int i = 0; i < 4; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  return status == dnnl_success;
}

/// Whether 8-bit products add their pairs exactly: without VNNI, pairs of large ones saturate.
static inline int shoken_dnnl_int8_is_exact(void) {
  switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41:
    case dnnl_cpu_isa_avx:
    case dnnl_cpu_isa_avx2:
    case dnnl_cpu_isa_avx512_core: return 0;
    default: return 1;
  }
}
