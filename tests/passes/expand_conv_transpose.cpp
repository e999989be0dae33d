#include <etch/passes/expand_conv_transpose.hpp>

#include <random>

#include <etch/passes/pipeline.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::expand_conv_transpose;
using attrs = ops::conv_transpose2d::attrs;

constexpr double rounding = 1e-5;

/// x[2, 4, 5, 3] (or channels last), a kernel, a bias.
constexpr ir::graph spread(attrs const& a, int kh, int kw, bool bias = true) {
  net g;
  ir::node_id const x = a.channels_last ? g.input(2, 5, 3, 4) : g.input(2, 4, 5, 3);
  ir::node_id const w = g.weight("weight", 4, 3, kh, kw);
  if (!bias) return g.returning(g.add_op<ops::conv_transpose2d>({x, w}, a));
  ir::node_id const b = g.weight("bias", 3 * a.groups);
  return g.returning(g.add_op<ops::conv_transpose2d>({x, w, b}, a));
}

/// How many nodes of that operator are computed in a call.
template <class Op>
constexpr int at_run_time(ir::graph const& g) {
  auto const known = ir::weight_only(g);
  int n = 0;
  for (ir::node_id id = 0; id < g.size(); ++id)
    n += !known[static_cast<std::size_t>(id)] && g[id].op == &ir::info_of<Op>;
  return n;
}
/// The number of all of these, with the input.
constexpr int all_at_run_time(ir::graph const& g) {
  int n = 0;
  for (bool each : ir::weight_only(g)) n += !each;
  return n;
}

constexpr bool is_one_convolution(ir::graph const& before) {
  ir::graph const now = after<expand_conv_transpose>(before);
  return all_at_run_time(now) == 2 && at_run_time<ops::conv2d>(now) == 1;
}

/// A convolution, reshapes and `transposes` and `slices` of them.
constexpr bool moves(ir::graph const& before, int transposes, int slices) {
  ir::graph const now = after<expand_conv_transpose>(before);
  return at_run_time<ops::conv2d>(now) == 1 && at_run_time<ops::transpose>(now) == transposes &&
         at_run_time<ops::slice>(now) == slices &&
         all_at_run_time(now) == 2 + transposes + slices + at_run_time<ops::reshape>(now);
}

constexpr attrs padded(int stride, int pad, int extra, bool channels_last = true) {
  return {stride, stride, 1, 1, pad, pad, pad, pad, extra, extra, 1, channels_last};
}

constexpr bool stride_one_is_one_convolution() {
  return is_one_convolution(spread(padded(1, 1, 0), 3, 3)) &&
         is_one_convolution(spread(padded(1, 0, 0, false), 2, 4)) &&
         is_one_convolution(spread({.dilation_h = 2, .dilation_w = 3, .pad_left = 3}, 3, 2)) &&
         is_one_convolution(spread({.groups = 2}, 3, 3, false));
}
constexpr bool what_is_cut_off_is_not_computed() {
  return moves(spread(padded(2, 0, 0), 2, 2), 1, 0) && moves(spread(padded(2, 1, 1), 3, 3), 1, 0) &&
         moves(spread(padded(2, 2, 1), 5, 5), 1, 0) && moves(spread(padded(2, 1, 0), 4, 4), 1, 1) &&
         moves(spread(padded(2, 0, 0, false), 2, 2), 3, 0) &&
         moves(spread({.stride_w = 2, .channels_last = true}, 2, 2), 0, 0) &&
         moves(spread({.pad_top = 4}, 3, 3), 0, 1);
}

/// By a matrix that is an input, beside one by a weight and a bias that is an input.
constexpr ir::graph by_run_time_values() {
  net g;
  ir::node_id const x = g.input(1, 4, 5, 3), w = g.input(4, 3, 2, 2), b = g.input(3);
  ir::node_id const y = g.add_op<ops::conv_transpose2d>({x, w}, {.stride_h = 2});
  ir::node_id const known = g.weight("weight", 4, 3, 2, 2);
  return g.returning(y, g.add_op<ops::conv_transpose2d>({x, known, b}));
}

