// SPDX-License-Identifier: Apache-2.0

// Products with matrices whose weights stay in the block formats of ggml, as a file holds them, and
// with matrices of bfloat16 words. Single-threaded; the caller divides the rows among threads.
//
// A format is given by its number in ggml (`ggml_type`). Blocks may lie at any address, and their
// bytes may be anything: scales that are infinite or no number give such results, nothing else.
// `columns` must be a multiple of the format's block (32 elements, 256 of the K formats).
//
// Activations are quantised to 8 bits in blocks of 32 with a 32-bit scale each, for every format;
// a block's sum with the weights is a whole number, exact, and only then scaled. The result for a
// row of weights and a row of activations does not depend on the other rows of either.
#pragma once
#include <stdint.h>

enum {
    shoken_block_q4_0 = 2,
    shoken_block_q4_1 = 3,
    shoken_block_q5_0 = 6,
    shoken_block_q5_1 = 7,
    shoken_block_q8_0 = 8,
    shoken_block_q4_K = 12,
    shoken_block_q5_K = 13,
    shoken_block_q6_K = 14,
};

/// Whether the functions below know a format.
int shoken_block_product_available(uint32_t format);

/// Elements and bytes of a block of a known format.
int64_t shoken_block_elements(uint32_t format);
int64_t shoken_block_bytes(uint32_t format);

/// Bytes of one row of activations of `columns` elements in the form that block products read: a
/// multiple of 64, the same for every set of CPU features.
int64_t shoken_block_activation_bytes(uint32_t format, int64_t columns);

/// Quantises `count` rows of activations, `x_stride` floats apart, for products with weights of the
/// format. An `out` that starts at a multiple of 64 is read fastest. The form of the rows depends
/// on the CPU features in use, which the rows keep in mind.
///
/// The largest magnitude of a block becomes 127, the others the nearest whole numbers; a value that
/// is infinite or no number makes its block's products no number.
void shoken_block_quantise(
    uint32_t format, const float *x, int64_t columns, int64_t count, int64_t x_stride,
    uint8_t *out);

/// y[c * y_stride + r] = (or, with `accumulate`, +=) row r of the weights · activation row c, for
/// r < rows and c < count. Weights are read from memory once for up to eight rows of activations.
void shoken_block_product(
    uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
    const uint8_t *activations, int64_t count, float *y, int64_t y_stride, int accumulate);

/// A row of blocks as 32-bit floats, equal to ggml's decoding to the last bit.
void shoken_block_widen_float32(uint32_t format, const uint8_t *row, int64_t columns, float *out);

/// Sets of CPU features that the functions above have versions for.
enum {
    shoken_cpu_portable = 0,
    /// AVX2, FMA and F16C.
    shoken_cpu_avx2 = 1,
    /// AVX-512 F, BW, DQ, VL and VNNI beside them, BMI2.
    shoken_cpu_avx512 = 2,
};

/// The set in use: the widest that the CPU has and the limit allows.
int shoken_cpu_level(void);

/// Whether the processor has instructions for products of bfloat16, and may use them.
int shoken_cpu_multiplies_bfloat16(void);

/// Keeps the functions above from using wider features than `level`, from the next call on;
/// products with rows of activations that were quantised before still use what these were made for.
/// At the start, the environment variable SHOKEN_CPU_FEATURES (`portable`, `avx2` or `avx512`)
/// gives the limit; other values of it none.
void shoken_limit_cpu_features(int level);
