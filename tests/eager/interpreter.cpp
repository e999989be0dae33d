#include <etch/eager/interpreter.hpp>

#include <etch/ir/emit.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/pipeline.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

using namespace etch;
using eager::tensor;

template <class T>
tensor made(ir::shape const& shape, std::vector<T> const& values) {
  return tensor::of<T>(shape, values);
}

template <class T>
std::vector<T> numbers(tensor const& t) {
  auto const values = t.values<T>();
  return {values.begin(), values.end()};
}

/// relu(x W^T + b) with x f32[1,2], W f32[3,2].
struct small_net {
  ir::graph graph;
  ir::node_id x, w, b, product, y;

  small_net() {
    x = ir::add_input(graph, ir::f32(1, 2));
    w = ir::add_parameter(graph, ir::f32(3, 2), "w");
    b = ir::add_parameter(graph, ir::f32(3), "b");
    product = ir::emit<ops::linear>(graph, {x, w, b});
    y = ir::emit<ops::relu>(graph, {product});
    graph.outputs.push_back(y);
  }

  static void bind(eager::interpreter& run) {
    run.bind("w", made<float>(ir::shape(3, 2), {1, 2, 3, 4, -5, -6}));
    run.bind("b", made<float>(ir::shape(3), {0.5f, 0, 1}));
  }
};

tensor const input = made<float>(ir::shape(1, 2), {10, 1});

TEST_CASE("the interpreter computes a net by hand", "[eager][interpreter]") {
  for (auto how : {eager::arithmetic::eigen, eager::arithmetic::reference}) {
    eager::interpreter run(small_net().graph, how);
    small_net::bind(run);
    auto const results = run(std::vector{input});
    REQUIRE(results.size() == 1);
    CHECK(results[0].type() == ir::f32(1, 3));
    CHECK(numbers<float>(results[0]) == std::vector<float>{12.5f, 34, 0});
  }
}

TEST_CASE("the interpreter shows every value in order", "[eager][interpreter]") {
  small_net const net;
  eager::interpreter run(net.graph);
  small_net::bind(run);
  std::string seen;
  run.watch([&](ir::node_id id, ir::node const& n, tensor const& value) {
    seen += std::to_string(id) + ' ' + std::string(n.op->key.view()) + ' ' +
            ir::to_string(value.type()) + '\n';
    if (id == net.product) CHECK(numbers<float>(value) == std::vector<float>{12.5f, 34, -55});
  });
  run(std::vector{input});
  CHECK(seen ==
        "0 input f32[1,2]\n1 parameter f32[3,2]\n2 parameter f32[3]\n3 linear f32[1,3]\n"
        "4 relu f32[1,3]\n");
  seen.clear();
  run.watch(nullptr);
  run(std::vector{input});
  CHECK(seen.empty());
}

TEST_CASE("the interpreter leaves dead code alone", "[eager][interpreter]") {
  small_net net;
  auto const dead = ir::add_parameter(net.graph, ir::f32(1, 3), "dead");
  ir::emit<ops::add>(net.graph, {net.y, dead});
  eager::interpreter run(net.graph);
  small_net::bind(run);
  CHECK(run.parameters() == std::vector<ir::node_id>{net.w, net.b, dead});
  run.watch([&](ir::node_id id, ir::node const&, tensor const&) { CHECK(id <= net.y); });
  CHECK(numbers<float>(run(std::vector{input})[0]) == std::vector<float>{12.5f, 34, 0});
  CHECK(run.bind("dead", made<float>(ir::shape(1, 3), {1, 2, 3})));
  CHECK_FALSE(run.bind("unknown", made<float>(ir::shape(1, 3), {1, 2, 3})));
}

