// SPDX-License-Identifier: Apache-2.0
#include "Arithmetic.h"
#include "Kernels.h"

VERSIONS void shoken_quantise_rows(
    const float *x, int64_t rows, int64_t columns, float limit, int8_t *steps, float *scales) {
    for (int64_t row = 0; row < rows; row++, x += columns, steps += columns) {
        float largest = 0;
        for (int64_t i = 0; i < columns; i++) {
            float size = fabsf(x[i]);
            largest = size > largest ? size : largest;
        }
        float inverse = largest > 0 ? limit / largest : 0;
        scales[row] = largest / limit;
        for (int64_t i = 0; i < columns; i++) {
            float value = x[i] * inverse;
            // What is not a number must not become an integer by a conversion without meaning.
            value = value < limit ? value : limit;
            value = value > -limit ? value : -limit;
            // Adding 1.5 * 2^23 rounds to nearest, ties to even.
            steps[i] = (int8_t)(int32_t)((value + 0x1.8p23f) - 0x1.8p23f);
        }
    }
}

VERSIONS void shoken_scale_columns(
    const float *x, const float *scales, float factor, float *y, int64_t count, int accumulate) {
    if (accumulate) {
        for (int64_t i = 0; i < count; i++) y[i] += x[i] * scales[i] * factor;
    } else {
        for (int64_t i = 0; i < count; i++) y[i] = x[i] * scales[i] * factor;
    }
}

VERSIONS uint64_t shoken_parity(const uint64_t *words, int64_t count) {
    uint64_t parity = 0;
    for (int64_t i = 0; i < count; i++) parity ^= words[i];
    return parity;
}
