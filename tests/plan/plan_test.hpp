#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <etch/ir/print.hpp>
#include <etch/passes/pipeline.hpp>
#include <etch/plan/build.hpp>

#include "band_check.hpp"
#include "passes/pass_test.hpp"

// What has to hold for the plan of any graph, found out without the planner: who reads what when,
// from the graph alone, and where the plan says that it is.

namespace etch_test {

namespace plan = etch::plan;

constexpr ir::graph optimised(ir::graph const& g) {
  return passes::standard::run(
      g, 1000, [](std::string_view) { return true; }, [](auto const&...) {});
}

/// A step's result from the step that writes it to the last that reads it; as a tile, or from the
/// first to the last step of the tilings that write and read it.
struct lifetime {
  int first = 0;
  int last = -1;
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
  int tiling = -1;  ///< of a value that exists as a tile alone
};

class plan_check {
 public:
  plan_check(ir::graph const& g, plan::plan const& p)
      : g_(g), p_(p), value_(g.nodes.size(), none), known_(ir::weight_only(g)) {
    find_lifetimes();
  }

  void all() {
    values_do_not_overlap();
    tiles_do_not_overlap_values();
    operands_are_where_they_were_left();
    bands_have_what_they_read(g_, p_);
    weights_do_not_overlap();
    outputs_are_there();
    bytes_add_up();
  }

  /// The bytes that exist at once in the worst step, given which results overwrite an operand.
  std::int64_t most_live() const {
    std::int64_t most = 0;
    for (int s = 0; s < count(); ++s) {
      int const t = tiling_of(s);
      std::int64_t live = t == none ? scratch_bytes(s) : tile_bytes(t);
      for (int v = 0; v < count(); ++v) {
        lifetime const& l = values_[at(v)];
        if (l.tiling != none) continue;
        bool const overwritten = l.last == s && v != s && l.offset == values_[at(s)].offset;
        if (l.first <= s && s <= l.last && !overwritten) live += plan::arena::aligned(l.bytes);
      }
      most = std::max(most, live);
    }
    return most;
  }

  int in_place() const { return in_place_; }

 private:
  static constexpr int none = -1;
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  int count() const { return static_cast<int>(p_.steps.size()); }
  ir::node const& node(int s) const { return g_[p_.steps[at(s)].node]; }
  plan::location const& operand(int s, int i) const {
    return p_.locations[at(p_.steps[at(s)].operands.first + i)];
  }
  int tiling_of(int s) const {
    for (std::size_t t = 0; t < p_.tilings.size(); ++t) {
      if (p_.tilings[t].holds(s)) return static_cast<int>(t);
    }
    return none;
  }
  /// Bytes that a tile of all values of a tiling takes.
  std::int64_t tile_bytes(int t) const {
    std::int64_t bytes = 0;
    for (int s = 0; s < count(); ++s) {
      lifetime const& l = values_[at(s)];
      if (l.tiling == t) bytes = std::max(bytes, l.offset + plan::arena::aligned(l.bytes));
      if (tiling_of(s) == t && scratch_bytes(s) > 0)
        bytes = std::max(bytes, p_.steps[at(s)].scratch + scratch_bytes(s));
    }
    return bytes;
  }
  std::int64_t scratch_bytes(int s) const {
    bool const softmax = p_.steps[at(s)].kernel.view() == "softmax";
    if (!softmax || p_.steps[at(s)].program.count == 0) return 0;
    auto const& type = p_.steps[at(s)].result.type;
    return plan::arena::aligned(type.shape[type.rank() - 1] *
                                static_cast<std::int64_t>(size_of(type.dtype)));
  }

  void find_lifetimes() {
    for (int s = 0; s < count(); ++s) {
      value_[at(p_.steps[at(s)].node)] = s;
      auto const& result = p_.steps[at(s)].result;
      lifetime value{s, s, result.offset, result.type.bytes()};
      if (int const t = tiling_of(s); t != none && result.place == plan::place::tile) {
        value.tiling = t;
        if (p_.tilings[at(t)].images) {  // some of its rows are there until the last band
          value.last = last_of(t);
          value.bytes = bytes_of_band(p_.tilings[at(t)], result);
        }
      } else if (t != none) {
        value.first = p_.tilings[at(t)].first;
        value.last = last_of(t);
        value.bytes = node(s).type.bytes();
      }
      values_.push_back(value);
    }
    for (ir::node_id id = 0; id < g_.size(); ++id) {
      is_view_.push_back(value_[at(id)] == none && !known_[at(id)] &&
                         plan::view_offset(g_, g_[id]) >= 0);
      if (is_view_.back()) value_[at(id)] = value_[at(g_.input(id, 0))];
    }
    for (int s = 0; s < count(); ++s) {
      for (ir::node_id in : g_.inputs_of(node(s))) {
        if (value_[at(in)] == none) continue;
        lifetime& value = values_[at(value_[at(in)])];
        int const t = tiling_of(s);
        if (value.tiling != none) REQUIRE(value.tiling == t);
        bool const is_read_here = t == none || value.tiling != none;
        value.last = std::max(value.last, is_read_here ? s : last_of(t));
      }
    }
    for (ir::node_id out : g_.outputs) {
      if (value_[at(out)] == none) continue;
      REQUIRE(values_[at(value_[at(out)])].tiling == none);
      values_[at(value_[at(out)])].last = std::numeric_limits<int>::max();
    }
  }

