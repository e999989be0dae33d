// EXPECT: etch: streaming_form: an argument has a dim: the rows of a block are T
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent S = dim("S", 64);

#ifdef ETCH_CONTROL
inline constexpr auto whole = []<int T>(tensor<float, T, 8> x, tensor<float, 8> gain) {
#else
inline constexpr auto whole = []<int T>(tensor<float, T, 8> x, tensor<float, S, 8> gain) {
#endif
  return tanh(x) * mean<0>(gain);
};
static_assert(streaming<streaming_form<whole>, 8>::max_rows == 8);  // HERE
