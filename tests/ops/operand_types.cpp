#include <cstdint>
#include <type_traits>

#include <etch/ops/elementwise_ops.hpp>

#include "catch.hpp"

// The types of results: dtype and shape rules, checked by the compiler alone.

namespace {

using namespace etch;
using std::int32_t;
using std::int64_t;
using std::uint8_t;

template <class T, auto... E>
tensor<T, E...> a(front::recorder* in = nullptr) {
  return {*in, 0};
}

template <class Found, class Expected>
constexpr bool is_same = std::is_same_v<std::remove_cvref_t<Found>, Expected>;

#define TENSOR(...) tensor<__VA_ARGS__>
#define GIVES(expected, ...) STATIC_REQUIRE(is_same<decltype(__VA_ARGS__), TENSOR expected>)

template <class A, class B>
concept adds = requires(A x, B y) {
  x + y;
};

}  // namespace

TEST_CASE("the shape of a result is the broadcast of its operands", "[ops][types]") {
  GIVES((float, 1, 4), a<float, 1, 4>() + a<float, 4>());
  GIVES((float, 3, 4), a<float, 3, 1>() * a<float, 1, 4>());
  GIVES((float, 2, 3), a<float>() - a<float, 2, 3>());
  GIVES((double, 2, 7, 5), a<double, 2, 1, 5>() / a<double, 7, 1>());
  GIVES((float, 3, 4), where(a<bool, 3, 1>(), a<float, 4>(), a<float, 1, 1>()));
  GIVES((double, 1, 2, 3, 4, 5, 6), exp(a<double, 1, 2, 3, 4, 5, 6>()));
}

TEST_CASE("a result has the dtype of its operands", "[ops][types]") {
  GIVES((int32_t, 4), a<int32_t, 4>() + a<int32_t, 4>());
  GIVES((uint8_t, 4), a<uint8_t, 4>() + 255);
  GIVES((float, 4), 2.0f * a<float, 4>());
  GIVES((double, 4), 2 * a<double, 4>());
  GIVES((float, 4), a<float, 4>() / 3.0);
  GIVES((float, 4), pow(a<float, 4>(), 2.0f));
  GIVES((double, 4), pow(2, a<double, 4>()));
  GIVES((int64_t, 4), -a<int64_t, 4>());
  GIVES((int32_t, 4), minimum(a<int32_t, 4>(), 0));
  GIVES((float, 4), max(a<float, 4>(), 0));
  GIVES((int32_t, 4), clamp(a<int32_t, 4>(), 0, 5));
}

TEST_CASE("comparisons and logical operators give bool", "[ops][types]") {
  GIVES((bool, 3, 4), a<float, 3, 1>() < a<float, 4>());
  GIVES((bool, 4), a<int32_t, 4>() <= 3);
  GIVES((bool, 4), 0.5 > a<double, 4>());
  GIVES((bool, 4), a<uint8_t, 4>() >= a<uint8_t, 4>());
  GIVES((bool, 4), a<bool, 4>() == true);
  GIVES((bool, 2, 4), a<bool, 4>() != a<bool, 2, 1>());
  GIVES((bool, 4), logical_and(a<bool, 4>(), a<bool>()));
  GIVES((bool, 3, 4), logical_or(a<bool, 4>(), a<bool, 3, 1>()));
  GIVES((bool, 4), logical_not(a<bool, 4>()));
}

TEST_CASE("where takes numbers, and its dtype from the tensor or the first number",
          "[ops][types]") {
  GIVES((double, 4), where(a<bool, 4>(), a<double, 4>(), 0));
  GIVES((double, 4), where(a<bool, 4>(), 0, a<double, 4>()));
  GIVES((float, 4), where(a<bool, 4>(), 1.0f, 0));
  GIVES((int32_t, 4), where(a<bool, 4>(), 1, 0));
  GIVES((bool, 4), where(a<bool, 4>(), a<bool, 4>(), true));
}

TEST_CASE("parameters and named tensors are operands", "[ops][types]") {
  GIVES((float, 2, 4), a<float, 2, 4>() + parameter<float, 4>("b"));
  GIVES((float, 2, 4), parameter<float, 4>("b") * a<float, 2, 4>());
  using pixels = named<"pixels", tensor<float, 4>>;
  GIVES((float, 4), std::declval<pixels>() + std::declval<pixels>());
  GIVES((float, 4), relu(std::declval<pixels>()));
  GIVES((bool, 4), std::declval<pixels>() < 0);
}

TEST_CASE("operators leave other types alone", "[ops][types]") {
  struct other {};
  STATIC_REQUIRE(adds<tensor<float, 4>, float>);
  STATIC_REQUIRE_FALSE(adds<tensor<float, 4>, other>);
  STATIC_REQUIRE_FALSE(adds<other, other>);
  STATIC_REQUIRE_FALSE(adds<tensor<float, 4>, char const*>);
}
