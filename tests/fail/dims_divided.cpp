// EXPECT: etch: dim: an extent is divided by zero or a negative number
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

#ifdef ETCH_CONTROL
inline constexpr extent half = T / 2;
#else
inline constexpr extent half = T / 0;  // HERE
#endif
