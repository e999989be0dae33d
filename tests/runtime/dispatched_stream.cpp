#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// A stream whose code is picked at load, here from a table of one entry.

inline constexpr auto dispatched_filter = []<int T>(etch::tensor<float, T, 2> x) {
  using namespace etch;
  auto const h = tanh(causal_conv1d<8, signal_conv{.kernel = 3, .dilation = 2}>("conv", x));
  return linear<1>("out", h);
};
using DispatchedFilter = etch::dispatched_streaming<dispatched_filter, 100>;

ETCH_MODEL(DispatchedFilter)

TEST_CASE("a dispatched stream runs each part of a block with the code of its set",
          "[runtime][streaming]") {
  using namespace etch;
  using namespace etch_test;
  using Plain = streaming<dispatched_filter, 100>;
  STATIC_REQUIRE(DispatchedFilter::sizes == 3);
  auto const own = known_weights<DispatchedFilter>();
  REQUIRE(own.set() == compiled_isa);
  stream<DispatchedFilter> run{own};
  stream<Plain> plain{known_weights<Plain>()};
  std::vector<float> x(400);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(0.3f * static_cast<float>(i));
  std::size_t at = 0;
  for (std::size_t const rows : {1u, 75u, 8u, 100u, 16u}) {
    auto const block = std::span<float const>(x).subspan(2 * at, 2 * rows);
    auto const y = run(block), expected = plain(block);
    REQUIRE(y);
    REQUIRE(expected);
    CHECK(std::vector<float>(y->begin(), y->end()) ==
          std::vector<float>(expected->begin(), expected->end()));
    at += rows;
  }
}

TEST_CASE("a set that is not built into a dispatched stream is refused", "[runtime][streaming]") {
  using namespace etch;
  using namespace etch_test;
  std::string const file = weights_file<DispatchedFilter>();
  auto const refused = try_load<DispatchedFilter>(
      as_bytes(file), "known", {.set = compiled_isa == isa::sse2 ? isa::avx512 : isa::sse2});
  REQUIRE(!refused);
  CHECK(refused.error().text.find("etch: load: the model is not built for") == 0);
}
