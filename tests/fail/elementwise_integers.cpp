// EXPECT: etch: the operands are not floating point, the operator takes float or double
#include <etch/ops/tanh.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using element = float;
#else
using element = std::int32_t;
#endif

auto model(tensor<element, 8> x) {
  return tanh(x);  // HERE
}
