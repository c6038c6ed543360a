// SPDX-License-Identifier: Apache-2.0

// Normalisation of rows, and its gradients.
#include "Arithmetic.h"
#include "Kernels.h"

VERSIONS float shoken_rms_norm(
    const float *x, const float *gain, float *y, int64_t count, float epsilon, float offset) {
    float scale = 1.0f / sqrtf(sum_of_squares(x, count, 0) / (float)count + epsilon);
    EACH_ELEMENT
    for (int64_t i = 0; i < count; i++) y[i] = x[i] * scale * (gain[i] + offset);
    return scale;
}

VERSIONS struct shoken_spread shoken_layer_norm(
    const float *x, const float *gain, const float *bias, float *y, int64_t count, float epsilon) {
    float mean = sum_of_values(x, count) / (float)count;
    float scale = 1.0f / sqrtf(sum_of_squares(x, count, mean) / (float)count + epsilon);
    if (bias) {
        EACH_ELEMENT
        for (int64_t i = 0; i < count; i++) y[i] = (x[i] - mean) * scale * gain[i] + bias[i];
    } else {
        EACH_ELEMENT
        for (int64_t i = 0; i < count; i++) y[i] = (x[i] - mean) * scale * gain[i];
    }
    return (struct shoken_spread){mean, scale};
}
VERSIONS void shoken_train_rms_norm_backward(
    const float *x, const float *gain, float offset, const float *inverse, const float *dy,
    float *dx, int accumulate, float *dgain, int64_t rows, int64_t width) {
    for (int64_t r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict dyr = dy + r * width;
        const float *restrict g = gain;
        float scale = inverse[r];
        if (dx) {
            float *restrict dxr = dx + r * width;
            float sum = 0;
            {
#pragma clang fp reassociate(on) contract(fast)
                for (int64_t c = 0; c < width; c++) sum += dyr[c] * (g[c] + offset) * xr[c];
            }
            float along = sum * scale * scale * scale / (float)width;
            if (accumulate) {
                for (int64_t c = 0; c < width; c++)
                    dxr[c] += dyr[c] * (g[c] + offset) * scale - xr[c] * along;
            } else {
                for (int64_t c = 0; c < width; c++)
                    dxr[c] = dyr[c] * (g[c] + offset) * scale - xr[c] * along;
            }
        }
        if (dgain) {
            float *restrict dg = dgain;
            for (int64_t c = 0; c < width; c++) dg[c] += dyr[c] * xr[c] * scale;
        }
    }
}
VERSIONS void shoken_train_layer_norm_backward(
    const float *x, const float *gain, const float *mean, const float *inverse, const float *dy,
    float *dx, int accumulate, float *dgain, float *dbias, int64_t rows, int64_t width) {
    for (int64_t r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict dyr = dy + r * width;
        const float *restrict g = gain;
        float middle = mean[r], scale = inverse[r];
        if (dx) {
            float *restrict dxr = dx + r * width;
            float sum = 0, along = 0;
            {
#pragma clang fp reassociate(on) contract(fast)
                for (int64_t c = 0; c < width; c++) {
                    sum += dyr[c] * g[c];
                    along += dyr[c] * g[c] * (xr[c] - middle);
                }
            }
            sum = sum * scale / (float)width;
            along = along * scale * scale * scale / (float)width;
            if (accumulate) {
                for (int64_t c = 0; c < width; c++)
                    dxr[c] += dyr[c] * g[c] * scale - sum - (xr[c] - middle) * along;
            } else {
                for (int64_t c = 0; c < width; c++)
                    dxr[c] = dyr[c] * g[c] * scale - sum - (xr[c] - middle) * along;
            }
        }
        if (dgain) {
            float *restrict dg = dgain;
            for (int64_t c = 0; c < width; c++) dg[c] += dyr[c] * (xr[c] - middle) * scale;
        }
        if (dbias) {
            float *restrict db = dbias;
            for (int64_t c = 0; c < width; c++) db[c] += dyr[c];
        }
    }
}
VERSIONS void shoken_train_sum_rows(
    const float *x, float *sum, int64_t rows, int64_t columns, int64_t stride) {
    for (int64_t r = 0; r < rows; r++) {
        const float *restrict xr = x + r * stride;
        float *restrict s = sum;
        for (int64_t c = 0; c < columns; c++) s[c] += xr[c];
    }
}
