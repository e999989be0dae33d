// EXPECT: etch: streaming_form: the function does more with the length of the sequence
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto whole = []<int T>(tensor<float, T, 4> x) {
#ifdef ETCH_CONTROL
  return x * (1.0f / 8);
#else
  return x * (1.0f / T);
#endif
};

using Live = streaming<streaming_form<whole>, 8>;
static_assert(Live::delay() == 0);  // HERE
