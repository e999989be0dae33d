#include <etch/passes/canonicalize.hpp>
#include <etch/passes/last_axis.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::last_axis;

template <class Op>
constexpr ir::graph softmax_along(int axis) {
  net g;
  return g.returning(g.add_op<Op>({g.input(2, 3, 4)}, {.axis = axis}));
}

template <class Op>
constexpr ir::graph reduced(etch::core::ints<6> const& axes, bool keepdims) {
  net g;
  return g.returning(g.add_op<Op>({g.input(2, 3, 4, 5)}, {.axes = axes, .keepdims = keepdims}));
}

constexpr bool has_a_kernel(ir::graph const& g) {
  for (ir::node const& n : g.nodes) {
    bool const needs_one =
        n.op == &ir::info_of<ops::softmax> || n.op == &ir::info_of<ops::reduce_sum>;
    if (needs_one && passes::view_of(g, n).rows == 0) return false;
  }
  return true;
}

constexpr ir::graph of_integers() {
  net g;
  auto const x = ir::add_input(g, {dtype::i32, ir::shape(2, 3, 4)});
  return g.returning(g.add_op<ops::reduce_sum>({x}, {.axes = {0, 2}}));
}

constexpr ir::graph of_weights() {
  net g;
  auto const w = g.add_op<ops::softmax>({g.weight("w", 3, 4)}, {.axis = 0});
  return g.returning(g.add_op<ops::add>({g.input(3, 4), w}));
}

}  // namespace

TEST_CASE("last_axis moves the axis of a softmax to the end and back", "[passes][last_axis]") {
  STATIC_REQUIRE(has_a_kernel(after<last_axis>(softmax_along<ops::softmax>(0))));
  REQUIRE(text_after<last_axis>(softmax_along<ops::softmax>(0)) == R"((%0 : f32[2,3,4]) {
  %1 = transpose(%0, {1,2,0}) : f32[3,4,2]
  %2 = softmax(%1, 2) : f32[3,4,2]
  %3 = transpose(%2, {2,0,1}) : f32[2,3,4]
  return %3
}
)");
  for (int axis : {0, 1, 2}) {
    require_sound<last_axis>(softmax_along<ops::softmax>(axis));
    require_sound<last_axis>(softmax_along<ops::log_softmax>(axis));
  }
  require_unchanged<last_axis>(softmax_along<ops::softmax>(2));
}

TEST_CASE("last_axis moves reduced axes together", "[passes][last_axis]") {
  STATIC_REQUIRE(has_a_kernel(after<last_axis>(reduced<ops::reduce_sum>({0, 2}, false))));
  REQUIRE(text_after<last_axis>(reduced<ops::reduce_sum>({0, 2}, true)) ==
          R"((%0 : f32[2,3,4,5]) {
  %1 = transpose(%0, {1,3,0,2}) : f32[3,5,2,4]
  %2 = reduce_sum(%1, {2,3}, true) : f32[3,5,1,1]
  %3 = reshape(%2, {1,3,1,5}) : f32[1,3,1,5]
  return %3
}
)");
  for (bool keepdims : {false, true}) {
    for (auto const& axes : {etch::core::ints<6>{0, 2}, {1, 3}, {0, 3}, {0, 1, 3}, {0, 2, 3}}) {
      require_sound<last_axis>(reduced<ops::reduce_sum>(axes, keepdims), 1e-6);
      require_sound<last_axis>(reduced<ops::reduce_mean>(axes, keepdims), 1e-6);
      require_sound<last_axis>(reduced<ops::reduce_prod>(axes, keepdims), 1e-6);
      require_sound<last_axis>(reduced<ops::reduce_max>(axes, keepdims));
      require_sound<last_axis>(reduced<ops::reduce_min>(axes, keepdims));
    }
  }
}

TEST_CASE("last_axis leaves reductions of neighbours, of integers and of weights",
          "[passes][last_axis]") {
  require_unchanged<last_axis>(reduced<ops::reduce_sum>({1, 2}, false));
  require_unchanged<last_axis>(reduced<ops::reduce_sum>({0, 1, 2, 3}, true));
  require_unchanged<last_axis>(of_integers());
  require_unchanged<last_axis>(of_weights());
}
