#pragma once

#include <utility>

#include <etch/ir/control.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan::detail {

/// Plans a control node for the builder of the graph that it stands in: a place for each of its
/// results and for what it carries, and its regions by builders of their own, which go on in the
/// same plan and the same workspace. What lives outside of a region lives through it, so nothing of
/// a turn can overwrite it.
template <class Builder>
class control_planner {
 public:
  constexpr control_planner(Builder& outer, ir::node_id id)
      : outer_(outer),
        node_(outer.graph_[id]),
        id_(id),
        layout_(ir::layout_of(outer.graph_, node_)),
        readers_(static_cast<std::size_t>(layout_.results), -1) {
    for (ir::node_id reader = outer.graph_.size(); --reader > id;) {
      if (ir::is(outer.graph_[reader], ir::result_op) && outer.graph_.input(reader, 0) == id)
        readers_[index(ir::result_number(outer.graph_, reader))] = reader;
    }
  }

  constexpr void run() {
    for (int k = 0; k < layout_.results; ++k) places_.push_back(place_of_result(k));
    begin_step();
    move_initial_values();
    place_walks();
    if (layout_.counted) added_.turns = temporary({ir::dtype::i32, {}});
    if (ir::is(node_, ir::cond_op)) added_.decides = outer_.location_of(operand(0));
    for (int i = 0; i < layout_.regions; ++i) add_region(i);
    end();
  }

 private:
  static constexpr location nowhere{place::recipe, -1, {}};

  static constexpr std::size_t index(int id) { return static_cast<std::size_t>(id); }
  constexpr plan& result() { return outer_.result_; }
  constexpr ir::node_id operand(int i) const { return outer_.graph_.inputs_of(node_)[index(i)]; }
  constexpr ir::graph const& region(int i) const {
    return ir::control_region(outer_.graph_, node_, i);
  }
  constexpr bool is_collected(int k) const {
    return ir::is(node_, ir::scan_op) && k >= layout_.carried;
  }

  /// A place for result `k`. What nobody reads needs none, unless it is carried.
  constexpr location place_of_result(int k) {
    ir::tensor_type const type = ir::result_type(outer_.graph_, node_, k);
    ir::node_id const reader = readers_[index(k)];
    if (reader < 0)
      return k < layout_.carried || ir::is(node_, ir::while_loop_op) ? temporary(type) : nowhere;
    location at{place::workspace, 0, type};
    if (int const target = outer_.target_of(reader); target >= 0)
      at = outer_.targets_[index(target)];
    else
      at.offset = outer_.workspace_.take(type.bytes());
    outer_.note_lengths(at, reader);
    outer_.where_[index(reader)] = at;
    return at;
  }

  /// Room until the node is done.
  constexpr location temporary(ir::tensor_type const& type) {
    location const at{place::workspace, outer_.workspace_.take(type.bytes()), type};
    temporaries_.push_back(at);
    return at;
  }

  constexpr void begin_step() {
    step starts;
    starts.op = node_.op;
    starts.kernel = "control";
    starts.node = id_;
    starts.depth = outer_.depth_;
    starts.times = outer_.times_;
    starts.control = static_cast<int>(result().controls.size());
    starts.words = result().add_words(outer_.graph_.word_span(node_));
    core::list<location> operands;  // the places of weights that regions read are their steps' own
    for (int i = 0; i < layout_.captures; ++i) operands.push_back(outer_.location_of(operand(i)));
    starts.operands = {static_cast<int>(result().locations.size()), layout_.captures};
    starts.own_operands = layout_.captures;
    for (location const& each : operands) result().locations.push_back(each);
    starts.result = places_.empty() ? location{} : places_[0];
    starts.same_as = static_cast<int>(result().steps.size());
    result().steps.push_back(starts);
    result().controls.push_back({});
    number_ = starts.control;
    added_.what = ir::is(node_, ir::cond_op)   ? control::kind::cond
                  : ir::is(node_, ir::scan_op) ? control::kind::scan
                                               : control::kind::while_loop;
    added_.first = starts.same_as + 1;
    added_.length = layout_.length;
    if (layout_.sequences > 0) added_.turns_in_use = outer_.length_of(operand(layout_.carried));
    added_.reverse = layout_.reverse;
    added_.counts_turns = layout_.counted;
    if (ir::is(node_, ir::while_loop_op)) {
      added_.turns = places_[index(layout_.carried)];
      added_.finished = places_[index(layout_.carried + 1)];
    }
  }

