#pragma once

#include <cmath>
#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/norm_weight.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct rms_norm {
  static constexpr ir::op_key key{"rms_norm"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 2;
  struct attrs {
    float epsilon = 1e-5f;
  };

  static constexpr char bad_dtype[] = "the operands are not all float or all double";
  static constexpr char bad_rank[] = "x has no axis";
  static constexpr char bad_weight[] = "the weight does not have the last extent of x";

  static constexpr ir::inferred infer(ir::operand_types in) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    if (in[0].rank() < 1) return ir::inferred(bad_rank);
    if (in[1].shape != ir::shape(last_extent(in[0].shape))) return ir::inferred(bad_weight);
    return in[0];
  }

  /// Per element: a square and a sum, two products.
  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out, attrs) {
    return 4 * out.elements();
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    std::int64_t const n = last_extent(out.type.shape);
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t row = 0; row < out.type.elements() / n; ++row) {
        T const* const x = in[0].as<T const>() + row * n;
        double squares = 0;
        for (std::int64_t i = 0; i < n; ++i)
          squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
        double const scale =
            1.0 / std::sqrt(squares / static_cast<double>(n) + static_cast<double>(a.epsilon));
        for (std::int64_t i = 0; i < n; ++i)
          out.as<T>()[row * n + i] = static_cast<T>(static_cast<double>(x[i]) * scale *
                                                    static_cast<double>(in[1].as<T const>()[i]));
      }
    });
  }
};

}  // namespace ops

/// rms_norm(x, weight, epsilon): x / sqrt(mean(x^2) + epsilon) * weight, the mean over the last
/// axis. The weight may be a number.
/// shape     that of x; the weight has its last extent
/// dtype     float, double; the same for both
/// numerics  the reference computes in double and rounds once
/// errors    a weight that does not fit
/// source    Zhang, Sennrich 2019; torch.nn.RMSNorm; ONNX RMSNormalization-23
template <front::tensor_operand X, front::operand W>
constexpr auto rms_norm(X const& x, W const& weight, float epsilon = 1e-5f) {
  using op = ops::rms_norm;
  constexpr ir::tensor_type type = front::operand_tensor<X>::type;
  constexpr ir::tensor_type of_number{type.dtype, ir::shape(ops::last_extent(type.shape))};
  auto const scale = ops::norm_weight<of_number>(front::recording_of(x), weight);
  using checked = ops::call_on<op, op::attrs{}, X, decltype(scale)>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: rms_norm: the operands are not all float or all double");
  static_assert(checked::template without<op::bad_rank>, "etch: rms_norm: x has no axis");
  static_assert(checked::template without<op::bad_weight>,
                "etch: rms_norm: the weight does not have the last extent of x");
  return checked::record_with({.epsilon = epsilon}, x, scale);
}

/// rms_norm(name, x, epsilon): the same with the parameter name.weight.
template <symbolic X>
constexpr auto rms_norm(path const& name, X const& x, float epsilon = 1e-5f) {
  constexpr ir::tensor_type last{X::type.dtype, ir::shape(ops::last_extent(X::type.shape))};
  return rms_norm(x, ops::parameter_of<last>(name / "weight"), epsilon);
}

template <>
struct op_for<ops::rms_norm::key> : std::type_identity<ops::rms_norm> {};

}  // namespace etch
