#pragma once

#include <string_view>
#include <tuple>

#include <etch/ir/verify.hpp>
#include <etch/passes/canonicalize.hpp>
#include <etch/passes/channels_last.hpp>
#include <etch/passes/common_subexpressions.hpp>
#include <etch/passes/dead_code.hpp>
#include <etch/passes/dead_results.hpp>
#include <etch/passes/dense_pixels.hpp>
#include <etch/passes/expand_batch_norm.hpp>
#include <etch/passes/expand_conv_transpose.hpp>
#include <etch/passes/fold_affine.hpp>
#include <etch/passes/fold_literals.hpp>
#include <etch/passes/fuse_elementwise.hpp>
#include <etch/passes/fuse_epilogue.hpp>
#include <etch/passes/hoist.hpp>
#include <etch/passes/last_axis.hpp>
#include <etch/passes/sink_reshape.hpp>
#include <etch/passes/strip_identity.hpp>
#include <etch/passes/unroll.hpp>

namespace etch::passes {

/// A list of passes in the order in which they run.
template <class... Pass>
struct pipeline {
  static constexpr int size = static_cast<int>(sizeof...(Pass));
  static constexpr std::string_view names[] = {Pass::name...};

  static constexpr bool has(std::string_view name) { return ((Pass::name == name) || ...); }

  /// Runs those of the first `stop_after` passes that `runs(name)` allows. A pass that changed the
  /// graph is followed by `verify` and `watch(name, before, after)`; one that ran before and would
  /// see the same graph again is left out.
  template <class Runs, class Watch>
  static constexpr ir::graph run(ir::graph graph, int stop_after, Runs const& runs,
                                 Watch const& watch) {
    core::list<record> ran;
    int step = 0;
    (one<Pass>(graph, step++ < stop_after && runs(Pass::name), ran, watch), ...);
    return graph;
  }

 private:
  struct record {
    std::string_view name;
    int revision = 0;
  };

  /// Passes that have nothing to do without loops and branches.
  template <class P>
  static constexpr bool of_control = requires {
    P::of_control;
  };

  /// What the pass makes of a graph, and of the regions of its control nodes.
  template <class P>
  static constexpr ir::graph applied(ir::graph const& before) {
    ir::graph after = P{}(before);
    for (ir::node_id id = 0; id < after.size(); ++id) {
      if (!ir::is_control(after[id])) continue;
      bool changed = false;
      ir::graph regions[2];
      int const count = ir::layout_of(after, after[id]).regions;
      for (int i = 0; i < count; ++i) {
        ir::graph const& region = ir::control_region(after, after[id], i);
        regions[i] = applied<P>(region);
        changed = changed || regions[i].revision != region.revision;
      }
      if (!changed) continue;
      ir::change_regions(after, id, [&](ir::graph const&, int i) { return regions[i]; });
      if (after.revision == before.revision) ++after.revision;
    }
    return after;
  }

  template <class P, class Watch>
  static constexpr void one(ir::graph& graph, bool runs, core::list<record>& ran,
                            Watch const& watch) {
    for (record const& earlier : ran)
      runs = runs && !(earlier.name == P::name && earlier.revision == graph.revision);
    if constexpr (of_control<P>) runs = runs && ir::has_control(graph);
    if (!runs) return;
    ir::graph after = applied<P>(graph);
    ran.push_back({P::name, after.revision});
    if (after.revision == graph.revision) return;
    ir::verify(after);
    watch(P::name, graph, after);
    graph = static_cast<ir::graph&&>(after);
  }
};

/// What happens to every model. `canonicalize` and the clean-ups after it run twice: once to give
/// the folding passes one form to look for, and once for what the layout pass left.
using standard =
    pipeline<strip_identity, canonicalize, fold_literals, expand_batch_norm, expand_conv_transpose,
             common_subexpressions, dead_code, dead_results, hoist, dead_results, unroll,
             fold_affine, channels_last, last_axis, sink_reshape, dense_pixels, canonicalize,
             common_subexpressions, dead_code, fuse_epilogue, fuse_elementwise, dead_code>;

}  // namespace etch::passes
