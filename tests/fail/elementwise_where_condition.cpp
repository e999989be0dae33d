// EXPECT: etch: where: the condition is not bool
#include <etch/ops/greater.hpp>
#include <etch/ops/where.hpp>

using namespace etch;

auto model(tensor<float, 8> x, tensor<float, 8> y) {
#ifdef ETCH_CONTROL
  return where(x > 0, x, y);
#else
  return where(x, x, y);  // HERE
#endif
}
