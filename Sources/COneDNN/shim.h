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
  dnnl_engine_t engine;
  dnnl_primitive_t primitive;
  size_t weight_bytes, scratch_bytes;
  int64_t m, k, n;
  int kind;
  dnnl_memory_desc_t source, weights, result, scratch;
};

static inline dnnl_data_type_t shoken_packed_type(int kind) {
  return kind == shoken_packed_int8 ? dnnl_s8 : kind == shoken_packed_bfloat16 ? dnnl_bf16 : dnnl_f32;
}

/// A new engine for the processor, or NULL. Nothing may be static in this header: each object that
/// includes it would have its own, and oneDNN refuses to mix what belongs to different engines.
static inline dnnl_engine_t shoken_dnnl_engine_create(void) {
  dnnl_engine_t engine = NULL;
  return dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success ? engine : NULL;
}

/// Runs a primitive to its end.
static inline dnnl_status_t shoken_dnnl_run(
    dnnl_engine_t engine, const_dnnl_primitive_t primitive, int count,
    const dnnl_exec_arg_t *arguments) {
  dnnl_stream_t stream = NULL;
  dnnl_status_t status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
  if (status == dnnl_success) status = dnnl_primitive_execute(primitive, stream, count, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  if (stream) dnnl_stream_destroy(stream);
  return status;
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

/// What all products have in common: scratch memory is the caller's, and with `accumulate` they add to c.
static inline dnnl_status_t shoken_product_attributes(
    dnnl_primitive_attr_t *attributes, int accumulate) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status == dnnl_success)
    status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status != dnnl_success || !accumulate) return status;
  dnnl_post_ops_t sum = NULL;
  status = dnnl_post_ops_create(&sum);
#if DNNL_VERSION_MAJOR >= 3
  if (status == dnnl_success) status = dnnl_post_ops_append_sum(sum, 1, 0, dnnl_data_type_undef);
#else
  if (status == dnnl_success) status = dnnl_post_ops_append_sum(sum, 1);
#endif
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, sum);
  if (sum) dnnl_post_ops_destroy(sum);
  return status;
}

