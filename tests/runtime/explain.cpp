#include <etch/runtime/explain.hpp>

#include <cstdio>
#include <string>

#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>

#include "catch.hpp"
#include "support/scratch_folder.hpp"

namespace {

using namespace etch;

constexpr auto classifier = [](tensor<float, 1, 32> x) {
  auto h = relu(linear<32>("fc1", x));
  h = relu(linear<32>("fc2", dropout(h))) + h;
  h = relu(linear<32>("fc3", h)) + h;
  auto const norm = sum(h);  // named: compilers evaluate arguments in different orders
  return outputs("p"_t = softmax(linear<10>("out", h)), "h"_t = norm);
};
using Classifier = model<classifier>;

/// Sums over integers have no vector kernel.
constexpr auto count = [](tensor<int, 4, 8> x) { return sum<1>(x + 1); };

/// A branch in a loop, and a loop with a bound.
constexpr auto controlled = [](tensor<float, 5, 1, 8> xs, tensor<float, 1, 8> h, tensor<bool> on) {
  auto const last = scan(h, xs, [&](auto kept, auto x) {
    auto const y = cond(
        on, [&] { return linear<8>("in", x) + kept; }, [&] { return softmax<1>(kept); });
    return y;
  });
  auto const [y, turns, finished] = while_loop<10>(
      last, [](auto v) { return amax(v) > 0.1f; }, [](auto v) { return v * 0.5f; });
  return y;
};

bool has(std::string const& text, std::string_view part) { return text.find(part) != text.npos; }

int lines(std::string_view text) {
  int n = 0;
  for (char c : text) n += c == '\n';
  return n;
}

/// Everything but the steps is off.
constexpr explain_options only_steps{.traced = false, .passes = false, .optimised = false};

}  // namespace

TEST_CASE("explain tells a model's way from its text to its steps", "[runtime][explain]") {
  REQUIRE(explain<Classifier>({.traced = false, .optimised = false}) == R"(passes:
  strip_identity: 21 -> 20 nodes; gone: identity
  fuse_epilogue: 20 -> 15 nodes; gone: 3 linear, 3 relu, 2 add; new: 3 linear with epilogue

steps:
  step  computes             kernel   result     FLOPs  bytes  at             from                                                         code
     0  linear + relu        gemm     f32[1,32]  2'112  4'480  workspace 0    input 0, weights 0, weights 4'096
     1  linear + relu + add  gemm     f32[1,32]  2'144  4'480  workspace 128  workspace 0, weights 4'224, weights 8'320, workspace 0
     2  linear + relu + add  gemm     f32[1,32]  2'144  4'480  workspace 0    workspace 128, weights 8'448, weights 12'544, workspace 128  = step 1
     3  reduce_sum           reduce   f32[]         32    132  workspace 128  workspace 0
     4  linear               gemm     f32[1,10]    650  2'280  workspace 192  workspace 0, weights 12'672, weights 14'720
     5  softmax              softmax  f32[1,10]     50     80  workspace 0    workspace 192

6 steps, 1 of them with the code of another; 7'132 FLOPs a call
weights 14'784 bytes, from 8 parameters and 8 operations at load
workspace 256 bytes, lower bound 256
output 0 'p': f32[1,10] at workspace 0
output 1 'h': f32[] at workspace 128
)");
}

TEST_CASE("explain shows the graph before, between and after the passes if it is asked",
          "[runtime][explain]") {
  std::string const traced = ir::to_text(Classifier::trace());
  std::string const usual = explain<Classifier>(), steps = explain<Classifier>(only_steps),
                    all = explain<Classifier>({.graphs = true});
  REQUIRE(has(usual, "traced:\n" + traced));
  REQUIRE(has(usual, "optimised:\n(%0 : f32[1,32]) {\n"));
  REQUIRE(usual.ends_with(steps));
  REQUIRE(steps.starts_with("steps:\n"));
  REQUIRE_FALSE(has(steps, "passes"));
  REQUIRE_FALSE(has(usual, "passes:\n  strip_identity: 21 -> 20 nodes; gone: identity\n("));
  REQUIRE(has(all, "passes:\n  strip_identity: 21 -> 20 nodes; gone: identity\n("));
}

TEST_CASE("the numbers of explain are those that the compiler checks", "[runtime][explain]") {
  std::string const text = explain<Classifier>(only_steps);
  constexpr auto cost = Classifier::cost();
  constexpr auto memory = Classifier::memory();
  using runtime::grouped;
  REQUIRE(has(text, std::to_string(cost.steps) + " steps, "));
  REQUIRE(has(text, "; " + grouped(cost.flops) + " FLOPs a call\n"));
  REQUIRE(has(text, "weights " + grouped(memory.weights_bytes) + " bytes,"));
  REQUIRE(has(text, "workspace " + grouped(memory.workspace_bytes) + " bytes, lower bound " +
                        grouped(memory.lower_bound_bytes) + '\n'));
}

TEST_CASE("explain shows what loops and branches run, and how often", "[runtime][explain]") {
  using Controlled = model<controlled, options{.without = "unroll"}>;
  CHECK(explain<Controlled>(only_steps) == R"(steps:
  step  computes                                                 kernel       result    FLOPs  bytes  at             from                                              code
     0  scan, 5 turns                                            control
     1    cond, else from step 3                                 control
     2      linear + add                                         gemm         f32[1,8]    144    672  workspace 128  row 64 at 0, weights 0, weights 512, workspace 0
     3      softmax                                              softmax      f32[1,8]     40     64  workspace 128  workspace 0
     4  while_loop, at most 10 turns of what begins with step 7  control
     5    reduce_max                                             reduce       f32[]         8     36  workspace 256  workspace 64
     6    greater                                                elementwise  bool[]        1      5  workspace 320  workspace 256
     7    mul                                                    elementwise  f32[1,8]      8     64  workspace 64   workspace 64

5 steps and 3 loops and branches; 1'090 FLOPs a call at most
weights 576 bytes, from 2 parameters and 2 operations at load
workspace 384 bytes, lower bound 384
output 0: f32[1,8] at workspace 64
)");
  constexpr auto cost = Controlled::cost();
  CHECK(cost.steps == 5);
}

