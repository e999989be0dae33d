#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>

#include <etch/ir/emit.hpp>
#include <etch/ops/causal_conv1d.hpp>
#include <etch/passes/sequence_rows.hpp>

namespace etch::passes {

/// A graph over the blocks of a sequence; or, with a fault, why there is none.
struct streamed_graph {
  ir::graph graph;
  std::int64_t delay = 0;  ///< row t of what the whole sequence gives is row t + delay here, both
                           ///< in rows of the sequence
  sequence_fault fault = sequence_fault::none;
  ir::op_key at;  ///< the operator at fault
};

/// Turns a graph over a whole sequence into one over a block of `rows` rows of it. A convolution
/// reads the last rows of the blocks before from a state, what looks ahead comes later by as many
/// rows, and where values meet that come at different times, the earlier ones wait in states.
/// needs     `find_rows` has found no fault; no regions
/// keeps     inputs, outputs, names
/// numerics  exact; what a sequence pads with zeros inside of the graph is what the layers before
///           make of the rows there
class stream_convolutions {
 public:
  constexpr stream_convolutions(ir::graph const& whole, sequence_rows const& rows,
                                std::int64_t length, std::int64_t block)
      : whole_(whole), rows_(rows), length_(length), block_(block) {}

  constexpr streamed_graph operator()() {
    for (ir::node_id id = 0; id < whole_.size() && made_.fault == sequence_fault::none; ++id) {
      if (rows_[id].has_rows() && block_ % rows_[id].stride != 0)
        fail(sequence_fault::stride, id);
      else
        signals_.push_back(streamed(id));
    }
    if (made_.fault == sequence_fault::none) finish();
    return static_cast<streamed_graph&&>(made_);
  }

 private:
  /// A value of the whole sequence in the new graph.
  struct signal {
    ir::node_id id = -1;
    std::int64_t delay = 0;  ///< in its own rows: row t of the whole is row t + delay
    /// Row 0 of the whole depends on rows [first, last] of the sequence, row t on those
    /// t * stride later.
    std::int64_t first = 0, last = 0;
  };
  struct waiting {
    ir::node_id id;
    std::int64_t rows;
    ir::node_id late;
  };

  constexpr void fail(sequence_fault fault, ir::node_id id) {
    made_.fault = fault;
    made_.at = whole_[id].op->key;
  }

  constexpr signal const& operand(ir::node_id id, int i) const {
    return signals_[static_cast<std::size_t>(whole_.input(id, i))];
  }

  constexpr ir::tensor_type type_in_block(ir::node_id id) const {
    ir::tensor_type type = whole_[id].type;
    if (rows_[id].has_rows()) type.shape[rows_[id].axis] = block_ / rows_[id].stride;
    return type;
  }

  constexpr signal streamed(ir::node_id id) {
    ir::node const& n = whole_[id];
    ir::graph& g = made_.graph;
    if (ir::is(n, ir::input_op)) return {ir::add_input(g, type_in_block(id), whole_.name_of(id))};
    if (ir::is(n, ir::parameter_op)) return {ir::add_parameter(g, n.type, whole_.name_of(id))};
    if (ir::is(n, ir::constant_op)) return {g.add(*n.op, n.type, {}, whole_.word_span(n))};
    if (rows_[id].has_rows()) {
      if (n.op == &ir::info_of<ops::conv2d>) return convolved(id);
      if (n.op == &ir::info_of<ops::pad>) return padded(id);
      if (n.op == &ir::info_of<ops::slice>) return sliced(id);
    }
    return joined(id);
  }

  /// The rows of a convolution's window come from before: its result is late by what it looks
  /// ahead.
  constexpr signal convolved(ir::node_id id) {
    auto a = whole_.attrs_of<ops::conv2d::attrs>(id);
    ir::node_id const of = whole_.input(id, 0), weight = whole_.input(id, 1);
    signal y = operand(id, 0);
    int const axis = rows_[of].axis;
    bool const down = axis == ops::image_axes(a.channels_last).h;
    int& before = down ? a.pad_top : a.pad_left;
    int& after = down ? a.pad_bottom : a.pad_right;
    move(y, of, -before, after, id);
    before = after = 0;
    std::int64_t const stride = down ? a.stride_h : a.stride_w;
    std::int64_t const reach =
        (whole_[weight].type.shape[down ? 2 : 3] - 1) * (down ? a.dilation_h : a.dilation_w);
    std::int64_t const beyond = (y.delay + reach) % stride;
    std::int64_t const wait = beyond == 0 ? 0 : beyond < 0 ? -beyond : stride - beyond;
    core::list<ir::node_id> in{
        window(late(y.id, axis, wait), axis, reach, history_of(operand(id, 1).id)),
        operand(id, 1).id};
    if (whole_[id].inputs.count > 2) in.push_back(operand(id, 2).id);
    y.id =
        ir::emit<ops::conv2d>(made_.graph, std::span<ir::node_id const>(in.data(), in.size()), a);
    y.delay = (y.delay + reach + wait) / stride;
    y.last += reach * rows_[of].stride;
    return y;
  }

