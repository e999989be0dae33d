#include "catch.hpp"
#include "etch/kernels/simd/math_pow.hpp"
#include "kernels/simd/ulp.hpp"
#include "kernels/simd/values.hpp"

namespace {

using etch::simd::pack;

template <class T>
using reference = std::conditional_t<sizeof(T) == 4, double, long double>;

template <class T>
constexpr double bound = sizeof(T) == 4 ? 0.51 : 1.5;

/// The worst error over x[i] ^ y[i]; infinite where NaN, infinity or a sign is wrong.
template <class T>
double worst(std::vector<T> x, std::vector<T> y) {
  using P = pack<T>;
  while (x.size() % std::size_t(P::lanes) != 0) {
    x.push_back(T(1));
    y.push_back(T(1));
  }
  double result = 0;
  for (std::size_t i = 0; i < x.size(); i += std::size_t(P::lanes)) {
    T out[P::lanes];
    pow(P::load(&x[i]), P::load(&y[i])).store(out);
    for (std::size_t k = 0; k < std::size_t(P::lanes); ++k) {
      // powl of glibc 2.36 takes 2^63 for odd when the base is infinite
      reference<T> const want = std::isinf(x[i + k])
                                    ? std::pow(double(x[i + k]), double(y[i + k]))
                                    : std::pow(reference<T>(x[i + k]), reference<T>(y[i + k]));
      bool const sign_differs = !std::isnan(want) && std::signbit(want) != std::signbit(out[k]);
      double const e = sign_differs ? std::numeric_limits<double>::infinity()
                                    : ulp::distance(out[k], static_cast<long double>(want));
      if (e > result) {
        result = e;
        UNSCOPED_INFO(x[i + k] << " ^ " << y[i + k] << " = " << out[k] << ": " << e << " ulp");
      }
    }
  }
  return result;
}

template <class T>
bool reference_is_wider() {
  return std::numeric_limits<reference<T>>::digits > std::numeric_limits<T>::digits + 8;
}

}  // namespace

TEMPLATE_TEST_CASE("pow of special values is that of IEEE 754", "[simd]", float, double) {
  using T = TestType;
  using limits = std::numeric_limits<T>;
  auto bases = values::special<T>();
  for (T extra : {T(3), T(-3), T(2), T(-2), T(1) + limits::epsilon(), T(-1e30), T(16777215),
                  T(-16777217), T(9007199254740991.0)})
    bases.push_back(extra);
  std::vector<T> x, y;
  for (T base : bases)
    for (T exponent : bases) {
      x.push_back(base);
      y.push_back(exponent);
    }
  if (reference_is_wider<T>()) CHECK(worst(x, y) <= bound<T>);

  auto one = [](T base, T exponent) {
    T out[pack<T>::lanes];
    pow(pack<T>(base), pack<T>(exponent)).store(out);
    return out[pack<T>::lanes - 1];
  };
  T const infinity = limits::infinity(), nan = limits::quiet_NaN();
  CHECK(one(nan, T(0)) == T(1));
  CHECK(one(T(1), nan) == T(1));
  CHECK(one(T(-1), infinity) == T(1));
  CHECK(one(-infinity, T(-3)) == T(0));
  CHECK(std::signbit(one(-infinity, T(-3))));
  CHECK(one(T(-0.0), T(-3)) == -infinity);
  CHECK(one(T(-0.0), T(-2)) == infinity);
  CHECK(one(T(0.5), -infinity) == infinity);
  CHECK(one(T(-8), T(3)) == T(-512));
  CHECK(std::isnan(one(T(-8), T(1) / T(3))));
  CHECK(std::isnan(one(T(-1), nan)));
}

TEMPLATE_TEST_CASE("pow keeps its bound over random bits and near the limits", "[simd]", float,
                   double) {
  using T = TestType;
  if (!reference_is_wider<T>()) return;
  constexpr int count = 1 << 16;
  std::mt19937_64 random(11);
  auto filled = [&](auto make) {
    std::vector<T> v(count);
    for (T& x : v) x = make();
    return v;
  };
  auto bits = [&] { return values::random_bits<T>(random); };
  auto between = [&](double low, double high) {
    return [&random, low, high] { return values::random_between(random, T(low), T(high)); };
  };
  CHECK(worst(filled(bits), filled(bits)) <= bound<T>);
  CHECK(worst(filled(between(0, 10)), filled(between(-40, 40))) <= bound<T>);
  double const steep = sizeof(T) == 4 ? 2e4 : 1.4e5;
  CHECK(worst(filled(between(0.995, 1.005)), filled(between(-steep, steep))) <= bound<T>);

  // results over the whole range, subnormal and overflowing ones too
  std::vector<T> const base = filled([&] { return std::fabs(bits()); });
  std::vector<T> exponent(count);
  for (std::size_t i = 0; i < base.size(); ++i)
    exponent[i] = values::random_between(random, T(-1), T(1)) * (sizeof(T) == 4 ? 150 : 1076) /
                  std::log2(base[i]);
  CHECK(worst(base, exponent) <= bound<T>);
}

TEST_CASE("pow of small whole numbers is exact in float", "[simd]") {
  for (int base = -30; base <= 30; ++base)
    for (int exponent = 0; exponent <= 4; ++exponent) {
      float want = 1.0f;
      for (int i = 0; i < exponent; ++i) want *= float(base);
      float out[16];
      pow(pack<float>(float(base)), pack<float>(float(exponent))).store(out);
      CAPTURE(base, exponent);
      CHECK(out[0] == want);
    }
}
