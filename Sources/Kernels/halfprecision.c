// SPDX-License-Identifier: Apache-2.0

// 16-bit floats.
#include "Arithmetic.h"
#include "Kernels.h"

// Exponent and fraction moved to their places in 32 bits stand for the value times 2^-112; the
// product puts that right for subnormal numbers too. What was infinite or no number stays so.
VERSIONS void shoken_widen_float16(const uint16_t *words, float *values, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t word = words[i];
        uint32_t magnitude = bits_of_float(float_from_bits((word & 0x7fff) << 13) * 0x1p112f);
        uint32_t special = (word & 0x7c00) == 0x7c00 ? 0x7f800000 : 0;
        values[i] = float_from_bits(magnitude | special | (word & 0x8000) << 16);
    }
}

VERSIONS void shoken_widen_bfloat16(const uint16_t *words, float *values, int64_t count) {
    for (int64_t i = 0; i < count; i++) values[i] = float_from_bits((uint32_t)words[i] << 16);
}

// Adding and taking away a power of two rounds at the last bit that a half has, which for
// subnormal halves is 2^-24; the processor's own rounding is to nearest, ties to even.
INLINE uint16_t narrow_float16(float value) {
    uint32_t bits = bits_of_float(value);
    uint32_t sign = bits >> 16 & 0x8000;
    uint32_t magnitude = bits & 0x7fffffff;
    // Below 2^-14: round to multiples of 2^-24.
    uint32_t subnormal = bits_of_float(float_from_bits(magnitude) + 0.5f) - 0x3f000000;
    // Else: round the fraction to ten bits, the carry going into the exponent.
    uint32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1) - 0x38000000) >> 13;
    uint32_t result = magnitude < 0x38800000 ? subnormal : normal;
    result = magnitude >= 0x477ff000 ? 0x7c00 : result;
    result = magnitude > 0x7f800000 ? 0x7e00 : result;
    return (uint16_t)(result | sign);
}

VERSIONS void shoken_narrow_float16(const float *values, uint16_t *words, int64_t count) {
    for (int64_t i = 0; i < count; i++) words[i] = narrow_float16(values[i]);
}

VERSIONS void shoken_narrow_bfloat16(const float *values, uint16_t *words, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits = bits_of_float(values[i]);
        uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
        words[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? (bits >> 16 | 0x40) : rounded);
    }
}
