// SPDX-License-Identifier: Apache-2.0

// Block products with AVX-512 and VNNI.
//
// Weights are taken 256 elements (a panel: a block of a K format, or eight of the others) at a time
// and brought into an order where each of the sixteen 32-bit lanes holds elements of one scale
// only: lane l those of part l % 8, a part being 32 elements. So a panel's product with activations
// takes four instructions of four products a lane each (`vpdpbusd`), and one multiplication by the
// scales; lanes are added up once a row only.
#if defined(__x86_64__)
#include <immintrin.h>

#include "BlockFormats.h"

#define FEATURES "avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#define WIDE __attribute__((target(FEATURES), min_vector_width(512)))
#define WIDE_INLINE \
    static inline __attribute__((always_inline, target(FEATURES), min_vector_width(512)))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { PANEL = 256, PARTS = 8 };

INLINE int has_minimum(uint32_t format) {
    return format == shoken_block_q4_1 || format == shoken_block_q5_1 ||
           format == shoken_block_q4_K || format == shoken_block_q5_K;
}

// The whole number that stands for zero in the unsigned weights.
INLINE int zero_of(uint32_t format) {
    switch (format) {
        case shoken_block_q8_0: return 128;
        case shoken_block_q4_0: return 8;
        case shoken_block_q5_0: return 16;
        case shoken_block_q6_K: return 32;
        default: return 0;
    }
}

// MARK: Activations

// A panel of a row of activations: 256 bytes in the order of the weights, the scales of the eight
// parts, and eight offsets (q6_K: sixteen): whole numbers that the weights' zero calls for, or what
// the minimums are multiplied by. Parts behind the end of the row are zeros.
enum { SCALES = PANEL, OFFSETS = SCALES + PARTS * 4 };

INLINE int64_t panel_activations(uint32_t format) {
    return format == shoken_block_q6_K ? 384 : 320;
}

// The word of four elements of a part that word `lane` of the four times sixteen of a panel holds:
// those of the first and the second half of a part have different scales in q6_K.
INLINE int word_of_part(const uint32_t format, const int vector, const int lane) {
    return format == shoken_block_q6_K ? lane / 8 * 4 + vector : vector * 2 + lane / 8;
}

// Quantises 32 elements and gives their scale and the sums of the two halves.
WIDE_INLINE float quantise_part(const float *x, int8_t values[32], int32_t sums[2]) {
    __m512 a = _mm512_loadu_ps(x), b = _mm512_loadu_ps(x + 16);
    __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
    __m512i larger = _mm512_max_epu32(
        _mm512_and_si512(_mm512_castps_si512(a), magnitude),
        _mm512_and_si512(_mm512_castps_si512(b), magnitude));
    uint32_t largest = _mm512_reduce_max_epu32(larger);
    float top = largest < SMALLEST_SCALED ? 0 : float_from_bits(largest);
    __m512 inverse = _mm512_set1_ps(top == 0 ? 0 : 127.0f / top);
    __m512i first = _mm512_cvtps_epi32(_mm512_mul_ps(a, inverse));
    __m512i second = _mm512_cvtps_epi32(_mm512_mul_ps(b, inverse));
    _mm_storeu_si128((__m128i *)values, _mm512_cvtepi32_epi8(first));
    _mm_storeu_si128((__m128i *)(values + 16), _mm512_cvtepi32_epi8(second));
    sums[0] = _mm512_reduce_add_epi32(first);
    sums[1] = _mm512_reduce_add_epi32(second);
    return top / 127.0f + (top - top);
}

