// EXPECT: etch: concat: the operands differ in dtype
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> a) {
#ifdef ETCH_CONTROL
  return concat<0>(a, parameter<float, 2, 6>("b"));
#else
  return concat<0>(a, parameter<double, 2, 6>("b"));  // HERE
#endif
}
using traced = decltype(model);
