#include "TrainingKernels.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define VERSIONS __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define VERSIONS
#endif

// Cephes expf: relative error about 1e-7, arguments below -87 give 0.
static inline __attribute__((always_inline)) float exponential(float x) {
    float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
    // 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
    float shifted = clamped * 1.44269504088896341f + 12582912.0f;
    float n = shifted - 12582912.0f;
    float r = clamped - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    union {
        float f;
        int32_t i;
    } bits = {.f = shifted}, power;
    power.i = (bits.i - 0x4B400000 + 127) << 23;
    float y = p * power.f;
    return x < -87.0f ? 0.0f : y;
}

// The largest of at least one value, in lanes: a maximum is not reordered by the compiler itself.
static inline __attribute__((always_inline)) float largest_of(const float *x, long count) {
    float lanes[32];
    for (int l = 0; l < 32; l++) lanes[l] = x[0];
    long i = 0;
    for (; i + 32 <= count; i += 32)
        for (int l = 0; l < 32; l++) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
    float largest = x[0];
    for (int l = 0; l < 32; l++) largest = lanes[l] > largest ? lanes[l] : largest;
    for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    return largest;
}

static inline __attribute__((always_inline)) uint32_t mixed(uint32_t x) {
    // The finaliser of MurmurHash3.
    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    return x ^ (x >> 16);
}

VERSIONS void shoken_train_rms_norm(const float *x, const float *gain, float *y, float *inverse,
                              long rows, long width, float epsilon) {
    for (long r = 0; r < rows; r++) {
        const float *xr = x + r * width;
        float *yr = y + r * width;
        float sum = 0;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < width; c++) sum += xr[c] * xr[c];
        }
        float scale = 1.0f / sqrtf(sum / (float)width + epsilon);
        inverse[r] = scale;
        for (long c = 0; c < width; c++) yr[c] = xr[c] * scale * gain[c];
    }
}

VERSIONS void shoken_train_rms_norm_backward(const float *x, const float *gain, const float *inverse,
                                       const float *dy, float *dx, float *dgain, long rows,
                                       long width) {
    for (long r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict dyr = dy + r * width;
        float *restrict dxr = dx + r * width, *restrict dg = dgain;
        float scale = inverse[r], sum = 0;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < width; c++) sum += dyr[c] * gain[c] * xr[c];
        }
        float along = sum * scale * scale * scale / (float)width;
        for (long c = 0; c < width; c++) {
            dxr[c] += dyr[c] * gain[c] * scale - xr[c] * along;
            dg[c] += dyr[c] * xr[c] * scale;
        }
    }
}

VERSIONS void shoken_train_rotate(float *x, const int32_t *positions, const float *cosine,
                            const float *sine, long rows, long heads, long head_width,
                            float direction) {
    long half = head_width / 2;
    for (long r = 0; r < rows; r++) {
        const float *restrict co = cosine + (long)positions[r] * half;
        const float *restrict si = sine + (long)positions[r] * half;
        for (long h = 0; h < heads; h++) {
            float *restrict first = x + (r * heads + h) * head_width;
            float *restrict second = first + half;
            for (long i = 0; i < half; i++) {
                float a = first[i], b = second[i], s = si[i] * direction;
                first[i] = a * co[i] - b * s;
                second[i] = b * co[i] + a * s;
            }
        }
    }
}

VERSIONS void shoken_train_silu(const float *restrict x, float *restrict y, long count) {
    for (long i = 0; i < count; i++) y[i] = x[i] / (1.0f + exponential(-x[i]));
}

VERSIONS void shoken_train_silu_backward(const float *restrict x, float *restrict dy, long count) {
    for (long i = 0; i < count; i++) {
        float s = 1.0f / (1.0f + exponential(-x[i]));
        dy[i] = dy[i] * s * (1.0f + x[i] * (1.0f - s));
    }
}

static inline long visible_columns(long row, long columns, long first_visible, int causal) {
    if (!causal) return columns;
    long visible = first_visible + row;
    return visible < columns ? visible : columns;
}

VERSIONS void shoken_train_attention_softmax(float *scores, float *log_sum, long log_sum_stride,
                                       long rows, long columns, long row_stride,
                                       long first_visible, int causal, float scale) {
    for (long r = 0; r < rows; r++) {
        float *restrict s = scores + r * row_stride;
        long visible = visible_columns(r, columns, first_visible, causal);
        float largest = largest_of(s, visible), sum = 0;
        for (long c = 0; c < visible; c++) s[c] = exponential((s[c] - largest) * scale);
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < visible; c++) sum += s[c];
        }
        float inverse = 1.0f / sum;
        for (long c = 0; c < visible; c++) s[c] *= inverse;
        for (long c = visible; c < columns; c++) s[c] = 0;
        log_sum[r * log_sum_stride] = largest * scale + logf(sum);
    }
}

VERSIONS void shoken_train_attention_probabilities(float *scores, const float *log_sum,
                                             long log_sum_stride, long rows, long columns,
                                             long row_stride, long first_visible, int causal,
                                             float scale) {
    for (long r = 0; r < rows; r++) {
        float *restrict s = scores + r * row_stride;
        long visible = visible_columns(r, columns, first_visible, causal);
        float shift = log_sum[r * log_sum_stride];
        for (long c = 0; c < visible; c++) s[c] = exponential(s[c] * scale - shift);
        for (long c = visible; c < columns; c++) s[c] = 0;
    }
}

VERSIONS void shoken_train_attention_softmax_backward(const float *probability, float *dprobability,
                                                const float *row_dot, long row_dot_stride,
                                                long rows, long columns, long row_stride,
                                                float scale) {
    for (long r = 0; r < rows; r++) {
        const float *restrict p = probability + r * row_stride;
        float *restrict d = dprobability + r * row_stride;
        float dot = row_dot[r * row_dot_stride];
        for (long c = 0; c < columns; c++) d[c] = p[c] * (d[c] - dot) * scale;
    }
}

VERSIONS void shoken_train_head_dots(const float *a, const float *b, float *dot, long rows, long heads,
                               long head_width) {
    for (long r = 0; r < rows * heads; r++) {
        const float *restrict x = a + r * head_width, *restrict y = b + r * head_width;
        float sum = 0;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < head_width; c++) sum += x[c] * y[c];
        }
        dot[r] = sum;
    }
}

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

VERSIONS double shoken_train_cross_entropy(float *logits, const int32_t *labels, long rows,
                                     long columns, float factor) {
    double loss = 0;
    for (long r = 0; r < rows; r++) {
        float *restrict z = logits + r * columns;
        float largest = largest_of(z, columns), target = z[labels[r]];
        double sum = 0;
        // Blocks bound the error of float sums without slowing the loop.
        for (long start = 0; start < columns; start += 1024) {
            long end = start + 1024 < columns ? start + 1024 : columns;
            float part = 0;
            for (long c = start; c < end; c++) z[c] = exponential(z[c] - largest);
            {
#pragma clang fp reassociate(on) contract(fast)
                for (long c = start; c < end; c++) part += z[c];
            }
            sum += part;
        }
        float inverse = (float)(factor / sum);
        for (long c = 0; c < columns; c++) z[c] *= inverse;
        z[labels[r]] -= factor;
        loss += log(sum) + (double)largest - (double)target;
    }
    return loss;
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
