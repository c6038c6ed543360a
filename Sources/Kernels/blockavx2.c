// SPDX-License-Identifier: Apache-2.0

// Block products with AVX2, FMA and F16C; a block of 32 elements is one register of bytes.
#if defined(__x86_64__)
#include <immintrin.h>

#include "BlockFormats.h"

#define FEATURES "avx2,fma,f16c"
#define WIDE __attribute__((target(FEATURES)))
#define WIDE_INLINE static inline __attribute__((always_inline, target(FEATURES)))
#define UNROLL _Pragma("clang loop unroll(full)")

WIDE static void quantise(uint32_t format, const float *x, int64_t columns, uint8_t *out) {
    (void)format;
    quantise_plain(x, columns, out);
}

// 32 elements: element i is values[i] * scale - minimum; in q6_K times sixteens[i / 16], too.
struct weights {
    __m256i values;
    // Eight whole numbers each of 16 bits for the first and for the second sixteen elements, in the
    // order in which `vpmaddubsw` leaves its sums.
    __m256i sixteens;
    float scale, minimum;
};

// The low nibbles of sixteen bytes, then the high ones.
WIDE_INLINE __m256i nibbles(const uint8_t *p) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    __m256i both =
        _mm256_inserti128_si256(_mm256_castsi128_si256(bytes), _mm_srli_epi16(bytes, 4), 1);
    return _mm256_and_si256(both, _mm256_set1_epi8(15));
}

// 16 in byte i where bit i of the 32 is set.
WIDE_INLINE __m256i fifth_bits(const uint8_t *p) {
    const __m256i byte_of =
        _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit_of = _mm256_set1_epi64x((int64_t)0x8040201008040201);
    __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32((int)load32(p)), byte_of);
    __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit_of), bit_of);
    return _mm256_and_si256(set, _mm256_set1_epi8(16));
}

WIDE_INLINE float half(const uint8_t *p) { return _cvtsh_ss((unsigned short)load16(p)); }

WIDE_INLINE __m256i load(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

// Elements 32 * part and following of the block at `p`, as `decode_elements` has them.
WIDE_INLINE void load_weights(
    const uint32_t format, const uint8_t *p, const int part, struct weights *w) {
    switch (format) {
        case shoken_block_q8_0:
            w->scale = half(p);
            w->values = load(p + 2);
            break;
        case shoken_block_q4_0:
            w->scale = half(p);
            w->values = _mm256_sub_epi8(nibbles(p + 2), _mm256_set1_epi8(8));
            break;
        case shoken_block_q4_1:
            w->scale = half(p);
            w->minimum = -half(p + 2);
            w->values = nibbles(p + 4);
            break;
        case shoken_block_q5_0:
            w->scale = half(p);
            w->values = _mm256_sub_epi8(
                _mm256_or_si256(nibbles(p + 6), fifth_bits(p + 2)), _mm256_set1_epi8(16));
            break;
        case shoken_block_q5_1:
            w->scale = half(p);
            w->minimum = -half(p + 2);
            w->values = _mm256_or_si256(nibbles(p + 8), fifth_bits(p + 4));
            break;
        case shoken_block_q4_K:
        case shoken_block_q5_K: {
            struct scales_and_minimums s = six_bit_scales(p + 4);
            w->scale = half(p) * s.scales[part];
            w->minimum = half(p + 2) * s.minimums[part];
            __m256i bytes = load(p + (format == shoken_block_q4_K ? 16 : 48) + part / 2 * 32);
            if (part % 2) bytes = _mm256_srli_epi16(bytes, 4);
            w->values = _mm256_and_si256(bytes, _mm256_set1_epi8(15));
            if (format == shoken_block_q5_K) {
                __m256i bit = _mm256_set1_epi8((char)(1 << part));
                __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(load(p + 16), bit), bit);
                w->values = _mm256_or_si256(w->values, _mm256_and_si256(set, _mm256_set1_epi8(16)));
            }
            break;
        }
        case shoken_block_q6_K: {
            const int quarter = part % 4;
            __m256i low = load(p + part / 4 * 64 + quarter % 2 * 32);
            __m256i high = load(p + 128 + part / 4 * 32);
            low = _mm256_and_si256(
                quarter < 2 ? low : _mm256_srli_epi16(low, 4), _mm256_set1_epi8(15));
            high = _mm256_and_si256(
                quarter == 0   ? _mm256_slli_epi16(high, 4)
                : quarter == 1 ? _mm256_slli_epi16(high, 2)
                : quarter == 2 ? high
                               : _mm256_srli_epi16(high, 2),
                _mm256_set1_epi8(0x30));
            w->values = _mm256_sub_epi8(_mm256_or_si256(low, high), _mm256_set1_epi8(32));
            w->scale = half(p + 208);
            __m128i first = _mm_set1_epi16((int8_t)p[192 + part * 2]);
            w->sixteens = _mm256_inserti128_si256(
                _mm256_castsi128_si256(first), _mm_set1_epi16((int8_t)p[193 + part * 2]), 1);
            break;
        }
    }
}

INLINE int has_minimum(uint32_t format) {
    return format == shoken_block_q4_1 || format == shoken_block_q5_1 ||
           format == shoken_block_q4_K || format == shoken_block_q5_K;
}

