// SPDX-License-Identifier: Apache-2.0

// What the versions of the block products share: sizes, decoding of 32 elements, 16-bit floats.
#pragma once
#include "Arithmetic.h"
#include "BlockKernels.h"

INLINE uint32_t load16(const uint8_t *p) {
    uint16_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

INLINE uint32_t load32(const uint8_t *p) {
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

// Exponent and fraction in their places in 32 bits stand for the value times 2^-112.
INLINE float half_at(const uint8_t *p) {
    uint32_t word = load16(p);
    uint32_t magnitude = bits_of_float(float_from_bits((word & 0x7fff) << 13) * 0x1p112f);
    uint32_t special = (word & 0x7c00) == 0x7c00 ? 0x7f800000 : 0;
    return float_from_bits(magnitude | special | (word & 0x8000) << 16);
}

INLINE int64_t block_elements(uint32_t format) { return format >= shoken_block_q4_K ? 256 : 32; }

INLINE int64_t block_bytes(uint32_t format) {
    switch (format) {
        case shoken_block_q4_0: return 18;
        case shoken_block_q4_1: return 20;
        case shoken_block_q5_0: return 22;
        case shoken_block_q5_1: return 24;
        case shoken_block_q8_0: return 34;
        case shoken_block_q4_K: return 144;
        case shoken_block_q5_K: return 176;
        case shoken_block_q6_K: return 210;
        default: return 0;
    }
}

// The twelve bytes at `p` of the formats q4_K and q5_K as eight scales and eight minimums, a byte
// each.
struct scales_and_minimums {
    uint8_t scales[8], minimums[8];
};

INLINE struct scales_and_minimums six_bit_scales(const uint8_t *p) {
    uint32_t a = load32(p), b = load32(p + 4), c = load32(p + 8);
    uint32_t words[4] = {
        a & 0x3f3f3f3f,
        (c & 0x0f0f0f0f) | (a >> 2 & 0x30303030),
        b & 0x3f3f3f3f,
        (c >> 4 & 0x0f0f0f0f) | (b >> 2 & 0x30303030),
    };
    struct scales_and_minimums result;
    memcpy(&result, words, sizeof result);
    return result;
}

// 32 elements: element i is values[i] * scale[i / 16] - minimum.
struct elements {
    int8_t values[32];
    float scale[2], minimum;
};

// Elements 32 * part and following of the block at `p`; `part` is 0 but in the K formats. A K
// format has its scales as products with that of the block, rounded as ggml rounds.
INLINE void decode_elements(
    const uint32_t format, const uint8_t *p, int64_t part, struct elements *e) {
    e->minimum = 0;
    int8_t *v = e->values;
    switch (format) {
        case shoken_block_q8_0:
            e->scale[0] = e->scale[1] = half_at(p);
            memcpy(v, p + 2, 32);
            break;
        case shoken_block_q4_0:
            e->scale[0] = e->scale[1] = half_at(p);
            for (int i = 0; i < 16; i++) {
                v[i] = (int8_t)((p[2 + i] & 15) - 8);
                v[i + 16] = (int8_t)((p[2 + i] >> 4) - 8);
            }
            break;
        case shoken_block_q4_1:
            e->scale[0] = e->scale[1] = half_at(p);
            e->minimum = -half_at(p + 2);
            for (int i = 0; i < 16; i++) {
                v[i] = (int8_t)(p[4 + i] & 15);
                v[i + 16] = (int8_t)(p[4 + i] >> 4);
            }
            break;
        case shoken_block_q5_0:
        case shoken_block_q5_1: {
            const int with_minimum = format == shoken_block_q5_1;
            const uint8_t *fifth = p + (with_minimum ? 4 : 2), *low = fifth + 4;
            const int zero = with_minimum ? 0 : 16;
            uint32_t bits = load32(fifth);
            e->scale[0] = e->scale[1] = half_at(p);
            if (with_minimum) e->minimum = -half_at(p + 2);
            for (int i = 0; i < 16; i++) {
                v[i] = (int8_t)(((low[i] & 15) | (bits >> i & 1) << 4) - zero);
                v[i + 16] = (int8_t)(((low[i] >> 4) | (bits >> (i + 16) & 1) << 4) - zero);
            }
            break;
        }
        case shoken_block_q4_K:
        case shoken_block_q5_K: {
            struct scales_and_minimums s = six_bit_scales(p + 4);
            e->scale[0] = e->scale[1] = half_at(p) * s.scales[part];
            e->minimum = half_at(p + 2) * s.minimums[part];
            const int shift = part % 2 ? 4 : 0;
            const uint8_t *low = p + (format == shoken_block_q4_K ? 16 : 48) + part / 2 * 32;
            for (int i = 0; i < 32; i++) v[i] = (int8_t)(low[i] >> shift & 15);
            if (format == shoken_block_q5_K)
                for (int i = 0; i < 32; i++) v[i] |= (int8_t)((p[16 + i] >> part & 1) << 4);
            break;
        }
        case shoken_block_q6_K: {
            int64_t half = part / 4, quarter = part % 4;
            const uint8_t *low = p + half * 64 + quarter % 2 * 32, *high = p + 128 + half * 32;
            const int low_shift = quarter < 2 ? 0 : 4, high_shift = (int)quarter * 2;
            float d = half_at(p + 208);
            e->scale[0] = d * (int8_t)p[192 + part * 2];
            e->scale[1] = d * (int8_t)p[192 + part * 2 + 1];
            for (int i = 0; i < 32; i++)
                v[i] =
                    (int8_t)(((low[i] >> low_shift & 15) | (high[i] >> high_shift & 3) << 4) - 32);
            break;
        }
    }
}

// The bits of 2^-120: of largest values below, the inverse would be infinite.
enum { SMALLEST_SCALED = 0x03800000 };

// 32 activations as whole numbers and their scale. Every version rounds like this one.
INLINE void quantise_32(const float *x, float *scale, int8_t values[32]) {
#pragma clang fp contract(off)
    // As whole numbers, magnitudes compare like floats, and what is no number is above all.
    uint32_t largest = 0;
    for (int i = 0; i < 32; i++) {
        uint32_t magnitude = bits_of_float(x[i]) & 0x7fffffff;
        largest = magnitude > largest ? magnitude : largest;
    }
    const float top = largest < SMALLEST_SCALED ? 0 : float_from_bits(largest);
    const float inverse = top == 0 ? 0 : 127.0f / top;
    // What is added is nothing, or no number if the largest is infinite.
    *scale = top / 127.0f + (top - top);
    for (int i = 0; i < 32; i++) {
        // The sum with 1.5 * 2^23 has the nearest whole number, ties to even, in its low bits.
        values[i] = (int8_t)(uint8_t)bits_of_float(x[i] * inverse + 12582912.0f);
    }
}

// 32 activations as the portable and the AVX2 version read them.
struct plain_activations {
    // Of the values; and their sum times it.
    float scale, scaled_sum;
    int8_t values[32];
};

INLINE void quantise_plain(const float *x, int64_t columns, uint8_t *out) {
    for (int64_t i = 0; i < columns / 32; i++) {
        struct plain_activations a;
        quantise_32(x + i * 32, &a.scale, a.values);
        int32_t sum = 0;
        for (int j = 0; j < 32; j++) sum += a.values[j];
        a.scaled_sum = (float)sum * a.scale;
        memcpy(out + i * (int64_t)sizeof a, &a, sizeof a);
    }
}

// The versions. A table's entries take and give what the functions of BlockKernels.h do; one row is
// quantised at a time, products take at most eight rows of activations.
struct block_version {
    void (*quantise)(uint32_t format, const float *x, int64_t columns, uint8_t *out);
    void (*product)(
        uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
        const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y,
        int64_t y_stride, int accumulate);
    void (*widen_float32)(uint32_t format, const uint8_t *row, int64_t columns, float *out);
};

extern const struct block_version shoken_block_portable;
#if defined(__x86_64__)
extern const struct block_version shoken_block_avx2;
extern const struct block_version shoken_block_avx512;
#endif

INLINE void store_result(float *y, float value, int accumulate) {
    *y = accumulate ? *y + value : value;
}

// Calls `body` with each format in turn as a constant, so that the compiler makes a version for it.
#define FOR_FORMAT(format, body)                                \
    switch (format) {                                           \
        case shoken_block_q4_0: body(shoken_block_q4_0); break; \
        case shoken_block_q4_1: body(shoken_block_q4_1); break; \
        case shoken_block_q5_0: body(shoken_block_q5_0); break; \
        case shoken_block_q5_1: body(shoken_block_q5_1); break; \
        case shoken_block_q8_0: body(shoken_block_q8_0); break; \
        case shoken_block_q4_K: body(shoken_block_q4_K); break; \
        case shoken_block_q5_K: body(shoken_block_q5_K); break; \
        case shoken_block_q6_K: body(shoken_block_q6_K); break; \
    }

// A row of blocks as floats; what each version compiles for its own instructions.
INLINE void widen_row_float32(
    const uint32_t format, const uint8_t *row, int64_t columns, float *out) {
    const int64_t parts = block_elements(format) / 32;
    for (int64_t block = 0; block < columns / block_elements(format); block++) {
        // Only shifts by a constant become wide.
        _Pragma("clang loop unroll(full)") for (int64_t part = 0; part < parts; part++) {
            struct elements e;
            decode_elements(format, row + block * block_bytes(format), part, &e);
            for (int i = 0; i < 32; i++) out[i] = (float)e.values[i] * e.scale[i / 16] - e.minimum;
            out += 32;
        }
    }
}
