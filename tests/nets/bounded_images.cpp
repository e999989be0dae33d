// Convolutions and pools of images whose height and width a call decides.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 24);
inline constexpr extent S = dim("S", 20);

/// Channels last, of any height.
template <auto Rows>
struct tall_net {
  constexpr auto operator()(tensor<float, 1, Rows, 6, 4> x) const {
    constexpr conv first{.kernel = 3, .padding = 1, .layout = nhwc};
    constexpr conv each{.kernel = 3, .stride = {2, 1}, .padding = same, .layout = nhwc};
    constexpr pool mean_of{.kernel = 3, .stride = 1, .padding = 1, .layout = nhwc};
    auto const h = relu(conv2d<10, first>("a", x));
    auto const y = depthwise_conv2d<each>("b", h);
    auto const z = avg_pool2d<mean_of>(y) + y;
    return linear<3>("out", reshape<1, 10>(global_avg_pool2d<nhwc>(z)));
  }
};

/// Channels first, of any height and width.
template <auto Rows, auto Columns>
struct free_net {
  constexpr auto operator()(tensor<float, 1, 3, Rows, Columns> x, tensor<float, Rows> shift) const {
    auto const h = conv2d<18, conv{.kernel = 3, .padding = {2, 1}}>("a", x);
    auto const y = max_pool2d<pool{.kernel = 2, .stride = {1, 2}}>(silu(h));
    auto const z = depthwise_conv2d<conv{.kernel = {1, 5}, .padding = 2}>("c", y);
    return conv2d<5, conv{.kernel = 1}>("b", z) + mean<0>(shift);
  }
};

/// A batch of as many images as a call has.
template <auto Images>
struct batch_net {
  constexpr auto operator()(tensor<float, Images, 4, 5, 3> x) const {
    constexpr conv halving{.kernel = 2, .stride = 2, .padding = {0, 0, 0, 1}, .layout = nhwc};
    auto const h = conv2d<7, conv{.kernel = 3, .padding = 1, .layout = nhwc}>("a", x);
    auto const y =
        conv2d<4, halving>("b", max_pool2d<pool{.kernel = 2, .stride = 1, .layout = nhwc}>(h));
    return mean<1, 2>(y);
  }
};

}  // namespace

TEST_CASE("an image has the height of the call", "[nets][bounded][window]") {
  etch_test::same_bits_as_fixed<tall_net, T, float>(24, std::integer_sequence<int, 2, 10>{});
}

TEST_CASE("an image has the height and width of the call", "[nets][bounded][window]") {
  using etch_test::made, etch_test::some_numbers;
  etch_test::beside_fixed<model<made<free_net<T, S>>>> beside;
  auto const shift = [](std::size_t rows) { return some_numbers<float>(rows, 17); };
  beside.check<model<made<free_net<1, 20>>>>(some_numbers<float>(3 * 20, 31), shift(1));
  beside.check<model<made<free_net<24, 4>>>>(some_numbers<float>(3 * 24 * 4, 31), shift(24));
  beside.check<model<made<free_net<9, 14>>>>(some_numbers<float>(3 * 9 * 14, 31), shift(9));
}

TEST_CASE("a batch has as many images as the call", "[nets][bounded][window]") {
  etch_test::same_bits_as_fixed<batch_net, T, float>(60, std::integer_sequence<int, 1, 24>{});
}
