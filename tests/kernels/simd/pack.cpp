#include "etch/kernels/simd/pack.hpp"

#include <cmath>

#include "catch.hpp"
#include "etch/core/math.hpp"
#include "kernels/simd/values.hpp"

namespace {

using namespace etch;
using simd::pack;
using values::same;

/// got(i) of the pack operation against want(i) of the scalars, over all operands; the first
/// difference, or nothing.
template <class P, class Got, class Want>
std::string first_difference(Got got, Want want) {
  using T = typename P::value_type;
  static values::operands<T> const in;
  for (std::size_t i = 0; i < in.a.size(); i += std::size_t(P::lanes)) {
    T out[P::lanes];
    got(P::load(&in.a[i]), P::load(&in.b[i]), P::load(&in.c[i])).store(out);
    for (std::size_t k = 0; k < std::size_t(P::lanes); ++k) {
      T const a = in.a[i + k], b = in.b[i + k], c = in.c[i + k];
      T const expected = want(a, b, c);
      if (same(out[k], expected)) continue;
      return Catch::StringMaker<T>::convert(a) + ", " + Catch::StringMaker<T>::convert(b) + ", " +
             Catch::StringMaker<T>::convert(c) + " gives " +
             Catch::StringMaker<T>::convert(out[k]) + ", expected " +
             Catch::StringMaker<T>::convert(expected);
    }
  }
  return "";
}

/// A product that no compiler contracts into a later sum.
template <class T>
T product(T a, T b) {
  T volatile rounded = a * b;
  return rounded;
}

/// -0 and +0 count as one where the contract leaves the choice.
template <class P>
P plus_zero(P const& x) {
  return select(x == P(0), P(0), x);
}
template <class T>
T plus_zero_scalar(T x) {
  return x == T(0) ? T(0) : x;
}

}  // namespace

#if defined(__SSE2__)
#define ETCH_TEST_PACKS                                                           \
  pack<float>, pack<double>, (pack<float, simd::generic_arch>),                   \
      (pack<double, simd::generic_arch>), (pack<float, simd::arch_t<isa::sse2>>), \
      (pack<double, simd::arch_t<isa::sse2>>)
#else
#define ETCH_TEST_PACKS \
  pack<float>, pack<double>, (pack<float, simd::generic_arch>), (pack<double, simd::generic_arch>)
#endif

TEMPLATE_TEST_CASE("a pack is 64 bytes of virtual lanes on every instruction set", "[simd]",
                   ETCH_TEST_PACKS) {
  using P = TestType;
  STATIC_REQUIRE(sizeof(P) == 64);
  STATIC_REQUIRE(P::lanes * int(sizeof(typename P::value_type)) == 64);
  STATIC_REQUIRE(P::regs * P::width == P::lanes);
}

TEMPLATE_TEST_CASE("arithmetic of packs rounds as the scalars do", "[simd]", ETCH_TEST_PACKS) {
  using P = TestType;
  using T = typename P::value_type;
  CHECK(first_difference<P>([](P a, P b, P) { return a + b; }, [](T a, T b, T) { return a + b; }) ==
        "");
  CHECK(first_difference<P>([](P a, P b, P) { return a - b; }, [](T a, T b, T) { return a - b; }) ==
        "");
  CHECK(first_difference<P>([](P a, P b, P) { return a * b; },
                            [](T a, T b, T) { return product(a, b); }) == "");
  CHECK(first_difference<P>([](P a, P b, P) { return a / b; }, [](T a, T b, T) { return a / b; }) ==
        "");
  CHECK(first_difference<P>([](P a, P, P) { return -a; }, [](T a, T, T) { return -a; }) == "");
  CHECK(first_difference<P>(
            [](P a, P b, P c) {
              a += b;
              a *= c;
              a -= b;
              return a /= c;
            },
            [](T a, T b, T c) { return (product(a + b, c) - b) / c; }) == "");
}

