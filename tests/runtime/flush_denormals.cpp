#include <etch/etch.hpp>

#include <array>
#include <limits>

#include "catch.hpp"
#include "support/known_weights.hpp"

#if defined(__SSE2__) || defined(__aarch64__)

namespace {

/// Half of the smallest normal number, at run time.
float half_of_smallest() {
  float volatile smallest = std::numeric_limits<float>::min();
  return smallest * 0.5f;
}

inline constexpr auto twice = [](etch::tensor<float, 1, 4> x) { return x + x; };

}  // namespace

TEST_CASE("flush_denormals flushes as long as it lives, and may be nested", "[runtime]") {
  REQUIRE(half_of_smallest() > 0);
  {
    etch::flush_denormals const outer;
    CHECK(half_of_smallest() == 0);
    {
      etch::flush_denormals const inner;
      CHECK(half_of_smallest() == 0);
    }
    CHECK(half_of_smallest() == 0);
  }
  CHECK(half_of_smallest() > 0);
}

TEST_CASE("a call flushes denormals and leaves the thread as it was", "[runtime]") {
  etch::session<etch::model<twice>> run{etch_test::known_weights<etch::model<twice>>()};
  std::array<float, 4> const x{half_of_smallest(), 1, 2, 3};
  CHECK(run(x)[0] == 0);
  CHECK(half_of_smallest() > 0);
  etch::flush_denormals const around;
  CHECK(run(x)[0] == 0);
  CHECK(run(x)[3] == 6);
  CHECK(half_of_smallest() == 0);
}

#endif
