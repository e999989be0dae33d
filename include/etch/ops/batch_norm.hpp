#pragma once

#include <cmath>
#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/norm_weight.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct batch_norm {
  static constexpr ir::op_key key{"batch_norm"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 5;
  struct attrs {
    int axis = 1;
    float epsilon = 1e-5f;
  };

  static constexpr char bad_dtype[] = "the operands are not all float or all double";
  static constexpr char bad_axis[] = "the axis is out of range";
  static constexpr char bad_weight[] = "gamma, beta, mean or variance does not fit the axis of x";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    if (a.axis < 0 || a.axis >= in[0].rank()) return ir::inferred(bad_axis);
    for (ir::tensor_type const& weight : in.subspan(1)) {
      if (weight.shape != ir::shape(in[0].shape[a.axis])) return ir::inferred(bad_weight);
    }
    return in[0];
  }

  /// A product and a sum: the rest is known before any input.
  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out, attrs) {
    return 2 * out.elements();
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const& s = out.type.shape;
    std::int64_t const outer = s.product(0, a.axis);
    std::int64_t const channels = s[a.axis];
    std::int64_t const inner = s.product(a.axis + 1, s.rank);
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      auto const weight = [&](std::size_t k, std::int64_t c) {
        return static_cast<double>(in[k].as<T const>()[c]);
      };
      for (std::int64_t o = 0; o < outer; ++o) {
        for (std::int64_t c = 0; c < channels; ++c) {
          double const scale =
              weight(1, c) / std::sqrt(weight(4, c) + static_cast<double>(a.epsilon));
          for (std::int64_t i = (o * channels + c) * inner, end = i + inner; i < end; ++i) {
            double const x = static_cast<double>(in[0].as<T const>()[i]);
            out.as<T>()[i] = static_cast<T>((x - weight(3, c)) * scale + weight(2, c));
          }
        }
      }
    });
  }
};

}  // namespace ops

/// batch_norm<axis = 1>(x, gamma, beta, mean, variance, epsilon):
/// (x - mean) / sqrt(variance + epsilon) * gamma + beta, with statistics that are known. gamma and
/// beta may be numbers (1 and 0: no scale, no shift).
/// shape     that of x; the others [C], the extent of x along the axis (-1 is the last)
/// dtype     float, double; the same for all
/// numerics  the reference computes in double and rounds once; the compiler folds gamma, beta, mean
///           and variance into one scale and one shift, or into the weight before it
/// errors    an axis out of range, an operand that does not fit it
/// source    Ioffe, Szegedy 2015; ONNX BatchNormalization-15
template <int Axis = 1, front::tensor_operand X, front::operand G, front::operand B,
          front::tensor_operand M, front::tensor_operand V>
constexpr auto batch_norm(X const& x, G const& gamma, B const& beta, M const& mean,
                          V const& variance, float epsilon = 1e-5f) {
  using op = ops::batch_norm;
  constexpr ir::tensor_type type = front::operand_tensor<X>::type;
  constexpr int axis = ir::normalised_axis(Axis, type.rank());
  constexpr ir::tensor_type of_number{type.dtype, ir::shape(ops::extent_or_one(type.shape, axis))};
  auto& in = front::recording_of(x, mean, variance);
  auto const scale = ops::norm_weight<of_number>(in, gamma);
  auto const shift = ops::norm_weight<of_number>(in, beta);
  using checked =
      ops::call_on<op, op::attrs{.axis = axis}, X, decltype(scale), decltype(shift), M, V>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: batch_norm: the operands are not all float or all double");
  static_assert(checked::template without<op::bad_axis>,
                "etch: batch_norm: the axis is out of range");
  static_assert(checked::template without<op::bad_weight>,
                "etch: batch_norm: gamma, beta, mean or variance does not fit the axis of x");
  return checked::record_with({.axis = axis, .epsilon = epsilon}, x, scale, shift, mean, variance);
}

/// batch_norm<axis = 1>(name, x, epsilon): the same with the parameters name.weight, name.bias,
/// name.running_mean and name.running_var.
template <int Axis = 1, symbolic X>
constexpr auto batch_norm(path const& name, X const& x, float epsilon = 1e-5f) {
  using T = typename front::tensor_of<X>::value_type;
  constexpr int channels = static_cast<int>(
      ops::extent_or_one(X::type.shape, ir::normalised_axis(Axis, X::type.rank())));
  return batch_norm<Axis>(x, parameter<T, channels>(name / "weight"),
                          parameter<T, channels>(name / "bias"),
                          parameter<T, channels>(name / "running_mean"),
                          parameter<T, channels>(name / "running_var"), epsilon);
}

template <>
struct op_for<ops::batch_norm::key> : std::type_identity<ops::batch_norm> {};

}  // namespace etch
