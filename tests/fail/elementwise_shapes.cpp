// EXPECT: etch: the shapes of the operands do not broadcast
#include <etch/ops/add.hpp>
#include <etch/ops/relu.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using other = tensor<float, 1, 64>;
#else
using other = tensor<float, 1, 65>;
#endif

auto model(tensor<float, 1, 64> a, other b) {
  return relu(a + b);  // HERE
}