WIDE_INLINE void quantise_row(
    const uint32_t format, const float *x, int64_t columns, uint8_t *out) {
    for (int64_t panel = 0; panel * PANEL < columns; panel++, out += panel_activations(format)) {
        int8_t values[PARTS][32] = {{0}};
        float scale[PARTS] = {0};
        int32_t sums[PARTS][2] = {{0}};
        for (int64_t part = 0; part < PARTS && (panel * PARTS + part) * 32 < columns; part++)
            scale[part] = quantise_part(x + (panel * PARTS + part) * 32, values[part], sums[part]);
        for (int vector = 0; vector < 4; vector++)
            for (int lane = 0; lane < 16; lane++)
                memcpy(
                    out + (vector * 16 + lane) * 4,
                    values[lane % 8] + word_of_part(format, vector, lane) * 4, 4);
        memcpy(out + SCALES, scale, sizeof scale);
        uint8_t *offset = out + OFFSETS;
        for (int part = 0; part < PARTS; part++) {
            int32_t sum = sums[part][0] + sums[part][1], whole[2];
            float scaled = (float)sum * scale[part];
            whole[0] = -zero_of(format) * (format == shoken_block_q6_K ? sums[part][0] : sum);
            whole[1] = -zero_of(format) * sums[part][1];
            if (has_minimum(format))
                memcpy(offset + part * 4, &scaled, 4);
            else
                memcpy(offset + part * 4, &whole[0], 4);
            if (format == shoken_block_q6_K) memcpy(offset + 32 + part * 4, &whole[1], 4);
        }
    }
}

WIDE static void quantise(uint32_t format, const float *x, int64_t columns, uint8_t *out) {
#define BODY(constant) quantise_row(constant, x, columns, out)
    FOR_FORMAT(format, BODY)
#undef BODY
}

// MARK: Weights

// A panel's unsigned weights in order of lanes, and the scale of each lane. `minimum` has eight
// lanes, in formats that have one.
struct panel {
    __m512i values[4];
    __m512 scale, minimum;
};

WIDE_INLINE __m512i load(const uint8_t *p) { return _mm512_loadu_si512(p); }

WIDE_INLINE float half(const uint8_t *p) { return _cvtsh_ss((unsigned short)load16(p)); }

// Indices of 16-bit words for `vpermt2w`. Of four blocks `stride` bytes apart, lane 4 * t + b finds
// the four bytes at start + 4 * t of block b: in the 64 bytes at 0 if they lie there, else in the
// 64 bytes at `next`.
#define WORD(at, next) (short)((at) + 2 <= 64 ? (at) / 2 : 32 + ((at) - (next)) / 2)
#define LANE(at, next) WORD(at, next), WORD((at) + 2, next)
#define LANES(stride, at, next)                                                   \
    LANE(at, next), LANE((stride) + (at), next), LANE(2 * (stride) + (at), next), \
        LANE(3 * (stride) + (at), next)
#define SIXTEEN_BYTES(stride, start, next)                         \
    {LANES(stride, start, next), LANES(stride, (start) + 4, next), \
     LANES(stride, (start) + 8, next), LANES(stride, (start) + 12, next)}
// The four bytes at `start`, for every t.
#define FOUR_BYTES(stride, start, next)                                                  \
    {LANES(stride, start, next), LANES(stride, start, next), LANES(stride, start, next), \
     LANES(stride, start, next)}
// The two bytes at `start`: word 4 * t + b is that of block b.
#define PAIRS(stride, start, next)                                                         \
    WORD(start, next), WORD((stride) + (start), next), WORD(2 * (stride) + (start), next), \
        WORD(3 * (stride) + (start), next)
#define TWO_BYTES(stride, start, next)                                                   \
    {PAIRS(stride, start, next), PAIRS(stride, start, next), PAIRS(stride, start, next), \
     PAIRS(stride, start, next)}
typedef short words __attribute__((vector_size(64), aligned(64)));

// Of two vectors with lanes 4 * t + b of four blocks each: lanes 8 * t + b of eight blocks, for the
// first two of t, or from `first` on.
WIDE_INLINE __m512i join(__m512i a, __m512i b, const int first) {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    return _mm512_permutex2var_epi32(
        a, first == 0 ? lanes : _mm512_add_epi32(lanes, _mm512_set1_epi32(8)), b);
}

// Sixteen bytes of each of eight blocks, in two vectors.
WIDE_INLINE void load_sixteen(
    const uint8_t *p, const int stride, const words table, const int start, const int next,
    __m512i out[2]) {
    const uint8_t *q = p + 4 * stride;
    __m512i a = _mm512_permutex2var_epi16(load(p + start), (__m512i)table, load(p + start + next));
    __m512i b = _mm512_permutex2var_epi16(load(q + start), (__m512i)table, load(q + start + next));
    out[0] = join(a, b, 0);
    out[1] = join(a, b, 2);
}

