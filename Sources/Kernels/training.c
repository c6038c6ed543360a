#include "TrainingKernels.h"
#include "Arithmetic.h"

VERSIONS void shoken_train_dropout(float *x, long rows, long columns, long row_stride, uint64_t seed,
                             uint64_t first, float probability) {
    float keep = 1.0f / (1.0f - probability);
    // 24 bits of the draw against the same 24 bits of the probability.
    uint32_t limit = (uint32_t)(probability * 16777216.0f);
    for (long r = 0; r < rows; r++) {
        float *restrict xr = x + r * row_stride;
        uint64_t start = first + (uint64_t)(r * columns);
        // The high part of the number enters the key, the low part counts along the row.
        uint32_t key = mixed((uint32_t)seed ^ mixed((uint32_t)(seed >> 32) + (uint32_t)(start >> 32)));
        uint32_t low = (uint32_t)start;
        for (long c = 0; c < columns; c++) {
            uint32_t draw = mixed((low + (uint32_t)c) ^ key) >> 8;
            xr[c] *= draw < limit ? 0.0f : keep;
        }
    }
}

VERSIONS double shoken_train_cross_entropy(float *logits, const int32_t *labels, const float *weights,
                                           long rows, long columns, float factor, float cap,
                                           int gradients) {
    double loss = 0;
    for (long r = 0; r < rows; r++) {
        float *restrict z = logits + r * columns;
        float weight = weights ? weights[r] : 1.0f;
        if (cap > 0)
            for (long c = 0; c < columns; c++)
                z[c] = cap * (1.0f - 2.0f / (exponential(z[c] * (2.0f / cap)) + 1.0f));
        float largest = largest_of(z, columns), target = z[labels[r]];
        // A bounded logit is needed again for its slope, so that its exponential is made twice.
        int keeps = cap > 0 && gradients;
        double sum = 0;
        // Blocks bound the error of float sums without slowing the loop.
        for (long start = 0; start < columns; start += 1024) {
            long end = start + 1024 < columns ? start + 1024 : columns;
            float part = 0;
            if (keeps) {
#pragma clang fp reassociate(on) contract(fast)
                for (long c = start; c < end; c++) part += exponential(z[c] - largest);
            } else {
                for (long c = start; c < end; c++) z[c] = exponential(z[c] - largest);
                {
#pragma clang fp reassociate(on) contract(fast)
                    for (long c = start; c < end; c++) part += z[c];
                }
            }
            sum += part;
        }
        loss += weight * (log(sum) + (double)largest - (double)target);
        if (!gradients) continue;
        float inverse = (float)((double)(factor * weight) / sum);
        if (keeps) {
            float t = target / cap;
            float slope = 1.0f - t * t;
            for (long c = 0; c < columns; c++) {
                float u = z[c] / cap;
                z[c] = exponential(z[c] - largest) * inverse * (1.0f - u * u);
            }
            z[labels[r]] -= factor * weight * slope;
        } else {
            for (long c = 0; c < columns; c++) z[c] *= inverse;
            z[labels[r]] -= factor * weight;
        }
    }
    return loss;
}

VERSIONS void shoken_train_epilogue(float *restrict y, const float *bias, const float *residual,
                                    long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        float *restrict yr = y + r * columns;
        if (bias) {
            const float *restrict b = bias;
            for (long c = 0; c < columns; c++) yr[c] += b[c];
        }
        if (residual) {
            const float *restrict x = residual + r * columns;
            for (long c = 0; c < columns; c++) yr[c] += x[c];
        }
    }
}

VERSIONS void shoken_train_scale(const float *x, float *y, float factor, long count, int accumulate) {
    if (accumulate) {
        for (long i = 0; i < count; i++) y[i] += factor * x[i];
    } else {
        for (long i = 0; i < count; i++) y[i] = factor * x[i];
    }
}

VERSIONS void shoken_train_add_scaled(float *restrict y, const float *restrict x, float a, long count) {
    for (long i = 0; i < count; i++) y[i] += a * x[i];
}

VERSIONS double shoken_train_sum_of_squares(const float *x, long count) {
    double total = 0;
    for (long start = 0; start < count; start += 4096) {
        long end = start + 4096 < count ? start + 4096 : count;
        float part = 0;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long i = start; i < end; i++) part += x[i] * x[i];
        }
        total += part;
    }
    return total;
}

VERSIONS void shoken_train_adamw(float *restrict w, const float *restrict gradient,
                           float *restrict mean, float *restrict square, long count, float factor,
                           float rate, float decay, float beta1, float beta2, float epsilon,
                           float correction1, float correction2) {
    float keep = 1.0f - rate * decay, step = rate / correction1;
    float root = 1.0f / sqrtf(correction2);
    for (long i = 0; i < count; i++) {
        float g = gradient[i] * factor;
        float m = beta1 * mean[i] + (1.0f - beta1) * g;
        float v = beta2 * square[i] + (1.0f - beta2) * g * g;
        mean[i] = m;
        square[i] = v;
        w[i] = w[i] * keep - step * m / (__builtin_elementwise_sqrt(v) * root + epsilon);
    }
}
