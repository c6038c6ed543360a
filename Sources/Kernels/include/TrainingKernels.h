// Element-wise kernels of training: plain C loops that the compiler turns into vector code, one
// version for each instruction set. Single-threaded; matrices are row-major and dense.
#pragma once
#include <stdint.h>

// y = x / sqrt(mean(x^2) + epsilon) * (gain + offset); `inverse` keeps 1 / sqrt(...) for each row.
void shoken_train_rms_norm(const float *x, const float *gain, float offset, float *y, float *inverse,
                           long rows, long width, float epsilon);
// Writes or adds to `dx`, and adds to `dgain`, what `dy` says; either may be null.
void shoken_train_rms_norm_backward(const float *x, const float *gain, float offset,
                                    const float *inverse, const float *dy, float *dx, int accumulate,
                                    float *dgain, long rows, long width);
// y = (x - mean) / sqrt(variance + epsilon) * gain + bias, which may be null; keeps mean and inverse.
void shoken_train_layer_norm(const float *x, const float *gain, const float *bias, float *y,
                             float *mean, float *inverse, long rows, long width, float epsilon);
// Writes or adds to `dx`, and adds to `dgain` and `dbias`; each may be null.
void shoken_train_layer_norm_backward(const float *x, const float *gain, const float *mean,
                                      const float *inverse, const float *dy, float *dx,
                                      int accumulate, float *dgain, float *dbias, long rows,
                                      long width);
// sum[c] += the column's numbers, row after row.
void shoken_train_sum_rows(const float *x, float *sum, long rows, long columns, long stride);

// Turns 2 * half elements of each head: the first half against the second, or neighbours against each
// other; `direction` +1 or -1 (the transpose). `cosine` and `sine` hold `half` numbers a position.
void shoken_train_rotate(float *x, long row_stride, const int32_t *positions, const float *cosine,
                         const float *sine, long rows, long heads, long head_width, long half,
                         int neighbours, float direction);

// Kinds: 0 SiLU, 1 GELU, 2 GELU by tanh, 3 tanh.
void shoken_train_activation(int kind, const float *x, float *y, long count);
// dx = dy * slope(x), or dx += that.
void shoken_train_activation_backward(int kind, const float *x, const float *dy, float *dx, long count,
                                      int accumulate);
// y = activation(gate) * up.
void shoken_train_gated(int kind, const float *gate, const float *up, float *y, long count);
// Writes the gradients of both factors.
void shoken_train_gated_backward(int kind, const float *gate, const float *up, const float *dy,
                                 float *dgate, float *dup, long count);

// Row r of a tile of scores sees the columns first + r ..< end + r that the tile has.
struct shoken_train_visibility {
    long first, end;
};
// Softmax of rows of raw scores in place: of s * scale, or with a cap above 0 of
// cap * tanh(s * scale / cap). What a row does not see becomes 0. Keeps log-sum-exp for each row.
void shoken_train_attention_softmax(float *scores, float *log_sum, long log_sum_stride, long rows,
                                    long columns, long row_stride,
                                    struct shoken_train_visibility visibility, float scale, float cap);
// The same probabilities again, from the kept log-sum-exp; with a cap, its slopes, too.
void shoken_train_attention_probabilities(float *scores, const float *log_sum, long log_sum_stride,
                                          long rows, long columns, long row_stride,
                                          struct shoken_train_visibility visibility, float scale,
                                          float cap, float *slopes);
// dscores = probability * (dprobability - row_dot) * scale, in place of `dprobability`; times `slopes`
// where they are not null.
void shoken_train_attention_softmax_backward(const float *probability, float *dprobability,
                                             const float *row_dot, long row_dot_stride, long rows,
                                             long columns, long row_stride, float scale,
                                             const float *slopes);
// dot[r * heads + h] = sum over the head's columns of a * b; rows are apart by `stride`.
void shoken_train_head_dots(const float *a, const float *b, float *dot, long rows, long heads,
                            long head_width, long stride);

// Multiplies by a mask of 0 and 1 / (1 - p) that is a pure function of seed and position.
// `x` has rows of `columns`, apart by `row_stride`; element (r, c) draws number first + r * columns + c.
void shoken_train_dropout(float *x, long rows, long columns, long row_stride, uint64_t seed,
                    uint64_t first, float probability);

// Turns rows of logits into gradients of the weighted sum of losses times `factor`, in place, where
// `gradients` are asked for; returns the weighted sum of the losses. Weights may be null, for 1. With a
// cap above 0 the logits are bounded first, cap * tanh(z / cap). Labels lie in [0, columns).
double shoken_train_cross_entropy(float *logits, const int32_t *labels, const float *weights, long rows,
                                  long columns, float factor, float cap, int gradients);

// y += bias in each row, then y += residual; either may be null.
void shoken_train_epilogue(float *y, const float *bias, const float *residual, long rows, long columns);
// y = factor * x, or y += that.
void shoken_train_scale(const float *x, float *y, float factor, long count, int accumulate);
// y += a * x.
void shoken_train_add_scaled(float *y, const float *x, float a, long count);
// Sum of squares, accumulated in double precision in a fixed order.
double shoken_train_sum_of_squares(const float *x, long count);
// One AdamW step: w *= 1 - rate * decay, then the bias-corrected Adam step of `gradient * factor`.
void shoken_train_adamw(float *w, const float *gradient, float *mean, float *square, long count,
                  float factor, float rate, float decay, float beta1, float beta2, float epsilon,
                  float correction1, float correction2);
