#include <etch/ops/window.hpp>

#include "catch.hpp"

namespace {

using etch::ops::window_axis;

constexpr window_axis same(std::int64_t extent, std::int64_t kernel, std::int64_t stride,
                           std::int64_t dilation = 1) {
  window_axis axis{extent, kernel, stride, dilation};
  axis.pad_same();
  return axis;
}

constexpr bool pads(window_axis const& axis, std::int64_t before, std::int64_t after,
                    std::int64_t positions) {
  return axis.before == before && axis.after == after && axis.positions() == positions;
}

}  // namespace

TEST_CASE("SAME is the padding of TensorFlow's formula, computed by hand", "[ops][window]") {
  STATIC_REQUIRE(pads(same(5, 3, 1), 1, 1, 5));
  STATIC_REQUIRE(pads(same(5, 3, 2), 1, 1, 3));      // 2 * 2 + 3 - 5 = 2
  STATIC_REQUIRE(pads(same(6, 3, 2), 0, 1, 3));      // 2 * 2 + 3 - 6 = 1
  STATIC_REQUIRE(pads(same(7, 2, 3), 0, 1, 3));      // 2 * 3 + 2 - 7 = 1
  STATIC_REQUIRE(pads(same(224, 7, 2), 2, 3, 112));  // 111 * 2 + 7 - 224 = 5
  STATIC_REQUIRE(pads(same(4, 1, 2), 0, 0, 2));      // 1 * 2 + 1 - 4 < 0
  STATIC_REQUIRE(pads(same(10, 3, 1, 2), 2, 2, 10));
  STATIC_REQUIRE(pads(same(3, 5, 1), 2, 2, 3));
  STATIC_REQUIRE(pads(same(1, 4, 1), 1, 2, 1));
}

TEST_CASE("SAME gives as many positions as inputs divided by the stride", "[ops][window]") {
  for (std::int64_t extent = 1; extent < 20; ++extent) {
    for (std::int64_t kernel = 1; kernel < 6; ++kernel) {
      for (std::int64_t stride = 1; stride < 5; ++stride) {
        for (std::int64_t dilation = 1; dilation < 4; ++dilation) {
          auto const axis = same(extent, kernel, stride, dilation);
          CAPTURE(extent, kernel, stride, dilation);
          REQUIRE(axis.positions() == (extent + stride - 1) / stride);
          REQUIRE(axis.before <= axis.after);
          REQUIRE(axis.after <= axis.before + 1);
        }
      }
    }
  }
}

TEST_CASE("a padding is one number, two, four, or a rule", "[ops][window]") {
  using etch::padding2d;
  STATIC_REQUIRE(padding2d(3) == padding2d(3, 3, 3, 3));
  STATIC_REQUIRE(padding2d(1, 2) == padding2d(1, 2, 1, 2));
  STATIC_REQUIRE(padding2d(etch::same).rule == etch::same);
  STATIC_REQUIRE(etch::ops::explicit_padding_of(etch::valid, 9, 9, 3, 1, 1) == padding2d(0));
  STATIC_REQUIRE(etch::ops::explicit_padding_of(etch::same, 6, 5, 3, 2, 1) ==
                 padding2d(0, 1, 1, 1));
  STATIC_REQUIRE(etch::ops::explicit_padding_of(etch::same, 6, 5, 3, 0, 1) == padding2d(0));
}
