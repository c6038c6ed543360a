// Block products with AVX-512 and VNNI.
//
// Weights are taken four blocks of 32 elements (a group) at a time, and brought into an order where
// each of the sixteen 32-bit lanes holds elements of one block only: lane l those of block l % 4. So
// a group's products with activations are two instructions (`vpdpbusd`, four products a lane each)
// and one multiplication by the scales, and lanes are added up once a row only.
#if defined(__x86_64__)
#include <immintrin.h>

#include "BlockFormats.h"

#define FEATURES "avx2,fma,f16c,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#define WIDE __attribute__((target(FEATURES), min_vector_width(512)))
#define WIDE_INLINE static inline __attribute__((always_inline, target(FEATURES), min_vector_width(512)))
#define UNROLL _Pragma("clang loop unroll(full)")

// Activations of a group of 128 elements lie in order of lanes: 64 bytes that meet the first sixteen
// elements of each block, then 64 for the other sixteen (q6_K: eight sub-blocks of sixteen instead of
// four blocks, the first and the last eight of each). Behind all groups follow, for each group
// (with K formats, for two), four (eight) scales, then as many offsets: whole numbers that the
// weights' zero calls for, or what the formats' minimums are multiplied by.
enum { GROUP = 128 };

INLINE int64_t groups_of(int64_t columns) { return (columns + GROUP - 1) / GROUP; }

INLINE int is_k_format(uint32_t format) { return block_elements(format) == 256; }

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

// 32 activations in two parts of sixteen bytes, and their scale.
WIDE_INLINE float quantise_block(const float *x, __m128i values[2]) {
  __m512 a = _mm512_loadu_ps(x), b = _mm512_loadu_ps(x + 16);
  __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  __m512i larger = _mm512_max_epu32(
      _mm512_and_si512(_mm512_castps_si512(a), magnitude),
      _mm512_and_si512(_mm512_castps_si512(b), magnitude));
  uint32_t largest = _mm512_reduce_max_epu32(larger);
  float top = largest < 0x03800000 ? 0 : float_from_bits(largest);
  __m512 inverse = _mm512_set1_ps(top == 0 ? 0 : 127.0f / top);
  values[0] = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(a, inverse)));
  values[1] = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(b, inverse)));
  return top / 127.0f + (top - top);
}

WIDE_INLINE int32_t sum_16(__m128i values) {
  return _mm512_reduce_add_epi32(_mm512_cvtepi8_epi32(values));
}

// The elements, scales and sums of sixteen of a group of blocks, of which those from `present` on are
// zeros; `places` are those of the blocks in the row.
struct quantised_group {
  __m128i values[4][2];
  float scale[4];
  int32_t sum[4][2];
};

WIDE_INLINE void quantise_group(
    const float *x, const int64_t places[4], int64_t blocks, struct quantised_group *g) {
  for (int b = 0; b < 4; b++) {
    g->values[b][0] = g->values[b][1] = _mm_setzero_si128();
    g->scale[b] = 0;
    if (places[b] < blocks) g->scale[b] = quantise_block(x + places[b] * 32, g->values[b]);
    for (int part = 0; part < 2; part++) g->sum[b][part] = sum_16(g->values[b][part]);
  }
}

// Word t of block b becomes word 4 * t + b.
WIDE_INLINE void store_by_blocks(const struct quantised_group *g, uint8_t *out) {
  for (int part = 0; part < 2; part++) {
    __m128i ab = _mm_unpacklo_epi32(g->values[0][part], g->values[1][part]);
    __m128i cd = _mm_unpacklo_epi32(g->values[2][part], g->values[3][part]);
    __m128i ab2 = _mm_unpackhi_epi32(g->values[0][part], g->values[1][part]);
    __m128i cd2 = _mm_unpackhi_epi32(g->values[2][part], g->values[3][part]);
    __m128i *lanes = (__m128i *)(out + part * 64);
    _mm_storeu_si128(lanes, _mm_unpacklo_epi64(ab, cd));
    _mm_storeu_si128(lanes + 1, _mm_unpackhi_epi64(ab, cd));
    _mm_storeu_si128(lanes + 2, _mm_unpacklo_epi64(ab2, cd2));
    _mm_storeu_si128(lanes + 3, _mm_unpackhi_epi64(ab2, cd2));
  }
}

