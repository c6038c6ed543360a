// SPDX-License-Identifier: Apache-2.0

// Steps of training: dropout, the loss of a vocabulary, sums and the optimizer.
#include "Arithmetic.h"
#include "Kernels.h"

// The finaliser of MurmurHash3.
INLINE uint32_t mixed(uint32_t x) {
    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    return x ^ (x >> 16);
}

VERSIONS void shoken_train_dropout(
    float *x, int64_t rows, int64_t columns, int64_t row_stride, uint64_t seed, uint64_t first,
    float probability) {
    float keep = 1.0f / (1.0f - probability);
    // 24 bits of the draw against the same 24 bits of the probability.
    uint32_t limit = (uint32_t)(probability * 16777216.0f);
    for (int64_t r = 0; r < rows; r++) {
        float *restrict xr = x + r * row_stride;
        uint64_t start = first + (uint64_t)(r * columns);
        // The high part of the number enters the key, the low part counts along the row.
        uint32_t key =
            mixed((uint32_t)seed ^ mixed((uint32_t)(seed >> 32) + (uint32_t)(start >> 32)));
        uint32_t low = (uint32_t)start;
        for (int64_t c = 0; c < columns; c++) {
            uint32_t draw = mixed((low + (uint32_t)c) ^ key) >> 8;
            xr[c] *= draw < limit ? 0.0f : keep;
        }
    }
}

// Sum of exp(x[i] - largest).
INLINE float sum_of_exp(const float *x, int64_t count, float largest) {
#pragma clang fp reassociate(on)
    float sum = 0;
    for (int64_t i = 0; i < count; i++) sum += exponential(x[i] - largest);
    return sum;
}

VERSIONS double shoken_train_cross_entropy(
    float *logits, const int32_t *labels, const float *weights, int64_t rows, int64_t columns,
    float factor, float cap, int gradients) {
    double loss = 0;
    for (int64_t r = 0; r < rows; r++) {
        float *restrict z = logits + r * columns;
        float weight = weights ? weights[r] : 1.0f;
        if (cap > 0)
            for (int64_t c = 0; c < columns; c++)
                z[c] = cap * hyperbolic_tangent(z[c] * (1.0f / cap));
        float largest = largest_of(z, columns), target = z[labels[r]];
        // A bounded logit is needed again for its slope, so that its exponential is made twice.
        int keeps = cap > 0 && gradients;
        double sum = 0;
        // Blocks bound the error of float sums without slowing the loop.
        for (int64_t start = 0; start < columns; start += 1024) {
            int64_t end = start + 1024 < columns ? start + 1024 : columns;
            sum += keeps ? sum_of_exp(z + start, end - start, largest)
                         : exp_and_sum(z + start, end - start, largest, 1, 0);
        }
        loss += weight * (log(sum) + (double)largest - (double)target);
        if (!gradients) continue;
        float inverse = (float)((double)(factor * weight) / sum);
        if (keeps) {
            float t = target / cap;
            float slope = 1.0f - t * t;
            for (int64_t c = 0; c < columns; c++) {
                float u = z[c] / cap;
                z[c] = exponential(z[c] - largest) * inverse * (1.0f - u * u);
            }
            z[labels[r]] -= factor * weight * slope;
        } else {
            for (int64_t c = 0; c < columns; c++) z[c] *= inverse;
            z[labels[r]] -= factor * weight;
        }
    }
    return loss;
}

VERSIONS void shoken_train_epilogue(
    float *restrict y, const float *bias, const float *residual, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) {
        float *restrict yr = y + r * columns;
        if (bias) {
            const float *restrict b = bias;
            for (int64_t c = 0; c < columns; c++) yr[c] += b[c];
        }
        if (residual) {
            const float *restrict x = residual + r * columns;
            for (int64_t c = 0; c < columns; c++) yr[c] += x[c];
        }
    }
}

VERSIONS double shoken_train_sum_of_squares(const float *x, int64_t count) {
    double total = 0;
    for (int64_t start = 0; start < count; start += 4096) {
        int64_t end = start + 4096 < count ? start + 4096 : count;
        total += sum_of_squares(x + start, end - start, 0);
    }
    return total;
}

VERSIONS void shoken_train_adamw(
    float *restrict w, const float *restrict gradient, float *restrict mean, float *restrict square,
    int64_t count, float factor, float rate, float decay, float beta1, float beta2, float epsilon,
    float correction1, float correction2) {
    float keep = 1.0f - rate * decay, step = rate / correction1;
    float root = 1.0f / sqrtf(correction2);
    for (int64_t i = 0; i < count; i++) {
        float g = gradient[i] * factor;
        float m = beta1 * mean[i] + (1.0f - beta1) * g;
        float v = beta2 * square[i] + (1.0f - beta2) * g * g;
        mean[i] = m;
        square[i] = v;
        w[i] = w[i] * keep - step * m / (__builtin_elementwise_sqrt(v) * root + epsilon);
    }
}
