// EXPECT: etch: scope: an index is negative
#include <etch/front/path.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int block = 0;
#else
constexpr int block = -1;
#endif

constexpr auto name = scope("h") / block;  // HERE
