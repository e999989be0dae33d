// EXPECT: etch: cast: the dtype is not one of
#include <etch/ops/cast.hpp>

using namespace etch;

auto model(tensor<float, 8> x) {
#ifdef ETCH_CONTROL
  return cast<std::int32_t>(x);
#else
  return cast<unsigned>(x);  // HERE
#endif
}
