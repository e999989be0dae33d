#pragma once

#include "etch/kernels/simd/convert.hpp"
#include "etch/kernels/simd/register_fold.hpp"
#include "etch/kernels/simd/register_memory.hpp"
#include "etch/kernels/simd/register_ops.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {

/// mask<T>: one truth value per lane of pack<T>, made by comparisons and first_lanes.
template <class T, class Arch = default_arch>
struct mask {
  using value_type = T;
  using register_type = typename detail::register_traits<T, Arch>::mask;
  static constexpr int lanes = lanes_v<T>;
  static constexpr int width = detail::register_traits<T, Arch>::width;
  static constexpr int regs = lanes / width;

  register_type r[regs];

  mask() = default;
  ETCH_INLINE mask(mask const& from) noexcept { detail::copy_registers(*this, from); }
  ETCH_INLINE mask& operator=(mask const& from) noexcept {
    return detail::copy_registers(*this, from);
  }
};

/// pack<T>: a virtual vector of lanes_v<T> lanes, the same number on every instruction set, so that
/// a kernel gives the same bits whatever the registers are.
/// layout    float and double: xsimd batches (1 of AVX-512, 2 of AVX2, 4 of SSE and NEON);
///           other types and processors: an array with plain loops
/// numerics  each operation rounds once, as for scalars; a product and a sum are never contracted
///           (with clang unless -ffp-contract=fast asks for it); integers wrap, x / 0 is 0
template <class T, class Arch = default_arch>
struct pack {
  using value_type = T;
  using arch_type = Arch;
  using register_type = typename detail::register_traits<T, Arch>::type;
  static constexpr int lanes = lanes_v<T>;
  static constexpr int width = detail::register_traits<T, Arch>::width;
  static constexpr int regs = lanes / width;

  register_type r[regs];

  /// Uninitialised.
  pack() = default;

  /// Register by register: gcc 12 copies a whole array through memory, in pieces.
  ETCH_INLINE pack(pack const& from) noexcept { detail::copy_registers(*this, from); }
  ETCH_INLINE pack& operator=(pack const& from) noexcept {
    return detail::copy_registers(*this, from);
  }

  /// All lanes equal.
  ETCH_INLINE explicit pack(T scalar) noexcept {
    detail::for_registers<regs>([&](int i) ETCH_INLINE_LAMBDA { r[i] = register_type(scalar); });
  }

  static ETCH_INLINE pack load(T const* p) noexcept {
    pack y;
    detail::for_registers<regs>([&](int i)
                                    ETCH_INLINE_LAMBDA { y.r[i] = memory::load(p + i * width); });
    return y;
  }
  /// p is aligned to 64 bytes.
  static ETCH_INLINE pack load_aligned(T const* p) noexcept {
    pack y;
    detail::for_registers<regs>(
        [&](int i) ETCH_INLINE_LAMBDA { y.r[i] = memory::load_aligned(p + i * width); });
    return y;
  }
  ETCH_INLINE void store(T* p) const noexcept {
    detail::for_registers<regs>([&](int i)
                                    ETCH_INLINE_LAMBDA { memory::store(r[i], p + i * width); });
  }
  ETCH_INLINE void store_aligned(T* p) const noexcept {
    detail::for_registers<regs>(
        [&](int i) ETCH_INLINE_LAMBDA { memory::store_aligned(r[i], p + i * width); });
  }

  /// Reads p[0, n) and nothing else; the other lanes are `fill`. 0 <= n <= lanes.
  static ETCH_INLINE pack load_partial(T const* p, int n, T fill = T(0)) noexcept {
    pack y;
    detail::for_registers<regs>([&](int i) ETCH_INLINE_LAMBDA {
      y.r[i] = memory::load_some(p + i * width, n - i * width, fill);
    });
    return y;
  }
  /// Writes p[0, n) and nothing else. 0 <= n <= lanes.
  ETCH_INLINE void store_partial(T* p, int n) const noexcept {
    detail::for_registers<regs>(
        [&](int i) ETCH_INLINE_LAMBDA { memory::store_some(r[i], p + i * width, n - i * width); });
  }