  int last_of(int tiling) const {
    return p_.tilings[at(tiling)].first + p_.tilings[at(tiling)].count - 1;
  }

  static bool overlap(lifetime const& a, lifetime const& b) {
    return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
  }

  void values_do_not_overlap() {
    for (int w = 0; w < count(); ++w) {
      lifetime const& later = values_[at(w)];
      REQUIRE(later.offset % 64 == 0);
      REQUIRE(later.offset + later.bytes <= p_.workspace_bytes);
      for (int v = 0; v < w; ++v) {
        lifetime const& earlier = values_[at(v)];
        if (earlier.last < later.first || earlier.tiling != later.tiling) continue;
        if (!overlap(earlier, later)) continue;
        INFO("steps " << v << " and " << w);
        REQUIRE(earlier.last == w);
        if (later.tiling == none) REQUIRE(tiling_of(w) == none);
        REQUIRE(may_overwrite(w, v));
        ++in_place_;
      }
      std::int64_t const scratch = scratch_bytes(w);
      lifetime const temporary{w, w, p_.steps[at(w)].scratch, scratch};
      for (int v = 0; v <= w && scratch > 0; ++v) {
        bool const is_tile = values_[at(v)].tiling != none;
        if (is_tile == (tiling_of(w) != none) && values_[at(v)].last >= w)
          REQUIRE_FALSE(overlap(values_[at(v)], temporary));
      }
    }
  }

  void tiles_do_not_overlap_values() {
    for (std::size_t i = 0; i < p_.tilings.size(); ++i) {
      plan::tiling const& t = p_.tilings[i];
      int const number = static_cast<int>(i);
      lifetime const block{t.first, last_of(number), t.offset, tile_bytes(number)};
      REQUIRE(t.count > 1);
      REQUIRE(t.tile <= t.rows);
      REQUIRE(t.offset + block.bytes <= p_.workspace_bytes);
      for (lifetime const& value : values_) {
        if (value.tiling == none && value.first <= block.last && block.first <= value.last)
          REQUIRE_FALSE(overlap(value, block));
      }
    }
  }

  /// Step w may write where value v is if it reads each element of v just before it writes it.
  bool may_overwrite(int w, int v) const {
    auto const& step = p_.steps[at(w)];
    if (values_[at(v)].offset != step.result.offset) return false;
    bool const fused = ir::is(node(w), ir::fused_op);
    bool same = false;
    for (int i = 0; i < step.operands.count; ++i) {
      ir::node_id const in = g_.input(step.node, i);
      if (value_[at(in)] != v) continue;
      if (!fused && i < step.own_operands) return false;
      same = g_[in].type == node(w).type;
      if (!same) return false;
    }
    return same;
  }

  void operands_are_where_they_were_left() {
    for (int s = 0; s < count(); ++s) {
      auto const& step = p_.steps[at(s)];
      REQUIRE(step.operands.count == node(s).inputs.count);
      int const t = tiling_of(s);
      if (t == none) {
        REQUIRE(step.result.place == plan::place::workspace);
        REQUIRE(step.result.type == node(s).type);
      } else {
        is_a_part(t, step.result, node(s).type);
      }
      for (int i = 0; i < step.operands.count; ++i) {
        ir::node_id const in = g_.input(step.node, i);
        if (t == none)
          expect(in, operand(s, i));
        else
          expect_part(t, in, operand(s, i));
      }
      REQUIRE(step.same_as <= s);
      REQUIRE(p_.steps[at(step.same_as)].same_as == step.same_as);
    }
  }

  /// The last tile of the last matrix ends within the value.
  void is_a_part(int number, plan::location const& part, ir::tensor_type const& whole) {
    plan::tiling const& t = p_.tilings[at(number)];
    REQUIRE(part.type.dtype == whole.dtype);
    if (t.images) return is_an_image(t, part, whole);
    if (part.place == plan::place::tile) {
      REQUIRE(part.row_bytes == 0);
      REQUIRE(part.matrix_bytes == 0);
      REQUIRE(part.type.bytes() * t.matrices * t.rows == whole.bytes() * t.tile);
    } else {
      REQUIRE((t.rows - t.tile) * part.row_bytes + (t.matrices - 1) * part.matrix_bytes +
                  part.type.bytes() ==
              whole.bytes());
    }
  }

