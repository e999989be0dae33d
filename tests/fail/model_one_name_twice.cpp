// EXPECT: etch: model: two inputs have one name
#include <etch/etch.hpp>

using namespace etch;

using row = tensor<float, 8>;

#ifdef ETCH_CONTROL
inline constexpr auto net = [](named<"x", row> x, named<"y", row> y) { return x + y; };
#else
inline constexpr auto net = [](named<"x", row> x, named<"x", row> y) { return x + y; };
#endif

static_assert(model<net>::cost().steps == 1);  // HERE
