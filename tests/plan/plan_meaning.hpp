#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include <etch/ir/control.hpp>
#include <etch/plan/plan.hpp>
#include <etch/plan/view_offset.hpp>

// Runs a graph and its plan, loops and branches included, on bytes that say where they come from:
// which byte of which operation on which bytes. Where a plan lets something be overwritten that is
// read later, the two do not agree.

namespace etch_test {

namespace plan = etch::plan;
namespace ir = etch::ir;

/// A value, byte by byte: what each of them was computed from.
using origins = std::vector<std::uint64_t>;

namespace detail {

constexpr std::uint64_t of_weights = 1;  // all weights are alike: their places are tested elsewhere

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  a = (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) * 0xbf58476d1ce4e5b9u;
  return a ^ (a >> 29);
}
inline std::uint64_t digest(origins const& of) {
  std::uint64_t all = of.size();
  for (std::uint64_t each : of) all = mix(all, each);
  return all;
}
inline origins bytes_from(std::uint64_t source, std::int64_t count) {
  origins made(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = mix(source, i);
  return made;
}
inline origins part_of(origins const& of, std::int64_t first, std::int64_t count) {
  auto const begin = of.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}
inline bool decides(origins const& flag) { return digest(flag) % 2 == 0; }
inline origins turn_number(std::int64_t turn) {
  return bytes_from(mix(77, static_cast<std::uint64_t>(turn)), 4);
}
inline origins loop_finished(bool on) { return bytes_from(on ? 78 : 79, 1); }
inline std::uint64_t region_of(std::uint64_t where, int node, int region) {
  return mix(mix(where, static_cast<std::uint64_t>(node)), static_cast<std::uint64_t>(region) + 5);
}
inline std::int64_t view_bytes(ir::graph const& g, ir::node const& n) {
  std::int64_t const elements = plan::view_offset(g, n);
  return elements < 0 ? -1 : elements * static_cast<std::int64_t>(size_of(n.type.dtype));
}

}  // namespace detail

/// What a graph gives for such inputs; `where` tells regions apart.
inline std::vector<origins> meaning_of(ir::graph const& g, std::vector<origins> const& inputs,
                                       std::uint64_t where = 0);

namespace detail {

/// The results of a control node.
inline std::vector<origins> meaning_of_control(ir::graph const& g, ir::node_id id,
                                               std::vector<origins> const& in,
                                               std::uint64_t where) {
  ir::node const& n = g[id];
  ir::control_layout const at = ir::layout_of(g, n);
  auto const run = [&](int region, std::vector<origins> given) {
    given.insert(given.end(), in.begin() + at.captures, in.end());
    return meaning_of(ir::control_region(g, n, region), given, region_of(where, id, region));
  };
  if (ir::is(n, ir::cond_op)) return run(decides(in[0]) ? 0 : 1, {});
  std::vector<origins> carried(in.begin(), in.begin() + at.carried);
  if (ir::is(n, ir::while_loop_op)) {
    std::int64_t turns = 0;
    bool on = true;
    for (;; ++turns) {
      on = decides(run(0, carried)[0]);
      if (!on || turns == at.length) break;
      carried = run(1, carried);
    }
    carried.push_back(turn_number(turns));
    carried.push_back(loop_finished(!on));
    return carried;
  }
  std::vector<origins> collected(static_cast<std::size_t>(at.results - at.carried));
  for (std::int64_t turn = 0; turn < at.length; ++turn) {
    std::int64_t const row = at.reverse ? at.length - 1 - turn : turn;
    std::vector<origins> given;
    if (at.counted) given.push_back(turn_number(turn));
    given.insert(given.end(), carried.begin(), carried.end());
    for (int s = 0; s < at.sequences; ++s) {
      origins const& all = in[static_cast<std::size_t>(at.carried + s)];
      auto const bytes = static_cast<std::int64_t>(all.size()) / at.length;
      given.push_back(part_of(all, row * bytes, bytes));
    }
    auto const results = run(0, given);
    carried.assign(results.begin(), results.begin() + at.carried);
    for (std::size_t k = 0; k < collected.size(); ++k) {
      origins const& one = results[static_cast<std::size_t>(at.carried) + k];
      collected[k].resize(one.size() * static_cast<std::size_t>(at.length));
      std::copy(one.begin(), one.end(),
                collected[k].begin() +
                    static_cast<std::ptrdiff_t>(row) * static_cast<std::ptrdiff_t>(one.size()));
    }
  }
  carried.insert(carried.end(), collected.begin(), collected.end());
  return carried;
}

}  // namespace detail

inline std::vector<origins> meaning_of(ir::graph const& g, std::vector<origins> const& inputs,
                                       std::uint64_t where) {
  using namespace detail;
  auto const known = ir::weight_only(g);
  std::vector<origins> values(g.nodes.size());
  std::map<ir::node_id, std::vector<origins>> results;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    values[static_cast<std::size_t>(g.inputs[i])] = inputs[i];
  for (ir::node_id id = 0; id < g.size(); ++id) {
    ir::node const& n = g[id];
    origins& value = values[static_cast<std::size_t>(id)];
    auto const operand = [&](int i) -> origins const& {
      return values[static_cast<std::size_t>(g.input(id, i))];
    };
    if (known[static_cast<std::size_t>(id)]) {
      value.assign(static_cast<std::size_t>(n.type.bytes()), of_weights);
    } else if (ir::is_control(n)) {
      std::vector<origins> in;
      for (int i = 0; i < n.inputs.count; ++i) in.push_back(operand(i));
      results[id] = meaning_of_control(g, id, in, where);
    } else if (ir::is(n, ir::result_op)) {
      value = results[g.input(id, 0)][static_cast<std::size_t>(ir::result_number(g, id))];
    } else if (ir::is(n, ir::input_op)) {
      continue;
    } else if (std::int64_t const first = view_bytes(g, n); first >= 0) {
      value = part_of(operand(0), first, n.type.bytes());
    } else {
      std::uint64_t source = mix(where, static_cast<std::uint64_t>(id));
      for (int i = 0; i < n.inputs.count; ++i) {
        bool const weight = known[static_cast<std::size_t>(g.input(id, i))];
        source = mix(source, weight ? of_weights : digest(operand(i)));
      }
      value = bytes_from(source, n.type.bytes());
    }
  }
  std::vector<origins> outputs;
  for (ir::node_id out : g.outputs) outputs.push_back(values[static_cast<std::size_t>(out)]);
  return outputs;
}

/// Runs a plan without tiles on the same bytes, in the order of lower/control.hpp.
class plan_meaning {
 public:
  plan_meaning(ir::graph const& g, plan::plan const& p)
      : plan_(p), workspace_(detail::bytes_from(99, p.workspace_bytes)) {
    for (ir::node_id in : g.inputs)
      inputs_.push_back(detail::bytes_from(1000 + inputs_.size(), g[in].type.bytes()));
    run_steps(g, 0, static_cast<int>(p.steps.size()), 0, 0);
  }