// A 16-bit float of each of eight blocks, twice.
WIDE_INLINE __m512
load_halves(const uint8_t *p, const int stride, const words table, const int next) {
    const uint8_t *q = p + 4 * stride;
    __m512i a = _mm512_permutex2var_epi16(load(p), (__m512i)table, load(p + next));
    __m512i b = _mm512_permutex2var_epi16(load(q), (__m512i)table, load(q + next));
    __m512i both = _mm512_mask_blend_epi16(0xf0f0f0f0, a, b);
    return _mm512_cvtph_ps(_mm512_castsi512_si256(both));
}

// The low nibbles of two vectors of bytes, then the high ones.
WIDE_INLINE void split_nibbles(const __m512i bytes[2], __m512i values[4]) {
    const __m512i low = _mm512_set1_epi8(15);
    UNROLL
    for (int i = 0; i < 2; i++) {
        values[i] = _mm512_and_si512(bytes[i], low);
        values[i + 2] = _mm512_and_si512(_mm512_srli_epi16(bytes[i], 4), low);
    }
}

// Sets bit 4 of element i of each of eight blocks where bit i of its 32 bits is set.
WIDE_INLINE void add_fifth_bits(
    const uint8_t *p, const int stride, const words table, const int next, __m512i values[4]) {
    const uint8_t *q = p + 4 * stride;
    __m512i a = _mm512_permutex2var_epi16(load(p), (__m512i)table, load(p + next));
    __m512i b = _mm512_permutex2var_epi16(load(q), (__m512i)table, load(q + next));
    __m512i bits = join(a, b, 0);
    // Lane 8 * t + b of vector v has elements 8 * v + 4 * t and following.
    const __m512i own =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12));
    const __m512i select =
        _mm512_inserti64x4(_mm512_set1_epi32(0x08040201), _mm256_set1_epi32((int)0x80402010), 1);
    UNROLL
    for (int v = 0; v < 4; v++) {
        __m512i byte = _mm512_shuffle_epi8(bits, _mm512_add_epi8(own, _mm512_set1_epi8((char)v)));
        values[v] = _mm512_mask_add_epi8(
            values[v], _mm512_test_epi8_mask(byte, select), values[v], _mm512_set1_epi8(16));
    }
}

WIDE_INLINE void load_q8_0(const uint8_t *p, struct panel *w) {
    // The second sixteen bytes are sought from byte 8 on.
    static const words first = SIXTEEN_BYTES(34, 2, 64), second = SIXTEEN_BYTES(34, 10, 64);
    static const words scale = TWO_BYTES(34, 0, 64);
    load_sixteen(p, 34, first, 0, 64, w->values);
    load_sixteen(p, 34, second, 8, 64, w->values + 2);
    UNROLL
    for (int v = 0; v < 4; v++)
        w->values[v] = _mm512_xor_si512(w->values[v], _mm512_set1_epi8(-128));
    w->scale = load_halves(p, 34, scale, 64);
}

WIDE_INLINE void load_q4_0(const uint8_t *p, struct panel *w) {
    static const words bytes = SIXTEEN_BYTES(18, 2, 8), scale = TWO_BYTES(18, 0, 8);
    __m512i both[2];
    load_sixteen(p, 18, bytes, 0, 8, both);
    split_nibbles(both, w->values);
    w->scale = load_halves(p, 18, scale, 8);
}

WIDE_INLINE void load_q4_1(const uint8_t *p, struct panel *w) {
    static const words bytes = SIXTEEN_BYTES(20, 4, 16), scale = TWO_BYTES(20, 0, 16);
    static const words minimum = TWO_BYTES(20, 2, 16);
    __m512i both[2];
    load_sixteen(p, 20, bytes, 0, 16, both);
    split_nibbles(both, w->values);
    w->scale = load_halves(p, 20, scale, 16);
    w->minimum = load_halves(p, 20, minimum, 16);
}

