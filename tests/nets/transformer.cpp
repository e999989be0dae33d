// Blocks of language models: compiled against op by op, and the same bits however a sequence comes.

#include <etch/eager/executor.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "catch.hpp"
#include "support/known_weights.hpp"
#include "support/test_executor.hpp"

namespace {

using namespace etch;
using namespace etch_test;

constexpr int capacity = 24;

/// A Llama of one block: grouped queries, a window, rotary embedding of either pairing, SwiGLU.
template <class T, int Rows, rotary_pairing Pairing, int Window>
struct llama_net {
  constexpr auto operator()(tensor<T, Rows, 24> x) const {
    state<std::int64_t, 1> position("position", x);
    constexpr linear_options no_bias{.bias = false};
    constexpr rotary turned{.positions = capacity, .pairing = Pairing, .dims = 6};
    auto const h = rms_norm("attention_norm", x);
    auto const q = reshape<Rows, 6, 8>(linear<48, no_bias>("q", h));
    auto const k = reshape<Rows, 3, 8>(linear<24, no_bias>("k", h));
    auto const v = reshape<Rows, 3, 5>(linear<15, no_bias>("v", h));
    auto const y = cached_attention<capacity, attention{.window = Window}>(
        "cache", rotary_embedding<turned>(q, position), rotary_embedding<turned>(k, position), v,
        position);
    auto const mixed = x + linear<24, no_bias>("o", reshape<Rows, 30>(y));
    position = position + Rows;
    return mixed + swiglu<40>("mlp", rms_norm("mlp_norm", mixed, 1e-6f));
  }
};
template <class T, int Rows, rotary_pairing Pairing, int Window>
inline constexpr llama_net<T, Rows, Pairing, Window> llama{};

template <class T>
std::vector<T> numbers(std::size_t count, std::uint64_t seed) {
  value const made =
      random_value({ir::dtype_of<T>, ir::shape(static_cast<std::int64_t>(count))}, seed, false);
  auto const all = numbers_of<T>(made);
  return {all.begin(), all.end()};
}

/// Rows of x through the model of one block size; the states go from session to session.
template <class T, rotary_pairing Pairing, int Window>
class in_blocks {
 public:
  template <int Rows>
  void next(std::vector<T> const& x) {
    using block = model<llama<T, Rows, Pairing, Window>>;
    session<block> run{known_weights<block>()};
    if (!kept_.empty()) run.restore(kept_).value();
    auto const y = run(input<tensor<T, Rows, 24>>::at(x.data() + results.size())).value();
    results.insert(results.end(), y.begin(), y.end());
    kept_ = run.save();
  }

  std::vector<T> results;

 private:
  std::vector<std::byte> kept_;
};

template <class T>
double difference_of(std::vector<T> const& a, std::vector<T> const& b) {
  double worst = a.size() == b.size() ? 0 : 1e9;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    double const d = std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    worst = d <= worst ? worst : d;  // NaN counts
  }
  return worst;
}

template <class T, rotary_pairing Pairing, int Window>
void check_llama(double tolerance) {
  auto const x = numbers<T>(capacity * 24, 91);
  in_blocks<T, Pairing, Window> at_once, mixed, single;
  at_once.template next<24>(x);
  mixed.template next<5>(x);
  mixed.template next<1>(x);
  mixed.template next<16>(x);
  mixed.template next<1>(x);
  mixed.template next<1>(x);
  CHECK(at_once.results == mixed.results);

  using one = model<llama<T, 1, Pairing, Window>>;
  session<one> run{known_weights<one>()};
  auto const file = weights_file<one>();
  eager::executor<one> slow{safetensors::from_memory(as_bytes(file), "known").value()};
  std::vector<T> expected;
  for (int row = 0; row < capacity; ++row) {
    auto const here = input<tensor<T, 1, 24>>::at(x.data() + 24 * row);
    auto const y = run(here).value();
    single.results.insert(single.results.end(), y.begin(), y.end());
    auto const z = slow(here);
    expected.insert(expected.end(), z.begin(), z.end());
  }
  CHECK(single.results == at_once.results);
  double largest = 1;
  for (T each : expected) largest = std::max(largest, std::fabs(static_cast<double>(each)));
  CHECK(difference_of(single.results, expected) <= tolerance * largest);
  auto const full = run(input<tensor<T, 1, 24>>::at(x.data()));
  REQUIRE(!full);
  CHECK(full.error().code == errc::exhausted);
  CHECK(run.state("position"_t)[0] == capacity);
}