WIDE_INLINE __m256 add_block(
    const uint32_t format, const struct weights *w, const uint8_t *activations, __m256 sum,
    float *minimums) {
    float scale, scaled_sum;
    memcpy(&scale, activations, 4);
    __m256i a = load(activations + 8);
    __m256i pairs;
    if (has_minimum(format)) {
        memcpy(&scaled_sum, activations + 4, 4);
        *minimums -= w->minimum * scaled_sum;
        pairs = _mm256_maddubs_epi16(w->values, a);
    } else {
        // The first factor is without sign, hence the weights' signs go to the activations. A pair
        // is at most 2 * 128 * 127, which 16 bits hold.
        pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w->values), _mm256_sign_epi8(a, w->values));
    }
    __m256i fours =
        _mm256_madd_epi16(pairs, format == shoken_block_q6_K ? w->sixteens : _mm256_set1_epi16(1));
    return _mm256_fmadd_ps(_mm256_cvtepi32_ps(fours), _mm256_set1_ps(w->scale * scale), sum);
}

WIDE_INLINE float sum_of(__m256 v) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// How far ahead of use weights are fetched, in bytes.
enum { AHEAD = 8192 };

// `R` rows of weights and `C` of activations.
WIDE_INLINE void product_of_tile(
    const uint32_t format, const int R, const int C, const uint8_t *weights, int64_t row_bytes,
    int64_t columns, const uint8_t *activations, int64_t activation_bytes, float *y,
    int64_t y_stride, int accumulate) {
    __m256 sums[R][C];
    float minimums[R][C];
    UNROLL
    for (int r = 0; r < R; r++) {
        UNROLL
        for (int c = 0; c < C; c++) {
            sums[r][c] = _mm256_setzero_ps();
            minimums[r][c] = 0;
        }
    }
    const int parts = (int)(block_elements(format) / 32);
    for (int64_t i = 0; i < columns / block_elements(format); i++) {
        const uint8_t *p = weights + i * block_bytes(format);
        const uint8_t *a = activations + i * parts * (int64_t)sizeof(struct plain_activations);
        UNROLL
        for (int r = 0; r < R; r++) {
            UNROLL
            for (int64_t line = 0; line < block_bytes(format); line += 64)
                _mm_prefetch((const char *)(p + r * row_bytes + AHEAD + line), _MM_HINT_T0);
        }
        UNROLL
        for (int part = 0; part < parts; part++) {
            struct weights w[R];
            UNROLL
            for (int r = 0; r < R; r++) load_weights(format, p + r * row_bytes, part, &w[r]);
            UNROLL
            for (int c = 0; c < C; c++) {
                const uint8_t *at =
                    a + c * activation_bytes + part * (int64_t)sizeof(struct plain_activations);
                UNROLL
                for (int r = 0; r < R; r++)
                    sums[r][c] = add_block(format, &w[r], at, sums[r][c], &minimums[r][c]);
            }
        }
    }
    UNROLL
    for (int r = 0; r < R; r++) {
        UNROLL
        for (int c = 0; c < C; c++)
            store_result(&y[c * y_stride + r], sum_of(sums[r][c]) + minimums[r][c], accumulate);
    }
}

#define TILE(format, R, C)                                                                    \
    product_of_tile(                                                                          \
        format, R, C, weights + r * row_bytes, row_bytes, columns,                            \
        activations + c * activation_bytes, activation_bytes, y + c * y_stride + r, y_stride, \
        accumulate)

#define PRODUCT(name)                                                                  \
    WIDE static void product_##name(                                                   \
        const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,      \
        const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y, \
        int64_t y_stride, int accumulate) {                                            \
        for (int64_t r = 0; r < rows; r++) {                                           \
            int64_t c = 0;                                                             \
            for (; c + 4 <= count; c += 4) TILE(shoken_block_##name, 1, 4);            \
            for (; c < count; c++) TILE(shoken_block_##name, 1, 1);                    \
        }                                                                              \
    }
PRODUCT(q4_0)
PRODUCT(q4_1)
PRODUCT(q5_0)
PRODUCT(q5_1)
PRODUCT(q8_0)
PRODUCT(q4_K)
PRODUCT(q5_K)
PRODUCT(q6_K)

static void product(
    uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
    const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y, int64_t y_stride,
    int accumulate) {
#define CASE(name)                                                                                \
    case shoken_block_##name:                                                                     \
        product_##name(                                                                           \
            weights, row_bytes, rows, columns, activations, activation_bytes, count, y, y_stride, \
            accumulate);                                                                          \
        break;
    switch (format) {
        CASE(q4_0)
        CASE(q4_1)
        CASE(q5_0)
        CASE(q5_1)
        CASE(q8_0)
        CASE(q4_K)
        CASE(q5_K)
        CASE(q6_K)
    }
}

WIDE static void widen_float32(uint32_t format, const uint8_t *row, int64_t columns, float *out) {
#define BODY(constant) widen_row_float32(constant, row, columns, out)
    FOR_FORMAT(format, BODY)
#undef BODY
}

const struct block_version shoken_block_avx2 = {quantise, product, widen_float32};
#endif
