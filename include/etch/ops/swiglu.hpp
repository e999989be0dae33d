#pragma once

#include <etch/ops/linear.hpp>
#include <etch/ops/mul.hpp>
#include <etch/ops/silu.hpp>

namespace etch {

/// swiglu<Hidden>(name, x): the gated feed-forward layer of Llama and its kin,
///   down_proj(silu(gate_proj(x)) * up_proj(x)),
/// three linears without bias, by the names of Hugging Face: name.gate_proj.weight and
/// name.up_proj.weight [Hidden, width], name.down_proj.weight [width, Hidden].
/// shape     x[..., width], the result that of x
/// dtype     float, double
/// numerics  those of linear and silu
/// errors    those of linear
/// source    Shazeer 2020
template <int Hidden, symbolic X>
constexpr auto swiglu(path const& name, X const& x) {
  constexpr linear_options no_bias{.bias = false};
  auto const gate = silu(linear<Hidden, no_bias>(name / "gate_proj", x));
  auto const up = linear<Hidden, no_bias>(name / "up_proj", x);
  constexpr int width = static_cast<int>(ops::last_extent(front::tensor_of<X>::type.shape));
  return linear<width, no_bias>(name / "down_proj", gate * up);
}

}  // namespace etch
