/*
 * shoken-watch: prints directory events for the Shoken daemon.
 *
 * Copyright (C) 2026 The Shoken authors
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * This program is free software; you can redistribute it and/or modify it under the terms of the
 * GNU General Public License, version 2, as published by the Free Software Foundation. It is linked
 * with libinotifytools, whose licence is the same. It is a program of its own because the rest of
 * Shoken is Apache-2.0: they meet at a pipe only. See the file COPYING beside this one.
 *
 * usage: shoken-watch DIRECTORY...
 *
 * Each event is one record on standard output, written at once:
 *
 *     EVENT TAB DIRECTORY [/NAME] NUL
 *
 * EVENT is WATCHING (once for each directory, when its watch stands), CLOSE_WRITE, MOVED_TO,
 * DELETE_SELF, MOVE_SELF, UNWATCHED (once for a directory that cannot be watched now and is tried
 * again), or Q_OVERFLOW (with no path). DIRECTORY is the argument as it was given,
 * NAME any bytes. Events are hints: a reader lists the directories for the truth.
 *
 * Exit: 0 when standard output is closed or the parent is gone; 1 when a watched directory is gone
 * (its record is written first, and a new start watches its successor); 64 for wrong arguments; 71
 * when the kernel refuses every watch (see fs.inotify.max_user_watches and max_user_instances).
 * A link in the place of a directory is not followed.
 *
 * PR_SET_PDEATHSIG is not used: it fires when the thread that forked us ends, not the process
 * (prctl(2)), and the daemon's threads come and go. Instead a thread waits for the end of whoever reads,
 * or of our parent. Neither thread wakes while nothing happens.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inotifytools/inotifytools.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SECONDS_BETWEEN_TRIES = 5, SECONDS_BETWEEN_LOOKS = 60 };
enum { EXIT_GONE = 1, EXIT_USAGE = 64, EXIT_REFUSED = 71, MOST_DIRECTORIES = 64 };

static const int wanted_events =
	IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR |
	IN_DONT_FOLLOW;

/* Which argument a watch descriptor stands for. The library could tell, but gives its own spelling
   of the path, in memory that its next call changes. */
static int descriptors[MOST_DIRECTORIES];

/* Writes all bytes; leaves the program when nobody reads. */
static void write_all(const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, count);
		if (written < 0) {
			if (errno == EINTR)
				continue;
			exit(0);
		}
		bytes += written;
		count -= (size_t)written;
	}
}

/* Writes one record. Names are at most 255 bytes; directories are arguments, so of limited length
   too, but a buffer of PATH_MAX and some is checked all the same. */
static void print_record(const char *event, const char *directory, const char *name)
{
	char record[8192];
	int length = snprintf(record, sizeof record, "%s\t%s%s%s", event, directory,
			      *name ? "/" : "", name);
	if (length < 0 || (size_t)length >= sizeof record)
		return; /* a hint too long to give; the reader's next listing finds the file */
	write_all(record, (size_t)length + 1);
}

/* Ends the program when the reader has closed its end or our parent is gone; sleeps until then. */
static void *end_when_left_alone(void *argument)
{
	pid_t parent = *(const pid_t *)argument;
	/* Readable when the parent has ended. A kernel that knows no such descriptor, or a filter that
	   refuses it, gives -1, which poll(2) passes over: then the pipe alone tells at once. */
	int process = (int)syscall(SYS_pidfd_open, parent, 0);
	struct pollfd ends[] = {{.fd = STDOUT_FILENO, .events = 0},
				{.fd = process, .events = POLLIN}};
	/* Looked at after the descriptor was made: the number may be somebody else's by now. */
	while (getppid() == parent) {
		int found = poll(ends, 2, process < 0 ? 1000 * SECONDS_BETWEEN_LOOKS : -1);
		if (found > 0)
			break;
	}
	_exit(0);
}

