#pragma once

#include <cstdint>
#include <type_traits>

#include <etch/core/ints.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/strided_walk.hpp>

namespace etch {

struct keepdims_tag {};
/// sum<1>(x, keepdims): the reduced axes stay, with extent 1.
inline constexpr keepdims_tag keepdims{};

namespace ops {

/// What the reductions share.
struct reduction {
  static constexpr ir::traits is{};
  struct attrs {
    core::ints<6> axes{};  ///< counted from the front, ascending
    bool keepdims = false;
  };

  static constexpr char bad_dtype[] = "x is not of float, double, int32 or int64";
  static constexpr char bad_mean[] = "x is neither float nor double";
  static constexpr char bad_axis[] = "an axis is out of range";
  static constexpr char bad_order[] = "an axis is named twice";

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    ir::tensor_type const& x = in[0];
    if (!all_floating(in) && x.dtype != dtype::i32 && x.dtype != dtype::i64)
      return ir::inferred(bad_dtype);
    std::int64_t before = -1;
    for (std::int64_t axis : a.axes) {
      if (axis < 0 || axis >= x.rank()) return ir::inferred(bad_axis);
      if (axis <= before) return ir::inferred(bad_order);
      before = axis;
    }
    ir::tensor_type out{x.dtype, {}};
    for (int i = 0; i < x.rank(); ++i) {
      bool const reduced = a.axes.contains(i);
      if (!reduced || a.keepdims) out.shape.push_back(reduced ? 1 : x.shape[i]);
    }
    return out;
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const&, attrs const&) {
    return in[0].elements();
  }

  /// out = finish(join(...join(join(first, x0), x1)..., xn)) over the reduced axes, in V.
  template <class T, class V, class Join, class Finish>
  static void run(ir::operand_refs in, ir::tensor_ref out, attrs const& a, V first, Join join,
                  Finish finish) {
    ir::shape const& s = in[0].type.shape;
    auto const strides = strides_of(s);
    strided_walk lines, along;
    for (int i = 0; i < s.rank; ++i)
      (a.axes.contains(i) ? along : lines).add_axis(s[i], strides[static_cast<std::size_t>(i)]);
    for (std::int64_t line = 0; line < lines.size(); ++line, lines.next()) {
      V value = first;
      for (std::int64_t i = 0; i < along.size(); ++i, along.next())
        value = join(value, static_cast<V>(in[0].as<T const>()[lines.offset() + along.offset()]));
      out.as<T>()[line] = static_cast<T>(finish(value));
    }
  }

  /// Calls `take` with the C++ type of one of the dtypes that are reduced.
  template <class Take>
  static void visit(ir::dtype type, Take take) {
    if (type == dtype::f32) take(std::type_identity<float>{});
    if (type == dtype::f64) take(std::type_identity<double>{});
    if (type == dtype::i32) take(std::type_identity<std::int32_t>{});
    if (type == dtype::i64) take(std::type_identity<std::int64_t>{});
  }

  /// The number of elements that become one.
  static std::int64_t count(ir::operand_refs in, ir::tensor_ref const& out) {
    return in[0].type.elements() / out.type.elements();
  }
};

/// The axes as a node holds them; none means all.
constexpr core::ints<6> reduced_axes(core::ints<6> const& axes, int rank) {
  core::ints<6> sorted{};
  if (axes.size() == 0) {
    for (int i = 0; i < rank; ++i) sorted.push_back(i);
    return sorted;
  }
  for (std::int64_t axis : axes) {
    std::int64_t const value = ir::normalised_axis(axis, rank);
    sorted.push_back(value);
    for (std::size_t i = sorted.size() - 1; i > 0 && sorted[i - 1] > value; --i) {
      sorted[i] = sorted[i - 1];
      sorted[i - 1] = value;
    }
  }
  return sorted;
}

template <class Op, bool Keep, int... Axes, class X>
constexpr auto record_reduction(X const& x) {
  static_assert(sizeof...(Axes) <= ir::max_rank, "etch: reduce: an axis is named twice");
  using rule = reduction;
  using of = front::operand_tensor<X>;
  constexpr rule::attrs attributes{reduced_axes(core::ints<6>{Axes...}, of::type.rank()), Keep};
  using checked = call<Op, attributes, of>;
  static_assert(checked::template without<rule::bad_dtype>,
                "etch: reduce: x is not of float, double, int32 or int64");
  static_assert(checked::template without<rule::bad_mean>,
                "etch: mean: x is neither float nor double");
  static_assert(checked::template without<rule::bad_axis>, "etch: reduce: an axis is out of range");
  static_assert(checked::template without<rule::bad_order>, "etch: reduce: an axis is named twice");
  return checked::record(x);
}

}  // namespace ops
}  // namespace etch
