#include <array>
#include <cfenv>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Small models are called once where their session is made; nobody is to notice.

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