  /// What the operator does to the other axes, if anything.
  template <class Op>
  constexpr signal with_rest(signal y, typename Op::attrs const& a) {
    ir::node_id const rest = ir::emit<Op>(made_.graph, {y.id}, a);
    if (!(made_.graph[rest].type == made_.graph[y.id].type)) y.id = rest;
    return y;
  }

  /// Rows before the first one: the same rows have other numbers.
  constexpr signal padded(ir::node_id id) {
    auto a = whole_.attrs_of<ops::pad::attrs>(id);
    ir::node_id const of = whole_.input(id, 0);
    auto const axis = static_cast<std::size_t>(rows_[id].axis);
    signal y = operand(id, 0);
    move(y, of, -a.before[axis], a.after[axis], id);
    a.before[axis] = a.after[axis] = 0;
    return with_rest<ops::pad>(y, a);
  }

  constexpr signal sliced(ir::node_id id) {
    auto a = whole_.attrs_of<ops::slice::attrs>(id);
    ir::node_id const of = whole_.input(id, 0);
    auto const axis = static_cast<std::size_t>(rows_[id].axis);
    signal y = operand(id, 0);
    move(y, of, a.starts[axis], 0, id);
    a.starts[axis] = 0;
    a.sizes[axis] = block_ / rows_[id].stride;
    return with_rest<ops::slice>(y, a);
  }

  /// Row 0 becomes what was row `by` of the value `of`. Zeros before it (by < 0) or `after` the
  /// last one stand where the sequence has ended for every row that reads them, and not where it
  /// has rows that a slice took away.
  constexpr void move(signal& y, ir::node_id of, std::int64_t by, std::int64_t after,
                      ir::node_id at) {
    row_axis const rows = rows_[of];
    std::int64_t const behind = whole_[of].type.shape[rows.axis] * rows.stride;
    bool const cut_before = by < 0 && y.first >= rows.stride;
    bool const cut_after = after > 0 && behind + y.last < length_;
    if (cut_before || cut_after) fail(sequence_fault::operation, at);
    y.delay += by;
    y.first += by * rows.stride;
    y.last += by * rows.stride;
  }

  /// Any other operator, on operands that come at the same time.
  constexpr signal joined(ir::node_id id) {
    ir::node const& n = whole_[id];
    signal y;
    bool first = true;
    for (ir::node_id in : whole_.inputs_of(n)) {
      signal const& each = signals_[static_cast<std::size_t>(in)];
      if (!rows_[in].has_rows()) continue;
      if (first || each.delay > y.delay) y.delay = each.delay;
      if (first || each.first < y.first) y.first = each.first;
      if (first || each.last > y.last) y.last = each.last;
      first = false;
    }
    core::list<ir::node_id> operands;
    core::list<ir::tensor_type> types;
    for (ir::node_id in : whole_.inputs_of(n)) {
      signal const& each = signals_[static_cast<std::size_t>(in)];
      operands.push_back(rows_[in].has_rows() ? late(each.id, rows_[in].axis, y.delay - each.delay)
                                              : each.id);
      types.push_back(made_.graph[operands.back()].type);
    }
    core::list<std::int64_t> words;
    for (std::int64_t word : whole_.word_span(n)) words.push_back(word);
    if (n.op == &ir::info_of<ops::reshape>) words = reshape_words(id);
    ir::inferred const type = n.op->infer({types.data(), types.size()}, words.data());
    if (!type.ok()) throw type.problem;
    y.id = made_.graph.add(*n.op, type.type, {operands.data(), operands.size()},
                           {words.data(), words.size()}, whole_.name_of(id));
    return y;
  }

