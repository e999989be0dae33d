#pragma once

#include <etch/etch.hpp>

namespace nets {

/// The guitar amplifier of examples/amp, a sample for each call: what the net adds to the guitar.
struct amp_net {
  constexpr auto operator()(etch::tensor<float, 1, 1> guitar) const {
    using namespace etch;
    return guitar + linear<1>("dense", lstm<16, recurrent{.layer = 0}>("lstm", guitar));
  }
};

inline constexpr amp_net amp{};

}  // namespace nets
