#pragma once

#include <bit>
#include <cstdint>

namespace etch::runtime {

/// The float that an IEEE 754 binary16 stands for.
/// numerics  exact; infinities stay, NaN keeps its sign and payload
[[nodiscard]] constexpr float widen_f16(std::uint16_t bits) noexcept {
  std::uint32_t const sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  std::uint32_t const magnitude = bits & 0x7fffu;
  if (magnitude >= 0x7c00)  // infinity or NaN: all ones stay all ones in the wider exponent
    return std::bit_cast<float>(sign | 0x7f800000u | (magnitude & 0x3ffu) << 13);
  if (magnitude >= 0x0400)  // the biases of the exponents are 15 and 127
    return std::bit_cast<float>(sign | ((magnitude << 13) + (112u << 23)));
  float const subnormal = static_cast<float>(magnitude) * 0x1p-24f;
  return sign ? -subnormal : subnormal;
}

/// The float that a bfloat16 stands for: its upper half.
/// numerics  exact; infinities stay, NaN keeps its sign and payload
[[nodiscard]] constexpr float widen_bf16(std::uint16_t bits) noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace etch::runtime