TEST_CASE("explain names the passes that do not run", "[runtime][explain]") {
  using without = model<classifier, options{.without = "fuse_epilogue, canonicalize"}>;
  std::string const text = explain<without>({.traced = false, .optimised = false});
  REQUIRE(text.starts_with("passes:\n  canonicalize: off\n  fuse_epilogue: off\n"));
  REQUIRE(has(text, "fuse_elementwise: 20 ->"));
  REQUIRE(has(text, "  relu + add  elementwise  f32[1,32]"));

  using stopped = model<classifier, options{.stop_after = 1}>;
  REQUIRE(has(explain<stopped>(), "passes:\n  no more than the first 1 of "));
  REQUIRE_FALSE(has(explain<stopped>(), "fuse_epilogue"));
  REQUIRE_FALSE(has(explain<Classifier>(), "no more than"));
}

TEST_CASE("explain says loudly which steps are plain loops, also where that is an error",
          "[runtime][explain]") {
  std::string const text = explain<model<count>>(only_steps);
  REQUIRE(has(text, "reduce_sum  PLAIN LOOPS (reference)  i32[4]"));
  REQUIRE(has(text, "\nPLAIN LOOPS: 1 step without a vector kernel\n"));
  REQUIRE_FALSE(has(explain<Classifier>(), "PLAIN LOOPS"));
  using strict = model<count, options{.require_vector = true}>;
  REQUIRE(explain<strict>(only_steps) == text);
}

TEST_CASE("print writes what explain returns", "[runtime][explain]") {
  etch_test::scratch_folder const folder;
  std::string const path = folder / "explained.txt";
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  print<Classifier>(only_steps, file);
  std::fclose(file);
  REQUIRE(etch_test::scratch_folder::read(path) == explain<Classifier>(only_steps));
}

TEST_CASE("a change is described by what is gone and what is new", "[runtime][explain]") {
  ir::graph const before = Classifier::trace();
  ir::graph swapped = before;
  REQUIRE(runtime::describe_change("nothing", before, swapped) ==
          "nothing: 21 -> 21 nodes; the same operators with other operands");
  ir::graph const other = front::trace<count>();
  REQUIRE(runtime::describe_change("all", other, before) ==
          "all: 4 -> 21 nodes; gone: constant; new: 8 parameter, 4 linear, 3 relu, identity, add, "
          "softmax");
}

TEST_CASE("a table is as wide as its widest cells", "[runtime][explain]") {
  using table = runtime::text_table;
  table t({{"name"}, {"count", table::side::right}, {"note"}});
  t.add({"a", "1", "x"});
  t.add({"longer", "1'000'000"});
  REQUIRE(t.text() ==
          "  name        count  note\n"
          "  a               1  x\n"
          "  longer  1'000'000\n");
  REQUIRE(lines(table({{"only"}}).text()) == 1);
}

TEST_CASE("large numbers are written in groups of three digits", "[runtime][explain]") {
  using runtime::grouped;
  REQUIRE(grouped(0) == "0");
  REQUIRE(grouped(999) == "999");
  REQUIRE(grouped(1000) == "1'000");
  REQUIRE(grouped(1234567) == "1'234'567");
  REQUIRE(grouped(100000) == "100'000");
  REQUIRE(grouped(-100) == "-100");
  REQUIRE(grouped(-123456) == "-123'456");
  REQUIRE(grouped(-1234) == "-1'234");
}

TEST_CASE("steps name the length that they are planned for", "[runtime][explain]") {
  static constexpr auto rows = [](tensor<float, dim("T", 40), 8> x) {
    return mean<0>(linear<4>("w", x));
  };
  std::string const text = explain<model<rows>>();
  CHECK(text.find("f32[40,4] for T") != std::string::npos);
  CHECK(text.find("decided by the call: T to 40") != std::string::npos);
  CHECK(text.find("output 0: f32[4] at workspace") != std::string::npos);
}

TEST_CASE("bands of images are counted", "[runtime][explain]") {
  static constexpr auto images = [](tensor<float, 1, 2, 20, 8> x) {
    constexpr conv near{.kernel = 3, .padding = 1};
    return conv2d<2, near>("b", conv2d<4, near>("a", x));
  };
  constexpr plan::tile_policy three{.bands = {.least_bytes = 0, .rows = 3}};
  std::string const text = explain<model<images, options{.depth_first = three}>>();
  CHECK(text.find("run depth first, 3 image rows at a time: 7 bands") != std::string::npos);
}

TEST_CASE("tiles are counted at the bound", "[runtime][explain]") {
  static constexpr auto rows = [](tensor<float, dim("T", 40), 8> x) {
    return softmax(linear<4>("w", x));
  };
  constexpr plan::tile_policy small{.least_bytes = 0, .tile_bytes = 1};
  std::string const text = explain<model<rows, options{.depth_first = small}>>();
  CHECK(text.find("run depth first, 12 rows at a time: at most 4 tiles") != std::string::npos);
}
