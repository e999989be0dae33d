#pragma once

#include <cmath>
#include <cstdint>

#include <etch/core/math.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>

namespace etch::ops {

/// What softmax and log_softmax share.
struct softmax_rule {
  static constexpr ir::traits is{.floating = true};
  struct attrs {
    int axis = -1;  ///< in a node: counted from the front
  };

  static constexpr char bad_dtype[] = "x is neither float nor double";
  static constexpr char bad_axis[] = "the axis is out of range";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    if (a.axis < 0 || a.axis >= in[0].rank()) return ir::inferred(bad_axis);
    return in[0];
  }

  /// Per element: a maximum, a difference, an exponential, a sum, a product.
  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out, attrs) {
    return 5 * out.elements();
  }

  template <bool Log>
  static void run(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const& s = out.type.shape;
    std::int64_t const outer = s.product(0, a.axis);
    std::int64_t const n = s[a.axis];
    std::int64_t const step = s.product(a.axis + 1, s.rank);
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t line = 0; line < outer * step; ++line) {
        std::int64_t const first = line / step * n * step + line % step;
        auto const x = [&](std::int64_t i) {
          return static_cast<double>(in[0].as<T const>()[first + i * step]);
        };
        double most = x(0);
        for (std::int64_t i = 1; i < n; ++i) most = math::max(most, x(i));
        double sum = 0;
        for (std::int64_t i = 0; i < n; ++i) sum += std::exp(x(i) - most);
        for (std::int64_t i = 0; i < n; ++i)
          out.as<T>()[first + i * step] =
              static_cast<T>(Log ? x(i) - most - std::log(sum) : std::exp(x(i) - most) / sum);
      }
    });
  }
};

template <class Op, int Axis, class X>
constexpr auto record_softmax(X const& x) {
  using rule = softmax_rule;
  using of = front::operand_tensor<X>;
  using checked = call<Op, rule::attrs{.axis = ir::normalised_axis(Axis, of::type.rank())}, of>;
  static_assert(checked::template without<rule::bad_dtype>,
                "etch: softmax: x is neither float nor double");
  static_assert(checked::template without<rule::bad_axis>,
                "etch: softmax: the axis is out of range");
  return checked::record(x);
}

}  // namespace etch::ops
