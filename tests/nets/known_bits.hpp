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
    {"digits", 0x5d7f3cca697de72d},
    {"sdf", 0xe3d819f83b95e3c4},
    {"ad_autoencoder", 0x39754f62e3054190},
    {"hello_sine", 0xb15ee87f92679117},
    {"resnet8", 0xccb1a832410b4adb},
    {"resnet8 oihw", 0xccb1a832410b4adb},
    {"resnet8 fast", 0xb2d8975293e56ba1},
    {"resnet8 logits", 0xd0c8a98b431d8f41},
    {"rtneural_dense", 0xadd16875bc6ee149},
    {"rtneural_conv2d", 0x2fc74848c102ce24},
    {"rtneural_gru", 0x480233c82db01519},
    {"rtneural_gru_1d", 0xff241b6a14e9108b},
    {"rtneural_gru_torch", 0x38165a17607e55b3},
    {"rtneural_lstm", 0x0a6c8bdf48080d58},
    {"rtneural_lstm_1d", 0x5540502bc41237a3},
    {"rtneural_lstm_torch", 0xd0c063d846bb4d5f},
    {"nam_wavenet_tiny", 0x5ec8ed2b395d2c36},
    {"nam_wavenet_standard", 0x8fcd5e72042be43b},
    {"rtneural_conv1d", 0xe08eb053dcb41cfe},
    {"rtneural_microtcn", 0x91317220a55cd4a3},
    {"rtneural_conv1d_torch", 0xd4ed1553fa12998e},
    {"rtneural_conv1d_torch_group_6_3_3_1_3", 0x2b0ccc9a96b4639d},
    {"rtneural_conv1d_torch_group_6_3_4_10_3", 0xae5a86a848903958},
    {"rtneural_conv1d_torch_group_6_6_1_1_6", 0x4a3bf739a4b2bdc7},
    {"rtneural_conv1d_torch_stride3", 0x370c57c414f4a4ba},
    {"rtneural_conv_stateless", 0x368fde9f42fcafa1},
    {"rtneural_convtranspose1d_torch", 0x8c959ec0a0268598},
    {"gpt_nano_sort", 0xc764bc02555b7b67},
    {"amp", 0xd1db6db3ed23470a},
    {"text", 0x7ab5144acb592650},
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
