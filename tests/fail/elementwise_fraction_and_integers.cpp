// EXPECT: etch: this kind of number does not go with the dtype of the tensor
#include <etch/ops/mul.hpp>

using namespace etch;

auto model(tensor<std::int32_t, 8> x) {
#ifdef ETCH_CONTROL
  return 2 * x;
#else
  return 0.5f * x;  // HERE
#endif
}