/// Two of them with what stands around them in decoders.
constexpr ir::graph decoder() {
  net g;
  ir::node_id y = g.input(1, 6, 4, 5);
  y = g.add_op<ops::conv_transpose2d>({y, g.weight("up1", 6, 8, 4, 4), g.weight("b1", 8)},
                                      padded(2, 1, 0, false));
  ir::node_id const gamma = g.weight("gamma", 8), beta = g.weight("beta", 8),
                    mean = g.weight("mean", 8), variance = g.weight("var", 8);
  y = g.add_op<ops::batch_norm>({y, gamma, beta, mean, variance}, {.axis = 1});
  y = g.add_op<ops::relu>({y});
  y = g.add_op<ops::conv_transpose2d>({y, g.weight("up2", 8, 3, 3, 3)}, padded(2, 1, 1, false));
  return g.returning(g.add_op<ops::sigmoid>({y}));
}

/// A norm behind a transposed convolution with stride 1.
constexpr ir::graph with_batch_norm() {
  net g;
  ir::node_id const y = g.add_op<ops::conv_transpose2d>(
      {g.input(1, 6, 4, 5), g.weight("up", 6, 8, 3, 3)}, padded(1, 1, 0, false));
  ir::node_id const gamma = g.weight("gamma", 8), beta = g.weight("beta", 8),
                    mean = g.weight("mean", 8), variance = g.weight("var", 8);
  return g.returning(g.add_op<ops::batch_norm>({y, gamma, beta, mean, variance}, {.axis = 1}));
}

constexpr auto all = [](std::string_view) { return true; };
constexpr auto nobody = [](auto const&...) {};

constexpr ir::graph compiled(ir::graph const& before) {
  return passes::standard::run(before, 1000, all, nobody);
}

constexpr bool batch_norm_is_free() {
  ir::graph const now = compiled(with_batch_norm());
  return at_run_time<ops::conv2d>(now) == 1 && at_run_time<ops::transpose>(now) == 2 &&
         all_at_run_time(now) == 4;
}

/// A random one in double, of any kind; no node where its attributes do not fit.
ir::graph random_case(unsigned seed) {
  std::mt19937 from(seed);
  auto const pick = [&](int least, int most) {
    return least + static_cast<int>(from() % static_cast<unsigned>(most - least + 1));
  };
  attrs a{pick(1, 3), pick(1, 4), pick(1, 2), pick(1, 3), pick(0, 3), pick(0, 4),
          pick(0, 3), pick(0, 3), pick(0, 2), pick(0, 3), pick(1, 3), pick(0, 1) == 1};
  int const batch = pick(1, 2), channels = pick(1, 3) * a.groups, h = pick(1, 5), w = pick(1, 5);
  int const outputs = pick(1, 3), kh = pick(1, 5), kw = pick(1, 4);
  bool const bias = pick(0, 1) == 1;
  net g;
  ir::node_id const x =
      ir::add_input(g, {dtype::f64, ops::image_shape(batch, channels, h, w, a.channels_last)});
  ir::node_id const weight =
      ir::add_parameter(g, {dtype::f64, ir::shape(channels, outputs, kh, kw)}, "weight");
  etch::core::list<ir::node_id> operands{x, weight};
  if (bias)
    operands.push_back(ir::add_parameter(g, {dtype::f64, ir::shape(outputs * a.groups)}, "bias"));
  try {
    return g.returning(emit<ops::conv_transpose2d>(
        g, std::span<ir::node_id const>(operands.data(), operands.size()), a));
  } catch (char const*) {
    return g;
  }
}

}  // namespace

TEST_CASE("expand_conv_transpose makes stride 1 one convolution",
          "[passes][expand_conv_transpose]") {
  STATIC_REQUIRE(stride_one_is_one_convolution());
  REQUIRE(stride_one_is_one_convolution());
}

