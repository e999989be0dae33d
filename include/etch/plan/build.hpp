#pragma once

#include <etch/ir/rewriter.hpp>
#include <etch/plan/arena.hpp>
#include <etch/plan/chains.hpp>
#include <etch/plan/control_planner.hpp>
#include <etch/plan/fused_program.hpp>
#include <etch/plan/kernel_choice.hpp>
#include <etch/plan/lengths.hpp>
#include <etch/plan/packed.hpp>
#include <etch/plan/plan.hpp>
#include <etch/plan/recipe_list.hpp>
#include <etch/plan/same_step.hpp>
#include <etch/plan/split_choice.hpp>
#include <etch/plan/state_layout.hpp>
#include <etch/plan/step_size.hpp>
#include <etch/plan/view_offset.hpp>

namespace etch::plan {

/// What a model's options say of its plan.
struct settings {
  etch::numerics numerics = etch::numerics::strict;
  tile_policy depth_first{};
  /// Rings have room for so many calls' rows: states fit models that differ in their rows alone.
  std::int64_t ring_calls = 1;
};

namespace detail {

/// Turns an optimised graph into a plan, node by node.
class builder {
 public:
  constexpr builder(ir::graph const& graph, settings const& wanted)
      : graph_(graph),
        settings_(wanted),
        at_load_(ir::weight_only(graph)),
        kernel_(graph.nodes.size()),
        where_(graph.nodes.size()),
        buffer_(graph.nodes.size(), -1),
        last_read_(graph.nodes.size(), -1),
        recipe_(graph.nodes.size(), -1),
        state_(graph.nodes.size(), -1),
        last_read_of_state_(graph.states.size(), -1),
        kept_(graph),
        in_use_(lengths_of(graph)) {}

  constexpr plan build() {
    if (in_use_.refused >= 0) return refused_at(in_use_.refused);
    result_.limits = in_use_.limits;
    find_states();
    place_inputs();
    add_nodes();
    for (ir::node_id out : graph_.outputs) result_.outputs.push_back(unmoved(location_of(out)));
    add_states();
    result_.workspace_bytes = workspace_.bytes();
    result_.live_bytes = workspace_.most_live();
    result_.weights_bytes = recipes_.weights_bytes();
    return static_cast<plan&&>(result_);
  }

 private:
  friend class control_planner<builder>;

  static constexpr std::size_t index(int id) { return static_cast<std::size_t>(id); }

  // Lengths that calls decide.

  constexpr plan refused_at(ir::node_id id) const {
    plan nothing;
    nothing.refused = graph_[id].op->key;
    return nothing;
  }

  /// The number of the length that says how much of a value a call uses, or -1.
  constexpr int length_of(ir::node_id id) {
    if (in_use_.elements.empty()) return -1;
    extent const& elements = in_use_.elements[index(id)];
    return elements.is_fixed() ? -1 : number_of(common_length(elements));
  }
  /// The same axis by axis, in plan::axes, or -1.
  constexpr int axes_of(ir::node_id id) {
    if (in_use_.axes.empty() || in_use_.axes[index(id)] == axis_lengths{}) return -1;
    bounded_axes numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      int const length = in_use_.axes[index(id)][i];
      numbers[i] = static_cast<signed char>(
          length == 0 ? -1 : number_of(in_use_.lengths[index(length - 1)]));
    }
    for (std::size_t i = 0; i < result_.axes.size(); ++i) {
      if (result_.axes[i] == numbers) return static_cast<int>(i);
    }
    result_.axes.push_back(numbers);
    return static_cast<int>(result_.axes.size()) - 1;
  }
  constexpr void note_lengths(location& at, ir::node_id id) {
    at.length = length_of(id);
    at.axes = axes_of(id);
  }
  constexpr int number_of(extent const& length) {
    for (std::size_t i = 0; i < result_.lengths.size(); ++i) {
      if (result_.lengths[i] == length) return static_cast<int>(i);
    }
    result_.lengths.push_back(length);
    return static_cast<int>(result_.lengths.size()) - 1;
  }

  /// Whether a call decides how much of a step's values it uses.
  constexpr bool is_bounded(step const& added) const {
    bool bounded = added.result.length >= 0;
    for (int i = 0; i < added.operands.count; ++i)
      bounded = bounded || result_.locations[index(added.operands.first + i)].length >= 0;
    return bounded;
  }

