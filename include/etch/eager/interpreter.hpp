#pragma once

#include <bit>
#include <cstring>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/eager/compute.hpp>
#include <etch/eager/tensor.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ir/print.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::eager {

/// What an interpreter computes with.
enum class arithmetic : unsigned char {
  eigen,      ///< Eigen where it has a form of the operator, else the reference
  reference,  ///< the operators' own plain loops: the meaning of the graph
};

namespace detail {

/// A literal as a tensor.
inline tensor literal(ir::graph const& g, ir::node_id id) {
  tensor made(g[id].type);
  ir::visit_dtype(made.type().dtype, [&]<class T>(std::type_identity<T>) {
    auto const values = made.values<T>();
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<T>(ir::constant_value(g, id, static_cast<std::int64_t>(i)));
  });
  return made;
}

/// The nodes that the outputs and the states depend on.
inline std::vector<bool> read_by_outputs(ir::graph const& g) {
  std::vector<bool> read(g.nodes.size(), false);
  g.for_each_result([&](ir::node_id id) { read[static_cast<std::size_t>(id)] = true; });
  for (ir::node_id id = g.size(); id-- > 0;) {
    if (!read[static_cast<std::size_t>(id)]) continue;
    for (ir::node_id in : g.inputs_of(id)) read[static_cast<std::size_t>(in)] = true;
  }
  return read;
}

}  // namespace detail

/// Computes one node from its operands. A fused node or an epilogue runs its region, operator by
/// operator, on whole tensors.
inline tensor evaluate(ir::graph const& g, ir::node_id id, std::span<tensor const> operands,
                       arithmetic how);

/// Computes the results of a control node, by running its regions as it says.
inline std::vector<tensor> evaluate_control(ir::graph const& g, ir::node_id id,
                                            std::span<tensor const> operands, arithmetic how);

/// Computes a graph in which nothing is a parameter.
inline std::vector<tensor> evaluate(ir::graph const& g, std::span<tensor const> inputs,
                                    arithmetic how) {
  std::vector<tensor> values(g.nodes.size());
  std::map<ir::node_id, std::vector<tensor>> controlled;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    values[static_cast<std::size_t>(g.inputs[i])] = inputs[i];
  for (ir::node_id id = 0; id < g.size(); ++id) {
    if (ir::is_graph_input(g[id])) continue;
    std::vector<tensor> operands;
    for (ir::node_id in : g.inputs_of(id)) operands.push_back(values[static_cast<std::size_t>(in)]);
    tensor& value = values[static_cast<std::size_t>(id)];
    if (ir::is_control(g[id]))
      controlled[id] = evaluate_control(g, id, operands, how);
    else if (ir::is(g[id], ir::result_op))
      value = controlled[g.input(id, 0)][static_cast<std::size_t>(ir::result_number(g, id))];
    else
      value = evaluate(g, id, operands, how);
  }
  std::vector<tensor> results;
  for (ir::node_id out : g.outputs) results.push_back(values[static_cast<std::size_t>(out)]);
  return results;
}

inline tensor evaluate(ir::graph const& g, ir::node_id id, std::span<tensor const> operands,
                       arithmetic how) {
  ir::node const& n = g[id];
  if (ir::is(n, ir::constant_op)) return detail::literal(g, id);
  if (ir::is(n, ir::fused_op)) return evaluate(g.region_of(n), operands, how)[0];
  std::size_t const behind = n.region < 0 ? 0 : g.region_of(n).inputs.size() - 1;
  auto const own = operands.first(operands.size() - behind);
  tensor out;
  if (n.op->is.view) {
    out = own[0].viewed_as(n.type);
  } else {
    std::vector<ir::tensor_ref> refs;
    for (tensor const& each : own) refs.push_back(each.ref());
    out = tensor(n.type);
    if (how == arithmetic::reference || !compute_with_eigen(*n.op, refs, out.ref(), g.words_of(n)))
      n.op->reference(refs, out.ref(), g.words_of(n));
  }
  if (n.region < 0) return out;
  std::vector<tensor> inputs{std::move(out)};
  for (tensor const& each : operands.last(behind)) inputs.push_back(each);
  return evaluate(g.region_of(n), inputs, how)[0];
}

