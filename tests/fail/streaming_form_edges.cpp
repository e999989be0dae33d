// EXPECT: etch: streaming_form: no argument has rows, or those of an argument or a result are not
// outermost
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
inline constexpr auto whole = []<int T>(tensor<float, T, 4> x) { return tanh(x); };
#else
inline constexpr auto whole = []<int T>(tensor<float, 4, T> x) { return tanh(x); };
#endif

using Live = streaming<streaming_form<whole>, 8>;
static_assert(Live::delay() == 0);  // HERE
