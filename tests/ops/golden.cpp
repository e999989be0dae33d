#include <map>

#include <etch/ops/structured_ops.hpp>

#include "ops/structured_case.hpp"

// Numbers that PyTorch computed in float64 (make_golden.py), through the user functions.

namespace {

using namespace structured;
using namespace etch;

struct golden_array {
  char const* name;
  std::vector<int> extents;
  std::vector<double> values;
};

std::vector<golden_array> const all_golden{
#include "golden.inc"
};

array golden(std::string const& name) {
  for (golden_array const& each : all_golden) {
    if (each.name != name) continue;
    array a(each.extents);
    REQUIRE(a.values.size() == each.values.size());
    a.values = each.values;
    return a;
  }
  FAIL("there is no golden array " << name);
  return array({1});
}

/// A recording whose inputs and parameters are the golden arrays "case.<name>" of float.
class net {
 public:
  explicit net(std::string of) : case_(std::move(of)) {}

  template <class X>
  X input(char const* name) {
    return X(recorder_, ir::add_input(recorder_.graph, X::type, name));
  }

  /// Computes every node by its reference and compares the last one.
  void require(auto const& y, char const* expected) {
    ir::graph const& g = recorder_.graph;
    std::vector<operand<float>> values;
    for (ir::node_id id = 0; id < g.size(); ++id) {
      ir::node const& n = g[id];
      if (ir::is_leaf(n)) {
        values.emplace_back(golden(case_ + "." + std::string(g.name_of(id))));
        REQUIRE(values.back().type == n.type);
        continue;
      }
      std::vector<ir::tensor_ref> in;
      for (ir::node_id from : g.inputs_of(n))
        in.push_back(values[static_cast<std::size_t>(from)].ref());
      values.emplace_back(n.type);
      n.op->reference(in, values.back().ref(), g.words_of(n));
    }
    operand<float>& last = values[static_cast<std::size_t>(y.id())];
    array const wanted = golden(case_ + "." + expected);
    array found(wanted.extents);
    REQUIRE(last.type == operand<float>::type_of(wanted.extents));
    for (std::size_t i = 0; i < found.values.size(); ++i)
      found.values[i] = static_cast<double>(last.data()[i]);
    require_close<float>(found, wanted);
  }

 private:
  std::string case_;
  front::recorder recorder_;
};

}  // namespace

TEST_CASE("linear and matmul are those of PyTorch", "[ops][golden]") {
  net of_linear("linear");
  of_linear.require(linear<3>("fc", of_linear.input<tensor<float, 2, 5>>("x")), "y");
  net of_matmul("matmul");
  auto const a = of_matmul.input<tensor<float, 2, 1, 3, 4>>("a");
  of_matmul.require(matmul(a, parameter<float, 3, 4, 2>("b")), "y");
}

TEST_CASE("conv2d is that of PyTorch", "[ops][golden]") {
  net strided("conv2d");
  auto const x = strided.input<tensor<float, 2, 4, 6, 7>>("x");
  constexpr conv config{
      .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}, .groups = 2};
  strided.require(conv2d<6, config>("c", x), "y");
  net depthwise("depthwise");
  constexpr conv of_three{.kernel = 3, .padding = 1, .bias = false};
  depthwise.require(
      depthwise_conv2d<of_three, 2>("c", depthwise.input<tensor<float, 1, 3, 4, 5>>("x")), "y");
  net padded("same");
  constexpr conv same_size{.kernel = {4, 3}, .padding = same};
  padded.require(conv2d<2, same_size>("c", padded.input<tensor<float, 1, 2, 5, 4>>("x")), "y");
}

TEST_CASE("conv_transpose2d is that of PyTorch", "[ops][golden]") {
  net strided("conv_transpose2d");
  auto const x = strided.input<tensor<float, 2, 4, 3, 4>>("x");
  constexpr conv_transpose config{.kernel = {3, 2},
                                  .stride = {2, 3},
                                  .padding = {1, 2},
                                  .output_padding = {1, 2},
                                  .dilation = {3, 1},
                                  .groups = 2};
  strided.require(conv_transpose2d<6, config>("c", x), "y");
  net doubled("upsampling");
  constexpr conv_transpose twice{.kernel = 4, .stride = 2, .padding = 1, .bias = false};
  doubled.require(conv_transpose2d<2, twice>("c", doubled.input<tensor<float, 1, 3, 3, 2>>("x")),
                  "y");
}

TEST_CASE("pools are those of PyTorch", "[ops][golden]") {
  net of("pool");
  auto const x = of.input<tensor<float, 1, 2, 5, 6>>("x");
  of.require(max_pool2d<pool{.kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}}>(x), "max");
  constexpr pool counted{.kernel = {3, 2}, .stride = 2, .padding = 1};
  of.require(avg_pool2d<counted>(x), "avg");
  constexpr pool inside{.kernel = {3, 2}, .stride = 2, .padding = 1, .count_include_pad = false};
  of.require(avg_pool2d<inside>(x), "inside");
  of.require(global_avg_pool2d(x), "global");
}

TEST_CASE("norms and softmax are those of PyTorch", "[ops][golden]") {
  net of_batch("batch_norm");
  of_batch.require(batch_norm("bn", of_batch.input<tensor<float, 2, 3, 2, 2>>("x"), 0x1p-10f), "y");
  net of_layer("layer_norm");
  of_layer.require(layer_norm<2>("ln", of_layer.input<tensor<float, 2, 3, 4>>("x"), 0x1p-16f), "y");
  net of_softmax("softmax");
  auto const x = of_softmax.input<tensor<float, 2, 4, 3>>("x");
  of_softmax.require(softmax<1>(x), "y");
  of_softmax.require(log_softmax(x), "log");
}

TEST_CASE("reductions are those of PyTorch", "[ops][golden]") {
  net of("reduce");
  auto const x = of.input<tensor<float, 2, 3, 4>>("x");
  of.require(sum<0, 2>(x), "sum");
  of.require(mean<1>(x, keepdims), "mean");
  of.require(amax<1, 2>(x), "amax");
  of.require(amin<0>(x), "amin");
  of.require(prod<-1>(x), "prod");
}

TEST_CASE("data movement is that of PyTorch", "[ops][golden]") {
  net of("move");
  auto const x = of.input<tensor<float, 2, 3, 4>>("x");
  of.require(transpose<2, 0, 1>(x), "permute");
  of.require(concat<1>(x, slice<1, 1>(x)), "cat");
  of.require(slice<along{1, -2}, along{.axis = 2, .stop = 4, .step = 3}>(x), "slice");
  of.require(pad<margin{-1, 1, 2}, margin{.axis = 1, .after = 1}>(x, -0.5f), "pad");
}

TEST_CASE("a gather of rows is the embedding of PyTorch", "[ops][golden]") {
  array table = golden("move.x");
  table.extents = {3, 4};
  table.values.resize(12);
  array indices({2, 2});
  indices.values = {2, 0, 1, 1};
  require_same(run<ops::gather, float>({}, operand<float>(table), operand<std::int64_t>(indices)),
               golden("move.embedding"));
}
