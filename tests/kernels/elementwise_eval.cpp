#include <cmath>
#include <cstdint>

#include <etch/kernels/simd/math.hpp>
#include <etch/kernels/simd/pack.hpp>

#include "ops/elementwise_list.hpp"
#include "ops/exact_formulas.hpp"
#include "ops/reference_run.hpp"

// The eval of every elementwise operator on packs: exact operators lane by lane against the same
// eval on scalars, the others against the C library in long double.

namespace {

using namespace etch_test;
using etch::simd::pack;

/// Op::eval of x[0], ..., x[arity) at once, on a pack or a scalar.
template <class Op, class V>
V eval(V const* x) {
  return ir::eval_lanes<Op>(x, ir::attrs_of<Op>{});
}

/// Lane i of one round: operand k is values[i + k * stride], so that all kinds of pairs occur.
template <class Op, class T, class Same>
void compare(list<T> const& values, Same same) {
  constexpr int lanes = pack<T>::lanes;
  constexpr int arity = ir::elementwise_arity<Op, ir::attrs_of<Op>>;
  std::size_t const n = values.size();
  for (std::size_t stride = 1; stride < (arity == 1 ? 2 : n); ++stride) {
    for (std::size_t first = 0; first < n; first += lanes) {
      alignas(64) T x[3][lanes];
      alignas(64) T found[lanes];
      pack<T> packs[3];
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = 0; i < lanes; ++i) x[k][i] = values[(first + i + k * stride) % n];
        packs[k] = pack<T>::load_aligned(x[k]);
      }
      eval<Op>(packs).store_aligned(found);
      for (int i = 0; i < lanes; ++i) {
        T const scalars[3]{x[0][i], x[1][i], x[2][i]};
        T const expected = eval<Op>(scalars);
        if (same(found[i], expected)) continue;
        INFO(Op::key.view() << "(" << +scalars[0] << ", " << +scalars[1] << ") is " << +found[i]
                            << " in a pack and " << +expected << " alone");
        FAIL();
      }
    }
  }
  SUCCEED(Op::key.view());
}

template <class T>
auto const equal_values = [](T a, T b) { return a == b || (a != a && b != b); };

template <class T>
void check_exact(list<T> const& values) {
  auto const check = [&]<class Op>() {
    if constexpr (std::is_floating_point_v<T> || !Op::is.floating)
      compare<Op>(values, equal_values<T>);
  };
  exact_unary::for_each(check);
  exact_binary::for_each(check);
  ternary::for_each(check);
  on_bool::for_each(check);
}

/// eval(x) on packs of all the values against formula(x).
template <class T, class Eval, class Formula>
void check_unary(std::string_view name, Eval eval_pack, Formula formula, tolerance may_err) {
  constexpr std::size_t lanes = pack<T>::lanes;
  list<T> values = floating_values<T>(500, 12.0, 77);
  values.append(floating_values<T>(500, 100.0, 78));
  while (values.size() % lanes != 0) values.push_back(T(0));
  for (std::size_t first = 0; first < values.size(); first += lanes) {
    T found[lanes];
    eval_pack(pack<T>::load(values.data() + first)).store(found);
    for (std::size_t i = 0; i < lanes; ++i) {
      auto const x = static_cast<real>(values[first + i]);
      INFO(name << "(" << values[first + i] << ") is " << found[i] << ", exactly "
                << static_cast<double>(formula(x)));
      REQUIRE(agrees(found[i], static_cast<real>(formula(x)), may_err, x));
    }
  }
}

template <class T>
void check_approximate() {
  approximate_unary::for_each([]<class Op>() {
    auto const eval_pack = [](pack<T> x) { return eval<Op>(&x); };
    check_unary<T>(Op::key.view(), eval_pack, exact<Op>, allowed<Op>);
  });
  auto const gelu = [](pack<T> x) { return ops::gelu::eval(x, {.tanh_approximation = true}); };
  check_unary<T>("gelu with tanh", gelu, exact_gelu_tanh, allowed<ops::gelu>);

  auto const [base, exponent] = all_pairs(floating_values<T>(42, 6.0, 3));
  constexpr std::size_t lanes = pack<T>::lanes;
  for (std::size_t first = 0; first + lanes <= base.values.size(); first += lanes) {
    T found[lanes];
    ops::pow::eval(pack<T>::load(base.values.data() + first),
                   pack<T>::load(exponent.values.data() + first))
        .store(found);
    for (std::size_t i = 0; i < lanes; ++i) {
      T const b = base.values[first + i], e = exponent.values[first + i];
      INFO(b << " to the power of " << e << " is " << found[i]);
      REQUIRE(agrees(found[i], std::pow(real(b), real(e)), allowed<ops::pow>.ulps));
    }
  }
}

}  // namespace

TEST_CASE("exact operators give the same numbers in packs as alone", "[ops][pack]") {
  check_exact(floating_values<float>(106, 50.0, 31));
  check_exact(floating_values<double>(106, 50.0, 31));
}

TEST_CASE("operators on integers give the same numbers in packs as alone", "[ops][pack]") {
  check_exact(integer_values<std::int8_t>(57, 31));
  check_exact(integer_values<std::uint8_t>(57, 31));
  check_exact(integer_values<std::int32_t>(57, 31));
  check_exact(integer_values<std::int64_t>(57, 31));
}

TEST_CASE("approximate operators keep their bounds in packs", "[ops][pack]") {
  check_approximate<float>();
  check_approximate<double>();
}
