#include <etch/passes/expand_batch_norm.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::expand_batch_norm;

template <class... I>
constexpr ir::graph normalised(int axis, I... extent) {
  net g;
  auto const x = g.input(extent...);
  std::int64_t const c = g[x].type.shape[axis];
  auto const gamma = g.weight("bn.weight", c), beta = g.weight("bn.bias", c);
  auto const mean = g.weight("bn.running_mean", c), variance = g.weight("bn.running_var", c);
  return g.returning(g.add_op<ops::batch_norm>({x, gamma, beta, mean, variance}, {.axis = axis}));
}

constexpr bool writes_a_product_and_a_sum() {
  ir::graph const now = after<expand_batch_norm>(normalised(1, 2, 3, 4, 5));
  ir::node_id const sum = now.outputs[0], product = now.input(sum, 0);
  return count<ops::batch_norm>(now) == 0 && now[sum].op == &ir::info_of<ops::add> &&
         now[product].op == &ir::info_of<ops::mul> && now.input(product, 0) == 0 &&
         now[now.input(sum, 1)].type.shape == ir::shape(3, 1, 1);
}

/// At run time nothing is left but the product and the sum.
constexpr bool leaves_the_rest_to_load_time() {
  ir::graph const now = after<expand_batch_norm>(normalised(1, 2, 3, 4, 5));
  auto const known = ir::weight_only(now);
  int at_run_time = 0;
  for (bool each : known) at_run_time += !each;
  return at_run_time == 3;  // with the input
}

constexpr ir::graph in_double() {
  net g;
  auto const x = ir::add_input(g, {dtype::f64, ir::shape(2, 3)});
  etch::core::list<ir::node_id> operands{x};
  for (auto const* name : {"weight", "bias", "mean", "var"})
    operands.push_back(ir::add_parameter(g, {dtype::f64, ir::shape(3)}, name));
  return g.returning(ir::emit<ops::batch_norm>(
      g, std::span<ir::node_id const>(operands.data(), operands.size()), {.axis = 1}));
}

}  // namespace

TEST_CASE("expand_batch_norm writes x * s + t with s and t known at load",
          "[passes][expand_batch_norm]") {
  STATIC_REQUIRE(writes_a_product_and_a_sum());
  STATIC_REQUIRE(leaves_the_rest_to_load_time());
  REQUIRE(writes_a_product_and_a_sum());
  REQUIRE(text_after<expand_batch_norm>(normalised(1, 2, 3, 4, 5)) == R"((%0 : f32[2,3,4,5]) {
  %1 = parameter 'bn.weight' : f32[3]
  %2 = parameter 'bn.bias' : f32[3]
  %3 = parameter 'bn.running_mean' : f32[3]
  %4 = parameter 'bn.running_var' : f32[3]
  %5 = constant(1e-05) : f32[]
  %6 = add(%4, %5) : f32[3]
  %7 = sqrt(%6) : f32[3]
  %8 = div(%1, %7) : f32[3]
  %9 = mul(%3, %8) : f32[3]
  %10 = sub(%2, %9) : f32[3]
  %11 = reshape(%8, {3,1,1}) : f32[3,1,1]
  %12 = mul(%0, %11) : f32[2,3,4,5]
  %13 = reshape(%10, {3,1,1}) : f32[3,1,1]
  %14 = add(%12, %13) : f32[2,3,4,5]
  return %14
}
)");
}

TEST_CASE("expand_batch_norm means the same on every axis", "[passes][expand_batch_norm]") {
  require_sound<expand_batch_norm>(normalised(1, 2, 3, 4, 5), 1e-6);
  require_sound<expand_batch_norm>(normalised(3, 2, 3, 4, 5), 1e-6);
  require_sound<expand_batch_norm>(normalised(0, 7), 1e-6);
  require_sound<expand_batch_norm>(normalised(0, 2, 3, 1, 2, 1, 3), 1e-6);
  require_sound<expand_batch_norm>(in_double(), 1e-14);
}
