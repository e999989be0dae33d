// EXPECT: etch: streaming_form: a stride does not divide the rows of a block
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto whole = []<int T>(tensor<float, T, 4> x) {
  return conv1d<4, signal_conv{.kernel = 3, .stride = 3, .padding = {2, 0}, .layout = nlc}>("a", x);
};

#ifdef ETCH_CONTROL
using Live = streaming<streaming_form<whole>, 9, options{}, 3>;
#else
using Live = streaming<streaming_form<whole>, 9>;
#endif
static_assert(Live::delay() == 0);  // HERE
