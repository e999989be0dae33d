// EXPECT: etch: tensor: the rank is above 6
#include <etch/front/tensor.hpp>

#ifdef ETCH_CONTROL
using image = etch::tensor<float, 1, 2, 1, 2, 1, 2>;
#else
using image = etch::tensor<float, 1, 2, 1, 2, 1, 2, 1>;
#endif

auto model(image x) {  // HERE
  return x.id();
}
