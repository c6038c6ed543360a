// SPDX-License-Identifier: Apache-2.0

// Measures the products with block-quantised weights against the speed at which the same threads
// read memory: for each format and set of CPU features, gigabytes of weights a second for one row of
// activations, and for eight; see `run` beside it.
#define _GNU_SOURCE
#include <immintrin.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "BlockKernels.h"

#ifndef MATRICES
#define MATRICES 24
#define ROWS 5504
#endif
#ifndef COLUMNS
#define COLUMNS 2048
#endif
enum { STREAMS = 8, ROUNDS = 15 };

static const struct {
  uint32_t format;
  const char *name;
} formats[] = {
    {shoken_block_q8_0, "q8_0"}, {shoken_block_q4_0, "q4_0"}, {shoken_block_q4_K, "q4_K"},
    {shoken_block_q6_K, "q6_K"}, {shoken_block_q5_K, "q5_K"}, {shoken_block_q4_1, "q4_1"},
    {shoken_block_q5_0, "q5_0"}, {shoken_block_q5_1, "q5_1"},
};
enum { FORMATS = sizeof formats / sizeof *formats };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Short pieces of work are over before the system has moved a thread to a processor of its own.
static void stay_on_processor(int thread) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(thread, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

// What a thread does: its share of every matrix, or of the plain reading.
struct job {
  int thread, threads, format;
  int64_t count, row_bytes;
  const uint8_t *weights;
  uint8_t *activations;
  float *y;
  uint64_t sum;
};

__attribute__((target("avx2"))) static void *read_memory(void *argument) {
  struct job *job = argument;
  stay_on_processor(job->thread);
  int64_t bytes = (int64_t)MATRICES * ROWS * job->row_bytes / job->threads / 256 * 256;
  const uint8_t *p = job->weights + job->thread * bytes, *end = p + bytes;
  __m256i sums[8];
  for (int i = 0; i < 8; i++) sums[i] = _mm256_setzero_si256();
  for (; p < end; p += 256) {
    for (int i = 0; i < 256; i += 64) _mm_prefetch((const char *)p + 1024 + i, _MM_HINT_T0);
    for (int i = 0; i < 8; i++)
      sums[i] = _mm256_add_epi64(sums[i], _mm256_loadu_si256((const __m256i *)p + i));
  }
  uint64_t words[32];
  memcpy(words, sums, sizeof words);
  for (int i = 0; i < 32; i++) job->sum += words[i];
  return NULL;
}

static void *multiply(void *argument) {
  struct job *job = argument;
  stay_on_processor(job->thread);
  int64_t first = ROWS * job->thread / job->threads;
  int64_t rows = ROWS * (job->thread + 1) / job->threads - first;
  uint32_t format = formats[job->format].format;
  for (int64_t m = 0; m < MATRICES; m++) {
    const uint8_t *w = job->weights + (m * ROWS + first) * job->row_bytes;
    shoken_block_product(
        format, w, job->row_bytes, rows, COLUMNS, job->activations, job->count, job->y + first,
        ROWS, 0);
  }
  return NULL;
}

static double time_of(void *(*work)(void *), struct job job) {
  pthread_t threads[64];
  struct job jobs[64];
  double start = seconds();
  for (int i = 0; i < job.threads; i++) {
    jobs[i] = job;
    jobs[i].thread = i;
    pthread_create(&threads[i], NULL, work, &jobs[i]);
  }
  for (int i = 0; i < job.threads; i++) pthread_join(threads[i], NULL);
  return seconds() - start;
}

// Product and plain reading take turns. What else runs on the machine only makes both slower, hence
// the fastest of each counts.
static void measure(struct job job, const char *name, const char *level) {
  double bytes = (double)MATRICES * ROWS * (double)job.row_bytes, work = 1e9, reading = 1e9;
  for (int i = 0; i < ROUNDS; i++) {
    double t = time_of(read_memory, job);
    reading = t < reading ? t : reading;
    t = time_of(multiply, job);
    work = t < work ? t : work;
  }
  printf(
      "%-5s %-9s threads %d  rows %lld  %6.1f GB/s  %5.2f of reading  %7.1f GMAC/s\n", name, level,
      job.threads, (long long)job.count, bytes / work / 1e9, reading / work,
      (double)MATRICES * ROWS * COLUMNS * (double)job.count / work / 1e9);
  fflush(stdout);
}

int main(int count, char **arguments) {
  static const char *levels[] = {"portable", "avx2", "avx512"};
  const char *only = count > 1 ? arguments[1] : NULL, *only_level = count > 2 ? arguments[2] : NULL;
  int64_t room = (int64_t)MATRICES * ROWS * COLUMNS * 2 + 65536;
  uint8_t *weights =
      mmap(NULL, (size_t)room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (weights == MAP_FAILED) return 1;
  // Random small numbers; as halves, too, so that nothing is slowed by subnormal or infinite ones.
  uint64_t state = 1;
  for (int64_t i = 0; i + 8 <= room; i += 8) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint64_t word = (state ^ state >> 29) & 0xafffafffafffafffu;
    memcpy(weights + i, &word, 8);
  }
  float *x = malloc(STREAMS * COLUMNS * sizeof *x), *y = malloc(STREAMS * ROWS * sizeof *y);
  int64_t row = shoken_block_activation_bytes(shoken_block_q8_0, COLUMNS);
  uint8_t *activations = aligned_alloc(64, (size_t)(STREAMS * row));
  if (!x || !y || !activations) return 1;
  for (int i = 0; i < STREAMS * COLUMNS; i++) x[i] = (float)(i * 7919 % 2001 - 1000) / 1000;
  int widest = shoken_cpu_level();
  for (int f = 0; f < FORMATS; f++) {
    if (only && strcmp(only, "all") != 0 && strcmp(only, formats[f].name) != 0) continue;
    for (int level = widest; level >= 0; level--) {
      if (only_level && strcmp(only_level, levels[level]) != 0) continue;
      shoken_limit_cpu_features(level);
      uint32_t format = formats[f].format;
      int64_t row_bytes = COLUMNS / shoken_block_elements(format) * shoken_block_bytes(format);
      for (int threads = 1; threads <= 2; threads++) {
        struct job job = {
            .threads = threads, .format = f, .row_bytes = row_bytes, .weights = weights,
            .activations = activations, .y = y,
        };
        for (job.count = 1; job.count <= STREAMS; job.count += STREAMS - 1) {
          shoken_block_quantise(format, x, COLUMNS, job.count, COLUMNS, activations);
          measure(job, formats[f].name, levels[level]);
        }
      }
    }
  }
}
