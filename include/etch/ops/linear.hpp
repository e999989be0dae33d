#pragma once

#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/strided_walk.hpp>

namespace etch {

namespace ops {

struct linear {
  static constexpr ir::op_key key{"linear"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 2;
  static constexpr int arity_max = 3;
  struct attrs {
    bool in_out = false;  ///< the weight is [K, N] and not [N, K]
  };

  static constexpr char bad_dtype[] = "the operands are not all float or all double";
  static constexpr char bad_rank[] = "x has no axis, or the weight is not of rank 2";
  static constexpr char bad_weight[] = "the weight does not fit the last extent of x";
  static constexpr char bad_bias[] = "the bias does not fit the weight";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    ir::tensor_type const& x = in[0];
    ir::shape const& w = in[1].shape;
    if (x.rank() < 1 || w.rank != 2) return ir::inferred(bad_rank);
    if (w[a.in_out ? 0 : 1] != last_extent(x.shape)) return ir::inferred(bad_weight);
    std::int64_t const n = w[a.in_out ? 1 : 0];
    if (in.size() > 2 && in[2].shape != ir::shape(n)) return ir::inferred(bad_bias);
    ir::tensor_type out = x;
    out.shape[x.rank() - 1] = n;
    return out;
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out, attrs) {
    return out.elements() * (2 * last_extent(in[0].shape) + (in.size() > 2 ? 1 : 0));
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      std::int64_t const k = last_extent(in[0].type.shape);
      std::int64_t const n = last_extent(out.type.shape);
      std::int64_t const rows = out.type.elements() / n;
      T const* const w = in[1].as<T const>();
      for (std::int64_t row = 0; row < rows; ++row) {
        T const* const x = in[0].as<T const>() + row * k;
        for (std::int64_t o = 0; o < n; ++o) {
          double sum = in.size() > 2 ? static_cast<double>(in[2].as<T const>()[o]) : 0.0;
          for (std::int64_t i = 0; i < k; ++i)
            sum += static_cast<double>(x[i]) *
                   static_cast<double>(w[a.in_out ? i * n + o : o * k + i]);
          out.as<T>()[row * n + o] = static_cast<T>(sum);
        }
      }
    });
  }
};

template <bool InOut, class... X>
constexpr auto record_linear(X const&... x) {
  using op = linear;
  using checked = call_on<op, op::attrs{.in_out = InOut}, X...>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: linear: the operands are not all float or all double");
  static_assert(checked::template without<op::bad_rank>,
                "etch: linear: x has no axis, or the weight is not of rank 2");
  static_assert(checked::template without<op::bad_weight>,
                "etch: linear: the weight does not fit the last extent of x");
  static_assert(checked::template without<op::bad_bias>,
                "etch: linear: the bias does not fit the weight");
  return checked::record(x...);
}

}  // namespace ops

struct linear_options {
  bool bias = true;
};

/// linear(x, weight, bias): x W^T + b over the last axis, W as PyTorch stores it.
/// shape     x[..., K], weight[N, K], bias[N] -> [..., N]
/// dtype     float, double; the same for all
/// numerics  the reference adds up in double and rounds once; kernels state their own order
/// errors    a weight or a bias that does not fit
/// source    torch.nn.functional.linear; ONNX Gemm-13 with transB
template <front::tensor_operand X, front::tensor_operand W, front::tensor_operand B>
constexpr auto linear(X const& x, W const& weight, B const& bias) {
  return ops::record_linear<false>(x, weight, bias);
}
/// linear(x, weight): the same without a bias.
template <front::tensor_operand X, front::tensor_operand W>
constexpr auto linear(X const& x, W const& weight) {
  return ops::record_linear<false>(x, weight);
}

/// linear<N>(name, x): the same with the parameters name.weight [N, K] and name.bias [N];
/// linear<N, linear_options{.bias = false}>(name, x) has no bias.
template <int N, linear_options Options = linear_options{}, symbolic X>
constexpr auto linear(path const& name, X const& x) {
  using T = typename front::tensor_of<X>::value_type;
  auto const weight =
      parameter<T, N, static_cast<int>(ops::last_extent(X::type.shape))>(name / "weight");
  if constexpr (Options.bias)
    return ops::record_linear<false>(x, weight, parameter<T, N>(name / "bias"));
  else
    return ops::record_linear<false>(x, weight);
}

/// dense(x, kernel, bias): x W + b over the last axis, W as Keras stores it; the bias may be left
/// out.
/// shape     x[..., K], kernel[K, N], bias[N] -> [..., N]
/// dtype, numerics, errors  those of linear
/// source    tf.keras.layers.Dense
template <front::tensor_operand X, front::tensor_operand W, front::tensor_operand... B>
requires(sizeof...(B) <= 1) constexpr auto dense(X const& x, W const& kernel, B const&... bias) {
  return ops::record_linear<true>(x, kernel, bias...);
}

template <>
struct op_for<ops::linear::key> : std::type_identity<ops::linear> {};

}  // namespace etch