  constexpr void move_initial_values() {
    added_.before.first = static_cast<int>(result().region_moves.size());
    for (int k = 0; k < layout_.carried; ++k)
      result().region_moves.push_back({outer_.location_of(operand(k)), places_[index(k)]});
    added_.before.count = layout_.carried;
  }

  constexpr void place_walks() {
    added_.walks.first = static_cast<int>(result().walks.size());
    if (!ir::is(node_, ir::scan_op)) return;
    for (int s = 0; s < layout_.sequences; ++s)
      rows_.push_back(walked(outer_.location_of(operand(layout_.carried + s))));
    for (int k = 0; k < layout_.results; ++k)
      collected_.push_back(is_collected(k) && readers_[index(k)] >= 0 ? walked(places_[index(k)])
                                                                      : nowhere);
    added_.walks.count = static_cast<int>(result().walks.size()) - added_.walks.first;
  }

  /// The row of a sequence, through a pointer of its own.
  constexpr location walked(location const& sequence) {
    ir::tensor_type const type = ir::row_of(sequence.type);
    std::int64_t const pointer = temporary({ir::dtype::i64, {}}).offset;
    result().walks.push_back({sequence, pointer, type.bytes()});
    location row{place::row, 0, type};
    row.pointer = pointer;
    return row;
  }

  // Regions.

