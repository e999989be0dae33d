#pragma once

#include <type_traits>

#include "etch/kernels/simd/arch.hpp"

namespace etch::simd {

/// lanes_v<T>: the lanes of a pack, the same on every instruction set. 64 bytes of float or double;
/// 16 lanes of everything else.
template <class T>
inline constexpr int lanes_v = std::is_same_v<T, double> ? 8 : 16;

inline namespace ETCH_ISA {
namespace detail {

/// What one register of a pack is: an xsimd batch of float or double, else a single T.
template <class T, class Arch>
struct register_traits {
  using type = T;
  using mask = bool;
  static constexpr int width = 1;
};

template <class T, class Arch>
requires((std::is_same_v<T, float> || std::is_same_v<T, double>)&&!std::is_same_v<
         Arch, generic_arch>) struct register_traits<T, Arch> {
  using type = xsimd::batch<T, Arch>;
  using mask = xsimd::batch_bool<T, Arch>;
  static constexpr int width = int(type::size);
};

template <class Arch>
inline constexpr bool is_avx512 =
    std::is_same_v<Arch, arch_t<isa::avx512>> && !std::is_same_v<Arch, generic_arch>;
template <class Arch>
inline constexpr bool is_avx2 =
    std::is_same_v<Arch, arch_t<isa::avx2>> && !std::is_same_v<Arch, generic_arch>;

/// f(i) for every register, written out for real registers so that none of them is spilled.
template <int Regs, class F>
ETCH_INLINE void for_registers(F const& f) noexcept {
  if constexpr (Regs <= 4) {
    f(0);
    if constexpr (Regs > 1) f(1);
    if constexpr (Regs > 2) {
      f(2);
      f(3);
    }
  } else {
    for (int i = 0; i < Regs; ++i) f(i);
  }
}

template <class P>
ETCH_INLINE P& copy_registers(P& to, P const& from) noexcept {
  for_registers<P::regs>([&](int i) ETCH_INLINE_LAMBDA { to.r[i] = from.r[i]; });
  return to;
}

/// y.r[i] = op(x.r[i]...) for every register.
template <class Y, class Op, class... X>
ETCH_INLINE Y map(X const&... x) noexcept {
  Y y;
  for_registers<Y::regs>([&](int i) ETCH_INLINE_LAMBDA { y.r[i] = Op::on(x.r[i]...); });
  return y;
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
