// EXPECT: etch: constant: the number of values is not that of the elements
#include <etch/ops/add.hpp>
#include <etch/ops/constant.hpp>

using namespace etch;

auto model(tensor<float, 8, 3> x) {
#ifdef ETCH_CONTROL
  return x + constant<float, 3>({1, 2, 3}, x);
#else
  return x + constant<float, 3>({1, 2}, x);  // HERE
#endif
}
