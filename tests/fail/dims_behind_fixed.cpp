// EXPECT: etch: tensor: a bounded extent stands behind a fixed one
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

#ifdef ETCH_CONTROL
using block = tensor<float, 1, T, 8>;
#else
using block = tensor<float, 8, T>;
#endif
static_assert(block::type.bytes() == 4 * 64 * 8);  // HERE
