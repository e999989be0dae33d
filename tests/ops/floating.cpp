#include <cmath>

#include <etch/ops/elementwise_ops.hpp>

#include "ops/reference_run.hpp"

// Every floating function against a formula of the C library in long double.

namespace {

using namespace etch_test;
namespace ops = etch::ops;
using real = long double;

/// What an error may be: ulps of the exact result, plus eps times max(1, |x|), plus multiples of
/// the smallest normal number.
struct tolerance {
  double ulps = 0;
  double of_eps = 0;
  double of_smallest = 0;
};

template <class T, class Op, class Formula>
void check_one(Formula formula, tolerance allowed, ir::attrs_of<Op> const& attributes) {
  using limits = std::numeric_limits<T>;
  operand<T> const x = row(floating_values<T>(400, 12.0, 7));
  list<T> const y = run<Op, T>(attributes, x);
  for (std::size_t i = 0; i < y.size(); ++i) {
    real const input = x.values[i];
    real const scale = std::isfinite(input) ? std::fmax(1.0L, std::fabs(input)) : 0.0L;
    real const slack = static_cast<real>(allowed.of_eps) * limits::epsilon() * scale +
                       static_cast<real>(allowed.of_smallest) * limits::min();
    INFO(Op::key.view() << "(" << x.values[i] << ") is " << y[i] << ", exactly "
                        << static_cast<double>(formula(input)));
    REQUIRE(agrees(y[i], formula(input), allowed.ulps, slack));
  }
}

template <class Op, class Formula>
void check(Formula formula, tolerance allowed, ir::attrs_of<Op> const& attributes = {}) {
  check_one<float, Op>(formula, allowed, attributes);
  check_one<double, Op>(formula, allowed, attributes);
}

}  // namespace

TEST_CASE("functions of one float or double mean those of the C library", "[ops]") {
  check<ops::exp>([](real x) { return std::exp(x); }, {1});
  check<ops::log>([](real x) { return std::log(x); }, {1});
  check<ops::sqrt>([](real x) { return std::sqrt(x); }, {0.5});
  check<ops::rsqrt>([](real x) { return 1 / std::sqrt(x); }, {1.5});
  check<ops::sin>([](real x) { return std::sin(x); }, {1});
  check<ops::cos>([](real x) { return std::cos(x); }, {1});
  check<ops::tanh>([](real x) { return std::tanh(x); }, {2});
  check<ops::erf>([](real x) { return std::erf(x); }, {1.5});
  check<ops::sigmoid>([](real x) { return 1 / (1 + std::exp(-x)); }, {.ulps = 2, .of_smallest = 1});
}

TEST_CASE("roundings go down, up, and to the nearest with halves to even", "[ops]") {
  check<ops::floor>([](real x) { return std::floor(x); }, {});
  check<ops::ceil>([](real x) { return std::ceil(x); }, {});
  check<ops::round>([](real x) { return std::nearbyint(x); }, {});
  list<float> const halves{0.5f, 1.5f, 2.5f, -0.5f, -1.5f};
  list<float> const rounded = run<ops::round, float>({}, row(halves));
  REQUIRE(rounded == list<float>{0.0f, 2.0f, 2.0f, -0.0f, -2.0f});
  REQUIRE(std::signbit(rounded[3]));
}

TEST_CASE("activations mean their formulas", "[ops]") {
  check<ops::relu>([](real x) { return x < 0 ? real(0) : x; }, {});
  check<ops::silu>([](real x) { return x / (1 + std::exp(-x)); }, {.ulps = 3, .of_smallest = 800});
  check<ops::leaky_relu>([](real x) { return x > 0 ? x : x * 0.25L; }, {0.5}, {.slope = 0.25});
  check<ops::elu>([](real x) { return x > 0 ? x : 1.5L * std::expm1(x); }, {.of_eps = 2.5 * 1.5},
                  {.alpha = 1.5});
  auto const exact_gelu = [](real x) { return x / 2 * std::erfc(-x * std::sqrt(0.5L)); };
  check<ops::gelu>(exact_gelu, {.ulps = 4, .of_eps = 2});
  auto const tanh_gelu = [](real x) {
    real const root = std::sqrt(2 / std::acos(-1.0L));
    return x / 2 * (1 + std::tanh(root * (x + 0.044715L * x * x * x)));
  };
  check<ops::gelu>(tanh_gelu, {.ulps = 4, .of_eps = 2}, {.tanh_approximation = true});
}

TEST_CASE("clamp keeps NaN and what lies between its bounds", "[ops]") {
  auto const clamped = [](real x) { return std::isnan(x) ? x : std::fmin(std::fmax(x, -1), 2.5L); };
  check<ops::clamp>(clamped, {}, {.low = -1, .high = 2.5});
  auto const integers = run<ops::clamp, std::int32_t>({.low = -3, .high = 4},
                                                      row(list<std::int32_t>{-9, -3, 0, 4, 5}));
  REQUIRE(integers == list<std::int32_t>{-3, -3, 0, 4, 4});
}

TEST_CASE("attributes of double tensors keep all digits of a double", "[ops]") {
  auto const y = run<ops::leaky_relu, double>({.slope = 0.1}, row(list<double>{-1.0}));
  REQUIRE(y[0] == -0.1);
  auto const z = run<ops::clamp, double>({.low = 0.1, .high = 1}, row(list<double>{-1.0}));
  REQUIRE(z[0] == 0.1);
}

TEST_CASE("pow has the values and the special cases of the C library", "[ops]") {
  auto const check_type = [](auto one) {
    using T = decltype(one);
    auto const [base, exponent] = all_pairs(floating_values<T>(20, 6.0, 3));
    list<T> const y = run<ops::pow, T>({}, base, exponent);
    for (std::size_t i = 0; i < y.size(); ++i) {
      INFO(base.values[i] << " to the power of " << exponent.values[i] << " is " << y[i]);
      REQUIRE(agrees(y[i], std::pow(real(base.values[i]), real(exponent.values[i])), 1));
    }
  };
  check_type(1.0f);
  check_type(1.0);
}
