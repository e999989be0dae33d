#pragma once

#include <etch/core/isa.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace etch_test {

struct known_bits {
  std::string_view net;
  std::uint64_t hash;
};

/// hash_of the outputs of each net under strict numerics, on every set with a fused multiply-add
/// and under every compiler. A change of the order in which a kernel adds changes them: that is a
/// change of what etch promises, and belongs into CHANGELOG.md.
inline constexpr known_bits all_known_bits[]{
    {"digits", 0xda0312791e7b974d},
    {"sdf", 0xe3d819f83b95e3c4},
    {"ad_autoencoder", 0x39754f62e3054190},
    {"hello_sine", 0xb15ee87f92679117},
    {"resnet8", 0xa2199d1a404329ac},
    {"resnet8 oihw", 0xa2199d1a404329ac},
    {"resnet8 fast", 0x0bc1cbb5e10371cc},
    {"resnet8 logits", 0xd0c8a98b431d8f41},
    {"rtneural_dense", 0xadd16875bc6ee149},
    {"rtneural_conv2d", 0x2fc74848c102ce24},
    {"rtneural_gru", 0x2419b93d09fa3956},
    {"rtneural_gru_1d", 0xc9e580ac41244438},
    {"rtneural_gru_torch", 0xcd8616b8ac7b634c},
    {"rtneural_lstm", 0x627101753fb587ea},
    {"rtneural_lstm_1d", 0x9067119b16d64d04},
    {"rtneural_lstm_torch", 0xff59d2a6f36ae3bc},
    {"nam_wavenet_tiny", 0xd42ef0dd0a1c8c51},
    {"nam_wavenet_standard", 0xbefb0ebce3e48d39},
    {"rtneural_conv1d", 0xc328455215665260},
    {"rtneural_microtcn", 0x91317220a55cd4a3},
    {"rtneural_conv1d_torch", 0xd4ed1553fa12998e},
    {"rtneural_conv1d_torch_group_6_3_3_1_3", 0x2b0ccc9a96b4639d},
    {"rtneural_conv1d_torch_group_6_3_4_10_3", 0xae5a86a848903958},
    {"rtneural_conv1d_torch_group_6_6_1_1_6", 0x4a3bf739a4b2bdc7},
    {"rtneural_conv1d_torch_stride3", 0x370c57c414f4a4ba},
    {"rtneural_conv_stateless", 0xfb5706cac1677880},
    {"rtneural_convtranspose1d_torch", 0x8c959ec0a0268598},
    {"gpt_nano_sort", 0x2833b859e0676bfd},
    {"amp", 0xa08b7d98f592d10c},
    {"text", 0x70776b8e7ec46a5c},
};

inline void check_bits(std::string const& net, std::uint64_t hash) {
  if constexpr (etch::compiled_isa != etch::isa::avx2 && etch::compiled_isa != etch::isa::avx512)
    return;
  for (known_bits const& known : all_known_bits) {
    if (known.net != net) continue;
    CAPTURE(net);
    CHECK(hash == known.hash);
    return;
  }
  FAIL("the bits of '" << net << "' are not in known_bits.hpp");
}

}  // namespace etch_test
