// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

// What the search for a block's scale does again and again: round values to whole levels and see
// how well they fit. `count` is a multiple of 16. Sums are taken in sixteen parts whatever the CPU,
// and no product is joined with an addition, so that a file has the same bytes wherever it is made.

/// Levels l[i] = nearest whole number to (x[i] - offset) * inverse, within low..high; `sums`
/// becomes the sums of l, of l * l and of l * x.
void shoken_level_sums(
    const float *x, int64_t count, float inverse, float offset, float low, float high, float *sums);

/// Sum of (scale * l[i] + offset - x[i])^2 with the levels as above, inverse being 1 / scale.
float shoken_level_error(
    const float *x, int64_t count, float scale, float offset, float low, float high);

/// The levels themselves, less `low`, as bytes.
void shoken_levels(
    const float *x, int64_t count, float inverse, float offset, float low, float high,
    uint8_t *levels);

/// Largest and smallest value, and sum of x and of x * x.
void shoken_level_range(const float *x, int64_t count, float *range);