TEST_CASE("the interpreter computes what depends on weights alone once for each binding",
          "[eager][interpreter]") {
  ir::graph g;
  auto const x = ir::add_input(g, ir::f32(2));
  auto const w = ir::add_parameter(g, ir::f32(2), "w");
  auto const doubled = ir::emit<ops::add>(g, {w, w});
  g.outputs.push_back(ir::emit<ops::mul>(g, {x, doubled}));
  eager::interpreter run(g);
  void const* first = nullptr;
  run.watch([&](ir::node_id id, ir::node const&, tensor const& value) {
    if (id == doubled) first = value.data();
  });
  auto const one = made<float>(ir::shape(2), {1, 1});
  run.bind("w", made<float>(ir::shape(2), {1, 2}));
  CHECK(numbers<float>(run(std::vector{one})[0]) == std::vector<float>{2, 4});
  void const* const before = first;
  run(std::vector{one});
  CHECK(first == before);
  run.bind("w", made<float>(ir::shape(2), {10, 20}));
  CHECK(numbers<float>(run(std::vector{one})[0]) == std::vector<float>{20, 40});
}

TEST_CASE("the interpreter runs regions", "[eager][interpreter]") {
  small_net const net;
  auto const all = [](std::string_view) { return true; };
  auto const fused =
      passes::standard::run(net.graph, std::numeric_limits<int>::max(), all, [](auto const&...) {});
  REQUIRE(fused.nodes.back().region >= 0);
  eager::interpreter run(fused);
  small_net::bind(run);
  CHECK(numbers<float>(run(std::vector{input})[0]) == std::vector<float>{12.5f, 34, 0});
}

TEST_CASE("the interpreter computes doubles, integers and bools", "[eager][interpreter]") {
  ir::graph g;
  auto const table = ir::add_input(g, {ir::dtype::f64, ir::shape(3, 2)});
  auto const index = ir::add_input(g, {ir::dtype::i64, ir::shape(2)});
  auto const rows = ir::emit<ops::gather>(g, {table, index}, {.axis = 0});
  auto const half = ir::add_constant(g, {ir::dtype::f64, {}}, 0.5);
  auto const large = ir::emit<ops::greater>(g, {rows, half});
  g.outputs.push_back(rows);
  g.outputs.push_back(large);
  g.outputs.push_back(ir::emit<ops::cast>(g, {large}, {.to = static_cast<int>(ir::dtype::i32)}));
  auto const results =
      eager::interpret(g, std::vector{made<double>(ir::shape(3, 2), {0, 1, 2, 3, 0.25, 5}),
                                      made<std::int64_t>(ir::shape(2), {2, 0})});
  CHECK(numbers<double>(results[0]) == std::vector<double>{0.25, 5, 0, 1});
  auto const bools = results[1].values<bool>();
  CHECK((!bools[0] && bools[1] && !bools[2] && bools[3]));
  CHECK(numbers<std::int32_t>(results[2]) == std::vector<std::int32_t>{0, 1, 0, 1});
}

TEST_CASE("a reshape shares its operand's elements", "[eager][interpreter]") {
  ir::graph g;
  auto const x = ir::add_input(g, ir::f32(2, 3));
  g.outputs.push_back(ir::emit<ops::reshape>(g, {x}, {.shape = core::ints<6>{3, 2}}));
  auto const in = made<float>(ir::shape(2, 3), {1, 2, 3, 4, 5, 6});
  auto const results = eager::interpret(g, std::vector{in});
  CHECK(results[0].type() == ir::f32(3, 2));
  CHECK(results[0].data() == in.data());
}

TEST_CASE("the interpreter says what is wrong with a call", "[eager][interpreter]") {
  eager::interpreter run(small_net().graph);
  auto const message = [](auto const& call) -> std::string {
    try {
      call();
    } catch (etch::exception const& e) {
      CHECK(e.code() == errc::invalid_argument);
      return e.what();
    }
    return "nothing";
  };
  CHECK(message([&] { run(std::vector{input}); }) == "etch: interpreter: 'w' is not bound");
  CHECK(message([&] { run.bind("w", input); }) ==
        "etch: interpreter: 'w' is f32[1,2], the graph reads f32[3,2]");
  small_net::bind(run);
  CHECK(message([&] { run(std::vector<tensor>{}); }) ==
        "etch: interpreter: the call has 0 inputs, the graph has 1");
  auto const flat = made<float>(ir::shape(2), {10, 1});
  CHECK(message([&] { run(std::vector{flat}); }) ==
        "etch: interpreter: input 0 is f32[2], the graph reads f32[1,2]");
  CHECK(message([&] { run(std::vector{input}); }) == "nothing");
}

}  // namespace
