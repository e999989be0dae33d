#include <etch/ir/dot.hpp>

#include <etch/passes/pipeline.hpp>

#include "pictures.hpp"
#include "support/random_graph.hpp"
#include "support/random_loop.hpp"

namespace {

using namespace etch_test;

/// What stands between the quotes of a DOT text, and whether all quotes and braces are closed.
struct dot_reader {
  bool closed = false;
  int strings = 0;

  explicit dot_reader(std::string_view text) {
    bool quoted = false;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (quoted && text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        quoted = !quoted;
        strings += quoted;
      } else if (!quoted) {
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
      }
    }
    closed = !quoted && depth == 0;
  }
};

}  // namespace

TEST_CASE("to_dot draws a box for each node and each output", "[ir][dot]") {
  REQUIRE(ir::to_dot(drawn_example()) == R"(digraph "model" {
  node [fontname="monospace", fontsize=10];
  edge [fontsize=8];
  n0 [label="%0 input 'x'\nf32[2,3]", shape=ellipse];
  n1 [label="%1 parameter 'fc.weight'\nf32[4,3]", shape=box, style="filled", fillcolor="gray92"];
  n2 [label="%2 linear\n(false)\nf32[2,4]", shape=box];
  n0 -> n2 [label="0"];
  n1 -> n2 [label="1"];
  n3 [label="%3 constant\n(0.5)\nf32[]", shape=plaintext];
  n4 [label="%4 add\nf32[2,4]", shape=box];
  n2 -> n4;
  n3 -> n4;
  out0 [label="output 'logits'", shape=ellipse];
  n4 -> out0;
}
)");
}

TEST_CASE("to_dot writes what a fused step computes into its box", "[ir][dot]") {
  std::string const text = ir::to_dot(with_a_fused_step());
  REQUIRE(text.find("n2 [label=\"%2 linear\\l(false)\\lf32[2,4]\\l%1 = relu(%0) : f32[2,4]\\l\"") !=
          text.npos);
  REQUIRE(text.find("\"output 0\"") != text.npos);
}

TEST_CASE("to_dot writes what loops and branches run into their boxes", "[ir][dot]") {
  std::string const text = ir::to_dot(with_loop_and_branch());
  REQUIRE(text.find(R"(  n4 [label="%4 scan\l(1, 1, 3, false, false)\l{\l)"
                    R"(  (%0 : f32[2], %1 : f32[2], %2 : f32[2])\l  %3 = mul(%1, %2) : f32[2]\l)"
                    R"(  %4 = add(%0, %3) : f32[2]\l  return %4, %4\l}\l", shape=box, style="bold"];
  n0 -> n4 [label="0"];
  n1 -> n4 [label="1"];
  n3 -> n4 [label="2"];
)") != text.npos);
  REQUIRE(text.find(R"(  n6 [label="%6 cond\l{\l  (%0 : f32[2])\l  %1 = tanh(%0) : f32[2]\l)"
                    R"(  return %1\l}\l{\l  (%0 : f32[2])\l  return %0\l}\l", shape=box)") !=
          text.npos);
  REQUIRE(text.find("  n4 -> n5;\n") != text.npos);
}

TEST_CASE("to_dot draws every loop, with one arrow for each operand", "[ir][dot]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    ir::graph const g = random_loops(seed).make(2);
    std::string const text = ir::to_dot(g);
    REQUIRE(dot_reader(text).closed);
    int operands = 0;
    for (ir::node const& n : g.nodes) operands += n.inputs.count;
    REQUIRE(occurrences(text, " -> n") == operands);
  }
}

TEST_CASE("to_dot escapes names", "[ir][dot]") {
  std::string const text = ir::to_dot(hostile_names(), "a \"b\"");
  REQUIRE(text.find("digraph \"a \\\"b\\\"\" {") == 0);
  REQUIRE(text.find("%0 input 'a\\\"];b->c'\\nf32[2]\"") != text.npos);
  REQUIRE(text.find("'back\\\\slash \\\"quoted\\\" <b>&#`\\nline'") != text.npos);
  REQUIRE(dot_reader(text).closed);
  // The name of the graph, of a font; a label for each of three boxes and one output, for both
  // operands of the difference; style and colour of the parameter.
  REQUIRE(dot_reader(text).strings == 2 + 4 + 2 + 2);
}

TEST_CASE("to_dot draws every graph, with one arrow for each operand", "[ir][dot]") {
  for (int seed = 0; seed < 60; ++seed) {
    ir::graph const g = passes::standard::run(
        random_graph(static_cast<std::uint64_t>(seed), dtype::f32).make(20), 1000,
        [](std::string_view) { return true; }, [](auto const&...) {});
    std::string const text = ir::to_dot(g);
    REQUIRE(dot_reader(text).closed);
    int operands = 0;
    for (ir::node const& n : g.nodes) operands += n.inputs.count;
    REQUIRE(occurrences(text, " -> n") == operands);
    REQUIRE(occurrences(text, " -> out") == static_cast<int>(g.outputs.size()));
  }
}
