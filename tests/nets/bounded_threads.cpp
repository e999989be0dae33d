// Models with lengths that the call decides run chains of steps tile by tile, and split what is
// large among threads: by the rows in use, and not at all where these are few. The bits are those
// of one step after the other on one thread.

#include "bounded_net.hpp"
#include "support/test_executor.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 300);
inline constexpr extent S = dim("S", 150);
inline constexpr plan::tile_policy never{.on = false};
inline constexpr plan::tile_policy small{.least_bytes = 0, .tile_bytes = 8192};

/// Heads of tokens beside those of a memory, and what stands behind them.
inline constexpr auto mixer = [](tensor<float, T, 72> x, tensor<float, S, 72> memory) {
  auto const q = rotary_embedding<rotary{.positions = 300}>(reshape<T, 3, 24>(x), 0);
  auto const k = reshape<S, 3, 24>(memory);
  auto const mixed = scaled_dot_product_attention(q, k, k);
  auto const h = layer_norm("norm", x + linear<72>("out", reshape<-1, 72>(mixed)));
  return softmax(h + linear<72>("down", gelu(linear<201>("up", h))));
};

/// Rows in one line of memory.
inline constexpr extent Line = dim("Line", 200'000);
inline constexpr auto line = [](tensor<float, Line> x) { return silu(x) * 0.5f + x; };

template <class Model>
constexpr int splitting_steps() {
  int count = 0;
  for (auto const& step : Model::net::plan.steps) count += step.splits;
  return count;
}

/// What a model gives on one thread.
template <class Model, class... X>
std::vector<float> answer(std::vector<X> const&... x) {
  session<Model> alone{etch_test::known_weights<Model>()};
  auto const y = alone(std::span<X const>(etch_test::exact_block<X>(x))...);
  REQUIRE(y);
  return {y->begin(), y->end()};
}

/// How many steps and tilings a call shares among its threads; the results are those of one thread.
template <class Model, class... X>
int shared_steps(std::vector<X> const&... x) {
  auto const weights = etch_test::known_weights<Model>();
  std::vector<float> const expected = answer<Model>(x...);
  int shared = 0;
  for (int threads : {1, 2, 3, 7}) {
    etch_test::threads_for_each_step executor{threads};
    session<Model> run{weights, executor};
    auto const found = run(std::span<X const>(etch_test::exact_block<X>(x))...);
    REQUIRE(found);
    CAPTURE(threads);
    CHECK(etch_test::same_bits(expected, *found));
    if (threads > 2) CHECK(executor.steps == shared);
    shared = executor.steps;
  }
  return shared;
}

std::vector<float> rows_of(int rows, int width) {
  return etch_test::some_numbers<float>(static_cast<std::size_t>(rows * width), 37);
}

}  // namespace

TEST_CASE("a call of any length gives the same bits on any number of threads",
          "[nets][bounded][threads]") {
  using net = model<mixer, options{.depth_first = never}>;
  constexpr int most = splitting_steps<net>();
  STATIC_REQUIRE(most == 7);
  CHECK(shared_steps<net>(rows_of(1, 72), rows_of(1, 72)) == 0);
  CHECK(shared_steps<net>(rows_of(9, 72), rows_of(150, 72)) == 0);
  CHECK(shared_steps<net>(rows_of(31, 72), rows_of(150, 72)) == 2);
  CHECK(shared_steps<net>(rows_of(149, 72), rows_of(150, 72)) == 5);
  CHECK(shared_steps<net>(rows_of(299, 72), rows_of(149, 72)) == most);
}

TEST_CASE("a chain runs in tiles of the rows that a call has", "[nets][bounded][depth_first]") {
  using tiled = model<mixer, options{.depth_first = small}>;
  using plain = model<mixer, options{.depth_first = never}>;
  STATIC_REQUIRE(plain::net::plan.tilings.size() == 0);
  STATIC_REQUIRE(tiled::net::plan.tilings.size() == 1);
  constexpr plan::tiling chain = tiled::net::plan.tilings[0];
  STATIC_REQUIRE(chain.length >= 0);
  STATIC_REQUIRE(chain.tile % small.least_rows == 0);
  constexpr int tile = static_cast<int>(chain.tile);
  for (int rows : {1, tile - 1, tile, tile + 1, 149, 300}) {
    CAPTURE(rows);
    auto const x = rows_of(rows, 72), memory = rows_of(5, 72);
    CHECK(etch_test::same_bits(answer<plain>(x, memory),
                               std::span<float const>(answer<tiled>(x, memory))));
  }
  CHECK(shared_steps<tiled>(rows_of(7, 72), rows_of(5, 72)) == 0);
  CHECK(shared_steps<tiled>(rows_of(299, 72), rows_of(5, 72)) == 3);
}

TEST_CASE("half of the rows run in tiles too", "[nets][bounded][depth_first]") {
  static constexpr auto halves = [](tensor<float, T / 2, 8> x) {
    return softmax(tanh(linear<40>("in", x)));
  };
  using tiled = model<halves, options{.depth_first = small}>;
  using plain = model<halves, options{.depth_first = never}>;
  STATIC_REQUIRE(tiled::net::plan.tilings.size() == 1);
  auto const x = rows_of(100, 8);
  CHECK(etch_test::same_bits(answer<plain>(x), std::span<float const>(answer<tiled>(x))));
}

TEST_CASE("what is no rows of a call runs in no tiles", "[nets][bounded][depth_first]") {
  static constexpr auto grid = [](tensor<float, T, S> x) {
    for (int i = 0; i < 40; ++i) x = x * x + 0.5f;
    return x;
  };
  using net = model<grid, options{.depth_first = small}>::net;
  STATIC_REQUIRE(net::plan.steps.size() > 1);
  STATIC_REQUIRE(net::plan.tilings.size() == 0);
}

TEST_CASE("elements of one line are shared by packs", "[nets][bounded][threads]") {
  using net = model<line>;
  CHECK(shared_steps<net>(rows_of(9'001, 1)) == 0);
  CHECK(shared_steps<net>(rows_of(199'999, 1)) == 1);
}
