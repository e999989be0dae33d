#pragma once

#include <cstdint>

#include <etch/ir/emit.hpp>
#include <etch/ir/verify.hpp>

#include "random_ops.hpp"

namespace etch_test {

/// What a random graph is made of.
struct grow_options {
  ir::dtype type = ir::dtype::f32;
  int most_nodes = 18;
  /// Comparisons, casts, roundings: a rounding error before them can change a result by a whole.
  bool jumps = false;
};

/// A graph of random operators over random small shapes, the same for the same seed, in constant
/// evaluation and at run time. Values stay within a few orders of magnitude for inputs and
/// parameters between -1 and 1; parameters named "positive..." are to be between 0.5 and 1.5.
constexpr ir::graph grow_graph(std::uint64_t seed, grow_options const& options = {}) {
  random_ops make(seed, options.type);
  make.start();
  int const steps = 4 + make.below(options.most_nodes - 3);
  for (int i = 0; i < steps; ++i) make.add_one(options.jumps);
  make.finish();
  ir::verify(make.graph);
  return static_cast<ir::graph&&>(make.graph);
}

}  // namespace etch_test
