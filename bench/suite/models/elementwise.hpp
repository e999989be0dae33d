#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// Nine elementwise operators on one large vector: what fusing them saves in traffic.
template <int Elements>
struct elementwise_chain {
  constexpr auto operator()(etch::tensor<float, Elements> x) const {
    return etch::gelu(1.25 * x + 0.5) * etch::sigmoid(0.75 * x);
  }
};

template <int Rows, int Columns>
struct rows_normalised {
  constexpr auto operator()(etch::tensor<float, Rows, Columns> x) const {
    return etch::layer_norm("ln", x);
  }
};

template <int Rows, int Columns>
struct rows_softmax {
  constexpr auto operator()(etch::tensor<float, Rows, Columns> x) const { return etch::softmax(x); }
};

}  // namespace bench::models
