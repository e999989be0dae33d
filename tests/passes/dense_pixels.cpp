#include <etch/passes/dense_pixels.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::dense_pixels;
using attrs = ops::conv2d::attrs;

/// An image of 5 x 7 pixels by a matrix of 1 x 1 or more taps.
constexpr ir::graph filtered(int channels, attrs const& a, int taps = 1) {
  net g;
  auto const x = a.channels_last ? g.input(1, 5, 7, channels) : g.input(1, channels, 5, 7);
  auto const w = g.weight("w", 3 * a.groups, channels / a.groups, taps, taps);
  return g.returning(g.add_op<ops::conv2d>({x, w, g.weight("b", 3 * a.groups)}, a));
}

constexpr attrs strides(int h, int w) {
  return {.stride_h = h, .stride_w = w, .channels_last = true};
}

constexpr bool is_sliced(ir::graph const& before) {
  return count<ops::slice>(after<dense_pixels>(before)) == 1;
}

constexpr bool slices_far_pixels() {
  return is_sliced(filtered(256, strides(2, 2))) && is_sliced(filtered(512, strides(1, 2))) &&
         is_sliced(filtered(512, strides(3, 3))) && is_sliced(filtered(128, strides(2, 4)));
}

constexpr bool leaves_the_others() {
  attrs padded = strides(2, 2), grouped = strides(2, 2), first = strides(2, 2);
  padded.pad_left = 1;
  grouped.groups = 2;
  first.channels_last = false;
  return !is_sliced(filtered(64, strides(2, 2))) && !is_sliced(filtered(255, strides(2, 2))) &&
         !is_sliced(filtered(512, strides(2, 1))) && !is_sliced(filtered(256, strides(2, 2), 2)) &&
         !is_sliced(filtered(256, padded)) && !is_sliced(filtered(256, grouped)) &&
         !is_sliced(filtered(256, first));
}

}  // namespace

TEST_CASE("dense_pixels slices what a convolution skips", "[passes][dense_pixels]") {
  REQUIRE(text_after<dense_pixels>(filtered(256, strides(3, 2))) ==
          R"((%0 : f32[1,5,7,256]) {
  %1 = parameter 'w' : f32[3,256,1,1]
  %2 = parameter 'b' : f32[3]
  %3 = slice(%0, {0,0,0,0}, {1,2,4,256}, {1,3,2,1}) : f32[1,2,4,256]
  %4 = conv2d(%3, %1, %2, 1, 1, 1, 1, 0, 0, 0, 0, 1, true) : f32[1,2,4,3]
  return %4
}
)");
  require_sound<dense_pixels>(filtered(256, strides(2, 2)));
  require_sound<dense_pixels>(filtered(512, strides(1, 2)));
  require_sound<dense_pixels>(filtered(128, strides(2, 4)));
}

TEST_CASE("dense_pixels leaves pixels where they are", "[passes][dense_pixels]") {
  STATIC_REQUIRE(slices_far_pixels());
  STATIC_REQUIRE(leaves_the_others());
  require_unchanged<dense_pixels>(filtered(64, strides(2, 2)));
}
