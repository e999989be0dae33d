#include <etch/ir/mermaid.hpp>

#include <etch/passes/pipeline.hpp>

#include "pictures.hpp"
#include "support/random_graph.hpp"

using namespace etch_test;

TEST_CASE("to_mermaid draws a box for each node and each output", "[ir][mermaid]") {
  REQUIRE(ir::to_mermaid(drawn_example()) == R"(flowchart TD
  n0(["%0 input 'x'<br/>f32[2,3]"])
  n1[/"%1 parameter 'fc.weight'<br/>f32[4,3]"/]
  n2["%2 linear<br/>(false)<br/>f32[2,4]"]
  n0 -->|0| n2
  n1 -->|1| n2
  n3{{"%3 constant<br/>(0.5)<br/>f32[]"}}
  n4["%4 add<br/>f32[2,4]"]
  n2 --> n4
  n3 --> n4
  out0(["output 'logits'"])
  n4 --> out0
)");
}

TEST_CASE("to_mermaid writes what a fused step computes into its box", "[ir][mermaid]") {
  std::string const text = ir::to_mermaid(with_a_fused_step());
  REQUIRE(text.find("n2[[\"%2 linear<br/>(false)<br/>f32[2,4]<br/>%1 = relu(%0) : f32[2,4]\"]]") !=
          text.npos);
}

TEST_CASE("to_mermaid writes what loops and branches run into their boxes", "[ir][mermaid]") {
  std::string const text = ir::to_mermaid(with_loop_and_branch());
  REQUIRE(text.find("  n4[[\"%4 scan<br/>(1, 1, 3, false, false)<br/>{<br/>"
                    "  (%0 : f32[2], %1 : f32[2], %2 : f32[2])<br/>"
                    "  %3 = mul(%1, %2) : f32[2]<br/>  %4 = add(%0, %3) : f32[2]<br/>"
                    "  return %4, %4<br/>}\"]]\n"
                    "  n0 -->|0| n4\n  n1 -->|1| n4\n  n3 -->|2| n4\n") != text.npos);
  REQUIRE(text.find("  n6[[\"%6 cond<br/>{<br/>  (%0 : f32[2])<br/>  %1 = tanh(%0) : f32[2]<br/>"
                    "  return %1<br/>}<br/>{<br/>  (%0 : f32[2])<br/>  return %0<br/>}\"]]\n") !=
          text.npos);
}

TEST_CASE("to_mermaid escapes names", "[ir][mermaid]") {
  std::string const text = ir::to_mermaid(hostile_names());
  REQUIRE(text.find("n0([\"%0 input 'a#quot;];b-#gt;c'<br/>f32[2]\"])") != text.npos);
  REQUIRE(text.find("'back#92;slash #quot;quoted#quot; #lt;b#gt;#amp;#35;#96;<br/>line'") !=
          text.npos);
}

TEST_CASE("to_mermaid draws every graph, one line for each box and arrow", "[ir][mermaid]") {
  for (int seed = 0; seed < 60; ++seed) {
    ir::graph const g = passes::standard::run(
        random_graph(static_cast<std::uint64_t>(seed), dtype::f32).make(20), 1000,
        [](std::string_view) { return true; }, [](auto const&...) {});
    std::string const text = ir::to_mermaid(g);
    int operands = 0;
    for (ir::node const& n : g.nodes) operands += n.inputs.count;
    int const outputs = static_cast<int>(g.outputs.size());
    REQUIRE(occurrences(text, " -->") == operands + outputs);
    REQUIRE(occurrences(text, "\n") == 1 + g.size() + operands + 2 * outputs);
    REQUIRE(occurrences(text, "\"") == 2 * (g.size() + outputs));
  }
}
