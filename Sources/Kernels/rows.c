// SPDX-License-Identifier: Apache-2.0

// Operations on elements and rows.
#include "Arithmetic.h"
#include "Kernels.h"

VERSIONS float shoken_exp_below_largest(float *x, int64_t count, float *sum) {
    return exp_below_largest(x, count, 1, sum);
}

VERSIONS float shoken_softmax(float *x, int64_t count) {
    float sum;
    float largest = exp_below_largest(x, count, 1, &sum);
    float inverse = 1.0f / sum;
    EACH_ELEMENT
    for (int64_t i = 0; i < count; i++) x[i] *= inverse;
    return largest + logf(sum);
}

VERSIONS void shoken_multiply(const float *x, float *y, int64_t count) {
    EACH_ELEMENT
    for (int64_t i = 0; i < count; i++) y[i] *= x[i];
}

VERSIONS void shoken_scale(const float *x, float *y, int64_t count, float scale) {
    EACH_LIGHT
    for (int64_t i = 0; i < count; i++) y[i] = scale * x[i];
}

VERSIONS void shoken_add_scaled(const float *x, float *y, int64_t count, float scale) {
    EACH_LIGHT
    for (int64_t i = 0; i < count; i++) y[i] += scale * x[i];
}

VERSIONS float shoken_dot(const float *x, const float *y, int64_t count) {
    return dot_product(x, y, count);
}

VERSIONS void shoken_rotate(
    float *x, const float *cosines, const float *sines, int64_t heads, int64_t head_width,
    int64_t half, int neighbours, float direction) {
    for (int64_t h = 0; h < heads; h++) {
        float *head = x + h * head_width;
        if (neighbours) {
            for (int64_t i = 0; i < half; i++) {
                float a = head[2 * i], b = head[2 * i + 1], s = sines[i] * direction;
                head[2 * i] = a * cosines[i] - b * s;
                head[2 * i + 1] = b * cosines[i] + a * s;
            }
            continue;
        }
        float *restrict first = head, *restrict second = head + half;
        for (int64_t i = 0; i < half; i++) {
            float a = first[i], b = second[i], s = sines[i] * direction;
            first[i] = a * cosines[i] - b * s;
            second[i] = b * cosines[i] + a * s;
        }
    }
}
