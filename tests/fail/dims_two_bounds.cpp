// EXPECT: etch: dim: two dims have one name
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64), S = dim("S", 32), other = dim("T", 32);

#ifdef ETCH_CONTROL
inline constexpr extent sum = T + S;
#else
inline constexpr extent sum = T + other;  // HERE
#endif
