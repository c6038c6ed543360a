#include "Arithmetic.h"
#include "TrainingKernels.h"

#define INLINE static inline __attribute__((always_inline))

// erf(x) by Abramowitz and Stegun 7.1.26, within 2e-7.
INLINE float error_function(float x) {
    float a = x < 0 ? -x : x;
    float t = 1.0f / (1.0f + 0.3275911f * a);
    float p = t * 1.061405429f - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    float y = 1.0f - p * t * exponential(-a * a);
    return x < 0 ? -y : y;
}

INLINE float hyperbolic_tangent(float z) { return 1.0f - 2.0f / (exponential(2.0f * z) + 1.0f); }

INLINE float silu(float x) { return x / (1.0f + exponential(-x)); }
INLINE float silu_slope(float x) {
    float s = 1.0f / (1.0f + exponential(-x));
    return s * (1.0f + x * (1.0f - s));
}

INLINE float gelu(float x) {
    return 0.5f * x * (1.0f + error_function(x * 0.70710678118654752f));
}
INLINE float gelu_slope(float x) {
    // Phi(x) + x * phi(x)
    return 0.5f * (1.0f + error_function(x * 0.70710678118654752f)) +
           x * 0.39894228040143268f * exponential(-0.5f * x * x);
}

INLINE float gelu_tanh(float x) {
    float z = 0.79788456080286536f * (x + 0.044715f * x * x * x);
    return 0.5f * x * (1.0f + hyperbolic_tangent(z));
}
INLINE float gelu_tanh_slope(float x) {
    float z = 0.79788456080286536f * (x + 0.044715f * x * x * x);
    float t = hyperbolic_tangent(z);
    float dz = 0.79788456080286536f * (1.0f + 0.134145f * x * x);
    return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * dz;
}

INLINE float tangent_slope(float x) {
    float t = hyperbolic_tangent(x);
    return 1.0f - t * t;
}

// One loop for each function, so that each becomes vector code.
#define FORWARD(f) \
    for (long i = 0; i < count; i++) y[i] = f(x[i]);
#define BACKWARD(slope)                                              \
    if (accumulate) {                                                \
        for (long i = 0; i < count; i++) dx[i] += dy[i] * slope(x[i]); \
    } else {                                                         \
        for (long i = 0; i < count; i++) dx[i] = dy[i] * slope(x[i]);  \
    }
#define GATED(f) \
    for (long i = 0; i < count; i++) y[i] = f(gate[i]) * up[i];
#define GATED_BACKWARD(f, slope)                  \
    for (long i = 0; i < count; i++) {            \
        float g = gate[i], u = up[i], d = dy[i];  \
        dgate[i] = d * u * slope(g);              \
        dup[i] = d * f(g);                        \
    }

VERSIONS void shoken_train_activation(int kind, const float *restrict x, float *restrict y,
                                      long count) {
    switch (kind) {
    case 0: FORWARD(silu) break;
    case 1: FORWARD(gelu) break;
    case 2: FORWARD(gelu_tanh) break;
    default: FORWARD(hyperbolic_tangent)
    }
}

VERSIONS void shoken_train_activation_backward(int kind, const float *restrict x,
                                               const float *restrict dy, float *restrict dx,
                                               long count, int accumulate) {
    switch (kind) {
    case 0: BACKWARD(silu_slope) break;
    case 1: BACKWARD(gelu_slope) break;
    case 2: BACKWARD(gelu_tanh_slope) break;
    default: BACKWARD(tangent_slope)
    }
}

VERSIONS void shoken_train_gated(int kind, const float *restrict gate, const float *restrict up,
                                 float *restrict y, long count) {
    switch (kind) {
    case 0: GATED(silu) break;
    case 1: GATED(gelu) break;
    case 2: GATED(gelu_tanh) break;
    default: GATED(hyperbolic_tangent)
    }
}

VERSIONS void shoken_train_gated_backward(int kind, const float *restrict gate,
                                          const float *restrict up, const float *restrict dy,
                                          float *restrict dgate, float *restrict dup, long count) {
    switch (kind) {
    case 0: GATED_BACKWARD(silu, silu_slope) break;
    case 1: GATED_BACKWARD(gelu, gelu_slope) break;
    case 2: GATED_BACKWARD(gelu_tanh, gelu_tanh_slope) break;
    default: GATED_BACKWARD(hyperbolic_tangent, tangent_slope)
    }
}

VERSIONS void shoken_train_rotate(float *x, long row_stride, const int32_t *positions,
                                  const float *cosine, const float *sine, long rows, long heads,
                                  long head_width, long half, int neighbours, float direction) {
    for (long r = 0; r < rows; r++) {
        const float *restrict co = cosine + (long)positions[r] * half;
        const float *restrict si = sine + (long)positions[r] * half;
        for (long h = 0; h < heads; h++) {
            float *head = x + r * row_stride + h * head_width;
            if (neighbours) {
                for (long i = 0; i < half; i++) {
                    float a = head[2 * i], b = head[2 * i + 1], s = si[i] * direction;
                    head[2 * i] = a * co[i] - b * s;
                    head[2 * i + 1] = b * co[i] + a * s;
                }
                continue;
            }
            float *restrict first = head, *restrict second = head + half;
            for (long i = 0; i < half; i++) {
                float a = first[i], b = second[i], s = si[i] * direction;
                first[i] = a * co[i] - b * s;
                second[i] = b * co[i] + a * s;
            }
        }
    }
}