  void is_an_image(plan::tiling const& t, plan::location const& part,
                   ir::tensor_type const& whole) {
    if (part.place == plan::place::tile) {
      REQUIRE(part.matrix_bytes == 0);
      REQUIRE(part.row_bytes * part.type.shape[1] == part.type.bytes());
      REQUIRE(part.type.bytes() * t.matrices == whole.bytes());
    } else if (part.type == whole) {
      REQUIRE(part.matrix_bytes == 0);
    } else {
      REQUIRE(part.row_bytes == 0);
      REQUIRE((t.matrices - 1) * part.matrix_bytes + part.type.bytes() == whole.bytes());
    }
  }

  void expect_part(int number, ir::node_id id, plan::location const& found) {
    if (!known_[at(id)]) is_a_part(number, found, g_[id].type);
    int const value = value_[at(id)];
    if (value != none && values_[at(value)].tiling != none) {
      REQUIRE(found.place == plan::place::tile);
      REQUIRE(found.offset == values_[at(value)].offset + behind_views(id));
    } else {
      expect_bytes(id, found);
    }
  }

  void expect(ir::node_id id, plan::location const& found) {
    if (is_view_[at(id)]) REQUIRE(g_[id].type == found.type);
    expect_bytes(id, found);
  }

  /// How far into a buffer views lead; `id` becomes the node of the buffer.
  std::int64_t behind_views(ir::node_id& id) const {
    std::int64_t bytes = 0;
    for (; is_view_[at(id)]; id = g_.input(id, 0))
      bytes +=
          plan::view_offset(g_, g_[id]) * static_cast<std::int64_t>(size_of(g_[id].type.dtype));
    return bytes;
  }

  void expect_bytes(ir::node_id id, plan::location const& found) {
    std::int64_t const offset = behind_views(id);
    if (known_[at(id)]) {
      REQUIRE(found.place == plan::place::weights);
    } else if (ir::is(g_[id], ir::input_op)) {
      REQUIRE(found.place == plan::place::input);
      REQUIRE(offset == 0);
      REQUIRE(g_.inputs[at(static_cast<int>(found.offset))] == id);
    } else {
      REQUIRE(found.place == plan::place::workspace);
      REQUIRE(found.offset == values_[at(value_[at(id)])].offset + offset);
    }
  }

  void weights_do_not_overlap() {
    std::vector<lifetime> taken;
    for (plan::recipe const& r : p_.recipes) {
      if (r.weights_offset < 0) continue;
      lifetime const bytes{0, 0, r.weights_offset, r.type.bytes()};
      REQUIRE(bytes.offset % 64 == 0);
      REQUIRE(bytes.offset + bytes.bytes <= p_.weights_bytes);
      for (lifetime const& other : taken) REQUIRE_FALSE(overlap(bytes, other));
      taken.push_back(bytes);
    }
    for (int s = 0; s < count(); ++s) {
      for (int i = 0; i < p_.steps[at(s)].operands.count; ++i) {
        plan::location const& from = operand(s, i);
        if (from.place != plan::place::weights) continue;
        bool const is_one = std::any_of(p_.recipes.begin(), p_.recipes.end(), [&](auto const& r) {
          bool const is_whole = from.row_bytes == 0 && from.matrix_bytes == 0;
          return r.weights_offset == from.offset && r.type.dtype == from.type.dtype &&
                 (is_whole ? r.type.bytes() == from.type.bytes()
                           : r.type.bytes() >= from.type.bytes());
        });
        REQUIRE(is_one);
      }
    }
    for (plan::recipe const& r : p_.recipes) {
      for (int i = 0; i < r.operands.count; ++i) {
        auto const& from = p_.locations[at(r.operands.first + i)];
        REQUIRE(from.place == plan::place::recipe);
        REQUIRE(&p_.recipes[at(static_cast<int>(from.offset))] < &r);
      }
    }
  }

  void outputs_are_there() {
    REQUIRE(p_.outputs.size() == g_.outputs.size());
    for (std::size_t i = 0; i < g_.outputs.size(); ++i) {
      REQUIRE(p_.outputs[i].type == g_[g_.outputs[i]].type);
      expect(g_.outputs[i], p_.outputs[i]);
    }
  }

  void bytes_add_up() {
    REQUIRE(p_.live_bytes == most_live());
    REQUIRE(p_.workspace_bytes >= p_.live_bytes);
  }

  ir::graph const& g_;
  plan::plan const& p_;
  std::vector<bool> is_view_;
  std::vector<int> value_;  ///< of each node, the step whose result holds it
  etch::core::list<bool> known_;
  std::vector<lifetime> values_;
  int in_place_ = 0;
};

/// The plan of a graph after all passes, checked.
inline plan::plan checked_plan(ir::graph const& g, plan::settings const& wanted = {}) {
  INFO(ir::to_text(g));
  plan::plan p = plan::build(g, wanted);
  plan_check(g, p).all();
  return p;
}

}  // namespace etch_test
