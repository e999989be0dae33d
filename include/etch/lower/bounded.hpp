#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include <etch/kernels/copy_in_call.hpp>
#include <etch/kernels/leading_conv2d.hpp>
#include <etch/kernels/share.hpp>
#include <etch/lower/elementwise.hpp>
#include <etch/lower/movement.hpp>
#include <etch/lower/products.hpp>
#include <etch/lower/rows.hpp>
#include <etch/lower/sequences.hpp>

namespace etch::lower {

inline namespace ETCH_ISA {

/// What a call uses of what there is room for, by the number of its length; -1: all.
template <class Net, int Length>
ETCH_INLINE kernels::leading leading_of(std::int64_t const* lengths) noexcept {
  if constexpr (Length < 0) {
    return {1, 1};
  } else {
    constexpr auto most =
        static_cast<long>(Net::plan.lengths[static_cast<std::size_t>(Length)].most());
    return {static_cast<long>(lengths[Length]), most};
  }
}

/// The rows of a value that a call uses.
template <class Net, plan::location At>
ETCH_INLINE kernels::leading rows_in_use(std::int64_t const* lengths) noexcept {
  return leading_of<Net, At.length>(lengths);
}

template <class Net, int S, int I>
ETCH_INLINE kernels::leading rows_of_operand(std::int64_t const* lengths) noexcept {
  return rows_in_use<Net, Net::plan.operand(step_at<Net, S>, I)>(lengths);
}
template <class Net, int S>
ETCH_INLINE kernels::leading rows_of_result(std::int64_t const* lengths) noexcept {
  return rows_in_use<Net, step_at<Net, S>.result>(lengths);
}

/// Whether a call decides an extent of a value.
template <class Net, plan::location At, int Axis>
inline constexpr bool is_bounded_axis = [] {
  if constexpr (At.axes < 0)
    return false;
  else
    return Net::plan.axes[static_cast<std::size_t>(At.axes)][Axis] >= 0;
}();

/// The extents of a value in a call.
template <class Net, plan::location At>
ETCH_INLINE ir::shape shape_in_use(std::int64_t const* lengths) noexcept {
  ir::shape shape = At.type.shape;
  if constexpr (At.axes >= 0) {
    constexpr plan::bounded_axes axes = Net::plan.axes[static_cast<std::size_t>(At.axes)];
    for (int i = 0; i < shape.rank; ++i) {
      int const length = axes[static_cast<std::size_t>(i)];
      if (length >= 0) shape[i] = lengths[length];
    }
  }
  return shape;
}
template <class Net, int S, int I>
ETCH_INLINE ir::shape shape_of_operand(std::int64_t const* lengths) noexcept {
  return shape_in_use<Net, Net::plan.operand(step_at<Net, S>, I)>(lengths);
}

/// What a call does of a step.
struct work_in_call {
  std::int64_t flops, bytes;
};

template <class Net, int S, int... I>
ETCH_INLINE work_in_call work_of(std::int64_t const* lengths,
                                 std::integer_sequence<int, I...>) noexcept {
  constexpr plan::step s = step_at<Net, S>;
  long flops = rows_of_result<Net, S>(lengths).count(static_cast<long>(s.flops));
  if constexpr (s.kernel == ir::op_key("attention"))
    flops = rows_of_operand<Net, S, 1>(lengths).count(flops);
  long bytes = rows_of_result<Net, S>(lengths).count(static_cast<long>(s.result.type.bytes()));
  ((bytes +=
    rows_of_operand<Net, S, I>(lengths).count(static_cast<long>(operand_type<Net, S, I>.bytes()))),
   ...);
  return {flops, bytes};
}

/// From the name of a kernel to its form for rows that are counted in the call:
/// `run<Net, S, Arch>(out, scratch, in, lengths)`, where lengths[i] is that of plan::lengths, and a
/// share for those that plan::can_split_leading names. Most kernels do the first rows of their work
/// as they would do a share of it.
template <ir::op_key Key>
struct leading_kernel_for {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void* scratch, void const* const* in, std::int64_t const* lengths,
                  Share share = {}) noexcept {
    kernel_for<Key>::template run<Net, S, Arch>(
        out, scratch, in, kernels::part_of(rows_of_result<Net, S>(lengths), share));
  }
};

/// Whether an operand of an elementwise step repeats along one axis and goes along with another, of
/// those up to the last one that a call decides: then so are distances in memory.
template <class Net, int S>
inline constexpr bool repeats_in_call = [] {
  constexpr plan::step s = step_at<Net, S>;
  ir::shape const y = s.result.type.shape;
  int bounded = 0;
  for (int axis = 0; s.result.axes >= 0 && axis < y.rank; ++axis) {
    if (Net::plan.axes[static_cast<std::size_t>(s.result.axes)][static_cast<std::size_t>(axis)] >=
        0)
      bounded = axis + 1;
  }
  bool repeats = false;
  for (int i = 0; i < s.operands.count; ++i) {
    ir::shape const x = Net::plan.operand(s, i).type.shape;
    bool along = false, repeated = false;
    for (int axis = 0; axis < bounded; ++axis) {
      int const own = axis - (y.rank - x.rank);
      if (y[axis] != 1) (own >= 0 && x[own] != 1 ? along : repeated) = true;
    }
    repeats = repeats || (along && repeated);
  }
  return repeats;
}();

/// Whether threads may have shares of a step.
template <class Net, int S>
inline constexpr bool splits_in_call = step_at<Net, S>.splits &&
                                       (step_at<Net, S>.kernel != ir::op_key("elementwise") ||
                                        !repeats_in_call<Net, S>);

template <>
struct leading_kernel_for<ir::op_key("elementwise")> {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths,
                  [[maybe_unused]] Share share = {}) noexcept {
    using kernel = elementwise_step<Net, S, Arch>;
    if constexpr (repeats_in_call<Net, S>) [&]<int... I>(std::integer_sequence<int, I...>) {
        kernel::run_in_call(out, in, shape_in_use<Net, step_at<Net, S>.result>(lengths),
                            {shape_of_operand<Net, S, I>(lengths)...});
      }
    (std::make_integer_sequence<int, static_cast<int>(kernel::count)>{});
    else kernel::run(out, in, kernels::part_of(rows_of_result<Net, S>(lengths), share));
  }
};

