#pragma once

#include <etch/ir/rewriter.hpp>
#include <etch/ops/elementwise_ops.hpp>

namespace etch::passes {

/// Computes what depends on literals alone, for operators that IEEE 754 defines to the last bit
/// (+ - * / min max neg abs) on float and double. Others are left to load time.
/// needs  no regions      keeps  types, names      numerics  exact: the bits of run time
struct fold_literals {
  static constexpr std::string_view name = "fold_literals";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const folded = try_fold(to, before, id);
      if (folded < 0)
        to.copy(id);
      else
        to.put(id, folded);
    }
    return to.finish();
  }

 private:
  static constexpr ir::node_id try_fold(ir::rewriter& to, ir::graph const& before, ir::node_id id) {
    ir::node const& n = before[id];
    if (ir::is_leaf(n) || n.inputs.count > 2 || n.inputs.count == 0) return -1;
    if (n.type.dtype != dtype::f32 && n.type.dtype != dtype::f64) return -1;
    for (ir::node_id in : before.inputs_of(n)) {
      if (!ir::is_splat(to.after, to[in]) || to.after[to[in]].type.dtype != n.type.dtype) return -1;
    }
    double const x = ir::constant_value(to.after, to[before.input(id, 0)]);
    double const y = n.inputs.count > 1 ? ir::constant_value(to.after, to[before.input(id, 1)]) : x;
    if (!in_range(x) || !in_range(y)) return -1;
    // A sum, product or quotient of floats rounded to double and then to float is rounded right.
    double value = 0;
    if (n.op == &ir::info_of<ops::add>)
      value = x + y;
    else if (n.op == &ir::info_of<ops::sub>)
      value = x - y;
    else if (n.op == &ir::info_of<ops::mul>)
      value = x * y;
    else if (n.op == &ir::info_of<ops::div> && (y < -1e-150 || y > 1e-150))
      value = x / y;
    else if (n.op == &ir::info_of<ops::min>)
      value = x < y ? x : y;
    else if (n.op == &ir::info_of<ops::max>)
      value = x > y ? x : y;
    else if (n.op == &ir::info_of<ops::neg>)
      value = -x;
    else if (n.op == &ir::info_of<ops::abs>)
      value = x > 0 ? x : 0 - x;  // -0 becomes 0
    else
      return -1;
    if (n.type.dtype == dtype::f32) {
      if (value > 3.4e38 || value < -3.4e38) return -1;
      value = static_cast<double>(static_cast<float>(value));
    }
    return ir::add_constant(to.after, n.type, value);
  }

  /// No result of such numbers leaves the range of double, which would be an error in the compiler;
  /// false for infinities and NaN.
  static constexpr bool in_range(double x) { return x >= -1e150 && x <= 1e150; }
};

}  // namespace etch::passes
