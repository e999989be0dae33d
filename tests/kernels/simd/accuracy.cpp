#include "catch.hpp"
#include "kernels/simd/functions.hpp"

// The stated bounds of the unary functions over dense samples; every float:
// accuracy_all_floats.cpp.

namespace {

template <class T>
bool reference_is_wider() {
  return std::numeric_limits<functions::reference<T>>::digits > std::numeric_limits<T>::digits + 8;
}

template <class F, class T>
void holds(functions::worst_case<T> const& worst) {
  CAPTURE(F::name, worst.x, worst.ulp);
  CHECK(worst.ulp <= F::bound);
}

struct normal_cdf {
  template <class V>
  static V packed(V const& x) {
    return etch::simd::normal_cdf(x);
  }
};

struct exp_to_1 {
  template <class V>
  static V packed(V const& x) {
    return etch::simd::exp_to_1(x);
  }
};

/// Whether exp_to_1 keeps 1 + |x| share ulp of so many x(i).
template <class T, class X>
void exp_to_1_holds(double share, std::uint64_t count, X const& x) {
  constexpr int lanes = etch::simd::pack<T>::lanes;
  for (std::uint64_t i = 0; i < count; i += lanes) {
    T in[lanes], out[lanes];
    for (int k = 0; k < lanes; ++k) in[k] = x(i + static_cast<std::uint64_t>(k));
    functions::evaluate<exp_to_1>(in, out);
    for (int k = 0; k < lanes; ++k) {
      long double const exact = std::exp(static_cast<long double>(in[k]));
      double const bound = (functions::fused ? 1.0 : 1.5) - static_cast<double>(in[k]) * share;
      double const found = ulp::distance(out[k], exact);
      if (!(found <= bound)) FAIL("exp_to_1(" << in[k] << ") is off by " << found << " ulp");
    }
  }
}

}  // namespace

#define ETCH_TEST_FUNCTIONS                                                            \
  functions::exp, functions::log, functions::tanh, functions::sigmoid, functions::erf, \
      functions::sin, functions::cos, functions::rsqrt

TEMPLATE_TEST_CASE("vector functions of float keep their bound over a sample of all floats",
                   "[simd]", ETCH_TEST_FUNCTIONS) {
  // an odd stride reaches every exponent and sign
  auto x = [](std::uint64_t i) { return std::bit_cast<float>(std::uint32_t(i * 4097)); };
  holds<TestType>(functions::worst<TestType, float>(std::uint64_t{1} << 20, x));
}

TEMPLATE_TEST_CASE("vector functions keep their bound where networks use them", "[simd]",
                   ETCH_TEST_FUNCTIONS) {
  auto fine = [](std::uint64_t i) { return (float(i) - float(1 << 17)) * 0x1p-13f; };
  holds<TestType>(functions::worst<TestType, float>(1 << 18, fine));
  if (!reference_is_wider<double>()) return;
  std::mt19937_64 random(3);
  auto between = [&](std::uint64_t) { return values::random_between(random, -20.0, 20.0); };
  holds<TestType>(functions::worst<TestType, double>(1 << 17, between));
  auto near_zero = [&](std::uint64_t) { return values::random_between(random, -1.25, 1.25); };
  holds<TestType>(functions::worst<TestType, double>(1 << 17, near_zero));
}

TEMPLATE_TEST_CASE("vector functions of double keep their bound over all exponents", "[simd]",
                   ETCH_TEST_FUNCTIONS) {
  if (!reference_is_wider<double>()) return;
  std::mt19937_64 random(5);
  auto any = [&](std::uint64_t) { return values::random_bits<double>(random); };
  holds<TestType>(functions::worst<TestType, double>(1 << 17, any));
  auto wide = [&](std::uint64_t) { return values::random_between(random, -760.0, 760.0); };
  holds<TestType>(functions::worst<TestType, double>(1 << 17, wide));
  auto angles = [&](std::uint64_t) { return values::random_between(random, -1.1e6, 1.1e6); };
  holds<TestType>(functions::worst<TestType, double>(1 << 17, angles));
}

TEMPLATE_TEST_CASE("vector functions are right at zeros, infinities, NaN and subnormals", "[simd]",
                   ETCH_TEST_FUNCTIONS) {
  auto const narrow = values::special<float>();
  auto const wide = values::special<double>();
  holds<TestType>(functions::worst<TestType, float>(
      64, [&](std::uint64_t i) { return narrow[i % narrow.size()]; }));
  if (!reference_is_wider<double>()) return;
  holds<TestType>(functions::worst<TestType, double>(
      64, [&](std::uint64_t i) { return wide[i % wide.size()]; }));
}

