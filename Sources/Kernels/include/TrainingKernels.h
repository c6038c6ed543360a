// SPDX-License-Identifier: Apache-2.0

// What training needs beside the kernels that it shares with serving: gradients, losses, the
// optimizer. Single-threaded; matrices are row-major and dense.
#pragma once
#include <stdint.h>

/// Writes or adds to `dx`, and adds to `dgain`, what `dy` says; either may be null.
void shoken_train_rms_norm_backward(
    const float *x, const float *gain, float offset, const float *inverse, const float *dy,
    float *dx, int accumulate, float *dgain, int64_t rows, int64_t width);
/// Writes or adds to `dx`, and adds to `dgain` and `dbias`; each may be null.
void shoken_train_layer_norm_backward(
    const float *x, const float *gain, const float *mean, const float *inverse, const float *dy,
    float *dx, int accumulate, float *dgain, float *dbias, int64_t rows, int64_t width);
/// sum[c] += the column's numbers, row after row.
void shoken_train_sum_rows(
    const float *x, float *sum, int64_t rows, int64_t columns, int64_t stride);

/// dx = dy * slope(x), or dx += that.
void shoken_train_activation_backward(
    int kind, const float *x, const float *dy, float *dx, int64_t count, int accumulate);
/// y = activation(gate) * up.
void shoken_train_gated(int kind, const float *gate, const float *up, float *y, int64_t count);
/// Writes the gradients of both factors.
void shoken_train_gated_backward(
    int kind, const float *gate, const float *up, const float *dy, float *dgate, float *dup,
    int64_t count);

/// Row r of a tile of scores sees the columns first + r ..< end + r that the tile has.
struct shoken_train_visibility {
    int64_t first, end;
};
/// Softmax of rows of raw scores in place: of s * scale, or with a cap above 0 of
/// cap * tanh(s * scale / cap). What a row does not see becomes 0. Keeps log-sum-exp for each row.
void shoken_train_attention_softmax(
    float *scores, float *log_sum, int64_t log_sum_stride, int64_t rows, int64_t columns,
    int64_t row_stride, struct shoken_train_visibility visibility, float scale, float cap);
/// The same probabilities again, from the kept log-sum-exp; with a cap, its slopes, too.
void shoken_train_attention_probabilities(
    float *scores, const float *log_sum, int64_t log_sum_stride, int64_t rows, int64_t columns,
    int64_t row_stride, struct shoken_train_visibility visibility, float scale, float cap,
    float *slopes);
/// dscores = probability * (dprobability - row_dot) * scale, in place of `dprobability`; times
/// `slopes` where they are not null.
void shoken_train_attention_softmax_backward(
    const float *probability, float *dprobability, const float *row_dot, int64_t row_dot_stride,
    int64_t rows, int64_t columns, int64_t row_stride, float scale, const float *slopes);
/// dot[r * heads + h] = sum over the head's columns of a * b; rows are apart by `stride`.
void shoken_train_head_dots(
    const float *a, const float *b, float *dot, int64_t rows, int64_t heads, int64_t head_width,
    int64_t stride);

/// Multiplies by a mask of 0 and 1 / (1 - p) that is a pure function of seed and position.
/// `x` has rows of `columns`, apart by `row_stride`; element (r, c) draws number first + r *
/// columns + c.
void shoken_train_dropout(
    float *x, int64_t rows, int64_t columns, int64_t row_stride, uint64_t seed, uint64_t first,
    float probability);

/// Turns rows of logits into gradients of the weighted sum of losses times `factor`, in place,
/// where `gradients` are asked for; returns the weighted sum of the losses. Weights may be null,
/// for 1. With a cap above 0 the logits are bounded first, cap * tanh(z / cap). Labels lie in [0,
/// columns).
double shoken_train_cross_entropy(
    float *logits, const int32_t *labels, const float *weights, int64_t rows, int64_t columns,
    float factor, float cap, int gradients);

/// y += bias in each row, then y += residual; either may be null.
void shoken_train_epilogue(
    float *y, const float *bias, const float *residual, int64_t rows, int64_t columns);
/// Sum of squares, accumulated in double precision in a fixed order.
double shoken_train_sum_of_squares(const float *x, int64_t count);
/// One AdamW step: w *= 1 - rate * decay, then the bias-corrected Adam step of `gradient * factor`.
void shoken_train_adamw(
    float *w, const float *gradient, float *mean, float *square, int64_t count, float factor,
    float rate, float decay, float beta1, float beta2, float epsilon, float correction1,
    float correction2);