/// Attention of every kind to whole sequences.
struct whole_net {
  constexpr auto operator()(tensor<float, 2, 9, 64> x, tensor<float, 2, 9, 5, 8> memory,
                            tensor<bool, 9, 9> seen, tensor<float, 2, 1, 9, 9> bias) const {
    auto const heads = reshape<2, 9, 8, 8>(x);
    auto const kv = reshape<2, 9, 4, 16>(x);
    auto const k = slice<3, 0, 8>(kv);
    auto const causal = scaled_dot_product_attention<attention{.causal = true}>(heads, k, kv);
    auto const window = scaled_dot_product_attention<attention{.window = 3}>(heads, k, kv, seen);
    auto const wide =
        scaled_dot_product_attention<attention{.scale = 0.5}>(heads, heads, silu(heads), bias);
    auto const cross =
        scaled_dot_product_attention(reshape<2, 9, 5, 8>(linear<40>("q", x)), memory, memory);
    return boost::hana::make_tuple(causal, window, wide, cross);
  }
};
inline constexpr whole_net whole{};

struct large_net {
  constexpr auto operator()(tensor<float, 4, 150, 8, 32> q, tensor<float, 4, 150, 4, 32> k) const {
    constexpr rotary turned{.positions = 150};
    return scaled_dot_product_attention<attention{.causal = true}>(
        rotary_embedding<turned>(q, 0), rms_norm(rotary_embedding<turned>(k, 0), 1), k);
  }
};
inline constexpr large_net large{};

}  // namespace

TEST_CASE("a block with a cache gives the same bits in blocks of any size, and what eager gives",
          "[nets][transformer]") {
  check_llama<float, rotary_pairing::halves, 0>(1e-5);
  check_llama<float, rotary_pairing::adjacent, 7>(1e-5);
  check_llama<double, rotary_pairing::adjacent, 0>(1e-13);
}

TEST_CASE("a step writes its caches where they are kept", "[nets][transformer]") {
  using one = model<llama<float, 1, rotary_pairing::halves, 0>>;
  constexpr auto const& plan = one::net::plan;
  STATIC_REQUIRE(plan.moves.size() == 0);
  STATIC_REQUIRE(one::cost().steps_in_loops == 0);
  int written = 0;
  for (auto const& step : plan.steps) {
    if (step.kernel != ir::op_key("cache_write")) continue;
    auto const& from = plan.operand(step, 0);
    written += step.result.place == plan::place::state && from.place == plan::place::state &&
               from.offset == step.result.offset;
  }
  CHECK(written == 2);
}

TEST_CASE("attention to whole sequences gives what eager gives", "[nets][transformer]") {
  using net = model<whole>;
  STATIC_REQUIRE(net::cost().steps_in_loops == 0);
  auto const x = numbers<float>(2 * 9 * 64, 92), memory = numbers<float>(2 * 9 * 5 * 8, 93),
             bias = numbers<float>(2 * 9 * 9, 94);
  std::array<bool, 81> seen{};
  for (std::size_t i = 0; i < 81; ++i) seen[i] = i % 9 == i / 9 || i * 7 % 5 < 3;
  session<net> run{known_weights<net>()};
  auto const file = weights_file<net>();
  eager::executor<net> slow{safetensors::from_memory(as_bytes(file), "known").value()};
  auto const call = [&](auto& each) {
    return each(input<tensor<float, 2, 9, 64>>::at(x.data()),
                input<tensor<float, 2, 9, 5, 8>>::at(memory.data()), seen,
                input<tensor<float, 2, 1, 9, 9>>::at(bias.data()));
  };
  auto const found = call(run);
  auto const expected = call(slow);
  auto const same = [](auto const& a, auto const& b, double tolerance = 2e-6) {
    return difference_of(std::vector<float>(a.begin(), a.end()),
                         std::vector<float>(b.begin(), b.end())) <= tolerance;
  };
  using namespace boost::hana::literals;
  CHECK(same(found[0_c], expected[0_c]));
  CHECK(same(found[1_c], expected[1_c]));
  CHECK(same(found[2_c], expected[2_c]));
  CHECK(same(found[3_c], expected[3_c], 5e-5));  // scores of tens, products of a linear
}

TEST_CASE("threads that share attention change no bit", "[nets][transformer]") {
  using net = model<large>;
  STATIC_REQUIRE(net::net::plan.scratch_bytes > 0);
  auto const q = numbers<float>(4 * 150 * 8 * 32, 95), k = numbers<float>(4 * 150 * 4 * 32, 96);
  auto const call = [&](auto& run) {
    auto const y = run(input<tensor<float, 4, 150, 8, 32>>::at(q.data()),
                       input<tensor<float, 4, 150, 4, 32>>::at(k.data()));
    return std::vector<float>(y.begin(), y.end());
  };
  session<net> alone{known_weights<net>()};
  auto const expected = call(alone);
  for (int threads : {2, 3, 7}) {
    threads_for_each_step workers{threads};
    session<net> shared{known_weights<net>(), workers};
    CHECK(call(shared) == expected);
  }
}
