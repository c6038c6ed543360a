// SPDX-License-Identifier: Apache-2.0

/* What a process that dies of a fault of its own leaves behind: four bytes in an open file.
 *
 * A process that is killed, or whose machine loses its power, leaves nothing, so the next start can
 * tell a document that brings the program down from one that was in hand by chance. */
#pragma once

/* Writes `a` (a document is alone in hand) or `-`, the signal in two digits and a line feed to the
 * beginning of the file when SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS or SIGABRT comes, then
 * lets it end the process as before. Of signals that another process sent only SIGABRT counts: so
 * systemd(1) ends a service that hangs. Returns 0, or -1 with errno. Once in a process. */
int shoken_crash_watch(int descriptor);

/* Says whether a document is alone in hand from now on. */
void shoken_crash_alone(int is_alone);

/* Gives the calling thread a stack for the handler, so that an overflow of its own stack is told too.
 * Costs nothing when called again. */
void shoken_crash_stack(void);