  /// A kernel for lengths that calls decide is the same for all of them.
  constexpr etch::numerics numerics() const {
    return in_use_.axes.empty() ? settings_.numerics : etch::numerics::strict;
  }

  constexpr bool is_step(ir::node_id id) const { return !kernel_[index(id)].view().empty(); }

  constexpr void place_inputs() {
    std::int64_t number = 0;
    for (ir::node_id in : graph_.inputs) {
      location& at = where_[index(in)];
      at = {place::input, number++, graph_[in].type};
      note_lengths(at, in);
    }
  }

  constexpr void add_nodes() {
    find_buffers();
    chains const found(graph_, settings_.depth_first, kernel_, buffer_, last_read_, in_use_);
    needed_ = found.needed;
    tile_chain const* next = found.all.data();
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      if (next != found.all.end() && next->first == id) begin_tiles(*next++);
      if (ir::is_control(graph_[id]))
        add_control(id);
      else if (at_load_[index(id)])
        add_recipe(id);
      else if (is_window(id))
        add_append(id);
      else if (is_step(id))
        add_step(id);
      else if (!is_first_result(id))
        where_[index(id)] = viewed(id);
      if (chain_ != nullptr && chain_->last == id) end_tiles();
    }
  }

  /// A step that starts regions, and theirs behind it; see control_planner.
  constexpr void add_control(ir::node_id id) { control_planner<builder>(*this, id).run(); }

  /// The node that has the place of a control node's result.
  constexpr bool is_first_result(ir::node_id id) const {
    return ir::is(graph_[id], ir::result_op) && buffer_[index(id)] == id;
  }

  /// Whether a value lies within another, at a fixed distance. A part of an input is copied: a
  /// location names an input as a whole.
  constexpr bool is_view(ir::node_id id) const {
    std::int64_t const offset = view_offset(graph_, graph_[id]);
    if (offset > 0 && !in_use_.axes.empty() && in_use_.axes[index(id)] != axis_lengths{})
      return false;  // where it begins is decided by the call
    return offset == 0 || (offset > 0 && !is_within_input(graph_.input(id, 0)));
  }

  constexpr bool is_within_input(ir::node_id id) const {
    while (!ir::is_leaf(graph_[id]) && is_view(id)) id = graph_.input(id, 0);
    return ir::is(graph_[id], ir::input_op) && where_[index(id)].place == place::input;
  }

  /// The first of several nodes that read one result of a control node.
  constexpr ir::node_id first_of_result(ir::node_id id) const {
    ir::node_id const control = graph_.input(id, 0);
    for (ir::node_id other = control + 1; other < id; ++other) {
      if (ir::is(graph_[other], ir::result_op) && graph_.input(other, 0) == control &&
          ir::result_number(graph_, other) == ir::result_number(graph_, id))
        return other;
    }
    return id;
  }

