#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ir/op_info.hpp>

namespace etch::ir {

/// The dtype in which an elementwise operator computes: that of its first operand that is not
/// bool (a condition is 0 or 1 in that type); u8 where all are bool.
constexpr dtype compute_dtype(operand_types in) {
  for (tensor_type const& each : in) {
    if (each.dtype != dtype::bool_) return each.dtype;
  }
  return dtype::u8;
}

/// The shape rule of elementwise operators: NumPy broadcasting; operands share one dtype, bool
/// operands apart.
constexpr inferred elementwise_type(operand_types in, traits is) {
  tensor_type out{compute_dtype(in), in[0].shape};
  for (tensor_type const& each : in) {
    if (each.dtype != out.dtype && each.dtype != dtype::bool_)
      return inferred("the operands differ in dtype");
    auto const joined = broadcast(out.shape, each.shape);
    if (!joined.ok) return inferred("the shapes of the operands do not broadcast");
    out.shape = joined.shape;
  }
  if (is.floating && out.dtype != dtype::f32 && out.dtype != dtype::f64)
    return inferred("the operands are neither float nor double");
  if (is.predicate || (out.dtype == dtype::u8 && in[0].dtype == dtype::bool_))
    out.dtype = dtype::bool_;
  return out;
}

namespace detail {

template <class Op, class V, class Attrs, std::size_t... I>
constexpr V eval_lanes(V const* x, Attrs const& a, std::index_sequence<I...>) {
  if constexpr (requires { Op::eval(x[I]..., a); })
    return Op::eval(x[I]..., a);
  else
    return Op::eval(x[I]...);
}

template <class Op, class Attrs>
consteval int count_operands() {
  constexpr auto takes = []<std::size_t... I>(std::index_sequence<I...>) {
    return requires(float const* x, Attrs a) { Op::eval(x[I]..., a); }
    || requires(float const* x) { Op::eval(x[I]...); };
  };
  if constexpr (takes(std::make_index_sequence<1>{}))
    return 1;
  else if constexpr (takes(std::make_index_sequence<2>{}))
    return 2;
  else {
    static_assert(takes(std::make_index_sequence<3>{}),
                  "etch: an elementwise operator has eval(V), eval(V, V) or eval(V, V, V), each "
                  "with or without its attrs");
    return 3;
  }
}

}  // namespace detail

template <class Op, class Attrs>
inline constexpr int elementwise_arity = detail::count_operands<Op, Attrs>();

/// Op::eval on lanes (a scalar or a pack) x[0..arity).
template <class Op, class V, class Attrs>
constexpr V eval_lanes(V const* x, Attrs const& attributes) {
  return detail::eval_lanes<Op>(x, attributes,
                                std::make_index_sequence<elementwise_arity<Op, Attrs>>{});
}

/// Walks the elements of `shape` in order and keeps the offset of each operand that broadcasts
/// to it.
class broadcast_walk {
 public:
  broadcast_walk(ir::shape const& to, operand_refs in) : to_(to), count_(in.size()) {
    for (std::size_t k = 0; k < count_; ++k) {
      std::int64_t stride = 1;
      ir::shape const& from = in[k].type.shape;
      for (int i = 1; i <= from.rank; ++i) {
        std::int64_t const extent = from[from.rank - i];
        strides_[k][static_cast<std::size_t>(to.rank - i)] = extent == 1 ? 0 : stride;
        stride *= extent;
      }
    }
  }
  std::int64_t offset(std::size_t operand) const { return offsets_[operand]; }
  void next() {
    for (int axis = to_.rank - 1; axis >= 0; --axis) {
      auto const d = static_cast<std::size_t>(axis);
      for (std::size_t k = 0; k < count_; ++k) offsets_[k] += strides_[k][d];
      if (++at_[d] < to_[axis]) return;
      for (std::size_t k = 0; k < count_; ++k) offsets_[k] -= strides_[k][d] * to_[axis];
      at_[d] = 0;
    }
  }

 private:
  ir::shape to_;
  std::size_t count_;
  std::array<std::array<std::int64_t, max_rank>, 3> strides_{};
  std::array<std::int64_t, 3> offsets_{};
  std::array<std::int64_t, max_rank> at_{};
};

/// The meaning of an elementwise operator: Op::eval on scalars, one element after the other.
template <class Op, class Attrs>
void elementwise_reference(operand_refs in, tensor_ref out, Attrs const& attributes) {
  constexpr std::size_t arity = elementwise_arity<Op, Attrs>;
  std::array<tensor_type, arity> types{};
  for (std::size_t k = 0; k < arity; ++k) types[k] = in[k].type;
  visit_dtype<Op::is.floating>(compute_dtype(types), [&]<class T>(std::type_identity<T>) {
    broadcast_walk walk(out.type.shape, in.first(arity));
    std::int64_t const n = out.type.elements();
    for (std::int64_t i = 0; i < n; ++i, walk.next()) {
      T x[arity];
      for (std::size_t k = 0; k < arity; ++k) {
        x[k] = in[k].type.dtype == dtype::bool_ ? static_cast<T>(in[k].as<bool>()[walk.offset(k)])
                                                : in[k].as<T>()[walk.offset(k)];
      }
      T const y = eval_lanes<Op>(x, attributes);
      if (out.type.dtype == dtype::bool_)
        out.as<bool>()[i] = y != T(0);
      else
        out.as<T>()[i] = y;
    }
  });
}

}  // namespace etch::ir
