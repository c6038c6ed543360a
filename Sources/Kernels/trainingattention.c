#include "Arithmetic.h"
#include "TrainingKernels.h"

// The columns that row r of a tile sees.
struct seen {
    long first, end;
};
static inline __attribute__((always_inline)) struct seen seen_columns(
    long row, long columns, const struct shoken_train_visibility *visibility) {
    long first = visibility->first + row, end = visibility->end + row;
    struct seen seen = {first > 0 ? first : 0, end < columns ? end : columns};
    if (seen.end < seen.first) seen.end = seen.first;
    return seen;
}

static inline __attribute__((always_inline)) void bound(float *restrict s, struct seen seen,
                                                        float scale, float cap) {
    float inner = 2.0f * scale / cap;
    for (long c = seen.first; c < seen.end; c++)
        s[c] = cap * (1.0f - 2.0f / (exponential(s[c] * inner) + 1.0f));
}

static inline __attribute__((always_inline)) void hide(float *restrict s, struct seen seen,
                                                       long columns) {
    for (long c = 0; c < seen.first; c++) s[c] = 0;
    for (long c = seen.end; c < columns; c++) s[c] = 0;
}

VERSIONS void shoken_train_attention_softmax(float *scores, float *log_sum, long log_sum_stride,
                                             long rows, long columns, long row_stride,
                                             struct shoken_train_visibility visibility, float scale,
                                             float cap) {
    for (long r = 0; r < rows; r++) {
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
        float largest = largest_of(s + seen.first, seen.end - seen.first), sum = 0;
        for (long c = seen.first; c < seen.end; c++) s[c] = exponential((s[c] - largest) * factor);
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = seen.first; c < seen.end; c++) sum += s[c];
        }
        float inverse = 1.0f / sum;
        for (long c = seen.first; c < seen.end; c++) s[c] *= inverse;
        hide(s, seen, columns);
        log_sum[r * log_sum_stride] = largest * factor + logf(sum);
    }
}

VERSIONS void shoken_train_attention_probabilities(float *scores, const float *log_sum,
                                                   long log_sum_stride, long rows, long columns,
                                                   long row_stride,
                                                   struct shoken_train_visibility visibility,
                                                   float scale, float cap, float *slopes) {
    for (long r = 0; r < rows; r++) {
        float *restrict s = scores + r * row_stride;
        struct seen seen = seen_columns(r, columns, &visibility);
        float shift = log_sum[r * log_sum_stride], factor = scale;
        if (cap > 0) {
            float *restrict slope = slopes + r * row_stride;
            bound(s, seen, scale, cap);
            for (long c = seen.first; c < seen.end; c++) {
                float t = s[c] / cap;
                slope[c] = 1.0f - t * t;
            }
            hide(slope, seen, columns);
            factor = 1;
        }
        for (long c = seen.first; c < seen.end; c++) s[c] = exponential(s[c] * factor - shift);
        hide(s, seen, columns);
    }
}

VERSIONS void shoken_train_attention_softmax_backward(const float *probability, float *dprobability,
                                                      const float *row_dot, long row_dot_stride,
                                                      long rows, long columns, long row_stride,
                                                      float scale, const float *slopes) {
    for (long r = 0; r < rows; r++) {
        const float *restrict p = probability + r * row_stride;
        float *restrict d = dprobability + r * row_stride;
        float dot = row_dot[r * row_dot_stride];
        for (long c = 0; c < columns; c++) d[c] = p[c] * (d[c] - dot) * scale;
        if (slopes) {
            const float *restrict slope = slopes + r * row_stride;
            for (long c = 0; c < columns; c++) d[c] *= slope[c];
        }
    }
}

VERSIONS void shoken_train_head_dots(const float *a, const float *b, float *dot, long rows,
                                     long heads, long head_width, long stride) {
    for (long r = 0; r < rows; r++) {
        for (long h = 0; h < heads; h++) {
            const float *restrict x = a + r * stride + h * head_width;
            const float *restrict y = b + r * stride + h * head_width;
            float sum = 0;
            {
#pragma clang fp reassociate(on) contract(fast)
                for (long c = 0; c < head_width; c++) sum += x[c] * y[c];
            }
            dot[r * heads + h] = sum;
        }
    }
}
