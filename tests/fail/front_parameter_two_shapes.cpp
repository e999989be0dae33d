// EXPECT: etch: parameter: one name is used with two shapes or dtypes
#include <etch/front/trace.hpp>
#include <etch/ops/add.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using second = float;
#else
using second = double;
#endif

constexpr auto model = [](tensor<float, 8> x, tensor<second, 8> y) {
  x + parameter<float, 8>("bias");
  return y + parameter<second, 8>("bias");
};

static_assert(front::trace<model>().size() == 5);  // HERE
