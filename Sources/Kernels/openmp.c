// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "Kernels.h"

// GOMP_parallel is what GCC compiles `#pragma omp parallel` to; libgomp keeps it stable, and
// LLVM's libomp exports it too.
typedef void (*parallel_function)(void (*)(void *), void *, unsigned, unsigned);

static parallel_function gomp_parallel;
static void (*omp_set)(int);
static int (*omp_get)(void);
static int (*omp_inside)(void);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void look_up(void) {
    gomp_parallel = (parallel_function)dlsym(RTLD_DEFAULT, "GOMP_parallel");
    omp_set = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    omp_get = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_get_max_threads");
    omp_inside = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_in_parallel");
}

int shoken_openmp_available(void) {
    pthread_once(&once, look_up);
    return gomp_parallel && omp_set && omp_get && omp_inside;
}

int shoken_openmp_inside(void) { return shoken_openmp_available() && omp_inside(); }

int shoken_openmp_threads(void) {
    return !shoken_openmp_available() ? 0 : omp_inside() ? 1 : omp_get();
}

void shoken_openmp_set_threads(int threads) {
    if (!shoken_openmp_available() || omp_inside()) return;
    if (omp_get() != threads) omp_set(threads);
}

struct loop {
    _Atomic int64_t next_index, next_thread;
    int64_t count;
    shoken_loop_body body;
    void *context;
};

static void run(void *argument) {
    struct loop *loop = argument;
    int64_t thread = atomic_fetch_add(&loop->next_thread, 1);
    for (;;) {
        int64_t index = atomic_fetch_add(&loop->next_index, 1);
        if (index >= loop->count) return;
        loop->body(loop->context, thread, index);
    }
}

void shoken_openmp_loop(int64_t count, int threads, shoken_loop_body body, void *context) {
    struct loop loop = {.count = count, .body = body, .context = context};
    if (threads <= 1 || count <= 1 || !shoken_openmp_available() || omp_inside()) {
        run(&loop);
    } else {
        gomp_parallel(run, &loop, (unsigned)(count < threads ? count : threads), 0);
    }
}
