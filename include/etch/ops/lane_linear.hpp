#pragma once

#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/linear.hpp>

namespace etch {

namespace ops {

/// linear for instances of a model that lie side by side, along the last axis of x: for each of
/// them x W^T + b over the axis before it. Models do not name it: passes/across_lanes.hpp does.
/// shape     x[..., K, L], weight[N, K], bias[N] -> [..., N, L]
struct lane_linear {
  static constexpr ir::op_key key{"lane_linear"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 2;
  static constexpr int arity_max = 3;
  using attrs = linear::attrs;

  static constexpr char malformed_rank[] = "x has not two axes, or the weight is not of rank 2";
  static constexpr char malformed_weight[] = "the weight does not fit the last axis but one of x";
  static constexpr char malformed_bias[] = "the bias does not fit the weight";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::tensor_type const& x = in[0];
    ir::shape const& w = in[1].shape;
    if (x.rank() < 2 || w.rank != 2) return ir::inferred(malformed_rank);
    if (w[a.in_out ? 0 : 1] != x.shape[x.rank() - 2]) return ir::inferred(malformed_weight);
    std::int64_t const n = w[a.in_out ? 1 : 0];
    if (in.size() > 2 && in[2].shape != ir::shape(n)) return ir::inferred(malformed_bias);
    ir::tensor_type out = x;
    out.shape[x.rank() - 2] = n;
    return out;
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out, attrs) {
    ir::shape const& x = in[0].shape;
    return out.elements() * (2 * x[x.rank - 2] + (in.size() > 2 ? 1 : 0));
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      ir::shape const &x = in[0].type.shape, &y = out.type.shape;
      std::int64_t const lanes = x[x.rank - 1], k = x[x.rank - 2], n = y[y.rank - 2];
      std::int64_t const rows = x.product(0, x.rank - 2);
      T const* const w = in[1].as<T const>();
      for (std::int64_t i = 0; i < rows * n * lanes; ++i) {
        std::int64_t const lane = i % lanes, o = i / lanes % n, row = i / lanes / n;
        double sum = in.size() > 2 ? static_cast<double>(in[2].as<T const>()[o]) : 0.0;
        for (std::int64_t j = 0; j < k; ++j)
          sum += static_cast<double>(in[0].as<T const>()[(row * k + j) * lanes + lane]) *
                 static_cast<double>(w[a.in_out ? j * n + o : o * k + j]);
        out.as<T>()[i] = static_cast<T>(sum);
      }
    });
  }
};

}  // namespace ops

template <>
struct op_for<ops::lane_linear::key> : std::type_identity<ops::lane_linear> {};

}  // namespace etch
