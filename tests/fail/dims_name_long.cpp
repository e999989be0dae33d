// EXPECT: etch: dim: the name is longer than 11 characters
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
inline constexpr extent T = dim("sample_rows", 2);
#else
inline constexpr extent T = dim("sampled_rows", 2);  // HERE
#endif
