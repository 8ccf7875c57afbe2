/* The plain SGD iteration of assembly/sgd-bands.ts in C with AVX2 and FMA, 16 frames a group: what the WebAssembly
 * kernel is measured against. Reads a problem written by bench/native.mjs from standard input:
 *   int32 bins, bands, frames, iterations; float momentum, rate; int32 runs[bands + 1]; float weights[bins][2]
 * and prints the best nanoseconds for one iteration over all frames, of five runs, and a checksum. */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GROUP = 16 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void *floats(size_t n) {
  void *p = aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64);
  if (!p) exit(1);
  return p;
}

/* One pass over one group. u has a zero band at either end. */
static float pass(int bands, const int32_t *runs, const float *w, float *s, float *u, const float *b, float mu,
                  float rate) {
  const __m256 zero = _mm256_setzero_ps(), vmu = _mm256_set1_ps(mu), vrate = _mm256_set1_ps(rate);
  __m256 lo0 = zero, lo1 = zero, next0 = zero, next1 = zero, loss0 = zero, loss1 = zero;
  for (int k = 0; k <= bands; k++) {
    __m256 sum0 = next0, sum1 = next1;
    next0 = next1 = zero;
    u += GROUP;
    const __m256 hi0 = _mm256_load_ps(u), hi1 = _mm256_load_ps(u + 8);
    for (int n = runs[k]; n > 0; n--, w += 2, s += GROUP) {
      const __m256 wl = _mm256_broadcast_ss(w), wh = _mm256_broadcast_ss(w + 1);
      const __m256 x0 = _mm256_max_ps(
          zero, _mm256_fnmadd_ps(wh, hi0, _mm256_fnmadd_ps(wl, lo0, _mm256_load_ps(s))));
      const __m256 x1 = _mm256_max_ps(
          zero, _mm256_fnmadd_ps(wh, hi1, _mm256_fnmadd_ps(wl, lo1, _mm256_load_ps(s + 8))));
      _mm256_store_ps(s, x0);
      _mm256_store_ps(s + 8, x1);
      sum0 = _mm256_fmadd_ps(wl, x0, sum0);
      sum1 = _mm256_fmadd_ps(wl, x1, sum1);
      next0 = _mm256_fmadd_ps(wh, x0, next0);
      next1 = _mm256_fmadd_ps(wh, x1, next1);
    }
    if (k > 0) {
      const __m256 r0 = _mm256_sub_ps(sum0, _mm256_load_ps(b)), r1 = _mm256_sub_ps(sum1, _mm256_load_ps(b + 8));
      b += GROUP;
      loss0 = _mm256_fmadd_ps(r0, r0, loss0);
      loss1 = _mm256_fmadd_ps(r1, r1, loss1);
      _mm256_store_ps(u - GROUP, _mm256_fmadd_ps(vrate, r0, _mm256_mul_ps(vmu, lo0)));
      _mm256_store_ps(u - GROUP + 8, _mm256_fmadd_ps(vrate, r1, _mm256_mul_ps(vmu, lo1)));
    }
    lo0 = hi0;
    lo1 = hi1;
  }
  float lanes[8], loss = 0;
  _mm256_storeu_ps(lanes, _mm256_add_ps(loss0, loss1));
  for (int i = 0; i < 8; i++) loss += lanes[i];
  return loss;
}

int main(void) {
  int32_t head[4];
  float tuning[2];
  if (fread(head, sizeof head, 1, stdin) != 1 || fread(tuning, sizeof tuning, 1, stdin) != 1) return 1;
  const int bins = head[0], bands = head[1], iterations = head[3], groups = (head[2] + GROUP - 1) / GROUP;
  int32_t *runs = malloc((bands + 1) * sizeof *runs);
  float *w = floats(2 * (size_t)bins);
  if (!runs || fread(runs, sizeof *runs, bands + 1, stdin) != (size_t)bands + 1) return 1;
  if (fread(w, 2 * sizeof *w, bins, stdin) != (size_t)bins) return 1;

  const size_t size = ((size_t)bins + bands + 2 + bands) * GROUP;
  float *state = floats(size * groups);
  double *losses = calloc(iterations, sizeof *losses);
  double best = 1e300;
  for (int run = 0; run < 5; run++) {
    for (size_t i = 0; i < size * groups; i++) state[i] = (float)((i * 2654435761u >> 8) & 0xffff) / 65536.0f;
    for (int g = 0; g < groups; g++) memset(state + g * size + (size_t)bins * GROUP, 0, (bands + 2) * GROUP * sizeof(float));
    const double start = now();
    for (int g = 0; g < groups; g++) {
      float *s = state + g * size, *u = s + (size_t)bins * GROUP, *b = u + (bands + 2) * GROUP;
      for (int i = 0; i < iterations; i++) losses[i] += pass(bands, runs, w, s, u, b, tuning[0], tuning[1]);
    }
    const double took = (now() - start) / iterations;
    if (took < best) best = took;
  }
  printf("%.1f %.6g\n", best, losses[iterations - 1]);
  return 0;
}
