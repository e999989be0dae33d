#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <string_view>
#include <vector>

#include <etch/core/hash_index.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ir/graph.hpp>

// What a graph means: every node computed by its operator's plain loops, one after the other.

namespace etch_test {

namespace ir = etch::ir;

struct value {
  ir::tensor_type type;
  std::vector<std::int64_t> words;  ///< the elements, aligned to 8 bytes

  explicit value(ir::tensor_type const& of = {})
      : type(of), words(static_cast<std::size_t>(of.bytes() + 7) / 8) {}
  ir::tensor_ref ref() const { return {const_cast<std::int64_t*>(words.data()), type}; }

  double operator[](std::int64_t i) const {
    double element = 0;
    ir::visit_dtype(type.dtype, [&]<class T>(std::type_identity<T>) {
      element = static_cast<double>(ref().as<T const>()[i]);
    });
    return element;
  }
  bool same_bytes(value const& other) const {
    return type == other.type && std::memcmp(words.data(), other.words.data(),
                                             static_cast<std::size_t>(type.bytes())) == 0;
  }
};

/// Numbers that depend on the seed alone: reals in [-2, -0.25] and [0.25, 2], or positive ones;
/// integers from -3 to 3.
inline value random_value(ir::tensor_type const& type, std::uint64_t seed, bool positive = false) {
  value made(type);
  std::mt19937_64 random(seed);
  ir::visit_dtype(type.dtype, [&]<class T>(std::type_identity<T>) {
    for (std::int64_t i = 0; i < type.elements(); ++i) {
      double const unit = static_cast<double>(random() >> 11) * 0x1p-53;
      double const real = (0.25 + 1.75 * unit) * (positive || (random() & 1) ? 1 : -1);
      double const whole = std::floor(real * 1.5);
      if constexpr (std::is_same_v<T, bool>)
        made.ref().as<T>()[i] = (random() & 1) != 0;
      else
        made.ref().as<T>()[i] = static_cast<T>(std::is_floating_point_v<T> ? real : whole);
    }
  });
  return made;
}

inline value literal_value(ir::graph const& g, ir::node_id id) {
  value made(g[id].type);
  ir::visit_dtype(made.type.dtype, [&]<class T>(std::type_identity<T>) {
    for (std::int64_t i = 0; i < made.type.elements(); ++i)
      made.ref().as<T>()[i] = static_cast<T>(ir::constant_value(g, id, i));
  });
  return made;
}

inline std::vector<value> evaluate(ir::graph const& g, std::vector<value> const& inputs);

/// The results of a control node.
inline std::vector<value> evaluate_control(ir::graph const& g, ir::node const& n,
                                           std::vector<value> const& operands) {
  ir::control_layout const at = ir::layout_of(g, n);
  auto const from = [&](std::size_t first) {
    return std::vector<value>(operands.begin() + static_cast<std::ptrdiff_t>(first),
                              operands.end());
  };
  if (ir::is(n, ir::cond_op))
    return evaluate(ir::control_region(g, n, *operands[0].ref().as<bool>() ? 0 : 1), from(1));
  auto const carried = static_cast<std::size_t>(at.carried);
  std::vector<value> results(operands.begin(), operands.begin() + at.carried);
  auto const append = [](std::vector<value>& to, std::vector<value> const& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  auto const number = [](std::int64_t of) {
    value made({etch::dtype::i32, {}});
    *made.ref().as<std::int32_t>() = static_cast<std::int32_t>(of);
    return made;
  };
  if (ir::is(n, ir::while_loop_op)) {
    for (std::int64_t turn = 0;; ++turn) {
      std::vector<value> inputs = results;
      append(inputs, from(carried));
      value on = evaluate(ir::control_region(g, n, 0), inputs)[0];
      if (*on.ref().as<bool>() && turn < at.length) {
        results = evaluate(ir::control_region(g, n, 1), inputs);
        continue;
      }
      *on.ref().as<bool>() = !*on.ref().as<bool>();
      results.push_back(number(turn));
      results.push_back(on);
      return results;
    }
  }
  for (int k = at.carried; k < at.results; ++k) results.emplace_back(ir::result_type(g, n, k));
  for (std::int64_t turn = 0; turn < at.length; ++turn) {
    std::int64_t const row = at.reverse ? at.length - 1 - turn : turn;
    std::vector<value> inputs;
    if (at.counted) inputs.push_back(number(turn));
    inputs.insert(inputs.end(), results.begin(), results.begin() + at.carried);
    for (std::size_t s = carried; s < static_cast<std::size_t>(at.captures); ++s) {
      value each(ir::row_of(operands[s].type));
      auto const bytes = static_cast<std::size_t>(each.type.bytes());
      std::memcpy(each.ref().data,
                  operands[s].ref().as<char>() + static_cast<std::size_t>(row) * bytes, bytes);
      inputs.push_back(each);
    }
    append(inputs, from(static_cast<std::size_t>(at.captures)));
    auto const returned = evaluate(g.region_of(n), inputs);
    for (std::size_t k = 0; k < returned.size(); ++k) {
      auto const bytes = static_cast<std::size_t>(returned[k].type.bytes());
      if (k < carried)
        results[k] = returned[k];
      else
        std::memcpy(results[k].ref().as<char>() + static_cast<std::size_t>(row) * bytes,
                    returned[k].ref().data, bytes);
    }
  }
  return results;
}

/// The outputs of the graph. A parameter's numbers follow from its name; those called ...var are
/// positive.
inline std::vector<value> evaluate(ir::graph const& g, std::vector<value> const& inputs) {
  std::vector<value> values(g.nodes.size());
  std::map<ir::node_id, std::vector<value>> controlled;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    values[static_cast<std::size_t>(g.inputs[i])] = inputs[i];
  for (ir::node_id id = 0; id < g.size(); ++id) {
    ir::node const& n = g[id];
    value& result = values[static_cast<std::size_t>(id)];
    if (ir::is_graph_input(n)) continue;
    if (ir::is(n, ir::result_op)) {
      result = controlled[g.input(id, 0)][static_cast<std::size_t>(ir::result_number(g, id))];
      continue;
    }
    if (ir::is(n, ir::parameter_op)) {
      auto const name = g.name_of(id);
      result = random_value(n.type, etch::core::hash_text(name), name.ends_with("var"));
      continue;
    }
    if (ir::is(n, ir::constant_op)) {
      result = literal_value(g, id);
      continue;
    }
    std::vector<value> operands;
    for (ir::node_id in : g.inputs_of(n)) operands.push_back(values[static_cast<std::size_t>(in)]);
    if (ir::is_control(n)) {
      controlled[id] = evaluate_control(g, n, operands);
      continue;
    }
    auto own = operands.size();
    if (n.region >= 0) own -= ir::is(n, ir::fused_op) ? own : g.region_of(n).inputs.size() - 1;
    if (own > 0) {
      result = value(n.type);
      std::vector<ir::tensor_ref> refs;
      for (std::size_t i = 0; i < own; ++i) refs.push_back(operands[i].ref());
      n.op->reference(refs, result.ref(), g.words_of(n));
    }
    if (n.region >= 0) {
      std::vector<value> region_inputs(operands.begin() + static_cast<std::ptrdiff_t>(own),
                                       operands.end());
      if (own > 0) region_inputs.insert(region_inputs.begin(), result);
      result = evaluate(g.region_of(n), region_inputs)[0];
    }
  }
  std::vector<value> outputs;
  for (ir::node_id out : g.outputs) outputs.push_back(values[static_cast<std::size_t>(out)]);
  return outputs;
}

inline std::vector<value> random_inputs(ir::graph const& g, std::uint64_t seed) {
  std::vector<value> inputs;
  for (ir::node_id in : g.inputs) inputs.push_back(random_value(g[in].type, ++seed));
  return inputs;
}

/// The largest difference, relative to the largest element (or to 1 where that is smaller);
/// infinite where shapes, dtypes, NaN or infinities differ.
inline double difference(value const& a, value const& b) {
  if (!(a.type == b.type)) return INFINITY;
  double largest = 1, worst = 0;
  for (std::int64_t i = 0; i < a.type.elements(); ++i) {
    double const x = a[i], y = b[i];
    if (std::isnan(x) != std::isnan(y) || std::isinf(x) != std::isinf(y)) return INFINITY;
    if (std::isnan(x) || x == y) continue;
    if (std::isinf(x)) return INFINITY;
    largest = std::fmax(largest, std::fabs(x));
    worst = std::fmax(worst, std::fabs(x - y));
  }
  return worst / largest;
}

}  // namespace etch_test
