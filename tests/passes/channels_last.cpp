#include <etch/passes/canonicalize.hpp>
#include <etch/passes/channels_last.hpp>
#include <etch/passes/common_subexpressions.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::channels_last;

/// What the pipeline makes of it: the pass, then the pairs of transposes cancel.
constexpr ir::graph laid_out(ir::graph const& before) {
  return after<passes::common_subexpressions>(
      after<passes::canonicalize>(after<channels_last>(before)));
}

/// How many transposes of run-time values there are.
constexpr int transposes(ir::graph const& g) {
  auto const known = ir::weight_only(g);
  int n = 0;
  for (ir::node_id id = 0; id < g.size(); ++id)
    n += !known[static_cast<std::size_t>(id)] && g[id].op == &ir::info_of<ops::transpose>;
  return n;
}

void require_sound_layout(ir::graph const& before) {
  require_sound<channels_last>(before, 1e-5);
  ir::graph const now = laid_out(before);
  require_same_meaning(before, now, 1e-5);
  REQUIRE(ir::to_text(laid_out(now)) == ir::to_text(now));
}

constexpr ir::node_id conv(net& g, ir::node_id x, std::string_view name, int outputs) {
  return g.add_op<ops::conv2d>({x, g.weight(name, outputs, g[x].type.shape[1], 3, 3)},
                               {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1});
}

constexpr ir::graph one_conv() {
  net g;
  return g.returning(conv(g, g.input(2, 3, 6, 5), "w", 4));
}

constexpr ir::graph conv_chain() {
  net g;
  auto y = conv(g, g.input(2, 3, 12, 10), "w1", 4);
  y = g.add_op<ops::relu>({y});
  y = g.add_op<ops::max_pool2d>({y}, {.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2});
  y = g.add_op<ops::add>({conv(g, y, "w2", 4), g.weight("b", 4, 1, 1)});
  y = g.add_op<ops::mul>({y, g.add_op<ops::sigmoid>({y})});
  y = g.add_op<ops::add>({y, g.number(1)});
  y = g.add_op<ops::avg_pool2d>({y}, {.kernel_h = 3, .kernel_w = 1});
  return g.returning(y);
}

constexpr ir::graph residual() {
  net g;
  auto const x = g.add_op<ops::relu>({conv(g, g.input(1, 3, 5, 5), "w0", 4)});
  auto const y = conv(g, g.add_op<ops::relu>({conv(g, x, "w1", 4)}), "w2", 4);
  return g.returning(g.add_op<ops::relu>({g.add_op<ops::add>({y, x})}));
}

constexpr ir::graph branches() {
  net g;
  auto const x = g.input(2, 3, 4, 4);
  auto const all = g.add_op<ops::concat>({conv(g, x, "a", 2), conv(g, x, "b", 5)}, {.axis = 1});
  return g.returning(conv(g, all, "c", 2));
}

template <class Op>
constexpr ir::graph pooled(bool keepdims) {
  net g;
  auto const y = conv(g, g.input(2, 3, 4, 5), "w", 6);
  return g.returning(
      g.add_op<ops::exp>({g.add_op<Op>({y}, {.axes = {2, 3}, .keepdims = keepdims})}));
}

/// Where nothing can sink: a run-time operand in the other layout, a weight along the width, a
/// concat along the height, a sum over channels.
constexpr ir::graph stubborn() {
  net g;
  auto const x = g.input(1, 3, 4, 4), y = conv(g, x, "w", 3);
  return g.returning(g.add_op<ops::add>({y, x}), g.add_op<ops::mul>({y, g.weight("width", 4)}),
                     g.add_op<ops::concat>({y, y}, {.axis = 2}),
                     g.add_op<ops::reduce_sum>({y}, {.axes = {1}}));
}

constexpr ir::graph masked() {
  net g;
  auto const y = conv(g, g.input(1, 3, 4, 4), "w", 3), z = conv(g, y, "v", 3);
  auto const below = g.add_op<ops::less>({y, g.number(0)});
  return g.returning(g.add_op<ops::where>({below, z, g.weight("floor", 1, 3, 4, 4)}));
}