  /// A region as its builder plans it: carried values are states whose places are given; of the
  /// outputs those that somebody reads.
  constexpr ir::graph as_planned(int i) const {
    ir::graph of = region(i);
    if (ir::is(node_, ir::while_loop_op) && i == 0) return of;
    core::list<ir::node_id> const outputs = of.outputs;
    of.outputs.clear();
    std::size_t const turn = layout_.counted ? 1 : 0;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      if (static_cast<int>(k) < layout_.carried)
        of.states.push_back({of.inputs[turn + k], outputs[k], -1});
      else if (readers_[k] >= 0)
        of.outputs.push_back(outputs[k]);
    }
    return of;
  }

  /// Where the outputs of a planned region have to be.
  constexpr core::list<location> targets() const {
    core::list<location> targets;
    if (ir::is(node_, ir::cond_op)) {
      for (int k = 0; k < layout_.results; ++k)
        if (readers_[index(k)] >= 0) targets.push_back(places_[index(k)]);
    } else if (ir::is(node_, ir::scan_op)) {
      for (int k = layout_.carried; k < layout_.results; ++k)
        if (readers_[index(k)] >= 0) targets.push_back(collected_[index(k)]);
    }
    return targets;
  }

  constexpr void add_region(int i) {
    int const first = static_cast<int>(result().steps.size());
    ir::graph const of = as_planned(i);
    Builder inner(of, outer_.settings_);
    inner.depth_ = outer_.depth_ + 1;
    inner.times_ = outer_.times_ * (ir::is(node_, ir::cond_op) ? 1 : layout_.length);
    hand_inputs_to(inner, of);
    for (std::size_t k = 0; k < of.states.size(); ++k)
      inner.state_[index(of.states[k].read)] = static_cast<int>(k);
    core::list<location> const wanted = targets();
    inner.target_.resize(of.nodes.size(), -1);
    inner.targets_ = wanted;
    for (std::size_t o = 0; o < wanted.size(); ++o) {
      int& target = inner.target_[index(of.outputs[o])];
      if (target < 0) target = static_cast<int>(o);
    }
    share_with(inner);
    inner.add_nodes();
    added_.moves[i].first = static_cast<int>(inner.result_.region_moves.size());
    if (ir::is(node_, ir::while_loop_op) && i == 0)
      added_.decides = inner.location_of(of.outputs[0]);
    else
      move_results(inner, of, wanted);
    added_.moves[i].count =
        static_cast<int>(inner.result_.region_moves.size()) - added_.moves[i].first;
    give_back_results(inner, of);
    share_with(inner);
    added_.counts[i] = static_cast<int>(result().steps.size()) - first;
  }

  constexpr void hand_inputs_to(Builder& inner, ir::graph const& of) {
    int const turn = layout_.counted ? 1 : 0;
    for (int in = 0; in < static_cast<int>(of.inputs.size()); ++in) {
      ir::node_id const id = of.inputs[index(in)];
      location& at = inner.where_[index(id)];
      int const own = in - turn;
      if (in < turn) {
        at = added_.turns;
      } else if (own < layout_.carried) {
        at = places_[index(own)];
      } else if (own < layout_.carried + layout_.sequences) {
        at = rows_[index(own - layout_.carried)];
      } else {
        ir::node_id const from = operand(in - layout_.region_captures + layout_.captures);
        if (ir::is(of[id], ir::weight_op))
          inner.recipe_[index(id)] = outer_.recipe_[index(from)];
        else
          at = outer_.location_of(from);
      }
    }
  }

  /// Hands what is common to all builders of a plan to the inner one, or back.
  constexpr void share_with(Builder& inner) {
    std::swap(outer_.result_, inner.result_);
    std::swap(outer_.workspace_, inner.workspace_);
    std::swap(outer_.recipes_, inner.recipes_);
    std::swap(outer_.same_steps_, inner.same_steps_);
  }

  /// What a region returns goes where it belongs, and nothing is overwritten before it is read: old
  /// carried values that are results too are copied first.
  constexpr void move_results(Builder& inner, ir::graph const& of,
                              core::list<location> const& targets) {
    core::list<move>& moves = inner.result_.region_moves;
    for (std::size_t o = 0; o < targets.size(); ++o)
      add_move(moves, inner.location_of(of.outputs[o]), targets[o]);
    core::list<move> last;
    core::list<location> copies;
    for (std::size_t k = 0; k < of.states.size(); ++k) {
      location from = inner.location_of(of.states[k].next);
      location const to = places_[k];
      if (is_same_place(from, to)) continue;
      if (inner.state_[index(of.states[k].next)] >= 0) {
        location const copy{place::workspace, inner.workspace_.take(from.type.bytes()), from.type};
        copies.push_back(copy);
        moves.push_back({from, copy});
        from = copy;
      }
      last.push_back({from, to});
    }
    for (move const& each : last) moves.push_back(each);
    for (location const& each : copies) inner.workspace_.give_back(each.offset, each.type.bytes());
  }

  static constexpr bool is_same_place(location const& a, location const& b) {
    return a.place == b.place && a.offset == b.offset && a.pointer == b.pointer && a.ring == b.ring;
  }
  static constexpr void add_move(core::list<move>& to, location const& from, location const& at) {
    if (!is_same_place(from, at)) to.push_back({from, at});
  }

  /// The buffers that the region took for its results, but for those that are at their place.
  constexpr void give_back_results(Builder& inner, ir::graph const& of) {
    of.for_each_result([&](ir::node_id id) {
      int const buffer = inner.at_load_[index(id)] ? -1 : inner.buffer_[index(id)];
      if (buffer < 0 || inner.last_read_[index(buffer)] != of.size()) return;
      inner.last_read_[index(buffer)] = -1;
      location const& at = inner.where_[index(buffer)];
      if (at.place != place::workspace || is_given(at)) return;
      inner.workspace_.give_back(at.offset, of[buffer].type.bytes());
    });
  }

  /// Whether a place in the workspace is one of those that regions write results to.
  constexpr bool is_given(location const& at) const {
    for (location const& each : places_) {
      if (each.type.elements() > 0 && is_same_place(each, at)) return true;
    }
    return false;
  }

  constexpr void end() {
    result().controls[index(number_)] = added_;
    std::int64_t flops = 0;
    for (int s = added_.first; s < static_cast<int>(result().steps.size()); ++s) {
      step const& each = result().steps[index(s)];
      if (each.depth == outer_.depth_ + 1) flops += each.flops * each.times / outer_.times_;
    }
    result().steps[index(added_.first - 1)].flops = flops;
    for (location const& each : temporaries_)
      outer_.workspace_.give_back(each.offset, each.type.bytes());
    outer_.give_back_operands(id_);
    for (ir::node_id reader : readers_) {  // read by nobody: dead code was kept
      if (reader >= 0 && outer_.last_read_[index(reader)] < 0) outer_.give_back(reader);
    }
  }

  Builder& outer_;
  ir::node const node_;
  ir::node_id id_;
  ir::control_layout layout_;
  core::list<ir::node_id> readers_;  ///< the first node that reads each result, or -1
  core::list<location> places_;      ///< of the results
  core::list<location> rows_;        ///< of the sequences
  core::list<location> collected_;   ///< for each result, its row
  core::list<location> temporaries_;
  control added_;
  int number_ = 0;
};

}  // namespace etch::plan::detail
