// A session with an executor splits its large steps: the bits are those of one thread.

#include <cstring>
#include <vector>

#include "../examples/nets/resnet8.hpp"
#include "catch.hpp"
#include "support/known_weights.hpp"
#include "support/test_executor.hpp"

namespace {

using namespace etch;

struct mlp_net {
  constexpr auto operator()(tensor<float, 130, 200> x) const {
    auto const h = gelu(linear<300>("fc1", x));
    return layer_norm("norm", linear<200>("fc2", h) + x);
  }
};
inline constexpr mlp_net mlp{};

struct heads_net {
  constexpr auto operator()(tensor<float, 8, 130, 64> x) const {
    return matmul(softmax(matmul(x, transpose<0, 2, 1>(x)) * 0.125f), x);
  }
};
inline constexpr heads_net heads{};

struct line_net {
  constexpr auto operator()(tensor<float, 300'007> x) const { return silu(x) * 0.5f + x; }
};
inline constexpr line_net line{};

struct mobile_net {
  constexpr auto operator()(tensor<float, 1, 8, 65, 66> x) const {
    auto const a = relu(conv2d<48, conv{.kernel = 3, .padding = 1}>("a", x));
    auto const b = conv2d<48, conv{.kernel = 3, .padding = 1, .groups = 48}>("b", a);
    return max_pool2d<pool{.kernel = 2}>(relu(b + a));
  }
};
inline constexpr mobile_net mobile{};

/// What moves numbers without computing any, and a sum of columns.
struct moving_net {
  constexpr auto operator()(tensor<float, 3, 130, 104> x) const {
    auto const turned = transpose<0, 2, 1>(x);
    auto const joined = concat<1>(turned, slice<1, 0, 52>(turned));
    auto const tokens = cast<std::int32_t>(reshape<3 * 156 * 130>(joined) * 3.0f);
    auto const rows = embedding<7, 24>("table", tokens);
    return mean<0>(reshape<3 * 156, 130 * 24>(rows));
  }
};
inline constexpr moving_net moving{};

using mobile_fast = model<mobile, options{.numerics = numerics::fast}>;

template <class Model>
constexpr int splitting_steps() {
  int count = 0;
  for (auto const& step : Model::net::plan.steps) count += step.splits;
  return count;
}

template <class Model>
constexpr int splitting_tilings() {
  int count = 0;
  for (auto const& tiling : Model::net::plan.tilings) count += tiling.splits;
  return count;
}

/// Whether a step with that kernel splits.
template <class Model>
constexpr bool splits(char const* kernel) {
  for (auto const& step : Model::net::plan.steps)
    if (step.kernel.view() == kernel && step.splits) return true;
  return false;
}

/// One call's first output, copied.
template <class Model, class Input>
std::vector<float> answer(session<Model>& run, Input const& x) {
  auto const y = run(x);
  if constexpr (Model::signature::form == front::result_form::one)
    return {y.begin(), y.end()};
  else
    return {y["y"_t].begin(), y["y"_t].end()};
}

template <class Model, std::size_t Elements>
void check_parts() {
  std::vector<float> x(Elements);
  for (std::size_t i = 0; i < Elements; ++i)
    x[i] = static_cast<float>(static_cast<int>(i * 37 % 113) - 56) / 60.0f;
  std::span<float const, Elements> const input(x);
  auto const weights = etch_test::known_weights<Model>();
  session<Model> alone{weights};
  auto const expected = answer(alone, input);
  CHECK(splitting_steps<Model>() + splitting_tilings<Model>() > 0);
  for (int threads : {1, 2, 3, 7}) {
    etch_test::threads_for_each_step executor{threads};
    session<Model> run{weights, executor};
    auto const found = answer(run, input);
    CAPTURE(threads);
    REQUIRE(found.size() == expected.size());
    CHECK(std::memcmp(found.data(), expected.data(), found.size() * sizeof(float)) == 0);
    constexpr int shared = splitting_steps<Model>() + splitting_tilings<Model>();
    CHECK(executor.steps == (threads > 1 ? shared : 0));
  }
}

}  // namespace

TEST_CASE("a call gives the same bits on any number of threads", "[nets][threads]") {
  check_parts<model<mlp>, 130 * 200>();
  check_parts<model<heads>, 8 * 130 * 64>();
  check_parts<model<line>, 300'007>();
  STATIC_REQUIRE(splits<model<moving>>("copy") && splits<model<moving>>("cast") &&
                 splits<model<moving>>("gather") && splits<model<moving>>("reduce"));
  check_parts<model<moving>, 3 * 130 * 104>();
  check_parts<model<mobile>, 8 * 65 * 66>();
  STATIC_REQUIRE(mobile_fast::net::plan.scratch_bytes > 0);
  check_parts<mobile_fast, 8 * 65 * 66>();
  check_parts<model<nets::resnet8<1>>, 32 * 32 * 3>();
}

TEST_CASE("small models stay on the thread that calls", "[nets][threads]") {
  struct net {
    constexpr auto operator()(tensor<float, 1, 64> x) const { return tanh(linear<64>("fc", x)); }
  };
  static constexpr net small{};
  STATIC_REQUIRE(splitting_steps<model<small>>() == 0);
}
