// One main for every test executable. 0: all passed; 77: none failed and at least one was skipped
// (tests/skip.hpp), which ctest shows as skipped; anything else: failures.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include "skip.hpp"

int main(int argc, char** argv) {
  int const failed = Catch::Session().run(argc, argv);
  if (failed != 0) return failed;
  return etch_test::skipped_count() > 0 ? etch_test::skip_exit_code : 0;
}
