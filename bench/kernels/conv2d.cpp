#include <iterator>

#include "kernels.hpp"

namespace bench {
namespace {

template <conv2d_size S>
struct net_of {
  constexpr auto operator()(etch::tensor<float, 1, S.pixels, S.pixels, S.inputs> x) const {
    return etch::conv2d<S.outputs, etch::conv{.kernel = S.kernel,
                                              .stride = S.stride,
                                              .padding = S.kernel / 2,
                                              .layout = etch::nhwc}>("conv", x);
  }
};
template <conv2d_size S>
constexpr net_of<S> net{};

}  // namespace

std::vector<workload> conv2d_kernels() {
  return for_each_size<std::size(conv2d_sizes)>([](auto number) {
    constexpr conv2d_size s = conv2d_sizes[number];
    return workload_of<net<s>>("conv2d " + numbers("x", s.pixels, s.pixels, s.inputs, s.outputs) +
                                   " kernel " + numbers(" stride ", s.kernel, s.stride),
                               1);
  });
}

}  // namespace bench
