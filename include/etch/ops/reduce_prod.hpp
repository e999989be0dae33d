#pragma once

#include <cstdint>

#include <etch/ops/op_for.hpp>
#include <etch/ops/reduction.hpp>

namespace etch {

namespace ops {

struct reduce_prod : reduction {
  static constexpr ir::op_key key{"reduce_prod"};

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    visit(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      using V = sum_type<T>;
      run<T>(
          in, out, a, V(1), [](V x, V y) { return x * y; }, [](V x) { return x; });
    });
  }
};

}  // namespace ops

/// prod<axes...>(x), prod<axes...>(x, keepdims): the product over the axes (-1 is the last), or
/// over all of x where none is named.
/// shape     that of x without the axes, or with extent 1 in their place
/// dtype     float, double, int32, int64
/// numerics  the reference multiplies in double and rounds once; integers wrap
/// errors    an axis out of range or named twice
/// source    ONNX ReduceProd-13
template <int... Axes, front::tensor_operand X>
constexpr auto prod(X const& x) {
  return ops::record_reduction<ops::reduce_prod, false, Axes...>(x);
}
template <int... Axes, front::tensor_operand X>
constexpr auto prod(X const& x, keepdims_tag) {
  return ops::record_reduction<ops::reduce_prod, true, Axes...>(x);
}

template <>
struct op_for<ops::reduce_prod::key> : std::type_identity<ops::reduce_prod> {};

}  // namespace etch
