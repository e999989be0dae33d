// EXPECT: etch: streaming: an argument has a dim: the rows of a block are T
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

#ifdef ETCH_CONTROL
inline constexpr auto family = []<int Rows>(tensor<float, Rows, 8> x) { return x * 2.0f; };
#else
inline constexpr auto family = []<int Rows>(tensor<float, T, 8> x) { return x * 2.0f; };
#endif
static_assert(streaming<family, 8>::max_rows == 8);  // HERE
