#include <etch/passes/stream_convolutions.hpp>

#include <string>

#include <etch/etch.hpp>

#include "catch.hpp"

// Which functions over a sequence have a form for its blocks, and what that form keeps. What it
// computes is tested in tests/runtime/streaming_form.cpp.

namespace {

using namespace etch;
using passes::sequence_fault;

template <auto Family>
constexpr bool fails(sequence_fault fault, ir::op_key at = {}) {
  auto const made = detail::streamed<Family, 4>();
  return made.fault == fault && made.at == at;
}
template <auto Family>
constexpr bool refuses(ir::op_key at) {
  return fails<Family>(sequence_fault::operation, at);
}

inline constexpr auto sum_of_rows = []<int T>(tensor<float, T, 4> x) { return x + sum<0>(x); };
inline constexpr auto softmax_of_rows = []<int T>(tensor<float, T, 4> x) { return softmax<0>(x); };
inline constexpr auto scores = []<int T>(tensor<float, T, 4> x) {
  return matmul(matmul(x, transpose<1, 0>(x)), x);
};
inline constexpr auto attends = []<int T>(tensor<float, T, 4> x) {
  auto const h = reshape<1, 1, T, 4>(x);
  return reshape<T, 4>(scaled_dot_product_attention(h, h, h));
};
inline constexpr auto walks = []<int T>(tensor<float, T, 1, 4> x) {
  return gru_sequence<4>("gru", x).y;
};
inline constexpr auto every_second = []<int T>(tensor<float, T, 4> x) {
  return slice<0, 0, to_end, 2>(x);
};
inline constexpr auto first_row = []<int T>(tensor<float, T, 4> x) {
  return x + slice<0, 0, 1>(x);
};
inline constexpr auto pairs = []<int T>(tensor<float, T, 4> x) { return reshape<T / 2, 8>(x); };
inline constexpr auto in_line = []<int T>(tensor<float, T, 4> x) { return reshape<T * 4>(x); };
inline constexpr auto joined = []<int T>(tensor<float, T, 4> x) { return concat<0>(x, x); };
inline constexpr auto pools = []<int T>(tensor<float, 1, 4, 1, T> x) {
  auto const h = max_pool2d<pool{.kernel = {1, 3}, .stride = 1}>(x);
  return transpose<0, 2, 3, 1>(h);
};
inline constexpr auto upwards = []<int T>(tensor<float, 1, 1, 1, T> x) {
  return conv_transpose2d<1, conv_transpose{.kernel = {1, 2}, .stride = {1, 2}}>("up", x);
};
inline constexpr auto ones_around = []<int T>(tensor<float, T, 4> x) {
  return pad<margin{.axis = 0, .before = 1}>(x, 1.0f);
};
inline constexpr auto zeros_over_rows = []<int T>(tensor<float, T, 4> x) {
  return pad<margin{.axis = 0, .before = 2}>(slice<0, 2>(x)) + x;
};
inline constexpr auto zeros_over_last = []<int T>(tensor<float, T, 4> x) {
  return pad<margin{.axis = 0, .after = 2}>(slice<0, 0, -2>(x)) + x;
};

}  // namespace

TEST_CASE("operators that read other rows have no streaming form", "[passes][streaming]") {
  CHECK(refuses<sum_of_rows>("reduce_sum"));
  CHECK(refuses<softmax_of_rows>("softmax"));
  CHECK(refuses<scores>("matmul"));
  CHECK(refuses<attends>("attention"));
  CHECK(refuses<walks>("scan"));
  CHECK(refuses<every_second>("slice"));
  CHECK(refuses<first_row>("slice"));
  CHECK(refuses<pairs>("reshape"));
  CHECK(refuses<in_line>("reshape"));
  CHECK(refuses<joined>("concat"));
  CHECK(refuses<pools>("max_pool2d"));
  CHECK(refuses<upwards>("conv_transpose2d"));
  CHECK(refuses<ones_around>("pad"));
}

TEST_CASE("zeros instead of rows that a slice took away have no streaming form",
          "[passes][streaming]") {
  CHECK(refuses<zeros_over_rows>("pad"));
  CHECK(refuses<zeros_over_last>("pad"));
}

namespace {

constexpr signal_conv near{.kernel = 3, .padding = 1, .layout = nlc};

/// The input waits for four convolutions, and twice for the same number of rows.
inline constexpr auto waits = []<int T>(tensor<float, T, 4> x) {
  auto const h = conv1d<4, near>("b", conv1d<4, near>("a", x));
  auto const g = conv1d<4, near>("d", conv1d<4, near>("c", x));
  return (h + x) * (g - x);
};
/// More zeros than the kernel reads: the result comes before its rows, until it waits.
inline constexpr auto padded_twice = []<int T>(tensor<float, T, 4> x) {
  return conv1d<4, near>("a", pad<margin{.axis = 0, .before = 4}>(x));
};

}  // namespace

TEST_CASE("values that meet wait for the one that comes last", "[passes][streaming]") {
  auto const made = detail::streamed<waits, 4>();
  REQUIRE(made.fault == sequence_fault::none);
  CHECK(made.delay == 2);
  ir::verify(made.graph);
  REQUIRE(made.graph.states.size() == 5);  // four histories, and one delay for both sums
  int delays = 0;
  for (ir::state_slot const& state : made.graph.states) {
    bool const delay = made.graph.name_of(state.read) == "delay";
    delays += delay;
    CHECK(made.graph[state.read].type.elements() == 2 * 4);
  }
  CHECK(delays == 1);
}

TEST_CASE("a streaming form never comes before its rows", "[passes][streaming]") {
  auto const made = detail::streamed<padded_twice, 4>();
  REQUIRE(made.fault == sequence_fault::none);
  CHECK(made.delay == 0);
  std::int64_t kept = 0;
  for (ir::state_slot const& state : made.graph.states)
    kept += made.graph[state.read].type.elements() / 4;
  CHECK(kept == 2 + 3);  // of the kernel, and three rows too many before the first one
}
