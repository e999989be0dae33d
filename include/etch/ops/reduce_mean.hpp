#pragma once

#include <cstdint>

#include <etch/ops/op_for.hpp>
#include <etch/ops/reduction.hpp>

namespace etch {

namespace ops {

struct reduce_mean : reduction {
  static constexpr ir::op_key key{"reduce_mean"};
  static constexpr ir::traits is{.floating = true};

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    if (!all_floating(in)) return ir::inferred(bad_mean);
    return reduction::infer(in, a);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    double const n = static_cast<double>(count(in, out));
    visit(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      run<T>(
          in, out, a, 0.0, [](double x, double y) { return x + y; },
          [n](double x) { return x / n; });
    });
  }
};

}  // namespace ops

/// mean<axes...>(x), mean<axes...>(x, keepdims): the mean over the axes (-1 is the last), or
/// over all of x where none is named.
/// shape     that of x without the axes, or with extent 1 in their place
/// dtype     float, double
/// numerics  the reference adds up in double, divides once and rounds once
/// errors    an axis out of range or named twice
/// source    ONNX ReduceMean-13
template <int... Axes, front::tensor_operand X>
constexpr auto mean(X const& x) {
  return ops::record_reduction<ops::reduce_mean, false, Axes...>(x);
}
template <int... Axes, front::tensor_operand X>
constexpr auto mean(X const& x, keepdims_tag) {
  return ops::record_reduction<ops::reduce_mean, true, Axes...>(x);
}

template <>
struct op_for<ops::reduce_mean::key> : std::type_identity<ops::reduce_mean> {};

}  // namespace etch
