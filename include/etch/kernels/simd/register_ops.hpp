#pragma once

#include <cstdint>

#include "etch/kernels/simd/native.hpp"
#include "etch/kernels/simd/native_avx512.hpp"
#include "etch/kernels/simd/native_neon64.hpp"

/// One struct per operation of packs; on(...) takes one register: a batch, or a single value of a
/// plain pack. Integers wrap around.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {
namespace op {

template <std::integral T>
ETCH_INLINE std::uint64_t wide(T x) noexcept {
  return static_cast<std::uint64_t>(x);
}

struct add {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    if constexpr (std::integral<R>)
      return static_cast<R>(wide(a) + wide(b));
    else
      return a + b;
  }
};

struct sub {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    if constexpr (std::integral<R>)
      return static_cast<R>(wide(a) - wide(b));
    else
      return a - b;
  }
};

struct mul {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    if constexpr (std::integral<R>)
      return static_cast<R>(wide(a) * wide(b));
    else
      return native<R>::apart(a * b);
  }
};

/// A value that the compiler does not read again from memory, or as part of another operation.
struct keep {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    if constexpr (std::is_arithmetic_v<R>)
      return a;
    else
      return native<R>::apart(a);
  }
};

/// Integers: x / 0 is 0 and min / -1 wraps, so that a padded lane never traps.
struct div {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    if constexpr (std::integral<R>) {
      if (b == R(0)) return R(0);
      if constexpr (std::is_signed_v<R>)
        if (b == R(-1)) return static_cast<R>(std::uint64_t{0} - wide(a));
      return static_cast<R>(a / b);
    } else {
      return native<R>::div(a, b);
    }
  }
};

struct neg {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    if constexpr (std::integral<R>)
      return static_cast<R>(std::uint64_t{0} - wide(a));
    else
      return native<R>::neg(a);
  }
};

struct abs {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    if constexpr (std::integral<R>)
      return a < R(0) ? neg::on(a) : a;
    else
      return native<R>::abs(a);
  }
};

/// a b + c
struct fma {
  template <class R>
  static ETCH_INLINE R on(R a, R b, R c) noexcept {
    if constexpr (std::integral<R>)
      return static_cast<R>(wide(a) * wide(b) + wide(c));
    else
      return native<R>::fma(a, b, c);
  }
};

/// c - a b
struct fnma {
  template <class R>
  static ETCH_INLINE R on(R a, R b, R c) noexcept {
    if constexpr (std::integral<R>)
      return static_cast<R>(wide(c) - wide(a) * wide(b));
    else
      return native<R>::fnma(a, b, c);
  }
};

struct less {
  template <class R>
  static ETCH_INLINE auto on(R a, R b) noexcept {
    return a < b;
  }
};

struct less_equal {
  template <class R>
  static ETCH_INLINE auto on(R a, R b) noexcept {
    return a <= b;
  }
};

struct equal {
  template <class R>
  static ETCH_INLINE auto on(R a, R b) noexcept {
    return a == b;
  }
};

/// True for NaN, as in C++.
struct not_equal {
  template <class R>
  static ETCH_INLINE auto on(R a, R b) noexcept {
    return native<R>::not_equal(a, b);
  }
};

struct mask_and {
  template <class M>
  static ETCH_INLINE M on(M a, M b) noexcept {
    return M(a & b);
  }
};

struct mask_or {
  template <class M>
  static ETCH_INLINE M on(M a, M b) noexcept {
    return M(a | b);
  }
};

struct mask_not {
  template <class M>
  static ETCH_INLINE M on(M a) noexcept {
    return !a;
  }
};

struct choose {
  template <class M, class R>
  static ETCH_INLINE R on(M where, R a, R b) noexcept {
    return native<R>::select(where, a, b);
  }
};

struct is_nan {
  template <class R>
  static ETCH_INLINE auto on(R a) noexcept {
    return native<R>::isnan(a);
  }
};

/// The smaller; b if either is NaN or both are zero. One instruction on x86.
struct min_or_second {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    return native<R>::min_or_second(a, b);
  }
};

/// The larger; b if either is NaN or both are zero.
struct max_or_second {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    return native<R>::max_or_second(a, b);
  }
};

/// NaN if either is NaN.
struct min {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    return choose::on(is_nan::on(a), a, min_or_second::on(a, b));
  }
};

struct max {
  template <class R>
  static ETCH_INLINE R on(R a, R b) noexcept {
    return choose::on(is_nan::on(a), a, max_or_second::on(a, b));
  }
};

struct relu {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    return max_or_second::on(R(0), a);
  }
};

struct copy_sign {
  template <class R>
  static ETCH_INLINE R on(R magnitude, R sign) noexcept {
    return native<R>::copysign(magnitude, sign);
  }
};

struct square_root {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    return native<R>::sqrt(a);
  }
};

struct round_down {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    return native<R>::floor(a);
  }
};

struct round_up {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    return native<R>::ceil(a);
  }
};

struct round_to_zero {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    return native<R>::trunc(a);
  }
};

struct round_to_even {
  template <class R>
  static ETCH_INLINE R on(R a) noexcept {
    return native<R>::round(a);
  }
};

}  // namespace op
}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