// Word t of sub-block s becomes word 8 * (t % 2) + s of half t / 2.
WIDE_INLINE void store_by_sub_blocks(const struct quantised_group *g, uint8_t *out) {
  uint32_t words[8][4];
  for (int s = 0; s < 8; s++) _mm_storeu_si128((__m128i *)words[s], g->values[s / 2][s % 2]);
  for (int t = 0; t < 4; t++)
    for (int s = 0; s < 8; s++) memcpy(out + t * 32 + s * 4, &words[s][t], 4);
}

WIDE static void quantise(uint32_t format, const float *x, int64_t columns, uint8_t *out) {
  const int64_t groups = groups_of(columns), blocks = columns / 32;
  uint8_t *side = out + groups * GROUP;
  for (int64_t i = 0; i < groups; i++, out += GROUP) {
    struct quantised_group g;
    int64_t places[4];
    const int by_pairs = format == shoken_block_q4_K || format == shoken_block_q5_K;
    // Two neighbours share the bytes of four-bit K formats: first the even ones, then the odd ones.
    for (int b = 0; b < 4; b++) places[b] = by_pairs ? i / 2 * 8 + b * 2 + i % 2 : i * 4 + b;
    quantise_group(x, places, blocks, &g);
    if (format == shoken_block_q6_K) {
      store_by_sub_blocks(&g, out);
      for (int s = 0; s < 8; s++) {
        int32_t offset = -zero_of(format) * g.sum[s / 2][s % 2];
        memcpy(side + i * 64 + s * 4, &g.scale[s / 2], 4);
        memcpy(side + i * 64 + 32 + s * 4, &offset, 4);
      }
      continue;
    }
    store_by_blocks(&g, out);
    uint8_t *scales = side + (by_pairs ? i / 2 * 64 + i % 2 * 16 : i * 32);
    uint8_t *offsets = scales + (by_pairs ? 32 : 16);
    memcpy(scales, g.scale, sizeof g.scale);
    for (int b = 0; b < 4; b++) {
      int32_t sum = g.sum[b][0] + g.sum[b][1], offset = -zero_of(format) * sum;
      float scaled = (float)sum * g.scale[b];
      if (has_minimum(format)) memcpy(offsets + b * 4, &scaled, 4);
      else memcpy(offsets + b * 4, &offset, 4);
    }
  }
}

// MARK: Weights

// A group's unsigned weights in order of lanes, and the scale of each lane.
struct group_weights {
  __m512i first, second;
  __m512 scale;
};

// Sixteen 16-bit floats.
#define LANES_OF_HALVES(words) _mm512_cvtph_ps(_mm512_castsi512_si256(words))

// Indices of the 16-bit words at which lane l = 4 * t + b finds bytes 4 * t and following of block b:
// of the 64 bytes at 0 if they lie there, else of the 64 bytes at `next`, as `vpermt2w` counts.
#define WORD(at, next) (short)((at) + 2 <= 64 ? (at) / 2 : 32 + ((at) - (next)) / 2)
#define LANE(at, next) WORD(at, next), WORD((at) + 2, next)
#define LANES(stride, start, next, t)                                          \
  LANE((start) + 4 * (t), next), LANE((stride) + (start) + 4 * (t), next),     \
      LANE(2 * (stride) + (start) + 4 * (t), next),                            \
      LANE(3 * (stride) + (start) + 4 * (t), next)
#define WORDS_BY_LANE(stride, start, next)                                     \
  {                                                                            \
    LANES(stride, start, next, 0), LANES(stride, start, next, 1),              \
        LANES(stride, start, next, 2), LANES(stride, start, next, 3)           \
  }
#define FOUR(stride, start, next)                                              \
  WORD(start, next), WORD((stride) + (start), next),                           \
      WORD(2 * (stride) + (start), next), WORD(3 * (stride) + (start), next)
// The same for one word at `start` of each block, four times over.
#define WORD_OF_BLOCKS(stride, start, next)                                    \
  {                                                                            \
    FOUR(stride, start, next), FOUR(stride, start, next),                      \
        FOUR(stride, start, next), FOUR(stride, start, next)                   \
  }
