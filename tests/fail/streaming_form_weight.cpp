// EXPECT: etch: streaming_form: a weight or a literal has a value for each row
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto whole = []<int T>(tensor<float, T, 4> x) {
#ifdef ETCH_CONTROL
  return x + parameter<float, 1, 4>("position");
#else
  return x + parameter<float, T, 4>("position");
#endif
};

using Live = streaming<streaming_form<whole>, 8>;
static_assert(Live::delay() == 0);  // HERE
