#include <etch/front/trace.hpp>

#include <etch/ir/print.hpp>
#include <etch/ir/verify.hpp>

#include "catch.hpp"
#include "ops/elementwise_list.hpp"

namespace {

using namespace etch;

constexpr auto one = [](tensor<float, 1, 4> x) {
  return relu(parameter<float, 4>("w") * x + parameter<float, 4>("b"));
};

constexpr auto residual = [](tensor<float, 4> x) {
  for (int i = 0; i < 3; ++i) x = x + tanh(x * parameter<float, 4>(scope("h") / i / "w"));
  return x;
};

constexpr auto several = [](tensor<float, 4> a, named<"b", tensor<float, 4>> b) {
  return boost::hana::make_tuple(a + b, a - b);
};

constexpr auto by_name = [](named<"x", tensor<float, 4>> x) {
  auto const shifted = x - 1;
  return outputs("logits"_t = shifted, "probabilities"_t = sigmoid(shifted));
};

/// Two names, three uses.
constexpr auto shared = [](tensor<float, 4> x) {
  auto const w = parameter<float, 4>("w", x);
  return x * w + w * parameter<float, 4>(path("w")) + parameter<float, 4>("b");
};

/// Nested scopes, indices, dots inside a part.
constexpr auto scoped = [](tensor<float, 4> x) {
  auto const block = scope("transformer") / "h" / 11;
  x = x + parameter<float, 4>(block / "attn.bias");
  return x + parameter<float, 4>(block / "mlp" / 0);
};

struct configuration {
  int depth = 2;
  float slope = 0.25f;
  bool last = true;
};

/// Hyper-parameters are template parameters, a structure of them too.
template <configuration Config>
struct configured {
  constexpr auto operator()(tensor<float, 4> x) const {
    for (int i = 0; i < Config.depth; ++i) x = leaky_relu(-x, Config.slope);
    if constexpr (Config.last)
      return boost::hana::make_tuple(x, exp(x));
    else
      return x;
  }
};

constexpr auto named_in_and_out = [](named<"x", tensor<float, 4>> x, tensor<float, 4> y,
                                     named<"mask", tensor<bool, 4>> mask) {
  tensor<float, 4> const plain = x;  // a named tensor is a tensor
  auto const chosen = where(mask, plain, y);
  return outputs("chosen"_t = chosen, "x"_t = x, "mask"_t = mask);
};

struct function_object {
  constexpr auto operator()(tensor<double, 2> x) const { return exp(x); }
};

constexpr tensor<float, 2> plain_function(tensor<float, 2> x) { return -x; }

}  // namespace

TEST_CASE("a model with one output is traced", "[front][trace]") {
  STATIC_REQUIRE(ir::problem_of(front::trace<one>()) == nullptr);
  REQUIRE(ir::to_text(front::trace<one>()) == R"((%0 : f32[1,4]) {
  %1 = parameter 'w' : f32[4]
  %2 = mul(%1, %0) : f32[1,4]
  %3 = parameter 'b' : f32[4]
  %4 = add(%2, %3) : f32[1,4]
  %5 = relu(%4) : f32[1,4]
  return %5
}
)");
}

TEST_CASE("depth is a loop, and a value may be read twice", "[front][trace]") {
  STATIC_REQUIRE(front::trace<residual>().size() == 1 + 3 * 4);
  auto const g = front::trace<residual>();
  REQUIRE(ir::problem_of(g) == nullptr);
  REQUIRE(g.name_of(9) == "h.2.w");
}

TEST_CASE("a tuple of outputs keeps its order", "[front][trace]") {
  STATIC_REQUIRE(front::trace<several>().outputs.size() == 2);
  REQUIRE(ir::to_text(front::trace<several>()).substr(0, 35) ==
          "(%0 : f32[4], %1 'b' : f32[4]) {\n  ");
  auto const g = front::trace<several>();
  REQUIRE(g.inputs.size() == 2);
  REQUIRE(g[g.outputs[0]].op == &ir::info_of<ops::add>);
  REQUIRE(g[g.outputs[1]].op == &ir::info_of<ops::sub>);
}

TEST_CASE("outputs have names where the model gives them", "[front][trace]") {
  auto const g = front::trace<by_name>();
  REQUIRE(g.output_names.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    auto const& op = *g[g.outputs[i]].op;
    if (g.text_of(g.output_names[i]) == "logits")
      REQUIRE(op.key == ops::sub::key);
    else
      REQUIRE((g.text_of(g.output_names[i]) == "probabilities" && op.key == ops::sigmoid::key));
  }
}

TEST_CASE("function objects and functions are models too", "[front][trace]") {
  STATIC_REQUIRE(front::trace<function_object{}>().size() == 2);
  STATIC_REQUIRE(front::trace<&plain_function>().size() == 2);
  REQUIRE(front::trace<function_object{}>()[1].type == tensor<double, 2>::type);
}

TEST_CASE("one name is one parameter", "[front][trace]") {
  STATIC_REQUIRE(front::trace<shared>().size() == 1 + 2 + 4);
  REQUIRE(ir::to_text(front::trace<shared>()).find("'w'") ==
          ir::to_text(front::trace<shared>()).rfind("'w'"));
}

TEST_CASE("scopes put names together with dots", "[front][trace]") {
  auto const g = front::trace<scoped>();
  REQUIRE(g.name_of(1) == "transformer.h.11.attn.bias");
  REQUIRE(g.name_of(3) == "transformer.h.11.mlp.0");
}

TEST_CASE("a structure configures a model", "[front][trace]") {
  STATIC_REQUIRE(front::trace<configured<configuration{}>{}>().size() == 1 + 2 * 2 + 1);
  constexpr configuration deep{.depth = 40, .slope = 0.5f, .last = false};
  STATIC_REQUIRE(front::trace<configured<deep>{}>().size() == 1 + 2 * 40);
  auto const g = front::trace<configured<deep>{}>();
  REQUIRE(g.attrs_of<ops::leaky_relu::attrs>(80).slope == 0.5);
  REQUIRE(g.outputs.size() == 1);
}

TEST_CASE("inputs keep their order and names, outputs may be inputs", "[front][trace]") {
  auto const g = front::trace<named_in_and_out>();
  REQUIRE(ir::problem_of(g) == nullptr);
  REQUIRE(g.inputs.size() == 3);
  REQUIRE(g.name_of(g.inputs[0]) == "x");
  REQUIRE(g.name_of(g.inputs[1]).empty());
  REQUIRE(g.name_of(g.inputs[2]) == "mask");
  REQUIRE(g.outputs.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    auto const name = g.text_of(g.output_names[i]);
    REQUIRE((name == "chosen" || name == g.name_of(g.outputs[i])));
  }
}
