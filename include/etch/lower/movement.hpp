#pragma once

#include <cstring>
#include <utility>

#include <etch/kernels/cast.hpp>
#include <etch/kernels/gather.hpp>
#include <etch/kernels/share.hpp>
#include <etch/kernels/strided_copy.hpp>
#include <etch/lower/kernel_for.hpp>
#include <etch/lower/step_at.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::lower {

/// One copy of a movement step: from operand `operand`, `from` and `to` in elements.
struct copy_part {
  kernels::copy_shape shape{};
  long from = 0;
  long to = 0;
};

namespace detail {

constexpr void dense_strides(ir::shape const& s, long (&strides)[6]) {
  long stride = 1;
  for (int i = s.rank; i-- > 0;) {
    strides[i] = stride;
    stride *= static_cast<long>(s[i]);
  }
}

constexpr copy_part part_of_transpose(ir::shape const& x, ir::shape const& y,
                                      ops::transpose::attrs const& a) {
  copy_part part;
  long strides[6]{};
  dense_strides(x, strides);
  part.shape.rank = y.rank;
  dense_strides(y, part.shape.out_strides);
  for (int i = 0; i < y.rank; ++i) {
    part.shape.extents[i] = static_cast<long>(y[i]);
    part.shape.in_strides[i] = strides[a.perm[static_cast<std::size_t>(i)]];
  }
  return part;
}

constexpr copy_part part_of_slice(ir::shape const& x, ir::shape const& y,
                                  ops::slice::attrs const& a) {
  copy_part part;
  long strides[6]{};
  dense_strides(x, strides);
  part.shape.rank = y.rank;
  dense_strides(y, part.shape.out_strides);
  for (int i = 0; i < y.rank; ++i) {
    auto const axis = static_cast<std::size_t>(i);
    part.shape.extents[i] = static_cast<long>(y[i]);
    part.shape.in_strides[i] = strides[i] * static_cast<long>(a.steps[axis]);
    part.from += strides[i] * static_cast<long>(a.starts[axis]);
  }
  return part;
}

constexpr copy_part part_of_concat(ir::shape const& x, ir::shape const& y, int axis, long before) {
  copy_part part;
  part.shape.rank = y.rank;
  dense_strides(y, part.shape.out_strides);
  dense_strides(x, part.shape.in_strides);
  for (int i = 0; i < y.rank; ++i) part.shape.extents[i] = static_cast<long>(x[i]);
  part.to = before * part.shape.out_strides[axis];
  return part;
}

constexpr copy_part part_of_pad(ir::shape const& x, ir::shape const& y, ops::pad::attrs const& a) {
  copy_part part;
  part.shape.rank = y.rank;
  dense_strides(x, part.shape.in_strides);
  dense_strides(y, part.shape.out_strides);
  for (int i = 0; i < y.rank; ++i) {
    part.shape.extents[i] = static_cast<long>(x[i]);
    part.to += part.shape.out_strides[i] * static_cast<long>(a.before[static_cast<std::size_t>(i)]);
  }
  return part;
}

/// The copy of an operand of shape x into a result of shape y; behind `before` elements of the axis
/// along which operands are joined.
template <class Net, int S>
constexpr copy_part part_between(ir::shape const& x, ir::shape const& y, long before) {
  constexpr plan::step s = step_at<Net, S>;
  if constexpr (s.op == &ir::info_of<ops::transpose>) {
    return part_of_transpose(x, y, Net::plan.template attrs_of<ops::transpose::attrs>(s));
  } else if constexpr (s.op == &ir::info_of<ops::pad>) {
    return part_of_pad(x, y, Net::plan.template attrs_of<ops::pad::attrs>(s));
  } else if constexpr (s.op == &ir::info_of<ops::slice>) {
    return part_of_slice(x, y, Net::plan.template attrs_of<ops::slice::attrs>(s));
  } else {
    return part_of_concat(x, y, Net::plan.template attrs_of<ops::concat::attrs>(s).axis, before);
  }
}

/// The axis along which a step joins its operands.
template <class Net, int S>
inline constexpr int joined_axis = [] {
  constexpr plan::step s = step_at<Net, S>;
  if constexpr (s.op == &ir::info_of<ops::concat>)
    return Net::plan.template attrs_of<ops::concat::attrs>(s).axis;
  else
    return 0;
}();

template <class Net, int S, int Operand>
consteval copy_part part_of() {
  constexpr plan::step s = step_at<Net, S>;
  long before = 0;
  for (int i = 0; i < Operand; ++i)
    before += static_cast<long>(Net::plan.operand(s, i).type.shape[joined_axis<Net, S>]);
  return part_between<Net, S>(operand_type<Net, S, Operand>.shape, s.result.type.shape, before);
}

}  // namespace detail

