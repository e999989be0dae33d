#pragma once

#include <cstdint>

#include <etch/ir/graph.hpp>
#include <etch/ops/slice.hpp>

namespace etch::plan {

/// Where a node's result begins among the elements of its first operand, if it is there already:
/// all of it for reshapes and the like, a run of it for a slice of neighbours. -1: it is a value of
/// its own.
constexpr std::int64_t view_offset(ir::graph const& g, ir::node const& n) {
  if (n.region >= 0) return -1;
  if (n.op->is.view) return 0;
  if (n.op != &ir::info_of<ops::slice>) return -1;
  auto const a = core::from_words<ops::slice::attrs>(g.words_of(n));
  ir::shape const& x = g[g.inputs_of(n)[0]].type.shape;
  std::int64_t start = 0;
  bool cut = false;  // an outer axis has several positions: the inner ones have to be whole
  for (int i = 0; i < x.rank; ++i) {
    auto const axis = static_cast<std::size_t>(i);
    if (a.sizes[axis] > 1 && a.steps[axis] != 1) return -1;
    if (cut && a.sizes[axis] != x[i]) return -1;
    cut = cut || a.sizes[axis] > 1;
    start = start * x[i] + a.starts[axis];
  }
  return start;
}

}  // namespace etch::plan
