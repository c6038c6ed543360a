#include "Arithmetic.h"
#include "TrainingKernels.h"

VERSIONS void shoken_train_rms_norm(const float *x, const float *gain, float offset, float *y,
                                    float *inverse, long rows, long width, float epsilon) {
    for (long r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict g = gain;
        float *restrict yr = y + r * width;
        float sum = 0;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < width; c++) sum += xr[c] * xr[c];
        }
        float scale = 1.0f / sqrtf(sum / (float)width + epsilon);
        inverse[r] = scale;
        for (long c = 0; c < width; c++) yr[c] = xr[c] * scale * (g[c] + offset);
    }
}

VERSIONS void shoken_train_rms_norm_backward(const float *x, const float *gain, float offset,
                                             const float *inverse, const float *dy, float *dx,
                                             int accumulate, float *dgain, long rows, long width) {
    for (long r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict dyr = dy + r * width;
        const float *restrict g = gain;
        float scale = inverse[r];
        if (dx) {
            float *restrict dxr = dx + r * width;
            float sum = 0;
            {
#pragma clang fp reassociate(on) contract(fast)
                for (long c = 0; c < width; c++) sum += dyr[c] * (g[c] + offset) * xr[c];
            }
            float along = sum * scale * scale * scale / (float)width;
            if (accumulate) {
                for (long c = 0; c < width; c++)
                    dxr[c] += dyr[c] * (g[c] + offset) * scale - xr[c] * along;
            } else {
                for (long c = 0; c < width; c++)
                    dxr[c] = dyr[c] * (g[c] + offset) * scale - xr[c] * along;
            }
        }
        if (dgain) {
            float *restrict dg = dgain;
            for (long c = 0; c < width; c++) dg[c] += dyr[c] * xr[c] * scale;
        }
    }
}

VERSIONS void shoken_train_layer_norm(const float *x, const float *gain, const float *bias, float *y,
                                      float *mean, float *inverse, long rows, long width,
                                      float epsilon) {
    for (long r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict g = gain;
        float *restrict yr = y + r * width;
        float sum = 0, squares = 0;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < width; c++) sum += xr[c];
        }
        float middle = sum / (float)width;
        {
#pragma clang fp reassociate(on) contract(fast)
            for (long c = 0; c < width; c++) squares += (xr[c] - middle) * (xr[c] - middle);
        }
        float scale = 1.0f / sqrtf(squares / (float)width + epsilon);
        mean[r] = middle;
        inverse[r] = scale;
        if (bias) {
            const float *restrict b = bias;
            for (long c = 0; c < width; c++) yr[c] = (xr[c] - middle) * scale * g[c] + b[c];
        } else {
            for (long c = 0; c < width; c++) yr[c] = (xr[c] - middle) * scale * g[c];
        }
    }
}

VERSIONS void shoken_train_layer_norm_backward(const float *x, const float *gain, const float *mean,
                                               const float *inverse, const float *dy, float *dx,
                                               int accumulate, float *dgain, float *dbias,
                                               long rows, long width) {
    for (long r = 0; r < rows; r++) {
        const float *restrict xr = x + r * width, *restrict dyr = dy + r * width;
        const float *restrict g = gain;
        float middle = mean[r], scale = inverse[r];
        if (dx) {
            float *restrict dxr = dx + r * width;
            float sum = 0, along = 0;
            {
#pragma clang fp reassociate(on) contract(fast)
                for (long c = 0; c < width; c++) {
                    sum += dyr[c] * g[c];
                    along += dyr[c] * g[c] * (xr[c] - middle);
                }
            }
            sum = sum * scale / (float)width;
            along = along * scale * scale * scale / (float)width;
            if (accumulate) {
                for (long c = 0; c < width; c++)
                    dxr[c] += dyr[c] * g[c] * scale - sum - (xr[c] - middle) * along;
            } else {
                for (long c = 0; c < width; c++)
                    dxr[c] = dyr[c] * g[c] * scale - sum - (xr[c] - middle) * along;
            }
        }
        if (dgain) {
            float *restrict dg = dgain;
            for (long c = 0; c < width; c++) dg[c] += dyr[c] * (xr[c] - middle) * scale;
        }
        if (dbias) {
            float *restrict db = dbias;
            for (long c = 0; c < width; c++) db[c] += dyr[c];
        }
    }
}

VERSIONS void shoken_train_sum_rows(const float *x, float *sum, long rows, long columns, long stride) {
    for (long r = 0; r < rows; r++) {
        const float *restrict xr = x + r * stride;
        float *restrict s = sum;
        for (long c = 0; c < columns; c++) s[c] += xr[c];
    }
}
