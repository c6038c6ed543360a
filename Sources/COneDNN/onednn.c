// SPDX-License-Identifier: Apache-2.0
#include "onednn.h"

#include <pthread.h>
#include <stdlib.h>

#include "Compatibility.h"

struct shoken_product {
    dnnl_primitive_t primitive;
    description a, b, c, scratch;
    int64_t m, k, n;
    dnnl_data_type_t type;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t made_engine;

static void make_engine(void) {
    if (dnnl_engine_create(&made_engine, dnnl_cpu, 0) != dnnl_success) made_engine = NULL;
}

// The processor's engine, one for the process: oneDNN refuses to mix what belongs to several.
static dnnl_engine_t engine(void) {
    pthread_once(&once, make_engine);
    return made_engine;
}

// Runs a primitive to its end.
static dnnl_status_t run(
    const_dnnl_primitive_t primitive, int count, const dnnl_exec_arg_t *arguments) {
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_stream_create(&stream, engine(), dnnl_stream_default_flags);
    if (status == dnnl_success)
        status = dnnl_primitive_execute(primitive, stream, count, arguments);
    if (status == dnnl_success) status = dnnl_stream_wait(stream);
    if (stream) dnnl_stream_destroy(stream);
    return status;
}

struct shoken_onednn_version shoken_onednn_version(void) {
    const dnnl_version_t *version = dnnl_version();
    return (struct shoken_onednn_version){version->major, version->minor, version->patch};
}

int shoken_onednn_sgemm(
    int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float scale, const float *a,
    int64_t stride_a, const float *b, int64_t stride_b, int accumulate, float *c,
    int64_t stride_c) {
    return dnnl_sgemm(
               transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, scale, a, stride_a, b,
               stride_b, accumulate ? 1 : 0, c, stride_c) == dnnl_success;
}

// What all products have in common: scratch memory is the caller's; with `accumulate` they add to
// c.
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *attributes, int accumulate) {
    dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (status != dnnl_success || !accumulate) return status;
    dnnl_post_ops_t sum = NULL;
    status = dnnl_post_ops_create(&sum);
    if (status == dnnl_success) status = append_sum(sum);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, sum);
    if (sum) dnnl_post_ops_destroy(sum);
    return status;
}

// Makes the primitive of a product whose a and c are described; its b lies as the primitive says.
static dnnl_status_t make_primitive(struct shoken_product *product, described b, int accumulate) {
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t made = NULL;
    dnnl_status_t status = make_attributes(&attributes, accumulate);
    if (status == dnnl_success)
        status = describe_product(&made, engine(), product->a, b, product->c, attributes);
    if (status == dnnl_success)
        status = copy_description(
            &product->b, dnnl_primitive_desc_query_md(made, dnnl_query_weights_md, 0));
    if (status == dnnl_success)
        status = copy_description(
            &product->scratch, dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0));
    if (status == dnnl_success) status = dnnl_primitive_create(&product->primitive, made);
    if (made) dnnl_primitive_desc_destroy(made);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    return status;
}

// A product of so many rows and columns that lie by their strides; b as those of `layout`, else by
// its strides, or where these are NULL as oneDNN likes best.
static struct shoken_product *make_product(
    dnnl_data_type_t type, int64_t m, int64_t k, int64_t n, const int64_t *strides_a,
    const int64_t *strides_b, const int64_t *strides_c, const struct shoken_product *layout,
    int accumulate) {
    if (!engine()) return NULL;
    struct shoken_product *product = calloc(1, sizeof *product);
    if (!product) return NULL;
    product->m = m, product->k = k, product->n = n, product->type = type;
    dnnl_dims_t a = {m, k}, b = {k, n}, c = {m, n};
    description wanted = NULL;
    dnnl_status_t status = describe(&product->a, a, type, strides_a);
    if (status == dnnl_success) status = describe(&product->c, c, dnnl_f32, strides_c);
    if (status == dnnl_success)
        status =
            layout ? copy_description(&wanted, layout->b) : describe(&wanted, b, type, strides_b);
    if (status == dnnl_success) status = make_primitive(product, wanted, accumulate);
    release_description(wanted);
    if (status == dnnl_success) return product;
    shoken_product_destroy(product);
    return NULL;
}

