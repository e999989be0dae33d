#include <cmath>

#include <etch/ops/elementwise_ops.hpp>

#include "ops/exact_formulas.hpp"

// Every floating function against a formula of the C library in long double.

namespace {

using namespace etch_test;

template <class T, class Op, class Formula>
void check_type(Formula formula, tolerance may_err, ir::attrs_of<Op> const& attributes) {
  operand<T> const x = row(floating_values<T>(400, 12.0, 7));
  list<T> const y = run<Op, T>(attributes, x);
  for (std::size_t i = 0; i < y.size(); ++i) {
    real const expected = formula(static_cast<real>(x.values[i]));
    INFO(Op::key.view() << "(" << x.values[i] << ") is " << y[i] << ", exactly "
                        << static_cast<double>(expected));
    REQUIRE(agrees(y[i], expected, may_err, static_cast<real>(x.values[i])));
  }
}

template <class Op, class Formula>
void check(Formula formula, tolerance may_err, ir::attrs_of<Op> const& attributes = {}) {
  check_type<float, Op>(formula, may_err, attributes);
  check_type<double, Op>(formula, may_err, attributes);
}

}  // namespace

TEST_CASE("functions of one float or double are those of the C library", "[ops]") {
  approximate_unary::for_each([]<class Op>() { check<Op>(exact<Op>, allowed<Op>); });
  check<ops::sqrt>([](real x) { return std::sqrt(x); }, {.ulps = 0.5});
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

TEST_CASE("activations mean their formulas, whatever their attributes", "[ops]") {
  check<ops::relu>([](real x) { return x < 0 ? real(0) : x; }, {});
  check<ops::leaky_relu>([](real x) { return x > 0 ? x : x * 0.25L; }, {.ulps = 0.5},
                         {.slope = 0.25});
  check<ops::elu>([](real x) { return x > 0 ? x : 1.5L * std::expm1(x); }, {.of_eps = 1.5},
                  {.alpha = 1.5});
  check<ops::gelu>(exact_gelu_tanh, allowed<ops::gelu>, {.tanh_approximation = true});
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
  auto const check_pow = []<class T>(T) {
    auto const [base, exponent] = all_pairs(floating_values<T>(20, 6.0, 3));
    list<T> const y = run<ops::pow, T>({}, base, exponent);
    for (std::size_t i = 0; i < y.size(); ++i) {
      INFO(base.values[i] << " to the power of " << exponent.values[i] << " is " << y[i]);
      REQUIRE(agrees(y[i], std::pow(real(base.values[i]), real(exponent.values[i])), 1.0));
    }
  };
  check_pow(1.0f);
  check_pow(1.0);
}
