#pragma once

#include "keras.hpp"

namespace nets {

/// The autoencoder of MLPerf Tiny's anomaly detection: windows of 5 x 128 log-mel bands of a
/// machine's sound through a bottleneck of 8 numbers and back. The mean square of what comes back
/// wrong is the anomaly score.
template <int Batch>
struct ad_autoencoder_net {
  constexpr auto operator()(etch::tensor<float, Batch, 640> window) const {
    auto h = layer<128>(0, window);
    for (int i = 1; i < 4; ++i) h = layer<128>(i, h);
    auto back = layer<128>(5, layer<8>(4, h));
    for (int i = 6; i < 9; ++i) back = layer<128>(i, back);
    return keras::dense<640>(9, back);
  }

 private:
  template <int N, class X>
  static constexpr auto layer(int number, X const& x) {
    return etch::relu(keras::batch_norm(number, keras::dense<N>(number, x)));
  }
};

template <int Batch = 1>
inline constexpr ad_autoencoder_net<Batch> ad_autoencoder{};

}  // namespace nets
