#pragma once

#include <cstddef>
#include <utility>

#include <etch/core/isa.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ir/elementwise.hpp>
#include <etch/ir/info_of.hpp>
#include <etch/kernels/simd/math.hpp>
#include <etch/kernels/simd/pack.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/plan/plan.hpp>

namespace etch::lower {

/// The C++ type of a dtype.
template <ir::dtype D>
struct element_of;
template <>
struct element_of<ir::dtype::f32> : std::type_identity<float> {};
template <>
struct element_of<ir::dtype::f64> : std::type_identity<double> {};
template <>
struct element_of<ir::dtype::i8> : std::type_identity<std::int8_t> {};
template <>
struct element_of<ir::dtype::i32> : std::type_identity<std::int32_t> {};
template <>
struct element_of<ir::dtype::i64> : std::type_identity<std::int64_t> {};
template <>
struct element_of<ir::dtype::u8> : std::type_identity<std::uint8_t> {};
template <>
struct element_of<ir::dtype::bool_> : std::type_identity<bool> {};
template <ir::dtype D>
using element_of_t = typename element_of<D>::type;

inline namespace ETCH_ISA {

/// The fused operations of a step as an expression on packs: every value stays in a register.
/// `load(operand number)` gives the operands.
template <class Net, ir::range Program, class V>
struct program {
  template <std::size_t I, class Load>
  static ETCH_INLINE void run_one(V* v, Load const& load) {
    constexpr plan::instruction at =
        Net::plan.instructions[static_cast<std::size_t>(Program.first) + I];
    if constexpr (at.what == plan::instruction::kind::operand) {
      v[I] = load(std::integral_constant<int, at.operand>{});
    } else if constexpr (at.what == plan::instruction::kind::number) {
      v[I] = V(static_cast<typename V::value_type>(at.number));
    } else {
      using op = typename op_for<at.op->key>::type;
      constexpr auto attributes =
          core::from_words<ir::attrs_of<op>>(Net::plan.words.data() + at.words.first);
      if constexpr (ir::elementwise_arity<op, ir::attrs_of<op>> == 1) {
        V const x[]{v[at.operands[0]]};
        v[I] = ir::eval_lanes<op>(x, attributes);
      } else if constexpr (ir::elementwise_arity<op, ir::attrs_of<op>> == 2) {
        V const x[]{v[at.operands[0]], v[at.operands[1]]};
        v[I] = ir::eval_lanes<op>(x, attributes);
      } else {
        V const x[]{v[at.operands[0]], v[at.operands[1]], v[at.operands[2]]};
        v[I] = ir::eval_lanes<op>(x, attributes);
      }
    }
  }

  template <class Load>
  static ETCH_INLINE V run(Load const& load) {
    V v[Program.count];
    run_all(v, load, std::make_index_sequence<static_cast<std::size_t>(Program.count)>{});
    return v[Program.count - 1];
  }

 private:
  template <class Load, std::size_t... I>
  static ETCH_INLINE void run_all(V* v, Load const& load, std::index_sequence<I...>) {
    (run_one<I>(v, load), ...);
  }
};

/// An operand element or pack: converted where memory holds bools.
template <class V, class Stored>
ETCH_INLINE V load_pack(Stored const* from) {
  if constexpr (std::is_same_v<Stored, typename V::value_type>)
    return V::load(from);
  else
    return V::template load_convert<Stored>(from);
}
template <class V, class Stored>
ETCH_INLINE V load_pack(Stored const* from, int n) {
  if constexpr (std::is_same_v<Stored, typename V::value_type>)
    return V::load_partial(from, n);
  else
    return V::template load_convert_partial<Stored>(from, n);
}
template <class V, class Stored>
ETCH_INLINE void store_pack(V const& v, Stored* to) {
  if constexpr (std::is_same_v<Stored, typename V::value_type>)
    v.store(to);
  else
    v.template store_convert<Stored>(to);
}
template <class V, class Stored>
ETCH_INLINE void store_pack(V const& v, Stored* to, int n) {
  if constexpr (std::is_same_v<Stored, typename V::value_type>)
    v.store_partial(to, n);
  else
    v.template store_convert_partial<Stored>(to, n);
}

}  // namespace ETCH_ISA
}  // namespace etch::lower
