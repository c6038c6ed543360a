#include "Kernels.h"

#include <math.h>

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif
#define INLINE static inline __attribute__((always_inline))

// exp(x) = 2^n * exp(r), r = x - n ln 2 in two parts (Cody and Waite), |r| <= ln 2 / 2; the
// polynomial is that of Cephes expf. The sum with 1.5 * 2^23 rounds to the nearest whole number.
INLINE float exponential(float x) {
#pragma clang fp contract(fast)
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  float n = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  union {
    int32_t bits;
    float value;
  } power = {((int32_t)n + 127) << 23};
  return p * power.value;
}

WIDE void shoken_exp(const float *x, float *y, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] = exponential(x[i]);
}

WIDE void shoken_silu(const float *x, float *y, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] = x[i] / (1.0f + exponential(-x[i]));
}

WIDE void shoken_silu_gradient(const float *x, const float *dy, float *dx, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    float s = 1.0f / (1.0f + exponential(-x[i]));
    dx[i] = dy[i] * (s + x[i] * s * (1.0f - s));
  }
}

WIDE float shoken_softmax(float *x, int64_t count) {
#pragma clang fp reassociate(on)
  float largest = -INFINITY;
  for (int64_t i = 0; i < count; i++) largest = x[i] > largest ? x[i] : largest;
  float sum = 0;
  for (int64_t i = 0; i < count; i++) {
    float e = exponential(x[i] - largest);
    x[i] = e;
    sum += e;
  }
  float inverse = 1.0f / sum;
  for (int64_t i = 0; i < count; i++) x[i] *= inverse;
  return largest + logf(sum);
}

WIDE float shoken_rms_norm(const float *x, const float *w, float *y, int64_t count, float epsilon) {
#pragma clang fp reassociate(on) contract(fast)
  float squares = 0;
  for (int64_t i = 0; i < count; i++) squares += x[i] * x[i];
  float inverse = 1.0f / sqrtf(squares / (float)count + epsilon);
  for (int64_t i = 0; i < count; i++) y[i] = x[i] * inverse * w[i];
  return inverse;
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

WIDE void shoken_scale(const float *x, float *y, int64_t count, float scale) {
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