typedef short words __attribute__((vector_size(64), aligned(64)));

WIDE_INLINE __m512i load(const uint8_t *p) { return _mm512_loadu_si512(p); }

// The nibbles of sixteen bytes of each block, the low ones first.
WIDE_INLINE void split_nibbles(__m512i bytes, struct group_weights *w) {
  __m512i low = _mm512_set1_epi8(15);
  w->first = _mm512_and_si512(bytes, low);
  w->second = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), low);
}

// Sets bit 4 of the bytes that `words[b]` has a bit for: bit i for element i of block b.
WIDE_INLINE void add_fifth_bits(const uint8_t *p, const int stride, struct group_weights *w) {
  uint64_t first = 0, second = 0;
  UNROLL
  for (int b = 0; b < 4; b++) {
    uint32_t bits = load32(p + b * stride);
    first |= _pdep_u64(bits & 0xffff, 0x000f000f000f000full << (4 * b));
    second |= _pdep_u64(bits >> 16, 0x000f000f000f000full << (4 * b));
  }
  __m512i bit = _mm512_set1_epi8(16);
  w->first = _mm512_mask_add_epi8(w->first, first, w->first, bit);
  w->second = _mm512_mask_add_epi8(w->second, second, w->second, bit);
}

// The group at `p` of a format with blocks of 32; `minimum` has four lanes, if the format has it.
WIDE_INLINE void load_group(
    const uint32_t format, const uint8_t *p, struct group_weights *w, __m512 *minimum) {
  static const words eight_first = WORDS_BY_LANE(34, 2, 64);
  // Counted from byte 8 on.
  static const words eight_second = WORDS_BY_LANE(34, 10, 64);
  static const words eight_scale = WORD_OF_BLOCKS(34, 0, 64);
  static const words q4_0 = WORDS_BY_LANE(18, 2, 8), q4_0_scale = WORD_OF_BLOCKS(18, 0, 8);
  static const words q4_1 = WORDS_BY_LANE(20, 4, 16), q4_1_scale = WORD_OF_BLOCKS(20, 0, 16);
  static const words q5_0 = WORDS_BY_LANE(22, 6, 24), q5_0_scale = WORD_OF_BLOCKS(22, 0, 24);
  static const words q5_1 = WORDS_BY_LANE(24, 8, 32), q5_1_scale = WORD_OF_BLOCKS(24, 0, 32);
  static const words q4_1_minimum = WORD_OF_BLOCKS(20, 2, 16);
  static const words q5_1_minimum = WORD_OF_BLOCKS(24, 2, 32);
  if (format == shoken_block_q8_0) {
    __m512i sign = _mm512_set1_epi8(-128);
    __m512i a = load(p), b = load(p + 64), c = load(p + 8), d = load(p + 72);
    w->first = _mm512_permutex2var_epi16(a, (__m512i)eight_first, b);
    w->second = _mm512_permutex2var_epi16(c, (__m512i)eight_second, d);
    w->first = _mm512_xor_si512(w->first, sign);
    w->second = _mm512_xor_si512(w->second, sign);
    w->scale = LANES_OF_HALVES(_mm512_permutex2var_epi16(a, (__m512i)eight_scale, b));
    return;
  }
#define NIBBLES(table, next)                                                              \
  do {                                                                                    \
    __m512i a = load(p), b = load(p + (next));                                            \
    split_nibbles(_mm512_permutex2var_epi16(a, (__m512i)table, b), w);                    \
    w->scale = LANES_OF_HALVES(_mm512_permutex2var_epi16(a, (__m512i)table##_scale, b));  \
  } while (0)
#define MINIMUM(table, next)                                                               \
  *minimum = _mm512_maskz_mov_ps(                                                          \
      15, LANES_OF_HALVES(_mm512_permutex2var_epi16(                                       \
              load(p), (__m512i)table##_minimum, load(p + (next)))))
  switch (format) {
    case shoken_block_q4_0: NIBBLES(q4_0, 8); break;
    case shoken_block_q4_1:
      NIBBLES(q4_1, 16);
      MINIMUM(q4_1, 16);
      break;
    case shoken_block_q5_0:
      NIBBLES(q5_0, 24);
      add_fifth_bits(p + 2, 22, w);
      break;
    case shoken_block_q5_1:
      NIBBLES(q5_1, 32);
      MINIMUM(q5_1, 32);
      add_fifth_bits(p + 4, 24, w);
      break;
  }
#undef NIBBLES
#undef MINIMUM
}

// Group `half` of the block at `p` of q4_K or q5_K: the even parts, or the odd ones.
WIDE_INLINE void load_k4(
    const uint32_t format, const uint8_t *p, const int half, struct group_weights *w) {
  const uint8_t *low = p + (format == shoken_block_q4_K ? 16 : 48);
  // Lane 4 * t + b takes word t, of the first four or the last four, of the 32 bytes of pair b.
  const __m512i words = _mm512_setr_epi32(0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3, 11, 19, 27);
  __m512i a = load(low), b = load(low + 64), nibble = _mm512_set1_epi8(15);
  w->first = _mm512_permutex2var_epi32(a, words, b);
  w->second =
      _mm512_permutex2var_epi32(a, _mm512_add_epi32(words, _mm512_set1_epi32(4)), b);
  if (half) {
    w->first = _mm512_srli_epi16(w->first, 4);
    w->second = _mm512_srli_epi16(w->second, 4);
  }
  w->first = _mm512_and_si512(w->first, nibble);
  w->second = _mm512_and_si512(w->second, nibble);
  if (format == shoken_block_q5_K) {
    // Bit 2 * b + half of the bytes that the pairs share.
    const __m512i lanes = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    __m512i select = _mm512_set4_epi32(0x40404040, 0x10101010, 0x04040404, 0x01010101);
    if (half) select = _mm512_slli_epi16(select, 1);
    __m512i fifth = _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)(p + 16)));
    __m512i first = _mm512_permutexvar_epi32(lanes, fifth);
    __m512i second =
        _mm512_permutexvar_epi32(_mm512_add_epi32(lanes, _mm512_set1_epi32(4)), fifth);
    __m512i sixteen = _mm512_set1_epi8(16);
    w->first = _mm512_mask_add_epi8(
        w->first, _mm512_test_epi8_mask(first, select), w->first, sixteen);
    w->second = _mm512_mask_add_epi8(
        w->second, _mm512_test_epi8_mask(second, select), w->second, sixteen);
  }
  struct scales_and_minimums s = six_bit_scales(p + 4);
  uint64_t scales;
  memcpy(&scales, s.scales, 8);
  // The even bytes, or the odd ones.
  uint32_t four = (uint32_t)_pext_u64(scales, 0x00ff00ff00ff00ffull << (8 * half));
  __m512i bytes = _mm512_cvtepu8_epi32(_mm_set1_epi32((int)four));
  w->scale = _mm512_mul_ps(_mm512_cvtepi32_ps(bytes), _mm512_set1_ps(_cvtsh_ss(load16(p))));
}

// The minimums of the parts 0, 2, 4, 6, 1, 3, 5, 7 of a block of q4_K or q5_K.
WIDE_INLINE __m512 load_k4_minimum(const uint8_t *p) {
  struct scales_and_minimums s = six_bit_scales(p + 4);
  __m128i bytes = _mm_loadl_epi64((const __m128i *)s.minimums);
  bytes = _mm_shuffle_epi8(bytes, _mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, -1, -1, -1, -1, -1, -1, -1, -1));
  __m512 values = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
  return _mm512_mul_ps(values, _mm512_set1_ps(-_cvtsh_ss(load16(p + 2))));
}

// Group `half` of the block at `p` of q6_K.
WIDE_INLINE void load_q6_K(const uint8_t *p, const int half, struct group_weights *w) {
  __m512i low = load(p + half * 64), nibble = _mm512_set1_epi8(15);
  __m512i two = _mm512_broadcast_i64x4(
      _mm256_loadu_si256((const __m256i *)(p + 128 + half * 32)));
  __m512i upper = _mm512_set1_epi8(0x30);
  // Parts 0 and 1, then 2 and 3; where the two upper bits are moved to differs by part.
  const __m512i left = _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1);
  const __m512i right = _mm512_inserti64x4(_mm512_set1_epi16(0), _mm256_set1_epi16(2), 1);
  __m512i a = _mm512_and_si512(low, nibble);
  __m512i b = _mm512_and_si512(_mm512_srli_epi16(low, 4), nibble);
  // x & upper | a.
  a = _mm512_ternarylogic_epi32(_mm512_sllv_epi16(two, left), upper, a, 0xea);
  b = _mm512_ternarylogic_epi32(_mm512_srlv_epi16(two, right), upper, b, 0xea);
  // Lane 8 * t + s takes word t, of the first two or the last two, of sub-block s.
  const __m512i words = _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
  w->first = _mm512_permutex2var_epi32(a, words, b);
  w->second = _mm512_permutex2var_epi32(a, _mm512_add_epi32(words, _mm512_set1_epi32(2)), b);
  int64_t eight;
  memcpy(&eight, p + 192 + half * 8, 8);
  __m512i scales = _mm512_cvtepi8_epi32(_mm_set1_epi64x(eight));
  w->scale = _mm512_mul_ps(_mm512_cvtepi32_ps(scales), _mm512_set1_ps(_cvtsh_ss(load16(p + 208))));
}

