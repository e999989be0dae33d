// EXPECT: etch: tensor: the dtype is not one of float, double, int8_t
#include <etch/front/tensor.hpp>

#ifdef ETCH_CONTROL
using element = float;
#else
using element = long double;
#endif

auto model(etch::tensor<element, 8> x) {  // HERE
  return x.id();
}
