// SPDX-License-Identifier: Apache-2.0

// Arithmetic that the kernels of serving and of training share: one formula each.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

// Compiles a function several times over; the loader picks the widest version that the CPU has.
#if defined(__x86_64__) && defined(__linux__)
#define VERSIONS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VERSIONS
#endif
// What becomes part of each version of a function that calls it.
#define INLINE static inline __attribute__((always_inline))

// Sixteen elements at a time: one AVX-512 register, or as many narrower ones as the version has.
enum { WIDTH = 16 };
// Of a loop in which an element's work touches no other element, though results may lie where the
// arguments do.
#define EACH_ELEMENT _Pragma("clang loop vectorize(assume_safety) vectorize_width(16)")
// The same without taking several steps at once, which would leave more over for one by one.
#define EACH_SIXTEEN \
    _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")
// The same of a loop so light that the compiler should choose, lest short rows go one by one.
#define EACH_LIGHT _Pragma("clang loop vectorize(assume_safety)")

INLINE float float_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint32_t bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// exp(x) = 2^n * exp(r), r = x - n ln 2 in two parts (Cody and Waite), |r| <= ln 2 / 2; the
// polynomial is that of Cephes expf, within 2e-7 of the value. The sum with 1.5 * 2^23 rounds to
// the nearest whole number. Processors are slow with numbers below 2^-126, which both bounds keep
// rare: below -87.69 n is -127, which makes the power and the result exactly 0, so that no tiny
// weight of a softmax slows the products that follow; above 88 exp(88) is held, so that 2 / exp(x)
// is no such number.
INLINE float exponential(float x) {
#pragma clang fp contract(fast)
    x = x < -88.0f ? -88.0f : x;
    x = x > 88.0f ? 88.0f : x;
    float n = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
    float r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + (r + 1.0f);
    return p * float_from_bits((uint32_t)((int32_t)n + 127) << 23);
}

// tanh(z) = 1 - 2 / (exp(2z) + 1).
INLINE float hyperbolic_tangent(float z) { return 1.0f - 2.0f / (exponential(2.0f * z) + 1.0f); }

INLINE float sum_of_values(const float *x, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float sum = 0;
    for (int64_t i = 0; i < count; i++) sum += x[i];
    return sum;
}

// Sum of (x[i] - middle)^2.
INLINE float sum_of_squares(const float *x, int64_t count, float middle) {
#pragma clang fp reassociate(on) contract(fast)
    float sum = 0;
    for (int64_t i = 0; i < count; i++) sum += (x[i] - middle) * (x[i] - middle);
    return sum;
}

INLINE float dot_product(const float *x, const float *y, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float sum = 0;
    for (int64_t i = 0; i < count; i++) sum += x[i] * y[i];
    return sum;
}

// The largest of some values, -infinity of none. The compiler does not reorder comparisons by
// itself, hence sixteen largest so far, spelled out. A row of sixteen or more ends with a step that
// overlaps the one before.
INLINE float largest_of(const float *x, int64_t count) {
    typedef float floats __attribute__((vector_size(WIDTH * sizeof(float))));
    if (count < WIDTH) {
        float largest = -INFINITY;
        for (int64_t i = 0; i < count; i++) largest = x[i] > largest ? x[i] : largest;
        return largest;
    }
    floats tops, next;
    memcpy(&tops, x + count - WIDTH, sizeof tops);
    for (int64_t i = 0; i + WIDTH <= count; i += WIDTH) {
        memcpy(&next, x + i, sizeof next);
        tops = __builtin_elementwise_max(tops, next);
    }
    return __builtin_reduce_max(tops);
}

// x[i] = exp((x[i] - largest) * factor), and the sum of those from `first` on.
INLINE float exp_and_sum(float *x, int64_t count, float largest, float factor, int64_t first) {
#pragma clang fp reassociate(on)
    float total = 0;
    EACH_SIXTEEN
    for (int64_t i = 0; i < count; i++) {
        float e = exponential((x[i] - largest) * factor);
        x[i] = e;
        total += i >= first ? e : 0;
    }
    return total;
}

// x[i] = exp((x[i] - m) * factor), m the largest, which it gives back; their sum in `sum`.
INLINE float exp_below_largest(float *x, int64_t count, float factor, float *sum) {
    float largest = largest_of(x, count);
    if (count < WIDTH) {
        *sum = exp_and_sum(x, count, largest, factor, 0);
        return largest;
    }
    // The last sixteen are set aside while they are what they were, and written once more, equal
    // where they overlap; their end, one by one, would take as long as ten times as many.
    float end[WIDTH];
    memcpy(end, x + count - WIDTH, sizeof end);
    int64_t whole = count / WIDTH * WIDTH;
    float total = exp_and_sum(x, whole, largest, factor, 0);
    total += exp_and_sum(end, WIDTH, largest, factor, WIDTH - (count - whole));
    memcpy(x + count - WIDTH, end, sizeof end);
    *sum = total;
    return largest;
}
