// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "BlockKernels.h"
#include "Kernels.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

const char *shoken_openblas_choose_processor(void) {
    // Looked up rather than linked: a build of OpenBLAS for one processor has none of them.
    char *(*name)(void) = (char *(*)(void))dlsym(RTLD_DEFAULT, "openblas_get_corename");
    if (!name) return "";
#if defined(__x86_64__)
    void (*quit)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit");
    void (*start)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init");
    const char *variable = "OPENBLAS_CORETYPE";
    const char *wide[] = {"SkylakeX", "Cooperlake", "SapphireRapids"};
    int is_wide = 0;
    for (int i = 0; i < 3; i++) is_wide |= strcmp(name(), wide[i]) == 0;
    if (quit && start && !is_wide && shoken_cpu_level() == shoken_cpu_avx512) {
        const char *former = getenv(variable);
        char *kept = former ? strdup(former) : NULL;
        setenv(variable, wide[0], 1);
        quit();
        start();
        if (kept)
            setenv(variable, kept, 1);
        else
            unsetenv(variable);
        free(kept);
    }
#endif
    return name();
}
