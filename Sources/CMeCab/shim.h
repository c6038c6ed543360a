// SPDX-License-Identifier: Apache-2.0
#include <mecab.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs libmecab's dictionary compiler in a child of this process and gives its wait status, or -1 with
   errno. A shim, because Swift does not offer fork(2), and a child, because the compiler ends the
   process that it runs in when something is amiss (its CHECK_DIE), and talks on standard output.
   glibc makes malloc and stdio usable in the child of a program with threads (fork(3), NOTES). */
static inline int shoken_compile_dictionary(int argc, char **argv) {
  int silence = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (silence < 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    for (int number = 0; number <= 2; number++)
      if (dup2(silence, number) < 0) _exit(127);
    _exit(mecab_dict_index(argc, argv) == 0 ? 0 : 1);
  }
  int failure = errno;
  close(silence);
  if (child < 0) {
    errno = failure;
    return -1;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return status;
}
