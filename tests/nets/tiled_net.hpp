#pragma once

#include <cstring>
#include <span>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"
#include "support/test_executor.hpp"

// A model that runs depth first, beside the same model without.

namespace etch_test {

template <class T, std::size_t Elements>
std::vector<T> tiled_numbers(int step) {
  std::vector<T> x(Elements);
  for (std::size_t i = 0; i < Elements; ++i)
    x[i] = static_cast<T>(static_cast<int>(i) * step % 113 - 56) / T(40);
  return x;
}

template <class Model, class... A>
auto tiled_answer(etch::executor_ref threads, etch::front::types<A...>) {
  auto const weights = known_weights<Model>();
  etch::session<Model> run{weights, threads};
  auto const call = [&](auto const&... x) {
    auto const y = run(x...);
    return std::vector(y.begin(), y.end());
  };
  int step = 35;
  auto const input = [&]<class X>(std::type_identity<X>) {
    constexpr auto elements = static_cast<std::size_t>(X::elements);
    static std::vector<typename X::value_type> const x =
        tiled_numbers<typename X::value_type, elements>(step += 2);
    return std::span<typename X::value_type const, elements>(x);
  };
  return call(input(std::type_identity<A>{})...);
}

template <auto Net>
using plain_model = etch::model<Net, etch::options{.depth_first = {.on = false}}>;
template <auto Net, etch::plan::tile_policy Policy>
using tiled_model = etch::model<Net, etch::options{.depth_first = Policy}>;

/// A model gives the same bits depth first and one step after the other, on any number of threads.
template <auto Net, etch::plan::tile_policy Policy>
void same_bits() {
  using tiled = tiled_model<Net, Policy>;
  using plain = plain_model<Net>;
  using arguments = typename tiled::signature::arguments;
  STATIC_REQUIRE(tiled::net::plan.tilings.size() > 0);
  STATIC_REQUIRE(plain::net::plan.tilings.size() == 0);
  auto const expected = tiled_answer<plain>({}, arguments{});
  auto const bytes = expected.size() * sizeof(expected[0]);
  auto const found = tiled_answer<tiled>({}, arguments{});
  REQUIRE(found.size() == expected.size());
  CHECK(std::memcmp(found.data(), expected.data(), bytes) == 0);
  for (int threads : {2, 3, 7}) {
    threads_for_each_step executor{threads};
    auto const shared = tiled_answer<tiled>(executor, arguments{});
    CAPTURE(threads);
    CHECK(std::memcmp(shared.data(), expected.data(), bytes) == 0);
  }
}

/// How many times less memory its values take.
template <auto Net, etch::plan::tile_policy Policy>
constexpr double times_less_memory() {
  return static_cast<double>(plain_model<Net>::memory().workspace_bytes) /
         static_cast<double>(tiled_model<Net, Policy>::memory().workspace_bytes);
}

}  // namespace etch_test