inline namespace ETCH_ISA {

template <>
struct kernel_for<ir::op_key("copy")> {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void*, void const* const* in, Share share = {}) noexcept {
    constexpr int count = step_at<Net, S>.operands.count;
    all<Net, S>(static_cast<unsigned char*>(out), in, share,
                std::make_integer_sequence<int, count>{});
  }

 private:
  template <class Net, int S, class Share, int... I>
  static ETCH_INLINE void all(unsigned char* out, void const* const* in, Share share,
                              std::integer_sequence<int, I...>) noexcept {
    (one<Net, S, I>(out, in[I], share), ...);
  }
  template <class Net, int S, int I, class Share>
  static ETCH_INLINE void one(unsigned char* out, void const* in, Share share) noexcept {
    constexpr copy_part part = detail::part_of<Net, S, I>();
    constexpr int bytes = static_cast<int>(size_of(step_at<Net, S>.result.type.dtype));
    kernels::strided_copy<part.shape, bytes>(
        static_cast<unsigned char const*>(in) + part.from * bytes, out + part.to * bytes, share);
  }
};

/// The first rows of a table.
template <>
struct kernel_for<ir::op_key("rows")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in) noexcept {
    static_assert(step_at<Net, S>.op == &ir::info_of<ops::rows_like>,
                  "etch: lower: fixed rows are taken by a slice");
    std::memcpy(out, in[0], static_cast<std::size_t>(step_at<Net, S>.result.type.bytes()));
  }
};

/// Puts new rows into both copies of a ring; into the other one where they are in the first
/// already.
template <>
struct kernel_for<ir::op_key("append")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in) noexcept {
    constexpr auto bytes = static_cast<std::size_t>(step_at<Net, S>.result.type.bytes());
    constexpr auto row =
        static_cast<std::size_t>(step_at<Net, S>.cols) * size_of(step_at<Net, S>.result.type.dtype);
    constexpr auto copy = static_cast<std::ptrdiff_t>(operand_type<Net, S, 1>.bytes() / 2);
    auto* const to = static_cast<std::byte*>(out);
    auto* const ring = static_cast<std::byte*>(const_cast<void*>(in[1]));
    auto const* const from = static_cast<std::byte const*>(in[0]);
    if (from != to) std::memcpy(to, from, bytes);
    if constexpr (bytes == row) {
      std::memcpy(to - ring < copy ? to + copy : to - copy, from, bytes);
    } else {
      std::ptrdiff_t const left = copy - (to - ring);  // to the end of the first copy
      constexpr auto all = static_cast<std::ptrdiff_t>(bytes);
      if (left >= all) {
        std::memcpy(to + copy, from, bytes);
      } else if (left <= 0) {
        std::memcpy(to - copy, from, bytes);
      } else {
        std::memcpy(to + copy, from, static_cast<std::size_t>(left));
        std::memcpy(ring, from + left, static_cast<std::size_t>(all - left));
      }
    }
  }
};

/// Fills the result, then copies the operand into it.
template <>
struct kernel_for<ir::op_key("pad")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void* scratch, void const* const* in) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr T value = static_cast<T>(Net::plan.template attrs_of<ops::pad::attrs>(s).value);
    constexpr long n = static_cast<long>(s.result.type.elements());
    T* const to = static_cast<T*>(out);
    for (long i = 0; i < n; ++i) to[i] = value;
    kernel_for<ir::op_key("copy")>::run<Net, S, Arch>(out, scratch, in);
  }
};

template <>
struct kernel_for<ir::op_key("gather")> {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void*, void const* const* in, Share share = {}) noexcept {
    using T = result_element<Net, S>;
    constexpr ir::tensor_type table = operand_type<Net, S, 0>, indices = operand_type<Net, S, 1>;
    using index = element_of_t<indices.dtype>;
    constexpr kernels::gather_shape shape{static_cast<long>(indices.elements()),
                                          static_cast<long>(table.shape[0]),
                                          static_cast<long>(table.shape.product(1, table.rank()))};
    kernels::gather_rows<T, shape>(static_cast<T const*>(in[0]), static_cast<index const*>(in[1]),
                                   static_cast<T*>(out), share);
  }
};

template <>
struct kernel_for<ir::op_key("cast")> {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void*, void const* const* in, Share share = {}) noexcept {
    using from = element_of_t<operand_type<Net, S, 0>.dtype>;
    using to = result_element<Net, S>;
    constexpr long n = static_cast<long>(operand_type<Net, S, 0>.elements());
    constexpr long block = 64;  // elements: whole packs
    kernels::interval const mine = share.of((n + block - 1) / block);
    long const end = mine.end * block < n ? mine.end * block : n;
    kernels::cast<to, from>(static_cast<from const*>(in[0]) + mine.begin * block,
                            static_cast<to*>(out) + mine.begin * block, end - mine.begin * block);
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