  /// What is read is what the graph says, and nothing was read or written outside of its place.
  bool agrees_with(ir::graph const& g) {
    auto const expected = meaning_of(g, inputs_);
    for (std::size_t i = 0; i < expected.size(); ++i)
      fine_ = fine_ && read(plan_.outputs[i]) == expected[i];
    return fine_;
  }

 private:
  /// A place in the workspace (`input` = -1) or in an input.
  struct address {
    int input = -1;
    std::int64_t offset = 0;
  };

  static bool is_weight(plan::location const& at) {
    return at.place == plan::place::weights || at.place == plan::place::recipe;
  }

  address address_of(plan::location const& at) {
    if (at.place == plan::place::input) return {static_cast<int>(at.offset), 0};
    if (at.place != plan::place::row) return {-1, at.offset};
    kept_pointer const& kept = pointers_[at.pointer];
    fine_ = fine_ && block({-1, at.pointer}, 8) == kept.bytes;
    return {kept.row.input, kept.row.offset + at.offset};
  }

  origins block(address const& at, std::int64_t bytes) {
    origins const& from = at.input < 0 ? workspace_ : inputs_[static_cast<std::size_t>(at.input)];
    if (at.offset < 0 || at.offset + bytes > static_cast<std::int64_t>(from.size())) {
      fine_ = false;
      return origins(static_cast<std::size_t>(bytes));
    }
    return detail::part_of(from, at.offset, bytes);
  }
  origins read(plan::location const& at) {
    if (is_weight(at))
      return origins(static_cast<std::size_t>(at.type.bytes()), detail::of_weights);
    return block(address_of(at), at.type.bytes());
  }
  void write(std::int64_t offset, origins const& what) {
    if (offset < 0 || offset + static_cast<std::int64_t>(what.size()) >
                          static_cast<std::int64_t>(workspace_.size())) {
      fine_ = false;
      return;
    }
    std::copy(what.begin(), what.end(), workspace_.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  void write(plan::location const& at, origins const& what) {
    address const to = address_of(at);
    fine_ = fine_ && to.input < 0 && !is_weight(at);
    write(to.offset, what);
  }

  void run_steps(ir::graph const& g, int first, int last, int depth, std::uint64_t where) {
    for (int s = first; s < last; ++s) {
      plan::step const& step = plan_.steps[static_cast<std::size_t>(s)];
      if (step.depth != depth) continue;  // under a control that has run it
      if (step.control >= 0)
        run_control(g, step, where);
      else
        run_step(g, step, where);
    }
  }

  void run_step(ir::graph const& g, plan::step const& step, std::uint64_t where) {
    using namespace detail;
    ir::node const& n = g[step.node];
    std::uint64_t source = mix(where, static_cast<std::uint64_t>(step.node));
    origins first;
    for (int i = 0; i < step.operands.count; ++i) {
      plan::location const& at = plan_.locations[static_cast<std::size_t>(step.operands.first + i)];
      origins const bytes = read(at);
      if (i == 0) first = bytes;
      source = mix(source, is_weight(at) ? of_weights : digest(bytes));
      if (!is_weight(at)) fine_ = fine_ && may_write_over(step, i, at);
    }
    if (std::int64_t const scratch = scratch_bytes(step); scratch > 0)
      write(step.scratch, bytes_from(98, scratch));
    std::int64_t const view = view_bytes(g, n);
    write(step.result,
          view >= 0 ? part_of(first, view, n.type.bytes()) : bytes_from(source, n.type.bytes()));
  }

  /// A step writes over an operand if it reads each element of it just before it writes that one.
  bool may_write_over(plan::step const& step, int i, plan::location const& operand) {
    address const to = address_of(step.result), from = address_of(operand);
    if (from.input >= 0) return true;
    bool const apart = to.offset + step.result.type.bytes() <= from.offset ||
                       from.offset + operand.type.bytes() <= to.offset;
    if (apart) return true;
    bool const in_order =
        step.op == &ir::fused_op || i >= step.own_operands || (i == 0 && step.op->is.in_place);
    return in_order && to.offset == from.offset && operand.type == step.result.type;
  }

  static std::int64_t scratch_bytes(plan::step const& step) {
    if (step.kernel.view() != "softmax" || step.program.count == 0) return 0;
    auto const& type = step.result.type;
    return type.shape[type.rank() - 1] * static_cast<std::int64_t>(size_of(type.dtype));
  }

  void run_moves(ir::range moves) {
    for (int i = moves.first; i < moves.first + moves.count; ++i) {
      plan::move const& each = plan_.region_moves[static_cast<std::size_t>(i)];
      write(each.to, read(each.from));
    }
  }

  void run_control(ir::graph const& g, plan::step const& step, std::uint64_t where) {
    using namespace detail;
    plan::control const& c = plan_.controls[static_cast<std::size_t>(step.control)];
    auto const run = [&](int i) {
      int const first = i == 0 ? c.first : c.first + c.counts[0];
      run_steps(ir::control_region(g, g[step.node], i), first, first + c.counts[i], step.depth + 1,
                region_of(where, step.node, i));
      run_moves(c.moves[i]);
    };
    run_moves(c.before);
    if (c.what == plan::control::kind::cond) return run(decides(read(c.decides)) ? 0 : 1);
    if (c.what == plan::control::kind::scan) {
      for (std::int64_t turn = 0; turn < c.length; ++turn) {
        point_at_rows(c, c.reverse ? c.length - 1 - turn : turn);
        if (c.counts_turns) write(c.turns, turn_number(turn));
        run(0);
      }
      return;
    }
    std::int64_t turns = 0;
    bool on = true;
    for (;; ++turns) {
      run(0);
      on = decides(read(c.decides));
      if (!on || turns == c.length) break;
      run(1);
    }
    write(c.turns, turn_number(turns));
    write(c.finished, loop_finished(!on));
  }

  void point_at_rows(plan::control const& c, std::int64_t row) {
    for (int i = c.walks.first; i < c.walks.first + c.walks.count; ++i) {
      plan::walk const& w = plan_.walks[static_cast<std::size_t>(i)];
      address at = address_of(w.sequence);
      at.offset += row * w.row_bytes;
      std::uint64_t const source = detail::mix(97, static_cast<std::uint64_t>(++writes_));
      kept_pointer const kept{at, detail::bytes_from(source, 8)};
      pointers_[w.pointer] = kept;
      write(w.pointer, kept.bytes);
    }
  }

  /// A pointer to a row, and the bytes that stand for it in the workspace.
  struct kept_pointer {
    address row;
    origins bytes;
  };

  plan::plan const& plan_;
  origins workspace_;
  std::vector<origins> inputs_;
  std::map<std::int64_t, kept_pointer> pointers_;
  int writes_ = 0;
  bool fine_ = true;
};

}  // namespace etch_test
