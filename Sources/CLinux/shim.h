// SPDX-License-Identifier: Apache-2.0

/* Functions of glibc (2.34 and later) that its headers show under _GNU_SOURCE only, which Swift's
   Glibc module does not set. Declared as in rename(2), memfd_create(2), pipe(2), spawn.h and strerror(3). */
#pragma once
extern int renameat2(int old_directory, const char *old_path, int new_directory,
                     const char *new_path, unsigned int flags);
extern int memfd_create(const char *name, unsigned int flags);
extern int pipe2(int ends[2], int flags);
#include <spawn.h>
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern const char *strerrorname_np(int number);
extern const char *strerrordesc_np(int number);
/* What the allocator has given out, of <malloc.h>, which Swift's Glibc module leaves out. */
#include <malloc.h>
static inline struct mallinfo2 shoken_mallinfo2(void) { return mallinfo2(); }
/* The kind of file system that an open file lies on, as statfs(2) numbers them; -1 with errno. Swift's
   Glibc module leaves <sys/vfs.h> out. */
#include <sys/vfs.h>
static inline long shoken_file_system(int descriptor)
{
	struct statfs status;
	return fstatfs(descriptor, &status) == 0 ? (long)status.f_type : -1;
}
