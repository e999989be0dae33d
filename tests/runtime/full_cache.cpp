#include <array>
#include <cmath>
#include <string>
#include <type_traits>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// A call that a cache has no room for returns an error and changes nothing.

namespace {

using namespace etch;
using namespace etch_test;

constexpr int capacity = 6;

/// Two layers behind one position.
template <int Rows, int Capacity>
struct decoder {
  constexpr auto operator()(tensor<float, Rows, 1, 4> x) const {
    state<std::int32_t, 1> position("position", x);
    auto const h = cached_attention<Capacity>("a", x, x, x, position);
    auto const y = cached_attention<Capacity>("b", h, h, h, position);
    position = position + Rows;
    return y;
  }
};
template <int Rows, int Capacity = capacity>
inline constexpr decoder<Rows, Capacity> decodes{};
template <int Rows>
using Decoder = model<decodes<Rows>>;

/// The caller says where; of a model that computes it nothing is known before.
inline constexpr auto told = [](tensor<float, 2, 1, 4> x, tensor<std::int64_t, 1> position) {
  return cached_attention<capacity>("a", x, x, x, position);
};
inline constexpr auto computed = [](tensor<float, 2, 1, 4> x, tensor<std::int64_t, 1> position) {
  return cached_attention<capacity>("a", x, x, x, position * std::int64_t{2});
};

template <int Rows>
std::array<float, 4 * Rows> rows() {
  std::array<float, 4 * Rows> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  return x;
}

}  // namespace

TEST_CASE("a session says that a cache is full, and keeps what it has", "[runtime][session]") {
  session<Decoder<4>> block{known_weights<Decoder<4>>()};
  REQUIRE(block(rows<4>()));
  auto const before = block.save();
  auto const full = block(rows<4>());
  REQUIRE(!full);
  CHECK(full.error().code == errc::exhausted);
  CHECK(full.error().text ==
        "etch: session: the cache is full: 4 of 6 rows are taken, the call brings 4");
  CHECK(block.save() == before);

  session<Decoder<1>> single{known_weights<Decoder<1>>()};
  REQUIRE(single.restore(before));  // there is room for two rows more
  CHECK(single(rows<1>()));
  auto const last = single(rows<1>());
  REQUIRE(last);
  for (float y : *last) CHECK(!std::isnan(y));
  CHECK(!single(rows<1>()));
  single.reset();
  CHECK(single(rows<1>()));
  single.state("position"_t)[0] = -1;
  CHECK(single(rows<1>()).error().code == errc::invalid_argument);
}

TEST_CASE("prewarm stops where a cache is full", "[runtime][session]") {
  session<Decoder<4>> run{known_weights<Decoder<4>>()};
  run.prewarm(3);
  CHECK(run.state("position"_t)[0] == 4);
  run.reset();
  CHECK(run(rows<4>()));
}

TEST_CASE("a session looks at a position that is an input", "[runtime][session]") {
  session<model<told>> run{known_weights<model<told>>()};
  CHECK(run(rows<2>(), std::array<std::int64_t, 1>{4}));
  CHECK(run(rows<2>(), std::array<std::int64_t, 1>{5}).error().text ==
        "etch: session: the cache is full: 5 of 6 rows are taken, the call brings 2");
  CHECK(run(rows<2>(), std::array<std::int64_t, 1>{std::int64_t{1} << 33}).error().code ==
        errc::exhausted);
}

TEST_CASE("rows beyond a computed position's capacity are NaN", "[runtime][session]") {
  session<model<computed>> run{known_weights<model<computed>>()};
  auto const y = run(rows<2>(), std::array<std::int64_t, 1>{3});
  STATIC_REQUIRE(std::is_same_v<decltype(y), view<tensor<float, 2, 1, 4>> const>);
  for (float each : y) CHECK(std::isnan(each));
}

TEST_CASE("a model without caches returns its results as they are", "[runtime][session]") {
  static constexpr auto plain = [](tensor<float, 4> x) { return tanh(x); };
  using Plain = session<model<plain>>;
  STATIC_REQUIRE(noexcept(std::declval<Plain&>()(std::declval<std::array<float, 4> const&>())));
  STATIC_REQUIRE(!noexcept(std::declval<session<Decoder<1>>&>()(rows<1>())));
}

TEST_CASE("a stream says that a cache has no room for a block", "[runtime][streaming]") {
  static constexpr auto family = []<int T>(tensor<float, T, 1, 4> x) { return decodes<T, 12>(x); };
  using Live = streaming<family, 9>;
  stream<Live> run{known_weights<Live>()};
  auto const x = rows<9>();
  REQUIRE(run(x));
  auto const full = run(std::span<float const>(x).first(4 * 4));
  REQUIRE(!full);
  CHECK(full.error().text ==
        "etch: stream: the cache is full: 9 of 12 rows are taken, the call brings 4");
  CHECK(run(std::span<float const>(x).first(4 * 3)));
}

TEST_CASE("no instance runs where the cache of one is full", "[runtime][instances]") {
  instances<Decoder<1>, 2> run{known_weights<Decoder<1>>()};
  auto const x = rows<2>();
  for (int i = 0; i < 5; ++i) REQUIRE(run(x));
  run[0].reset();
  REQUIRE(run(x));
  auto const before = run[0].save();
  CHECK(run(x).error().text ==
        "etch: instances: the cache is full: 6 of 6 rows are taken, the call brings 1");
  CHECK(run[0].save() == before);
  run[1].reset();
  CHECK(run(x));
}