WIDE_INLINE void load_q5_0(const uint8_t *p, struct panel *w) {
    static const words bytes = SIXTEEN_BYTES(22, 6, 24), scale = TWO_BYTES(22, 0, 24);
    static const words fifth = FOUR_BYTES(22, 2, 24);
    __m512i both[2];
    load_sixteen(p, 22, bytes, 0, 24, both);
    split_nibbles(both, w->values);
    add_fifth_bits(p, 22, fifth, 24, w->values);
    w->scale = load_halves(p, 22, scale, 24);
}

WIDE_INLINE void load_q5_1(const uint8_t *p, struct panel *w) {
    static const words bytes = SIXTEEN_BYTES(24, 8, 32), scale = TWO_BYTES(24, 0, 32);
    static const words minimum = TWO_BYTES(24, 2, 32), fifth = FOUR_BYTES(24, 4, 32);
    __m512i both[2];
    load_sixteen(p, 24, bytes, 0, 32, both);
    split_nibbles(both, w->values);
    add_fifth_bits(p, 24, fifth, 32, w->values);
    w->scale = load_halves(p, 24, scale, 32);
    w->minimum = load_halves(p, 24, minimum, 32);
}

// q4_K and q5_K: neighbouring parts share 32 bytes, the even one has the low nibbles.
WIDE_INLINE void load_k4(const uint32_t format, const uint8_t *p, struct panel *w) {
    const uint8_t *low = p + (format == shoken_block_q4_K ? 16 : 48);
    const __m512i lanes = _mm512_setr_epi32(0, 0, 8, 8, 16, 16, 24, 24, 1, 1, 9, 9, 17, 17, 25, 25);
    const __m512i shifts = _mm512_set1_epi64(0x0000000400000000);
    __m512i a = load(low), b = load(low + 64);
    UNROLL
    for (int v = 0; v < 4; v++) {
        __m512i pairs =
            _mm512_permutex2var_epi32(a, _mm512_add_epi32(lanes, _mm512_set1_epi32(2 * v)), b);
        w->values[v] = _mm512_and_si512(_mm512_srlv_epi32(pairs, shifts), _mm512_set1_epi8(15));
    }
    if (format == shoken_block_q5_K) {
        // Bit l % 8 of byte i is the fifth of element i of part l % 8.
        const __m512i halves = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        const __m512i select = _mm512_broadcast_i64x4(_mm256_setr_epi32(
            0x01010101, 0x02020202, 0x04040404, 0x08080808, 0x10101010, 0x20202020, 0x40404040,
            (int)0x80808080));
        __m512i fifth = _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)(p + 16)));
        UNROLL
        for (int v = 0; v < 4; v++) {
            __m512i bytes =
                _mm512_permutexvar_epi32(_mm512_add_epi32(halves, _mm512_set1_epi32(2 * v)), fifth);
            w->values[v] = _mm512_mask_add_epi8(
                w->values[v], _mm512_test_epi8_mask(bytes, select), w->values[v],
                _mm512_set1_epi8(16));
        }
    }
    struct scales_and_minimums s = six_bit_scales(p + 4);
    int64_t scales, minimums;
    memcpy(&scales, s.scales, 8);
    memcpy(&minimums, s.minimums, 8);
    __m512i scale = _mm512_cvtepu8_epi32(_mm_set1_epi64x(scales));
    __m512i minimum = _mm512_cvtepu8_epi32(_mm_set1_epi64x(minimums));
    w->scale = _mm512_mul_ps(_mm512_cvtepi32_ps(scale), _mm512_set1_ps(half(p)));
    w->minimum = _mm512_mul_ps(_mm512_cvtepi32_ps(minimum), _mm512_set1_ps(-half(p + 2)));
}

