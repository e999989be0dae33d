#include <cmath>

#include <etch/ops/elementwise_ops.hpp>

#include "ops/reference_run.hpp"

namespace {

using namespace etch_test;
namespace ops = etch::ops;

/// Op on all pairs of values; the expected ones from `formula(a, b)` in the same type.
template <class Op, class T, class Formula>
void check_pairs(list<T> const& values, Formula formula) {
  auto const [a, b] = all_pairs(values);
  list<T> const y = run<Op, T>({}, a, b);
  for (std::size_t i = 0; i < y.size(); ++i) {
    T const expected = formula(a.values[i], b.values[i]);
    INFO(Op::key.view() << "(" << +a.values[i] << ", " << +b.values[i] << ") is " << +y[i]);
    bool const both_nan = y[i] != y[i] && expected != expected;
    REQUIRE((both_nan || y[i] == expected));
  }
}

template <class T>
void check_floating() {
  list<T> const values = floating_values<T>(20, 1000.0, 11);
  check_pairs<ops::add>(values, [](T a, T b) { return a + b; });
  check_pairs<ops::sub>(values, [](T a, T b) { return a - b; });
  check_pairs<ops::mul>(values, [](T a, T b) { return a * b; });
  check_pairs<ops::div>(values, [](T a, T b) { return a / b; });
  auto const either_nan = [](T a, T b) { return std::isnan(a) || std::isnan(b); };
  check_pairs<ops::min>(values,
                        [&](T a, T b) { return either_nan(a, b) ? T(NAN) : std::fmin(a, b); });
  check_pairs<ops::max>(values,
                        [&](T a, T b) { return either_nan(a, b) ? T(NAN) : std::fmax(a, b); });
}

// The compiler's checked arithmetic stores the result modulo 2^bits.
template <class T>
T wrapped_sum(T a, T b) {
  T y;
  (void)__builtin_add_overflow(a, b, &y);
  return y;
}
template <class T>
T wrapped_difference(T a, T b) {
  T y;
  (void)__builtin_sub_overflow(a, b, &y);
  return y;
}
template <class T>
T wrapped_product(T a, T b) {
  T y;
  (void)__builtin_mul_overflow(a, b, &y);
  return y;
}
template <class T>
T quotient(T a, T b) {
  if (b == 0) return T(0);
  bool const overflows = std::is_signed_v<T> && a == std::numeric_limits<T>::min() && b == T(-1);
  return overflows ? a : static_cast<T>(a / b);
}

template <class T>
void check_integer() {
  list<T> const values = integer_values<T>(20, 5);
  check_pairs<ops::add>(values, wrapped_sum<T>);
  check_pairs<ops::sub>(values, wrapped_difference<T>);
  check_pairs<ops::mul>(values, wrapped_product<T>);
  check_pairs<ops::div>(values, quotient<T>);
  check_pairs<ops::min>(values, [](T a, T b) { return a < b ? a : b; });
  check_pairs<ops::max>(values, [](T a, T b) { return a > b ? a : b; });

  list<T> const negated = run<ops::neg, T>({}, row(values));
  list<T> const magnitudes = run<ops::abs, T>({}, row(values));
  list<T> const positive = run<ops::relu, T>({}, row(values));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T const x = values[i];
    T const opposite = wrapped_difference(T(0), x);
    REQUIRE(negated[i] == opposite);
    REQUIRE(magnitudes[i] == (x < T(0) ? opposite : x));
    REQUIRE(positive[i] == (x < T(0) ? T(0) : x));
  }
}

template <class T>
void check_signs() {
  list<T> const x = floating_values<T>(50, 9.0, 2);
  list<T> const negated = run<ops::neg, T>({}, row(x));
  list<T> const magnitudes = run<ops::abs, T>({}, row(x));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) {
      REQUIRE((std::isnan(negated[i]) && std::isnan(magnitudes[i])));
      continue;
    }
    REQUIRE(std::signbit(negated[i]) != std::signbit(x[i]));
    REQUIRE(std::fabs(negated[i]) == std::fabs(x[i]));
    REQUIRE_FALSE(std::signbit(magnitudes[i]));
    REQUIRE(magnitudes[i] == std::fabs(x[i]));
  }
}

}  // namespace

TEST_CASE("arithmetic on float and double rounds once", "[ops]") {
  check_floating<float>();
  check_floating<double>();
}

TEST_CASE("arithmetic on integers wraps around and never traps", "[ops]") {
  check_integer<std::int8_t>();
  check_integer<std::uint8_t>();
  check_integer<std::int32_t>();
  check_integer<std::int64_t>();
}

TEST_CASE("neg and abs change the sign and nothing else", "[ops]") {
  check_signs<float>();
  check_signs<double>();
}
