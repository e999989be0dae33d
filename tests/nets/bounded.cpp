// Models with lengths that the call decides: the bits are those of the same model made for each of
// these lengths.

#include <cstring>
#include <memory>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 70);

/// Rows that know nothing of each other.
template <auto Rows>
struct rows_net {
  constexpr auto operator()(tensor<float, Rows, 20> x) const {
    auto h = relu(linear<33>("a", x));
    h = layer_norm("norm", tanh(linear<33>("b", h)) + h);
    return softmax(linear<5>("c", h)) * 2.0f;
  }
};
template <auto Rows>
inline constexpr rows_net<Rows> rows{};

template <class X>
std::vector<X> numbers(std::size_t count, int step) {
  std::vector<X> x(count);
  for (std::size_t i = 0; i < count; ++i)
    x[i] = static_cast<X>(static_cast<int>(i) * step % 113 - 56) / X(40);
  return x;
}

template <class Model, class... Inputs>
auto fixed_answer(Inputs const&... inputs) {
  session<Model> run{etch_test::known_weights<Model>()};
  auto const call = [&]<class... A>(front::types<A...>) {
    return run(input<A>::at(inputs.data())...);
  };
  auto const y = call(typename Model::signature::arguments{});
  return std::vector(y.begin(), y.end());
}

template <class X>
bool same_bits(std::vector<X> const& a, std::span<X const> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), b.size_bytes()) == 0;
}

/// A range of exactly these numbers on the heap, so that a sanitizer sees what is read behind it.
template <class X>
std::unique_ptr<X[]> on_heap(std::vector<X> const& x) {
  auto copy = std::make_unique<X[]>(x.size());
  std::memcpy(copy.get(), x.data(), x.size() * sizeof(X));
  return copy;
}

}  // namespace

TEST_CASE("independent rows", "[nets][bounded]") {
  using bounded = model<rows<T>>;
  session<bounded> run{etch_test::known_weights<bounded>()};
  auto const check = [&]<int... Length>(std::integer_sequence<int, Length...>) {
    auto const one = [&]<int L>(std::integral_constant<int, L>) {
      auto const x = numbers<float>(L * 20, 37);
      auto const heap = on_heap(x);
      auto const y = run(std::span<float const>(heap.get(), x.size()));
      REQUIRE(y);
      CAPTURE(L);
      CHECK(same_bits(fixed_answer<model<rows<L>>>(x), *y));
    };
    (one(std::integral_constant<int, Length>{}), ...);
  };
  check(std::integer_sequence<int, 1, 2, 7, 8, 64, 65, 70>{});
}
