#pragma once

#include <etch/ir/rewriter.hpp>
#include <etch/passes/region_builder.hpp>

namespace etch::passes {

/// Joins elementwise nodes of one shape into one step that reads each operand once and writes one
/// result: a value that only members of the group read is never stored.
/// needs  fuse_epilogue took its share      keeps  types, names      numerics  exact
struct fuse_elementwise {
  static constexpr std::string_view name = "fuse_elementwise";
  static constexpr int most_nodes = 32;
  static constexpr int most_operands = 8;

  constexpr ir::graph operator()(ir::graph const& before) const {
    groups found(before);
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const head = found.head(id);
      if (head < 0)
        to.copy(id);
      else if (head == id)
        to.put(id, fused(to, before, found, id));
    }
    return to.finish();
  }

 private:
  /// A group is named by its last node, its head, whose value leaves it.
  class groups {
   public:
    constexpr explicit groups(ir::graph const& g)
        : graph_(g), joined_(g.nodes.size(), -1), members_(g.nodes.size()) {
      auto const reads = ir::count_reads(g);
      auto const known = ir::weight_only(g);
      core::list<int> inside(g.nodes.size(), 0);  // reads by members of the group being formed
      for (ir::node_id id = 0; id < g.size(); ++id) {
        auto const at = static_cast<std::size_t>(id);
        if (!g[id].op->is.elementwise || known[at]) continue;
        joined_[at] = id;
        members_[at].push_back(id);
        core::list<ir::node_id> touched;
        count_reads_by(id, inside, touched);
        for (bool grew = true; grew;) {
          grew = false;
          for (std::size_t t = 0; t < touched.size(); ++t) {
            ir::node_id const in = touched[t];
            auto const from = static_cast<std::size_t>(in);
            if (joined_[from] != in || in == id || inside[from] != reads[from]) continue;
            if (!joins(in, id)) continue;
            core::list<ir::node_id> const added = members_[from];
            for (ir::node_id member : added) {
              joined_[static_cast<std::size_t>(member)] = id;
              members_[at].push_back(member);
              count_reads_by(member, inside, touched);
            }
            members_[from].clear();
            grew = true;
          }
        }
        for (ir::node_id in : touched) inside[static_cast<std::size_t>(in)] = 0;
      }
    }

    constexpr ir::node_id head(ir::node_id id) const {
      return joined_[static_cast<std::size_t>(id)];
    }
    constexpr core::list<ir::node_id> const& members(ir::node_id head) const {
      return members_[static_cast<std::size_t>(head)];
    }

   private:
    constexpr void count_reads_by(ir::node_id id, core::list<int>& inside,
                                  core::list<ir::node_id>& touched) const {
      for (ir::node_id in : graph_.inputs_of(id)) {
        if (inside[static_cast<std::size_t>(in)]++ == 0) touched.push_back(in);
      }
    }

    constexpr bool joins(ir::node_id from, ir::node_id into) const {
      auto const& a = members_[static_cast<std::size_t>(from)];
      auto const& b = members_[static_cast<std::size_t>(into)];
      if (static_cast<int>(a.size() + b.size()) > most_nodes) return false;
      if (!(graph_[from].type.shape == graph_[into].type.shape)) return false;
      ir::operand_type_list const x(graph_, graph_[from]), y(graph_, graph_[into]);
      bool const same = ir::compute_dtype(x) == ir::compute_dtype(y);
      return same && operands_of(a, b) <= most_operands;
    }

    constexpr int operands_of(core::list<ir::node_id> const& a,
                              core::list<ir::node_id> const& b) const {
      core::list<ir::node_id> seen;
      for (core::list<ir::node_id> const* each : {&a, &b}) {
        for (ir::node_id id : *each) {
          for (ir::node_id in : graph_.inputs_of(id)) {
            bool found = ir::is_splat(graph_, in);
            for (ir::node_id other : seen) found = found || other == in;
            for (ir::node_id other : a) found = found || other == in;
            for (ir::node_id other : b) found = found || other == in;
            if (!found) seen.push_back(in);
          }
        }
      }
      return static_cast<int>(seen.size());
    }

    ir::graph const& graph_;
    core::list<ir::node_id> joined_;
    core::list<core::list<ir::node_id>> members_;
  };

  static constexpr ir::node_id fused(ir::rewriter& to, ir::graph const& before, groups const& found,
                                     ir::node_id head) {
    core::list<ir::node_id> members = found.members(head);
    for (std::size_t i = 1; i < members.size(); ++i) {  // back into topological order
      for (std::size_t j = i; j > 0 && members[j] < members[j - 1]; --j)
        std::swap(members[j], members[j - 1]);
    }
    region_builder body(before, some_operand_tells_dtype(before, found, head));
    for (ir::node_id id : members) body.add(id);
    body.finish(head);
    core::list<ir::node_id> operands;
    for (ir::node_id in : body.outside) operands.push_back(to[in]);
    ir::node_id const added =
        to.after.add(ir::fused_op, before[head].type, {operands.data(), operands.size()});
    to.after[added].region = to.after.add_region(std::move(body.region));
    return added;
  }

  /// A step computes in the dtype of its operands. Where all but the literals are masks, the
  /// literals have to be operands too.
  static constexpr bool some_operand_tells_dtype(ir::graph const& g, groups const& found,
                                                 ir::node_id head) {
    for (ir::node_id id : found.members(head)) {
      for (ir::node_id in : g.inputs_of(id)) {
        bool const outside = found.head(in) != head && !ir::is_splat(g, in);
        if (outside && g[in].type.dtype != ir::dtype::bool_) return true;
      }
    }
    return false;
  }
};

}  // namespace etch::passes