TEST_CASE("expand_conv_transpose cuts off by the padding of the convolution where it can",
          "[passes][expand_conv_transpose]") {
  STATIC_REQUIRE(what_is_cut_off_is_not_computed());
  REQUIRE(what_is_cut_off_is_not_computed());
}

TEST_CASE("expand_conv_transpose gives each phase of the stride its own output channels",
          "[passes][expand_conv_transpose]") {
  REQUIRE(text_after<expand_conv_transpose>(spread(padded(2, 1, 1), 3, 3)) ==
          R"((%0 : f32[2,5,3,4]) {
  %1 = parameter 'weight' : f32[4,3,3,3]
  %2 = parameter 'bias' : f32[3]
  %3 = reshape(%1, {1,4,3,9}) : f32[1,4,3,9]
  %4 = pad(%3, {0,0,0,0}, {0,0,0,1}, 0) : f32[1,4,3,10]
  %5 = constant(4, 9, 9, 9, 5, 3, 9, 9, 7, 9, 1, 9, 8, 6, 2, 0) : i32[4,4]
  %6 = gather(%4, %5, 3) : f32[1,4,3,4,4]
  %7 = transpose(%6, {0,3,2,1,4}) : f32[1,4,3,4,4]
  %8 = reshape(%7, {12,4,2,2}) : f32[12,4,2,2]
  %9 = constant(0) : i32[4]
  %10 = reshape(%2, {1,1,3}) : f32[1,1,3]
  %11 = gather(%10, %9, 1) : f32[1,4,3]
  %12 = reshape(%11, {12}) : f32[12]
  %13 = conv2d(%0, %8, %12, 1, 1, 1, 1, 0, 0, 1, 1, 1, true) : f32[2,5,3,12]
  %14 = reshape(%13, {10,3,2,6}) : f32[10,3,2,6]
  %15 = transpose(%14, {0,2,1,3}) : f32[10,2,3,6]
  %16 = reshape(%15, {2,10,6,3}) : f32[2,10,6,3]
  return %16
}
)");
}

TEST_CASE("expand_conv_transpose leaves what is not known at load",
          "[passes][expand_conv_transpose]") {
  require_unchanged<expand_conv_transpose>(by_run_time_values());
}

TEST_CASE("expand_conv_transpose means the same with any stride, dilation, group and padding",
          "[passes][expand_conv_transpose]") {
  int checked = 0;
  for (unsigned seed = 0; checked < 400; ++seed) {
    ir::graph const g = random_case(seed);
    if (g.outputs.size() == 0) continue;
    INFO("seed " << seed);
    require_sound<expand_conv_transpose>(g, 1e-12);
    ir::graph const now = after<expand_conv_transpose>(g);
    REQUIRE(count<ops::conv_transpose2d>(now) == 0);
    REQUIRE(at_run_time<ops::conv2d>(now) == 1);
    REQUIRE(all_at_run_time(now) == 2 + at_run_time<ops::reshape>(now) +
                                        at_run_time<ops::transpose>(now) +
                                        at_run_time<ops::slice>(now));
    if (seed % 8 == 0) require_same_meaning(g, compiled(g), 1e-12);
    ++checked;
  }
}

TEST_CASE("a decoder means the same behind all passes, and stays with channels last",
          "[passes][expand_conv_transpose]") {
  require_sound<expand_conv_transpose>(decoder(), rounding);
  ir::graph const now = compiled(decoder());
  require_same_meaning(decoder(), now, rounding);
  INFO(ir::to_text(now));
  REQUIRE(at_run_time<ops::transpose>(now) == 4);  // in, two between phases, out
}

TEST_CASE("a batch norm behind a transposed convolution of stride 1 is free",
          "[passes][expand_conv_transpose]") {
  STATIC_REQUIRE(batch_norm_is_free());
  require_same_meaning(with_batch_norm(), compiled(with_batch_norm()), rounding);
}
