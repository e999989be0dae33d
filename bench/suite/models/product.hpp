#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// x w, where w is known at load.
template <int Rows, int Inputs, int Outputs>
struct product {
  constexpr auto operator()(etch::tensor<float, Rows, Inputs> x) const {
    return etch::matmul(x, etch::parameter<float, Inputs, Outputs>("w"));
  }
};

}  // namespace bench::models
