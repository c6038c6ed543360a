// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

// Loops that the Swift compiler, which builds for the oldest x86-64, cannot make wide. Each is
// plain C compiled several times over (`target_clones`); the loader picks the widest that the CPU
// has. Their reference twins are in Tests/TensorsTests.

/// The functions between layers: x * logistic(x), x * Phi(x), the same with Phi approximated by
/// tanh, and tanh(x).
enum { shoken_silu = 0, shoken_gelu = 1, shoken_gelu_tanh = 2, shoken_tanh = 3 };

/// y[i] = f(x[i]), f one of those above; `y` may be `x`.
void shoken_activate(int kind, const float *x, float *y, int64_t count);

/// x[i] = cap * tanh(x[i] / cap).
void shoken_softcap(float *x, int64_t count, float cap);

/// x[i] = exp(x[i] - log sum exp x) for one row; gives back log sum exp x.
float shoken_softmax(float *x, int64_t count);

/// x[i] = exp(x[i] - m), m the largest of the row, which it gives back; their sum in `sum`.
float shoken_exp_below_largest(float *x, int64_t count, float *sum);

/// y[i] = x[i] * (gain[i] + offset) / sqrt(mean(x * x) + epsilon); gives back 1 / sqrt(...). `y`
/// may be `x`.
float shoken_rms_norm(
    const float *x, const float *gain, float *y, int64_t count, float epsilon, float offset);

/// A row's mean, and 1 / sqrt(variance + epsilon).
struct shoken_spread {
    float mean, inverse;
};
/// y[i] = gain[i] * (x[i] - mean) / sqrt(variance + epsilon) + bias[i]; `bias` may be null, `y` may
/// be `x`.
struct shoken_spread shoken_layer_norm(
    const float *x, const float *gain, const float *bias, float *y, int64_t count, float epsilon);

/// Turns the first 2 * half elements of each of `heads` heads, `head_width` apart: element i
/// against element i + half, or neighbours 2i and 2i + 1 against each other; `direction` is 1, or
/// -1 for the way back.
void shoken_rotate(
    float *x, const float *cosines, const float *sines, int64_t heads, int64_t head_width,
    int64_t half, int neighbours, float direction);

/// y[i] *= x[i].
void shoken_multiply(const float *x, float *y, int64_t count);

/// y[i] = scale * x[i]; `y` may be `x`.
void shoken_scale(const float *x, float *y, int64_t count, float scale);

/// y[i] += scale * x[i].
void shoken_add_scaled(const float *x, float *y, int64_t count, float scale);

/// sum of x[i] * y[i].
float shoken_dot(const float *x, const float *y, int64_t count);

/// The exclusive or of all words: as fast as memory is read.
uint64_t shoken_parity(const uint64_t *words, int64_t count);

/// 16-bit floats widened to 32 bits, exactly.
void shoken_widen_float16(const uint16_t *words, float *values, int64_t count);
void shoken_widen_bfloat16(const uint16_t *words, float *values, int64_t count);

/// 32-bit floats narrowed to the nearest 16-bit ones, ties to even; too large becomes infinite.
void shoken_narrow_float16(const float *values, uint16_t *words, int64_t count);
void shoken_narrow_bfloat16(const float *values, uint16_t *words, int64_t count);

/// Rows in steps of 1/limit of their largest element (limit at most 127): x = steps * scale,
/// rounded to nearest, ties to even.
void shoken_quantise_rows(
    const float *x, int64_t rows, int64_t columns, float limit, int8_t *steps, float *scales);

/// y[i] = x[i] * scales[i] * factor, or y[i] += that; `y` may be `x`.
void shoken_scale_columns(
    const float *x, const float *scales, float factor, float *y, int64_t count, int accumulate);

// The OpenMP runtime that oneDNN brought into the process, looked up by name, so that our own
// loops run in the same team of threads as its matrix products and never beside it.

/// Whether the process has an OpenMP runtime.
int shoken_openmp_available(void);

/// Threads of a region that the calling thread would open: 1 inside another, 0 without OpenMP.
int shoken_openmp_threads(void);

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

/// Has OpenBLAS use AVX-512 where the processor has it; returns the name of the processor it now
/// computes for.
///
/// It takes processors that it does not know, and all where `OPENBLAS_CORETYPE` says so, for
/// Haswell, and loses half the speed. To be called once, before the first product.
/// `SHOKEN_CPU_FEATURES` keeps it from this.
const char *shoken_openblas_choose_processor(void);
