#include <etch/interop/openmp.hpp>

#include "catch.hpp"
#include "support/same_bits_on.hpp"

TEST_CASE("a session runs on the threads of OpenMP", "[interop]") {
  for (int threads : {1, 2, 5}) {
    etch::openmp_executor executor{threads};
    CHECK(executor.concurrency() == threads);
    CHECK(etch_test::same_bits_on(executor));
  }
}
