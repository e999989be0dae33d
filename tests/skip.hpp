#pragma once

#include <cstdio>
#include <string>

/// Tests whose material is not there (nets beside the repository, an instruction set) say so and
/// pass on; ctest then lists their file as skipped and never as passed.
namespace etch_test {

inline constexpr int skip_exit_code = 77;

inline int& skipped_count() {
  static int count = 0;
  return count;
}

/// skip("the net is not here"): prints the reason; the caller returns from its test.
inline void skip(std::string const& reason) {
  ++skipped_count();
  std::printf("skipped: %s\n", reason.c_str());
}

}  // namespace etch_test
