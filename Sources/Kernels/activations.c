// SPDX-License-Identifier: Apache-2.0

// The functions between layers, and their slopes.
#include "Arithmetic.h"
#include "Kernels.h"

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

INLINE float silu(float x) { return x / (1.0f + exponential(-x)); }
INLINE float silu_slope(float x) {
    float s = 1.0f / (1.0f + exponential(-x));
    return s * (1.0f + x * (1.0f - s));
}

INLINE float gelu(float x) { return 0.5f * x * (1.0f + error_function(x * 0.70710678118654752f)); }
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

INLINE float tanh_slope(float x) {
    float t = hyperbolic_tangent(x);
    return 1.0f - t * t;
}

// One loop for each function, so that each becomes vector code.
#define FORWARD(f) \
    EACH_ELEMENT   \
    for (int64_t i = 0; i < count; i++) y[i] = f(x[i]);
#define BACKWARD(slope)                                                   \
    if (accumulate) {                                                     \
        EACH_ELEMENT                                                      \
        for (int64_t i = 0; i < count; i++) dx[i] += dy[i] * slope(x[i]); \
    } else {                                                              \
        EACH_ELEMENT                                                      \
        for (int64_t i = 0; i < count; i++) dx[i] = dy[i] * slope(x[i]);  \
    }
#define GATED(f) \
    EACH_ELEMENT \
    for (int64_t i = 0; i < count; i++) y[i] = f(gate[i]) * up[i];
#define GATED_BACKWARD(f, slope)                 \
    EACH_ELEMENT                                 \
    for (int64_t i = 0; i < count; i++) {        \
        float g = gate[i], u = up[i], d = dy[i]; \
        dgate[i] = d * u * slope(g);             \
        dup[i] = d * f(g);                       \
    }

VERSIONS void shoken_activate(int kind, const float *x, float *y, int64_t count) {
    switch (kind) {
        case shoken_silu: FORWARD(silu) break;
        case shoken_gelu: FORWARD(gelu) break;
        case shoken_gelu_tanh: FORWARD(gelu_tanh) break;
        default: FORWARD(hyperbolic_tangent)
    }
}

VERSIONS void shoken_train_activation_backward(
    int kind, const float *x, const float *dy, float *dx, int64_t count, int accumulate) {
    switch (kind) {
        case shoken_silu: BACKWARD(silu_slope) break;
        case shoken_gelu: BACKWARD(gelu_slope) break;
        case shoken_gelu_tanh: BACKWARD(gelu_tanh_slope) break;
        default: BACKWARD(tanh_slope)
    }
}

VERSIONS void shoken_train_gated(
    int kind, const float *gate, const float *up, float *y, int64_t count) {
    switch (kind) {
        case shoken_silu: GATED(silu) break;
        case shoken_gelu: GATED(gelu) break;
        case shoken_gelu_tanh: GATED(gelu_tanh) break;
        default: GATED(hyperbolic_tangent)
    }
}

VERSIONS void shoken_train_gated_backward(
    int kind, const float *gate, const float *up, const float *dy, float *dgate, float *dup,
    int64_t count) {
    switch (kind) {
        case shoken_silu: GATED_BACKWARD(silu, silu_slope) break;
        case shoken_gelu: GATED_BACKWARD(gelu, gelu_slope) break;
        case shoken_gelu_tanh: GATED_BACKWARD(gelu_tanh, gelu_tanh_slope) break;
        default: GATED_BACKWARD(hyperbolic_tangent, tanh_slope)
    }
}

VERSIONS void shoken_softcap(float *x, int64_t count, float cap) {
    EACH_ELEMENT
    for (int64_t i = 0; i < count; i++) x[i] = cap * hyperbolic_tangent(x[i] / cap);
}