  /// Which node's buffer holds each value (views share one), and who reads it last.
  constexpr void find_buffers() {
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      if (at_load_[index(id)]) continue;
      if (ir::is_control(graph_[id])) {  // no value, but it reads
        for (ir::node_id in : graph_.inputs_of(id)) note_read(in, id);
        continue;
      }
      if (ir::is(graph_[id], ir::result_op)) {
        buffer_[index(id)] = first_of_result(id);
        continue;
      }
      buffer_[index(id)] = is_view(id) ? buffer_[index(graph_.input(id, 0))] : id;
      if (is_view(id)) state_[index(id)] = state_[index(graph_.input(id, 0))];
      for (ir::node_id in : graph_.inputs_of(id)) note_read(in, id);
      if (buffer_[index(id)] == id && !ir::is_call_leaf(graph_[id]))
        kernel_[index(id)] = kernel_of(graph_, graph_[id], at_load_, numerics());
      if (ir::is_call_leaf(graph_[id]) || ring_of(id) >= 0) buffer_[index(id)] = -1;
    }
    graph_.for_each_result([&](ir::node_id id) { note_read(id, graph_.size()); });
  }

  constexpr void note_read(ir::node_id value, ir::node_id reader) {
    int const buffer = buffer_[index(value)], state = state_[index(value)];
    if (buffer >= 0) last_read_[index(buffer)] = reader;
    if (state >= 0) last_read_of_state_[index(state)] = reader;
  }

  constexpr location viewed(ir::node_id id) {
    if (ir::is_call_leaf(graph_[id])) return where_[index(id)];
    if (ir::is(graph_[id], ir::result_op)) return where_[index(buffer_[index(id)])];
    location same = where_[index(graph_.input(id, 0))];
    if (at_load_[index(graph_.input(id, 0))]) throw "etch: plan: a view of a weight is run-time";
    same.type = graph_[id].type;
    note_lengths(same, id);
    same.offset +=
        view_offset(graph_, graph_[id]) * static_cast<std::int64_t>(size_of(same.type.dtype));
    return same;
  }

  constexpr location location_of(ir::node_id id) {
    if (!at_load_[index(id)]) return where_[index(id)];
    if (!is_lane_weight(id)) return recipes_.in_weights(result_, recipe_[index(id)]);
    location same = location_of(graph_.input(id, 0));
    same.type = graph_[id].type;
    return same;
  }

  constexpr bool is_lane_weight(ir::node_id id) const {
    return graph_[id].op == &ir::info_of<ops::lane_weight>;
  }

  // States.

  constexpr void find_states() {
    kept_.find(graph_, at_load_, settings_.ring_calls);
    for (state_layout::placed const& each : kept_.values) where_[index(each.value)] = each.at;
    for (std::size_t i = 0; i < graph_.states.size(); ++i)
      state_[index(graph_.states[i].read)] = static_cast<int>(i);
    result_.rings = kept_.rings;
    result_.state_bytes = kept_.bytes;
  }

  constexpr int ring_of(ir::node_id id) const { return kept_.ring_of[index(id)]; }
  constexpr bool is_window(ir::node_id id) const {
    return ring_of(id) >= 0 && kept_.registers[index(ring_of(id))].window == id;
  }

  /// Writes the new rows of a ring, or only their second copy where they are there already.
  constexpr void add_append(ir::node_id id) {
    shift_register const& of = kept_.registers[index(ring_of(id))];
    ring const& to = result_.rings[index(ring_of(id))];
    step added;
    added.op = graph_[id].op;
    added.kernel = "append";
    added.words = result_.add_words(graph_.word_span(graph_[id]));
    added.node = id;
    added.own_operands = 2;
    added.operands = {static_cast<int>(result_.locations.size()), 2};
    location const rows = location_of(of.added);
    ir::shape both = graph_[of.window].type.shape;
    both[core::from_words<ops::concat::attrs>(graph_.words_of(graph_[id])).axis] =
        2 * to.bytes / of.row_bytes;
    result_.locations.push_back(rows);
    result_.locations.push_back({place::state, to.offset, {rows.type.dtype, both}});
    added.result = {
        place::state, to.offset + of.kept_rows * of.row_bytes, graph_[of.added].type, 0, 0,
        ring_of(id)};
    added.cols = of.row_bytes / static_cast<std::int64_t>(size_of(rows.type.dtype));
    give_back_operands(id);
    added.same_as = same_steps_.add(result_, added);
    result_.steps.push_back(added);
  }

  /// A value that is read behind the call, out of the way of the states that are moved then.
  constexpr location unmoved(location const& at) {
    if (at.place != place::state) return at;
    location const copy{place::workspace, workspace_.take(at.type.bytes()), at.type};
    result_.moves.push_back({at, copy});
    return copy;
  }

  constexpr void add_states() {
    core::list<move> last;
    for (ir::state_slot const& state : graph_.states) {
      location const at = where_[index(state.read)], next = location_of(state.next);
      bool const stays = next.place == place::state && next.offset == at.offset;
      if (!stays && at.ring < 0) last.push_back({unmoved(next), at});
      result_.states.push_back({at, state.initial < 0 ? at : location_of(state.initial),
                                result_.add_text(graph_.name_of(state.read))});
    }
    for (move const& each : last) result_.moves.push_back(each);
  }

  // Load time.

  constexpr void add_recipe(ir::node_id id) {
    ir::node const& n = graph_[id];
    // the recipe is one of the graph around the region, or that of the weight itself
    if (ir::is(n, ir::weight_op) || is_lane_weight(id)) return;
    core::list<int> operands;
    for (ir::node_id in : graph_.inputs_of(n)) operands.push_back(recipe_[index(in)]);
    recipe_[index(id)] =
        recipes_.add(result_, *n.op, graph_.word_span(n), operands, n.type, graph_.text_of(n.name));
  }

  template <class Op>
  constexpr location packed(ir::node_id weight, ir::attrs_of<Op> const& attributes) {
    return recipes_.packed<Op>(result_, recipe_[index(weight)], attributes);
  }

  // Run time.

  constexpr void add_step(ir::node_id id) {
    ir::node const& n = graph_[id];
    step added;
    added.op = n.op;
    added.kernel = kernel_[index(id)];
    added.words = result_.add_words(graph_.word_span(n));
    added.node = id;
    added.depth = depth_;
    added.times = times_;
    added.own_operands = ir::own_operands(graph_, n);
    core::list<location> operands;
    for (int i = 0; i < n.inputs.count; ++i) {
      location const whole = operand(added, n, i);
      operands.push_back(chain_ ? in_chain(whole, n, added.kernel, i) : whole);
    }
    added.operands = {static_cast<int>(result_.locations.size()),
                      static_cast<int>(operands.size())};
    for (location const& each : operands) result_.locations.push_back(each);
    if (n.region >= 0) added.program = add_program(result_, graph_.region_of(n));
    if (n.op == &ir::info_of<ops::conv2d> || n.op == &ir::info_of<ops::lane_conv2d>) {
      ir::shape const& w = graph_[graph_.input(id, 1)].type.shape;
      added.window = ir::shape(w[2], w[3]);
    }
    added.cols = passes::view_of(graph_, n).cols;
    added.flops = flops_of(graph_, n, added.own_operands);
    if (ring_of(id) >= 0)
      ;  // where_ is set: new rows of a ring
    else if (int const state = written_state(id, added); state >= 0)
      where_[index(id)] = where_[index(graph_.states[index(state)].read)];
    else if (int const target = target_of(id); target >= 0)
      where_[index(id)] = targets_[index(target)];
    else
      where_[index(id)] = {is_inner(id) ? place::tile : place::workspace, result_offset(id, added),
                           n.type};
    note_lengths(where_[index(id)], id);
    std::int64_t const scratch = scratch_bytes(graph_, id, added);
    if (scratch > 0) {
      arena& from = chain_ ? tile_ : workspace_;
      added.scratch = from.take(scratch);
      from.give_back(added.scratch, scratch);
    }
    added.result = where_[index(id)];
    if (chain_ == nullptr) {
      bool const bounded = is_bounded(added);
      if (bounded && !can_lead(added.kernel)) result_.refused = added.op->key;
      added.splits = worth_splitting(added, bytes_of(added, operands), bounded);
      if (added.splits && scratch > result_.scratch_bytes) result_.scratch_bytes = scratch;
    } else if (chain_->images) {
      added.result = in_band(added.result, needed_[index(id)]);
    } else {
      std::int64_t const cols = n.type.shape[n.type.rank() - 1];
      added.result = in_tile(*chain_, added.result, {motion::kind::by_row, 0, cols});
    }
    give_back_operands(id);
    added.same_as = same_steps_.add(result_, added);
    result_.steps.push_back(added);
  }

  // Tiles.

  constexpr void begin_tiles(tile_chain const& chain) {
    chain_ = &chain;
    tile_ = arena();
    result_.tilings.push_back(
        {static_cast<int>(result_.steps.size()), 0, chain.matrices, chain.rows, chain.tile});
    result_.tilings.back().images = chain.images;
    if (!chain.in_use.is_fixed())
      result_.tilings.back().length = number_of(common_length(chain.in_use));
  }

  /// What the chain read from outside was needed until its last tile was done.
  constexpr void end_tiles() {
    tiling& t = result_.tilings.back();
    t.count = static_cast<int>(result_.steps.size()) - t.first;
    t.offset = workspace_.take(tile_.bytes());
    workspace_.give_back(t.offset, tile_.bytes());
    for (int i = 0; i < t.count; ++i) t.flops += result_.steps[index(t.first + i)].flops;
    t.splits = t.tiles() > 1 && worth_splitting(t.flops);
    if (t.splits && tile_.bytes() > result_.scratch_bytes) result_.scratch_bytes = tile_.bytes();
    chain_ = nullptr;
    for (ir::node_id id : read_by_tiles_) give_back(id);
    read_by_tiles_.clear();
  }

  /// Whether a value lives in a tile: all who read it are in the chain of its own step.
  constexpr bool is_inner(ir::node_id id) const {
    return chain_ != nullptr && buffer_[index(id)] == id && id >= chain_->first &&
           last_read_[index(id)] <= chain_->last;
  }

  /// Operand i of a node, as the steps of the chain see it.
  constexpr location in_chain(location const& whole, ir::node const& n, ir::op_key const& kernel,
                              int i) const {
    if (!chain_->images) return in_tile(*chain_, whole, motion_of(graph_, n, kernel, i));
    bool const image = (i == 0 && !ir::is(n, ir::fused_op)) || whole.type.shape == n.type.shape;
    if (!image) return whole;
    int const buffer = buffer_[index(graph_.inputs_of(n)[index(i)])];
    return in_band(whole, buffer >= 0 && is_inner(buffer) ? needed_[index(buffer)] : image_rows{});
  }

  constexpr std::int64_t buffer_bytes(ir::node_id id) const {
    std::int64_t const bytes = graph_[id].type.bytes();
    if (is_inner(id) && chain_->images) {
      ir::shape const& image = graph_[id].type.shape;
      return bytes / (image[0] * image[1]) * needed_[index(id)].most(chain_->tile, image[1]);
    }
    return is_inner(id) ? bytes / (chain_->matrices * chain_->rows) * chain_->tile : bytes;
  }

  constexpr void give_back(ir::node_id id) {
    if (is_inner(id) && chain_->images) return;  // the next band finds rows there
    arena& to = is_inner(id) ? tile_ : workspace_;
    to.give_back(where_[index(id)].offset, buffer_bytes(id));
  }

  /// Where operand i of a step is; weights in the layout that the kernel reads.
  constexpr location operand(step const& of, ir::node const& n, int i) {
    ir::node_id const in = graph_.inputs_of(n)[index(i)];
    if (i == 0 || i >= of.own_operands) return location_of(in);
    if (of.kernel == ir::op_key("gemm") || of.kernel == ir::op_key("lane_gemm")) {
      bool const in_out = core::from_words<ops::linear::attrs>(graph_.words_of(n)).in_out;
      return i == 1 ? packed<pack_dense>(in, {.in_out = in_out}) : packed<pack_bias>(in, {});
    }
    if (of.kernel == ir::op_key("conv2d") || of.kernel == ir::op_key("lane_conv2d")) {
      int const groups = core::from_words<ops::conv2d::attrs>(graph_.words_of(n)).groups;
      return i == 1 ? packed<pack_conv2d>(in, {.groups = groups})
                    : packed<pack_bias>(in, {.groups = groups});
    }
    if (of.kernel == ir::op_key("winograd"))
      return i == 1 ? packed<pack_winograd>(in, {}) : packed<pack_bias>(in, {});
    if (of.kernel == ir::op_key("depthwise"))
      return i == 1 ? packed<pack_depthwise>(in, {}) : packed<pack_bias>(in, {});
    return location_of(in);
  }

  /// The state that a step may write where it is kept, or -1: the next value of one state and
  /// nothing else that outlives the call, and no later step reads what was there.
  constexpr int written_state(ir::node_id id, step const& added) const {
    int state = -1, results = 0;
    graph_.for_each_result([&](ir::node_id result) { results += result == id; });
    for (std::size_t i = 0; i < graph_.states.size(); ++i) {
      if (graph_.states[i].next == id) state = static_cast<int>(i);
    }
    if (state < 0 || results > 1 || chain_ != nullptr) return -1;
    if (last_read_of_state_[index(state)] > id) return -1;
    ir::node const& n = graph_[id];
    for (int i = 0; i < n.inputs.count; ++i) {
      ir::node_id const in = graph_.input(id, i);
      bool const as_written =
          ir::is(n, ir::fused_op) || i >= added.own_operands || (i == 0 && n.op->is.in_place);
      if (state_[index(in)] == state && !(as_written && graph_[in].type == n.type)) return -1;
    }
    return state;
  }

  /// A dying operand of the result's type whose elements are read where they are written lends its
  /// buffer; else the arena gives one.
  constexpr std::int64_t result_offset(ir::node_id id, step const& added) {
    ir::node const& n = graph_[id];
    bool const fused = ir::is(n, ir::fused_op);
    for (int i = fused ? 0 : added.own_operands; i < n.inputs.count; ++i) {
      int const buffer = buffer_[index(graph_.input(id, i))];
      if (buffer < 0 || last_read_[index(buffer)] != id || taken_over(buffer)) continue;
      location const& from = where_[index(graph_.input(id, i))];
      if (!(from.type == n.type) || graph_[buffer].type.bytes() != n.type.bytes()) continue;
      if (!fused && reads_as_own_operand(n, added.own_operands, buffer)) continue;
      if (reads_part_of(n, buffer)) continue;
      if (chain_ != nullptr && (chain_->images || from.place != place::tile || !is_inner(id)))
        continue;
      taken_over_.push_back(buffer);
      return from.offset;
    }
    return (is_inner(id) ? tile_ : workspace_).take(buffer_bytes(id));
  }

  /// Where a region's result has to be in the end, if its step can write it there; else -1.
  constexpr int target_of(ir::node_id id) const {
    return target_.empty() || chain_ != nullptr ? -1 : target_[index(id)];
  }

  constexpr bool reads_as_own_operand(ir::node const& n, int own, int buffer) const {
    for (int i = 0; i < own; ++i) {
      if (buffer_[index(graph_.inputs_of(n)[index(i)])] == buffer) return true;
    }
    return false;
  }

  /// An operand that is a part of the buffer would be overwritten before its last element is read.
  constexpr bool reads_part_of(ir::node const& n, int buffer) const {
    for (ir::node_id in : graph_.inputs_of(n)) {
      if (buffer_[index(in)] == buffer && graph_[in].type.bytes() != graph_[buffer].type.bytes())
        return true;
    }
    return false;
  }

  constexpr bool taken_over(int buffer) const {
    return !taken_over_.empty() && taken_over_.back() == buffer;
  }

  constexpr void give_back_operands(ir::node_id id) {
    for (ir::node_id in : graph_.inputs_of(id)) {
      int const buffer = buffer_[index(in)];
      if (buffer < 0 || last_read_[index(buffer)] != id) continue;
      if (chain_ != nullptr && !is_inner(buffer))
        read_by_tiles_.push_back(buffer);
      else if (!taken_over(buffer))
        give_back(buffer);
      last_read_[index(buffer)] = -1;
    }
    taken_over_.clear();
    if (buffer_[index(id)] == id && last_read_[index(id)] < 0)
      give_back(id);  // read by nobody: dead code was kept
  }

  ir::graph const& graph_;
  settings settings_;
  core::list<bool> at_load_;
  core::list<ir::op_key> kernel_;
  core::list<location> where_;
  core::list<int> buffer_, last_read_, recipe_;
  core::list<int> state_;  ///< of each value, the state that it is or is a part of, or -1
  core::list<int> last_read_of_state_;
  state_layout kept_;
  value_lengths in_use_;
  core::list<int> taken_over_;
  tile_chain const* chain_ = nullptr;  ///< the one whose steps are being added
  core::list<int> read_by_tiles_;      ///< buffers from outside that it read last
  core::list<image_rows> needed_;      ///< of each value in a band
  same_steps same_steps_;
  arena workspace_, tile_;
  recipe_list recipes_;
  plan result_;
  int depth_ = 0;           ///< how many loops and branches are around the graph
  std::int64_t times_ = 1;  ///< that a call runs it, at most
  core::list<int> target_;  ///< of a region: where each value has to be, in targets_, or -1
  core::list<location> targets_;
};

}  // namespace detail

/// Decides steps, kernels, memory offsets and load-time recipes for an optimised graph.
constexpr plan build(ir::graph const& graph, settings const& wanted = {}) {
  return detail::builder(graph, wanted).build();
}

}  // namespace etch::plan
