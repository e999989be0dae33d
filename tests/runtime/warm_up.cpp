#include <array>
#include <cfenv>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Small models are called a few times where they are set up; nobody is to notice.

namespace {

using namespace etch;
using namespace etch_test;

/// Divides 0 by 0 where x is 0, and counts its calls.
inline constexpr auto quotient = [](tensor<float, 1, 8> x) {
  state<float, 1> calls("calls", x);
  calls = calls + 1.0f;
  return x / x + calls;
};

inline constexpr auto wide = [](tensor<float, 64, 256> x) { return relu(linear<256>("fc", x)); };

inline constexpr auto filter = []<int T>(tensor<float, T, 1> x) {
  return causal_conv1d<1, signal_conv{.kernel = 3, .bias = false}>("filter", x) / x;
};

/// The sum of all numbers so far, beside a window of them.
inline constexpr auto running = [](tensor<float, 1, 4> x) {
  state<float, 1, 4> sum("sum", x, parameter<float, 1, 4>("start"));
  auto const seen = causal_conv1d<4, signal_conv{.kernel = 3}>("filter", x);
  sum = tanh(linear<4>("fc", sum + x));
  return seen + sum;
};

struct counting_executor {
  int* calls;
  int concurrency() const { return 2; }
  template <class F>
  void parallel_for(int n, F&& f) const {
    ++*calls;
    for (int i = 0; i < n; ++i) f(i);
  }
};

/// Traps invalid operations and divisions by zero where the C library can.
class trapping {
 public:
  trapping() {
    std::feclearexcept(FE_ALL_EXCEPT);
    std::feraiseexcept(FE_OVERFLOW);
#if defined(__GLIBC__)
    feenableexcept(FE_INVALID | FE_DIVBYZERO);
#endif
  }
  ~trapping() {
#if defined(__GLIBC__)
    fedisableexcept(FE_ALL_EXCEPT);
#endif
    std::feclearexcept(FE_ALL_EXCEPT);
  }
};

}  // namespace

TEST_CASE("a new session has no call behind it", "[runtime][session]") {
  using Model = model<quotient>;
  auto const weights = known_weights<Model>();
  session<Model> run{weights};
  CHECK(run.state("calls"_t)[0] == 0.0f);
  std::array<float, 8> x;
  x.fill(2.0f);
  for (float y : run(x)) CHECK(y == 2.0f);
}

TEST_CASE("a new session and a new stream trap nothing", "[runtime][session][stream]") {
  using Model = model<quotient>;
  using Stream = streaming<filter, 16>;
  auto const weights = known_weights<Model>();
  auto const of_stream = known_weights<Stream>();
  int raised = 0;
  {
    trapping const guard;
    session<Model> const run{weights};
    stream<Stream> const parts{of_stream};
    raised = std::fetestexcept(FE_ALL_EXCEPT);
  }
  CHECK(raised == FE_OVERFLOW);
}

TEST_CASE("a new session leaves the executor alone", "[runtime][session][threads]") {
  using Model = model<wide>;
  int calls = 0;
  counting_executor executor{&calls};
  session<Model> run{known_weights<Model>(), executor};
  CHECK(calls == 0);
  std::vector<float> const x(64 * 256, 0.5f);
  run(std::span<float const, 64 * 256>(x.data(), x.size()));
  CHECK(calls > 0);
}

TEST_CASE("new instances have no call behind them", "[runtime][instances]") {
  using Model = model<running>;
  auto const weights = known_weights<Model>();
  session<Model> alone{weights};
  auto const before = alone.save();
  std::vector<float> x(16 * 4);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3.0f;
  std::span<float const, 16 * 4> const input(x);
  auto const expected = [&] {
    std::vector<float> y;
    for (std::size_t i = 0; i < 16; ++i) {
      session<Model> one{weights};
      for (float each : one(input.subspan(4 * i).first<4>())) y.push_back(each);
    }
    return y;
  }();

  STATIC_REQUIRE(instances<Model, 16>::side_by_side == 16);
  instances<Model, 16> run{weights};
  auto const y = run(input);
  CHECK(std::equal(y.begin(), y.end(), expected.begin()));
  instances<Model, 16> const fresh{weights};
  for (std::size_t i = 0; i < 16; ++i) CHECK(fresh[i].save() == before);

  std::array<etch::weights<Model>, 2> const of{weights, weights};
  instances<Model, 2> two{of};
  for (std::size_t i = 0; i < 2; ++i) CHECK(two[i].save() == before);
  auto const of_two = two(input.first<8>());
  CHECK(std::equal(of_two.begin(), of_two.end(), expected.begin()));
}

TEST_CASE("models are called the more often the smaller they are", "[runtime][session]") {
  constexpr auto calls = [](long flops, long bytes) {
    return runtime::calls_to_warm_up(flops, bytes);
  };
  STATIC_REQUIRE(calls(0, 0) == 16);
  STATIC_REQUIRE(calls(100'000, 100'000) == 5);
  STATIC_REQUIRE(calls(0, 8'000'000) == 1);
  STATIC_REQUIRE(calls(20'000'000, 0) == 1);
  STATIC_REQUIRE(calls(20'000'001, 0) == 0);
}
