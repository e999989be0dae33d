#include "catch.hpp"
#include "etch/core/math.hpp"
#include "etch/kernels/simd/pack.hpp"
#include "kernels/simd/values.hpp"

namespace {

using namespace etch;
using simd::pack;

/// The tree of the contract: lane i with lane i + half, half = lanes / 2 ... 1.
template <class P, class Join>
typename P::value_type tree(typename P::value_type const* in, Join join) {
  typename P::value_type x[P::lanes];
  for (int i = 0; i < P::lanes; ++i) x[i] = in[i];
  for (int half = P::lanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) x[i] = join(x[i], x[i + half]);
  return x[0];
}

template <class T>
std::vector<T> material() {
  std::mt19937_64 random(7);
  std::vector<T> x;
  for (int i = 0; i < 512 * 16; ++i) x.push_back(static_cast<T>(random() % 2001) - T(1000));
  if constexpr (std::is_floating_point_v<T>) {
    for (T& y : x) y *= values::random_between(random, T(1e-3), T(1));
    for (T y : values::special<T>()) x.push_back(y);
  }
  while (x.size() % 16 != 0) x.push_back(T(1));
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("reductions follow one tree, to the last bit", "[simd]", pack<float>,
                   pack<double>, (pack<float, simd::generic_arch>),
                   (pack<double, simd::generic_arch>), pack<std::int32_t>, pack<std::int64_t>) {
  using P = TestType;
  using T = typename P::value_type;
  auto const x = material<T>();
  for (std::size_t i = 0; i < x.size(); i += std::size_t(P::lanes)) {
    T const* const in = &x[i];
    P const p = P::load(in);
    auto add = [](T a, T b) { return a + b; };
    auto mul = [](T a, T b) {
      if constexpr (std::is_integral_v<T>)
        return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
      else
        return a * b;
    };
    auto larger = [](T a, T b) { return math::max(a, b); };
    auto smaller = [](T a, T b) { return math::min(a, b); };
    REQUIRE(values::same(reduce_add(p), tree<P>(in, add)));
    REQUIRE(values::same(reduce_mul(p), tree<P>(in, mul)));
    REQUIRE(values::same(reduce_max(p), tree<P>(in, larger)));
    REQUIRE(values::same(reduce_min(p), tree<P>(in, smaller)));
  }
}

TEMPLATE_TEST_CASE("the tree is not the order of the lanes", "[simd]", float, double) {
  // big + 1 - big + 1: only lanes i and i + half that meet first can cancel
  using T = TestType;
  using P = pack<T>;
  T const big = sizeof(T) == 4 ? T(0x1p24) : T(0x1p53);
  T x[P::lanes] = {};
  x[0] = big;
  x[P::lanes / 2] = -big;
  x[1] = T(1);
  x[P::lanes / 2 + 1] = T(1);
  CHECK(reduce_add(P::load(x)) == T(2));
  std::swap(x[P::lanes / 2], x[1]);
  CHECK(reduce_add(P::load(x)) == T(1) + (big + T(1) - big));
}

TEMPLATE_TEST_CASE("a NaN in any lane reaches the maximum and the minimum", "[simd]", float,
                   double) {
  using T = TestType;
  using P = pack<T>;
  for (int lane = 0; lane < P::lanes; ++lane) {
    T x[P::lanes];
    for (int i = 0; i < P::lanes; ++i) x[i] = static_cast<T>(i);
    CHECK(reduce_max(P::load(x)) == static_cast<T>(P::lanes - 1));
    CHECK(reduce_min(P::load(x)) == T(0));
    x[lane] = std::numeric_limits<T>::quiet_NaN();
    CHECK(math::isnan(reduce_max(P::load(x))));
    CHECK(math::isnan(reduce_min(P::load(x))));
  }
}
