// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CrashSignals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT};
enum { FAULT_COUNT = sizeof faults / sizeof faults[0] };

static struct sigaction former[FAULT_COUNT];
static int mark_descriptor = -1;
static atomic_int document_is_alone;

/* Calls only what signal-safety(7) lists. The mark needs no flush: it is to survive the process, and
 * after the end of the machine nobody can say what would have come. */
static void leave_mark(int number, siginfo_t *info, void *context)
{
	(void)context;
	int saved = errno;
	int is_sent = info->si_code <= 0;
	if (number == SIGABRT || !is_sent || info->si_pid == getpid()) {
		char mark[4] = {atomic_load(&document_is_alone) ? 'a' : '-', (char)('0' + number / 10),
				(char)('0' + number % 10), '\n'};
		if (pwrite(mark_descriptor, mark, sizeof mark, 0) < 0) {
			/* Then this end looks like a kill. */
		}
	}
	for (size_t i = 0; i < FAULT_COUNT; i++)
		if (faults[i] == number)
			sigaction(number, &former[i], NULL);
	/* A fault repeats itself when we return; what was sent does not. */
	if (is_sent)
		raise(number);
	errno = saved;
}

int shoken_crash_watch(int descriptor)
{
	mark_descriptor = descriptor;
	struct sigaction action = {.sa_sigaction = leave_mark, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < FAULT_COUNT; i++)
		if (sigaction(faults[i], &action, &former[i]) != 0)
			return -1;
	return 0;
}

void shoken_crash_alone(int is_alone) { atomic_store(&document_is_alone, is_alone); }

void shoken_crash_stack(void)
{
	/* Room for the registers of AVX-512 and for a former handler. */
	static _Thread_local char stack[64 << 10];
	static _Thread_local int is_given;
	if (is_given)
		return;
	stack_t wanted = {.ss_sp = stack, .ss_size = sizeof stack};
	is_given = sigaltstack(&wanted, NULL) == 0;
}
