#pragma once

#include <etch/ops/gather.hpp>

namespace etch {

/// embedding<rows, width>(name, indices): a row of the parameter name.weight [rows, width] for each
/// index; embedding<rows, width, double> for a table of double.
/// shape     [...] -> [..., width]
/// dtype     indices int32, int64
/// numerics  those of gather
/// errors    those of gather
/// source    torch.nn.Embedding
template <int Rows, int Width, class T = float, symbolic I>
constexpr auto embedding(path const& name, I const& indices) {
  return gather<0>(parameter<T, Rows, Width>(name / "weight"), indices);
}

}  // namespace etch
