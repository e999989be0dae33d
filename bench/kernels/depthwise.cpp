#include <iterator>

#include "kernels.hpp"

namespace bench {
namespace {

template <depthwise_size S>
struct net_of {
  constexpr auto operator()(etch::tensor<float, 1, S.pixels, S.pixels, S.channels> x) const {
    return etch::conv2d<S.channels, etch::conv{.kernel = S.kernel,
                                               .stride = S.stride,
                                               .padding = S.kernel / 2,
                                               .groups = S.channels,
                                               .layout = etch::nhwc}>("conv", x);
  }
};
template <depthwise_size S>
constexpr net_of<S> net{};

}  // namespace

std::vector<workload> depthwise_kernels() {
  return for_each_size<std::size(depthwise_sizes)>([](auto number) {
    constexpr depthwise_size s = depthwise_sizes[number];
    return workload_of<net<s>>("depthwise " + numbers("x", s.pixels, s.pixels, s.channels) +
                                   " kernel " + numbers(" stride ", s.kernel, s.stride),
                               1);
  });
}

}  // namespace bench
