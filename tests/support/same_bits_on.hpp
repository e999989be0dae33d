#pragma once

#include <cstring>
#include <vector>

#include <etch/etch.hpp>

#include "support/known_weights.hpp"

namespace etch_test {

struct wide_net {
  constexpr auto operator()(etch::tensor<float, 64, 256> x) const {
    return etch::tanh(etch::linear<300>("fc", x));
  }
};
inline constexpr wide_net wide{};
using wide_model = etch::model<wide>;

/// Whether a session on an executor's threads gives the bits of one without.
template <class Executor>
bool same_bits_on(Executor& executor) {
  std::vector<float> x(64 * 256);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(static_cast<int>(i * 29 % 97) - 48) / 50.0f;
  auto const weights = known_weights<wide_model>();
  etch::session<wide_model> alone{weights}, shared{weights, executor};
  std::span<float const, 64 * 256> const input(x);
  auto const expected = alone(input), found = shared(input);
  return std::memcmp(expected.data(), found.data(), 64 * 300 * sizeof(float)) == 0;
}

static_assert(wide_model::net::plan.steps[0].splits);

}  // namespace etch_test
