// SPDX-License-Identifier: Apache-2.0

// Block products in plain C.
#include "BlockFormats.h"

static void quantise(uint32_t format, const float *x, int64_t columns, uint8_t *out) {
    (void)format;
    quantise_plain(x, columns, out);
}

// Sum of a[i] * b[i] for sixteen elements; as 16-bit numbers, since most machines multiply those.
INLINE int32_t dot_16(const int8_t *a, const int8_t *b) {
    int32_t sum = 0;
    for (int i = 0; i < 16; i++) sum += (int32_t)((int16_t)a[i]) * (int16_t)b[i];
    return sum;
}

INLINE float add_elements(
    const uint32_t format, const struct elements *e, const struct plain_activations *a, float sum) {
    int32_t first = dot_16(e->values, a->values), second = dot_16(e->values + 16, a->values + 16);
    if (format == shoken_block_q6_K) {
        sum += (float)first * (e->scale[0] * a->scale);
        return sum + (float)second * (e->scale[1] * a->scale);
    }
    sum += (float)(first + second) * (e->scale[0] * a->scale);
    if (format == shoken_block_q8_0 || format == shoken_block_q4_0 || format == shoken_block_q5_0)
        return sum;
    return sum - e->minimum * a->scaled_sum;
}

INLINE void product_of(
    const uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
    const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y, int64_t y_stride,
    int accumulate) {
    const int64_t parts = block_elements(format) / 32;
    for (int64_t r = 0; r < rows; r++) {
        float sums[8] = {0};
        for (int64_t i = 0; i < columns / block_elements(format); i++) {
            const uint8_t *block = weights + r * row_bytes + i * block_bytes(format);
            // Only shifts by a constant become wide.
            _Pragma("clang loop unroll(full)") for (int64_t part = 0; part < parts; part++) {
                struct elements e;
                decode_elements(format, block, part, &e);
                // Else the compiler decodes these anew for each row of activations.
                if (parts == 1 && format != shoken_block_q8_0) __asm__ volatile("" : "+m"(e));
                const uint8_t *at =
                    activations + (i * parts + part) * (int64_t)sizeof(struct plain_activations);
                for (int64_t c = 0; c < count; c++) {
                    struct plain_activations a;
                    memcpy(&a, at + c * activation_bytes, sizeof a);
                    sums[c] = add_elements(format, &e, &a, sums[c]);
                }
            }
        }
        for (int64_t c = 0; c < count; c++) store_result(&y[c * y_stride + r], sums[c], accumulate);
    }
}

static void product(
    uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
    const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y, int64_t y_stride,
    int accumulate) {
#define BODY(constant)                                                                        \
    product_of(                                                                               \
        constant, weights, row_bytes, rows, columns, activations, activation_bytes, count, y, \
        y_stride, accumulate)
    FOR_FORMAT(format, BODY)
#undef BODY
}

static void widen_float32(uint32_t format, const uint8_t *row, int64_t columns, float *out) {
#define BODY(constant) widen_row_float32(constant, row, columns, out)
    FOR_FORMAT(format, BODY)
#undef BODY
}

const struct block_version shoken_block_portable = {quantise, product, widen_float32};
