#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include <etch/kernels/share.hpp>
#include <etch/lower/elementwise.hpp>
#include <etch/lower/movement.hpp>
#include <etch/lower/products.hpp>
#include <etch/lower/rows.hpp>
#include <etch/lower/sequences.hpp>

namespace etch::lower {

namespace detail {

/// A copy without its first axes.
constexpr kernels::copy_shape behind(kernels::copy_shape const& s, int axes) {
  kernels::copy_shape rest{};
  rest.rank = s.rank - axes;
  for (int i = 0; i < rest.rank; ++i) {
    rest.extents[i] = s.extents[axes + i];
    rest.in_strides[i] = s.in_strides[axes + i];
    rest.out_strides[i] = s.out_strides[axes + i];
  }
  return rest;
}

}  // namespace detail

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
    constexpr kernels::attention_shape shape = plan::attention_shape(
        operand_type<Net, S, 0>.shape, operand_type<Net, S, 1>.shape, s.result.type.shape, {},
        false, Net::plan.template attrs_of<etch::attention>(s));
    kernels::attention_leading<T, shape, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), static_cast<T const*>(in[2]),
        rows_of_operand<Net, S, 0>(lengths).of(shape.rows).end,
        rows_of_operand<Net, S, 1>(lengths).of(shape.keys).end, static_cast<T*>(scratch),
        static_cast<T*>(out), share);
  }
};

/// Operands one after the other; or parts of rows, and rows put together of parts, row by row.
template <>
struct leading_kernel_for<ir::op_key("copy")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in, std::int64_t const* lengths) noexcept {
    constexpr int count = step_at<Net, S>.operands.count;
    all<Net, S>(static_cast<unsigned char*>(out), in, lengths,
                std::make_integer_sequence<int, count>{});
  }

 private:
  /// The first axis that is cut or grows: those before it are rows.
  template <class Net, int S>
  static consteval int row_axes() {
    constexpr plan::step s = step_at<Net, S>;
    if constexpr (s.op == &ir::info_of<ops::concat>) {
      return Net::plan.template attrs_of<ops::concat::attrs>(s).axis;
    } else {
      ir::shape const x = operand_type<Net, S, 0>.shape, y = s.result.type.shape;
      int axis = 0;
      while (x[axis] == y[axis]) ++axis;
      return axis;
    }
  }

  template <class Net, int S, int... I>
  static ETCH_INLINE void all(unsigned char* out, void const* const* in,
                              std::int64_t const* lengths,
                              std::integer_sequence<int, I...>) noexcept {
    if constexpr (step_at<Net, S>.result.type.shape.product(0, row_axes<Net, S>()) == 1)
      ((out = append<Net, S, I>(out, in[I], lengths)), ...);
    else
      (rows<Net, S, I>(out, in[I], lengths), ...);
  }

  template <class Net, int S, int I>
  static ETCH_INLINE unsigned char* append(unsigned char* out, void const* in,
                                           std::int64_t const* lengths) noexcept {
    constexpr auto most = static_cast<long>(operand_type<Net, S, I>.bytes());
    auto const bytes = static_cast<std::size_t>(rows_of_operand<Net, S, I>(lengths).of(most).end);
    std::memcpy(out, in, bytes);
    return out + bytes;
  }

  template <class Net, int S, int I>
  static ETCH_INLINE void rows(unsigned char* out, void const* in,
                               std::int64_t const* lengths) noexcept {
    constexpr copy_part part = detail::part_of<Net, S, I>();
    constexpr ir::shape x = operand_type<Net, S, I>.shape, y = step_at<Net, S>.result.type.shape;
    constexpr int bytes = static_cast<int>(size_of(step_at<Net, S>.result.type.dtype));
    constexpr int axis = row_axes<Net, S>();
    constexpr auto most = static_cast<long>(y.product(0, axis));
    auto const* from = static_cast<unsigned char const*>(in) + part.from * bytes;
    out += part.to * bytes;
    long const count = rows_of_result<Net, S>(lengths).of(most).end;
    for (long i = 0; i < count;
         ++i, from += x.product(axis, x.rank) * bytes, out += y.product(axis, y.rank) * bytes)
      kernels::strided_copy<detail::behind(part.shape, axis), bytes>(from, out);
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