TEMPLATE_TEST_CASE("a product and a sum are two roundings, fma is one where there is hardware",
                   "[simd]", ETCH_TEST_PACKS) {
  using P = TestType;
  using T = typename P::value_type;
  constexpr bool fused = simd::ETCH_ISA::detail::has_fma<typename P::arch_type>;
  CHECK(first_difference<P>([](P a, P b, P c) { return a * b + c; },
                            [](T a, T b, T c) { return product(a, b) + c; }) == "");
  CHECK(first_difference<P>([](P a, P b, P c) { return c - a * b; },
                            [](T a, T b, T c) { return c - product(a, b); }) == "");
  CHECK(first_difference<P>(
            [](P a, P b, P c) { return fma(a, b, c); },
            [](T a, T b, T c) { return fused ? std::fma(a, b, c) : product(a, b) + c; }) == "");
  CHECK(first_difference<P>(
            [](P a, P b, P c) { return fnma(a, b, c); },
            [](T a, T b, T c) { return fused ? std::fma(-a, b, c) : c - product(a, b); }) == "");
}

TEMPLATE_TEST_CASE("comparisons of packs agree with C++, NaN included", "[simd]", ETCH_TEST_PACKS) {
  using P = TestType;
  using T = typename P::value_type;
  auto chosen = [](auto where) { return select(where, P(1), P(2)); };
  CHECK(first_difference<P>([&](P a, P b, P) { return chosen(a < b); },
                            [](T a, T b, T) { return T(a < b ? 1 : 2); }) == "");
  CHECK(first_difference<P>([&](P a, P b, P) { return chosen(a <= b); },
                            [](T a, T b, T) { return T(a <= b ? 1 : 2); }) == "");
  CHECK(first_difference<P>([&](P a, P b, P) { return chosen(a > b); },
                            [](T a, T b, T) { return T(a > b ? 1 : 2); }) == "");
  CHECK(first_difference<P>([&](P a, P b, P) { return chosen(a >= b); },
                            [](T a, T b, T) { return T(a >= b ? 1 : 2); }) == "");
  CHECK(first_difference<P>([&](P a, P b, P) { return chosen(a == b); },
                            [](T a, T b, T) { return T(a == b ? 1 : 2); }) == "");
  CHECK(first_difference<P>([&](P a, P b, P) { return chosen(a != b); },
                            [](T a, T b, T) { return T(a != b ? 1 : 2); }) == "");
  CHECK(first_difference<P>([&](P a, P, P) { return chosen(isnan(a)); },
                            [](T a, T, T) { return T(a != a ? 1 : 2); }) == "");
}

TEMPLATE_TEST_CASE("masks combine, and any and all look at every lane", "[simd]", ETCH_TEST_PACKS) {
  using P = TestType;
  using T = typename P::value_type;
  CHECK(first_difference<P>([](P a, P b, P c) { return select((a < b) & (b < c), a, c); },
                            [](T a, T b, T c) { return a < b && b < c ? a : c; }) == "");
  CHECK(first_difference<P>([](P a, P b, P c) { return select((a < b) | !(b < c), a, c); },
                            [](T a, T b, T c) { return a < b || !(b < c) ? a : c; }) == "");
  for (int lane = 0; lane < P::lanes; ++lane) {
    T x[P::lanes] = {};
    CHECK_FALSE(any(P::load(x) > P(0)));
    CHECK(all(P::load(x) == P(0)));
    x[lane] = T(1);
    CHECK(any(P::load(x) > P(0)));
    CHECK_FALSE(all(P::load(x) == P(0)));
    CHECK_FALSE(all(P::load(x) > P(0)));
  }
}

TEMPLATE_TEST_CASE("min, max, relu and clamp hand on NaN", "[simd]", ETCH_TEST_PACKS) {
  using P = TestType;
  using T = typename P::value_type;
  CHECK(first_difference<P>([](P a, P b, P) { return plus_zero(min(a, b)); },
                            [](T a, T b, T) { return plus_zero_scalar(math::min(a, b)); }) == "");
  CHECK(first_difference<P>([](P a, P b, P) { return plus_zero(max(a, b)); },
                            [](T a, T b, T) { return plus_zero_scalar(math::max(a, b)); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return plus_zero(relu(a)); },
                            [](T a, T, T) { return plus_zero_scalar(math::relu(a)); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return clamp(a, P(T(0)), P(T(1))); },
                            [](T a, T, T) { return math::clamp(a, T(0), T(1)); }) == "");
}