/// Rows that become fewer, each of them alone; or all of them together.
template <>
struct leading_kernel_for<ir::op_key("reduce")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::reduce_shape shape = reduce_shape_of<Net, S>();
    step_sink<Net, S, T, Arch> const sink{static_cast<T*>(out), in};
    if constexpr (step_at<Net, S>.result.length >= 0)
      kernels::reduce<T, shape, Arch>(static_cast<T const*>(in[0]), sink,
                                      rows_of_result<Net, S>(lengths));
    else
      kernels::reduce_leading<T, shape, Arch>(static_cast<T const*>(in[0]),
                                              rows_of_operand<Net, S, 0>(lengths), sink);
  }
};

template <>
struct leading_kernel_for<ir::op_key("attention")> {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void* scratch, void const* const* in, std::int64_t const* lengths,
                  Share share = {}) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr bool has_mask = s.own_operands > 3;
    constexpr int mask_number = has_mask ? 3 : 0;
    constexpr kernels::attention_shape shape =
        plan::attention_shape(operand_type<Net, S, 0>.shape, operand_type<Net, S, 1>.shape,
                              s.result.type.shape, operand_type<Net, S, mask_number>, has_mask,
                              Net::plan.template attrs_of<etch::attention>(s));
    kernels::mask_in_call mask;
    if constexpr (has_mask) {
      ir::shape const of = shape_of_operand<Net, S, mask_number>(lengths);
      mask = {in[mask_number], static_cast<long>(ops::attention::mask_stride(of, 1)),
              static_cast<long>(ops::attention::mask_stride(of, 2))};
    }
    kernels::attention_leading<T, shape, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), static_cast<T const*>(in[2]),
        mask, rows_of_operand<Net, S, 0>(lengths).of(shape.rows).end,
        rows_of_operand<Net, S, 1>(lengths).of(shape.keys).end, static_cast<T*>(scratch),
        static_cast<T*>(out), share);
  }
};

