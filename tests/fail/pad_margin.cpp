// EXPECT: etch: pad: a margin is negative
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return pad<margin{-1, 0, 2}>(x);
#else
  return pad<margin{-1, -1, 2}>(x);  // HERE
#endif
}
using traced = decltype(model);