/* Watches a directory; -1 and a line on standard error when the kernel refuses. */
static int watch(const char *directory)
{
	if (!inotifytools_watch_file(directory, wanted_events))
		return -1;
	int descriptor = inotifytools_wd_from_filename(directory);
	if (descriptor < 0) {
		/* The library keeps directories with a slash at their end. */
		char slashed[4096];
		int length = snprintf(slashed, sizeof slashed, "%s/", directory);
		if (length > 0 && (size_t)length < sizeof slashed)
			descriptor = inotifytools_wd_from_filename(slashed);
	}
	if (descriptor >= 0)
		print_record("WATCHING", directory, "");
	return descriptor;
}

static int refuse(const char *directory)
{
	fprintf(stderr, "shoken-watch: cannot watch %s: %s\n", directory,
		strerror(inotifytools_error() ? inotifytools_error() : errno));
	return EXIT_REFUSED;
}

/* Prints what happened; returns whether a watched directory is gone. */
static int handle(const struct inotify_event *event, int count, char *const directories[])
{
	if (event->mask & IN_Q_OVERFLOW) { /* wd is -1 */
		print_record("Q_OVERFLOW", "", "");
		return 0;
	}
	for (int i = 0; i < count; i++) {
		if (descriptors[i] < 0 || descriptors[i] != event->wd)
			continue;
		/* A directory that was moved in is no document. */
		const char *name = event->len > 0 ? event->name : "";
		if (event->mask & IN_CLOSE_WRITE)
			print_record("CLOSE_WRITE", directories[i], name);
		if ((event->mask & IN_MOVED_TO) && !(event->mask & IN_ISDIR))
			print_record("MOVED_TO", directories[i], name);
		if (event->mask & IN_DELETE_SELF)
			print_record("DELETE_SELF", directories[i], "");
		if (event->mask & IN_MOVE_SELF)
			print_record("MOVE_SELF", directories[i], "");
		return (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0;
	}
	return 0;
}

int main(int argc, char *argv[])
{
	pid_t parent = getppid();
	int count = argc - 1;
	char **directories = argv + 1;

	/* The daemon ignores these to take them in its own way, its worker threads block them all, and
	   a child inherits both. */
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN); /* write_all sees EPIPE */

	if (count < 1 || count > MOST_DIRECTORIES) {
		fprintf(stderr, "usage: shoken-watch DIRECTORY... (at most %d)\n", MOST_DIRECTORIES);
		return EXIT_USAGE;
	}
	if (!inotifytools_initialize())
		return refuse("anything");
	int watched = 0;
	for (int i = 0; i < count; i++) {
		descriptors[i] = watch(directories[i]);
		if (descriptors[i] >= 0)
			watched++;
		else
			refuse(directories[i]);
	}
	if (watched == 0)
		return EXIT_REFUSED;
	/* Those that can be watched are; one that cannot is left to the reader's listings meanwhile. */
	for (int i = 0; i < count; i++)
		if (descriptors[i] < 0)
			print_record("UNWATCHED", directories[i], "");
	pthread_t thread;
	if (pthread_create(&thread, NULL, end_when_left_alone, &parent) != 0)
		return refuse("anything: no thread");
	for (;;) {
		/* One event at a time: asking for more can spin. A negative timeout waits for ever. */
		struct inotify_event *event =
			inotifytools_next_event(watched < count ? SECONDS_BETWEEN_TRIES : -1);
		if (event && handle(event, count, directories))
			return EXIT_GONE;
		if (!event && inotifytools_error() && inotifytools_error() != EINTR) {
			fprintf(stderr, "shoken-watch: cannot read events: %s\n",
				strerror(inotifytools_error()));
			return EXIT_REFUSED;
		}
		if (!event)
			for (int i = 0; i < count; i++)
				if (descriptors[i] < 0 && (descriptors[i] = watch(directories[i])) >= 0)
					watched++;
	}
}
