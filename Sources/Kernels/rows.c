#include "Kernels.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif
#define INLINE static inline __attribute__((always_inline))

enum { WIDTH = 16 };

// Sixteen elements at a time: one AVX-512 register, or as many narrower ones as the clone has. The
// compiler is told that an element's work touches no other element, though `y` may be `x`.
#define EACH_ELEMENT _Pragma("clang loop vectorize(assume_safety) vectorize_width(16)")
// The same without taking several steps at once, which would leave more over for one by one.
#define EACH_SIXTEEN \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")

// exp(x) = 2^n * exp(r), r = x - n ln 2 in two parts (Cody and Waite), |r| <= ln 2 / 2; the
// polynomial is that of Cephes expf. The sum with 1.5 * 2^23 rounds to the nearest whole number.
INLINE float exponential(float x) {
#pragma clang fp contract(fast)
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  float n = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + (r + 1.0f);
  union {
    int32_t bits;
    float value;
  } power = {((int32_t)n + 127) << 23};
  return p * power.value;
}

WIDE void shoken_exp(const float *x, float *y, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) y[i] = exponential(x[i]);
}

WIDE void shoken_silu(const float *x, float *y, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) y[i] = x[i] / (1.0f + exponential(-x[i]));
}

// erf(x) by Abramowitz and Stegun 7.1.26, within 2e-7.
INLINE float error_function(float x) {
#pragma clang fp contract(fast)
  float a = x < 0 ? -x : x;
  float t = 1.0f / (1.0f + 0.3275911f * a);
  float p = t * 1.061405429f - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  float y = 1.0f - p * t * exponential(-a * a);
  return x < 0 ? -y : y;
}

WIDE void shoken_gelu(const float *x, float *y, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++)
    y[i] = 0.5f * x[i] * (1.0f + error_function(x[i] * 0.70710678118654752f));
}

// tanh(z) = 1 - 2 / (exp(2z) + 1).
INLINE float hyperbolic_tangent(float z) { return 1.0f - 2.0f / (exponential(2.0f * z) + 1.0f); }

WIDE void shoken_gelu_tanh(const float *x, float *y, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) {
    float z = 0.79788456080286536f * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
    y[i] = 0.5f * x[i] * (1.0f + hyperbolic_tangent(z));
  }
}

WIDE void shoken_softcap(float *x, int64_t count, float cap) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) x[i] = cap * hyperbolic_tangent(x[i] / cap);
}

WIDE void shoken_tanh(const float *x, float *y, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) y[i] = hyperbolic_tangent(x[i]);
}

WIDE void shoken_multiply(const float *x, float *y, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) y[i] *= x[i];
}

WIDE void shoken_silu_gradient(const float *x, const float *dy, float *dx, int64_t count) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) {
    float s = 1.0f / (1.0f + exponential(-x[i]));
    dx[i] = dy[i] * (s + x[i] * s * (1.0f - s));
  }
}

// The compiler does not reorder comparisons by itself, hence sixteen largest so far, spelled out. A
// row of sixteen or more ends with a step that overlaps the one before.
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

// exp(x[i] - largest) in place, and the sum of those from `first` on.
INLINE float exp_and_sum(float *x, int64_t count, float largest, int64_t first) {
#pragma clang fp reassociate(on)
  float total = 0;
  EACH_SIXTEEN
  for (int64_t i = 0; i < count; i++) {
    float e = exponential(x[i] - largest);
    x[i] = e;
    total += i >= first ? e : 0;
  }
  return total;
}

WIDE float shoken_exp_below_largest(float *x, int64_t count, float *sum) {
  float largest = largest_of(x, count);
  if (count < WIDTH) {
    *sum = exp_and_sum(x, count, largest, 0);
    return largest;
  }
  // The last sixteen are set aside while they are what they were, and written once more, equal
  // where they overlap; their end, one by one, would take as long as ten times as many.
  float end[WIDTH];
  memcpy(end, x + count - WIDTH, sizeof end);
  int64_t whole = count / WIDTH * WIDTH;
  float total = exp_and_sum(x, whole, largest, 0);
  total += exp_and_sum(end, WIDTH, largest, WIDTH - (count - whole));
  memcpy(x + count - WIDTH, end, sizeof end);
  *sum = total;
  return largest;
}

WIDE float shoken_softmax(float *x, int64_t count) {
  float sum;
  float largest = shoken_exp_below_largest(x, count, &sum);
  float inverse = 1.0f / sum;
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) x[i] *= inverse;
  return largest + logf(sum);
}

WIDE float shoken_rms_norm(
    const float *x, const float *w, float *y, int64_t count, float epsilon, float offset) {
#pragma clang fp reassociate(on) contract(fast)
  float squares = 0;
  for (int64_t i = 0; i < count; i++) squares += x[i] * x[i];
  float inverse = 1.0f / sqrtf(squares / (float)count + epsilon);
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) y[i] = x[i] * inverse * (w[i] + offset);
  return inverse;
}

WIDE void shoken_layer_norm(
    const float *x, const float *w, const float *b, float *y, int64_t count, float epsilon) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i];
  float mean = sum / (float)count, squares = 0;
  for (int64_t i = 0; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
  float inverse = 1.0f / sqrtf(squares / (float)count + epsilon);
  if (b) {
    EACH_ELEMENT
    for (int64_t i = 0; i < count; i++) y[i] = (x[i] - mean) * inverse * w[i] + b[i];
  } else {
    EACH_ELEMENT
    for (int64_t i = 0; i < count; i++) y[i] = (x[i] - mean) * inverse * w[i];
  }
}

WIDE void shoken_rotate(
    float *x, const float *cosines, const float *sines, int64_t heads, int64_t half) {
#pragma clang fp contract(fast)
  for (int64_t h = 0; h < heads; h++, x += 2 * half) {
    for (int64_t i = 0; i < half; i++) {
      float a = x[i], b = x[i + half];
      x[i] = a * cosines[i] - b * sines[i];
      x[i + half] = b * cosines[i] + a * sines[i];
    }
  }
}

WIDE void shoken_rotate_neighbours(
    float *x, const float *cosines, const float *sines, int64_t heads, int64_t half) {
#pragma clang fp contract(fast)
  for (int64_t h = 0; h < heads; h++, x += 2 * half) {
    for (int64_t i = 0; i < half; i++) {
      float a = x[2 * i], b = x[2 * i + 1];
      x[2 * i] = a * cosines[i] - b * sines[i];
      x[2 * i + 1] = b * cosines[i] + a * sines[i];
    }
  }
}

WIDE void shoken_scale(const float *x, float *y, int64_t count, float scale) {
  EACH_ELEMENT
  for (int64_t i = 0; i < count; i++) y[i] = scale * x[i];
}

WIDE void shoken_add_scaled(const float *x, float *y, int64_t count, float scale) {
#pragma clang fp contract(fast)
  for (int64_t i = 0; i < count; i++) y[i] += scale * x[i];
}

WIDE float shoken_dot(const float *x, const float *y, int64_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (int64_t i = 0; i < count; i++) sum += x[i] * y[i];
  return sum;
}
