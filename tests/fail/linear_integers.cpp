// EXPECT: etch: linear: the operands are not all float or all double
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return linear<3>("fc", x);
#else
  return linear(x, parameter<int, 3, 4>("w"));  // HERE
#endif
}
using traced = decltype(model);