  constexpr core::list<std::int64_t> reshape_words(ir::node_id id) const {
    ops::reshape::attrs a;
    ir::tensor_type const type = type_in_block(id);
    for (int i = 0; i < type.rank(); ++i) a.shape.push_back(type.shape[i]);
    core::list<std::int64_t> words;
    core::to_words(words, a);
    return words;
  }

  /// The same rows so many rows later.
  constexpr ir::node_id late(ir::node_id x, int axis, std::int64_t rows) {
    if (rows == 0) return x;
    for (waiting const& each : waiting_) {
      if (each.id == x && each.rows == rows) return each.late;
    }
    std::int64_t const block = made_.graph[x].type.shape[axis];
    ir::node_id const y = part_of(window(x, axis, rows, unused_name("delay")), axis, 0, block);
    waiting_.push_back({x, rows, y});
    return y;
  }

  /// The last `kept` rows of the blocks before, then the block. The state has its rows outermost.
  constexpr ir::node_id window(ir::node_id x, int axis, std::int64_t kept, path const& state) {
    if (kept == 0) return x;
    ir::graph& g = made_.graph;
    if (g[x].type.shape.product(0, axis) != 1)
      return turned(window(turned(x, axis, 0), 0, kept, state), 0, axis);
    ir::tensor_type type = g[x].type;
    type.shape[axis] = kept;
    auto const number = static_cast<std::size_t>(ir::add_state(g, type, state.view()));
    ir::node_id const both = ir::emit<ops::concat>(g, {g.states[number].read, x}, {axis});
    ir::node_id const next = part_of(both, axis, g[x].type.shape[axis], kept);
    g.states[number].next = next;
    return both;
  }

  constexpr ir::node_id part_of(ir::node_id x, int axis, std::int64_t start, std::int64_t size) {
    ops::slice::attrs part;
    for (int i = 0; i < made_.graph[x].type.rank(); ++i) {
      part.starts.push_back(i == axis ? start : 0);
      part.sizes.push_back(i == axis ? size : made_.graph[x].type.shape[i]);
      part.steps.push_back(1);
    }
    return ir::emit<ops::slice>(made_.graph, {x}, part);
  }

  /// Axis `from` becomes axis `to`, the others keep their order.
  constexpr ir::node_id turned(ir::node_id x, int from, int to) {
    ops::transpose::attrs order;
    int next = 0;
    for (int i = 0; i < made_.graph[x].type.rank(); ++i) {
      if (next == from) ++next;
      order.perm.push_back(i == to ? from : next++);
    }
    return ir::emit<ops::transpose>(made_.graph, {x}, order);
  }

  /// "conv.weight" keeps its rows in "conv.history", as causal_conv1d does.
  constexpr path history_of(ir::node_id weight) const {
    ir::graph const& g = made_.graph;
    while (!ir::is_leaf(g[weight])) weight = g.input(weight, 0);
    std::string_view name = g.name_of(weight);
    std::string_view const ending = ".weight";
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
    return unused_name(name.empty() ? path("history") : path(name) / "history");
  }

  constexpr path unused_name(path const& wanted) const {
    path name = wanted;
    for (int i = 2; is_state(name.view()); ++i) name = wanted + "_" + i;
    return name;
  }
  constexpr bool is_state(std::string_view name) const {
    for (ir::state_slot const& state : made_.graph.states) {
      if (made_.graph.name_of(state.read) == name) return true;
    }
    return false;
  }

  /// All results come at the same time, and none of them before its rows.
  constexpr void finish() {
    std::int64_t step = 1;
    for (ir::node_id out : whole_.outputs) step = std::lcm(step, rows_[out].stride);
    for (ir::node_id out : whole_.outputs) {
      signal const& y = signals_[static_cast<std::size_t>(out)];
      std::int64_t const delay = y.delay * rows_[out].stride;
      while (made_.delay < delay) made_.delay += step;
    }
    for (ir::node_id out : whole_.outputs) {
      signal const& y = signals_[static_cast<std::size_t>(out)];
      row_axis const rows = rows_[out];
      made_.graph.outputs.push_back(
          rows.has_rows() ? late(y.id, rows.axis, made_.delay / rows.stride - y.delay) : y.id);
    }
    for (ir::range name : whole_.output_names)
      made_.graph.output_names.push_back(made_.graph.add_text(whole_.text_of(name)));
  }

  ir::graph const& whole_;
  sequence_rows const& rows_;
  std::int64_t length_, block_;
  core::list<signal> signals_;
  core::list<waiting> waiting_;
  streamed_graph made_;
};

}  // namespace etch::passes
