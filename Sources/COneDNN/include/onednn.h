// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdint.h>

// What Shoken asks of oneDNN, whichever version is installed. Matrices lie row by row.

/// The version that the process runs with.
struct shoken_onednn_version {
    int major, minor, patch;
};
struct shoken_onednn_version shoken_onednn_version(void);

/// c = scale * op(a) * op(b), or with `accumulate` c plus that; op(a) is (m, k), op(b) (k, n), and
/// `stride` is from row to row as a matrix lies. 0 where oneDNN refuses the lengths.
int shoken_onednn_sgemm(
    int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float scale, const float *a,
    int64_t stride_a, const float *b, int64_t stride_b, int accumulate, float *c, int64_t stride_c);

/// What the factors of a product are; results are 32-bit floats (of integers: exact to 2^24).
enum {
    shoken_product_float32 = 0,
    shoken_product_bfloat16 = 1,
    shoken_product_int8 = 2,
};

/// One shape of product, ready to run; safe to run from several threads at once.
struct shoken_product;

/// A product c = a * b, where a (m, k) is dense, b (k, n) was laid out once for the processor, and
/// c is (m, n). With `accumulate` it adds to c; not of integers. The weights b lie as those of
/// `layout`, or where that is NULL as oneDNN likes best for so many rows. NULL where oneDNN has no
/// such product on this processor.
struct shoken_product *shoken_packed_product_create(
    int kind, int64_t m, int64_t k, int64_t n, int accumulate, const struct shoken_product *layout);

/// A product c = op(a) * op(b) of bfloat16 matrices, m * k and k * n, or the other way round where
/// they are transposed; rows are apart by the strides. With `accumulate` it adds to c (m, n), which
/// are 32-bit floats. NULL where oneDNN has no such product on this processor.
struct shoken_product *shoken_half_product_create(
    int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b, int64_t stride_a,
    int64_t stride_b, int64_t stride_c, int accumulate);

/// Forgets a product, which may be NULL.
void shoken_product_destroy(struct shoken_product *product);

/// Rows that it multiplies, m.
int64_t shoken_product_rows(const struct shoken_product *product);
/// Bytes of its weights as they are laid out.
size_t shoken_product_weight_bytes(const struct shoken_product *product);
/// Bytes of scratch memory that a run needs.
size_t shoken_product_scratch_bytes(const struct shoken_product *product);

/// Multiplies. 0 where it fails.
int shoken_product_run(
    const struct shoken_product *product, const void *a, const void *b, float *c, void *scratch);

/// Lays out dense weights (n, k) as `packed`, or back with `unpack`. 0 where oneDNN cannot.
int shoken_pack_weights(
    const struct shoken_product *product, void *dense, void *packed, int unpack);

/// Whether 8-bit products add their pairs exactly: without VNNI, pairs of large ones saturate.
int shoken_onednn_int8_is_exact(void);
