// Models whose chains run tile by tile: the bits are those of one step after the other.

#include <cstring>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "grown_net.hpp"
#include "support/known_weights.hpp"
#include "support/test_executor.hpp"

namespace {

using namespace etch;

constexpr plan::tile_policy never{.on = false};
constexpr plan::tile_policy small{.least_bytes = 0, .tile_bytes = 8192};
constexpr plan::tile_policy single{.least_bytes = 0, .tile_bytes = 1, .least_rows = 1};

/// 1000 rows, a residual, a norm of each row, a mean that is read by row.
struct rows_net {
  constexpr auto operator()(tensor<float, 1000, 32> x, tensor<float, 1000, 1> gain) const {
    auto h = relu(linear<64>("a", x)) * gain;
    h = tanh(linear<64>("b", h)) + h;
    h = layer_norm("norm", h);
    return softmax(linear<5>("c", h));
  }
};
inline constexpr rows_net rows{};

struct double_net {
  constexpr auto operator()(tensor<double, 130, 20> x) const {
    return linear<3>("b", sigmoid(linear<33>("a", x)));
  }
};
inline constexpr double_net doubles{};

/// Heads with keys of their own, one mask for all of them, and a mask of bool.
struct heads_net {
  using heads = tensor<float, 4, 101, 16>;
  constexpr auto operator()(heads q, heads k, heads v, tensor<float, 1, 101, 101> mask) const {
    auto const scores = matmul(q, transpose<0, 2, 1>(k)) * 0.25f + mask;
    return matmul(softmax(where(scores > -3.0f, scores, -9.0f)), v);
  }
};
inline constexpr heads_net heads{};

/// One matrix of keys for all rows of a batch.
struct shared_keys_net {
  constexpr auto operator()(tensor<float, 2, 50, 16> q, tensor<float, 16, 24> k) const {
    return log_softmax(matmul(q, k));
  }
};
inline constexpr shared_keys_net shared_keys{};

template <class T, std::size_t Elements>
std::vector<T> numbers(int step) {
  std::vector<T> x(Elements);
  for (std::size_t i = 0; i < Elements; ++i)
    x[i] = static_cast<T>(static_cast<int>(i) * step % 113 - 56) / T(40);
  return x;
}

template <class Model, class... A>
auto answer(executor_ref threads, front::types<A...>) {
  auto const weights = etch_test::known_weights<Model>();
  session<Model> run{weights, threads};
  auto const call = [&](auto const&... x) {
    auto const y = run(x...);
    return std::vector(y.begin(), y.end());
  };
  int step = 35;
  auto const input = [&]<class X>(std::type_identity<X>) {
    constexpr auto elements = static_cast<std::size_t>(X::elements);
    static std::vector<typename X::value_type> const x =
        numbers<typename X::value_type, elements>(step += 2);
    return std::span<typename X::value_type const, elements>(x);
  };
  return call(input(std::type_identity<A>{})...);
}

template <auto Net, plan::tile_policy Policy>
void same_bits() {
  using tiled = model<Net, options{.depth_first = Policy}>;
  using plain = model<Net, options{.depth_first = never}>;
  using arguments = typename tiled::signature::arguments;
  STATIC_REQUIRE(tiled::net::plan.tilings.size() > 0);
  STATIC_REQUIRE(plain::net::plan.tilings.size() == 0);
  auto const expected = answer<plain>({}, arguments{});
  auto const bytes = expected.size() * sizeof(expected[0]);
  auto const found = answer<tiled>({}, arguments{});
  REQUIRE(found.size() == expected.size());
  CHECK(std::memcmp(found.data(), expected.data(), bytes) == 0);
  for (int threads : {2, 3, 7}) {
    etch_test::threads_for_each_step executor{threads};
    auto const shared = answer<tiled>(executor, arguments{});
    CAPTURE(threads);
    CHECK(std::memcmp(shared.data(), expected.data(), bytes) == 0);
  }
}

}  // namespace

TEST_CASE("a chain gives the same bits tile by tile", "[nets][depth_first]") {
  same_bits<rows, small>();
  same_bits<rows, single>();
  same_bits<doubles, small>();
  same_bits<heads, small>();
  same_bits<heads, plan::tile_policy{.least_bytes = 0}>();
  same_bits<shared_keys, small>();
}

TEST_CASE("random graphs in tiles of a row mean what they mean", "[nets][grown][depth_first]") {
  using namespace etch_test;
  check_all_grown<ir::dtype::f32, 100, single>(1e-4, std::make_index_sequence<3>{});
}
