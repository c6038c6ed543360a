// SPDX-License-Identifier: Apache-2.0

// Softmax of tiles of scores, and its gradients.
#include "Arithmetic.h"
#include "Kernels.h"

// The columns that row r of a tile sees.
struct seen {
    int64_t first, end;
};
INLINE struct seen seen_columns(
    int64_t row, int64_t columns, const struct shoken_train_visibility *visibility) {
    int64_t first = visibility->first + row, end = visibility->end + row;
    struct seen seen = {first > 0 ? first : 0, end < columns ? end : columns};
    if (seen.end < seen.first) seen.end = seen.first;
    return seen;
}

INLINE void bound(float *restrict s, struct seen seen, float scale, float cap) {
    float inner = scale / cap;
    for (int64_t c = seen.first; c < seen.end; c++) s[c] = cap * hyperbolic_tangent(s[c] * inner);
}

INLINE void hide(float *restrict s, struct seen seen, int64_t columns) {
    for (int64_t c = 0; c < seen.first; c++) s[c] = 0;
    for (int64_t c = seen.end; c < columns; c++) s[c] = 0;
}

VERSIONS void shoken_train_attention_softmax(
    float *scores, float *log_sum, int64_t log_sum_stride, int64_t rows, int64_t columns,
    int64_t row_stride, struct shoken_train_visibility visibility, float scale, float cap) {
    for (int64_t r = 0; r < rows; r++) {
        float *restrict s = scores + r * row_stride;
        struct seen seen = seen_columns(r, columns, &visibility);
        float factor = scale;
        if (cap > 0) {
            bound(s, seen, scale, cap);
            factor = 1;
        }
        if (seen.first == seen.end) {
            hide(s, seen, columns);
            log_sum[r * log_sum_stride] = 0;
            continue;
        }
        float sum;
        float largest = exp_below_largest(s + seen.first, seen.end - seen.first, factor, &sum);
        float inverse = 1.0f / sum;
        for (int64_t c = seen.first; c < seen.end; c++) s[c] *= inverse;
        hide(s, seen, columns);
        log_sum[r * log_sum_stride] = largest * factor + logf(sum);
    }
}

VERSIONS void shoken_train_attention_probabilities(
    float *scores, const float *log_sum, int64_t log_sum_stride, int64_t rows, int64_t columns,
    int64_t row_stride, struct shoken_train_visibility visibility, float scale, float cap,
    float *slopes) {
    for (int64_t r = 0; r < rows; r++) {
        float *restrict s = scores + r * row_stride;
        struct seen seen = seen_columns(r, columns, &visibility);
        float shift = log_sum[r * log_sum_stride], factor = scale;
        if (cap > 0) {
            float *restrict slope = slopes + r * row_stride;
            bound(s, seen, scale, cap);
            for (int64_t c = seen.first; c < seen.end; c++) {
                float t = s[c] / cap;
                slope[c] = 1.0f - t * t;
            }
            hide(slope, seen, columns);
            factor = 1;
        }
        for (int64_t c = seen.first; c < seen.end; c++) s[c] = exponential(s[c] * factor - shift);
        hide(s, seen, columns);
    }
}

VERSIONS void shoken_train_attention_softmax_backward(
    const float *probability, float *dprobability, const float *row_dot, int64_t row_dot_stride,
    int64_t rows, int64_t columns, int64_t row_stride, float scale, const float *slopes) {
    for (int64_t r = 0; r < rows; r++) {
        const float *restrict p = probability + r * row_stride;
        float *restrict d = dprobability + r * row_stride;
        float dot = row_dot[r * row_dot_stride];
        for (int64_t c = 0; c < columns; c++) d[c] = p[c] * (d[c] - dot) * scale;
        if (slopes) {
            const float *restrict slope = slopes + r * row_stride;
            for (int64_t c = 0; c < columns; c++) d[c] *= slope[c];
        }
    }
}

VERSIONS void shoken_train_head_dots(
    const float *a, const float *b, float *dot, int64_t rows, int64_t heads, int64_t head_width,
    int64_t stride) {
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t h = 0; h < heads; h++) {
            const float *restrict x = a + r * stride + h * head_width;
            const float *restrict y = b + r * stride + h * head_width;
            dot[r * heads + h] = dot_product(x, y, head_width);
        }
    }
}
