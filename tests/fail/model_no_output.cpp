// EXPECT: etch: model: the function returns no tensor
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto net = [](tensor<float, 8> x) {
#ifdef ETCH_CONTROL
  return relu(x);
#else
  relu(x);
#endif
};

static_assert(model<net>::cost().steps == 1);  // HERE
