// SPDX-License-Identifier: Apache-2.0

// The functions of BlockKernels.h: which version runs, and how rows of activations are divided.
#include "BlockFormats.h"

static const struct block_version *version_of(int level) {
#if defined(__x86_64__)
    switch (level) {
        case shoken_cpu_avx512: return &shoken_block_avx512;
        case shoken_cpu_avx2: return &shoken_block_avx2;
    }
#endif
    (void)level;
    return &shoken_block_portable;
}

int shoken_block_product_available(uint32_t format) { return block_bytes(format) != 0; }

int64_t shoken_block_elements(uint32_t format) { return block_elements(format); }

int64_t shoken_block_bytes(uint32_t format) { return block_bytes(format); }

// A row ends with a line whose first byte is the set of CPU features that it was made for.
enum { LEVEL_LINE = 64 };

// For 256 elements, 384 bytes suffice in every form: 320 of the plain one, 352 at most of AVX-512.
int64_t shoken_block_activation_bytes(uint32_t format, int64_t columns) {
    (void)format;
    return (columns + 255) / 256 * 384 + LEVEL_LINE;
}

void shoken_block_quantise(
    uint32_t format, const float *x, int64_t columns, int64_t count, int64_t x_stride,
    uint8_t *out) {
    int level = shoken_cpu_level();
    int64_t bytes = shoken_block_activation_bytes(format, columns);
    for (int64_t i = 0; i < count; i++) {
        version_of(level)->quantise(format, x + i * x_stride, columns, out + i * bytes);
        out[(i + 1) * bytes - LEVEL_LINE] = (uint8_t)level;
    }
}

// How many of the rows from `first` on are of the same form, at most eight.
static int64_t rows_alike(const uint8_t *activations, int64_t bytes, int64_t first, int64_t count) {
    const uint8_t *level = activations + (first + 1) * bytes - LEVEL_LINE;
    int64_t alike = 1;
    while (alike < 8 && first + alike < count && level[alike * bytes] == *level) alike++;
    return alike;
}

void shoken_block_product(
    uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
    const uint8_t *activations, int64_t count, float *y, int64_t y_stride, int accumulate) {
    int64_t bytes = shoken_block_activation_bytes(format, columns), some;
    for (int64_t first = 0; first < count; first += some) {
        some = rows_alike(activations, bytes, first, count);
        version_of(activations[(first + 1) * bytes - LEVEL_LINE])
            ->product(
                format, weights, row_bytes, rows, columns, activations + first * bytes, bytes, some,
                y + first * y_stride, y_stride, accumulate);
    }
}

void shoken_block_widen_float32(uint32_t format, const uint8_t *row, int64_t columns, float *out) {
    version_of(shoken_cpu_level())->widen_float32(format, row, columns, out);
}
