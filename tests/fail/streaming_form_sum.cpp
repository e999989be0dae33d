// EXPECT: etch: streaming_form: an operator reads rows other than its own
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto whole = []<int T>(tensor<float, T, 4> x) {
#ifdef ETCH_CONTROL
  return x - mean<1>(x, keepdims);
#else
  return x - mean<0>(x, keepdims);
#endif
};

using Live = streaming<streaming_form<whole>, 8>;
static_assert(Live::delay() == 0);  // HERE
