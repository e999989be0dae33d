#pragma once

#include "etch/kernels/simd/pack.hpp"

/// The lanes of a pack as unsigned integers of the same width, for exponents and signs.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

template <class T>
using bits_of = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// One register: a single value, or a batch.
template <class R>
struct bit_register {
  using type = bits_of<R>;
  static ETCH_INLINE type from(R x) noexcept { return __builtin_bit_cast(type, x); }
  static ETCH_INLINE R to(type x) noexcept { return __builtin_bit_cast(R, x); }
  template <int K>
  static ETCH_INLINE type shl(type x) noexcept {
    return x << K;
  }
  template <int K>
  static ETCH_INLINE type shr(type x) noexcept {
    return x >> K;
  }
};

template <class T, class A>
struct bit_register<batch<T, A>> {
  using type = batch<bits_of<T>, A>;
  using raw = typename type::register_type;
  using raw_float = typename batch<T, A>::register_type;
  static ETCH_INLINE type from(batch<T, A> x) noexcept { return __builtin_bit_cast(raw, x.data); }
  static ETCH_INLINE batch<T, A> to(type x) noexcept {
    return __builtin_bit_cast(raw_float, x.data);
  }
  template <int K>
  static ETCH_INLINE type shl(type x) noexcept {
#if defined(__AVX512F__)
    if constexpr (is_avx512<A> && sizeof(T) == 4)
      return _mm512_maskz_slli_epi32(0xffff, x, K);
    else if constexpr (is_avx512<A>)
      return _mm512_maskz_slli_epi64(0xff, x, K);
    else
#endif
      return x << K;
  }
  template <int K>
  static ETCH_INLINE type shr(type x) noexcept {
#if defined(__AVX512F__)
    if constexpr (is_avx512<A> && sizeof(T) == 4)
      return _mm512_maskz_srli_epi32(0xffff, x, K);
    else if constexpr (is_avx512<A>)
      return _mm512_maskz_srli_epi64(0xff, x, K);
    else
#endif
      return x >> K;
  }
};

/// bits<float>: 16 of uint32; bits<double>: 8 of uint64.
template <class T, class Arch>
struct bits {
  using register_type = typename bit_register<typename pack<T, Arch>::register_type>::type;
  static constexpr int regs = pack<T, Arch>::regs;
  register_type r[regs];

  bits() = default;
  ETCH_INLINE bits(bits const& from) noexcept { copy_registers(*this, from); }
  ETCH_INLINE bits& operator=(bits const& from) noexcept { return copy_registers(*this, from); }
  ETCH_INLINE explicit bits(bits_of<T> all) noexcept {
    for_registers<regs>([&](int i) ETCH_INLINE_LAMBDA { r[i] = register_type(all); });
  }
};

namespace op {
struct bits_from {
  template <class R>
  static ETCH_INLINE auto on(R x) noexcept {
    return bit_register<R>::from(x);
  }
};
template <class R>
struct bits_to {
  template <class B>
  static ETCH_INLINE R on(B x) noexcept {
    return bit_register<R>::to(x);
  }
};
template <class R, int K>
struct shift_left {
  template <class B>
  static ETCH_INLINE B on(B x) noexcept {
    return bit_register<R>::template shl<K>(x);
  }
};
template <class R, int K>
struct shift_right {
  template <class B>
  static ETCH_INLINE B on(B x) noexcept {
    return bit_register<R>::template shr<K>(x);
  }
};
struct bit_and {
  template <class B>
  static ETCH_INLINE B on(B a, B b) noexcept {
    return a & b;
  }
};
struct bit_or {
  template <class B>
  static ETCH_INLINE B on(B a, B b) noexcept {
    return a | b;
  }
};
struct bit_xor {
  template <class B>
  static ETCH_INLINE B on(B a, B b) noexcept {
    return a ^ b;
  }
};
}  // namespace op

template <class T, class A>
ETCH_INLINE bits<T, A> as_bits(pack<T, A> const& x) noexcept {
  return map<bits<T, A>, op::bits_from>(x);
}
template <class T, class A>
ETCH_INLINE pack<T, A> as_pack(bits<T, A> const& x) noexcept {
  return map<pack<T, A>, op::bits_to<typename pack<T, A>::register_type>>(x);
}
/// shl<k>(x), shr<k>(x): by k bits, zeros move in.
template <int K, class T, class A>
ETCH_INLINE bits<T, A> shl(bits<T, A> const& x) noexcept {
  return map<bits<T, A>, op::shift_left<typename pack<T, A>::register_type, K>>(x);
}
template <int K, class T, class A>
ETCH_INLINE bits<T, A> shr(bits<T, A> const& x) noexcept {
  return map<bits<T, A>, op::shift_right<typename pack<T, A>::register_type, K>>(x);
}
template <class T, class A>
ETCH_INLINE bits<T, A> operator+(bits<T, A> const& a, bits<T, A> const& b) noexcept {
  return map<bits<T, A>, op::add>(a, b);
}
template <class T, class A>
ETCH_INLINE bits<T, A> operator-(bits<T, A> const& a, bits<T, A> const& b) noexcept {
  return map<bits<T, A>, op::sub>(a, b);
}
template <class T, class A>
ETCH_INLINE bits<T, A> operator&(bits<T, A> const& a, bits<T, A> const& b) noexcept {
  return map<bits<T, A>, op::bit_and>(a, b);
}
template <class T, class A>
ETCH_INLINE bits<T, A> operator|(bits<T, A> const& a, bits<T, A> const& b) noexcept {
  return map<bits<T, A>, op::bit_or>(a, b);
}
template <class T, class A>
ETCH_INLINE bits<T, A> operator^(bits<T, A> const& a, bits<T, A> const& b) noexcept {
  return map<bits<T, A>, op::bit_xor>(a, b);
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
