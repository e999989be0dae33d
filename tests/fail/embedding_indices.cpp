// EXPECT: etch: gather: the indices are neither int32 nor int64
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<std::int64_t, 3> i, tensor<std::uint8_t, 3> u) {
#ifdef ETCH_CONTROL
  return embedding<10, 4>("wte", i);
#else
  return embedding<10, 4>("wte", u);  // HERE
#endif
}
using traced = decltype(model);
