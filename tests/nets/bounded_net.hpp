#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

namespace etch_test {

template <class Net>
inline constexpr Net made{};

/// Floating point numbers around 0, or indices from 0 to 49.
template <class X>
std::vector<X> some_numbers(std::size_t count, int step) {
  std::vector<X> x(count);
  for (std::size_t i = 0; i < count; ++i) {
    int const at = static_cast<int>(i) * step;
    x[i] = std::is_integral_v<X> ? static_cast<X>(at % 50) : static_cast<X>(at % 113 - 56) / X(40);
  }
  return x;
}

/// The same on the heap, with nothing behind it: a sanitizer sees who reads on.
template <class X>
class exact_block {
 public:
  explicit exact_block(std::vector<X> const& x)
      : numbers_(std::make_unique<X[]>(x.size())), size_(x.size()) {
    std::memcpy(numbers_.get(), x.data(), x.size() * sizeof(X));
  }
  operator std::span<X const>() const { return {numbers_.get(), size_}; }

 private:
  std::unique_ptr<X[]> numbers_;
  std::size_t size_;
};

/// What a model with fixed extents gives.
template <class Model, class... X>
auto fixed_answer(std::vector<X> const&... x) {
  etch::session<Model> run{known_weights<Model>()};
  auto const y = [&]<class... A>(etch::front::types<A...>) {
    return run(etch::input<A>::at(x.data())...);
  }(typename Model::signature::arguments{});
  return std::vector(y.begin(), y.end());
}

template <class X>
bool same_bits(std::vector<X> const& a, std::span<X const> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), b.size_bytes()) == 0;
}

/// Runs a model with bounded extents beside models that are made for one length each.
template <class Bounded>
class beside_fixed {
 public:
  template <class Fixed, class... X>
  void check(std::vector<X> const&... x) {
    auto const y = run_(std::span<X const>(exact_block<X>(x))...);
    REQUIRE(y);
    CHECK(same_bits(fixed_answer<Fixed>(x...), *y));
  }

 private:
  etch::session<Bounded> run_{known_weights<Bounded>()};
};

/// A net of one input of `width` numbers a row, for these lengths and for `Rows`.
template <template <auto> class Net, etch::extent Rows, class X, int... Length>
void same_bits_as_fixed(int width, std::integer_sequence<int, Length...>) {
  beside_fixed<etch::model<made<Net<Rows>>>> beside;
  auto const one = [&]<int L>(std::integral_constant<int, L>) {
    CAPTURE(L);
    beside.template check<etch::model<made<Net<L>>>>(
        some_numbers<X>(static_cast<std::size_t>(L * width), 37));
  };
  (one(std::integral_constant<int, Length>{}), ...);
}

/// Runs a net whose first rows do not depend on later ones for all lengths, in no order: what it
/// gives are the first rows of what it gives at the bound.
template <class Model, int Most>
void first_rows_agree(int width) {
  etch::session<Model> run{known_weights<Model>()};
  auto const x = some_numbers<float>(static_cast<std::size_t>(Most * width), 41);
  auto const whole = run(x);
  REQUIRE(whole);
  std::vector<float> const all(whole->begin(), whole->end());
  for (std::size_t i = 1; i <= Most; ++i) {
    std::size_t const rows = 1 + i * 29 % Most;
    std::vector<float> const some(x.begin(), x.begin() + static_cast<long>(rows) * width);
    auto const y = run(std::span<float const>(exact_block<float>(some)));
    REQUIRE(y);
    CAPTURE(rows);
    REQUIRE(y->size() * Most == all.size() * rows);
    CHECK(std::memcmp(y->data(), all.data(), y->size_bytes()) == 0);
  }
}

}  // namespace etch_test
