// Small functions that the kernels of training share.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define VERSIONS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
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
