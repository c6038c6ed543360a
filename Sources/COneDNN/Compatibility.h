// SPDX-License-Identifier: Apache-2.0

// The parts of oneDNN's C API in which 2.x and 3.x differ, once for both: descriptions of matrices
// are values in 2.x and references in 3.x, and products were made in two steps.
#pragma once
#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

#if DNNL_VERSION_MAJOR >= 3

/// A description of a matrix, which its owner releases; and one that is looked at.
typedef dnnl_memory_desc_t description;
typedef const_dnnl_memory_desc_t described;

/// Describes a matrix by its strides, or where these are NULL one that lies as oneDNN likes best.
static inline dnnl_status_t describe(
    description *made, dnnl_dims_t lengths, dnnl_data_type_t type, const int64_t *strides) {
    return strides ? dnnl_memory_desc_create_with_strides(made, 2, lengths, type, strides)
                   : dnnl_memory_desc_create_with_tag(made, 2, lengths, type, dnnl_format_tag_any);
}

static inline dnnl_status_t copy_description(description *copy, described original) {
    return dnnl_memory_desc_clone(copy, original);
}

static inline void release_description(description description) {
    if (description) dnnl_memory_desc_destroy(description);
}

static inline dnnl_status_t describe_product(
    dnnl_primitive_desc_t *made, dnnl_engine_t engine, described a, described b, described c,
    const_dnnl_primitive_attr_t attributes) {
    return dnnl_matmul_primitive_desc_create(made, engine, a, b, NULL, c, attributes);
}

/// Has a product add to what is there.
static inline dnnl_status_t append_sum(dnnl_post_ops_t operations) {
    return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
}

#else

typedef dnnl_memory_desc_t *description;
typedef const dnnl_memory_desc_t *described;

static inline dnnl_status_t describe(
    description *made, dnnl_dims_t lengths, dnnl_data_type_t type, const int64_t *strides) {
    *made = calloc(1, sizeof **made);
    if (!*made) return dnnl_out_of_memory;
    return strides ? dnnl_memory_desc_init_by_strides(*made, 2, lengths, type, strides)
                   : dnnl_memory_desc_init_by_tag(*made, 2, lengths, type, dnnl_format_tag_any);
}

static inline dnnl_status_t copy_description(description *copy, described original) {
    *copy = malloc(sizeof **copy);
    if (!*copy) return dnnl_out_of_memory;
    **copy = *original;
    return dnnl_success;
}

static inline void release_description(description description) { free(description); }

static inline dnnl_status_t describe_product(
    dnnl_primitive_desc_t *made, dnnl_engine_t engine, described a, described b, described c,
    const_dnnl_primitive_attr_t attributes) {
    dnnl_matmul_desc_t operation;
    dnnl_status_t status = dnnl_matmul_desc_init(&operation, a, b, NULL, c);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(made, &operation, attributes, engine, NULL);
}

static inline dnnl_status_t append_sum(dnnl_post_ops_t operations) {
    return dnnl_post_ops_append_sum(operations, 1);
}

#endif
