// Models of images that run in bands of rows: the bits are those of one step after the other.

#include "catch.hpp"
#include "tiled_net.hpp"

namespace {

using namespace etch;
using etch_test::same_bits;
using etch_test::times_less_memory;

constexpr plan::tile_policy rows_at_a_time(int rows) {
  return {.least_bytes = 1 << 30, .bands = {.least_bytes = 0, .rows = rows}};
}

constexpr conv pixels{.kernel = 1};
constexpr conv near{.kernel = 3, .padding = 1};
constexpr conv coarser{.kernel = 3, .stride = 2, .padding = 1};

/// Wide between narrow ends, one shortcut from outside of the chain and one within it.
struct wide_blocks {
  template <int Channels, class X>
  static constexpr auto block(path const& of, X const& x) {
    auto const wide = clamp(conv2d<20, pixels>(of / 0, x), 0, 6);
    auto const h = relu(depthwise_conv2d<near>(of / 1, wide));
    return conv2d<Channels, pixels>(of / 2, h) + x;
  }
  constexpr auto operator()(tensor<float, 2, 6, 13, 9> x) const {
    auto const y = tanh(block<6>("b", block<6>("a", x)));
    return conv2d<3, coarser>("end", y);
  }
};
inline constexpr wide_blocks wide{};

/// Strides, kernels of even sizes, dilation, groups, more channels than a register has lanes.
struct many_windows {
  constexpr auto operator()(tensor<float, 1, 3, 37, 21> x) const {
    auto const a = relu(conv2d<33, coarser>("a", x));
    auto const b = depthwise_conv2d<conv{.kernel = {4, 2}, .padding = {2, 1}}>("b", a);
    auto const c = conv2d<12, conv{.kernel = 2, .padding = same, .groups = 3}>("c", b);
    auto const d = relu(conv2d<12, conv{.kernel = 3, .padding = 2, .dilation = 2}>("d", c));
    return depthwise_conv2d<conv{.kernel = 5, .stride = 2, .padding = 1}>("e", d);
  }
};
inline constexpr many_windows windows{};

/// Pools, a convolution that skips pixels, rows that nothing reads.
struct pools_net {
  constexpr auto operator()(tensor<float, 3, 5, 18, 18> x) const {
    auto const a = conv2d<17, conv{.kernel = 5, .padding = 2}>("a", x);
    auto const most = max_pool2d<pool{.kernel = 3, .stride = 2, .padding = 1}>(a);
    auto const mean = avg_pool2d<pool{.kernel = 2, .stride = 1, .padding = 1}>(most);
    auto const h = relu(conv2d<8, conv{.kernel = 1, .stride = 3}>("b", mean));
    return h * parameter<float, 8, 1, 1>("gain");
  }
};
inline constexpr pools_net pools{};

/// An image that several steps read, some of them element by element.
struct shared_image {
  constexpr auto operator()(tensor<double, 1, 4, 16, 11> x) const {
    auto const h = conv2d<9, near>("a", x);
    auto const deep = conv2d<9, near>("c", conv2d<9, near>("b", tanh(h)));
    return conv2d<5, near>("d", max(deep, h) * h) + conv2d<5, pixels>("e", h);
  }
};
inline constexpr shared_image shared{};

/// As large as images are for which the usual policy takes bands.
struct large_image {
  constexpr auto operator()(tensor<float, 1, 3, 96, 96> x) const {
    auto const h = relu(conv2d<40, near>("a", x));
    return conv2d<2, pixels>("c", depthwise_conv2d<coarser>("b", h));
  }
};
inline constexpr large_image large{};

}  // namespace

TEST_CASE("blocks of convolutions give the same bits band by band", "[nets][bands]") {
  same_bits<wide, rows_at_a_time(1)>();
  same_bits<wide, rows_at_a_time(3)>();
  STATIC_REQUIRE(times_less_memory<wide, rows_at_a_time(1)>() > 1.5);
}

TEST_CASE("windows of all kinds give the same bits band by band", "[nets][bands]") {
  same_bits<windows, rows_at_a_time(2)>();
  same_bits<windows, rows_at_a_time(7)>();
}

TEST_CASE("pools give the same bits band by band", "[nets][bands]") {
  same_bits<pools, rows_at_a_time(1)>();
}

TEST_CASE("an image that several steps read is in bands of all of them", "[nets][bands]") {
  same_bits<shared, rows_at_a_time(2)>();
  same_bits<shared, rows_at_a_time(3)>();
}

TEST_CASE("large images run in bands unless an option says no", "[nets][bands]") {
  same_bits<large, plan::tile_policy{}>();
  STATIC_REQUIRE(times_less_memory<large, plan::tile_policy{}>() > 1.5);
}