// MARK: Products

// Adds a group's products with activations at `a`, whose scales and offsets begin at `side`.
WIDE_INLINE __m512 add_group(
    const uint32_t format, const struct group_weights *w, const uint8_t *a, const uint8_t *side,
    __m512 sum) {
  __m512 scale;
  __m512i total = _mm512_setzero_si512();
  if (format == shoken_block_q6_K) {
    scale = (__m512)_mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)side));
    total = _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)(side + 32)));
  } else {
    scale = _mm512_broadcast_f32x4(_mm_loadu_ps((const float *)side));
    if (!has_minimum(format))
      total = _mm512_zextsi128_si512(_mm_loadu_si128((const __m128i *)(side + 16)));
  }
  total = _mm512_dpbusd_epi32(total, w->first, load(a));
  total = _mm512_dpbusd_epi32(total, w->second, load(a + 64));
  return _mm512_fmadd_ps(_mm512_cvtepi32_ps(total), _mm512_mul_ps(w->scale, scale), sum);
}

// Groups that a step takes: what the formats' blocks hold, or one.
INLINE int64_t step_groups(uint32_t format) { return is_k_format(format) ? 2 : 1; }

INLINE int64_t step_bytes(uint32_t format) {
  return is_k_format(format) ? block_bytes(format) : 4 * block_bytes(format);
}

