#pragma once

#include <cstdint>
#include <limits>

#include <etch/core/math.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/reduction.hpp>

namespace etch {

namespace ops {

struct reduce_max : reduction {
  static constexpr ir::op_key key{"reduce_max"};

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    visit(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      T const first = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                           : std::numeric_limits<T>::lowest();
      run<T>(
          in, out, a, first, [](T x, T y) { return math::max(x, y); }, [](T x) { return x; });
    });
  }
};

}  // namespace ops

/// amax<axes...>(x), amax<axes...>(x, keepdims): the maximum over the axes (-1 is the last), or
/// over all of x where none is named.
/// shape     that of x without the axes, or with extent 1 in their place
/// dtype     float, double, int32, int64
/// numerics  exact; NaN if an element is
/// errors    an axis out of range or named twice
/// source    ONNX ReduceMax-13
template <int... Axes, front::tensor_operand X>
constexpr auto amax(X const& x) {
  return ops::record_reduction<ops::reduce_max, false, Axes...>(x);
}
template <int... Axes, front::tensor_operand X>
constexpr auto amax(X const& x, keepdims_tag) {
  return ops::record_reduction<ops::reduce_max, true, Axes...>(x);
}

template <>
struct op_for<ops::reduce_max::key> : std::type_identity<ops::reduce_max> {};

}  // namespace etch