namespace detail {

/// A row of a sequence, or the same of a collected one, to be filled.
inline std::byte* row_of(tensor& sequence, std::int64_t row) {
  return static_cast<std::byte*>(sequence.data()) + row * ir::row_of(sequence.type()).bytes();
}

inline tensor copy_of_row(tensor sequence, std::int64_t row) {
  tensor copy(ir::row_of(sequence.type()));
  std::memcpy(copy.data(), row_of(sequence, row), static_cast<std::size_t>(copy.type().bytes()));
  return copy;
}

inline tensor scalar_i32(std::int64_t value) {
  std::int32_t const narrow[] = {static_cast<std::int32_t>(value)};
  return tensor::of<std::int32_t>({}, narrow);
}

inline std::vector<tensor> evaluate_scan(ir::graph const& g, ir::node const& n,
                                         std::span<tensor const> operands, arithmetic how) {
  ir::control_layout const at = ir::layout_of(g, n);
  auto const carried = static_cast<std::size_t>(at.carried);
  std::vector<tensor> results(operands.begin(), operands.begin() + at.carried);
  for (int k = at.carried; k < at.results; ++k) results.emplace_back(ir::result_type(g, n, k));
  for (std::int64_t turn = 0; turn < at.length; ++turn) {
    std::int64_t const row = at.reverse ? at.length - 1 - turn : turn;
    std::vector<tensor> inputs;
    if (at.counted) inputs.push_back(scalar_i32(turn));
    inputs.insert(inputs.end(), results.begin(), results.begin() + at.carried);
    for (int s = at.carried; s < at.captures; ++s)
      inputs.push_back(copy_of_row(operands[static_cast<std::size_t>(s)], row));
    inputs.insert(inputs.end(), operands.begin() + at.captures, operands.end());
    auto const returned = evaluate(g.region_of(n), inputs, how);
    for (std::size_t k = 0; k < returned.size(); ++k) {
      if (k < carried)
        results[k] = returned[k];
      else
        std::memcpy(row_of(results[k], row), returned[k].data(),
                    static_cast<std::size_t>(returned[k].type().bytes()));
    }
  }
  return results;
}

inline std::vector<tensor> evaluate_while(ir::graph const& g, ir::node const& n,
                                          std::span<tensor const> operands, arithmetic how) {
  ir::control_layout const at = ir::layout_of(g, n);
  std::vector<tensor> inputs(operands.begin(), operands.end());
  std::int64_t turns = 0;
  bool on = true;
  while (true) {
    on = evaluate(ir::control_region(g, n, 0), inputs, how)[0].values<bool>()[0];
    if (!on || turns == at.length) break;
    auto const next = evaluate(ir::control_region(g, n, 1), inputs, how);
    std::copy(next.begin(), next.end(), inputs.begin());
    ++turns;
  }
  std::vector<tensor> results(inputs.begin(), inputs.begin() + at.carried);
  results.push_back(scalar_i32(turns));
  bool const finished[] = {!on};
  results.push_back(tensor::of<bool>({}, finished));
  return results;
}

}  // namespace detail

inline std::vector<tensor> evaluate_control(ir::graph const& g, ir::node_id id,
                                            std::span<tensor const> operands, arithmetic how) {
  ir::node const& n = g[id];
  if (ir::is(n, ir::scan_op)) return detail::evaluate_scan(g, n, operands, how);
  if (ir::is(n, ir::while_loop_op)) return detail::evaluate_while(g, n, operands, how);
  bool const holds = operands[0].values<bool>()[0];
  return evaluate(ir::control_region(g, n, holds ? 0 : 1), operands.subspan(1), how);
}

/// Runs a graph node by node, each value a tensor of its own: what a model means, before or after
/// any pass.
///   eager::interpreter run{model<digits>::trace()};
///   run.bind("fc1.weight", weight);
///   run.watch([](ir::node_id id, ir::node const& n, eager::tensor const& value) { ... });
///   std::vector<eager::tensor> y = run(inputs);
/// What depends on weights alone is computed once, by the first call; what no output reads, never.
/// A value lives until its last reader is done, a state until the next call has read it.
/// errors  `bind` with another type, a call with unbound parameters or with inputs of another
///         number or type: throws etch::exception
class interpreter {
 public:
  using observer = std::function<void(ir::node_id, ir::node const&, tensor const&)>;

