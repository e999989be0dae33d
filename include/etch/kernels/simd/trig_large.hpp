#pragma once

#include <bit>
#include <cstdint>

#include "etch/core/isa.hpp"

/// Reduction of one large angle by pi / 2, in integers only, so that every compiler and processor
/// gives the same bits.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// x = quadrant pi / 2 + rest (modulo 2 pi), |rest| <= pi / 4.
struct reduced_angle {
  unsigned quadrant;
  double rest;
};

/// 2 / pi in words of 32 bits, the first just behind the binary point.
inline constexpr std::uint32_t two_over_pi[38] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
    0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
    0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
    0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
    0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab};

/// The upper half of the 128-bit product.
ETCH_INLINE std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t const a0 = a & 0xffffffffu, a1 = a >> 32, b0 = b & 0xffffffffu, b1 = b >> 32;
  std::uint64_t const middle = a1 * b0 + ((a0 * b0) >> 32);
  std::uint64_t const carry = a0 * b1 + (middle & 0xffffffffu);
  return a1 * b1 + (middle >> 32) + (carry >> 32);
}

/// For finite x >= 1.
/// numerics  rest is within 0.51 ulp: 192 bits of the fraction of x 2 / pi are kept
/// source    Payne, Hanek 1983
ETCH_COLD inline reduced_angle reduce_large_angle(double x) noexcept {
  std::uint64_t const image = std::bit_cast<std::uint64_t>(x);
  std::uint64_t const m = (image & 0x000fffffffffffffu) | 0x0010000000000000u;
  int const e = int(image >> 52) - 1075;          // x = m 2^e
  int const skipped = e >= 2 ? (e - 2) / 32 : 0;  // these words only add whole turns

  // product = m times eight words, in ten words from the lowest
  std::uint32_t product[10] = {};
  std::uint64_t carry_low = 0, carry_high = 0;
  std::uint64_t const m0 = m & 0xffffffffu, m1 = m >> 32;
  for (int i = 0; i < 8; ++i) {
    std::uint64_t const word = two_over_pi[skipped + 7 - i];
    std::uint64_t const low = m0 * word + product[i] + carry_low;
    product[i] = std::uint32_t(low);
    carry_low = low >> 32;
    std::uint64_t const high = m1 * word + carry_high;
    std::uint64_t const sum = std::uint64_t(product[i + 1]) + (high & 0xffffffffu);
    product[i + 1] = std::uint32_t(sum);
    carry_high = (high >> 32) + (sum >> 32);
  }
  std::uint64_t const top = carry_low + product[8];
  product[8] = std::uint32_t(top);
  product[9] = std::uint32_t(carry_high + (top >> 32));

  // `point` bits of the product are the fraction; 64 bits below bit `end`:
  int const point = 256 - (e - 32 * skipped);
  auto below = [&](int end) {
    std::uint64_t value = 0;
    for (int i = 0; i < 3; ++i) {
      int const at = (end - 1) / 32 - i;
      std::uint64_t const word = at >= 0 && at < 10 ? product[at] : 0;
      int const shift = 32 - 32 * i + 31 - (end - 1) % 32;
      value |= shift >= 0 ? word << shift : word >> -shift;
    }
    return value;
  };
  unsigned quadrant = unsigned(below(point + 2) >> 62);
  std::uint64_t f0 = below(point), f1 = below(point - 64), f2 = below(point - 128);

  bool const negative = (f0 >> 63) != 0;  // the nearer multiple is above
  if (negative) {
    ++quadrant;
    f2 = ~f2 + 1;
    f1 = ~f1 + (f2 == 0);
    f0 = ~f0 + (f2 == 0 && f1 == 0);
  }
  int exponent = 0;
  while (f0 == 0 && exponent < 128) {
    f0 = f1;
    f1 = f2;
    f2 = 0;
    exponent += 64;
  }
  if (f0 == 0) return {quadrant & 3u, 0.0};
  int const zeros = std::countl_zero(f0);
  if (zeros > 0) f0 = (f0 << zeros) | (f1 >> (64 - zeros));
  exponent += zeros;

  // fraction = f0 2^(-64 - exponent), pi / 2 = 0xc90f... 2^-63, the product's high word 2^64
  std::uint64_t const angle = multiply_high(f0, 0xc90fdaa22168c235u);
  double const unit = std::bit_cast<double>(std::uint64_t(1023 - 63 - exponent) << 52);
  double const rest = double(angle) * unit;
  return {quadrant & 3u, negative ? -rest : rest};
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