/// Squeeze and excite: a scale per channel that is computed from the image itself.
constexpr ir::graph scaled_by_its_mean() {
  net g;
  auto const y = conv(g, g.input(2, 3, 4, 4), "w", 6);
  auto const mean = g.add_op<ops::reduce_mean>({y}, {.axes = {2, 3}, .keepdims = true});
  return g.returning(g.add_op<ops::mul>({y, g.add_op<ops::sigmoid>({mean})}));
}

constexpr ir::graph already_last() {
  net g;
  auto const x = g.input(1, 5, 5, 3);
  auto const y = g.add_op<ops::conv2d>({x, g.weight("w", 4, 3, 3, 3)}, {.channels_last = true});
  return g.returning(g.add_op<ops::max_pool2d>({y}, {.channels_last = true}));
}

}  // namespace

TEST_CASE("channels_last wraps a convolution in two transposes", "[passes][channels_last]") {
  STATIC_REQUIRE(transposes(laid_out(one_conv())) == 2);
  REQUIRE(text_after<channels_last>(one_conv()) == R"((%0 : f32[2,3,6,5]) {
  %1 = parameter 'w' : f32[4,3,3,3]
  %2 = transpose(%0, {0,2,3,1}) : f32[2,6,5,3]
  %3 = conv2d(%2, %1, 1, 1, 1, 1, 1, 1, 1, 1, 1, true) : f32[2,6,5,4]
  %4 = transpose(%3, {0,3,1,2}) : f32[2,4,6,5]
  return %4
}
)");
  require_sound_layout(one_conv());
}

TEST_CASE("channels_last leaves one transpose at each end of a chain", "[passes][channels_last]") {
  STATIC_REQUIRE(transposes(laid_out(conv_chain())) == 2);
  require_sound_layout(conv_chain());
}

TEST_CASE("channels_last sinks through residual sums", "[passes][channels_last]") {
  STATIC_REQUIRE(transposes(laid_out(residual())) == 2);
  require_sound_layout(residual());
}

TEST_CASE("channels_last sinks through concats of channels", "[passes][channels_last]") {
  constexpr auto along_the_last = [] {
    ir::graph const now = laid_out(branches());
    for (ir::node_id id = 0; id < now.size(); ++id) {
      if (now[id].op == &ir::info_of<ops::concat>)
        return now.attrs_of<ops::concat::attrs>(id).axis == 3;
    }
    return false;
  };
  STATIC_REQUIRE(transposes(laid_out(branches())) == 2);
  STATIC_REQUIRE(along_the_last());
  REQUIRE(along_the_last());
  require_sound_layout(branches());
}

TEST_CASE("channels_last sinks through reductions of the image", "[passes][channels_last]") {
  STATIC_REQUIRE(transposes(laid_out(pooled<ops::reduce_mean>(false))) == 1);
  // [N, 1, 1, C] to [N, C, 1, 1] moves nothing: a reshape.
  STATIC_REQUIRE(transposes(laid_out(pooled<ops::reduce_mean>(true))) == 1);
  for (bool keepdims : {false, true}) {
    require_sound_layout(pooled<ops::reduce_mean>(keepdims));
    require_sound_layout(pooled<ops::reduce_sum>(keepdims));
    require_sound_layout(pooled<ops::reduce_max>(keepdims));
    require_sound_layout(pooled<ops::reduce_min>(keepdims));
  }
}

TEST_CASE("channels_last goes on behind a scale computed from the image",
          "[passes][channels_last]") {
  STATIC_REQUIRE(transposes(laid_out(scaled_by_its_mean())) == 2);
  require_sound_layout(scaled_by_its_mean());
}

TEST_CASE("channels_last sinks through selections", "[passes][channels_last]") {
  STATIC_REQUIRE(transposes(laid_out(masked())) == 2);
  require_sound_layout(masked());
}

TEST_CASE("channels_last means the same where nothing sinks", "[passes][channels_last]") {
  require_sound_layout(stubborn());
}

TEST_CASE("channels_last leaves what has channels last", "[passes][channels_last]") {
  require_unchanged<channels_last>(already_last());
}
