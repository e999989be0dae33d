// EXPECT: etch: dim: the bound is below 2
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
inline constexpr extent T = dim("T", 2);
#else
inline constexpr extent T = dim("T", 1);  // HERE
#endif