  explicit interpreter(ir::graph graph, arithmetic how = arithmetic::eigen)
      : graph_(std::move(graph)),
        how_(how),
        read_(detail::read_by_outputs(graph_)),
        at_load_(ir::weight_only(graph_)),
        known_(graph_.nodes.size()),
        last_reader_(graph_.nodes.size(), graph_.size()) {
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      for (ir::node_id in : graph_.inputs_of(id)) last_reader_[index(in)] = id;
    }
    graph_.for_each_result([&](ir::node_id id) { last_reader_[index(id)] = graph_.size(); });
  }

  /// The states as the next call will find them become what the first call found.
  void reset() { states_.clear(); }

  ir::graph const& graph() const noexcept { return graph_; }

  /// The same graph for other shapes of its inputs: parameters and states stay as they are.
  void reshape(ir::graph same) { graph_ = std::move(same); }

  /// The graph's parameters, whether its outputs depend on them or not.
  std::vector<ir::node_id> parameters() const {
    std::vector<ir::node_id> found;
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      if (ir::is(graph_[id], ir::parameter_op)) found.push_back(id);
    }
    return found;
  }

  /// Whether an output or a state depends on a value.
  bool reads(ir::node_id id) const { return read_[index(id)]; }

  /// Gives a parameter its value; false where the graph has none of that name.
  bool bind(std::string_view name, tensor value) {
    for (ir::node_id id : parameters()) {
      if (graph_.name_of(id) != name) continue;
      if (!(value.type() == graph_[id].type))
        refuse(in_quotes(id) + " is " + ir::to_string(value.type()) + ", the graph reads " +
               ir::to_string(graph_[id].type));
      for (ir::node_id other = 0; other < graph_.size(); ++other) {
        if (!ir::is(graph_[other], ir::parameter_op)) known_[index(other)] = {};
      }
      known_[index(id)] = std::move(value);
      return true;
    }
    return false;
  }

  /// Called with each value that a call computes or reads, in order; regions report their result.
  void watch(observer each) { observer_ = std::move(each); }

  /// The outputs for these inputs, in order. The inputs are not copied.
  std::vector<tensor> operator()(std::span<tensor const> inputs) {
    check(inputs);
    std::vector<tensor> values(graph_.nodes.size());
    std::map<ir::node_id, std::vector<tensor>> controlled;
    for (std::size_t i = 0; i < inputs.size(); ++i) values[index(graph_.inputs[i])] = inputs[i];
    if (states_.empty()) start_states();
    for (std::size_t i = 0; i < states_.size(); ++i)
      values[index(graph_.states[i].read)] = states_[i];
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      if (!read_[index(id)]) continue;
      if (at_load_[index(id)])
        values[index(id)] = known(id);
      else if (ir::is_control(graph_[id]))
        controlled[id] = evaluate_control(graph_, id, operands_of(id, values), how_);
      else if (ir::is(graph_[id], ir::result_op))
        values[index(id)] = controlled[graph_.input(id, 0)][index(ir::result_number(graph_, id))];
      else if (!ir::is_call_leaf(graph_[id]))
        values[index(id)] = evaluate(graph_, id, operands_of(id, values), how_);
      if (observer_ && !ir::is_control(graph_[id])) observer_(id, graph_[id], values[index(id)]);
      for (ir::node_id in : graph_.inputs_of(id)) {
        if (last_reader_[index(in)] == id) values[index(in)] = {};
      }
    }
    std::vector<tensor> results;
    for (ir::node_id out : graph_.outputs) results.push_back(values[index(out)]);
    for (std::size_t i = 0; i < states_.size(); ++i)
      states_[i] = values[index(graph_.states[i].next)];
    return results;
  }

 private:
  static std::size_t index(int id) { return static_cast<std::size_t>(id); }

  std::string in_quotes(ir::node_id id) const {
    return '\'' + std::string(graph_.name_of(id)) + '\'';
  }
  [[noreturn]] static void refuse(std::string const& what) {
    raise({errc::invalid_argument, "etch: interpreter: " + what, {}});
  }

  void check(std::span<tensor const> inputs) const {
    if (inputs.size() != graph_.inputs.size())
      refuse("the call has " + std::to_string(inputs.size()) + " inputs, the graph has " +
             std::to_string(graph_.inputs.size()));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      ir::tensor_type const& wanted = graph_[graph_.inputs[i]].type;
      if (!(inputs[i].type() == wanted) || !inputs[i].has_value())
        refuse("input " + std::to_string(i) + " is " + ir::to_string(inputs[i].type()) +
               ", the graph reads " + ir::to_string(wanted));
    }
  }

  std::vector<tensor> operands_of(ir::node_id id, std::vector<tensor> const& values) const {
    std::vector<tensor> operands;
    for (ir::node_id in : graph_.inputs_of(id)) operands.push_back(values[index(in)]);
    return operands;
  }

  void start_states() {
    for (ir::state_slot const& state : graph_.states) {
      if (state.initial >= 0) {
        for (ir::node_id id = 0; id <= state.initial; ++id) {
          if (at_load_[index(id)] && read_[index(id)]) known(id);
        }
        states_.push_back(known(state.initial));
      } else {
        tensor zeros(graph_[state.read].type);
        std::memset(zeros.data(), 0, static_cast<std::size_t>(zeros.type().bytes()));
        states_.push_back(std::move(zeros));
      }
    }
  }

  tensor const& known(ir::node_id id) {
    tensor& value = known_[index(id)];
    if (value.has_value()) return value;
    if (ir::is(graph_[id], ir::parameter_op)) refuse(in_quotes(id) + " is not bound");
    value = evaluate(graph_, id, operands_of(id, known_), how_);
    return value;
  }

  ir::graph graph_;
  arithmetic how_;
  std::vector<bool> read_;
  core::list<bool> at_load_;
  std::vector<tensor> known_;  ///< of the nodes that depend on weights alone
  std::vector<ir::node_id> last_reader_;
  std::vector<tensor> states_;  ///< empty before the first call
  observer observer_;
};

/// The outputs of a graph without parameters.
inline std::vector<tensor> interpret(ir::graph graph, std::span<tensor const> inputs,
                                     arithmetic how = arithmetic::eigen) {
  return interpreter(std::move(graph), how)(inputs);
}

}  // namespace etch::eager
