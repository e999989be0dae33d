#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// The ranking model that PyTorch's static runtime is measured with: how well an ad's embedding
/// matches a user's, beside 50 plain features.
template <int Batch>
struct deep_and_wide {
  static constexpr int width = 32;
  static constexpr int features = 50;

  constexpr auto operator()(etch::tensor<float, Batch, 1, width> ad,
                            etch::tensor<float, Batch, 1, width> user,
                            etch::tensor<float, Batch, features> wide) const {
    using namespace etch;
    auto const shifted = wide + parameter<float, 1, features>("_mu");
    auto const scaled = clamp(shifted * parameter<float, 1, features>("_sigma"), 0, 10);
    auto const deep = flatten<1>(matmul(ad, transpose(user)));
    auto const score = linear(concat<1>(deep, scaled), parameter<float, 1, features + 1>("_fc_w"),
                              parameter<float, 1>("_fc_b"));
    return sigmoid(score);
  }
};

}  // namespace bench::models
