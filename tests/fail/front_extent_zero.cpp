// EXPECT: etch: tensor: an extent is zero or negative
#include <etch/front/tensor.hpp>

#ifdef ETCH_CONTROL
constexpr int rows = 1;
#else
constexpr int rows = 0;
#endif

auto model(etch::tensor<float, rows, 8> x) {  // HERE
  return x.id();
}
