#pragma once

#include <etch/etch.hpp>

namespace nets {

/// The neural signed distance field of examples/sdf: points in space to their distance from the
/// shape, negative inside.
template <int Points>
struct sdf_net {
  constexpr auto operator()(etch::tensor<float, Points, 3> point) const {
    using namespace etch;
    auto h = sin(linear<64>("fc0", point));
    for (char const* layer : {"fc1", "fc2", "fc3", "fc4"}) h = sin(linear<64>(layer, h));
    return linear<1>("out", h);
  }
};

template <int Points = 1>
inline constexpr sdf_net<Points> sdf{};

}  // namespace nets
