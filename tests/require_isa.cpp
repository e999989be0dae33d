// Part of every test executable that is built for a wider instruction set than the base line: ends
// the program as skipped, before any static initialiser, on a processor that lacks the set.
// Compiled with the flags of the base line.
#include <unistd.h>

#include <cstring>

#include "skip.hpp"

namespace {

bool processor_has(char const* isa) {
  __builtin_cpu_init();
  if (std::strcmp(isa, "sse4_2") == 0) return __builtin_cpu_supports("sse4.2") != 0;
  bool const avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  if (std::strcmp(isa, "avx2") == 0) return avx2;
  return avx2 && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512cd") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

[[gnu::constructor(101)]] void require_isa() {
  if (processor_has(ETCH_TEST_ISA)) return;
  constexpr char message[] = "skipped: this processor has no " ETCH_TEST_ISA "\n";
  [[maybe_unused]] auto const written = write(STDOUT_FILENO, message, sizeof message - 1);
  _exit(etch_test::skip_exit_code);
}

}  // namespace