// Half a block of q6_K: parts 0 and 1, and parts 2 and 3, in the order of elements.
WIDE_INLINE void load_q6_K_half(const uint8_t *low, const uint8_t *high, __m512i parts[2]) {
    const __m512i nibble = _mm512_set1_epi8(15), upper = _mm512_set1_epi8(0x30);
    // The two upper bits are at 0, 2, 4 and 6 of the same byte.
    const __m512i left = _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1);
    const __m512i right = _mm512_inserti64x4(_mm512_set1_epi16(0), _mm256_set1_epi16(2), 1);
    __m512i four = load(low);
    __m512i two = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)high));
    parts[0] = _mm512_and_si512(four, nibble);
    parts[1] = _mm512_and_si512(_mm512_srli_epi16(four, 4), nibble);
    // 0xf8: part | bits & upper.
    parts[0] = _mm512_ternarylogic_epi32(parts[0], _mm512_sllv_epi16(two, left), upper, 0xf8);
    parts[1] = _mm512_ternarylogic_epi32(parts[1], _mm512_srlv_epi16(two, right), upper, 0xf8);
}

WIDE_INLINE void load_q6_K(const uint8_t *p, struct panel *w) {
    __m512i first[2], second[2];
    load_q6_K_half(p, p + 128, first);
    load_q6_K_half(p + 64, p + 160, second);
    // Words 0, 1, 4 and 5 of four parts each, lane 4 * t + part; then words 2, 3, 6 and 7.
    const __m512i lanes =
        _mm512_setr_epi32(0, 8, 16, 24, 1, 9, 17, 25, 4, 12, 20, 28, 5, 13, 21, 29);
    // Lane l takes word v of part l % 8, of its first half or its second.
    const __m512i even =
        _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
    UNROLL
    for (int i = 0; i < 2; i++) {
        const __m512i at = _mm512_add_epi32(lanes, _mm512_set1_epi32(2 * i));
        __m512i a = _mm512_permutex2var_epi32(first[0], at, first[1]);
        __m512i b = _mm512_permutex2var_epi32(second[0], at, second[1]);
        w->values[2 * i] = _mm512_permutex2var_epi32(a, even, b);
        w->values[2 * i + 1] =
            _mm512_permutex2var_epi32(a, _mm512_add_epi32(even, _mm512_set1_epi32(4)), b);
    }
    const __m128i by_lane = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
    __m128i bytes = _mm_loadu_si128((const __m128i *)(p + 192));
    __m512i scale = _mm512_cvtepi8_epi32(_mm_shuffle_epi8(bytes, by_lane));
    w->scale = _mm512_mul_ps(_mm512_cvtepi32_ps(scale), _mm512_set1_ps(half(p + 208)));
}

WIDE_INLINE void load_panel(const uint32_t format, const uint8_t *p, struct panel *w) {
    switch (format) {
        case shoken_block_q4_0: load_q4_0(p, w); break;
        case shoken_block_q4_1: load_q4_1(p, w); break;
        case shoken_block_q5_0: load_q5_0(p, w); break;
        case shoken_block_q5_1: load_q5_1(p, w); break;
        case shoken_block_q8_0: load_q8_0(p, w); break;
        case shoken_block_q4_K:
        case shoken_block_q5_K: load_k4(format, p, w); break;
        case shoken_block_q6_K: load_q6_K(p, w); break;
    }
}

// MARK: Products

// Adds a panel's products with a panel of activations.
WIDE_INLINE __m512
add_panel(const uint32_t format, const struct panel *w, const uint8_t *a, __m512 sum) {
    __m512i total = _mm512_setzero_si512();
    if (format == shoken_block_q6_K)
        total = load(a + OFFSETS);
    else if (!has_minimum(format))
        total = _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)(a + OFFSETS)));
    UNROLL
    for (int v = 0; v < 4; v++) total = _mm512_dpbusd_epi32(total, w->values[v], load(a + v * 64));
    __m512 scale = _mm512_broadcast_f32x8(_mm256_loadu_ps((const float *)(a + SCALES)));
    sum = _mm512_fmadd_ps(_mm512_cvtepi32_ps(total), _mm512_mul_ps(w->scale, scale), sum);
    if (has_minimum(format)) {
        __m512 offset = _mm512_zextps256_ps512(_mm256_loadu_ps((const float *)(a + OFFSETS)));
        sum = _mm512_fmadd_ps(w->minimum, offset, sum);
    }
    return sum;
}