struct shoken_product *shoken_packed_product_create(
    int kind, int64_t m, int64_t k, int64_t n, int accumulate,
    const struct shoken_product *layout) {
    dnnl_data_type_t type = kind == shoken_product_int8       ? dnnl_s8
                            : kind == shoken_product_bfloat16 ? dnnl_bf16
                                                              : dnnl_f32;
    dnnl_dims_t strides_a = {k, 1}, strides_c = {n, 1};
    return make_product(type, m, k, n, strides_a, NULL, strides_c, layout, accumulate);
}

struct shoken_product *shoken_half_product_create(
    int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b, int64_t stride_a,
    int64_t stride_b, int64_t stride_c, int accumulate) {
    dnnl_dims_t strides_a = {transpose_a ? 1 : stride_a, transpose_a ? stride_a : 1};
    dnnl_dims_t strides_b = {transpose_b ? 1 : stride_b, transpose_b ? stride_b : 1};
    dnnl_dims_t strides_c = {stride_c, 1};
    return make_product(dnnl_bf16, m, k, n, strides_a, strides_b, strides_c, NULL, accumulate);
}

void shoken_product_destroy(struct shoken_product *product) {
    if (!product) return;
    if (product->primitive) dnnl_primitive_destroy(product->primitive);
    release_description(product->a);
    release_description(product->b);
    release_description(product->c);
    release_description(product->scratch);
    free(product);
}

int64_t shoken_product_rows(const struct shoken_product *product) { return product->m; }

size_t shoken_product_weight_bytes(const struct shoken_product *product) {
    return dnnl_memory_desc_get_size(product->b);
}

size_t shoken_product_scratch_bytes(const struct shoken_product *product) {
    return dnnl_memory_desc_get_size(product->scratch);
}

int shoken_product_run(
    const struct shoken_product *product, const void *a, const void *b, float *c, void *scratch) {
    const int names[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
    const described descriptions[] = {product->a, product->b, product->c, product->scratch};
    void *const starts[] = {(void *)a, (void *)b, c, scratch};
    dnnl_exec_arg_t arguments[4] = {0};
    dnnl_status_t status = dnnl_success;
    for (int i = 0; i < 4 && status == dnnl_success; i++) {
        arguments[i].arg = names[i];
        status = dnnl_memory_create(&arguments[i].memory, descriptions[i], engine(), starts[i]);
    }
    if (status == dnnl_success) status = run(product->primitive, 4, arguments);
    for (int i = 0; i < 4; i++)
        if (arguments[i].memory) dnnl_memory_destroy(arguments[i].memory);
    return status == dnnl_success;
}

int shoken_pack_weights(
    const struct shoken_product *product, void *dense, void *packed, int unpack) {
    dnnl_dims_t lengths = {product->k, product->n};
    dnnl_dims_t strides = {1, product->k};
    description plain = NULL;
    dnnl_memory_t from = NULL, to = NULL;
    dnnl_primitive_desc_t made = NULL;
    dnnl_primitive_t reorder = NULL;
    dnnl_status_t status = describe(&plain, lengths, product->type, strides);
    described source = unpack ? product->b : plain, target = unpack ? plain : product->b;
    if (status == dnnl_success)
        status = dnnl_memory_create(&from, source, engine(), unpack ? packed : dense);
    if (status == dnnl_success)
        status = dnnl_memory_create(&to, target, engine(), unpack ? dense : packed);
    if (status == dnnl_success)
        status =
            dnnl_reorder_primitive_desc_create(&made, source, engine(), target, engine(), NULL);
    if (status == dnnl_success) status = dnnl_primitive_create(&reorder, made);
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    if (status == dnnl_success) status = run(reorder, 2, arguments);
    if (reorder) dnnl_primitive_destroy(reorder);
    if (made) dnnl_primitive_desc_destroy(made);
    if (from) dnnl_memory_destroy(from);
    if (to) dnnl_memory_destroy(to);
    release_description(plain);
    return status == dnnl_success;
}

int shoken_onednn_int8_is_exact(void) {
    switch (dnnl_get_effective_cpu_isa()) {
        case dnnl_cpu_isa_sse41:
        case dnnl_cpu_isa_avx:
        case dnnl_cpu_isa_avx2:
        case dnnl_cpu_isa_avx512_core: return 0;
        default: return 1;
    }
}
