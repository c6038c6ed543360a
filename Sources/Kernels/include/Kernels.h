#pragma once
#include <stdint.h>

// Loops that the Swift compiler, which builds for the oldest x86-64, cannot make wide. Each is
// plain C compiled several times over (`target_clones`); the loader picks the widest that the CPU
// has. Their reference twins are in Tests/TensorsTests.

/// y[i] = x[i] / (1 + exp(-x[i])); `y` may be `x`.
void shoken_silu(const float *x, float *y, int64_t count);

/// dx[i] = dy[i] * (s + x[i] * s * (1 - s)), s the logistic function of x[i]; `dx` may be `dy`.
void shoken_silu_gradient(const float *x, const float *dy, float *dx, int64_t count);

/// x[i] = exp(x[i] - log sum exp x) for one row; gives back log sum exp x.
float shoken_softmax(float *x, int64_t count);

/// x[i] = exp(x[i] - m), m the largest of the row, which it gives back; their sum in `sum`.
float shoken_exp_below_largest(float *x, int64_t count, float *sum);

/// y[i] = x[i] * (w[i] + offset) / sqrt(mean(x * x) + epsilon); gives back 1 / sqrt(...). `y` may
/// be `x`.
float shoken_rms_norm(
    const float *x, const float *w, float *y, int64_t count, float epsilon, float offset);

/// y[i] = w[i] * (x[i] - mean) / sqrt(variance + epsilon) + b[i]; `b` may be null, `y` may be `x`.
void shoken_layer_norm(
    const float *x, const float *w, const float *b, float *y, int64_t count, float epsilon);

/// y[i] = x[i] * Phi(x[i]), and the same with Phi approximated by tanh; `y` may be `x`.
void shoken_gelu(const float *x, float *y, int64_t count);
void shoken_gelu_tanh(const float *x, float *y, int64_t count);

/// x[i] = cap * tanh(x[i] / cap).
void shoken_softcap(float *x, int64_t count, float cap);

/// y[i] = tanh(x[i]); `y` may be `x`.
void shoken_tanh(const float *x, float *y, int64_t count);

/// y[i] *= x[i].
void shoken_multiply(const float *x, float *y, int64_t count);

/// Turns element i against element i + half in each of `heads` heads of 2 * half elements.
void shoken_rotate(float *x, const float *cosines, const float *sines, int64_t heads, int64_t half);

/// The same of element 2i against element 2i + 1.
void shoken_rotate_neighbours(
    float *x, const float *cosines, const float *sines, int64_t heads, int64_t half);

/// y[i] = scale * x[i]; `y` may be `x`.
void shoken_scale(const float *x, float *y, int64_t count, float scale);

/// y[i] += scale * x[i].
void shoken_add_scaled(const float *x, float *y, int64_t count, float scale);

/// sum of x[i] * y[i].
float shoken_dot(const float *x, const float *y, int64_t count);

/// The exclusive or of all words: as fast as memory is read.
uint64_t shoken_parity(const uint64_t *words, int64_t count);

/// exp(x[i]), within 2e-7 of the value for x in -87...88 and held at the ends beyond.
void shoken_exp(const float *x, float *y, int64_t count);

/// 16-bit floats widened to 32 bits, exactly.
void shoken_widen_float16(const uint16_t *words, float *values, int64_t count);
void shoken_widen_bfloat16(const uint16_t *words, float *values, int64_t count);

/// 32-bit floats narrowed to the nearest 16-bit ones, ties to even; too large becomes infinite.
void shoken_narrow_float16(const float *values, uint16_t *words, int64_t count);
void shoken_narrow_bfloat16(const float *values, uint16_t *words, int64_t count);

/// Rows in steps of 1/limit of their largest element (limit at most 127): x = steps * scale, rounded
/// to nearest, ties to even.
void shoken_quantise_rows(
    const float *x, int64_t rows, int64_t columns, float limit, int8_t *steps, float *scales);

/// y[i] = x[i] * scales[i] * factor, or y[i] += that; `y` may be `x`.
void shoken_scale_columns(
    const float *x, const float *scales, float factor, float *y, int64_t count, int accumulate);

// The OpenMP runtime that oneDNN brought into the process, looked up by name, so that our own
// loops run in the same team of threads as its matrix products and never beside it.

/// Whether the process has an OpenMP runtime.
int shoken_openmp_available(void);

/// Sets the team size for regions that the calling thread opens (OpenMP keeps it by thread).
void shoken_openmp_set_threads(int threads);

/// Whether the calling thread runs inside an OpenMP region.
int shoken_openmp_inside(void);

typedef void (*shoken_loop_body)(void *context, int64_t thread, int64_t index);

/// Calls `body` once for each index below `count` from at most `threads` threads, which are
/// numbered from 0. Inside another such loop it runs on the calling thread alone.
void shoken_openmp_loop(int64_t count, int threads, shoken_loop_body body, void *context);
#include "BlockKernels.h"
#include "LevelKernels.h"
#include "TrainingKernels.h"

/// Has OpenBLAS use AVX-512 where the processor has it; returns the name of the processor it now computes for.
///
/// It takes processors that it does not know, and all where `OPENBLAS_CORETYPE` says so, for Haswell, and loses
/// half the speed. To be called once, before the first product. `SHOKEN_CPU_FEATURES` keeps it from this.
const char *shoken_openblas_choose_processor(void);