/// A product of a shape on an engine, or NULL where oneDNN has none for it on this processor. With `accumulate`
/// it adds to c; not of integers. The weights lie as those of `layout`, or where that is NULL as
/// oneDNN likes best for so many rows.
static inline struct shoken_packed_product *shoken_packed_product_create(
    dnnl_engine_t engine, int kind, int64_t m, int64_t k, int64_t n, int accumulate,
    const struct shoken_packed_product *layout) {
  struct shoken_packed_product *product = calloc(1, sizeof *product);
  if (!product) return NULL;
  product->engine = engine;
  product->m = m, product->k = k, product->n = n, product->kind = kind;
  dnnl_data_type_t type = shoken_packed_type(kind);
  dnnl_dims_t source = {m, k}, weights = {k, n}, result = {m, n};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = shoken_product_attributes(&attributes, accumulate);
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t any = NULL;
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_tag(&product->source, 2, source, type, dnnl_ab);
  if (status == dnnl_success)
    status = layout ? dnnl_memory_desc_clone(&any, layout->weights)
                    : dnnl_memory_desc_create_with_tag(&any, 2, weights, type, dnnl_format_tag_any);
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_tag(&product->result, 2, result, dnnl_f32, dnnl_ab);
  if (status == dnnl_success)
    status = dnnl_matmul_primitive_desc_create(&description, engine, product->source,
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
  if (layout)
    any = layout->weights;
  else if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_tag(&any, 2, weights, type, dnnl_format_tag_any);
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_tag(&product->result, 2, result, dnnl_f32, dnnl_ab);
  if (status == dnnl_success)
    status = dnnl_matmul_desc_init(&operation, &product->source, &any, NULL, &product->result);
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create(&description, &operation, attributes, engine, NULL);
  if (status == dnnl_success) {
    product->weights = *dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    product->scratch = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    product->weight_bytes = dnnl_memory_desc_get_size(&product->weights);
    product->scratch_bytes = dnnl_memory_desc_get_size(&product->scratch);
  }
#endif
  if (status == dnnl_success) status = dnnl_primitive_create(&product->primitive, description);
  if (description) dnnl_primitive_desc_destroy(description);
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
  dnnl_engine_t engine = product->engine;
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
    status = shoken_dnnl_run(engine, reorder, 2, arguments);
  if (reorder) dnnl_primitive_destroy(reorder);
  if (description) dnnl_primitive_desc_destroy(description);
  if (from) dnnl_memory_destroy(from);
  if (to) dnnl_memory_destroy(to);
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_destroy(plain);
#endif
  return status == dnnl_success;
}

/// A product c = op(a) · op(b) of bfloat16 matrices that lie row by row, m · k and k · n, or the other way
/// round where they are transposed; rows are apart by the strides. With `accumulate` it adds to c (m, n),
/// which are 32-bit floats. NULL where oneDNN has none on this processor.
static inline struct shoken_packed_product *shoken_half_product_create(
    dnnl_engine_t engine, int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b,
    int64_t stride_a, int64_t stride_b, int64_t stride_c, int accumulate) {
  struct shoken_packed_product *product = calloc(1, sizeof *product);
  if (!product) return NULL;
  product->engine = engine;
  product->m = m, product->k = k, product->n = n, product->kind = shoken_packed_bfloat16;
  dnnl_dims_t a = {m, k}, b = {k, n}, c = {m, n};
  dnnl_dims_t strides_a = {transpose_a ? 1 : stride_a, transpose_a ? stride_a : 1};
  dnnl_dims_t strides_b = {transpose_b ? 1 : stride_b, transpose_b ? stride_b : 1};
  dnnl_dims_t strides_c = {stride_c, 1};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = shoken_product_attributes(&attributes, accumulate);
#if DNNL_VERSION_MAJOR >= 3
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_strides(&product->source, 2, a, dnnl_bf16, strides_a);
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_strides(&product->weights, 2, b, dnnl_bf16, strides_b);
  if (status == dnnl_success)
    status = dnnl_memory_desc_create_with_strides(&product->result, 2, c, dnnl_f32, strides_c);
  if (status == dnnl_success)
    status = dnnl_matmul_primitive_desc_create(&description, engine, product->source,
                                               product->weights, NULL, product->result, attributes);
  if (status == dnnl_success)
    status = dnnl_memory_desc_clone(&product->scratch, dnnl_primitive_desc_query_md(
                                                           description, dnnl_query_scratchpad_md, 0));
  if (status == dnnl_success)
    product->scratch_bytes = dnnl_memory_desc_get_size(product->scratch);
#else
  dnnl_matmul_desc_t operation;
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_strides(&product->source, 2, a, dnnl_bf16, strides_a);
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_strides(&product->weights, 2, b, dnnl_bf16, strides_b);
  if (status == dnnl_success)
    status = dnnl_memory_desc_init_by_strides(&product->result, 2, c, dnnl_f32, strides_c);
  if (status == dnnl_success)
    status = dnnl_matmul_desc_init(
        &operation, &product->source, &product->weights, NULL, &product->result);
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create(&description, &operation, attributes, engine, NULL);
  if (status == dnnl_success) {
    product->scratch = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    product->scratch_bytes = dnnl_memory_desc_get_size(&product->scratch);
  }
#endif
  if (status == dnnl_success) status = dnnl_primitive_create(&product->primitive, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) return product;
  shoken_packed_product_destroy(product);
  return NULL;
}

/// Multiplies; `scratch` has `scratch_bytes`. 0 where it fails.
static inline int shoken_packed_product_run(
    const struct shoken_packed_product *product, const void *a, const void *packed, float *c,
    void *scratch) {
  dnnl_engine_t engine = product->engine;
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
    status = shoken_dnnl_run(engine, product->primitive, 4, arguments);
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
