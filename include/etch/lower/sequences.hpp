#pragma once

#include <cstring>

#include <etch/kernels/attention.hpp>
#include <etch/kernels/cache_write.hpp>
#include <etch/kernels/rotary.hpp>
#include <etch/lower/kernel_for.hpp>
#include <etch/lower/program.hpp>
#include <etch/lower/step_at.hpp>
#include <etch/ops/rotary_embedding.hpp>
#include <etch/plan/attention_shape.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

/// The position that operand I of a step holds.
template <class Net, int S, int I>
ETCH_INLINE long position_of(void const* const* in) noexcept {
  using stored = element_of_t<operand_type<Net, S, I>.dtype>;
  return static_cast<long>(*static_cast<stored const*>(in[I]));
}

template <>
struct kernel_for<ir::op_key("rotary")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr auto a = Net::plan.template attrs_of<ops::rotary_embedding::attrs>(s);
    constexpr ir::shape x = s.result.type.shape;
    constexpr kernels::rotary_shape shape{x.rank == 4 ? static_cast<long>(x[0]) : 1,
                                          static_cast<long>(x[x.rank - 3]),
                                          static_cast<long>(x[x.rank - 2]),
                                          static_cast<long>(x[x.rank - 1]),
                                          a.dims,
                                          a.pairing == rotary_pairing::adjacent,
                                          static_cast<long>(operand_type<Net, S, 1>.shape[0])};
    kernels::rotary<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                    position_of<Net, S, 2>(in), static_cast<T*>(out), share);
  }
};

template <>
struct kernel_for<ir::op_key("attention")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void* scratch, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    if constexpr (s.op == &ir::info_of<ops::cached_attention>) {
      constexpr kernels::attention_shape shape =
          plan::cached_attention_shape(operand_type<Net, S, 0>.shape, operand_type<Net, S, 2>.shape,
                                       Net::plan.template attrs_of<etch::attention>(s));
      kernels::attention<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                         static_cast<T const*>(in[2]), nullptr,
                                         position_of<Net, S, 3>(in), static_cast<T*>(scratch),
                                         static_cast<T*>(out), share);
    } else {
      constexpr bool has_mask = s.own_operands > 3;
      constexpr kernels::attention_shape shape = plan::attention_shape(
          operand_type<Net, S, 0>.shape, operand_type<Net, S, 1>.shape, s.result.type.shape,
          has_mask ? operand_type < Net, S, has_mask ? 3 : 0 > : ir::tensor_type{}, has_mask,
          Net::plan.template attrs_of<etch::attention>(s));
      kernels::attention<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                         static_cast<T const*>(in[2]),
                                         has_mask ? in[has_mask ? 3 : 0] : nullptr, 0,
                                         static_cast<T*>(scratch), static_cast<T*>(out), share);
    }
  }
};

/// Writes rows into a cache: where the result is the operand, nothing else moves.
template <>
struct kernel_for<ir::op_key("cache_write")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr ir::shape x = operand_type<Net, S, 1>.shape;
    if (out != in[0]) std::memcpy(out, in[0], static_cast<std::size_t>(s.result.type.bytes()));
    auto const* const rows = static_cast<T const*>(in[1]);
    if constexpr (s.op == &ir::info_of<ops::cache_keys>) {
      constexpr auto a = Net::plan.template attrs_of<ops::cache_keys::attrs>(s);
      constexpr kernels::cache_shape shape{static_cast<long>(x[0]), static_cast<long>(a.capacity),
                                           static_cast<long>(x[1]), static_cast<long>(x[2])};
      kernels::write_keys<T, shape>(rows, position_of<Net, S, 2>(in), static_cast<T*>(out));
    } else {
      constexpr kernels::cache_shape shape{static_cast<long>(x[0]),
                                           static_cast<long>(s.result.type.shape[1]),
                                           static_cast<long>(x[1]), static_cast<long>(x[2])};
      kernels::write_values<T, shape>(rows, position_of<Net, S, 2>(in), static_cast<T*>(out));
    }
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
