#pragma once

#include <etch/ops/greater.hpp>
#include <etch/ops/mul.hpp>
#include <etch/ops/where.hpp>

namespace etch {

/// prelu(x, slope): x where x > 0, slope x elsewhere.
/// shape     those of x and slope, broadcast together; slope[C] for channels last
/// dtype     float, double; the same for both
/// numerics  exact where x > 0, else correctly rounded
/// errors    shapes that do not broadcast
/// source    torch.nn.PReLU; ONNX PRelu-16
template <front::tensor_operand X, front::operand Slope>
constexpr auto prelu(X const& x, Slope const& slope) {
  return where(x > 0.0f, x, x * slope);
}

}  // namespace etch
