// EXPECT: etch: dim: the name is empty
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
inline constexpr extent T = dim("T", 2);
#else
inline constexpr extent T = dim("", 2);  // HERE
#endif