  /// static_cast<T>(p[i]); U is bool, an integer or floating point.
  template <class U>
  static ETCH_INLINE pack load_convert(U const* p) noexcept {
    using way = detail::convert<register_type, U>;
    if constexpr (way::loads) {
      pack y;
      detail::for_registers<regs>([&](int i)
                                      ETCH_INLINE_LAMBDA { y.r[i] = way::load(p + i * width); });
      return y;
    } else {
      return load_convert_partial(p, lanes);
    }
  }
  template <class U>
  static ETCH_INLINE pack load_convert_partial(U const* p, int n, T fill = T(0)) noexcept {
    if constexpr (std::is_same_v<U, T>) {
      return load_partial(p, n, fill);
    } else {
      alignas(64) T buffer[lanes];
      for (int i = 0; i < lanes; ++i) buffer[i] = i < n ? static_cast<T>(p[i]) : fill;
      return load_aligned(buffer);
    }
  }
  /// p[i] = static_cast<U>(lane i); a lane must be in the range of U, as for the scalar cast.
  template <class U>
  ETCH_INLINE void store_convert(U* p) const noexcept {
    using way = detail::convert<register_type, U>;
    if constexpr (way::stores)
      detail::for_registers<regs>([&](int i)
                                      ETCH_INLINE_LAMBDA { way::store(r[i], p + i * width); });
    else
      store_convert_partial(p, lanes);
  }
  template <class U>
  ETCH_INLINE void store_convert_partial(U* p, int n) const noexcept {
    if constexpr (std::is_same_v<U, T>) {
      store_partial(p, n);
    } else {
      alignas(64) T buffer[lanes];
      store_aligned(buffer);
      for (int i = 0; i < lanes; ++i)
        if (i < n) p[i] = static_cast<U>(buffer[i]);
    }
  }

 private:
  using memory = detail::memory<register_type>;
};

#define ETCH_SIMD_UNARY(name, what)                           \
  template <class T, class A>                                 \
  ETCH_INLINE pack<T, A> name(pack<T, A> const& x) noexcept { \
    return detail::map<pack<T, A>, detail::op::what>(x);      \
  }
#define ETCH_SIMD_BINARY(name, what)                                               \
  template <class T, class A>                                                      \
  ETCH_INLINE pack<T, A> name(pack<T, A> const& a, pack<T, A> const& b) noexcept { \
    return detail::map<pack<T, A>, detail::op::what>(a, b);                        \
  }
#define ETCH_SIMD_COMPARE(name, what, first, second)                               \
  template <class T, class A>                                                      \
  ETCH_INLINE mask<T, A> name(pack<T, A> const& a, pack<T, A> const& b) noexcept { \
    return detail::map<mask<T, A>, detail::op::what>(first, second);               \
  }

ETCH_SIMD_BINARY(operator+, add)
ETCH_SIMD_BINARY(operator-, sub)
ETCH_SIMD_BINARY(operator*, mul)
ETCH_SIMD_BINARY(operator/, div)
ETCH_SIMD_UNARY(operator-, neg)

ETCH_SIMD_COMPARE(operator<, less, a, b)
ETCH_SIMD_COMPARE(operator<=, less_equal, a, b)
ETCH_SIMD_COMPARE(operator>, less, b, a)
ETCH_SIMD_COMPARE(operator>=, less_equal, b, a)
ETCH_SIMD_COMPARE(operator==, equal, a, b)
ETCH_SIMD_COMPARE(operator!=, not_equal, a, b)

/// min, max: NaN if either operand is NaN; of -0 and +0 either.
ETCH_SIMD_BINARY(min, min)
ETCH_SIMD_BINARY(max, max)
/// min_or_second(a, b), max_or_second(a, b): a where a < b, or a > b, else b; so b where either is
/// NaN.
ETCH_SIMD_BINARY(min_or_second, min_or_second)
ETCH_SIMD_BINARY(max_or_second, max_or_second)
/// relu(x): 0 where x < 0, else x; NaN stays NaN.
ETCH_SIMD_UNARY(relu, relu)
ETCH_SIMD_UNARY(abs, abs)
ETCH_SIMD_UNARY(sqrt, square_root)
ETCH_SIMD_UNARY(floor, round_down)
ETCH_SIMD_UNARY(ceil, round_up)
ETCH_SIMD_UNARY(trunc, round_to_zero)
/// round(x): to the nearest integer, halves to the even one.
ETCH_SIMD_UNARY(round, round_to_even)
/// copysign(magnitude, sign)
ETCH_SIMD_BINARY(copysign, copy_sign)

#undef ETCH_SIMD_UNARY
#undef ETCH_SIMD_BINARY
#undef ETCH_SIMD_COMPARE

template <class T, class A>
ETCH_INLINE pack<T, A>& operator+=(pack<T, A>& a, pack<T, A> const& b) noexcept {
  return a = a + b;
}
template <class T, class A>
ETCH_INLINE pack<T, A>& operator-=(pack<T, A>& a, pack<T, A> const& b) noexcept {
  return a = a - b;
}
template <class T, class A>
ETCH_INLINE pack<T, A>& operator*=(pack<T, A>& a, pack<T, A> const& b) noexcept {
  return a = a * b;
}
template <class T, class A>
ETCH_INLINE pack<T, A>& operator/=(pack<T, A>& a, pack<T, A> const& b) noexcept {
  return a = a / b;
}

/// clamp(x, low, high): low where x < low, high where x > high, else x; NaN stays NaN.
template <class T, class A>
ETCH_INLINE pack<T, A> clamp(pack<T, A> const& x, pack<T, A> const& low,
                             pack<T, A> const& high) noexcept {
  return min_or_second(high, max_or_second(low, x));
}

