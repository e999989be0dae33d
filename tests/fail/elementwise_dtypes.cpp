// EXPECT: etch: the dtypes of the operands differ
#include <etch/ops/mul.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using other = tensor<float, 64>;
#else
using other = tensor<double, 64>;
#endif

auto model(tensor<float, 1, 64> a, other b) {
  return a * b * 2.0f;  // HERE
}
