#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/ir/print.hpp>

namespace etch::runtime {

/// How many nodes of each kind a graph has, in the order in which they first occur. A node with an
/// epilogue is a kind of its own.
class op_counts {
 public:
  explicit op_counts(ir::graph const& g) {
    for (ir::node const& n : g.nodes) {
      std::string kind(n.op->key.view());
      if (n.region >= 0 && !ir::is(n, ir::fused_op) && !ir::is_control(n)) kind += " with epilogue";
      ++at(kind);
    }
  }

  std::vector<std::pair<std::string, int>> const& kinds() const { return kinds_; }

  int operator[](std::string_view kind) const {
    for (auto const& each : kinds_) {
      if (each.first == kind) return each.second;
    }
    return 0;
  }

 private:
  int& at(std::string const& kind) {
    for (auto& each : kinds_) {
      if (each.first == kind) return each.second;
    }
    return kinds_.emplace_back(kind, 0).second;
  }

  std::vector<std::pair<std::string, int>> kinds_;
};

namespace detail {

/// ", 2 relu, add": those of `more` beyond those of `less`.
inline std::string list_surplus(op_counts const& more, op_counts const& less) {
  std::string text;
  for (auto const& [kind, n] : more.kinds()) {
    int const surplus = n - less[kind];
    if (surplus <= 0) continue;
    text += text.empty() ? "" : ", ";
    if (surplus > 1) text += std::to_string(surplus) + ' ';
    text += kind;
  }
  return text;
}

}  // namespace detail

/// What a pass did: "fuse_epilogue: 20 -> 14 nodes; gone: 3 linear, 3 relu; new: 3 linear with
/// epilogue".
inline std::string describe_change(std::string_view pass, ir::graph const& before,
                                   ir::graph const& after) {
  op_counts const then(before), now(after);
  std::string const gone = detail::list_surplus(then, now), added = detail::list_surplus(now, then);
  std::string text = std::string(pass) + ": " + std::to_string(before.size()) + " -> " +
                     std::to_string(after.size()) + " nodes";
  if (!gone.empty()) text += "; gone: " + gone;
  if (!added.empty()) text += "; new: " + added;
  if (gone.empty() && added.empty()) text += "; the same operators with other operands";
  return text;
}

}  // namespace etch::runtime
