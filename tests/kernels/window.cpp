#include <etch/kernels/window.hpp>

#include "catch.hpp"

using etch::kernels::window_axis;

namespace {

/// Whether the taps and the inner outputs are those that a search over all of them finds.
constexpr bool finds_what_a_search_finds(window_axis a) {
  bool in_order = a.inner_begin() >= 0 && a.inner_end() <= a.out;
  for (long o = 0; o < a.out; ++o) {
    bool all_inside = true;
    for (long tap = 0; tap < a.kernel; ++tap) {
      long const i = o * a.stride - a.pad + tap * a.dilation;
      bool const inside = i >= 0 && i < a.in;
      all_inside = all_inside && inside;
      if (inside != (tap >= a.first_tap(o) && tap < a.last_tap(o))) return false;
    }
    if (all_inside != (o >= a.inner_begin() && o < a.inner_end())) return false;
  }
  return in_order;
}

constexpr bool finds_it_everywhere() {
  for (long in = 1; in <= 7; in += 2)
    for (long kernel = 1; kernel <= 4; ++kernel)
      for (long stride = 1; stride <= 3; ++stride)
        for (long dilation = 1; dilation <= 3; ++dilation)
          for (long pad = 0; pad <= 5; ++pad)
            if (!finds_what_a_search_finds({in, 6, kernel, stride, dilation, pad})) return false;
  return true;
}

}  // namespace

TEST_CASE("a window axis knows the taps inside its input and the outputs without padding",
          "[kernels][window]") {
  STATIC_REQUIRE(finds_what_a_search_finds({32, 32, 3, 1, 1, 1}));
  REQUIRE(finds_it_everywhere());
}
