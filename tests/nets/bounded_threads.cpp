// Models with lengths that the call decides split their large steps among threads: by the rows in
// use, and not at all where these are few. The bits are those of one thread.

#include "bounded_net.hpp"
#include "support/test_executor.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 300);
inline constexpr extent S = dim("S", 150);
inline constexpr plan::tile_policy never{.on = false};

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

/// How many steps a call shares among its threads, by their number; the results of each are those
/// of one thread.
template <class Model, class... X>
int shared_steps(std::vector<X> const&... x) {
  auto const weights = etch_test::known_weights<Model>();
  session<Model> alone{weights};
  auto const y = alone(std::span<X const>(x)...);
  REQUIRE(y);
  std::vector<float> const expected(y->begin(), y->end());
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
  STATIC_REQUIRE(most == 4);
  CHECK(shared_steps<net>(rows_of(1, 72), rows_of(1, 72)) == 0);
  CHECK(shared_steps<net>(rows_of(31, 72), rows_of(150, 72)) == 0);
  CHECK(shared_steps<net>(rows_of(149, 72), rows_of(150, 72)) == 3);
  CHECK(shared_steps<net>(rows_of(300, 72), rows_of(3, 72)) == 3);
  CHECK(shared_steps<net>(rows_of(299, 72), rows_of(149, 72)) == most);
}

TEST_CASE("elements of one line are shared by packs", "[nets][bounded][threads]") {
  using net = model<line>;
  CHECK(shared_steps<net>(rows_of(90'001, 1)) == 0);
  CHECK(shared_steps<net>(rows_of(199'999, 1)) == 1);
}