INLINE int64_t side_bytes(uint32_t format) {
  return format == shoken_block_q6_K ? 128 : is_k_format(format) ? 64 : 32;
}

// One step for `R` rows of weights, `row_bytes` apart, and `C` of activations.
WIDE_INLINE void add_step(
    const uint32_t format, const int R, const int C, const uint8_t *p, int64_t row_bytes,
    const uint8_t *a, const uint8_t *side, int64_t activation_bytes, __m512 sums[R][C]) {
  struct group_weights w[4];
  __m512 minimum[4];
  if (!is_k_format(format)) {
    UNROLL
    for (int r = 0; r < R; r++) load_group(format, p + r * row_bytes, &w[r], &minimum[r]);
  }
  UNROLL
  for (int half = 0; half < step_groups(format); half++) {
    if (is_k_format(format)) {
      UNROLL
      for (int r = 0; r < R; r++) {
        if (format == shoken_block_q6_K) load_q6_K(p + r * row_bytes, half, &w[r]);
        else load_k4(format, p + r * row_bytes, half, &w[r]);
      }
    }
    const int64_t place = half * (format == shoken_block_q6_K ? 64 : 16);
    UNROLL
    for (int c = 0; c < C; c++) {
      UNROLL
      for (int r = 0; r < R; r++)
        sums[r][c] = add_group(
            format, &w[r], a + half * GROUP + c * activation_bytes,
            side + place + c * activation_bytes, sums[r][c]);
    }
  }
  if (!has_minimum(format)) return;
  UNROLL
  for (int r = 0; r < R; r++)
    if (is_k_format(format)) minimum[r] = load_k4_minimum(p + r * row_bytes);
  UNROLL
  for (int c = 0; c < C; c++) {
    const uint8_t *offsets = side + c * activation_bytes;
    __m512 offset =
        is_k_format(format)
            ? _mm512_zextps256_ps512(_mm256_loadu_ps((const float *)(offsets + 32)))
            : _mm512_zextps128_ps512(_mm_loadu_ps((const float *)(offsets + 16)));
    UNROLL
    for (int r = 0; r < R; r++) sums[r][c] = _mm512_fmadd_ps(minimum[r], offset, sums[r][c]);
  }
}