// One panel of `R` rows of weights, `row_bytes` apart, and of `C` of activations.
WIDE_INLINE void add_panels(
    const uint32_t format, const int R, const int C, const uint8_t *p, int64_t row_bytes,
    const uint8_t *const a[C], int64_t at, __m512 sums[R][C]) {
    struct panel w[R];
    UNROLL
    for (int r = 0; r < R; r++) load_panel(format, p + r * row_bytes, &w[r]);
    UNROLL
    for (int c = 0; c < C; c++) {
        UNROLL
        for (int r = 0; r < R; r++) sums[r][c] = add_panel(format, &w[r], a[c] + at, sums[r][c]);
    }
}

INLINE int64_t panel_bytes(uint32_t format) {
    return PANEL / block_elements(format) * block_bytes(format);
}

// Bytes that are fetched ahead of use: memory takes some 100 ns, at up to 40 bytes each, and half
// as much was slower; and the length of rows together up to which they count as short.
enum { DISTANCE = 8192, STRAIGHT = 12288 };

// What is fetched ahead while `rows` rows are read side by side: the rows after them in a straight
// line, if these are short, else the same rows further on and at their end the rows after them.
struct fetch {
    const char *start;
    // From row to row, and from step to step, of `bytes` bytes of each row.
    int64_t apart, advance;
    // The step at which `jump` bytes are left out.
    int64_t turn, jump;
};

WIDE_INLINE struct fetch fetch_ahead(
    const void *weights, const int rows, int64_t row_bytes, int64_t bytes) {
    const char *start = weights;
    if (rows * row_bytes <= STRAIGHT)
        return (struct fetch){start + DISTANCE, bytes, rows * bytes, -1, 0};
    const int64_t within = DISTANCE / rows;
    return (struct fetch){
        start + within, row_bytes, bytes, (row_bytes - within) / bytes, (rows - 1) * row_bytes};
}

// Fetches what step `i` shall.
WIDE_INLINE void fetch_step(struct fetch *f, const int rows, const int64_t bytes, int64_t i) {
    if (i == f->turn) f->start += f->jump;
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int64_t line = 0; line < bytes; line += 64)
            _mm_prefetch(f->start + r * f->apart + line, _MM_HINT_T0);
    }
    f->start += f->advance;
}

WIDE_INLINE __m512 add_halves(__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
}

WIDE_INLINE __m512 add_quarters(__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
}

WIDE_INLINE __m512 add_twos(__m512 a, __m512 b) {
    __m512d x = (__m512d)a, y = (__m512d)b;
    return _mm512_add_ps((__m512)_mm512_unpacklo_pd(x, y), (__m512)_mm512_unpackhi_pd(x, y));
}

WIDE_INLINE __m512 add_ones(__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xdd));
}

// The sums of the lanes of each of `N` vectors, a power of two up to sixteen, each in the same
// order of additions whatever `N`; the sum of vector i is total[LANE_OF_SUM(i)].
#define LANE_OF_SUM(i) ((i) % 4 * 4 + (i) / 4)
WIDE_INLINE void add_lanes(const int N, const __m512 vectors[N], float total[16]) {
    // Where there are fewer vectors, the compiler sees that the same is computed twice.
    __m512 eight[8], four[4], two[2];
    UNROLL
    for (int i = 0; i < 8; i++) eight[i] = add_halves(vectors[2 * i % N], vectors[(2 * i + 1) % N]);
    UNROLL
    for (int i = 0; i < 4; i++) four[i] = add_quarters(eight[2 * i], eight[2 * i + 1]);
    UNROLL
    for (int i = 0; i < 2; i++) two[i] = add_twos(four[2 * i], four[2 * i + 1]);
    _mm512_storeu_ps(total, add_ones(two[0], two[1]));
}

// What a tile of results is made of: rows of weights and of activations.
struct tile {
    const uint8_t *weights, *activations;
    int64_t row_bytes, activation_bytes, columns;
    float *y;
    int64_t y_stride;
    int accumulate;
};

