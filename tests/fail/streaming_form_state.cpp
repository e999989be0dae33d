// EXPECT: etch: streaming_form: the function has states of its own
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto whole = []<int T>(tensor<float, T, 4> x) {
#ifdef ETCH_CONTROL
  return conv1d<4, signal_conv{.kernel = 3, .padding = {2, 0}, .layout = nlc}>("a", x);
#else
  return causal_conv1d<4, signal_conv{.kernel = 3}>("a", x);
#endif
};

using Live = streaming<streaming_form<whole>, 8>;
static_assert(Live::delay() == 0);  // HERE