/// Transposes, parts of axes, and operands one after the other along an axis.
template <>
struct leading_kernel_for<ir::op_key("copy")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    constexpr int count = step_at<Net, S>.operands.count;
    all<Net, S>(static_cast<unsigned char*>(out), in, lengths,
                std::make_integer_sequence<int, count>{});
  }

 private:
  template <class Net, int S, int... I>
  static ETCH_INLINE void all(unsigned char* out, void const* const* in,
                              std::int64_t const* lengths,
                              std::integer_sequence<int, I...>) noexcept {
    constexpr int bytes = static_cast<int>(size_of(step_at<Net, S>.result.type.dtype));
    ir::shape const y = shape_in_use<Net, step_at<Net, S>.result>(lengths);
    long before = 0;
    auto const one = [&](ir::shape const& x, void const* from) {
      copy_part const part = detail::part_between<Net, S>(x, y, before);
      kernels::copy_in_call<bytes>(part.shape,
                                   static_cast<unsigned char const*>(from) + part.from * bytes,
                                   out + part.to * bytes);
      before += static_cast<long>(x[detail::joined_axis<Net, S>]);
    };
    (one(shape_of_operand<Net, S, I>(lengths), in[I]), ...);
  }
};

template <>
struct leading_kernel_for<ir::op_key("pad")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void* scratch, void const* const* in,
                  std::int64_t const* lengths) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr T value = static_cast<T>(Net::plan.template attrs_of<ops::pad::attrs>(s).value);
    auto const n = static_cast<long>(shape_in_use<Net, s.result>(lengths).elements());
    T* const to = static_cast<T*>(out);
    for (long i = 0; i < n; ++i) to[i] = value;
    leading_kernel_for<ir::op_key("copy")>::run<Net, S, Arch>(out, scratch, in, lengths);
  }
};

/// The images of step S in a call.
template <class Net, int S>
kernels::leading_images images_in_use(std::int64_t const* lengths) noexcept {
  ir::shape const x = shape_of_operand<Net, S, 0>(lengths);
  ir::shape const y = shape_in_use<Net, step_at<Net, S>.result>(lengths);
  auto const at = [](std::int64_t n) { return static_cast<long>(n); };
  return {at(x[0]), at(x[1]), at(x[2]), at(y[1]), at(y[2])};
}

template <>
struct leading_kernel_for<ir::op_key("conv2d")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::conv2d_shape shape =
        conv2d_shape_of<Net, S>(operand_type<Net, S, 0>.shape, step_at<Net, S>.result.type.shape);
    constexpr bool wide = is_bounded_axis<Net, Net::plan.operand(step_at<Net, S>, 0), 2>;
    kernels::leading_conv2d<T, shape, wide, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), bias_of<T, shape.bias>(in),
        step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, images_in_use<Net, S>(lengths));
  }
};

template <>
struct leading_kernel_for<ir::op_key("depthwise")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::depthwise_shape shape = depthwise_shape_of<Net, S>();
    kernels::depthwise_leading<T, shape, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), bias_of<T, shape.bias>(in),
        step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, images_in_use<Net, S>(lengths));
  }
};

template <>
struct leading_kernel_for<ir::op_key("pool2d")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::pool2d_shape shape = pool2d_shape_of<Net, S>();
    kernels::pool2d_leading<T, shape, Arch>(static_cast<T const*>(in[0]),
                                            step_sink<Net, S, T, Arch>{static_cast<T*>(out), in},
                                            images_in_use<Net, S>(lengths));
  }
};

template <>
struct leading_kernel_for<ir::op_key("rows")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    constexpr plan::step s = step_at<Net, S>;
    constexpr ir::tensor_type x = operand_type<Net, S, 0>;
    constexpr auto row_bytes = static_cast<long>(x.bytes() / x.shape[0]);
    long begin = 0;
    if constexpr (s.op == &ir::info_of<ops::slice_rows>) {
      constexpr auto a = Net::plan.template attrs_of<ops::slice_rows::attrs>(s);
      long const rows = rows_of_operand<Net, S, 0>(lengths).of(static_cast<long>(x.shape[0])).end;
      begin = a.start < 0 ? rows + a.start : a.start;
    }
    constexpr auto most = static_cast<long>(s.result.type.bytes());
    std::memcpy(out, static_cast<unsigned char const*>(in[0]) + begin * row_bytes,
                static_cast<std::size_t>(rows_of_result<Net, S>(lengths).of(most).end));
  }
};

template <>
struct leading_kernel_for<ir::op_key("cast")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    using from = element_of_t<operand_type<Net, S, 0>.dtype>;
    using to = result_element<Net, S>;
    constexpr auto most = static_cast<long>(operand_type<Net, S, 0>.elements());
    kernels::cast<to, from>(static_cast<from const*>(in[0]), static_cast<to*>(out),
                            rows_of_result<Net, S>(lengths).of(most).end);
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
