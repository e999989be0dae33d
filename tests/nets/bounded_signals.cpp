// Convolutions along signals as long as a call says.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 40);

/// Padded at the end that a call has, in groups, with a stride.
template <auto Rows>
struct rows_net {
  constexpr auto operator()(tensor<float, Rows, 8> x) const {
    constexpr signal_conv first{.kernel = 3, .padding = 1, .layout = nlc};
    constexpr signal_conv wide{
        .kernel = 5, .padding = same, .dilation = 2, .groups = 3, .layout = nlc};
    constexpr signal_conv halving{.kernel = 4, .stride = 2, .padding = {1, 1}, .layout = nlc};
    auto const h = relu(conv1d<12, first>("a", x));
    return conv1d<5, halving>("c", conv1d<12, wide>("b", h) + h);
  }
};

/// Channels first, each by itself and then together; what is left of a signal without margins.
template <auto Rows>
struct channels_net {
  constexpr auto operator()(tensor<float, 1, 6, Rows> x) const {
    constexpr signal_conv each{.kernel = 3, .padding = {2, 0}, .groups = 6};
    auto const h = tanh(conv1d<6, each>("a", x)) + x;
    auto const y = conv1d<9, signal_conv{.kernel = 4}>("b", h);
    return mean<-1>(max_pool(y)) + mean<-1>(y);
  }

 private:
  /// Pools along the length, the row of an image.
  template <class X>
  static constexpr auto max_pool(X const& x) {
    constexpr auto length = Rows - 3;
    return reshape<1, 9, -1>(max_pool2d<pool{.kernel = {1, 3}, .stride = 1, .padding = {0, 1}}>(
        reshape<1, 9, 1, length>(x)));
  }
};

}  // namespace

TEST_CASE("a signal is padded behind the rows of the call", "[nets][bounded][window]") {
  etch_test::same_bits_as_fixed<rows_net, T, float>(8, std::integer_sequence<int, 2, 18, 40>{});
}

TEST_CASE("channels may lie before the rows of the call", "[nets][bounded][window]") {
  etch_test::same_bits_as_fixed<channels_net, T, float>(6, std::integer_sequence<int, 4, 17, 40>{});
}
