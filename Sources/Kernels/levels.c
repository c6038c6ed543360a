// SPDX-License-Identifier: Apache-2.0
#include "Arithmetic.h"
#include "LevelKernels.h"

#define PARTS 16

#pragma STDC FP_CONTRACT OFF

// Bounded first, so that adding 1.5 * 2^23 rounds to whole numbers, ties to even; a value that is
// no number falls on a bound.
INLINE float level(float x, float inverse, float offset, float low, float high) {
    float l = (x - offset) * inverse;
    l = l > low ? l : low;
    l = l < high ? l : high;
    return (l + 12582912.0f) - 12582912.0f;
}

INLINE float total(const float *parts) {
    float sum = 0;
    for (int j = 0; j < PARTS; j++) sum += parts[j];
    return sum;
}

VERSIONS void shoken_level_sums(
    const float *x, int64_t count, float inverse, float offset, float low, float high,
    float *sums) {
    float first[PARTS] = {0}, squares[PARTS] = {0}, products[PARTS] = {0};
    for (int64_t i = 0; i + PARTS <= count; i += PARTS) {
        for (int j = 0; j < PARTS; j++) {
            float l = level(x[i + j], inverse, offset, low, high);
            first[j] += l;
            squares[j] += l * l;
            products[j] += l * x[i + j];
        }
    }
    sums[0] = total(first);
    sums[1] = total(squares);
    sums[2] = total(products);
}

VERSIONS float shoken_level_error(
    const float *x, int64_t count, float scale, float offset, float low, float high) {
    float inverse = 1 / scale;
    float squares[PARTS] = {0};
    for (int64_t i = 0; i + PARTS <= count; i += PARTS) {
        for (int j = 0; j < PARTS; j++) {
            float l = level(x[i + j], inverse, offset, low, high);
            float difference = scale * l + offset - x[i + j];
            squares[j] += difference * difference;
        }
    }
    return total(squares);
}

VERSIONS void shoken_levels(
    const float *x, int64_t count, float inverse, float offset, float low, float high,
    uint8_t *levels) {
    for (int64_t i = 0; i < count; i++)
        levels[i] = (uint8_t)(int)(level(x[i], inverse, offset, low, high) - low);
}

VERSIONS void shoken_level_range(const float *x, int64_t count, float *range) {
    float largest[PARTS], smallest[PARTS], first[PARTS] = {0}, squares[PARTS] = {0};
    for (int j = 0; j < PARTS; j++) largest[j] = smallest[j] = x[j];
    for (int64_t i = 0; i + PARTS <= count; i += PARTS) {
        for (int j = 0; j < PARTS; j++) {
            float value = x[i + j];
            largest[j] = value > largest[j] ? value : largest[j];
            smallest[j] = value < smallest[j] ? value : smallest[j];
            first[j] += value;
            squares[j] += value * value;
        }
    }
    range[0] = largest[0];
    range[1] = smallest[0];
    for (int j = 1; j < PARTS; j++) {
        range[0] = largest[j] > range[0] ? largest[j] : range[0];
        range[1] = smallest[j] < range[1] ? smallest[j] : range[1];
    }
    range[2] = total(first);
    range[3] = total(squares);
}
