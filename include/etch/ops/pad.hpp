#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <etch/core/ints.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct pad {
  static constexpr ir::op_key key{"pad"};
  static constexpr ir::traits is{};
  struct attrs {
    core::ints<6> before{};
    core::ints<6> after{};
    float value = 0;
  };

  static constexpr char malformed[] = "there is not one margin for each axis of x";
  static constexpr char bad_margin[] = "a margin is negative";

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    auto const rank = static_cast<std::size_t>(in[0].rank());
    if (a.before.size() != rank || a.after.size() != rank) return ir::inferred(malformed);
    ir::tensor_type out{in[0].dtype, {}};
    for (std::size_t i = 0; i < rank; ++i) {
      if (a.before[i] < 0 || a.after[i] < 0) return ir::inferred(bad_margin);
      out.shape.push_back(a.before[i] + in[0].shape[static_cast<int>(i)] + a.after[i]);
    }
    return out;
  }

  static constexpr ir::extent_array extents(ir::operand_types in,
                                            std::span<ir::extent_array const> of, attrs const& a) {
    ir::extent_array y = of[0];
    for (std::size_t i = 0; i < static_cast<std::size_t>(in[0].rank()); ++i)
      y[i] = y[i] + extent(a.before[i] + a.after[i]);
    return y;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    ir::visit_dtype(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      std::int64_t const n = out.type.elements();
      for (std::int64_t i = 0; i < n; ++i) out.as<T>()[i] = static_cast<T>(a.value);
    });
    auto const strides = strides_of(out.type.shape);
    std::int64_t start = 0;
    for (std::size_t i = 0; i < a.before.size(); ++i) start += a.before[i] * strides[i];
    strided_walk walk(start);
    for (std::size_t i = 0; i < a.before.size(); ++i)
      walk.add_axis(in[0].type.shape[static_cast<int>(i)], strides[i]);
    scatter_elements(in[0], walk, out);
  }
};

}  // namespace ops

/// How many elements are added before and after those of one axis (-1 is the last).
struct margin {
  int axis = 0;
  int before = 0;
  int after = 0;
};

namespace ops {

/// The named check of the axes of a pad.
template <class X, margin... Margins>
struct pad_axes {
  static constexpr int rank = X::type.rank();
  static constexpr bool in_range = ((ir::normalised_axis(Margins.axis, rank) >= 0 &&
                                     ir::normalised_axis(Margins.axis, rank) < rank) &&
                                    ...);

  static constexpr pad::attrs attributes = [] {
    pad::attrs a;
    for (int i = 0; i < rank; ++i) {
      a.before.push_back(0);
      a.after.push_back(0);
    }
    for (margin const& m : {Margins...}) {
      int const axis = ir::normalised_axis(m.axis, rank);
      if (axis < 0 || axis >= rank) continue;
      a.before[static_cast<std::size_t>(axis)] = m.before;
      a.after[static_cast<std::size_t>(axis)] = m.after;
    }
    return a;
  }();
};

}  // namespace ops

/// pad<margin{.axis = -1, .before = 1, .after = 2}, ...>(x, value): x with a frame of `value`.
/// shape     that of x, with before + after more elements along each named axis
/// dtype     any; the value is converted
/// numerics  exact
/// errors    an axis out of range, a negative margin
/// source    numpy.pad(mode='constant'); ONNX Pad-13
template <margin First, margin... Rest, front::tensor_operand X>
constexpr auto pad(X const& x, float value = 0) {
  using op = ops::pad;
  using axes = ops::pad_axes<front::operand_tensor<X>, First, Rest...>;
  static_assert(axes::in_range, "etch: pad: the axis is out of range");
  using checked = ops::call_on<op, axes::attributes, X>;
  static_assert(checked::template without<op::bad_margin>, "etch: pad: a margin is negative");
  op::attrs attributes = axes::attributes;
  attributes.value = value;
  return checked::record_with(attributes, x);
}

template <>
struct op_for<ops::pad::key> : std::type_identity<ops::pad> {};

}  // namespace etch