TEMPLATE_TEST_CASE("signs, roots and roundings of packs are those of the scalars", "[simd]",
                   ETCH_TEST_PACKS) {
  using P = TestType;
  using T = typename P::value_type;
  CHECK(first_difference<P>([](P a, P, P) { return abs(a); },
                            [](T a, T, T) { return std::fabs(a); }) == "");
  CHECK(first_difference<P>([](P a, P b, P) { return copysign(a, b); },
                            [](T a, T b, T) { return std::copysign(a, b); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return sqrt(a); },
                            [](T a, T, T) { return std::sqrt(a); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return floor(a); },
                            [](T a, T, T) { return std::floor(a); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return ceil(a); },
                            [](T a, T, T) { return std::ceil(a); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return trunc(a); },
                            [](T a, T, T) { return std::trunc(a); }) == "");
  CHECK(first_difference<P>([](P a, P, P) { return round(a); },
                            [](T a, T, T) { return std::nearbyint(a); }) == "");
}

TEMPLATE_TEST_CASE("packs of integers wrap and never trap", "[simd]", std::int8_t, std::int16_t,
                   std::int32_t, std::int64_t, std::uint8_t) {
  using T = TestType;
  using P = pack<T>;
  STATIC_REQUIRE(P::lanes == 16);
  constexpr T least = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max();
  T const a[16] = {0, 1, 2, 3, least, least, most, most, 7, 100, T(-1), 5, most, least, 6, 9};
  T const b[16] = {0, 3, 0, T(-1), T(-1), least, most, 1, 2, 0, T(-1), 5, least, 2, T(-3), 4};
  auto lane = [](P x, int i) {
    T out[16];
    x.store(out);
    return out[i];
  };
  P const x = P::load(a), y = P::load(b);
  for (int i = 0; i < 16; ++i) {
    CAPTURE(i, int(a[i]), int(b[i]));
    auto const p = static_cast<std::uint64_t>(a[i]), q = static_cast<std::uint64_t>(b[i]);
    CHECK(lane(x + y, i) == static_cast<T>(p + q));
    CHECK(lane(x - y, i) == static_cast<T>(p - q));
    CHECK(lane(x * y, i) == static_cast<T>(p * q));
    CHECK(lane(-x, i) == static_cast<T>(0 - p));
    CHECK(lane(fma(x, y, x), i) == math::fma(a[i], b[i], a[i]));
    CHECK(lane(fnma(x, y, x), i) == math::fnma(a[i], b[i], a[i]));
    CHECK(lane(min(x, y), i) == math::min(a[i], b[i]));
    CHECK(lane(max(x, y), i) == math::max(a[i], b[i]));
    CHECK(lane(relu(x), i) == math::relu(a[i]));
    CHECK(lane(clamp(x, P(T(1)), P(T(9))), i) == math::clamp(a[i], T(1), T(9)));
    CHECK(lane(abs(x), i) == math::abs(a[i]));
    CHECK(lane(select(x < y, x, y), i) == (a[i] < b[i] ? a[i] : b[i]));
    CHECK(lane(select(x != y, x, P(T(1))), i) == (a[i] != b[i] ? a[i] : T(1)));
    bool const wraps = std::is_signed_v<T> && a[i] == least && b[i] == T(-1);
    T const quotient = b[i] == 0 ? T(0) : wraps ? least : static_cast<T>(a[i] / b[i]);
    CHECK(lane(x / y, i) == quotient);
  }
}

TEMPLATE_TEST_CASE("swap_pairs changes the places of neighbours", "[simd]", pack<float>,
                   pack<double>, (pack<float, simd::generic_arch>),
                   (pack<double, simd::generic_arch>), pack<std::int32_t>) {
  using P = TestType;
  using T = typename P::value_type;
  T in[P::lanes], out[P::lanes];
  for (int i = 0; i < P::lanes; ++i) in[i] = static_cast<T>(i + 1);
  swap_pairs(P::load(in)).store(out);
  for (int i = 0; i < P::lanes; ++i) CHECK(out[i] == in[i ^ 1]);
}
