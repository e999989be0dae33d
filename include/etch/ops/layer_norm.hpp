#pragma once

#include <cmath>
#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/norm_weight.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct layer_norm {
  static constexpr ir::op_key key{"layer_norm"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 3;
  struct attrs {
    int axes = 1;  ///< how many axes, the last ones, are normalised together
    float epsilon = 1e-5f;
  };

  static constexpr char bad_dtype[] = "the operands are not all float or all double";
  static constexpr char bad_axes[] = "x has not that many axes";
  static constexpr char bad_weight[] = "gamma or beta does not have the last extents of x";

  /// The last `axes` extents; all where there are fewer.
  static constexpr ir::shape normalised(ir::shape const& s, int axes) {
    ir::shape last;
    for (int i = axes > s.rank ? 0 : s.rank - axes; i < s.rank; ++i) last.push_back(s[i]);
    return last;
  }

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    if (a.axes < 1 || a.axes > in[0].rank()) return ir::inferred(bad_axes);
    ir::shape const last = normalised(in[0].shape, a.axes);
    if (in[1].shape != last || in[2].shape != last) return ir::inferred(bad_weight);
    return in[0];
  }

  /// Per element: a sum, a difference, a square and a sum, a product, a product and a sum.
  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out, attrs) {
    return 7 * out.elements();
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    std::int64_t const n = normalised(out.type.shape, a.axes).elements();
    std::int64_t const rows = out.type.elements() / n;
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t row = 0; row < rows; ++row) {
        T const* const x = in[0].as<T const>() + row * n;
        double sum = 0;
        for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
        double const mean = sum / static_cast<double>(n);
        double squares = 0;
        for (std::int64_t i = 0; i < n; ++i) {
          double const d = static_cast<double>(x[i]) - mean;
          squares += d * d;
        }
        double const scale =
            1.0 / std::sqrt(squares / static_cast<double>(n) + static_cast<double>(a.epsilon));
        for (std::int64_t i = 0; i < n; ++i) {
          double const normal = (static_cast<double>(x[i]) - mean) * scale;
          out.as<T>()[row * n + i] =
              static_cast<T>(normal * static_cast<double>(in[1].as<T const>()[i]) +
                             static_cast<double>(in[2].as<T const>()[i]));
        }
      }
    });
  }
};

}  // namespace ops

/// layer_norm<axes = 1>(x, gamma, beta, epsilon): (x - mean) / sqrt(variance + epsilon) * gamma
/// + beta, mean and variance over the last axes of x together. gamma and beta may be numbers.
/// shape     that of x; gamma and beta have its last extents
/// dtype     float, double; the same for all
/// numerics  the variance is the mean of (x - mean)^2, not E[x^2] - mean^2; the reference computes
///           in double and rounds once
/// errors    more axes than x has, gamma or beta that does not fit
/// source    Ba, Kiros, Hinton 2016; torch.nn.LayerNorm; ONNX LayerNormalization-17
template <int Axes = 1, front::tensor_operand X, front::operand G, front::operand B>
constexpr auto layer_norm(X const& x, G const& gamma, B const& beta, float epsilon = 1e-5f) {
  using op = ops::layer_norm;
  constexpr ir::tensor_type type = front::operand_tensor<X>::type;
  constexpr ir::tensor_type of_number{type.dtype, op::normalised(type.shape, Axes)};
  auto& in = front::recording_of(x);
  auto const scale = ops::norm_weight<of_number>(in, gamma);
  auto const shift = ops::norm_weight<of_number>(in, beta);
  using checked = ops::call_on<op, op::attrs{.axes = Axes}, X, decltype(scale), decltype(shift)>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: layer_norm: the operands are not all float or all double");
  static_assert(checked::template without<op::bad_axes>,
                "etch: layer_norm: x has not that many axes");
  static_assert(checked::template without<op::bad_weight>,
                "etch: layer_norm: gamma or beta does not have the last extents of x");
  return checked::record_with({.axes = Axes, .epsilon = epsilon}, x, scale, shift);
}

/// layer_norm<axes = 1>(name, x, epsilon): the same with the parameters name.weight and name.bias.
template <int Axes = 1, symbolic X>
constexpr auto layer_norm(path const& name, X const& x, float epsilon = 1e-5f) {
  constexpr ir::tensor_type last{X::type.dtype, ops::layer_norm::normalised(X::type.shape, Axes)};
  return layer_norm<Axes>(x, ops::parameter_of<last>(name / "weight"),
                          ops::parameter_of<last>(name / "bias"), epsilon);
}

template <>
struct op_for<ops::layer_norm::key> : std::type_identity<ops::layer_norm> {};

}  // namespace etch