#ifndef AHEAD
#define AHEAD 1024
#endif
WIDE_INLINE void product_of_tile(
    const uint32_t format, const int R, const int C, const uint8_t *weights, int64_t row_bytes,
    int64_t columns, const uint8_t *activations, int64_t activation_bytes, float *y,
    int64_t y_stride, int accumulate) {
  __m512 sums[R][C];
  UNROLL
  for (int r = 0; r < R; r++) {
    UNROLL
    for (int c = 0; c < C; c++) sums[r][c] = _mm512_setzero_ps();
  }
  const uint8_t *side = activations + groups_of(columns) * GROUP;
  const int64_t steps = columns / (step_groups(format) * GROUP);
  for (int64_t i = 0; i < steps; i++) {
    const uint8_t *p = weights + i * step_bytes(format);
    UNROLL
    for (int r = 0; r < R; r++) {
      UNROLL
      for (int64_t line = 0; line < step_bytes(format); line += 64)
        _mm_prefetch((const char *)(p + r * row_bytes + AHEAD + line), _MM_HINT_T0);
    }
    add_step(
        format, R, C, p, row_bytes, activations + i * step_groups(format) * GROUP,
        side + i * side_bytes(format), activation_bytes, sums);
  }
  if (!is_k_format(format) && columns % GROUP != 0) {
    // One to three blocks are left over; those that are missing have scales of zero.
    uint8_t rest[4][4 * 34] = {{0}};
    const int64_t some = columns % GROUP / 32 * block_bytes(format);
    for (int r = 0; r < R; r++)
      memcpy(rest[r], weights + r * row_bytes + steps * step_bytes(format), (size_t)some);
    add_step(
        format, R, C, rest[0], sizeof rest[0], activations + steps * GROUP,
        side + steps * side_bytes(format), activation_bytes, sums);
  }
  UNROLL
  for (int c = 0; c < C; c++) {
    UNROLL
    for (int r = 0; r < R; r++)
      store_result(&y[c * y_stride + r], _mm512_reduce_add_ps(sums[r][c]), accumulate);
  }
}

#define TILE(format, R, C)                                                                 \
  product_of_tile(                                                                         \
      format, R, C, weights + r * row_bytes, row_bytes, columns,                           \
      activations + c * activation_bytes, activation_bytes, y + c * y_stride + r, y_stride, \
      accumulate)

#ifndef R1
#define R1 1
#define R4 4
#define R8 2
#endif
// Rows `R` at a time, and the activations by eight, four, two and one.
WIDE_INLINE void product_of(
    const uint32_t format, const uint8_t *weights, int64_t row_bytes, int64_t rows,
    int64_t columns, const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y,
    int64_t y_stride, int accumulate) {
  int64_t r = 0;
  if (count == 8) {
    const int64_t c = 0;
    for (; r + R8 <= rows; r += R8) TILE(format, R8, 8);
  }
  for (; r + R4 <= rows && count > 1; r += R4) {
    int64_t c = 0;
    for (; c + 4 <= count; c += 4) TILE(format, R4, 4);
    for (; c + 2 <= count; c += 2) TILE(format, R4, 2);
    for (; c < count; c++) TILE(format, R4, 1);
  }
  for (; r + R1 <= rows && count == 1; r += R1) {
    const int64_t c = 0;
    TILE(format, R1, 1);
  }
  for (; r < rows; r++)
    for (int64_t c = 0; c < count; c++) TILE(format, 1, 1);
}

