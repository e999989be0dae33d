#pragma once

#include <etch/ir/rewriter.hpp>
#include <etch/passes/row_lift.hpp>

namespace etch::passes {

/// Moves work out of loops. What is the same in every turn is computed once before the loop. What a
/// scan computes of its sequences' rows alone, if there is a product in it (x W of an LSTM), is
/// computed for many rows at once: for all of them, or block by block where all would not stay in
/// the cache; then the scan becomes one over blocks, with one over the rows of a block inside.
/// needs  canonical order; no fused steps      keeps  types, names, the order of the turns
/// numerics  exact: a row of a product has the same bits alone and among others
struct hoist {
  static constexpr std::string_view name = "hoist";
  static constexpr bool of_control = true;
  static constexpr std::int64_t least_weights = 1024;   ///< elements, for a product to be worth it
  static constexpr std::int64_t most_bytes = 64 << 10;  ///< of rows computed ahead
  static constexpr std::int64_t least_rows = 8;         ///< of a block

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    core::list<std::int64_t> blocks(before.nodes.size(), 0);  // rows of a block of each scan
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node const& n = before[id];
      if (ir::is_control(n) && !ir::is(n, ir::cond_op))
        blocks[index(id)] = hoist_from(to, before, id);
      else if (ir::is(n, ir::result_op))
        copy_result(to, before, id, blocks[index(before.input(id, 0))]);
      else
        to.copy(id);
    }
    return to.finish();
  }

 private:
  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  /// What a value of a region depends on at most.
  enum class depends : unsigned char { weights, captures, rows, turns };

  class finder {
   public:
    constexpr finder(ir::graph const& region, ir::control_layout const& at)
        : region_(region), on_(region.nodes.size(), depends::weights) {
      int const turn = at.counted ? 1 : 0;
      for (int in = 0; in < static_cast<int>(region.inputs.size()); ++in) {
        ir::node_id const id = region.inputs[index(in)];
        depends& on = on_[index(id)];
        if (ir::is(region[id], ir::weight_op)) continue;
        on = in >= at.region_captures  ? depends::captures
             : in >= turn + at.carried ? depends::rows
                                       : depends::turns;
      }
      for (ir::node_id id = 0; id < region.size(); ++id) {
        if (ir::is_leaf(region[id])) continue;
        for (ir::node_id in : region.inputs_of(id))
          if (on_[index(in)] > on_[index(id)]) on_[index(id)] = on_[index(in)];
        if (region[id].op->is.control || ir::is(region[id], ir::result_op))
          on_[index(id)] = depends::turns;
        if (on_[index(id)] == depends::rows && !lifted(id, at.length).ok)
          on_[index(id)] = depends::turns;
      }
    }

    constexpr depends operator[](ir::node_id id) const { return on_[index(id)]; }

    constexpr lifted_node lifted(ir::node_id id, std::int64_t rows) const {
      core::list<bool> row;
      for (ir::node_id in : region_.inputs_of(id)) row.push_back(on_[index(in)] == depends::rows);
      return lift(region_, region_[id], rows, row);
    }

    /// The values of rows that are worth to be computed for many at once: products, what they need,
    /// and what is computed of them; parts of them are views in a row, so they stay.
    constexpr core::list<bool> worth_lifting() const {
      core::list<bool> lifted(region_.nodes.size(), false);
      for (ir::node_id id = 0; id < region_.size(); ++id) {
        ir::node const& n = region_[id];
        if (ir::is_leaf(n) || on_[index(id)] != depends::rows) continue;
        bool const product = detail::is_op<ops::linear>(n) || detail::is_op<ops::matmul>(n);
        lifted[index(id)] =
            product && region_[region_.input(id, 1)].type.elements() >= least_weights;
        if (!n.op->is.elementwise && !product && !detail::is_op<ops::layer_norm>(n)) continue;
        for (ir::node_id in : region_.inputs_of(id))
          lifted[index(id)] = lifted[index(id)] || lifted[index(in)];
      }
      for (ir::node_id id = region_.size(); id-- > 0;) {
        if (!lifted[index(id)]) continue;
        for (ir::node_id in : region_.inputs_of(id))
          if (on_[index(in)] == depends::rows && !ir::is_leaf(region_[in]))
            lifted[index(in)] = true;
      }
      return lifted;
    }

   private:
    ir::graph const& region_;
    core::list<depends> on_;
  };

  /// A loop taken apart; its operands are nodes of the graph that it will stand in.
  struct loop {
    ir::control_layout at;
    core::list<ir::node_id> carried, sequences, captures;
    ir::graph regions[2];
    bool changed = false;

    constexpr loop(ir::graph const& g, ir::node const& n) : at(ir::layout_of(g, n)) {
      for (int i = 0; i < at.regions; ++i) regions[i] = ir::control_region(g, n, i);
    }
    /// A scan; gcc 12 shares what copies of an array of graphs own, so loops are not copied.
    constexpr loop(ir::control_layout const& of, ir::graph const& only) : at(of) {
      regions[0] = only;
    }
    loop(loop const&) = delete;
    loop& operator=(loop const&) = delete;
    constexpr ir::graph& body() { return regions[at.regions - 1]; }

    constexpr ir::node_id add_to(ir::graph& g) const {
      core::list<ir::node_id> operands = carried;
      operands.append(sequences);
      operands.append(captures);
      std::span<ir::node_id const> const all{operands.data(), operands.size()};
      int const count = static_cast<int>(carried.size());
      if (at.regions == 2)
        return ir::add_control<ir::builtin::while_loop>(g, ir::while_loop_op, all,
                                                        {count, at.length}, regions);
      return ir::add_control<ir::builtin::scan>(
          g, ir::scan_op, all,
          {count, static_cast<int>(sequences.size()), at.length, at.reverse, at.counted},
          {regions, 1});
    }
  };

  /// The hoisted nodes whose values others in the region, or its outputs, read.
  static constexpr core::list<ir::node_id> frontier(ir::graph const& region,
                                                    core::list<bool> const& hoisted) {
    core::list<bool> read(region.nodes.size(), false);
    for (ir::node_id id = 0; id < region.size(); ++id) {
      if (hoisted[index(id)]) continue;
      for (ir::node_id in : region.inputs_of(id)) read[index(in)] = true;
    }
    for (ir::node_id out : region.outputs) read[index(out)] = true;
    core::list<ir::node_id> found;
    for (ir::node_id id = 0; id < region.size(); ++id)
      if (hoisted[index(id)] && read[index(id)]) found.push_back(id);
    return found;
  }

  /// The region with new inputs, behind its first `position` ones, for the nodes in `taken`, and
  /// without what was hoisted.
  static constexpr ir::graph without(ir::graph const& region, core::list<bool> const& hoisted,
                                     core::list<ir::node_id> const& taken, int position) {
    ir::rewriter to(region);
    core::list<ir::node_id> added;
    std::size_t next = 0;
    for (ir::node_id id = 0; id < region.size(); ++id) {
      if (next < taken.size() && taken[next] == id) {
        ++next;
        added.push_back(to.after.add(ir::input_op, region[id].type));
        to.put(id, added.back());
      } else if (!hoisted[index(id)]) {
        to.copy(id);
      }
    }
    ir::graph after = to.finish();
    core::list<ir::node_id> inputs;
    for (int in = 0; in <= static_cast<int>(after.inputs.size()); ++in) {
      if (in == position) inputs.append(added);
      if (in < static_cast<int>(after.inputs.size())) inputs.push_back(after.inputs[index(in)]);
    }
    after.inputs = inputs;
    return after;
  }

  /// Computes the hoisted nodes of a region in another graph, and what they need of weights and
  /// literals; `at`: where each value of the region is in that graph. With `rows`, those that
  /// depend on rows for that many at once.
  static constexpr void compute(ir::graph const& region, core::list<bool> const& hoisted,
                                finder const& on, std::int64_t rows, ir::graph& into,
                                core::list<ir::node_id>& at) {
    core::list<bool> needed = hoisted;
    for (ir::node_id id = region.size(); id-- > 0;) {
      if (!needed[index(id)]) continue;
      for (ir::node_id in : region.inputs_of(id)) needed[index(in)] = true;
    }
    for (ir::node_id id = 0; id < region.size(); ++id) {
      if (!needed[index(id)] || at[index(id)] >= 0) continue;
      ir::node const& n = region[id];
      core::list<ir::node_id> operands;
      bool const of_rows = rows > 0 && on[id] == depends::rows;
      for (ir::node_id in : region.inputs_of(n)) {
        ir::node_id operand = at[index(in)];
        if (of_rows && on[in] == depends::rows && n.op->is.elementwise)
          operand =
              reshaped(into, operand, lifted_operand(region[in].type, rows, n.type.rank()).shape);
        operands.push_back(operand);
      }
      lifted_node lifted;
      if (of_rows) lifted = on.lifted(id, rows);
      std::span<std::int64_t const> words = region.word_span(n);
      if (of_rows) words = {lifted.words.data(), lifted.words.size()};
      ir::tensor_type type = n.type;
      if (of_rows) type = lifted.type;
      ir::node_id const added = into.add(*n.op, type, {operands.data(), operands.size()}, words);
      if (n.region >= 0) into[added].region = into.add_region(region.region_of(n));
      at[index(id)] = added;
    }
  }

  static constexpr ir::node_id reshaped(ir::graph& g, ir::node_id id, ir::shape const& to) {
    if (g[id].type.shape == to) return id;
    ops::reshape::attrs attributes;
    for (int i = 0; i < to.rank; ++i) attributes.shape.push_back(to[i]);
    return ir::emit<ops::reshape>(g, {id}, attributes);
  }

  /// Takes apart a loop of `before`, hoists, and adds it. Returns the rows of a block, or 0.
  static constexpr std::int64_t hoist_from(ir::rewriter& to, ir::graph const& before,
                                           ir::node_id id) {
    loop of(before, before[id]);
    for (int i = 0; i < before[id].inputs.count; ++i) {
      ir::node_id const operand = to[before.input(id, i)];
      if (i < of.at.carried)
        of.carried.push_back(operand);
      else if (i < of.at.captures)
        of.sequences.push_back(operand);
      else
        of.captures.push_back(operand);
    }
    for (int i = 0; i < of.at.regions; ++i) hoist_captured(of, i, to.after);
    std::int64_t const block = hoist_rows(of, to.after);
    if (of.changed) {
      to.put(id, of.add_to(to.after));
      to.note_change();
    } else {
      to.copy(id);
    }
    return block;
  }

  /// What depends on captures alone is computed in front of the loop, and captured.
  static constexpr void hoist_captured(loop& of, int number, ir::graph& into) {
    ir::graph const region = of.regions[number];
    finder const on(region, of.at);
    core::list<bool> hoisted(region.nodes.size(), false);
    for (ir::node_id id = 0; id < region.size(); ++id)
      hoisted[index(id)] = on[id] == depends::captures && !ir::is_leaf(region[id]);
    auto const taken = frontier(region, hoisted);
    if (taken.empty()) return;
    core::list<ir::node_id> at(region.nodes.size(), -1);
    place_captures(of, region, of.captures, at);
    compute(region, hoisted, on, 0, into, at);
    of.regions[number] = without(region, hoisted, taken, static_cast<int>(region.inputs.size()));
    for (ir::node_id id : taken) {
      of.captures.push_back(at[index(id)]);
      for (int other = 0; other < of.at.regions; ++other)
        if (other != number) ir::add_input(of.regions[other], region[id].type);
    }
    of.changed = true;
  }

  static constexpr void place_captures(loop const& of, ir::graph const& region,
                                       core::list<ir::node_id> const& captures,
                                       core::list<ir::node_id>& at) {
    for (std::size_t i = 0; i < captures.size(); ++i)
      at[index(region.inputs[index(of.at.region_captures) + i])] = captures[i];
  }

  /// What depends on rows is computed for all of them, or for those of a block.
  static constexpr std::int64_t hoist_rows(loop& of, ir::graph& into) {
    if (of.at.sequences == 0 || of.at.counted || ir::has_control(of.body())) return 0;
    ir::graph const region = of.body();
    finder const on(region, of.at);
    auto const hoisted = on.worth_lifting();
    auto const taken = frontier(region, hoisted);
    if (taken.empty()) return 0;
    std::int64_t row_bytes = 0;
    for (ir::node_id id : taken) row_bytes += region[id].type.bytes();
    of.body() = without(region, hoisted, taken, of.at.region_captures);
    of.changed = true;
    std::int64_t const block = rows_of_block(of.at.length, row_bytes);
    if (block == of.at.length) {
      add_lifted(of, region, hoisted, taken, on, into);
      return 0;
    }
    into_blocks(of, region, hoisted, taken, on, block, into);
    return block;
  }

  /// The most rows that stay in the cache and divide the length; all rows where none of that fits.
  static constexpr std::int64_t rows_of_block(std::int64_t length, std::int64_t row_bytes) {
    if (length * row_bytes <= most_bytes) return length;
    std::int64_t most = most_bytes / row_bytes;
    if (most < 2 * least_rows) most = 2 * least_rows;
    for (std::int64_t rows = most; rows >= least_rows; --rows)
      if (length % rows == 0) return rows;
    return length;
  }

  /// Adds the rows that were lifted out of `region` to the sequences of a loop in `into`.
  static constexpr void add_lifted(loop& of, ir::graph const& region,
                                   core::list<bool> const& hoisted,
                                   core::list<ir::node_id> const& taken, finder const& on,
                                   ir::graph& into) {
    core::list<ir::node_id> at(region.nodes.size(), -1);
    for (int s = 0; s < of.at.sequences; ++s)
      at[index(region.inputs[index(of.at.carried + s)])] = of.sequences[index(s)];
    place_captures(of, region, of.captures, at);
    compute(region, hoisted, on, of.at.length, into, at);
    for (ir::node_id id : taken) of.sequences.push_back(at[index(id)]);
  }

  /// Turns a scan whose body has lost its lifted part into one over blocks of `rows` rows: the
  /// lifted part on the block, and the scan on its rows.
  static constexpr void into_blocks(loop& of, ir::graph const& region,
                                    core::list<bool> const& hoisted,
                                    core::list<ir::node_id> const& taken, finder const& on,
                                    std::int64_t rows, ir::graph& into) {
    loop inner(of.at, of.body());
    ir::graph block;
    inner.at.length = rows;
    for (ir::node_id& id : of.sequences) {
      ir::tensor_type const row = ir::row_of(into[id].type);
      ir::tensor_type const rows_type = ir::sequence_of(row, rows);
      id = reshaped(into, id, ir::sequence_of(rows_type, of.at.length / rows).shape);
    }
    for (ir::node_id id : of.carried) inner.carried.push_back(ir::add_input(block, into[id].type));
    for (ir::node_id id : of.sequences)
      inner.sequences.push_back(ir::add_input(block, ir::row_of(into[id].type)));
    for (std::size_t i = 0; i < of.captures.size(); ++i) {
      ir::node_id const in = region.inputs[index(of.at.region_captures) + i];
      ir::node_id const captured = ir::add_input(block, region[in].type);
      block[captured].op = region[in].op;
      inner.captures.push_back(captured);
    }
    add_lifted(inner, region, hoisted, taken, on, block);
    ir::node_id const scan = inner.add_to(block);
    for (int k = 0; k < static_cast<int>(inner.body().outputs.size()); ++k) {
      ir::node_id const result = ir::add_result(block, scan, k);
      block.outputs.push_back(result);
    }
    of.at.length /= rows;
    of.body() = block;
  }

  /// Results that blocks collected are sequences again.
  static constexpr void copy_result(ir::rewriter& to, ir::graph const& before, ir::node_id id,
                                    std::int64_t block) {
    int const number = ir::result_number(before, id);
    ir::node const& control = before[before.input(id, 0)];
    if (block == 0 || number < ir::layout_of(before, control).carried) {
      to.copy(id);
      return;
    }
    ir::node_id const blocks = ir::add_result(to.after, to[before.input(id, 0)], number);
    to.put(id, reshaped(to.after, blocks, before[id].type.shape));
  }
};

}  // namespace etch::passes