TEST_CASE("normal_cdf keeps its absolute bound and goes to 0 and to 1", "[simd]") {
  auto const worst = [](auto bound, std::uint64_t count, auto x) {
    using T = decltype(bound);
    T in[16], out[16];
    for (std::uint64_t i = 0; i < count; i += 16) {
      for (std::uint64_t k = 0; k < 16; ++k) in[k] = x(i + k);
      constexpr int lanes = etch::simd::pack<T>::lanes;
      for (int k = 0; k < 16; k += lanes) functions::evaluate<normal_cdf>(in + k, out + k);
      for (int k = 0; k < 16; ++k) {
        long double const exact = std::erfc(-static_cast<long double>(in[k]) * std::sqrt(0.5L)) / 2;
        bool const fits =
            std::isnan(in[k]) ? std::isnan(out[k]) : std::fabs(out[k] - exact) <= bound;
        if (!fits) FAIL("normal_cdf(" << in[k] << ") = " << out[k]);
      }
    }
  };
  float const bound = 0x1p-23f * (functions::fused ? 0.5744f : 0.7072f) /* 2^-23.8 : 2^-23.5 */;
  worst(bound, 1 << 20,
        [](std::uint64_t i) { return std::bit_cast<float>(static_cast<std::uint32_t>(i * 4097)); });
  worst(bound, 1 << 18,
        [](std::uint64_t i) { return (static_cast<float>(i) - 0x1p17f) * 0x1p-13f; });
  std::mt19937_64 random(6);
  worst(0x1p-52, 1 << 17, [&](std::uint64_t) { return values::random_between(random, -20., 20.); });
  float const far[16]{-5.6875f, 5.6875f, -1e38f, 1e38f};
  float out[16];
  functions::evaluate<normal_cdf>(far, out);
  CHECK((out[0] == 0 && out[1] == 1 && out[2] == 0 && out[3] == 1));
}

TEST_CASE("exp_to_1 keeps its bound, and is 1 at 0, 0 at -inf and NaN at NaN", "[simd]") {
  exp_to_1_holds<float>(functions::fused ? 1.0 / 20 : 1.25, 1 << 20,
                        [](std::uint64_t i) { return -104.5f * static_cast<float>(i) * 0x1p-20f; });
  std::mt19937_64 random(8);
  exp_to_1_holds<double>(functions::fused ? 1.0 / 3 : 1.25, 1 << 17, [&](std::uint64_t) {
    return -values::random_between(random, 0.0, 750.0);
  });
  constexpr float special[16]{0, -0.0f, -INFINITY, NAN, -1e38f};
  float out[16];
  constexpr int lanes = etch::simd::pack<float>::lanes;
  for (int k = 0; k < 16; k += lanes) functions::evaluate<exp_to_1>(special + k, out + k);
  CHECK((out[0] == 1 && out[1] == 1 && out[2] == 0 && std::isnan(out[3]) && out[4] == 0));
}

TEST_CASE("exp steps to infinity, to subnormals and to zero at the right arguments", "[simd]") {
  using functions::worst;
  auto around = [](auto x) {
    using T = decltype(x);
    return [x](std::uint64_t i) { return x + (T(i) - T(512)) * (std::nextafter(x, T(1e6)) - x); };
  };
  for (float x : {88.72284f, -87.33655f, -103.27893f, -103.97208f})
    holds<functions::exp>(worst<functions::exp, float>(1024, around(x)));
  if (!reference_is_wider<double>()) return;
  for (double x : {709.782712893384, -708.396418532264, -744.4400719213812, -745.1332191019411})
    holds<functions::exp>(worst<functions::exp, double>(1024, around(x)));
}

TEST_CASE("angles beside multiples of pi / 2 keep their relative accuracy", "[simd]") {
  auto beside = [](std::uint64_t i) {
    double const turn = double(i / 4) * 211.0 * 1.5707963267948966;
    return float(turn) + (float(i % 4) - 1.5f) * (std::nextafter(float(turn), 1e30f) - float(turn));
  };
  holds<functions::sin>(functions::worst<functions::sin, float>(1 << 15, beside));
  holds<functions::cos>(functions::worst<functions::cos, float>(1 << 15, beside));
  if (!reference_is_wider<double>()) return;
  auto beside_double = [](std::uint64_t i) { return double(i) * 41.0 * 1.5707963267948966; };
  holds<functions::sin>(functions::worst<functions::sin, double>(1 << 15, beside_double));
  holds<functions::cos>(functions::worst<functions::cos, double>(1 << 15, beside_double));
  auto huge = [](std::uint64_t i) {
    return std::ldexp(1.0 + double(i) * 0x1p-20, int(i % 1000) + 20);
  };
  holds<functions::sin>(functions::worst<functions::sin, double>(1 << 14, huge));
  holds<functions::cos>(functions::worst<functions::cos, double>(1 << 14, huge));
}
