#include <etch/kernels/pack_layout.hpp>

#include <numeric>
#include <vector>

#include "catch.hpp"

using namespace etch::kernels;

namespace {

std::vector<float> counted(long n) {
  std::vector<float> x(static_cast<std::size_t>(n));
  std::iota(x.begin(), x.end(), 1.0f);
  return x;
}

std::vector<float> filled(long n) { return std::vector<float>(static_cast<std::size_t>(n), -1.0f); }

constexpr bool packs_in_the_compiler() {
  double w[3] = {1, 2, 3};
  double out[8] = {};
  pack_panels(w, 3, 1, dense_order::n_k, out);
  return out[0] == 1 && out[2] == 3 && out[3] == 0;
}

}  // namespace

TEST_CASE("pack_panels interleaves columns by lanes and pads them with zeros",
          "[kernels][pack_layout]") {
  STATIC_REQUIRE(packs_in_the_compiler());
  constexpr long n = 19, k = 3;
  STATIC_REQUIRE(packed_dense_size<float>(n, k) == 2 * 3 * 16);
  auto const w = counted(n * k);
  auto by_row = filled(packed_dense_size<float>(n, k));
  auto by_column = by_row;
  pack_panels(w.data(), n, k, dense_order::n_k, by_row.data());
  pack_panels(w.data(), n, k, dense_order::k_n, by_column.data());
  for (long panel = 0; panel < 2; ++panel)
    for (long i = 0; i < k; ++i)
      for (long lane = 0; lane < 16; ++lane) {
        long const column = panel * 16 + lane;
        auto const at = static_cast<std::size_t>((panel * k + i) * 16 + lane);
        CHECK(by_row[at] == (column < n ? w[static_cast<std::size_t>(column * k + i)] : 0.0f));
        CHECK(by_column[at] == (column < n ? w[static_cast<std::size_t>(i * n + column)] : 0.0f));
      }
}

TEST_CASE("pack_bias pads every group to whole panels", "[kernels][pack_layout]") {
  auto const bias = counted(6);
  auto packed = filled(packed_bias_size<float>(6, 2));
  REQUIRE(packed.size() == 32);
  pack_bias(bias.data(), 6, packed.data(), 2);
  for (long i = 0; i < 32; ++i)
    CHECK(packed[static_cast<std::size_t>(i)] ==
          (i % 16 < 3 ? static_cast<float>(i / 16 * 3 + i % 16 + 1) : 0.0f));
}

TEST_CASE("pack_conv2d gives one layout for both orders of a weight", "[kernels][pack_layout]") {
  constexpr conv_weight s{20, 6, 2, 3, 2};
  constexpr long outs = 10, ins = 3, taps = 6;
  auto const oihw = counted(s.o * ins * taps);
  auto hwio = oihw;
  for (long o = 0; o < s.o; ++o)
    for (long i = 0; i < ins; ++i)
      for (long tap = 0; tap < taps; ++tap)
        hwio[static_cast<std::size_t>((tap * ins + i) * s.o + o)] =
            oihw[static_cast<std::size_t>((o * ins + i) * taps + tap)];
  auto a = filled(packed_conv2d_size<float>(s));
  auto b = a;
  REQUIRE(a.size() == 2 * 6 * 3 * 16);
  pack_conv2d(oihw.data(), s, conv_order::oihw, a.data());
  pack_conv2d(hwio.data(), s, conv_order::hwio, b.data());
  CHECK(a == b);
  for (long g = 0; g < 2; ++g)
    for (long tap = 0; tap < taps; ++tap)
      for (long i = 0; i < ins; ++i)
        for (long lane = 0; lane < 16; ++lane) {
          auto const from = static_cast<std::size_t>(((g * outs + lane) * ins + i) * taps + tap);
          float const expected = lane < outs ? oihw[from] : 0.0f;
          CHECK(a[static_cast<std::size_t>(((g * taps + tap) * ins + i) * 16 + lane)] == expected);
        }
}

TEST_CASE("pack_depthwise puts the channels last for both orders of a weight",
          "[kernels][pack_layout]") {
  auto const by_channel = counted(3 * 4);  // 3 channels, 2 x 2 taps
  auto by_tap = by_channel;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t tap = 0; tap < 4; ++tap) by_tap[tap * 3 + c] = by_channel[c * 4 + tap];
  auto a = filled(packed_depthwise_size<float>(3, 2, 2));
  auto b = a;
  pack_depthwise(by_channel.data(), 3, 2, 2, conv_order::oihw, a.data());
  pack_depthwise(by_tap.data(), 3, 2, 2, conv_order::hwio, b.data());
  CHECK(a == b);
  for (std::size_t tap = 0; tap < 4; ++tap)
    for (std::size_t c = 0; c < 16; ++c)
      CHECK(a[tap * 16 + c] == (c < 3 ? by_channel[c * 4 + tap] : 0.0f));
}