#define PRODUCT(format)                                                                       \
  WIDE static void product_##format(                                                          \
      const uint8_t *weights, int64_t row_bytes, int64_t rows, int64_t columns,               \
      const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y,          \
      int64_t y_stride, int accumulate) {                                                     \
    product_of(                                                                               \
        shoken_block_##format, weights, row_bytes, rows, columns, activations,                \
        activation_bytes, count, y, y_stride, accumulate);                                    \
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
    const uint8_t *activations, int64_t activation_bytes, int64_t count, float *y,
    int64_t y_stride, int accumulate) {
#define CASE(format)                                                                           \
  case shoken_block_##format:                                                                  \
    product_##format(                                                                          \
        weights, row_bytes, rows, columns, activations, activation_bytes, count, y, y_stride,  \
        accumulate);                                                                           \
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

WIDE static void widen_bfloat16(
    uint32_t format, const uint8_t *row, int64_t columns, uint16_t *out) {
#define BODY(constant) widen_row_bfloat16(constant, row, columns, out)
  FOR_FORMAT(format, BODY)
#undef BODY
}

// MARK: bfloat16

// 32 words as floats: those at even places, then those at odd ones, in the upper half of a lane.
WIDE_INLINE void add_words(
    const int R, const int C, const __m512i words[R], const __m512 even[C], const __m512 odd[C],
    __m512 sums[R][C]) {
  const __m512i upper = _mm512_set1_epi32((int)0xffff0000);
  UNROLL
  for (int r = 0; r < R; r++) {
    __m512 a = (__m512)_mm512_slli_epi32(words[r], 16);
    __m512 b = (__m512)_mm512_and_si512(words[r], upper);
    UNROLL
    for (int c = 0; c < C; c++)
      sums[r][c] = _mm512_fmadd_ps(b, odd[c], _mm512_fmadd_ps(a, even[c], sums[r][c]));
  }
}

WIDE_INLINE void bfloat16_tile(
    const int R, const int C, const uint16_t *weights, int64_t columns, const float *x,
    int64_t x_stride, float *y, int64_t y_stride, int accumulate) {
  __m512 sums[R][C], even[C], odd[C];
  __m512i words[R];
  UNROLL
  for (int r = 0; r < R; r++) {
    UNROLL
    for (int c = 0; c < C; c++) sums[r][c] = _mm512_setzero_ps();
  }
  const __m512i evens =
      _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odds = _mm512_add_epi32(evens, _mm512_set1_epi32(1));
  for (int64_t i = 0; i < columns; i += 32) {
    // Past the end, both are zeros, and nothing is read.
    const int64_t left = columns - i;
    const __mmask32 mask = left >= 32 ? ~0u : (1u << left) - 1;
    UNROLL
    for (int r = 0; r < R; r++) {
      const uint16_t *p = weights + r * columns + i;
      _mm_prefetch((const char *)p + AHEAD, _MM_HINT_T0);
      words[r] = _mm512_maskz_loadu_epi16(mask, p);
    }
    UNROLL
    for (int c = 0; c < C; c++) {
      __m512 a = _mm512_maskz_loadu_ps((__mmask16)mask, x + c * x_stride + i);
      __m512 b = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), x + c * x_stride + i + 16);
      even[c] = _mm512_permutex2var_ps(a, evens, b);
      odd[c] = _mm512_permutex2var_ps(a, odds, b);
    }
    add_words(R, C, words, even, odd, sums);
  }
  UNROLL
  for (int r = 0; r < R; r++) {
    UNROLL
    for (int c = 0; c < C; c++)
      store_result(&y[c * y_stride + r], _mm512_reduce_add_ps(sums[r][c]), accumulate);
  }
}

WIDE static void bfloat16_product(
    const uint16_t *weights, int64_t rows, int64_t columns, const float *x, int64_t x_stride,
    int64_t count, float *y, int64_t y_stride, int accumulate) {
#define BF_TILE(R, C)                                                                  \
  bfloat16_tile(                                                                       \
      R, C, weights + r * columns, columns, x + c * x_stride, x_stride,                \
      y + c * y_stride + r, y_stride, accumulate)
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    int64_t c = 0;
    for (; c + 4 <= count; c += 4) BF_TILE(4, 4);
    for (; c < count; c++) BF_TILE(4, 1);
  }
  for (; r < rows; r++)
    for (int64_t c = 0; c < count; c++) BF_TILE(1, 1);
}

const struct block_version shoken_block_avx512 = {
    quantise, product, widen_float32, widen_bfloat16, bfloat16_product,
};
#endif
