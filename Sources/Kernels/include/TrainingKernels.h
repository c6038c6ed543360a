// Element-wise kernels of training: plain C loops that the compiler turns into vector code, one
// version for each instruction set. Single-threaded; matrices are row-major and dense.
#pragma once
#include <stdint.h>

// y = x / sqrt(mean(x^2) + epsilon) * gain; `inverse` keeps 1 / sqrt(...) for each row.
void shoken_train_rms_norm(const float *x, const float *gain, float *y, float *inverse, long rows,
                     long width, float epsilon);
// Adds to `dx` and `dgain` what `dy` says.
void shoken_train_rms_norm_backward(const float *x, const float *gain, const float *inverse,
                              const float *dy, float *dx, float *dgain, long rows, long width);
// Turns the first half of each head against the second half; `direction` +1 or -1 (the transpose).
// `cosine` and `sine` hold half a head for each position.
void shoken_train_rotate(float *x, const int32_t *positions, const float *cosine, const float *sine,
                   long rows, long heads, long head_width, float direction);
// y = x * sigmoid(x).
void shoken_train_silu(const float *x, float *y, long count);
// Turns `dy` into the gradient for x, in place.
void shoken_train_silu_backward(const float *x, float *dy, long count);

// Softmax of rows of raw scores in place. Row i sees columns [0, visible(i)), where visible(i) is
// first_visible + i if `causal`, else `columns`; the others become 0. Keeps log-sum-exp for each row.
void shoken_train_attention_softmax(float *scores, float *log_sum, long log_sum_stride, long rows,
                              long columns, long row_stride, long first_visible, int causal,
                              float scale);
// The same probabilities again, from the kept log-sum-exp.
void shoken_train_attention_probabilities(float *scores, const float *log_sum, long log_sum_stride,
                                    long rows, long columns, long row_stride, long first_visible,
                                    int causal, float scale);
// dscores = probability * (dprobability - row_dot) * scale, in place of `dprobability`.
void shoken_train_attention_softmax_backward(const float *probability, float *dprobability,
                                       const float *row_dot, long row_dot_stride, long rows,
                                       long columns, long row_stride, float scale);
// dot[r * dot_stride + h] = sum over the head's columns of a * b.
void shoken_train_head_dots(const float *a, const float *b, float *dot, long rows, long heads,
                      long head_width);

// Multiplies by a mask of 0 and 1 / (1 - p) that is a pure function of seed and position.
// `x` has rows of `columns`, apart by `row_stride`; element (r, c) draws number first + r * columns + c.
void shoken_train_dropout(float *x, long rows, long columns, long row_stride, uint64_t seed,
                    uint64_t first, float probability);

// Turns rows of logits into gradients of the summed loss times `factor`, in place; returns the sum
// of the losses. Every label must lie in [0, columns).
double shoken_train_cross_entropy(float *logits, const int32_t *labels, long rows, long columns,
                            float factor);

// y += a * x.
void shoken_train_add_scaled(float *y, const float *x, float a, long count);
// Sum of squares, accumulated in double precision in a fixed order.
double shoken_train_sum_of_squares(const float *x, long count);
// One AdamW step: w *= 1 - rate * decay, then the bias-corrected Adam step of `gradient * factor`.
void shoken_train_adamw(float *w, const float *gradient, float *mean, float *square, long count,
                  float factor, float rate, float decay, float beta1, float beta2, float epsilon,
                  float correction1, float correction2);