/// fma(a, b, c): a b + c, rounded once where the processor can, else twice.
template <class T, class A>
ETCH_INLINE pack<T, A> fma(pack<T, A> const& a, pack<T, A> const& b, pack<T, A> const& c) noexcept {
  return detail::map<pack<T, A>, detail::op::fma>(a, b, c);
}
/// fnma(a, b, c): c - a b, rounded as fma.
template <class T, class A>
ETCH_INLINE pack<T, A> fnma(pack<T, A> const& a, pack<T, A> const& b,
                            pack<T, A> const& c) noexcept {
  return detail::map<pack<T, A>, detail::op::fnma>(a, b, c);
}

template <class T, class A>
ETCH_INLINE mask<T, A> operator&(mask<T, A> const& a, mask<T, A> const& b) noexcept {
  return detail::map<mask<T, A>, detail::op::mask_and>(a, b);
}
template <class T, class A>
ETCH_INLINE mask<T, A> operator|(mask<T, A> const& a, mask<T, A> const& b) noexcept {
  return detail::map<mask<T, A>, detail::op::mask_or>(a, b);
}
template <class T, class A>
ETCH_INLINE mask<T, A> operator!(mask<T, A> const& a) noexcept {
  return detail::map<mask<T, A>, detail::op::mask_not>(a);
}

/// select(where, a, b): a where the mask is true, else b.
template <class T, class A>
ETCH_INLINE pack<T, A> select(mask<T, A> const& where, pack<T, A> const& a,
                              pack<T, A> const& b) noexcept {
  return detail::map<pack<T, A>, detail::op::choose>(where, a, b);
}
/// swap_pairs(x): lanes 2i and 2i + 1 change places.
template <class T, class A>
ETCH_INLINE pack<T, A> swap_pairs(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  P y;
  if constexpr (P::width == 1) {
    for (int i = 0; i < P::lanes; ++i) y.r[i] = x.r[i ^ 1];
  } else {
    using native = detail::native<typename P::register_type>;
    detail::for_registers<P::regs>([&](int i)
                                       ETCH_INLINE_LAMBDA { y.r[i] = native::swap_pairs(x.r[i]); });
  }
  return y;
}
/// in_registers(x): x, which gcc does not read again from memory for each use; it does so where
/// many other packs wait in registers.
template <class T, class A>
ETCH_INLINE pack<T, A> in_registers(pack<T, A> const& x) noexcept {
  return detail::map<pack<T, A>, detail::op::keep>(x);
}
template <class T, class A>
ETCH_INLINE mask<T, A> isnan(pack<T, A> const& x) noexcept {
  return detail::map<mask<T, A>, detail::op::is_nan>(x);
}

/// any(m), all(m): whether some lane, every lane is true.
template <class T, class A>
ETCH_INLINE bool any(mask<T, A> const& m) noexcept {
  if constexpr (mask<T, A>::width > 1 && mask<T, A>::regs == 1) return xsimd::any(m.r[0]);
  if constexpr (mask<T, A>::regs == 2) return xsimd::any(m.r[0] | m.r[1]);
  if constexpr (mask<T, A>::regs == 4) return xsimd::any((m.r[0] | m.r[1]) | (m.r[2] | m.r[3]));
  if constexpr (mask<T, A>::width == 1) {
    bool found = false;
    for (bool lane : m.r) found |= lane;
    return found;
  }
}
template <class T, class A>
ETCH_INLINE bool all(mask<T, A> const& m) noexcept {
  return !any(!m);
}

/// first_lanes<T>(n): true in lanes [0, n). 0 <= n <= lanes.
template <class T, class A = default_arch>
ETCH_INLINE mask<T, A> first_lanes(int n) noexcept {
  using memory = detail::memory<typename pack<T, A>::register_type>;
  mask<T, A> y;
  detail::for_registers<mask<T, A>::regs>(
      [&](int i) ETCH_INLINE_LAMBDA { y.r[i] = memory::first(n - i * mask<T, A>::width); });
  return y;
}

/// reduce_add, reduce_mul, reduce_max, reduce_min of all lanes by one fixed tree: lane i with lane
/// i + 8, then i + 4, i + 2, i + 1 (a pack of 8 lanes begins at i + 4). max and min are NaN if a
/// lane is.
template <class T, class A>
ETCH_INLINE T reduce_add(pack<T, A> const& x) noexcept {
  return detail::fold<detail::op::add>(x);
}
template <class T, class A>
ETCH_INLINE T reduce_mul(pack<T, A> const& x) noexcept {
  return detail::fold<detail::op::mul>(x);
}
template <class T, class A>
ETCH_INLINE T reduce_max(pack<T, A> const& x) noexcept {
  return detail::fold<detail::op::max>(x);
}
template <class T, class A>
ETCH_INLINE T reduce_min(pack<T, A> const& x) noexcept {
  return detail::fold<detail::op::min>(x);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
