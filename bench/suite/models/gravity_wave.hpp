#pragma once

#include <utility>

#include "mlp.hpp"

namespace bench::models {

/// A parametrisation of gravity waves as climate models call it, in double: a trunk of tanh layers
/// and, for each of 40 levels of the atmosphere, a small branch of its own.
template <int Batch>
struct gravity_wave {
  static constexpr int levels = 40;

  constexpr auto operator()(etch::tensor<double, Batch, 42> column) const {
    auto const trunk =
        etch::tanh(perceptron<activation::tanh, 256, 256, 256, 256, 256, 64>("trunk", column));
    return [&]<int... Level>(std::integer_sequence<int, Level...>) {
      return etch::concat<1>(branch(Level, trunk)...);
    }
    (std::make_integer_sequence<int, levels>{});
  }

 private:
  template <class X>
  static constexpr auto branch(int level, X const& trunk) {
    return perceptron<activation::tanh, 32, 1>(etch::scope("branches") / level, trunk);
  }
};

}  // namespace bench::models
