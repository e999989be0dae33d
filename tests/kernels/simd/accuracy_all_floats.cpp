#include <cstdlib>

#include "catch.hpp"
#include "kernels/simd/functions.hpp"
#include "skip.hpp"

// All 2^32 floats, minutes for each function: hidden, and only with ETCH_EXHAUSTIVE in the
// environment, because a filter by file name also selects hidden tests.

TEMPLATE_TEST_CASE("vector functions keep their bound for every float", "[simd][.exhaustive]",
                   functions::exp, functions::log, functions::tanh, functions::sigmoid,
                   functions::erf, functions::sin, functions::cos, functions::rsqrt) {
  if (std::getenv("ETCH_EXHAUSTIVE") == nullptr)
    return etch_test::skip("all floats: set ETCH_EXHAUSTIVE to run them");
  auto const worst = functions::worst<TestType, float>(std::uint64_t{1} << 32, [](std::uint64_t i) {
    return std::bit_cast<float>(std::uint32_t(i));
  });
  std::printf("%-8s %.4f ulp at %a\n", TestType::name, worst.ulp, double(worst.x));
  std::fflush(stdout);
  CAPTURE(TestType::name, worst.x, worst.ulp);
  CHECK(worst.ulp <= TestType::bound);
}
