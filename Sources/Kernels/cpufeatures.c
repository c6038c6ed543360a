// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "BlockKernels.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int supported;
static _Atomic int limit = shoken_cpu_avx512;

static int level_of_cpu(void) {
#if defined(__x86_64__)
    // These ask the operating system's leave (XGETBV), too.
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
        !__builtin_cpu_supports("f16c"))
        return shoken_cpu_portable;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl") ||
        !__builtin_cpu_supports("avx512vnni") || !__builtin_cpu_supports("bmi2"))
        return shoken_cpu_avx2;
    return shoken_cpu_avx512;
#else
    return shoken_cpu_portable;
#endif
}

static void look_up(void) {
    supported = level_of_cpu();
    const char *name = getenv("SHOKEN_CPU_FEATURES");
    if (name && strcmp(name, "portable") == 0) atomic_store(&limit, shoken_cpu_portable);
    if (name && strcmp(name, "avx2") == 0) atomic_store(&limit, shoken_cpu_avx2);
}

int shoken_cpu_level(void) {
    pthread_once(&once, look_up);
    int allowed = atomic_load_explicit(&limit, memory_order_relaxed);
    return allowed < supported ? allowed : supported;
}

void shoken_limit_cpu_features(int level) {
    pthread_once(&once, look_up);
    atomic_store(&limit, level);
}

int shoken_cpu_multiplies_bfloat16(void) {
#if defined(__x86_64__)
    return shoken_cpu_level() == shoken_cpu_avx512 && __builtin_cpu_supports("avx512bf16");
#else
    return 0;
#endif
}