WIDE_INLINE void product_of_tile(
    const uint32_t format, const int R, const int C, const struct tile *t) {
    __m512 sums[R][C];
    UNROLL
    for (int r = 0; r < R; r++) {
        UNROLL
        for (int c = 0; c < C; c++) sums[r][c] = _mm512_setzero_ps();
    }
    const int64_t bytes = panel_bytes(format), whole = t->columns / PANEL;
    const int64_t row_bytes = t->row_bytes;
    const uint8_t *p = t->weights, *a[C];
    UNROLL
    for (int c = 0; c < C; c++) a[c] = t->activations + c * t->activation_bytes;
    int64_t at = 0;
    struct fetch fetch = fetch_ahead(p, R, row_bytes, bytes);
    for (int64_t i = 0; i < whole; i++) {
        fetch_step(&fetch, R, bytes, i);
        add_panels(format, R, C, p, row_bytes, a, at, sums);
        p += bytes;
        at += panel_activations(format);
    }
    if (t->columns % PANEL != 0) {
        // The blocks that are missing have scales of zero.
        uint8_t rest[2][PANEL / 32 * 34] = {{0}};
        const int64_t some = t->columns % PANEL / 32 * block_bytes(format);
        for (int r = 0; r < R; r++) memcpy(rest[r], p + r * row_bytes, (size_t)some);
        add_panels(format, R, C, rest[0], sizeof rest[0], a, at, sums);
    }
    float total[16];
    add_lanes(R * C, sums[0], total);
    UNROLL
    for (int c = 0; c < C; c++) {
        UNROLL
        for (int r = 0; r < R; r++)
            store_result(&t->y[c * t->y_stride + r], total[LANE_OF_SUM(r * C + c)], t->accumulate);
    }
}

// Functions of their own, since what a loop keeps in registers should not mind the others.
#define TILE(name, R, C)                                                                       \
    WIDE static __attribute__((noinline)) void tile_##name##_##R##_##C(const struct tile *t) { \
        product_of_tile(shoken_block_##name, R, C, t);                                         \
    }
#define TILES(name) \
    TILE(name, 2, 8) TILE(name, 2, 4) TILE(name, 2, 2) TILE(name, 2, 1) TILE(name, 1, 1)
TILES(q4_0)
TILES(q4_1)
TILES(q5_0)
TILES(q5_1)
TILES(q8_0)
TILES(q4_K)
TILES(q5_K)
TILES(q6_K)

typedef void (*tile_function)(const struct tile *);

// For one row of weights, and for two with one, two, four and eight rows of activations.
struct tile_functions {
    tile_function single, pair[4];
};

static struct tile_functions tiles_of(uint32_t format) {
#define CASE(name)                      \
    case shoken_block_##name:           \
        return (struct tile_functions){ \
            tile_##name##_1_1,          \
            {tile_##name##_2_1, tile_##name##_2_2, tile_##name##_2_4, tile_##name##_2_8}};
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
#undef CASE
    return (struct tile_functions){0};
}

static void product(
    uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,
    const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y, int64_t y_stride,
    int accumulate) {
    const struct tile_functions tiles = tiles_of(format);
    struct tile t = {
        .row_bytes = row_bytes,
        .activation_bytes = activation_bytes,
        .columns = columns,
        .y_stride = y_stride,
        .accumulate = accumulate,
    };
    for (int64_t r = 0; r < rows; r += 2) {
        t.weights = weights + r * row_bytes;
        for (int64_t c = 0; c < count;) {
            // The largest power of two that is left, or one by one for a last row by itself.
            int power = count - c >= 8 ? 3 : count - c >= 4 ? 2 : count - c >= 2 ? 1 : 0;
            if (r + 1 == rows) power = 0;
            t.activations = activations + c * activation_bytes;
            t.y = y + c * y_stride + r;
            (r + 1 == rows ? tiles.single : tiles.pair[power])(&t);
            c += 1 << power;
        }
    }
}

WIDE static void widen_float32(uint32_t format, const uint8_t *row, int64_t columns, float *out) {
#define BODY(constant) widen_row_float32(constant, row, columns, out)
    FOR_FORMAT(format, BODY)
#undef BODY
}

const struct block_version shoken_block_avx512 = {quantise, product, widen_float32};
#endif
